/* The keys of OpenPGP that the settings trust at this moment, and what that makes of the signatures that advisories came with: they are
 * verified once, when a record comes; a key that is taken off feeds.csaf_keys later, or revoked, covers nothing any more. Counted; never
 * changes. Inside service/ only. Thread-safe. */
#ifndef SERVICE_FEEDS_FEED_KEYRING_H
#define SERVICE_FEEDS_FEED_KEYRING_H

#include "service/service.h"
#include "store/feeds.h"

typedef struct FeedKeyring FeedKeyring;

/* Read anew only when the settings or a file of keys have changed. Where the files cannot be read no key is trusted. Errors: those of the
 * settings. */
FeedKeyring *feed_keyring_of(Service *service, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void feed_keyring_unref(FeedKeyring *keyring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedKeyring, feed_keyring_unref)

/* feeds.csaf_signed: what no trusted key covers is not taken, and what none covers any more decides nothing. */
bool feed_keyring_demands(const FeedKeyring *keyring);
/* Another text wherever another record is covered; borrowed. */
const char *feed_keyring_name(const FeedKeyring *keyring);
/* Notes in the feed database which keys are trusted, in its transaction. */
bool feed_keyring_note(const FeedKeyring *keyring, Feeds *feeds, Instant now, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
        FEED_COVER_UNCHECKED,
        FEED_COVER_NONE,
        FEED_COVER_UNKNOWN,
        FEED_COVER_TRUSTED,
        FEED_COVER_WITHDRAWN /* by a key that was trusted and is not any more */
} FeedCover;
const char *feed_cover_name(FeedCover cover);
/* *ret_because, which may be NULL, is why it is neither trusted nor none, else NULL; borrowed. */
FeedCover feed_keyring_cover(const FeedKeyring *keyring, const FeedSignature *signature,
                             const char **ret_because);

#endif
