/* SL-T derived from the risks: what it gives, and one commit that writes it (docs/algorithms/sl-t.md). */
#include "analysis/assess.h"
#include "service/analyses/risk.h"

#include <inttypes.h>
#include <string.h>

/* ---- said ---- */

static void witnesses_write(JWrite *w, GraphView view, const Derivation *d, int fr)
{
        jwrite_array_begin(w);
        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);

                if (derivation_is_witness(d, risk, fr))
                        jwrite_string(w, graph_key(view, risk->risk));
        }
        jwrite_array_end(w);
}

static void basis_write(JWrite *w, const char *key, const TargetBasis *basis)
{
        jwrite_key(w, key);
        jwrite_array_begin(w);
        for (int i = 0; i < ZW_FR_COUNT; i++) {
                if (basis[i] == TARGET_NONE)
                        jwrite_null(w);
                else
                        jwrite_string(w, target_basis_name(basis[i]));
        }
        jwrite_array_end(w);
}

static void methods_write(JWrite *w, const Derivation *d)
{
        jwrite_key(w, "methods");
        jwrite_array_begin(w);
        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);
                bool seen = risk->method == NULL || risk->frs == 0;

                for (guint k = 0; !seen && k < i; k++) {
                        const RatedRisk *other = g_ptr_array_index(d->risks, k);

                        seen = other->method == risk->method && other->frs != 0;
                }
                if (!seen)
                        jwrite_string(w, risk_method_name(risk->method));
        }
        jwrite_array_end(w);
}

static void unknown_write(JWrite *w, GraphView view, const Derivation *d)
{
        jwrite_key(w, "unknown");
        jwrite_array_begin(w);
        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);

                if (risk->level.sl >= 0)
                        continue;
                jwrite_object_begin(w);
                jwrite_key_string(w, "risk", graph_key(view, risk->risk));
                jwrite_key_string(w, "reason", risk->level.unknown);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

void derivation_members_write(JWrite *w, GraphView view, const Derivation *d)
{
        g_autofree char *arithmetic = derivation_arithmetic(view, d);

        jwrite_key_string(w, "target", d->target == ZW_ITEM_NONE ? NULL : graph_key(view, d->target));
        jwrite_key_string(w, "state", target_state_name(d->state));
        jwrite_key(w, "stated");
        sl_vector_write(&d->stated, w);
        basis_write(w, "stated_basis", d->stated_basis);
        jwrite_key(w, "derived");
        sl_vector_write(&d->derived, w);
        basis_write(w, "basis", d->basis);
        jwrite_key(w, "witnesses");
        jwrite_array_begin(w);
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                witnesses_write(w, view, d, fr);
        jwrite_array_end(w);
        methods_write(w, d);
        jwrite_key_string(w, "arithmetic", arithmetic);
        jwrite_key(w, "review");
        jwrite_array_begin(w);
        for (guint i = 0; i < d->review->len; i++)
                jwrite_string(w, g_ptr_array_index(d->review, i));
        jwrite_array_end(w);
        unknown_write(w, view, d);
}

void derivation_write(JWrite *w, GraphView view, const Derivation *d)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "place", graph_key(view, d->place));
        derivation_members_write(w, view, d);
        jwrite_object_end(w);
}

/* ---- written ---- */

typedef struct {
        GraphView view;
        json_t *ops;
        uint64_t next; /* number of the next new target */
} Writing;

/* An entry that a policy or an override gives stays, and so does a 0 that has a statement. */
static bool entry_stays(const Writing *writing, const Derivation *d, int i)
{
        if (d->target == ZW_ITEM_NONE || d->stated.e[i] == ZW_SL_UNKNOWN)
                return false;
        if (d->stated_basis[i] == TARGET_POLICY || d->stated_basis[i] == TARGET_OVERRIDE)
                return true;
        return d->stated.e[i] == 0 && d->derived.e[i] <= 0 &&
               facts_has(graph_facts(writing->view, d->target), ZW_ATTR_ZERO_STATEMENT);
}

static json_t *vector_json(const SlVector *vector)
{
        json_t *array = json_array();

        for (int i = 0; i < ZW_FR_COUNT; i++)
                json_array_append_new(array, vector->e[i] == ZW_SL_UNKNOWN ? json_null()
                                                                           : json_integer(vector->e[i]));
        return array;
}

/* One basis for all, where it is the same; an entry that says nothing will be derived in detail. */
static json_t *basis_json(const SlVector *vector, const TargetBasis *basis)
{
        bool same = true, any = false;
        TargetBasis one = TARGET_DETAILED;
        json_t *array = json_array();

        for (int i = 0; i < ZW_FR_COUNT; i++) {
                const bool says = vector->e[i] != ZW_SL_UNKNOWN && basis[i] != TARGET_NONE;
                const TargetBasis each = says ? basis[i] : TARGET_DETAILED;

                if (says && !any)
                        one = each;
                any = any || says;
                same = same && (each == one || (!says && one == TARGET_INITIAL));
                json_array_append_new(array, json_string(target_basis_name(each)));
        }
        if (!same)
                return array;
        json_decref(array);
        return json_pack("[s]", target_basis_name(one));
}

static json_t *methods_json(const Derivation *d)
{
        json_t *array = json_array();

        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);
                bool seen = risk->method == NULL || risk->frs == 0;
                const json_t *name;
                size_t k;

                json_array_foreach(array, k, name)
                        seen = seen || strcmp(json_string_value(name), risk_method_name(risk->method)) == 0;
                if (!seen)
                        json_array_append_new(array, json_string(risk_method_name(risk->method)));
        }
        return array;
}

static json_t *attrs_json(const Writing *writing, const Derivation *d)
{
        g_autofree char *arithmetic = derivation_arithmetic(writing->view, d);
        TargetBasis basis[ZW_FR_COUNT];
        SlVector vector = d->derived;

        for (int i = 0; i < ZW_FR_COUNT; i++) {
                const bool stays = entry_stays(writing, d, i);

                basis[i] = stays ? d->stated_basis[i] : d->basis[i];
                if (stays)
                        vector.e[i] = d->stated.e[i];
        }
        return json_pack("{s:o, s:o, s:o, s:o, s:s}", "vector", vector_json(&vector), "basis",
                         basis_json(&vector, basis), "derived", vector_json(&d->derived), "methods",
                         methods_json(d), "arithmetic", arithmetic);
}

static bool is_witness_of_any(const Derivation *d, ItemNo item)
{
        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);

                for (int fr = 1; risk->risk == item && fr <= ZW_FR_COUNT; fr++)
                        if (derivation_is_witness(d, risk, fr))
                                return true;
        }
        return false;
}

static void link_op(Writing *writing, const char *op, ItemNo risk, const char *target)
{
        json_array_append_new(writing->ops, json_pack("{s:s, s:s, s:s, s:s}", "op", op, "from",
                                                      graph_key(writing->view, risk), "type",
                                                      link_type_def(ZW_LINK_JUSTIFIES)->name, "to", target));
}

/* Links of what gives no entry any more end; those of witnesses are made anew, and so judged as of now. */
static void links_write(Writing *writing, const Derivation *d, const char *target)
{
        if (d->target != ZW_ITEM_NONE) {
                GraphIter iter = graph_iter(writing->view, d->target, GRAPH_IN, LINK_MASK(ZW_LINK_JUSTIFIES));
                GraphEdge edge;

                while (graph_next(&iter, &edge))
                        link_op(writing, "unlink", edge.other, target);
        }
        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);

                if (is_witness_of_any(d, risk->risk))
                        link_op(writing, "link", risk->risk, target);
        }
}

/* The item: a new one, or another revision. What was approved is a draft then, since nobody has approved the new levels. */
static char *item_write(Writing *writing, const Derivation *d)
{
        char *key = d->target == ZW_ITEM_NONE
                            ? g_strdup_printf("%s-%" PRIu64, kind_def(ZW_KIND_SL_TARGET)->prefix,
                                              writing->next++)
                            : g_strdup(graph_key(writing->view, d->target));
        json_t *item = json_pack("{s:s, s:s, s:s, s:o}", "op", "item", "key", key, "kind",
                                 kind_def(ZW_KIND_SL_TARGET)->name, "attrs", attrs_json(writing, d));

        if (d->target == ZW_ITEM_NONE) {
                json_object_set_new(item, "title",
                                    json_sprintf("SL-T of %s", graph_title(writing->view, d->place)));
                json_object_set_new(item, "rev", json_integer(0));
        } else {
                json_object_set_new(item, "rev",
                                    json_integer(graph_rev(writing->view, d->target) +
                                                 (graph_is_approved(writing->view, d->target) ? 1 : 0)));
                if (graph_is_approved(writing->view, d->target))
                        json_array_append_new(writing->ops,
                                              json_pack("{s:s, s:s, s:s}", "op", "transition", "key", key,
                                                        "to", state_def(ZW_STATE_DRAFT)->name));
        }
        json_array_append_new(writing->ops, item);
        if (d->target == ZW_ITEM_NONE)
                json_array_append_new(writing->ops,
                                      json_pack("{s:s, s:s, s:s, s:s}", "op", "link", "from", key, "type",
                                                link_type_def(ZW_LINK_TARGETS)->name, "to",
                                                graph_key(writing->view, d->place)));
        return key;
}

static void derivation_ops(Writing *writing, const Derivation *d)
{
        g_autofree char *key = NULL;

        if (d->state != TARGET_MISSING && d->state != TARGET_UNDER_REVIEW)
                return;
        key = item_write(writing, d);
        links_write(writing, d, key);
}

/* Keys are never used again, so those of retired items count too. */
uint64_t item_next_number(GraphView view, KindId kind)
{
        const char *prefix = kind_def(kind)->prefix;
        static const guint64 NUMBER_MAX = G_GUINT64_CONSTANT(999999999999999999); /* of 18 digits */
        guint64 highest = 0;

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                guint64 number;

                if (graph_exists(view, item) && g_str_has_prefix(graph_key(view, item), prefix) &&
                    graph_key(view, item)[strlen(prefix)] == '-' &&
                    g_ascii_string_to_unsigned(graph_key(view, item) + strlen(prefix) + 1, 10, 1, NUMBER_MAX,
                                               &number, NULL))
                        highest = MAX(highest, number);
        }
        return highest + 1;
}

bool edit_call(Call *call, json_t *ops, const char *message, JWrite *w, GError **error)
{
        const char *given = jread_get_string(call->input, "message");
        g_autoptr(Json) input = json_pack("{s:s, s:b, s:b, s:s, s:s*, s:O}", "project", call->project->key,
                                          "dry_run", jread_get_bool(call->input, "dry_run", false),
                                          "editorial", jread_get_bool(call->input, "editorial", false),
                                          "message", given == NULL ? message : given, "request",
                                          jread_get_string(call->input, "request"), "ops", ops);

        jwrite_key(w, "changes");
        return service_call(call->service, call->caller, "edit", input, (ServiceFiles){ NULL, 0 }, w, error);
}

static bool place_of_call(const Call *call, GraphView view, ItemNo *ret_place, GError **error)
{
        *ret_place = ZW_ITEM_NONE;
        if (jread_get_string(call->input, "zone") == NULL)
                return true;
        if (!call_item(call, view, "zone", ret_place, error))
                return false;
        if (graph_kind(view, *ret_place) == ZW_KIND_ZONE || graph_kind(view, *ret_place) == ZW_KIND_CONDUIT)
                return true;
        error_set(error, ZW_ERR_USAGE, "/zone", "%s is neither a zone nor a conduit",
                  graph_key(view, *ret_place));
        return false;
}

bool usecase_risk_derive(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(RiskMethods) methods = NULL;
        g_autoptr(Assess) assess = NULL;
        g_autoptr(Json) ops = json_array();
        Writing writing = { .ops = ops };
        const ItemNo *places;
        ItemNo one;
        size_t n;

        if (!graph_of_call(call, &pinned, error) || !place_of_call(call, pinned.view, &one, error))
                return false;
        methods = risk_methods_of_call(call, error);
        if (methods == NULL)
                return false;
        writing.view = pinned.view;
        writing.next = item_next_number(pinned.view, ZW_KIND_SL_TARGET);
        assess = assess_new(pinned.view, call->instant);
        places = assess_places(assess, &n);
        jwrite_object_begin(w);
        jwrite_key(w, "places");
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++) {
                g_autoptr(Derivation) derivation = NULL;

                if (one != ZW_ITEM_NONE && one != places[i])
                        continue;
                derivation = target_derive(pinned.view, methods, places[i]);
                derivation_write(w, pinned.view, derivation);
                derivation_ops(&writing, derivation);
        }
        jwrite_array_end(w);
        if (!edit_call(call, ops, "SL-T derived from the risks", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
