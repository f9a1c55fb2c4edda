#include "service/feeds/feed_fetch.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/hash.h"
#include "service/interchange/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
        TRIES = 5,
        KEPT_MS = ZW_DAY_MS, /* what was fetched longer ago is fetched anew */
        WAIT_MOST_MS = 3600 * 1000,
        STEP_MS = 100,
        PROBLEMS_MAX = 1000, /* bytes, from which on no more are told */
        STATUS_BUSY = 429,
        STATUS_LIMITED = 403, /* so says the NVD */
};

#define PLAN "plan.json"

/* ---- the folder ---- */

static void folder_empty(const char *dir)
{
        g_autoptr(GDir) names = g_dir_open(dir, 0, NULL);
        const char *name;

        while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
                g_autofree char *path = g_build_filename(dir, name, NULL);

                (void)g_unlink(path);
        }
}

void feed_fetch_forget(const FeedFetch *fetch)
{
        folder_empty(fetch->dir);
        (void)g_rmdir(fetch->dir);
}

void feed_fetch_clear(FeedFetch *fetch)
{
        g_clear_pointer(&fetch->dir, g_free);
        g_clear_pointer(&fetch->files, g_ptr_array_unref);
        g_clear_pointer(&fetch->urls, g_hash_table_unref);
        g_clear_pointer(&fetch->next, g_free);
        if (fetch->problem != NULL)
                g_string_free(fetch->problem, TRUE);
        fetch->problem = NULL;
}

/* Whether what lies there was begun for the same asking, and lately. */
static bool plan_fits(const FeedFetch *fetch, const char *path)
{
        g_autofree char *text = NULL;
        g_autoptr(Json) plan = NULL;
        gsize n;
        int64_t begun;

        if (!g_file_get_contents(path, &text, &n, NULL))
                return false;
        plan = jread_parse(text, n, NULL);
        begun = jread_get_int(plan, "begun", 0);
        return g_strcmp0(jread_get_string(plan, "url"), fetch->url) == 0 &&
               g_strcmp0(jread_get_string(plan, "cursor"), fetch->cursor) == 0 && begun <= fetch->now &&
               fetch->now - begun < KEPT_MS;
}

bool feed_fetch_begin(FeedFetch *fetch, GError **error)
{
        g_autofree char *path = g_build_filename(fetch->dir, PLAN, NULL), *text = NULL;
        g_autoptr(Json) plan = NULL;

        fetch->files = g_ptr_array_new_with_free_func(g_free);
        fetch->urls = hash_table_new_text(g_free, g_free);
        fetch->problem = g_string_new(NULL);
        fetch->expected = -1;
        if (plan_fits(fetch, path))
                return true;
        folder_empty(fetch->dir);
        plan = json_pack("{s:s, s:s, s:I}", "url", fetch->url, "cursor", fetch->cursor, "begun",
                         (json_int_t)fetch->now);
        text = json_dumps(plan, JSON_COMPACT);
        if ((g_mkdir_with_parents(fetch->dir, 0700) == 0) && g_file_set_contents(path, text, -1, NULL))
                return true;
        error_set(error, ZW_ERR_STORAGE, fetch->dir, "the folder for what is fetched cannot be made: %s",
                  g_strerror(errno));
        return false;
}

void feed_problem_note(FeedFetch *fetch, const char *url, const char *why)
{
        if (fetch->problem->len < PROBLEMS_MAX)
                g_string_append_printf(fetch->problem, "%s%s: %s", fetch->problem->len > 0 ? "; " : "", url,
                                       why);
}

/* ---- one file ---- */

void feed_got_clear(FeedGot *got)
{
        g_clear_pointer(&got->path, g_free);
        g_clear_pointer(&got->etag, g_free);
        g_clear_pointer(&got->modified, g_free);
}

bool feed_wait(const FeedFetch *fetch, int64_t ms, GError **error)
{
        const gint64 end = g_get_monotonic_time() + ms * 1000;
        ProgressStage stage = progress_begin(fetch->progress, "waiting", "bytes", 0);

        while (g_get_monotonic_time() < end) {
                g_usleep((gulong)MIN(end - g_get_monotonic_time(), STEP_MS * 1000));
                if (!progress_step(&stage, 0, error))
                        return false;
        }
        return progress_step(&stage, 0, error);
}

/* A part of the file, and beside it what the server calls the whole. */
typedef struct {
        char *path, *name_path, *etag;
        Fd fd;
        uint64_t size;
} Part;

static void part_clear(Part *part)
{
        g_free(part->path);
        g_free(part->name_path);
        g_free(part->etag);
        fd_close(part->fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Part, part_clear)

static bool part_open(const FeedFetch *fetch, const char *name, Part *part, GError **error)
{
        struct stat facts;

        part->path = g_strdup_printf("%s/%s.part", fetch->dir, name);
        part->name_path = g_strdup_printf("%s/%s.etag", fetch->dir, name);
        part->fd = open(part->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (part->fd < 0 || fstat(part->fd, &facts) != 0) {
                error_set(error, ZW_ERR_STORAGE, part->path, "%s", g_strerror(errno));
                return false;
        }
        (void)g_file_get_contents(part->name_path, &part->etag, NULL, NULL);
        part->size = part->etag == NULL ? 0 : (uint64_t)facts.st_size;
        return true;
}

/* What the server calls the file is kept with what came of it, for the next try. */
static void part_note(const Part *part, const OutboundDownloaded *answer)
{
        if (answer->etag == NULL)
                (void)g_unlink(part->name_path);
        else
                (void)g_file_set_contents(part->name_path, answer->etag, -1, NULL);
}

static bool is_busy(long status)
{
        return status == STATUS_BUSY || status == STATUS_LIMITED || status / 100 == 5;
}

/* One try. *ret_wait is how long after which another may help, or -1. */
static bool try_once(const FeedFetch *fetch, const FeedGet *get, int64_t *ret_wait, FeedGot *ret_got,
                     GError **error)
{
        g_auto(OutboundDownloaded) answer = { 0 };
        g_auto(Part) part = { .fd = -1 };
        OutboundDownload download = { .url = get->url,
                                      .fields = get->fields,
                                      .bytes_max = fetch->rules->bytes_max,
                                      .progress = fetch->progress };
        struct stat facts;
        bool ok;

        *ret_wait = -1;
        if (!part_open(fetch, get->name, &part, error))
                return false;
        download.fd = part.fd;
        download.from = part.size;
        download.etag = part.etag;
        ok = outbound_download(fetch->rules->outbound, &download, &answer, error);
        if (answer.status == 200)
                part_note(&part, &answer);
        if (!ok) {
                /* It broke off while it came: the rest may come. */
                if (fstat(part.fd, &facts) == 0 && (uint64_t)facts.st_size > part.size)
                        *ret_wait = 0;
                return false;
        }
        ret_got->status = answer.status;
        if (answer.status == 200 || answer.status == 206) {
                ret_got->status = 200;
                ret_got->etag = g_steal_pointer(&answer.etag);
                ret_got->modified = g_steal_pointer(&answer.modified);
                if (fsync(part.fd) == 0 && g_rename(part.path, ret_got->path) == 0)
                        return true;
                error_set(error, ZW_ERR_STORAGE, ret_got->path, "%s", g_strerror(errno));
                return false;
        }
        if (get->perhaps && (answer.status == 304 || answer.status == 404))
                return true;
        if (is_busy(answer.status))
                *ret_wait = answer.retry_after >= 0 ? answer.retry_after * 1000 : 0;
        else if (answer.status == 416)
                (void)g_unlink(part.path); /* there is no such rest */
        error_set(error, ZW_ERR_NETWORK, get->url, "the server answers %ld", answer.status);
        return false;
}

bool feed_get(const FeedFetch *fetch, const FeedGet *get, FeedGot *ret_got, GError **error)
{
        int64_t pause = fetch->rules->retry_ms;

        ret_got->path = g_build_filename(fetch->dir, get->name, NULL);
        ret_got->was_there = !get->anew && g_file_test(ret_got->path, G_FILE_TEST_IS_REGULAR);
        if (ret_got->was_there) {
                ret_got->status = 200;
                return true;
        }
        for (int i = 1;; i++) {
                g_autoptr(GError) why = NULL;
                int64_t wait;

                if (try_once(fetch, get, &wait, ret_got, &why))
                        return true;
                if (wait < 0 || i == TRIES || !g_error_matches(why, ZW_ERROR, ZW_ERR_NETWORK)) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                if (!feed_wait(fetch, MIN(MAX(wait, pause), WAIT_MOST_MS), error))
                        return false;
                pause *= 2;
        }
}

/* ---- what is in it ---- */

bool feed_read(const FeedFetch *fetch, const char *path, const char *format, WorkerOpFn take, void *data,
               json_t **ret_figures, GError **error)
{
        g_autofree char *name = g_path_get_basename(path);
        g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        const ServiceFile file = { name, fd };
        g_autoptr(WorkerResult) result = NULL;

        if (fd < 0) {
                error_set(error, ZW_ERR_STORAGE, path, "%s", g_strerror(errno));
                return false;
        }
        result = take == NULL ? reading_run(&file, format, NULL, true, fetch->progress, error)
                              : reading_run_each(&file, format, fetch->progress, take, data, error);
        if (result != NULL && ret_figures != NULL)
                *ret_figures = json_incref(result->figures);
        return result != NULL;
}

char *feed_url_beside(const char *base, const char *path)
{
        return g_uri_resolve_relative(base, path, G_URI_FLAGS_NONE, NULL);
}

/* ---- cursors ---- */

json_t *feed_cursor_read(const char *text)
{
        json_t *cursor = text[0] == '\0' ? NULL : jread_parse(text, strlen(text), NULL);

        return cursor != NULL ? cursor : json_object();
}

char *feed_cursor_text(json_t *cursor)
{
        return json_dumps(cursor, JSON_COMPACT | JSON_SORT_KEYS);
}

/* ---- KEV, EPSS: one file ---- */

bool feed_fetch_file(FeedFetch *fetch, GError **error)
{
        g_autoptr(Json) before = feed_cursor_read(fetch->cursor), after = json_object();
        const char *etag = jread_get_string(before, "etag"), *modified = jread_get_string(before, "modified");
        g_autofree char *match = g_strconcat("If-None-Match: ", etag, NULL),
                        *since = g_strconcat("If-Modified-Since: ", modified, NULL);
        const char *fields[] = { NULL, NULL };
        FeedGet get = { .url = fetch->url, .fields = fields, .anew = true, .perhaps = true };
        g_auto(FeedGot) got = { 0 };

        get.name = g_str_has_suffix(fetch->url, ".gz") ? "file.gz" : "file";
        fields[0] = etag != NULL ? match : modified != NULL ? since : NULL;
        if (!feed_get(fetch, &get, &got, error))
                return false;
        if (got.status == 404) {
                error_set(error, ZW_ERR_NETWORK, fetch->url, "the server answers 404");
                return false;
        }
        fetch->current = got.status == 304;
        fetch->whole = true;
        fetch->format = fetch->source;
        if (fetch->current) {
                fetch->next = g_strdup(fetch->cursor);
                return true;
        }
        if (got.etag != NULL)
                json_object_set_new(after, "etag", json_string(got.etag));
        if (got.modified != NULL)
                json_object_set_new(after, "modified", json_string(got.modified));
        fetch->next = feed_cursor_text(after);
        g_ptr_array_add(fetch->files, g_steal_pointer(&got.path));
        return true;
}
