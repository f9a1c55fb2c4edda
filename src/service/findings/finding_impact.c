/* What one finding does to the security case, as JSON (docs/algorithms/findings.md). */
#include "analysis/exposure.h"
#include "service/analyses/risk.h"
#include "service/internal.h"

#include <string.h>

enum { IMPACT_BYTES_MAX = 64 << 20 };

static const char *key_or_null(GraphView view, ItemNo item)
{
        return item == ZW_ITEM_NONE ? NULL : graph_key(view, item);
}

/* Key, kind and title of an item, as members of the open object. */
static void item_members_write(JWrite *w, GraphView view, ItemNo item)
{
        jwrite_key_string(w, "key", graph_key(view, item));
        jwrite_key_string(w, "kind", kind_def(graph_kind(view, item))->name);
        jwrite_key_string(w, "title", graph_title(view, item));
}

/* ---- rows ---- */

static void row_members_write(JWrite *w, RowId row)
{
        const CatalogueRow *known = catalogue_row(row);

        jwrite_key_string(w, "ref", known->id);
        jwrite_key_string(w, "title", known->title);
        jwrite_key_int(w, "fr", known->fr);
}

static void rows_write(JWrite *w, const Exposure *exposure)
{
        jwrite_key(w, "rows");
        jwrite_array_begin(w);
        for (guint i = 0; i < exposure->rows->len; i++) {
                const Proposal *proposal = &g_array_index(exposure->rows, Proposal, i);

                jwrite_object_begin(w);
                row_members_write(w, proposal->row);
                jwrite_key_string(w, "basis", proposal_basis_name(proposal->basis));
                jwrite_key_string(w, "reason", proposal->reason);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* ---- places ---- */

static const char *const case_names[ZW_EXPOSURE_CASES] = {
        [EXPOSURE_WITHOUT_FINDINGS] = "without_findings",
        [EXPOSURE_NOW] = "now",
        [EXPOSURE_IF_CLEARED] = "if_cleared",
        [EXPOSURE_IF_CONFIRMED] = "if_confirmed",
};

static void vectors_write(JWrite *w, const char *name, const SlVector *vectors)
{
        jwrite_key(w, name);
        jwrite_object_begin(w);
        for (int i = 0; i < ZW_EXPOSURE_CASES; i++) {
                jwrite_key(w, case_names[i]);
                sl_vector_write(&vectors[i], w);
        }
        jwrite_object_end(w);
}

static void place_write(JWrite *w, GraphView view, const ExposedPlace *place)
{
        jwrite_object_begin(w);
        item_members_write(w, view, place->place);
        jwrite_key(w, "target");
        sl_vector_write(&place->target, w);
        vectors_write(w, "verified", place->verified);
        vectors_write(w, "claimed", place->claimed);
        jwrite_key(w, "rows");
        jwrite_array_begin(w);
        for (guint i = 0; i < place->rows->len; i++) {
                const ExposedRow *row = &g_array_index(place->rows, ExposedRow, i);

                jwrite_object_begin(w);
                row_members_write(w, row->row);
                jwrite_key_string(w, "member", graph_key(view, row->member));
                jwrite_key_string(w, "status", row_status_name(row->status));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_object_end(w);
}

static void places_write(JWrite *w, GraphView view, const Exposure *exposure)
{
        jwrite_key(w, "places");
        jwrite_array_begin(w);
        for (guint i = 0; i < exposure->places->len; i++)
                place_write(w, view, &g_array_index(exposure->places, ExposedPlace, i));
        jwrite_array_end(w);
}

/* ---- what clears it ---- */

/* States of the lifecycle that clear a finding, or those that do not and are no retirement. */
static void states_write(JWrite *w, const char *name, bool clearing)
{
        const LifecycleId lifecycle = kind_def(ZW_KIND_FINDING)->lifecycle;

        jwrite_key(w, name);
        jwrite_array_begin(w);
        for (StateId state = 0; state < ZW_STATE_COUNT; state++) {
                const unsigned flags = state_def(state)->flags;

                if (lifecycle_has(lifecycle, state) && (flags & STATE_RETIRED) == 0 &&
                    ((flags & STATE_CLEARED) != 0) == clearing)
                        jwrite_string(w, state_def(state)->name);
        }
        jwrite_array_end(w);
}

static void clearing_write(JWrite *w, GraphView view, const Exposure *exposure)
{
        jwrite_key(w, "clears");
        jwrite_object_begin(w);
        jwrite_key_bool(w, "cleared", exposure->cleared);
        states_write(w, "states", true);
        states_write(w, "not_states", false);
        jwrite_key(w, "countermeasures");
        jwrite_array_begin(w);
        for (guint i = 0; i < exposure->measures->len; i++) {
                const ExposureMeasure *measure = &g_array_index(exposure->measures, ExposureMeasure, i);

                jwrite_object_begin(w);
                item_members_write(w, view, measure->countermeasure);
                jwrite_key_bool(w, "clears", measure->clears);
                jwrite_key_string(w, "why", measure->why);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_object_end(w);
}

/* ---- scenarios and functions ---- */

/* The live risks that assess a scenario, each with the place it is within. */
static void risks_write(JWrite *w, GraphView view, ItemNo threat)
{
        GraphIter iter = graph_iter(view, threat, GRAPH_IN, LINK_MASK(ZW_LINK_ASSESSES));
        GraphEdge edge;

        jwrite_key(w, "risks");
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other))
                        continue;
                jwrite_object_begin(w);
                item_members_write(w, view, edge.other);
                jwrite_key_string(w, "within",
                                  key_or_null(view,
                                              graph_first(view, edge.other, GRAPH_OUT, ZW_LINK_WITHIN)));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void scenarios_write(JWrite *w, GraphView view, const Exposure *exposure)
{
        jwrite_key(w, "scenarios");
        jwrite_array_begin(w);
        for (guint i = 0; i < exposure->scenarios->len; i++) {
                const ExposedScenario *scenario = &g_array_index(exposure->scenarios, ExposedScenario, i);

                jwrite_object_begin(w);
                item_members_write(w, view, scenario->threat);
                jwrite_key_bool(w, "linked", scenario->linked);
                jwrite_key_string(w, "target", key_or_null(view, scenario->target));
                risks_write(w, view, scenario->threat);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void functions_write(JWrite *w, GraphView view, const Exposure *exposure)
{
        jwrite_key(w, "functions");
        jwrite_array_begin(w);
        for (guint i = 0; i < exposure->functions->len; i++) {
                const ExposedFunction *function = &g_array_index(exposure->functions, ExposedFunction, i);

                jwrite_object_begin(w);
                item_members_write(w, view, function->function);
                jwrite_key_string(w, "element", graph_key(view, function->element));
                jwrite_key_string(w, "as", as_name(function->as));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static void assets_write(JWrite *w, GraphView view, const Exposure *exposure)
{
        jwrite_key(w, "assets");
        jwrite_array_begin(w);
        for (guint i = 0; i < exposure->assets->len; i++) {
                const ItemNo asset = g_array_index(exposure->assets, ItemNo, i);

                jwrite_object_begin(w);
                item_members_write(w, view, asset);
                jwrite_key_string(w, "place",
                                  key_or_null(view, graph_first(view, asset, GRAPH_OUT, ZW_LINK_PART_OF)));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* ---- the answer ---- */

/* What is at stake and what clears it, as members of the open object: all that a note is about. */
static void impact_members_write(JWrite *w, GraphView view, const Exposure *exposure)
{
        jwrite_key_bool(w, "confirmed", exposure->confirmed);
        jwrite_key_bool(w, "unmapped", exposure->rows->len == 0);
        rows_write(w, exposure);
        assets_write(w, view, exposure);
        places_write(w, view, exposure);
        clearing_write(w, view, exposure);
        scenarios_write(w, view, exposure);
        functions_write(w, view, exposure);
}

/* SHA-256 of these members as they are written; the same impact has the same at any commit. Errors: LIMIT. */
static bool impact_hash(GraphView view, const Exposure *exposure, char ret_hex[ZW_DIGEST_HEX], GError **error)
{
        g_autoptr(Out) out = out_new(IMPACT_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        Digest digest;

        jwrite_object_begin(w);
        impact_members_write(w, view, exposure);
        jwrite_object_end(w);
        if (!out_check(out, error))
                return false;
        digest = hash_sha256(out_data(out), out_length(out));
        hex_encode(digest.b, sizeof digest.b, ret_hex);
        return true;
}

/* Free it; NULL where there is none. */
static char *text_of(GraphView view, ItemNo item, AttrId attr)
{
        size_t n;
        const char *text = facts_get_text(graph_facts(view, item), attr, &n);

        return text == NULL ? NULL : g_strndup(text, n);
}

/* What somebody said of it, and whether it is still about this impact. */
static void note_write(JWrite *w, GraphView view, ItemNo finding, const char *hash)
{
        g_autofree char *note = text_of(view, finding, ZW_ATTR_IMPACT_NOTE),
                        *about = text_of(view, finding, ZW_ATTR_IMPACT_HASH);

        jwrite_key_string(w, "hash", hash);
        jwrite_key(w, "note");
        if (note == NULL) {
                jwrite_null(w);
                return;
        }
        jwrite_object_begin(w);
        jwrite_key_string(w, "text", note);
        jwrite_key_string(w, "hash", about);
        jwrite_key_bool(w, "current", g_strcmp0(about, hash) == 0);
        jwrite_object_end(w);
}

static void exposure_write(JWrite *w, GraphView view, const Exposure *exposure, const char *hash)
{
        jwrite_object_begin(w);
        item_members_write(w, view, exposure->finding);
        jwrite_key_int(w, "rev", graph_rev(view, exposure->finding));
        jwrite_key_string(w, "state", state_def(graph_state(view, exposure->finding))->name);
        jwrite_key_int(w, "commit", (int64_t)view.seq);
        impact_members_write(w, view, exposure);
        note_write(w, view, exposure->finding, hash);
        jwrite_object_end(w);
}

/* The finding of a call, what it does, and the hash of that. */
typedef struct {
        PinnedGraph pinned;
        Assess *assess;
        Exposure *exposure;
        char hash[ZW_DIGEST_HEX];
} Judged;

static void judged_clear(Judged *judged)
{
        exposure_free(judged->exposure);
        assess_free(judged->assess);
        pinned_graph_clear(&judged->pinned);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Judged, judged_clear)

/* That of all it does, whoever asks: a note stays about the impact it was written for where only a part of that is shown. */
static bool whole_hash(Judged *judged, ItemNo finding, Instant now, GError **error)
{
        const GraphView view = judged->pinned.view, whole = graph_whole(view);
        g_autoptr(Assess) assess = NULL;
        g_autoptr(Exposure) exposure = NULL;

        if (whole.graph == view.graph)
                return impact_hash(view, judged->exposure, judged->hash, error);
        assess = assess_new(whole, now);
        exposure = exposure_find(assess, finding);
        return impact_hash(whole, exposure, judged->hash, error);
}

/* Errors: NOT_FOUND, also where it is no finding. */
static bool judged_load(Judged *judged, Call *call, GError **error)
{
        GraphView view;
        ItemNo finding;

        if (!graph_of_call(call, &judged->pinned, error) ||
            !call_item(call, judged->pinned.view, "key", &finding, error))
                return false;
        view = judged->pinned.view;
        if (graph_kind(view, finding) != ZW_KIND_FINDING) {
                error_set(error, ZW_ERR_NOT_FOUND, "/key", "%s is no finding", graph_key(view, finding));
                return false;
        }
        judged->assess = assess_new(view, call->instant);
        judged->exposure = exposure_find(judged->assess, finding);
        return whole_hash(judged, finding, call->instant, error);
}

bool usecase_finding_impact(Call *call, JWrite *w, GError **error)
{
        g_auto(Judged) judged = { 0 };

        if (!judged_load(&judged, call, error))
                return false;
        exposure_write(w, judged.pinned.view, judged.exposure, judged.hash);
        return true;
}

bool usecase_finding_note(Call *call, JWrite *w, GError **error)
{
        const char *key = jread_get_string(call->input, "key"), *text = jread_get_string(call->input, "text");
        g_auto(Judged) judged = { 0 };
        g_autoptr(Json) ops = NULL;

        if (text == NULL || *text == '\0') {
                error_set(error, ZW_ERR_INPUT, "/text", "a note says something");
                return false;
        }
        if (!judged_load(&judged, call, error))
                return false;
        ops = json_pack("[{s:s, s:s, s:{s:s, s:s}}]", "op", "item", "key", key, "attrs", "impact_note", text,
                        "impact_hash", judged.hash);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", key);
        jwrite_key_string(w, "hash", judged.hash);
        if (!edit_call(call, ops, "a note on the impact of a finding", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
