/* The use cases of the feed database, and of what it says about a project: importing files of feeds, how fresh they are, and the
 * list of findings. */
#include "service/feed_health.h"
#include "service/feed_import.h"
#include "service/internal.h"
#include "service/inventory.h"
#include "service/reading.h"
#include "store/feeds.h"

#include <string.h>

/* The instant of evaluation that is asked for, else now. */
static bool instant_take(Call *call, GError **error)
{
        const char *text = jread_get_string(call->input, "instant");

        return text == NULL || instant_parse(text, &call->instant, error);
}

/* ---- importing ---- */

bool usecase_feed_import(Call *call, JWrite *w, GError **error)
{
        const bool partial = jread_get_bool(call->input, "partial", false);
        g_autoptr(FeedImport) import = NULL;
        g_autoptr(Json) profile = NULL;
        const char *format;
        bool stopped;

        if (call->files.n == 0) {
                error_set(error, ZW_ERR_USAGE, NULL, "a file is needed");
                return false;
        }
        if (!instant_take(call, error) || !reading_options(call->input, &format, &profile, error))
                return false;
        import = feed_import_begin(store_dir(call->service->store), call->instant, call->progress, error);
        if (import == NULL)
                return false;
        for (size_t i = 0; i < call->files.n; i++)
                if (!feed_import_file(import, &call->files.files[i], format, error))
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

        if (!instant_take(call, error))
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

        if (!instant_take(call, error))
                return false;
        health = feed_health_load(call->service, call->instant, error);
        if (health == NULL)
                return false;
        jwrite_object_begin(w);
        feed_health_key(health, w);
        jwrite_object_end(w);
        return true;
}

/* ---- findings ---- */

/* A list, or null. */
static void key_list(JWrite *w, const char *name, const json_t *list)
{
        if (list == NULL)
                jwrite_key_null(w, name);
        else
                jwrite_key_json(w, name, list);
}

/* Rows of 62443-3-3 without the name of the standard: `SR 3.1`. */
static void refs_write(JWrite *w, const json_t *refs)
{
        static const char standard[] = "62443-3-3 ";
        const json_t *ref;
        size_t i;

        jwrite_key(w, "refs");
        jwrite_array_begin(w);
        json_array_foreach(refs, i, ref)
        {
                const char *text = json_string_value(ref);

                jwrite_string(w, g_str_has_prefix(text, standard) ? text + strlen(standard) : text);
        }
        jwrite_array_end(w);
}

static void finding_write(JWrite *w, const Thing *finding, const Thing *subject)
{
        static const char *const texts[] = { "vulnerability", "confidence", "reason", "severity" };
        static const char *const lists[] = { "sources", "proposed", "broken", "cwes" };
        const json_t *sources = json_object_get(finding->attrs, "sources"),
                     *broken = json_object_get(finding->attrs, "broken");

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", finding->key);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                jwrite_key_string(w, texts[i], thing_text(finding, texts[i]));
        jwrite_key_string(w, "on", subject == NULL ? NULL : subject->key);
        jwrite_key_string(w, "source", json_string_value(json_array_get(sources, 0)));
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
                key_list(w, lists[i], json_object_get(finding->attrs, lists[i]));
        jwrite_key_bool(w, "kev", jread_get_bool(finding->attrs, "kev", false));
        jwrite_key_string(w, "state", state_def(finding->state)->name);
        /* what a person confirmed, else what is proposed */
        refs_write(w, json_array_size(broken) > 0 ? broken : json_object_get(finding->attrs, "proposed"));
        jwrite_object_end(w);
}

bool usecase_finding_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(Json) ops = json_array();
        g_autoptr(Inventory) inventory = inventory_load(call->view, &call->project->log, ops, error);

        if (inventory == NULL)
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < inventory->things->len; i++) {
                const Thing *finding = inventory->things->pdata[i];

                if (finding->kind != ZW_KIND_FINDING || finding->retired)
                        continue;
                if (finding->subjects->len == 0)
                        finding_write(w, finding, NULL);
                for (guint k = 0; k < finding->subjects->len; k++)
                        finding_write(w, finding, finding->subjects->pdata[k]);
        }
        jwrite_array_end(w);
        return true;
}
