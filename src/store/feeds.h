/* The feed database: what the world says of vulnerabilities, beside the projects and shared by them. A file of its own in the
 * data directory, made when it is first needed; it holds nothing that its sources do not give again, so a backup leaves it out.
 *
 * A record is what one source says under one id; every source's word is kept beside the others'. A newer word of a source
 * takes the place of its older one, never the other way round. One import is one transaction.
 *
 * A Feeds is one connection: one thread at a time. Several may be open; one that writes makes another that wants to wait.
 * Errors: STORAGE; DAMAGED; VERSION, a newer program wrote it. */
#ifndef STORE_FEEDS_H
#define STORE_FEEDS_H

#include "base/error.h"
#include "base/instant.h"

typedef struct Feeds Feeds;

/* Whether the data directory `dir` has one: reading makes none. */
bool feeds_exist(const char *dir);
/* That of the data directory `dir`, which is made when it is not there. */
Feeds *feeds_open(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was begun and not committed never was. */
void feeds_close(Feeds *feeds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Feeds, feeds_close)

bool feeds_begin(Feeds *feeds, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool feeds_commit(Feeds *feeds, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum { FEED_ADDED, FEED_UPDATED, FEED_UNCHANGED, ZW_FEED_CHANGES } FeedChange;

/* Keeps a record. `modified` is a time as text, which orders as times do, or ""; a word older than the one that is there changes
 * nothing. `keys` are the texts it is found by. */
bool feeds_put(Feeds *feeds, const char *source, const char *id, const char *modified, GBytes *body,
               const GPtrArray *keys, FeedChange *ret_change, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whose signature of OpenPGP lay beside what a source says: nobody looked, there was none, that of a key that was not trusted when it
 * came, of one that was. */
typedef enum { FEED_SIGNED_UNCHECKED, FEED_SIGNED_NONE, FEED_SIGNED_UNKNOWN, FEED_SIGNED_TRUSTED } FeedSigned;
enum { ZW_FEED_SIGNER = 65 };
typedef struct {
        FeedSigned state;
        char key[ZW_FEED_SIGNER]; /* fingerprint of the trusted key, id of an unknown one, "" */
        Instant since; /* when the key was first found trusted; 0: not known, or it is not any more */
} FeedSignature;
/* Keeps that of a record, if the record says what `body` says; that there is none only where nothing is kept. A newer word has none
 * until this is said of it. */
bool feeds_sign(Feeds *feeds, const char *source, const char *id, GBytes *body,
                const FeedSignature *signature, GError **error) G_GNUC_WARN_UNUSED_RESULT;
typedef bool (*FeedSignatureFn)(const FeedSignature *signature, int64_t records, void *payload,
                                GError **error);
/* Every state and key by which records of a source are signed, with their number. Borrowed for the call. */
bool feeds_signatures(Feeds *feeds, const char *source, FeedSignatureFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* That of a record; FEED_SIGNED_UNCHECKED also when there is no such record. */
bool feeds_signature(Feeds *feeds, const char *source, const char *id, FeedSignature *ret_signature,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* These fingerprints are the keys that are trusted: since now, those that were not before. */
bool feeds_signers_put(Feeds *feeds, const GPtrArray *keys, Instant now, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Notes that a source was imported, and how many records it says there are, -1 when it does not say. What a part of it says
 * later does not make the number less. */
bool feeds_note(Feeds *feeds, const char *source, Instant now, int64_t declared, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        const char *source;
        int64_t records;
        const char
                *newest; /* `modified` of the newest record that is not of the future; "" when none has one */
        int64_t declared; /* -1 */
        Instant imported;
} FeedSource;
typedef bool (*FeedSourceFn)(const FeedSource *source, void *payload, GError **error);
/* Every source that was imported, by name. Borrowed for the call. */
bool feeds_sources(Feeds *feeds, Instant now, FeedSourceFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* A number that is another one whenever a record was added, changed or forgotten. */
bool feeds_generation(Feeds *feeds, int64_t *ret_generation, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What matching a project to the feeds rested on: its newest commit, the records, the days (since the epoch, in UTC) in which it gives the same,
 * since decisions end with days, and what else the caller says, as one text; and this version of the program. */
typedef struct {
        const char *log, *rests;
        int64_t head, generation;
        int64_t from_day, to_day; /* both included */
} FeedMatched;
/* What is kept of the project; *ret_is is false when nothing is that rests on the same. */
bool feeds_matched_get(Feeds *feeds, const char *log, const char *rests, FeedMatched *ret_matched,
                       bool *ret_is, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Begins a transaction that keeps it in place of what was kept of the project (`before`; NULL: whatever that is, and nothing is held any more).
 * *ret_begun is false, and nothing begun, while somebody writes records, which would be others than it rested on, and when something else than
 * `before` is kept by now. */
bool feeds_matched_begin(Feeds *feeds, const FeedMatched *matched, const FeedMatched *before, bool *ret_begun,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool feeds_matched_commit(Feeds *feeds, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* With what was matched is kept what the project held then: numbers of its items by the keys under which they are looked up. Within the
 * transaction an item comes under a key, or goes. */
bool feeds_hold(Feeds *feeds, const char *log, const char *key, int64_t item, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool feeds_drop(Feeds *feeds, const char *log, const char *key, int64_t item, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Without a transaction, for this connection: what the project holds now is what is kept, and these keys of an item, too. The first forgets
 * all that were told before. */
bool feeds_held_begin(Feeds *feeds, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool feeds_held_add(Feeds *feeds, const GPtrArray *keys, int64_t item, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The items that one of the keys finds (GArray of int64_t), in order. After feeds_held_begin. NULL on failure. */
GArray *feeds_held(Feeds *feeds, const char *log, const GPtrArray *keys, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Every key of a record that was added or changed after a generation, or that one was found by that was changed or forgotten; some may
 * come twice. A callback that returns false ends it. */
typedef bool (*FeedTouchedFn)(const char *key, void *payload);
bool feeds_each_touched(Feeds *feeds, int64_t since, FeedTouchedFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* What is remembered of a server that a source is asked of. */
typedef struct {
        const char *source, *url;
        Instant tried, checked; /* when it was asked last, and when last it told all it has; 0: never */
        const char *cursor;     /* where the next asking goes on, in words of who asks; "" at the beginning */
        const char *problem;    /* why the last asking failed, or "" */
        int64_t missing;        /* records that it names and that could not be had */
} FeedRemote;
typedef bool (*FeedRemoteFn)(const FeedRemote *remote, void *payload, GError **error);
bool feeds_remote_put(Feeds *feeds, const FeedRemote *remote, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every one, by source and URL. Borrowed for the call. */
bool feeds_remotes(Feeds *feeds, FeedRemoteFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether one of the keys of some record is this. */
bool feeds_knows(Feeds *feeds, const char *key, bool *ret_knows, GError **error) G_GNUC_WARN_UNUSED_RESULT;
typedef bool (*FeedRecordFn)(const char *source, const char *id, GBytes *body, void *payload, GError **error);
/* Every record that one of the keys finds, each once, in the order of source and id. */
bool feeds_find(Feeds *feeds, const GPtrArray *keys, FeedRecordFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The same of those records alone of which another key finds something that the project holds. After feeds_held_begin. */
bool feeds_find_held(Feeds *feeds, const char *log, const GPtrArray *keys, FeedRecordFn fn, void *payload,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every key that begins with `prefix` (ASCII) of the records that one of the keys finds (GPtrArray of texts). NULL on failure. */
GPtrArray *feeds_beside(Feeds *feeds, const GPtrArray *keys, const char *prefix, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        const char *source, *id, *modified;
        GBytes *body;
} FeedRecord;
typedef bool (*FeedEachFn)(const FeedRecord *record, void *payload, GError **error);
/* Every record in the order of source and id. Borrowed for the call. */
bool feeds_each(Feeds *feeds, FeedEachFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The records of a source, newest first, those of one time in the order of their ids: at most `limit`, after the first `skip`. */
bool feeds_newest(Feeds *feeds, const char *source, int64_t skip, int64_t limit, FeedEachFn fn, void *payload,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Forgets the records of a source that were not put since feeds_begin: the source gave all it has. */
bool feeds_forget_others(Feeds *feeds, const char *source, int64_t *ret_forgotten, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

typedef bool (*FeedKeyFn)(const char *key, int64_t records, void *payload, GError **error);
/* Every key that begins with `prefix` (ASCII), with the number of records it finds, in order. */
bool feeds_keys(Feeds *feeds, const char *prefix, FeedKeyFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The record of a source with this id, or NULL without an error. */
GBytes *feeds_get(Feeds *feeds, const char *source, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
