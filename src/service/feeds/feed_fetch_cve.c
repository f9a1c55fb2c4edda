/* The list of CVE records as its programme publishes it: a release with an archive of all records as of midnight and one of the
 * changes of the day since, and a log of changes of the last weeks. Who has the list fetches the records that the log names. */
#include "service/feeds/feed_fetch.h"

#include "base/error.h"
#include "base/hash.h"

#include <string.h>
#include <sys/stat.h>

enum { SINGLE_MAX = 3000 }; /* records one by one; of more the whole list is less work */

typedef struct {
        char *name, *url;
        int64_t size; /* -1 */
} Asset;

static void asset_clear(Asset *asset)
{
        g_free(asset->name);
        g_free(asset->url);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asset, asset_clear)

typedef struct {
        FeedFetch *fetch;
        Instant since;          /* what is here is as of then; 0: nothing is */
        Instant oldest, newest; /* entries of the log */
        GHashTable *changed;    /* name → URL, since `since` */
        Asset all, delta;
} Cve;

static void cve_clear(Cve *cve)
{
        g_hash_table_unref(cve->changed);
        asset_clear(&cve->all);
        asset_clear(&cve->delta);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cve, cve_clear)

/* ---- the log of changes ---- */

static bool change_take(json_t *op, void *data, GError **error G_GNUC_UNUSED)
{
        Cve *cve = data;
        const char *name = jread_get_string(op, "name"), *url = jread_get_string(op, "url"),
                   *modified = jread_get_string(op, "modified");
        Instant at;

        if (modified == NULL || !instant_parse(modified, &at, NULL))
                return true;
        cve->oldest = cve->oldest == 0 ? at : MIN(cve->oldest, at);
        cve->newest = MAX(cve->newest, at);
        if (name != NULL && url != NULL && at >= cve->since && strspn(name, "CVE-0123456789") == strlen(name))
                g_hash_table_replace(cve->changed, g_strdup(name), g_strdup(url));
        return true;
}

static bool log_read(Cve *cve, GError **error)
{
        const FeedGet get = { .url = cve->fetch->rules->cve_changes, .name = "changes.json", .anew = true };
        g_auto(FeedGot) got = { 0 };

        if (get.url[0] == '\0')
                return true;
        g_hash_table_remove_all(cve->changed);
        return feed_get(cve->fetch, &get, &got, error) &&
               feed_read(cve->fetch, got.path, "cve-listing", change_take, cve, NULL, error);
}

/* ---- the release ---- */

static void asset_set(Asset *asset, const json_t *op)
{
        asset_clear(asset);
        *asset = (Asset){ g_strdup(jread_get_string(op, "name")), g_strdup(jread_get_string(op, "url")),
                          jread_get_int(op, "size", -1) };
}

static bool asset_take(json_t *op, void *data, GError **error G_GNUC_UNUSED)
{
        Cve *cve = data;
        const char *name = jread_get_string(op, "name");

        if (name == NULL || jread_get_string(op, "url") == NULL)
                return true;
        if (strstr(name, "_all_CVEs_at_midnight.zip") != NULL)
                asset_set(&cve->all, op);
        else if (strstr(name, "_delta_CVEs_at_") != NULL && g_str_has_suffix(name, ".zip"))
                asset_set(&cve->delta, op);
        return true;
}

/* `2024-01-10_…` is as of midnight, `2024-01-10_delta_CVEs_at_1200Z.zip` as of noon; 0 when the name says nothing. */
static Instant asset_time(const Asset *asset)
{
        const char *hour = asset->name == NULL ? NULL : strstr(asset->name, "_at_");
        g_autofree char *day = asset->name == NULL ? NULL : g_strndup(asset->name, strlen("2024-01-10"));
        Instant at;
        guint64 clock = 0;

        if (day == NULL || !instant_parse(day, &at, NULL))
                return 0;
        if (hour != NULL) {
                g_autofree char *digits = g_strndup(hour + strlen("_at_"), 4);

                if (!g_ascii_string_to_unsigned(digits, 10, 0, 2359, &clock, NULL))
                        clock = 0;
        }
        return at + (Instant)(clock / 100) * 3600 * 1000 + (Instant)(clock % 100) * 60 * 1000;
}

static bool asset_fetch(Cve *cve, const Asset *asset, const char *name, GError **error)
{
        const FeedGet get = { .url = asset->url, .name = name };
        g_auto(FeedGot) got = { 0 };
        struct stat facts;

        if (!feed_get(cve->fetch, &get, &got, error))
                return false;
        if (asset->size >= 0 && (stat(got.path, &facts) != 0 || facts.st_size != asset->size)) {
                error_set(error, ZW_ERR_INPUT, asset->url,
                          "the release says that the archive has %" G_GINT64_FORMAT
                          " bytes, and it has %" G_GINT64_FORMAT,
                          asset->size, (int64_t)facts.st_size);
                return false;
        }
        g_ptr_array_add(cve->fetch->files, g_steal_pointer(&got.path));
        return true;
}

/* All records; what changed since counts from there on. */
static bool release_fetch(Cve *cve, GError **error)
{
        const FeedGet get = { .url = cve->fetch->url, .name = "release.json", .anew = true };
        g_auto(FeedGot) got = { 0 };

        if (!feed_get(cve->fetch, &get, &got, error) ||
            !feed_read(cve->fetch, got.path, "cve-listing", asset_take, cve, NULL, error))
                return false;
        cve->since = asset_time(&cve->all);
        if (cve->since == 0) {
                error_set(error, ZW_ERR_INPUT, cve->fetch->url,
                          "the release has no archive DAY_all_CVEs_at_midnight.zip");
                return false;
        }
        if (!asset_fetch(cve, &cve->all, "all.zip", error))
                return false;
        if (asset_time(&cve->delta) <= cve->since)
                return true;
        cve->since = asset_time(&cve->delta);
        return asset_fetch(cve, &cve->delta, "delta.zip", error);
}

/* ---- records ---- */

static bool record_fetch(Cve *cve, const char *name, const char *url, GError **error)
{
        g_autofree char *file = g_strconcat(name, ".json", NULL);
        const FeedGet get = { .url = url, .name = file };
        g_auto(FeedGot) got = { 0 };

        if (!feed_get(cve->fetch, &get, &got, error))
                return false;
        g_ptr_array_add(cve->fetch->files, g_steal_pointer(&got.path));
        return true;
}

static gint text_compare(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool records_fetch(Cve *cve, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        GHashTableIter iter;
        gpointer name;

        g_hash_table_iter_init(&iter, cve->changed);
        while (g_hash_table_iter_next(&iter, &name, NULL))
                g_ptr_array_add(names, name);
        g_ptr_array_sort(names, text_compare);
        for (guint i = 0; i < names->len; i++)
                if (!record_fetch(cve, names->pdata[i], g_hash_table_lookup(cve->changed, names->pdata[i]),
                                  error))
                        return false;
        return true;
}

bool feed_fetch_cve(FeedFetch *fetch, GError **error)
{
        g_autoptr(Json) before = feed_cursor_read(fetch->cursor), after = NULL;
        const char *since = jread_get_string(before, "fetched");
        g_auto(Cve) cve = { .fetch = fetch, .changed = hash_table_new_text(g_free, g_free) };
        char text[ZW_INSTANT_TEXT];

        fetch->format = "cve";
        if (since != NULL && !instant_parse(since, &cve.since, NULL))
                cve.since = 0;
        if (cve.since > 0 && !log_read(&cve, error))
                return false;
        if (cve.since == 0 || cve.oldest == 0 || cve.oldest > cve.since ||
            g_hash_table_size(cve.changed) > SINGLE_MAX) {
                if (!release_fetch(&cve, error) || !log_read(&cve, error))
                        return false;
        }
        if (!records_fetch(&cve, error))
                return false;
        instant_format(MAX(cve.newest, cve.since), text);
        after = json_pack("{s:s}", "fetched", text);
        fetch->next = feed_cursor_text(after);
        fetch->current = fetch->files->len == 0;
        return true;
}
