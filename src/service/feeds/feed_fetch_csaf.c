/* A provider of CSAF: provider-metadata.json says where its advisories are listed, in ROLIE feeds or in folders with changes.csv or
 * index.txt. Each advisory is held to the SHA-512 or SHA-256 beside it; one that differs or is not there is missing, and the
 * others are taken. Where keys are trusted its signature is fetched, too, beside it as `.asc`, and keys that the provider names and the
 * administrator confirmed. Source: CSAF 2.0, section 7. */
#include "service/feeds/feed_fetch.h"

#include "base/error.h"
#include "base/hash.h"
#include "service/feeds/feed_signature.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

enum { ADVISORIES_MAX = 100000, HASH_FILE_MAX = 4096 };

typedef struct {
        FeedFetch *fetch;
        Instant since, newest;
        GPtrArray *rolie, *folders; /* URLs */
        GHashTable *keys;           /* confirmed fingerprint → URL */
        const char *listing;        /* URL of what is read */
        GHashTable *seen;           /* URLs */
        size_t number;              /* of the file that is fetched next */
} Csaf;

static void csaf_clear(Csaf *csaf)
{
        g_ptr_array_unref(csaf->rolie);
        g_ptr_array_unref(csaf->folders);
        g_hash_table_unref(csaf->keys);
        g_hash_table_unref(csaf->seen);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Csaf, csaf_clear)

/* ---- where they are listed ---- */

/* Only what everybody may read. */
static bool is_open(const char *tlp)
{
        static const char *const open[] = { "WHITE", "CLEAR", "UNLABELED", NULL };

        return tlp == NULL || g_strv_contains(open, tlp);
}

/* A key that the administrator confirmed, under the fingerprint that the provider says it has. */
static void key_take(Csaf *csaf, const json_t *op)
{
        const char *said = jread_get_string(op, "fingerprint"), *url = jread_get_string(op, "url");
        g_autofree char *fingerprint = g_ascii_strup(said == NULL ? "" : said, -1);

        if (url != NULL && feed_signer_is_fingerprint(fingerprint) &&
            g_strv_contains((const char *const *)csaf->fetch->rules->csaf_keys, fingerprint))
                g_hash_table_insert(csaf->keys, g_steal_pointer(&fingerprint), g_strdup(url));
}

static bool source_take(json_t *op, void *data, GError **error G_GNUC_UNUSED)
{
        Csaf *csaf = data;
        const char *rolie = jread_get_string(op, "rolie"), *folder = jread_get_string(op, "folder");

        if (g_strcmp0(jread_get_string(op, "op"), "listing_key") == 0)
                key_take(csaf, op);
        if (rolie != NULL && is_open(jread_get_string(op, "tlp")))
                g_ptr_array_add(csaf->rolie, g_strdup(rolie));
        if (folder != NULL)
                g_ptr_array_add(csaf->folders, g_str_has_suffix(folder, "/")
                                                       ? g_strdup(folder)
                                                       : g_strconcat(folder, "/", NULL));
        return true;
}

static bool provider_read(Csaf *csaf, GError **error)
{
        const FeedGet get = { .url = csaf->fetch->url, .name = "provider-metadata.json", .anew = true };
        g_auto(FeedGot) got = { 0 };

        if (!feed_get(csaf->fetch, &get, &got, error) ||
            !feed_read(csaf->fetch, got.path, "csaf-listing", source_take, csaf, NULL, error))
                return false;
        if (csaf->rolie->len > 0 || csaf->folders->len > 0)
                return true;
        error_set(error, ZW_ERR_INPUT, csaf->fetch->url,
                  "the provider names neither a ROLIE feed for everybody nor a folder");
        return false;
}

/* A key that is not the one that was confirmed is told, and changes nothing. */
static bool key_fetch(Csaf *csaf, const char *fingerprint, const char *url, GError **error)
{
        const FeedGet get = { .url = url, .name = "key.asc", .anew = true, .perhaps = true };
        g_auto(FeedGot) got = { 0 };
        g_autoptr(GError) why = NULL;

        if (!feed_get(csaf->fetch, &get, &got, error))
                return false;
        if (got.status != 200)
                feed_problem_note(csaf->fetch, url, "the key that the provider names is not there");
        else if (!feed_signer_keep(csaf->fetch->data_dir, fingerprint, got.path, csaf->fetch->progress,
                                   &why)) {
                if (!g_error_matches(why, ZW_ERROR, ZW_ERR_INPUT)) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                feed_problem_note(csaf->fetch, url, why->message);
        }
        return true;
}

static bool keys_fetch(Csaf *csaf, GError **error)
{
        GHashTableIter iter;
        gpointer fingerprint, url;

        g_hash_table_iter_init(&iter, csaf->keys);
        while (g_hash_table_iter_next(&iter, &fingerprint, &url))
                if (!key_fetch(csaf, fingerprint, url, error))
                        return false;
        return true;
}

/* ---- one advisory ---- */

static void missing_note(FeedFetch *fetch, const char *url, const char *why)
{
        fetch->missing++;
        feed_problem_note(fetch, url, why);
}

/* The file of a hash has it in hexadecimal at its beginning; the name of the file may follow. */
static bool hash_fits(const char *path, const char *hash_path, GChecksumType type, bool *ret_fits)
{
        g_autofree char *bytes = NULL, *text = NULL, *computed = NULL;
        gsize n, text_n;

        if (!g_file_get_contents(path, &bytes, &n, NULL) ||
            !g_file_get_contents(hash_path, &text, &text_n, NULL) || text_n > HASH_FILE_MAX)
                return false;
        computed = g_compute_checksum_for_data(type, (const guchar *)bytes, n);
        *ret_fits = g_ascii_strncasecmp(text, computed, strlen(computed)) == 0;
        return true;
}

/* The hash that the listing names, or those that lie beside the advisory; *ret_fits stays true when there is none. */
static bool hash_check(Csaf *csaf, const char *url, const char *hash_url, const char *path, bool *ret_fits,
                       GError **error)
{
        static const struct {
                const char *suffix;
                GChecksumType type;
        } kinds[] = { { ".sha512", G_CHECKSUM_SHA512 }, { ".sha256", G_CHECKSUM_SHA256 } };

        *ret_fits = true;
        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
                const bool named = hash_url != NULL && g_str_has_suffix(hash_url, kinds[i].suffix);
                g_autofree char *beside = g_strconcat(url, kinds[i].suffix, NULL),
                                *name = g_strdup_printf("hash-%zu%s", csaf->number, kinds[i].suffix);
                const FeedGet get = {
                        .url = named ? hash_url : beside, .name = name, .anew = true, .perhaps = true
                };
                g_auto(FeedGot) got = { 0 };

                if (hash_url != NULL && !named)
                        continue;
                if (!feed_get(csaf->fetch, &get, &got, error))
                        return false;
                if (got.status == 200)
                        return hash_fits(path, got.path, kinds[i].type, ret_fits) || !(*ret_fits = false);
        }
        return true;
}

/* Its signature, where there is one, lies beside it. */
static bool signature_fetch(const Csaf *csaf, const char *url, const char *named, const char *name,
                            GError **error)
{
        g_autofree char *beside = g_strconcat(url, ".asc", NULL), *file = g_strconcat(name, ".asc", NULL);
        const FeedGet get = {
                .url = named != NULL ? named : beside, .name = file, .anew = true, .perhaps = true
        };
        g_auto(FeedGot) got = { 0 };

        return csaf->fetch->rules->csaf_keys[0] == NULL || feed_get(csaf->fetch, &get, &got, error);
}

static void file_add(FeedFetch *fetch, const char *url, const char *path)
{
        g_ptr_array_add(fetch->files, g_strdup(path));
        g_hash_table_replace(fetch->urls, g_strdup(path), g_strdup(url));
}

/* Holds what came to what lies beside it, and gives it its name only then: who is interrupted before begins anew. */
static bool advisory_check(Csaf *csaf, const char *url, const json_t *listed, const char *fetched,
                           const char *name, GError **error)
{
        g_autofree char *path = g_build_filename(csaf->fetch->dir, name, NULL);
        bool fits;

        csaf->number++;
        if (!hash_check(csaf, url, jread_get_string(listed, "hash"), fetched, &fits, error) ||
            !signature_fetch(csaf, url, jread_get_string(listed, "signature"), name, error))
                return false;
        if (!fits) {
                (void)g_unlink(fetched);
                missing_note(csaf->fetch, url, "it is not what its hash says");
                return true;
        }
        if (g_rename(fetched, path) != 0) {
                error_set(error, ZW_ERR_STORAGE, path, "%s", g_strerror(errno));
                return false;
        }
        file_add(csaf->fetch, url, path);
        return true;
}

/* What a list says of an advisory, beside its address. */
static bool advisory_fetch(Csaf *csaf, const char *url, const json_t *listed, GError **error)
{
        const char *modified = jread_get_string(listed, "modified");
        g_autofree char *what = g_strconcat(url, "\n", modified, NULL);
        g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, what, -1);
        g_autofree char *name = g_strdup_printf("%.32s.json", digest),
                        *coming = g_strdup_printf("%.32s.fetched", digest),
                        *path = g_build_filename(csaf->fetch->dir, name, NULL);
        const FeedGet get = { .url = url, .name = coming, .anew = true, .perhaps = true };
        g_auto(FeedGot) got = { 0 };

        if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
                file_add(csaf->fetch, url, path);
                return true;
        }
        if (!feed_get(csaf->fetch, &get, &got, error))
                return false;
        if (got.status == 200)
                return advisory_check(csaf, url, listed, got.path, name, error);
        missing_note(csaf->fetch, url, "it is listed and is not there");
        return true;
}

/* ---- what is listed ---- */

static bool entry_take(json_t *op, void *data, GError **error)
{
        Csaf *csaf = data;
        const char *path = jread_get_string(op, "url"), *modified = jread_get_string(op, "modified");
        g_autofree char *url = path == NULL ? NULL : feed_url_beside(csaf->listing, path);
        Instant at;

        if (url == NULL || g_hash_table_contains(csaf->seen, url))
                return true;
        if (g_hash_table_size(csaf->seen) >= ADVISORIES_MAX) {
                error_set(error, ZW_ERR_LIMIT, csaf->listing, "more than %d advisories are listed",
                          ADVISORIES_MAX);
                return false;
        }
        g_hash_table_add(csaf->seen, g_strdup(url));
        if (modified != NULL && instant_parse(modified, &at, NULL)) {
                csaf->newest = MAX(csaf->newest, at);
                if (at < csaf->since)
                        return true;
        }
        return advisory_fetch(csaf, url, op, error);
}

/* *ret_there is false when the server has no such list. */
static bool listing_read(Csaf *csaf, const char *url, const char *name, bool *ret_there, GError **error)
{
        const FeedGet get = { .url = url, .name = name, .anew = true, .perhaps = true };
        g_auto(FeedGot) got = { 0 };

        if (!feed_get(csaf->fetch, &get, &got, error))
                return false;
        *ret_there = got.status == 200;
        csaf->listing = url;
        return !*ret_there || feed_read(csaf->fetch, got.path, "csaf-listing", entry_take, csaf, NULL, error);
}

static bool folder_read(Csaf *csaf, const char *folder, GError **error)
{
        g_autofree char *changes = g_strconcat(folder, "changes.csv", NULL),
                        *index = g_strconcat(folder, "index.txt", NULL);
        bool there;

        if (!listing_read(csaf, changes, "changes.csv", &there, error) ||
            (!there && !listing_read(csaf, index, "index.txt", &there, error)))
                return false;
        if (!there)
                error_set(error, ZW_ERR_INPUT, folder, "the folder has neither changes.csv nor index.txt");
        return there;
}

static bool rolie_read(Csaf *csaf, const char *url, GError **error)
{
        bool there;

        if (!listing_read(csaf, url, "rolie.json", &there, error))
                return false;
        if (!there)
                error_set(error, ZW_ERR_INPUT, url, "the ROLIE feed that the provider names is not there");
        return there;
}

bool feed_fetch_csaf(FeedFetch *fetch, GError **error)
{
        g_autoptr(Json) before = feed_cursor_read(fetch->cursor), after = NULL;
        const char *since = jread_get_string(before, "until");
        g_auto(Csaf) csaf = { .fetch = fetch,
                              .rolie = g_ptr_array_new_with_free_func(g_free),
                              .folders = g_ptr_array_new_with_free_func(g_free),
                              .keys = hash_table_new_text(g_free, g_free),
                              .seen = hash_table_new_text(g_free, NULL) };
        char text[ZW_INSTANT_TEXT];

        if (since != NULL && !instant_parse(since, &csaf.since, NULL))
                csaf.since = 0;
        fetch->format = "csaf";
        if (!provider_read(&csaf, error) || !keys_fetch(&csaf, error))
                return false;
        for (guint i = 0; i < csaf.rolie->len; i++)
                if (!rolie_read(&csaf, csaf.rolie->pdata[i], error))
                        return false;
        for (guint i = 0; csaf.rolie->len == 0 && i < csaf.folders->len; i++)
                if (!folder_read(&csaf, csaf.folders->pdata[i], error))
                        return false;
        instant_format(MAX(csaf.newest, csaf.since), text);
        after = json_pack("{s:s}", "until", text);
        /* What is missing is asked for again. */
        fetch->next = fetch->missing > 0 ? g_strdup(fetch->cursor) : feed_cursor_text(after);
        fetch->current = fetch->files->len == 0;
        return true;
}
