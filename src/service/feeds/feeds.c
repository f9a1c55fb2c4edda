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

/* The signature of the file at `i`, as the caller says it in base64; NULL when there is none. */
static GBytes *signature_of(const Call *call, size_t i)
{
        const json_t *all = json_object_get(call->input, "signatures");
        const char *text = all == NULL ? jread_get_string(call->input, "signature")
                                       : json_string_value(json_array_get(all, i));
        gsize n;
        guchar *decoded = text == NULL ? NULL : g_base64_decode(text, &n);

        return text == NULL ? NULL : g_bytes_new_take(decoded, n);
}

static bool file_import(Call *call, size_t i, const char *format, const FeedSigners *signers,
                        FeedImport *import, GError **error)
{
        const ServiceFile *file = &call->files.files[i];
        g_autoptr(GArray) keys = NULL;
        g_autoptr(GBytes) signature = signature_of(call, i);

        if (!feed_bundle_begins(file->fd))
                return feed_import_signed(import, signers, file, signature, format, error);
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
        import = feed_import_begin(call->service, call->instant, call->progress, error);
        if (import == NULL)
                return false;
        for (size_t i = 0; i < call->files.n; i++)
                if (!file_import(call, i, format, signers, import, error))
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
