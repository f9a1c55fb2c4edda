/* Security levels, gaps and the gate. */
#include "analysis/assess.h"
#include "service/feeds/feed_health.h"
#include "service/analyses/risk.h"

#include <string.h>

static const char *key_or_null(GraphView view, ItemNo item)
{
        return item == ZW_ITEM_NONE ? NULL : graph_key(view, item);
}

static void causes_write(JWrite *w, GraphView view, const GPtrArray *causes)
{
        for (guint i = 0; causes != NULL && i < causes->len; i++) {
                const Cause *cause = g_ptr_array_index(causes, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "kind", cause->kind);
                jwrite_key_string(w, "item", key_or_null(view, cause->item));
                jwrite_key_string(w, "text", cause->text);
                jwrite_object_end(w);
        }
}

static void vector_key(JWrite *w, const char *key, const SlVector *vector)
{
        jwrite_key(w, key);
        sl_vector_write(vector, w);
}

/* ---- sl ---- */

static void reason_write(JWrite *w, GraphView view, const RowAssessment *row, int level,
                         const MemberStatus *member)
{
        jwrite_object_begin(w);
        jwrite_key_int(w, "fr", catalogue_row(row->row)->fr);
        jwrite_key_int(w, "level", level);
        jwrite_key_string(w, "ref", catalogue_row(row->row)->id);
        jwrite_key_string(w, "requirement", key_or_null(view, row->requirement));
        jwrite_key_string(w, "member", member == NULL ? NULL : graph_key(view, member->member));
        jwrite_key_string(w, "status", row_status_name(member == NULL ? row->status : member->status));
        jwrite_key_bool(w, "broken", member == NULL ? row->broken : member->broken);
        jwrite_key(w, "causes");
        jwrite_array_begin(w);
        causes_write(w, view, row->causes);
        causes_write(w, view, member == NULL ? NULL : member->causes);
        jwrite_array_end(w);
        jwrite_object_end(w);
}

/* Does the member keep its row from counting in this vector? */
static bool member_stops(const MemberStatus *member, LevelKind kind)
{
        const bool findings = kind == LEVEL_VERIFIED_WITH_FINDINGS || kind == LEVEL_CLAIMED_WITH_FINDINGS;
        const bool claims = kind == LEVEL_CLAIMED || kind == LEVEL_CLAIMED_WITH_FINDINGS;

        if (member->status == STATUS_REMOVED)
                return false;
        if (findings && member->broken)
                return true;
        return member->status != STATUS_VERIFIED && !(claims && member->status == STATUS_CLAIMED);
}

/* The rows that stop each entry of a vector at n + 1; for an unknown entry, the rows that are unknown. */
static void reasons_write(JWrite *w, GraphView view, const PlaceAssessment *place, const char *key,
                          LevelKind kind)
{
        jwrite_key(w, key);
        jwrite_array_begin(w);
        for (RowId i = 0; i < ZW_SR_ROWS; i++) {
                const RowAssessment *row = &place->rows[i];
                int reached = place_vector(place, kind)->e[catalogue_row(i)->fr - 1];
                bool any = false;

                if (!row_stops_level(place, i, kind))
                        continue;
                for (guint m = 0; m < row->members->len; m++) {
                        const MemberStatus *member = &g_array_index(row->members, MemberStatus, m);

                        if (!member_stops(member, kind))
                                continue;
                        reason_write(w, view, row, reached + 1, member);
                        any = true;
                }
                if (!any)
                        reason_write(w, view, row, reached + 1, NULL);
        }
        jwrite_array_end(w);
}

/* What stops the other three vectors, each by its own name. */
static void stops_write(JWrite *w, GraphView view, const PlaceAssessment *place)
{
        jwrite_key(w, "stops");
        jwrite_object_begin(w);
        reasons_write(w, view, place, "claimed", LEVEL_CLAIMED);
        reasons_write(w, view, place, "verified_with_findings", LEVEL_VERIFIED_WITH_FINDINGS);
        reasons_write(w, view, place, "claimed_with_findings", LEVEL_CLAIMED_WITH_FINDINGS);
        jwrite_object_end(w);
}

static void shares_write(JWrite *w, const int *met, const int *of)
{
        jwrite_key(w, "rows");
        jwrite_array_begin(w);
        for (int fr = 0; fr < ZW_FR_COUNT; fr++) {
                jwrite_object_begin(w);
                jwrite_key_int(w, "met", met[fr]);
                jwrite_key_int(w, "of", of[fr]);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

/* How many rows of each FR are verified, of those that are not removed: what an entry rests on. */
static void place_shares_write(JWrite *w, const PlaceAssessment *place)
{
        int met[ZW_FR_COUNT] = { 0 }, of[ZW_FR_COUNT] = { 0 };

        for (RowId i = 0; i < ZW_SR_ROWS; i++) {
                int fr = catalogue_row(i)->fr - 1;

                of[fr] += place->rows[i].status != STATUS_REMOVED;
                met[fr] += place->rows[i].status == STATUS_VERIFIED;
        }
        shares_write(w, met, of);
}

/* `alone`: the only place asked about, of which everything is told. */
static void place_write(JWrite *w, GraphView view, const PlaceAssessment *place, const RiskMethods *methods,
                        bool reasons, bool alone)
{
        g_autoptr(Derivation) derivation = target_derive(view, methods, place->place);

        jwrite_object_begin(w);
        jwrite_key_string(w, "place", graph_key(view, place->place));
        jwrite_key_string(w, "kind", kind_def(graph_kind(view, place->place))->name);
        jwrite_key_string(w, "title", graph_title(view, place->place));
        vector_key(w, "target", &place->target);
        jwrite_key(w, "achieved");
        jwrite_object_begin(w);
        vector_key(w, "verified", &place->verified);
        vector_key(w, "claimed", &place->claimed);
        vector_key(w, "verified_with_findings", &place->verified_with_findings);
        vector_key(w, "claimed_with_findings", &place->claimed_with_findings);
        jwrite_object_end(w);
        place_shares_write(w, place);
        jwrite_key(w, "derivation");
        jwrite_object_begin(w);
        derivation_members_write(w, view, derivation);
        jwrite_object_end(w);
        if (reasons) {
                reasons_write(w, view, place, "reasons", LEVEL_VERIFIED);
                if (alone)
                        stops_write(w, view, place);
        }
        jwrite_object_end(w);
}

static void capability_reason_write(JWrite *w, GraphView view, const CapabilityReason *reason)
{
        jwrite_object_begin(w);
        jwrite_key_int(w, "fr", catalogue_row(reason->row)->fr);
        jwrite_key_int(w, "level", reason->level);
        jwrite_key_string(w, "ref", catalogue_row(reason->row)->id);
        jwrite_key_string(w, "requirement", key_or_null(view, reason->requirement));
        jwrite_key_string(w, "member", key_or_null(view, reason->member));
        jwrite_key_string(w, "claim", key_or_null(view, reason->claim));
        jwrite_key_string(w, "status", reason->status);
        jwrite_key_string(w, "text", reason->text);
        jwrite_key(w, "causes");
        jwrite_array_begin(w);
        causes_write(w, view, reason->causes);
        jwrite_array_end(w);
        jwrite_object_end(w);
}

static void types_write(JWrite *w, GraphView view, ItemNo component)
{
        uint32_t types = facts_get_set(graph_facts(view, component), ZW_ATTR_TYPES);
        const AttrDef *def = attr_get(ZW_KIND_COMPONENT, ZW_ATTR_TYPES);

        jwrite_key(w, "types");
        jwrite_array_begin(w);
        for (size_t i = 0; i < def->n_values; i++)
                if (types & (1U << i))
                        jwrite_string(w, def->values[i]);
        jwrite_array_end(w);
}

/* SL-C of a component or of a system. */
static bool capability_write(Call *call, const char *member, Assess *assess, JWrite *w, GError **error)
{
        GraphView view = assess_view(assess);
        g_autoptr(Capability) capability = NULL;
        ItemNo item;

        if (!call_item(call, view, member, &item, error))
                return false;
        if (graph_kind(view, item) != ZW_KIND_SYSTEM &&
            (graph_kind(view, item) != ZW_KIND_COMPONENT || strcmp(member, "system") == 0)) {
                g_autofree char *where = g_strconcat("/", member, NULL);

                error_set(error, ZW_ERR_USAGE, where, "%s is no %s", graph_key(view, item), member);
                return false;
        }
        jwrite_object_begin(w);
        jwrite_key_string(w, kind_def(graph_kind(view, item))->name, graph_key(view, item));
        if (graph_kind(view, item) == ZW_KIND_COMPONENT) {
                capability = assess_component(assess, item);
                types_write(w, view, item);
        } else
                capability = assess_system(assess, item);
        vector_key(w, "capability", &capability->native);
        vector_key(w, "with_compensation", &capability->with_compensation);
        vector_key(w, "claimed", &capability->claimed);
        shares_write(w, capability->met, capability->of);
        jwrite_key(w, "reasons");
        jwrite_array_begin(w);
        for (guint i = 0; i < capability->reasons->len; i++)
                capability_reason_write(w, view, &g_array_index(capability->reasons, CapabilityReason, i));
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}

bool places_of_call(Call *call, const Assess *assess, GArray *ret_places, GError **error)
{
        GraphView view = assess_view(assess);
        size_t n;
        const ItemNo *places = assess_places(assess, &n);
        ItemNo one;

        if (jread_get_string(call->input, "zone") == NULL) {
                g_array_append_vals(ret_places, places, (guint)n);
                return true;
        }
        if (!call_item(call, view, "zone", &one, error))
                return false;
        if (graph_kind(view, one) != ZW_KIND_ZONE && graph_kind(view, one) != ZW_KIND_CONDUIT) {
                error_set(error, ZW_ERR_USAGE, "/zone", "%s is neither a zone nor a conduit",
                          graph_key(view, one));
                return false;
        }
        g_array_append_val(ret_places, one);
        return true;
}

/* One place is computed sooner than all are brought up to date. */
static Assess *assess_of_places(const Call *call, const PinnedGraph *pinned)
{
        static const char *const one[] = { "zone", "component", "system" };

        for (size_t i = 0; i < G_N_ELEMENTS(one); i++)
                if (jread_get_string(call->input, one[i]) != NULL)
                        return assess_new(pinned->view, call->instant);
        return assess_of_call(call, pinned);
}

bool usecase_sl(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        static const char *const capable[] = { "component", "system" };
        bool reasons = jread_get_bool(call->input, "reasons", true);
        g_autoptr(RiskMethods) methods = NULL;
        g_autoptr(Assess) assess = NULL;

        if (!graph_of_call(call, &pinned, error))
                return false;
        assess = reasons ? assess_new(pinned.view, call->instant) : assess_of_places(call, &pinned);
        for (size_t i = 0; i < G_N_ELEMENTS(capable); i++)
                if (jread_get_string(call->input, capable[i]) != NULL)
                        return capability_write(call, capable[i], assess, w, error);
        if (!places_of_call(call, assess, places, error))
                return false;
        methods = risk_methods_of_call(call, error);
        if (methods == NULL)
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < places->len; i++) {
                g_autoptr(PlaceAssessment)
                        place = assess_place(assess, g_array_index(places, ItemNo, i), reasons);

                place_write(w, pinned.view, place, methods, reasons,
                            jread_get_string(call->input, "zone") != NULL);
        }
        jwrite_array_end(w);
        return true;
}

/* ---- gaps ---- */

static void gap_write(JWrite *w, GraphView view, ItemNo place, const RowAssessment *row)
{
        g_autofree char *ref = catalogue_ref(row->row);

        jwrite_object_begin(w);
        jwrite_key_string(w, "place", graph_key(view, place));
        jwrite_key_string(w, "ref", ref);
        jwrite_key_string(w, "title", catalogue_row(row->row)->title);
        jwrite_key_string(w, "requirement", key_or_null(view, row->requirement));
        jwrite_key_string(w, "unallocated", key_or_null(view, row->unallocated));
        jwrite_key_string(w, "status", row_status_name(row->status));
        jwrite_key_bool(w, "broken", row->broken);
        jwrite_key_string(w, "stage", row_stage_name(row_stage(view, row)));
        jwrite_key_string(w, "waiver", key_or_null(view, row->waiver));
        jwrite_key(w, "causes");
        jwrite_array_begin(w);
        causes_write(w, view, row->causes);
        for (guint m = 0; m < row->members->len; m++)
                causes_write(w, view, g_array_index(row->members, MemberStatus, m).causes);
        jwrite_array_end(w);
        jwrite_object_end(w);
}

bool usecase_gaps(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(Assess) assess = NULL;

        if (!graph_of_call(call, &pinned, error))
                return false;
        assess = assess_new(pinned.view, call->instant);
        if (!places_of_call(call, assess, places, error))
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < places->len; i++) {
                g_autoptr(PlaceAssessment)
                        place = assess_place(assess, g_array_index(places, ItemNo, i), true);

                for (RowId row = 0; row < ZW_SR_ROWS; row++)
                        if (catalogue_demanded(row, place->target.e[catalogue_row(row)->fr - 1]))
                                gap_write(w, pinned.view, place->place, &place->rows[row]);
        }
        jwrite_array_end(w);
        return true;
}

/* ---- gate ---- */

/* What is demanded of each entry: the level asked for, else SL-T. Errors: INPUT. */
static bool demand_of_call(const Call *call, bool *ret_target, SlVector *ret_demand, GError **error)
{
        const json_t *given = json_object_get(call->input, "sl");

        *ret_target = given == NULL;
        if (given == NULL)
                return true;
        if (!json_is_integer(given) || json_integer_value(given) < 1 ||
            json_integer_value(given) > ZW_SL_MAX) {
                error_set(error, ZW_ERR_INPUT, "/sl", "a security level is 1 to %d", ZW_SL_MAX);
                return false;
        }
        for (int i = 0; i < ZW_FR_COUNT; i++)
                ret_demand->e[i] = (int8_t)json_integer_value(given);
        return true;
}

/* An entry that is not derived or not known passes nothing. */
static bool entry_is_met(const SlVector *demand, const SlVector *achieved, int fr)
{
        return demand->e[fr - 1] != ZW_SL_UNKNOWN && achieved->e[fr - 1] != ZW_SL_UNKNOWN &&
               achieved->e[fr - 1] >= demand->e[fr - 1];
}

static void stops_of_fr_write(JWrite *w, const PlaceAssessment *place, LevelKind kind, int fr)
{
        jwrite_key(w, "refs");
        jwrite_array_begin(w);
        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                if (catalogue_row(row)->fr == fr && row_stops_level(place, row, kind))
                        jwrite_string(w, catalogue_row(row)->id);
        jwrite_array_end(w);
}

static void entry_key(JWrite *w, const char *key, int level)
{
        if (level == ZW_SL_UNKNOWN)
                jwrite_key_null(w, key);
        else
                jwrite_key_int(w, key, level);
}

/* One place; gives whether it passes. */
static bool gate_write(JWrite *w, GraphView view, const PlaceAssessment *place, const SlVector *demand,
                       LevelKind kind)
{
        const SlVector *achieved = place_vector(place, kind);
        bool met = true;

        jwrite_object_begin(w);
        jwrite_key_string(w, "place", graph_key(view, place->place));
        vector_key(w, "demanded", demand);
        vector_key(w, "achieved", achieved);
        jwrite_key(w, "fails");
        jwrite_array_begin(w);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++) {
                if (entry_is_met(demand, achieved, fr))
                        continue;
                met = false;
                jwrite_object_begin(w);
                jwrite_key_int(w, "fr", fr);
                entry_key(w, "demanded", demand->e[fr - 1]);
                entry_key(w, "achieved", achieved->e[fr - 1]);
                stops_of_fr_write(w, place, kind, fr);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_key_bool(w, "met", met);
        jwrite_object_end(w);
        return met;
}

bool usecase_gate(Call *call, JWrite *w, GError **error)
{
        const LevelKind kind = jread_get_bool(call->input, "findings", false) ? LEVEL_VERIFIED_WITH_FINDINGS
                                                                              : LEVEL_VERIFIED;
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(FeedHealth) health = NULL; /* findings rest on the feeds: unknown is not met */
        g_autoptr(Assess) assess = NULL;
        SlVector demand;
        bool target, met = true;

        if (!demand_of_call(call, &target, &demand, error) || !graph_of_call(call, &pinned, error))
                return false;
        if (kind == LEVEL_VERIFIED_WITH_FINDINGS) {
                health = feed_health_load(call->service, call->instant, error);
                if (health == NULL)
                        return false;
        }
        assess = assess_of_places(call, &pinned);
        if (!places_of_call(call, assess, places, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key(w, "places");
        jwrite_array_begin(w);
        for (guint i = 0; i < places->len; i++) {
                g_autoptr(PlaceAssessment)
                        place = assess_place(assess, g_array_index(places, ItemNo, i), false);

                met = gate_write(w, pinned.view, place, target ? &place->target : &demand, kind) && met;
        }
        jwrite_array_end(w);
        if (health != NULL)
                feed_health_key(health, w);
        jwrite_key_bool(w, "met", met && places->len > 0 && (health == NULL || feed_health_is_known(health)));
        jwrite_object_end(w);
        return true;
}
