/* What the program says of safety functions, hazards and fault trees. */
#include "analysis/lopa.h"
#include "analysis/safety_tree.h"
#include "base/error.h"
#include "base/jread.h"
#include "replay.h"

#include <math.h>

enum { SETS_MAX = 10000 };

static json_t *figure_json(double value)
{
        return isnan(value) ? json_null() : json_real(value);
}

static json_t *sil_json(int sil)
{
        return sil < 0 ? json_null() : json_integer(sil);
}

static json_t *notes_json(const GPtrArray *notes)
{
        json_t *answer = json_array();

        for (guint i = 0; i < notes->len; i++) {
                const SafetyNote *note = g_ptr_array_index(notes, i);

                json_array_append_new(answer,
                                      json_pack("[s, s]", safety_note_kind_name(note->kind), note->rule));
        }
        return answer;
}

static json_t *function_json(GraphView view, ItemNo item, Instant now)
{
        g_autoptr(SafetyFunction) found = safety_function_find(view, item, now);

        return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:s, s:o}", "pfd",
                         figure_json(found->pfd), "pfh", figure_json(found->pfh_per_h), "basis",
                         safety_figure_basis_name(found->figure_basis), "probability",
                         sil_json(found->sil_probability), "hardware", sil_json(found->sil_hardware),
                         "systematic", sil_json(found->sil_systematic), "achieved",
                         sil_json(found->sil_achieved), "integrity", safety_verdict_name(found->integrity),
                         "response", figure_json(found->response_ms), "budget", figure_json(found->budget_ms),
                         "in_time", safety_verdict_name(found->response), "notes", notes_json(found->notes));
}

static json_t *hazard_json(GraphView view, ItemNo item, Instant now)
{
        g_autoptr(Lopa) lopa = lopa_find(view, item, now);
        json_t *credits = json_array();

        for (guint i = 0; i < lopa->layers->len; i++) {
                const LopaLayer *layer = &g_array_index(lopa->layers, LopaLayer, i);

                if (layer->credited)
                        json_array_append_new(credits, json_integer(layer->layer));
        }
        return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o}", "unmitigated",
                         figure_json(lopa->unmitigated_per_y), "mitigated",
                         figure_json(lopa->mitigated_per_y), "least",
                         figure_json(lopa->mitigated_range_per_y.least), "most",
                         figure_json(lopa->mitigated_range_per_y.most), "reduction",
                         figure_json(lopa->reduction_needed), "sil", sil_json(lopa->sil_needed), "credits",
                         credits, "verdict", safety_verdict_name(lopa->verdict), "notes",
                         notes_json(lopa->notes));
}

static json_t *tree_json(GraphView view, ItemNo item, Instant now)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(SafetyTree) tree = safety_tree_find(view, item, now, &error);
        g_autoptr(GPtrArray) sets = NULL;
        json_t *answer;

        if (tree == NULL)
                return error->code == ZW_ERR_NOT_FOUND ? json_null() : json_string(error->message);
        answer = json_array();
        sets = cut_sets_list(tree->sets, SETS_MAX);
        for (guint i = 0; i < sets->len; i++) {
                const GArray *set = g_ptr_array_index(sets, i);
                json_t *names = json_array();

                for (guint k = 0; k < set->len; k++)
                        json_array_append_new(
                                names,
                                json_string(
                                        fault_tree_node(tree->tree, g_array_index(set, uint32_t, k))->name));
                json_array_append_new(answer, names);
        }
        return json_pack("{s:o, s:o, s:o}", "sets", answer, "count", json_real(cut_sets_count(tree->sets)),
                         "probability", figure_json(tree->probability));
}

json_t *safety_json(Assess *assess, const json_t *model)
{
        GraphView view = assess_view(assess);
        const Instant now = jread_get_int(model, "now", 0);
        json_t *functions = json_object(), *hazards = json_object(), *trees = json_object();

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                const KindId kind = graph_kind(view, item);

                if (kind == ZW_KIND_SAFETY_FUNCTION)
                        json_object_set_new(functions, graph_key(view, item), function_json(view, item, now));
                if (kind == ZW_KIND_HAZARD)
                        json_object_set_new(hazards, graph_key(view, item), hazard_json(view, item, now));
                if (kind == ZW_KIND_SAFETY_FUNCTION || kind == ZW_KIND_HAZARD)
                        json_object_set_new(trees, graph_key(view, item), tree_json(view, item, now));
        }
        return json_pack("{s:o, s:o, s:o}", "functions", functions, "hazards", hazards, "trees", trees);
}
