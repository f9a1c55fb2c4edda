/* The impact of a change as it is computed now: what it reaches, each with its path, and what proposed operations would do; on
 * request attached to the change, so that who approves it reads what was computed and the signature covers it. */
#include "service/analyses/reach.h"
#include "service/analyses/risk.h"
#include "service/operations/operation.h"

#include <string.h>

enum { DOCUMENT_BYTES_MAX = 64 * 1024 * 1024 };

/* ---- the document ---- */

static bool reached_write(const WorkItem *work, JWrite *w, GError **error)
{
        const ReachChoice choice = { .kinds = UINT64_MAX,
                                     .links = LINK_MASK_ALL,
                                     .zone = ZW_ITEM_NONE,
                                     .discipline = -1,
                                     .shared = true,
                                     .direction = WALK_DOWN };
        g_autoptr(Json) changed = json_array();
        const ReachCause cause = { work->rev->key, work->rev->rev, work->rev->rev, changed };
        const WalkStep *steps;
        size_t n;
        g_auto(WorkReach) reach = { 0 };

        if (!work_reach(work, &reach, error))
                return false;
        work_reach_write(work, &reach, w);
        jwrite_key_bool(w, "touches_safety", work_reach_safety(work, &reach));
        walk_follow(work->walk, LINK_MASK_ALL);
        if (!walk_find(work->walk, work->view, work->rev->no, WALK_RIPPLE, WALK_DOWN,
                       graph_item_count(work->view) + 1, &steps, &n, error))
                return false;
        jwrite_key(w, "reached");
        jwrite_array_begin(w);
        reach_write(w, work->view, &choice, &cause, steps, n, NULL);
        jwrite_array_end(w);
        return true;
}

/* What the operations that the caller proposes would do. */
static bool what_if_write(const Call *call, JWrite *w, GError **error)
{
        json_t *ops = json_object_get(call->input, "ops");
        g_autoptr(Json) input = NULL;
        Call trial = *call;

        jwrite_key(w, "what_if");
        if (ops == NULL) {
                jwrite_null(w);
                return true;
        }
        trial.input = input = json_pack("{s:O}", "ops", ops);
        return usecase_what_if(&trial, w, error);
}

static bool document_write(const WorkItem *work, JWrite *w, GError **error)
{
        const Call *call = work->call;
        char time[ZW_INSTANT_TEXT];

        instant_format(call->instant, time);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", work->rev->key);
        jwrite_key_string(w, "title", work->rev->title);
        jwrite_key_int(w, "rev", work->rev->rev);
        jwrite_key_int(w, "commit", (int64_t)call->at);
        jwrite_key_string(w, "instant", time);
        work_links_write(work, w, "concerns", GRAPH_OUT, UINT64_C(1) << ZW_LINK_CONCERNS, UINT64_MAX);
        work_links_write(work, w, "resolves", GRAPH_OUT, UINT64_C(1) << ZW_LINK_RESOLVES, UINT64_MAX);
        if (!reached_write(work, w, error) || !what_if_write(call, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

/* ---- attached ---- */

/* `14 items reached at commit 812; touches requirements 5, risks 2, zones and conduits 1, safety functions 0`. */
static char *summary_of(const json_t *document)
{
        return g_strdup_printf("%zu items reached at commit %" G_GINT64_FORMAT
                               "; touches requirements %" G_GINT64_FORMAT ", risks %" G_GINT64_FORMAT
                               ", zones and conduits %" G_GINT64_FORMAT
                               ", safety functions %" G_GINT64_FORMAT,
                               json_array_size(json_object_get(document, "reached")),
                               jread_get_int(document, "commit", 0),
                               jread_get_int(document, "n_requirements", 0),
                               jread_get_int(document, "n_risks", 0), jread_get_int(document, "n_places", 0),
                               jread_get_int(document, "n_safety", 0));
}

static json_t *attach_ops(const WorkItem *work, const char *name, const char *hex, const char *summary,
                          bool safety)
{
        return json_pack("[{s:s, s:s, s:I, s:{s:I, s:s, s:b}}, {s:s, s:s, s:s, s:s, s:s}]", "op", "item",
                         "key", work->rev->key, "rev", (json_int_t)work->rev->rev, "attrs", "impact_commit",
                         (json_int_t)work->call->at, "impact", summary, "touches_safety", safety, "op",
                         "attach", "item", work->rev->key, "name", name, "digest", hex, "media",
                         "application/json");
}

static bool attach(const WorkItem *work, Out *out, JWrite *w, GError **error)
{
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(Json) document = jread_parse(out_data(out), out_length(out), error), ops = NULL;
        g_autofree char *name = g_strdup_printf("impact-%" G_GUINT64_FORMAT ".json", work->call->at),
                        *summary = document == NULL ? NULL : summary_of(document);
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        if (document == NULL)
                return false;
        bytes = out_steal(out, error);
        if (bytes == NULL || !store_blob_put(work->call->service->store, bytes, &digest, error))
                return false;
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        ops = attach_ops(work, name, hex, summary, jread_get_bool(document, "touches_safety", false));
        jwrite_key_string(w, "attached", name);
        jwrite_key_string(w, "summary", summary);
        return edit_call(work->call, ops, "impact analysis", w, error);
}

typedef struct {
        JWrite *w;
        bool attach;
} Impact;

static bool impact_see(const WorkItem *work, void *payload, GError **error)
{
        const Impact *impact = payload;
        JWrite *w = impact->w;
        g_autoptr(Out) out = out_new(DOCUMENT_BYTES_MAX);
        g_autoptr(JWrite) document = jwrite_new(out);

        if (!document_write(work, document, error) || !out_check(out, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key(w, "impact");
        jwrite_raw(w, out_data(out), out_length(out));
        if (impact->attach && !jread_get_bool(work->call->input, "dry_run", false) &&
            !attach(work, out, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

static bool impact_of_call(Call *call, bool attach_it, JWrite *w, GError **error)
{
        Impact impact = { w, attach_it };

        if (jread_get_string(call->input, "key") != NULL)
                return work_items_each(call, UINT64_C(1) << ZW_KIND_CHANGE, impact_see, &impact, error);
        error_set(error, ZW_ERR_USAGE, "/key", "the key of a change is needed");
        return false;
}

bool usecase_change_impact(Call *call, JWrite *w, GError **error)
{
        return impact_of_call(call, false, w, error);
}

bool usecase_change_assess(Call *call, JWrite *w, GError **error)
{
        return impact_of_call(call, true, w, error);
}
