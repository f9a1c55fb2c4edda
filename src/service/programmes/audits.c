/* Audits: what of their sample was looked at, and their nonconformities to closure (`assessment.audits`); and drawing the sample
 * (`assessment.sample`). An interview or observation is evidence of the audit that concerns an item of the sample. */
#include "service/analyses/risk.h"
#include "service/lists/filter.h"
#include "service/lists/seeded.h"

#include <string.h>

enum { SAMPLE_MOST = 10000 };

/* ---- how audits stand ---- */

/* Does one of the records of the audit concern the item? */
static bool has_link(GraphView view, ItemNo from, LinkTypeId type, ItemNo to)
{
        GraphIter iter = graph_iter(view, from, GRAPH_OUT, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (edge.other == to)
                        return true;
        return false;
}

static bool sampled_write(JWrite *w, GraphView view, ItemNo audit, const char *key)
{
        GraphIter iter = graph_iter(view, audit, GRAPH_IN, LINK_MASK(ZW_LINK_EVIDENCES));
        GraphEdge edge;
        ItemNo item;
        const bool there = graph_find_key(view, key, &item);
        bool seen = false;

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", key);
        jwrite_key_string(w, "title", there ? graph_title(view, item) : NULL);
        jwrite_key(w, "records");
        jwrite_array_begin(w);
        while (there && graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) && has_link(view, edge.other, ZW_LINK_CONCERNS, item)) {
                        jwrite_string(w, graph_key(view, edge.other));
                        seen = true;
                }
        jwrite_array_end(w);
        jwrite_object_end(w);
        return seen;
}

typedef struct {
        int64_t sampled, seen, open, closed;
} Counts;

static void sample_write(JWrite *w, GraphView view, ItemNo audit, Counts *counts)
{
        FactsIter sample = facts_iter(graph_facts(view, audit), ZW_ATTR_SAMPLE);
        const char *text;
        size_t n;

        jwrite_key(w, "sample");
        jwrite_array_begin(w);
        while (facts_next_text(&sample, &text, &n)) {
                g_autofree char *key = g_strndup(text, n);

                counts->sampled++;
                counts->seen += sampled_write(w, view, audit, key);
        }
        jwrite_array_end(w);
}

static void record_write(JWrite *w, GraphView view, ItemNo record)
{
        const int nature = graph_kind(view, record) == ZW_KIND_EVIDENCE
                                   ? facts_get_enum(graph_facts(view, record), ZW_ATTR_NATURE)
                                   : -1;

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, record));
        jwrite_key_string(w, "title", graph_title(view, record));
        jwrite_key_string(w, "nature",
                          nature < 0 ? kind_def(graph_kind(view, record))->name
                                     : attr_get(ZW_KIND_EVIDENCE, ZW_ATTR_NATURE)->values[nature]);
        jwrite_object_end(w);
}

static void records_write(JWrite *w, GraphView view, ItemNo audit)
{
        GraphIter iter = graph_iter(view, audit, GRAPH_IN, LINK_MASK(ZW_LINK_EVIDENCES));
        GraphEdge edge;

        jwrite_key(w, "records");
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        record_write(w, view, edge.other);
        jwrite_array_end(w);
}

static void nonconformities_write(JWrite *w, GraphView view, ItemNo audit, Counts *counts)
{
        GraphIter iter = graph_iter(view, audit, GRAPH_IN, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        jwrite_key(w, "nonconformities");
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other) || graph_kind(view, edge.other) != ZW_KIND_NONCONFORMITY)
                        continue;
                jwrite_object_begin(w);
                jwrite_key_string(w, "key", graph_key(view, edge.other));
                jwrite_key_string(w, "title", graph_title(view, edge.other));
                jwrite_key_string(w, "state", state_def(graph_state(view, edge.other))->name);
                jwrite_object_end(w);
                *(graph_is_approved(view, edge.other) ? &counts->closed : &counts->open) += 1;
        }
        jwrite_array_end(w);
}

/* Criteria, auditor and how the sample was drawn are texts that the graph does not hold all of. */
static bool audit_attrs_write(Call *call, JWrite *w, ItemNo audit, GError **error)
{
        static const char *const texts[] = { "criteria", "auditor", "date", "population", "conclusion" },
                                 *const numbers[] = { "population_size", "seed" };
        g_autoptr(StoreItem) item = store_item_by_no(call->view, &call->project->log, audit, call->at, error);
        g_autoptr(Json) attrs = NULL;

        if (item == NULL)
                return false;
        attrs = jread_parse(store_item_rev(item)->attrs, strlen(store_item_rev(item)->attrs), error);
        if (attrs == NULL)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                jwrite_key_string(w, texts[i], jread_get_string(attrs, texts[i]));
        for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
                if (json_object_get(attrs, numbers[i]) == NULL)
                        jwrite_key_null(w, numbers[i]);
                else
                        jwrite_key_int(w, numbers[i], jread_get_int(attrs, numbers[i], 0));
        return true;
}

static bool audit_write(Call *call, JWrite *w, GraphView view, ItemNo audit, GError **error)
{
        Counts counts = { 0 };

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, audit));
        jwrite_key_string(w, "title", graph_title(view, audit));
        jwrite_key_string(w, "state", state_def(graph_state(view, audit))->name);
        if (!audit_attrs_write(call, w, audit, error))
                return false;
        sample_write(w, view, audit, &counts);
        records_write(w, view, audit);
        nonconformities_write(w, view, audit, &counts);
        jwrite_key_int(w, "looked_at", counts.seen);
        jwrite_key_int(w, "open", counts.open);
        jwrite_key_bool(w, "complete",
                        counts.sampled > 0 && counts.seen == counts.sampled && counts.open == 0);
        jwrite_object_end(w);
        return true;
}

bool usecase_assessment_audits(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };

        if (!graph_of_call(call, &pinned, error))
                return false;
        jwrite_array_begin(w);
        for (ItemNo item = 0; item < graph_item_count(pinned.view); item++)
                if (graph_exists(pinned.view, item) && graph_is_live(pinned.view, item) &&
                    graph_kind(pinned.view, item) == ZW_KIND_AUDIT &&
                    !audit_write(call, w, pinned.view, item, error))
                        return false;
        jwrite_array_end(w);
        return true;
}

/* ---- drawing a sample ---- */

/* The live items that fit the filter, by key. */
static GPtrArray *population(Call *call, GraphView view, GError **error)
{
        g_autofree uint8_t *fits = filter_items(call, view, jread_get_string(call->input, "of"), error);
        GPtrArray *keys;

        if (fits == NULL)
                return NULL;
        keys = g_ptr_array_new_with_free_func(g_free);
        for (ItemNo item = 0; item < graph_item_count(view); item++)
                if (graph_exists(view, item) && fits[item] != 0 && graph_is_live(view, item) &&
                    graph_kind(view, item) != ZW_KIND_AUDIT)
                        g_ptr_array_add(keys, g_strdup(graph_key(view, item)));
        return keys;
}

static json_t *sample_op(const Call *call, const char *audit, const GPtrArray *drawn, guint n_population)
{
        json_t *sample = json_array();

        for (guint i = 0; i < drawn->len; i++)
                json_array_append_new(sample, json_string(drawn->pdata[i]));
        return json_pack("{s:s, s:s, s:{s:s, s:i, s:I, s:o}}", "op", "item", "key", audit, "attrs",
                         "population", jread_get_string(call->input, "of"), "population_size",
                         (int)n_population, "seed", (json_int_t)jread_get_int(call->input, "seed", 0),
                         "sample", sample);
}

static bool audit_of_call(const Call *call, GraphView view, ItemNo *ret_audit, GError **error)
{
        if (!call_item(call, view, "audit", ret_audit, error))
                return false;
        if (graph_kind(view, *ret_audit) == ZW_KIND_AUDIT)
                return true;
        error_set(error, ZW_ERR_USAGE, "/audit", "%s is no audit", graph_key(view, *ret_audit));
        return false;
}

static bool drawing_of_call(const Call *call, int64_t *ret_n, GError **error)
{
        const char *of = jread_get_string(call->input, "of");

        *ret_n = jread_get_int(call->input, "n", 0);
        if (of == NULL || of[0] == '\0') {
                error_set(error, ZW_ERR_USAGE, "/of", "a sample is drawn from the items that fit a filter");
                return false;
        }
        if (*ret_n >= 1 && *ret_n <= SAMPLE_MOST && jread_get_int(call->input, "seed", 0) >= 0)
                return true;
        error_set(error, ZW_ERR_USAGE, "/n", "a sample has 1 to %d items, and its seed is no negative number",
                  SAMPLE_MOST);
        return false;
}

bool usecase_assessment_sample(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GPtrArray) keys = NULL;
        g_autoptr(Json) ops = json_array();
        ItemNo audit;
        int64_t n;
        guint of;

        if (!drawing_of_call(call, &n, error) || !graph_of_call(call, &pinned, error) ||
            !audit_of_call(call, pinned.view, &audit, error))
                return false;
        keys = population(call, pinned.view, error);
        if (keys == NULL)
                return false;
        of = keys->len;
        seeded_draw(keys, jread_get_int(call->input, "seed", 0), (size_t)n);
        json_array_append_new(ops, sample_op(call, graph_key(pinned.view, audit), keys, of));
        jwrite_object_begin(w);
        jwrite_key_string(w, "audit", graph_key(pinned.view, audit));
        jwrite_key_int(w, "population", of);
        jwrite_key(w, "sample");
        jwrite_array_begin(w);
        for (guint i = 0; i < keys->len; i++)
                jwrite_string(w, keys->pdata[i]);
        jwrite_array_end(w);
        if (!edit_call(call, ops, "the sample of an audit", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
