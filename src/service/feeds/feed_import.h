/* Files of feeds into the feed database, in one transaction: what readers find in them becomes records, each with the keys it is
 * found by. Nothing is there before feed_import_commit. Inside service/ only. */
#ifndef SERVICE_FEEDS_FEED_IMPORT_H
#define SERVICE_FEEDS_FEED_IMPORT_H

#include "base/jread.h"
#include "base/progress.h"
#include "service/feeds/feed_signature.h"
#include "service/service.h"
#include "store/feeds.h"

typedef struct FeedImport FeedImport;

/* Begins in the feed database of the service, where it notes which keys are trusted; others that write wait. `progress` may be NULL. */
FeedImport *feed_import_begin(Service *service, Instant now, Progress *progress, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* What was not committed never was. */
void feed_import_free(FeedImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedImport, feed_import_free)

/* Takes a file in; `format` may be NULL. Errors: those of the reader and the store; INPUT, the file holds no record. */
bool feed_import_file(FeedImport *import, const ServiceFile *file, const char *format, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The same for a file with its signature, which is held to `signers`. Errors also: INPUT, it is not what the signature says. */
bool feed_import_signed(FeedImport *import, const FeedSigners *signers, const ServiceFile *file,
                        GBytes *signature, const char *format, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* How many rows were refused, and how many records of a source were named: those named twice count once. */
size_t feed_import_refused(const FeedImport *import);
int64_t feed_import_named(const FeedImport *import, const char *source);
/* How many records its files said there are, summed up; -1 when none said so. */
int64_t feed_import_declared(const FeedImport *import, const char *source);
/* The database, in the transaction. */
Feeds *feed_import_feeds(FeedImport *import);
bool feed_import_commit(FeedImport *import, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Members `sources` (name → {"added","updated","unchanged"}), `refused` and `problems`. */
void feed_import_write(const FeedImport *import, JWrite *w);
const json_t *feed_import_counts(const FeedImport *import, const char *source);
const json_t *feed_import_problems(const FeedImport *import);
const json_t *feed_import_refusals(const FeedImport *import);

#endif
