/* Feeds from their servers into the database: fetched, held to what the server says there is, and taken in one transaction for each
 * server, so what was there stays until all of the new is there. */
#include "base/fd.h"
#include "base/near.h"
#include "service/feeds/feed_fetch.h"
#include "service/feeds/feed_import.h"
#include "service/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>

#define FOLDER "feeds-sync"

/* A list that shrinks by more than a tenth is not believed. */
enum { SHRINK_PART = 10 };

static const struct {
        const char *source;
        FeedFetchFn fetch;
} kinds[] = { { "csaf", feed_fetch_csaf },
              { "cve", feed_fetch_cve },
              { "epss", feed_fetch_file },
              { "kev", feed_fetch_file },
              { "nvd", feed_fetch_nvd } };

typedef struct {
        Call *call;
        FeedRules *rules;
        const char *dir; /* of the data */
        char *folder;
        Fd lock;
        json_t *rows;
        size_t asked, failed;
        GError *first; /* the first failure */
} Sync;

static void sync_clear(Sync *sync)
{
        feed_rules_unref(sync->rules);
        g_free(sync->folder);
        fd_close(sync->lock);
        json_decref(sync->rows);
        g_clear_error(&sync->first);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sync, sync_clear)

/* ---- what is remembered of a server ---- */

typedef struct {
        const char *source, *url;
        char *cursor;
        Instant checked;
        int64_t missing, records;
} Remembered;

static void remembered_clear(Remembered *remembered)
{
        g_free(remembered->cursor);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Remembered, remembered_clear)

static bool remote_take(const FeedRemote *remote, void *payload, GError **error G_GNUC_UNUSED)
{
        Remembered *remembered = payload;

        if (strcmp(remote->source, remembered->source) == 0 && strcmp(remote->url, remembered->url) == 0) {
                g_free(remembered->cursor);
                remembered->cursor = g_strdup(remote->cursor);
                remembered->checked = remote->checked;
                remembered->missing = remote->missing;
        }
        return true;
}

static bool source_take(const FeedSource *source, void *payload, GError **error G_GNUC_UNUSED)
{
        Remembered *remembered = payload;

        if (strcmp(source->source, remembered->source) == 0)
                remembered->records = source->records;
        return true;
}

static bool remember(const Sync *sync, Remembered *remembered, GError **error)
{
        g_autoptr(Feeds) feeds = feeds_open(sync->dir, error);

        return feeds != NULL && feeds_remotes(feeds, remote_take, remembered, error) &&
               feeds_sources(feeds, sync->call->instant, source_take, remembered, error);
}

/* A failure is remembered, too; what is here stays as fresh as it is. */
static bool failure_note(const Sync *sync, const Remembered *remembered, const char *problem, GError **error)
{
        g_autoptr(Feeds) feeds = feeds_open(sync->dir, error);
        const FeedRemote remote = { .source = remembered->source,
                                    .url = remembered->url,
                                    .tried = sync->call->instant,
                                    .checked = remembered->checked,
                                    .cursor = remembered->cursor == NULL ? "" : remembered->cursor,
                                    .problem = problem,
                                    .missing = remembered->missing };

        return feeds != NULL && feeds_remote_put(feeds, &remote, error);
}

/* ---- taking ---- */

static bool expected_check(const FeedFetch *fetch, const FeedImport *import, const Remembered *remembered,
                           GError **error)
{
        const int64_t named = feed_import_named(import, fetch->source),
                      declared = fetch->expected >= 0 ? fetch->expected
                                 : fetch->whole       ? feed_import_declared(import, fetch->source)
                                                      : -1;

        if (declared >= 0 && named != declared) {
                error_set(error, ZW_ERR_INPUT, fetch->url,
                          "the server says that there are %" G_GINT64_FORMAT
                          " records, and gives %" G_GINT64_FORMAT,
                          declared, named);
                return false;
        }
        if (fetch->whole && named < remembered->records - remembered->records / SHRINK_PART) {
                error_set(error, ZW_ERR_INPUT, fetch->url,
                          "the list has %" G_GINT64_FORMAT " records, where %" G_GINT64_FORMAT
                          " are here: that is not believed (zw feed import takes it)",
                          named, remembered->records);
                return false;
        }
        return true;
}

/* Takes a file with the signature that lies beside it. */
static bool signed_take(FeedImport *import, const FeedSigners *signers, const FeedFetch *fetch,
                        const ServiceFile *file, const char *path, GError **error)
{
        g_autofree char *beside = g_strconcat(path, ".asc", NULL), *name = g_path_get_basename(beside);
        g_auto(Fd) fd = open(beside, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        g_autoptr(GBytes) signature = NULL;

        if (fd >= 0) {
                signature = feed_signature_load(&(ServiceFile){ name, fd }, error);
                if (signature == NULL)
                        return false;
        }
        return feed_import_signed(import, signers, file, signature, fetch->format, error);
}

/* An advisory that cannot be read is missing, and the others are taken; any other file has to be whole. */
static bool file_take(FeedFetch *fetch, FeedImport *import, const FeedSigners *signers, const char *path,
                      GError **error)
{
        g_autofree char *name = g_path_get_basename(path);
        g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        const ServiceFile file = { name, fd };
        const size_t before = feed_import_refused(import);
        g_autoptr(GError) why = NULL;
        const json_t *row;

        if (fd < 0) {
                error_set(error, ZW_ERR_STORAGE, path, "%s", g_strerror(errno));
                return false;
        }
        if (signed_take(import, signers, fetch, &file, path, &why) && feed_import_refused(import) == before)
                return true;
        row = json_array_get(feed_import_refusals(import), before);
        if (strcmp(fetch->source, "csaf") == 0 &&
            (why == NULL || g_error_matches(why, ZW_ERROR, ZW_ERR_INPUT))) {
                fetch->missing++;
                feed_problem_note(fetch, g_hash_table_lookup(fetch->urls, path),
                                  why != NULL ? why->message : jread_get_string(row, "reason"));
                return true;
        }
        if (why == NULL)
                error_set(&why, ZW_ERR_INPUT, jread_get_string(row, "where"), "%s",
                          jread_get_string(row, "reason"));
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}

static bool files_take(Sync *sync, FeedFetch *fetch, const Remembered *remembered, json_t *row,
                       GError **error)
{
        g_autoptr(FeedSigners) signers = feed_signers_load(sync->call->service, error);
        g_autoptr(FeedImport) import = signers == NULL
                                               ? NULL
                                               : feed_import_begin(sync->call->service, sync->call->instant,
                                                                   sync->call->progress, error);
        FeedRemote remote = { .source = fetch->source,
                              .url = fetch->url,
                              .tried = sync->call->instant,
                              .checked = sync->call->instant };
        int64_t forgotten = 0;

        if (import == NULL)
                return false;
        for (guint i = 0; i < fetch->files->len; i++)
                if (!file_take(fetch, import, signers, fetch->files->pdata[i], error))
                        return false;
        if (!fetch->current && !expected_check(fetch, import, remembered, error))
                return false;
        if (fetch->whole && !fetch->current &&
            !feeds_forget_others(feed_import_feeds(import), fetch->source, &forgotten, error))
                return false;
        remote.cursor = fetch->missing > 0 ? fetch->cursor : fetch->next;
        remote.problem = fetch->problem->str;
        remote.missing = fetch->missing;
        if (!feeds_remote_put(feed_import_feeds(import), &remote, error) ||
            !feed_import_commit(import, error))
                return false;
        if (feed_import_counts(import, fetch->source) != NULL)
                json_object_update(row, (json_t *)(uintptr_t)feed_import_counts(import, fetch->source));
        json_object_set_new(row, "forgotten", json_integer(forgotten));
        return true;
}

/* ---- one server ---- */

/* What was fetched is kept when the rest may come later, and thrown away when it is not what it should be. */
static bool remote_sync(Sync *sync, FeedFetchFn fetch_with, const Remembered *remembered, json_t *row,
                        GError **error)
{
        g_auto(FeedFetch) fetch = { .rules = sync->rules,
                                    .progress = sync->call->progress,
                                    .source = remembered->source,
                                    .url = remembered->url,
                                    .cursor = remembered->cursor == NULL ? "" : remembered->cursor,
                                    .now = sync->call->instant,
                                    .data_dir = sync->dir };
        g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, remembered->url, -1);
        g_autoptr(GError) why = NULL;

        fetch.dir = g_strdup_printf("%s/%s-%.16s", sync->folder, fetch.source, digest);
        if (!feed_fetch_begin(&fetch, error))
                return false;
        if (!fetch_with(&fetch, &why) || !files_take(sync, &fetch, remembered, row, &why)) {
                if (!g_error_matches(why, ZW_ERROR, ZW_ERR_NETWORK) &&
                    !g_error_matches(why, ZW_ERROR, ZW_ERR_CANCELLED))
                        feed_fetch_forget(&fetch);
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        feed_fetch_forget(&fetch);
        json_object_set_new(row, "state", json_string(fetch.current ? "current" : "updated"));
        json_object_set_new(row, "missing", json_integer(fetch.missing));
        json_object_set_new(row, "problem",
                            fetch.problem->len > 0 ? json_string(fetch.problem->str) : json_null());
        return true;
}

static bool url_sync(Sync *sync, const char *source, FeedFetchFn fetch_with, const char *url, GError **error)
{
        g_auto(Remembered) remembered = { .source = source, .url = url };
        json_t *row = json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i}", "source", source, "url", url, "added",
                                0, "updated", 0, "unchanged", 0, "forgotten", 0, "missing", 0);
        g_autoptr(GError) why = NULL;

        json_array_append_new(sync->rows, row);
        sync->asked++;
        if (!remember(sync, &remembered, error))
                return false;
        if (remote_sync(sync, fetch_with, &remembered, row, &why))
                return true;
        if (g_error_matches(why, ZW_ERROR, ZW_ERR_CANCELLED)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        sync->failed++;
        json_object_set_new(row, "state", json_string("failed"));
        json_object_set_new(row, "problem", json_string(why->message));
        if (!failure_note(sync, &remembered, why->message, error))
                return false;
        if (sync->first == NULL)
                sync->first = g_steal_pointer(&why);
        return true;
}

static bool source_sync(Sync *sync, size_t kind, GError **error)
{
        const FeedRules *rules = sync->rules;
        const char *single[] = { NULL, NULL };
        const char *const *urls = single;

        if (strcmp(kinds[kind].source, "csaf") == 0)
                urls = (const char *const *)rules->csaf;
        else if (strcmp(kinds[kind].source, "cve") == 0)
                single[0] = rules->cve;
        else if (strcmp(kinds[kind].source, "epss") == 0)
                single[0] = rules->epss;
        else if (strcmp(kinds[kind].source, "kev") == 0)
                single[0] = rules->kev;
        else
                single[0] = rules->nvd;
        for (; *urls != NULL && (*urls)[0] != '\0'; urls++)
                if (!url_sync(sync, kinds[kind].source, kinds[kind].fetch, *urls, error))
                        return false;
        return true;
}

/* ---- the use case ---- */

/* One asks at a time. */
static bool sync_begin(Sync *sync, GError **error)
{
        g_autofree char *path = NULL;

        sync->rules = feed_rules_of(sync->call->service, error);
        if (sync->rules == NULL)
                return false;
        sync->dir = store_dir(sync->call->service->store);
        sync->folder = g_build_filename(sync->dir, FOLDER, NULL);
        path = g_build_filename(sync->folder, "lock", NULL);
        if (g_mkdir_with_parents(sync->folder, 0700) == 0)
                sync->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (sync->lock < 0) {
                error_set(error, ZW_ERR_STORAGE, path, "%s", g_strerror(errno));
                return false;
        }
        if (flock(sync->lock, LOCK_EX | LOCK_NB) == 0)
                return true;
        error_set(error, ZW_ERR_BUSY, NULL, "feeds are being fetched already");
        return false;
}

static bool name_check(const char *name, GError **error)
{
        const char *names[G_N_ELEMENTS(kinds)];
        g_autofree char *near = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
                names[i] = kinds[i].source;
                if (strcmp(names[i], name) == 0)
                        return true;
        }
        near = near_names(name, names, G_N_ELEMENTS(kinds));
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/feeds", "no server is asked for a feed \"%s\"%s", name, near);
        return false;
}

static bool names_check(const json_t *names, GError **error)
{
        const json_t *name;
        size_t i;

        if (names != NULL && !json_is_array(names)) {
                error_set(error, ZW_ERR_USAGE, "/feeds", "feeds are a list of names");
                return false;
        }
        json_array_foreach(names, i, name)
        {
                if (!name_check(json_is_string(name) ? json_string_value(name) : "", error))
                        return false;
        }
        return true;
}

static bool is_wanted(const json_t *names, const char *source)
{
        const json_t *name;
        size_t i;

        json_array_foreach(names, i, name)
        {
                if (strcmp(json_string_value(name), source) == 0)
                        return true;
        }
        return json_array_size(names) == 0;
}

bool usecase_feed_sync(Call *call, JWrite *w, GError **error)
{
        const json_t *names = json_object_get(call->input, "feeds");
        g_auto(Sync) sync = { .call = call, .lock = -1, .rows = json_array() };

        if (!call_take_instant(call, error) || !names_check(names, error) || !sync_begin(&sync, error))
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
                if (is_wanted(names, kinds[i].source) && !source_sync(&sync, i, error))
                        return false;
        if (sync.asked == 0) {
                error_set(error, ZW_ERR_STATE, NULL, "the settings feeds.* name no server to ask");
                return false;
        }
        if (sync.failed == sync.asked) {
                g_propagate_error(error, g_steal_pointer(&sync.first));
                return false;
        }
        jwrite_object_begin(w);
        jwrite_key_json(w, "feeds", sync.rows);
        jwrite_key_bool(w, "complete", sync.failed == 0);
        jwrite_object_end(w);
        return true;
}
