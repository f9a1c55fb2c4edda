/* What a server has of a feed, fetched into files of a folder beside the database: one function for each kind of server. What was
 * fetched stays there until it is imported, so who is interrupted goes on where it was. Inside service/ only. Not thread-safe. */
#ifndef SERVICE_FEEDS_FEED_FETCH_H
#define SERVICE_FEEDS_FEED_FETCH_H

#include "base/jread.h"
#include "base/progress.h"
#include "exchange/worker.h"
#include "service/feeds/feed_rules.h"

/* One server and one source, and what became of asking. What is told first is given, the rest is made. */
typedef struct {
        const FeedRules *rules;
        Progress *progress;
        const char *source, *url;
        const char *cursor; /* of the last time, "" at the beginning */
        Instant now;
        const char *data_dir;
        char *dir; /* the folder */

        GPtrArray *files;   /* paths of what is to be imported, in this order; owned */
        GHashTable *urls;   /* path → where it is from, of those that are told by it */
        const char *format; /* of all of them */
        char *next;         /* the cursor when they are imported */
        bool current;       /* there is nothing new */
        bool whole;         /* the files hold all there is: what they do not name is gone */
        int64_t expected;   /* records that the server says are in the files; -1: it does not say */
        GString *problem;   /* what could not be had, or empty */
        int64_t missing;    /* how many */
} FeedFetch;

/* Errors of all: NETWORK, with what the server said; INPUT, it says what it cannot mean; LIMIT; STORAGE; CANCELLED. */
typedef bool (*FeedFetchFn)(FeedFetch *fetch, GError **error);
bool feed_fetch_file(FeedFetch *fetch, GError **error) G_GNUC_WARN_UNUSED_RESULT; /* one file: KEV, EPSS */
bool feed_fetch_nvd(FeedFetch *fetch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool feed_fetch_cve(FeedFetch *fetch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool feed_fetch_csaf(FeedFetch *fetch, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes the folder, or empties it when what lies there is of another asking or older than a day. */
bool feed_fetch_begin(FeedFetch *fetch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Empties the folder. */
void feed_fetch_forget(const FeedFetch *fetch);
void feed_fetch_clear(FeedFetch *fetch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FeedFetch, feed_fetch_clear)

/* ---- for those functions ---- */

typedef struct {
        const char *url, *name; /* of the file in the folder */
        const char *const *fields;
        bool anew;    /* not what lies there already */
        bool perhaps; /* 304 and 404 are answers */
} FeedGet;
typedef struct {
        long status; /* 200, 304 or 404 */
        char *path;  /* of the file */
        char *etag, *modified;
        bool was_there; /* it was fetched by an earlier try */
} FeedGot;
void feed_got_clear(FeedGot *got);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FeedGot, feed_got_clear)
/* Fetches one file. Servers that are busy are asked again, as long after as they wish and ever later. */
bool feed_get(const FeedFetch *fetch, const FeedGet *get, FeedGot *ret_got, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Tells in `problem` what is wrong with what is at `url`; of very many the first. */
void feed_problem_note(FeedFetch *fetch, const char *url, const char *why);
/* Waits. Errors: CANCELLED. */
bool feed_wait(const FeedFetch *fetch, int64_t ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives each operation that the reader of `format` finds in a file; its figures are left in *ret_figures, which may be NULL. */
bool feed_read(const FeedFetch *fetch, const char *path, const char *format, WorkerOpFn take, void *data,
               json_t **ret_figures, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The URL that `path` means beside `base`; free it. */
char *feed_url_beside(const char *base, const char *path);
/* A cursor is a JSON object as text. */
json_t *feed_cursor_read(const char *text);
char *feed_cursor_text(json_t *cursor);

#endif
