/* What safety functions achieve, layers of protection and cut sets, as JSON (docs/algorithms/safety.md, lopa.md, cut-sets.md). */
#include "analysis/lopa.h"
#include "analysis/safety_tree.h"
#include "model/safety.h"
#include "service/analyses/safety_write.h"
#include "service/lists/paging.h"

enum { SIZES_MAX = 32 };

#define KIND(kind) (UINT64_C(1) << (kind))

static void key_write(JWrite *w, GraphView view, const char *name, ItemNo item)
{
        jwrite_key_string(w, name, item == ZW_ITEM_NONE ? NULL : graph_key(view, item));
}

/* Writes what is asked for: one item, or all live ones of a kind. */
typedef void (*ItemWrite)(JWrite *w, GraphView view, ItemNo item, Instant now);

static bool items_tell(Call *call, JWrite *w, KindId kind, ItemWrite write, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        ItemNo only;

        if (!graph_of_call(call, &pinned, error) ||
            !safety_subject(call, pinned.view, KIND(kind), &only, error))
                return false;
        jwrite_array_begin(w);
        for (ItemNo item = 0; item < graph_item_count(pinned.view); item++)
                if (only == ZW_ITEM_NONE
                            ? graph_exists(pinned.view, item) && graph_kind(pinned.view, item) == kind &&
                                      graph_is_live(pinned.view, item)
                            : item == only)
                        write(w, pinned.view, item, call->instant);
        jwrite_array_end(w);
        return true;
}

/* ---- safety functions ---- */

static void part_write(JWrite *w, GraphView view, const SafetyFunction *function, const SafetyPart *part)
{
        const SafetyFigure figure = function->low_demand ? part->pfd : part->pfh_per_h;

        jwrite_object_begin(w);
        jwrite_key_string(w, "as", as_name(part->as));
        jwrite_key_string(w, "vote", part->vote == NULL ? NULL : part->vote->name);
        jwrite_key_number(w, "value", figure.value);
        jwrite_key_string(w, "formula", figure.formula);
        jwrite_key_level(w, "sil_hardware", part->sil_hardware);
        jwrite_key_level(w, "sil_systematic", part->sil_systematic);
        jwrite_key_number(w, "response_ms", part->response_ms);
        jwrite_key(w, "elements");
        jwrite_array_begin(w);
        for (guint i = 0; i < part->elements->len; i++) {
                const SafetyElement *element = &g_array_index(part->elements, SafetyElement, i);

                jwrite_object_begin(w);
                item_head_write(w, view, "key", element->item);
                jwrite_key_number(w, "lambda_du_per_h", element->rates.lambda_du);
                jwrite_key_number(w, "proof_test_interval_h", element->rates.interval);
                jwrite_key_number(w, "proof_test_coverage", element->rates.coverage);
                jwrite_key_number(w, "response_ms", element->response_ms);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_object_end(w);
}

static void response_write(JWrite *w, const SafetyFunction *function)
{
        jwrite_key(w, "response");
        jwrite_object_begin(w);
        jwrite_key_string(w, "verdict", safety_verdict_name(function->response));
        jwrite_key_string(w, "basis", safety_figure_basis_name(function->response_basis));
        jwrite_key_number(w, "total_ms", function->response_ms);
        jwrite_key_number(w, "path_ms", function->path_ms);
        jwrite_key_number(w, "budget_ms", function->budget_ms);
        jwrite_key_number(w, "process_safety_time_ms", function->process_safety_time_ms);
        jwrite_key_number(w, "process_lag_ms", function->process_lag_ms);
        jwrite_key_number(w, "margin_ms", function->margin_ms);
        jwrite_object_end(w);
}

static void function_write(JWrite *w, GraphView view, ItemNo item, Instant now)
{
        g_autoptr(SafetyFunction) function = safety_function_find(view, item, now);

        jwrite_object_begin(w);
        item_head_write(w, view, "key", item);
        jwrite_key_string(w, "standard", function->machinery ? "62061" : "61511");
        jwrite_key_string(w, "figure", function->low_demand ? "pfd" : "pfh_per_h");
        jwrite_key_number(w, "value", function->low_demand ? function->pfd : function->pfh_per_h);
        jwrite_key_string(w, "basis", safety_figure_basis_name(function->figure_basis));
        jwrite_key_level(w, "sil_target", function->sil_target);
        jwrite_key_level(w, "sil_probability", function->sil_probability);
        jwrite_key_level(w, "sil_hardware", function->sil_hardware);
        jwrite_key_level(w, "sil_systematic", function->sil_systematic);
        jwrite_key_level(w, "sil_achieved", function->sil_achieved);
        jwrite_key_string(w, "integrity", safety_verdict_name(function->integrity));
        response_write(w, function);
        jwrite_key(w, "parts");
        jwrite_array_begin(w);
        for (size_t i = 0; i < ZW_SAFETY_PARTS; i++)
                part_write(w, view, function, &function->parts[i]);
        jwrite_array_end(w);
        safety_notes_write(w, view, function->notes, NULL);
        jwrite_object_end(w);
}

bool usecase_safety_functions(Call *call, JWrite *w, GError **error)
{
        return items_tell(call, w, ZW_KIND_SAFETY_FUNCTION, function_write, error);
}

/* ---- layers of protection ---- */

static void layer_write(JWrite *w, GraphView view, const LopaLayer *layer)
{
        jwrite_object_begin(w);
        item_head_write(w, view, "key", layer->layer);
        jwrite_key_string(w, "kind", kind_def(graph_kind(view, layer->layer))->name);
        jwrite_key_number(w, "pfd", layer->pfd);
        jwrite_key_bool(w, "credited", layer->credited);
        key_write(w, view, "shares_with", layer->shares_with);
        key_write(w, view, "shared", layer->shared);
        jwrite_object_end(w);
}

static void hazard_write(JWrite *w, GraphView view, ItemNo item, Instant now)
{
        g_autoptr(Lopa) lopa = lopa_find(view, item, now);

        jwrite_object_begin(w);
        item_head_write(w, view, "key", item);
        jwrite_key_number(w, "initiating_per_y", lopa->initiating_per_y);
        jwrite_key_number(w, "modifiers", lopa->modifiers);
        jwrite_key_number(w, "unmitigated_per_y", lopa->unmitigated_per_y);
        jwrite_key_number(w, "other_layers_per_y", lopa->other_layers_per_y);
        jwrite_key_number(w, "mitigated_per_y", lopa->mitigated_per_y);
        jwrite_key_number(w, "mitigated_least_per_y", lopa->mitigated_range_per_y.least);
        jwrite_key_number(w, "mitigated_most_per_y", lopa->mitigated_range_per_y.most);
        jwrite_key_number(w, "tolerable_per_y", lopa->tolerable_per_y);
        jwrite_key_number(w, "reduction_needed", lopa->reduction_needed);
        jwrite_key_level(w, "sil_needed", lopa->sil_needed);
        jwrite_key_string(w, "verdict", safety_verdict_name(lopa->verdict));
        jwrite_key(w, "layers");
        jwrite_array_begin(w);
        for (guint i = 0; i < lopa->layers->len; i++)
                layer_write(w, view, &g_array_index(lopa->layers, LopaLayer, i));
        jwrite_array_end(w);
        safety_notes_write(w, view, lopa->notes, NULL);
        jwrite_object_end(w);
}

bool usecase_safety_lopa(Call *call, JWrite *w, GError **error)
{
        return items_tell(call, w, ZW_KIND_HAZARD, hazard_write, error);
}

/* ---- cut sets ---- */

static void set_write(JWrite *w, GraphView view, const SafetyTree *tree, const GArray *set)
{
        double probability = 1;

        jwrite_object_begin(w);
        jwrite_key(w, "events");
        jwrite_array_begin(w);
        for (guint i = 0; i < set->len; i++) {
                const uint32_t number = g_array_index(set, uint32_t, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "name", fault_tree_node(tree->tree, number)->name);
                key_write(w, view, "element", tree->elements[number]);
                jwrite_key_number(w, "probability", tree->probabilities[number]);
                jwrite_object_end(w);
                probability *= tree->probabilities[number];
        }
        jwrite_array_end(w);
        jwrite_key_number(w, "probability", probability);
        jwrite_object_end(w);
}

/* How many there are of each size, as far as sizes are told. */
static void sizes_write(JWrite *w, const CutSets *sets)
{
        const double all = cut_sets_count(sets);
        double told = 0;

        jwrite_key(w, "sizes");
        jwrite_array_begin(w);
        for (size_t size = 0; size < SIZES_MAX && told < all; size++) {
                const double n = cut_sets_count_of(sets, size);

                told += n;
                if (n == 0)
                        continue;
                jwrite_object_begin(w);
                jwrite_key_int(w, "size", (int64_t)size);
                jwrite_key_number(w, "count", n);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

bool usecase_safety_cutsets(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(SafetyTree) tree = NULL;
        g_autoptr(GPtrArray) list = NULL;
        ItemNo item;
        uint32_t limit;

        if (!graph_of_call(call, &pinned, error) || !paging_limit(call, &limit, error) ||
            !call_item(call, pinned.view, "key", &item, error))
                return false;
        tree = safety_tree_find(pinned.view, item, call->instant, error);
        if (tree == NULL)
                return false;
        list = cut_sets_list(tree->sets, limit);
        jwrite_object_begin(w);
        item_head_write(w, pinned.view, "key", item);
        jwrite_key_number(w, "count", cut_sets_count(tree->sets));
        sizes_write(w, tree->sets);
        jwrite_key_number(w, "probability", tree->probability);
        jwrite_key(w, "sets");
        jwrite_array_begin(w);
        for (guint i = 0; i < list->len; i++)
                set_write(w, pinned.view, tree, g_ptr_array_index(list, i));
        jwrite_array_end(w);
        jwrite_key_bool(w, "more", cut_sets_count(tree->sets) > list->len);
        safety_notes_write(w, pinned.view, tree->notes, NULL);
        jwrite_object_end(w);
        return true;
}

/* ---- the checklist of a review ---- */

bool usecase_safety_checklist(Call *call G_GNUC_UNUSED, JWrite *w, GError **error G_GNUC_UNUSED)
{
        size_t n;
        const SafetyFact *facts = safety_facts(&n);

        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++) {
                if (facts[i].kind != SAFETY_REVIEW)
                        continue;
                jwrite_object_begin(w);
                jwrite_key_string(w, "key", facts[i].key);
                jwrite_key_string(w, "question", facts[i].statement);
                jwrite_key_string(w, "when", facts[i].condition);
                jwrite_key_string(w, "source", facts[i].source);
                jwrite_key(w, "rows");
                jwrite_array_begin(w);
                for (const RowId *row = facts[i].rows; *row != ZW_ROW_NONE; row++)
                        jwrite_string(w, catalogue_row(*row)->id);
                jwrite_array_end(w);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        return true;
}
