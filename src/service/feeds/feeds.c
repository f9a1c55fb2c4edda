/* The use cases of the feed database, and of what it says about a project: importing files of feeds, how fresh they are. */
#include "service/feeds/feed_bundle.h"
#include "service/feeds/feed_health.h"
#include "service/feeds/feed_import.h"
#include "service/internal.h"
#include "service/interchange/reading.h"
#include "store/feeds.h"

#include <string.h>

bool call_take_instant(Call *call, GError **error)
{
        const char *text = jread_get_string(call->input, "instant");

        return text == NULL || instant_parse(text, &call->instant, error);
}

/* ---- importing ---- */

/* The keys of the settings, and the one that the caller names. */
static GArray *keys_trusted(Call *call, GError **error)
{
        const char *named = jread_get_string(call->input, "trust");
        g_autoptr(FeedRules) rules = feed_rules_of(call->service, error);
        GArray *keys = rules == NULL ? NULL : g_array_copy(rules->trusted);
        FeedKey key;

        if (keys == NULL || named == NULL)
                return keys;
        if (feed_key_parse(named, "/trust", &key, error)) {
                g_array_append_val(keys, key);
                return keys;
        }
        g_array_unref(keys);
        return NULL;
}

static bool is_signature_of(const ServiceFile *signature, const ServiceFile *file)
{
        const size_t n = strlen(file->name);

        return strncmp(signature->name, file->name, n) == 0 && strcmp(signature->name + n, ".asc") == 0;
}

/* The signature of a file: what the caller says in base64, or the file with its name and `.asc` that comes next, or later but not next
 * to another file of that name. NULL when there is none, and when it cannot be read. */
static GBytes *signature_of(const Call *call, const ServiceFile *file, GError **error)
{
        const char *text = jread_get_string(call->input, "signature");
        guchar *decoded;
        gsize n;

        if (text != NULL) {
                decoded = g_base64_decode(text, &n);
                return g_bytes_new_take(decoded, n);
        }
        for (const ServiceFile *other = file + 1; other < call->files.files + call->files.n; other++)
                if (is_signature_of(other, file) && (other == file + 1 || !is_signature_of(other, other - 1)))
                        return feed_signature_load(other, error);
        return NULL;
}

static bool is_signature(const Call *call, size_t at)
{
        const ServiceFile *files = call->files.files;

        for (size_t i = 0; i < at && g_str_has_suffix(files[at].name, ".asc"); i++)
                if (is_signature_of(&files[at], &files[i]))
                        return true;
        return false;
}

static bool file_import(Call *call, const ServiceFile *file, const char *format, const FeedSigners *signers,
                        FeedImport *import, GError **error)
{
        g_autoptr(GArray) keys = NULL;
        g_autoptr(GBytes) signature = NULL;
        g_autoptr(GError) why = NULL;

        if (!feed_bundle_begins(file->fd)) {
                signature = signature_of(call, file, &why);
                if (why == NULL)
                        return feed_import_signed(import, signers, file, signature, format, error);
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        keys = keys_trusted(call, error);
        return keys != NULL && feed_bundle_import(file, keys, import, call->instant, error);
}

bool usecase_feed_import(Call *call, JWrite *w, GError **error)
{
        const bool partial = jread_get_bool(call->input, "partial", false);
        g_autoptr(FeedImport) import = NULL;
        g_autoptr(FeedSigners) signers = NULL;
        g_autoptr(Json) profile = NULL;
        const char *format;
        bool stopped;

        if (call->files.n == 0) {
                error_set(error, ZW_ERR_USAGE, NULL, "a file is needed");
                return false;
        }
        if (call->files.n > 1 && json_object_get(call->input, "signature") != NULL) {
                error_set(error, ZW_ERR_USAGE, "/signature", "a signature is of one file");
                return false;
        }
        if (!call_take_instant(call, error) || !reading_options(call->input, &format, &profile, error))
                return false;
        signers = feed_signers_load(call->service, error);
        if (signers == NULL)
                return false;
        import = feed_import_begin(store_dir(call->service->store), call->instant, call->progress, error);
        if (import == NULL)
                return false;
        for (size_t i = 0; i < call->files.n; i++)
                if (!is_signature(call, i) &&
                    !file_import(call, &call->files.files[i], format, signers, import, error))
                        return false;
        stopped = feed_import_refused(import) > 0 && !partial;
        if (!stopped && !feed_import_commit(import, error))
                return false;
        jwrite_object_begin(w);
        feed_import_write(import, w);
        jwrite_key_bool(w, "imported", !stopped);
        jwrite_object_end(w);
        return true;
}

/* ---- how fresh they are ---- */

bool usecase_feed_status(Call *call, JWrite *w, GError **error)
{
        g_autoptr(FeedHealth) health = NULL;

        if (!call_take_instant(call, error))
                return false;
        health = feed_health_load(call->service, call->instant, error);
        if (health == NULL)
                return false;
        feed_health_write(health, w);
        return true;
}

bool usecase_feed_health(Call *call, JWrite *w, GError **error)
{
        g_autoptr(FeedHealth) health = NULL;

        if (!call_take_instant(call, error))
                return false;
        health = feed_health_load(call->service, call->instant, error);
        if (health == NULL)
                return false;
        jwrite_object_begin(w);
        feed_health_key(health, w);
        jwrite_object_end(w);
        return true;
}
