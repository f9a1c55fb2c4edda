/* Reads models from standard input, one JSON object a line, and prints one JSON line for each: what the program says about
 * the part named on the command line. A twin in Python says the same from the definitions; test_*.py compare them. */
#include "analysis/assess.h"
#include "analysis/lint.h"
#include "analysis/shared.h"
#include "analysis/suspect.h"
#include "analysis/target.h"
#include "base/error.h"
#include "base/jread.h"
#include "graph/walk.h"
#include "model/catalogue.h"
#include "replay.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 16 * 1024 * 1024 };

static char *attrs_text(const json_t *object)
{
        return json_dumps(json_object_get(object, "attrs"), JSON_COMPACT | JSON_SORT_KEYS);
}

static bool load_item(Graph *graph, const json_t *from, Seq seq, GError **error)
{
        const char *title = jread_get_string(from, "title") == NULL ? "key" : "title";
        ItemRev rev = { .no = (ItemNo)jread_get_int(from, "no", 0),
                        .key = jread_get_string(from, "key"),
                        .rev = (uint32_t)jread_get_int(from, "rev", 1),
                        .subst = (uint32_t)jread_get_int(from, "subst", 1),
                        .title = jread_get_string(from, title),
                        .body = "",
                        .from_seq = seq,
                        .to_seq = ZW_SEQ_OPEN };
        char *attrs;
        bool ok;

        g_assert_true(kind_find(jread_get_string(from, "kind"), &rev.kind));
        g_assert_true(state_find(jread_get_string(from, "state"), &rev.state));
        attrs = attrs_text(from);
        rev.attrs = attrs;
        ok = graph_apply_item(graph, &rev, error);
        free(attrs);
        return ok;
}

static bool load_link(Graph *graph, const json_t *from, Seq seq, GError **error)
{
        json_t *judged = json_object_get(from, "judged");
        LinkRev rev = { .from = (ItemNo)jread_get_int(from, "from", 0),
                        .to = (ItemNo)jread_get_int(from, "to", 0),
                        .judged_from = (uint32_t)json_integer_value(json_array_get(judged, 0)),
                        .judged_to = (uint32_t)json_integer_value(json_array_get(judged, 1)),
                        .from_seq = seq,
                        .to_seq = ZW_SEQ_OPEN };
        const char *as = jread_get_string(from, "as");
        char *attrs;
        bool ok;

        g_assert_true(link_type_find(jread_get_string(from, "type"), &rev.type));
        if (as != NULL)
                g_assert_true(as_find(as, &rev.as));
        attrs = attrs_text(from);
        rev.attrs = attrs;
        ok = graph_apply_link(graph, &rev, json_is_true(json_object_get(from, "ended")), error);
        free(attrs);
        return ok;
}

static bool load_result(Graph *graph, const json_t *from, Seq seq, GError **error)
{
        ResultRev rev = { .test_case = (ItemNo)jread_get_int(from, "case", 0),
                          .run = (ItemNo)jread_get_int(from, "run", 0),
                          .at = jread_get_int(from, "at", 0),
                          .seq = seq };

        g_assert_true(result_status_find(jread_get_string(from, "status"), &rev.status));
        return graph_apply_result(graph, &rev, error);
}

bool model_apply(Graph *graph, const json_t *model, Seq seq, GError **error)
{
        size_t i;
        json_t *each;

        json_array_foreach(json_object_get(model, "items"), i,
                           each) if (!load_item(graph, each, seq, error)) return false;
        json_array_foreach(json_object_get(model, "links"), i,
                           each) if (!load_link(graph, each, seq, error)) return false;
        json_array_foreach(json_object_get(model, "results"), i,
                           each) if (!load_result(graph, each, seq, error)) return false;
        graph_publish(graph, seq);
        return true;
}

json_t *vector_json(const SlVector *vector)
{
        json_t *array = json_array();

        for (int i = 0; i < ZW_FR_COUNT; i++)
                json_array_append_new(array, vector->e[i] == ZW_SL_UNKNOWN ? json_null()
                                                                           : json_integer(vector->e[i]));
        return array;
}

static json_t *rows_json(const PlaceAssessment *found)
{
        json_t *rows = json_object();

        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                json_object_set_new(rows, catalogue_row(row)->id,
                                    json_pack("[s, b]", row_status_name(found->rows[row].status),
                                              found->rows[row].broken));
        return rows;
}

static json_t *places_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        json_t *answer = json_object();
        size_t n;
        const ItemNo *places = assess_places(assess, &n);

        for (size_t i = 0; i < n; i++) {
                g_autoptr(PlaceAssessment) found = assess_place(assess, places[i], false);
                json_t *place = json_object();

                json_object_set_new(place, "target", vector_json(&found->target));
                json_object_set_new(place, "verified", vector_json(&found->verified));
                json_object_set_new(place, "claimed", vector_json(&found->claimed));
                json_object_set_new(place, "verified_with_findings",
                                    vector_json(&found->verified_with_findings));
                json_object_set_new(place, "claimed_with_findings",
                                    vector_json(&found->claimed_with_findings));
                json_object_set_new(place, "rows", rows_json(found));
                json_object_set_new(answer, graph_key(assess_view(assess), places[i]), place);
        }
        return answer;
}

static json_t *stages_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        json_t *answer = json_object();
        size_t n;
        const ItemNo *places = assess_places(assess, &n);

        for (size_t i = 0; i < n; i++) {
                g_autoptr(PlaceAssessment) found = assess_place(assess, places[i], false);
                json_t *stages = json_object();

                for (RowId row = 0; row < ZW_SR_ROWS; row++)
                        json_object_set_new(stages, catalogue_row(row)->id,
                                            json_string(row_stage_name(
                                                    row_stage(assess_view(assess), &found->rows[row]))));
                json_object_set_new(answer, graph_key(assess_view(assess), places[i]), stages);
        }
        return answer;
}

static json_t *reasons_json(const Capability *capability)
{
        json_t *reasons = json_object();

        for (guint i = 0; i < capability->reasons->len; i++) {
                const CapabilityReason *reason = &g_array_index(capability->reasons, CapabilityReason, i);

                json_object_set_new(reasons, catalogue_row(reason->row)->id, json_integer(reason->level));
        }
        return reasons;
}

static json_t *capability_json(const Capability *found)
{
        json_t *rows = json_array();

        for (int fr = 0; fr < ZW_FR_COUNT; fr++)
                json_array_append_new(rows, json_pack("[i, i]", found->met[fr], found->of[fr]));
        return json_pack("{s:o, s:o, s:o, s:o, s:o}", "native", vector_json(&found->native),
                         "with_compensation", vector_json(&found->with_compensation), "claimed",
                         vector_json(&found->claimed), "rows", rows, "reasons", reasons_json(found));
}

static json_t *capabilities_json(Assess *assess, KindId kind, Capability *(*look)(Assess *, ItemNo))
{
        GraphView view = assess_view(assess);
        json_t *answer = json_object();

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autoptr(Capability) found = NULL;

                if (graph_kind(view, item) != kind || !graph_is_live(view, item))
                        continue;
                found = look(assess, item);
                json_object_set_new(answer, graph_key(view, item), capability_json(found));
        }
        return answer;
}

static json_t *components_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        return capabilities_json(assess, ZW_KIND_COMPONENT, assess_component);
}

static json_t *systems_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        return capabilities_json(assess, ZW_KIND_SYSTEM, assess_system);
}

/* Where the items of the model came from: by hand unless they say otherwise. */
static GArray *origins_of(const json_t *model)
{
        GArray *origins = g_array_new(FALSE, TRUE, sizeof(uint8_t));
        const json_t *items = json_object_get(model, "items"), *each;
        size_t i;

        g_array_set_size(origins, (guint)json_array_size(items));
        json_array_foreach(items, i, each)
        {
                const char *origin = jread_get_string(each, "origin");

                if (origin != NULL)
                        g_array_index(origins, uint8_t,
                                      jread_get_int(each, "no", 0)) = strcmp(origin, "drawing") == 0
                                                                              ? LINT_DRAWN
                                                                              : LINT_INVENTORY;
        }
        return origins;
}

static json_t *defects_json(Assess *assess, const json_t *model)
{
        g_autoptr(GArray) origins = origins_of(model), defects = NULL;
        const LintOrigins seen = { (const uint8_t *)origins->data, origins->len, NULL };
        json_t *answer = json_array();

        defects = lint_find(assess_view(assess), jread_get_int(model, "now", 0), &seen);
        for (guint i = 0; i < defects->len; i++) {
                const Defect *defect = &g_array_index(defects, Defect, i);
                json_t *row = json_pack("[s, i]", defect->rule, (int)defect->items[0]);

                if (defect->items[1] != ZW_ITEM_NONE)
                        json_array_append_new(row, json_integer(defect->items[1]));
                json_array_append_new(answer, row);
        }
        return answer;
}

static RiskMethods *methods_of(const json_t *model)
{
        RiskMethods *methods = risk_methods_new();
        const json_t *each;
        size_t i;

        json_array_foreach(json_object_get(model, "methods"), i, each)
        {
                g_autoptr(GError) error = NULL;
                RiskMethod *method = risk_method_read(each, "", &error);

                if (method == NULL || !risk_methods_add(methods, method, &error))
                        g_error("%s: %s", error_where(error), error->message);
        }
        if (!risk_methods_set_default(methods, jread_get_string(model, "default"), NULL))
                g_error("the default method is not there");
        return methods;
}

static json_t *level_json(int level)
{
        return level < 0 ? json_null() : json_integer(level);
}

static json_t *rated_json(const Derivation *d)
{
        json_t *answer = json_array();

        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);
                json_t *frs = json_array();

                for (int fr = 1; fr <= ZW_FR_COUNT; fr++)
                        if ((risk->frs >> fr & 1) != 0)
                                json_array_append_new(frs, json_integer(fr));
                json_array_append_new(answer,
                                      json_pack("[i, o, o, b]", (int)risk->risk, level_json(risk->level.sl),
                                                frs, risk->residual_above));
        }
        return answer;
}

static json_t *witnesses_json(const Derivation *d, int fr)
{
        json_t *answer = json_array();

        for (guint i = 0; i < d->risks->len; i++) {
                const RatedRisk *risk = g_ptr_array_index(d->risks, i);

                if (derivation_is_witness(d, risk, fr))
                        json_array_append_new(answer, json_integer(risk->risk));
        }
        return answer;
}

static json_t *derivation_json(GraphView view, const Derivation *d)
{
        g_autofree char *arithmetic = derivation_arithmetic(view, d);
        json_t *basis = json_array(), *witnesses = json_array();

        if (arithmetic == NULL || arithmetic[0] == '\0')
                g_error("a derivation without arithmetic");
        for (int fr = 1; fr <= ZW_FR_COUNT; fr++) {
                const char *name = target_basis_name(d->basis[fr - 1]);

                json_array_append_new(basis, name == NULL ? json_null() : json_string(name));
                json_array_append_new(witnesses, witnesses_json(d, fr));
        }
        return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o}", "derived", vector_json(&d->derived), "basis",
                         basis, "witnesses", witnesses, "target",
                         d->target == ZW_ITEM_NONE ? json_null() : json_integer(d->target), "state",
                         target_state_name(d->state), "risks", rated_json(d));
}

static json_t *targets_json(Assess *assess, const json_t *model)
{
        g_autoptr(RiskMethods) methods = methods_of(model);
        GraphView view = assess_view(assess);
        json_t *answer = json_object();
        size_t n;
        const ItemNo *places = assess_places(assess, &n);

        for (size_t i = 0; i < n; i++) {
                g_autoptr(Derivation) derivation = target_derive(view, methods, places[i]);

                json_object_set_new(answer, graph_key(view, places[i]), derivation_json(view, derivation));
        }
        return answer;
}

static json_t *suspects_json(GraphView view)
{
        g_autoptr(GArray) found = suspects_find(view, NULL);
        json_t *answer = json_array();

        for (guint i = 0; i < found->len; i++) {
                const Suspect *suspect = &g_array_index(found, Suspect, i);

                json_array_append_new(answer, json_pack("[i, s, i, s, s]", (int)suspect->from,
                                                        link_type_def(suspect->type)->name, (int)suspect->to,
                                                        as_name(graph_link_as(view, suspect->link)),
                                                        suspect->end == GRAPH_OUT ? "from" : "to"));
        }
        return answer;
}

/* Each item reached: itself, its distance, and its path from the start. */
static json_t *steps_json(const WalkStep *steps, size_t n)
{
        json_t *answer = json_array();

        for (size_t i = 0; i < n; i++) {
                json_t *path = json_array();

                for (size_t at = i; at != 0; at = steps[at].before)
                        json_array_insert_new(path, 0, json_integer(steps[at].item));
                json_array_insert_new(path, 0, json_integer(steps[0].item));
                json_array_append_new(answer, json_pack("[i, i, o]", (int)steps[i].item,
                                                        (int)steps[i].distance, path));
        }
        return answer;
}

static json_t *walks_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        static const char *const rules[] = { "ripple", "trace" }, *const ways[] = { "", "down", "up",
                                                                                    "both" };
        GraphView view = assess_view(assess);
        g_autoptr(Walk) walk = walk_new();
        json_t *answer = json_object();

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                for (int rule = WALK_RIPPLE; rule <= WALK_TRACE; rule++)
                        for (int way = WALK_DOWN; way <= WALK_BOTH; way++) {
                                g_autofree char *name = g_strdup_printf("%u %s %s", item, rules[rule],
                                                                        ways[way]);
                                g_autoptr(GError) error = NULL;
                                const WalkStep *steps;
                                size_t n;

                                if (!walk_find(walk, view, item, (WalkRule)rule, (WalkDirection)way, 1000,
                                               &steps, &n, &error))
                                        g_error("%s: %s", name, error->message);
                                json_object_set_new(answer, name, steps_json(steps, n));
                        }
        return json_pack("{s:o, s:o}", "suspects", suspects_json(view), "walks", answer);
}

/* For every requirement: the functions that share something with its countermeasures, and how. */
static json_t *shared_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        GraphView view = assess_view(assess);
        json_t *answer = json_object();

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autoptr(GArray) found = NULL;
                json_t *functions;

                if (graph_kind(view, item) != ZW_KIND_REQUIREMENT || !graph_is_live(view, item))
                        continue;
                found = shared_functions(view, &item, 1);
                functions = json_object();
                for (guint i = 0; i < found->len; i++) {
                        const SharedFunction *shared = &g_array_index(found, SharedFunction, i);
                        json_t *path = json_array();

                        for (size_t k = 0; k < shared->n; k++)
                                json_array_append_new(path, json_string(graph_key(view, shared->path[k])));
                        json_object_set_new(functions, graph_key(view, shared->function), path);
                }
                json_object_set_new(answer, graph_key(view, item), functions);
        }
        return answer;
}

static const struct {
        const char *name;
        json_t *(*answer)(Assess *assess, const json_t *model);
} parts[] = {
        { "places", places_json },
        { "stages", stages_json },
        { "components", components_json },
        { "systems", systems_json },
        { "shared", shared_json },
        { "walks", walks_json },
        { "defects", defects_json },
        { "targets", targets_json },
        { "metrics", metrics_json },
        { "exposures", exposures_json },
        { "plan", plan_json },
        { "programmes", programmes_json },
        { "interactions", interactions_json },
        { "attacks", attacks_json },
        { "safety", safety_json },
        { "kept", kept_json },
};

static bool replay(const char *line, size_t n, json_t *(*answer)(Assess *, const json_t *), GError **error)
{
        g_autoptr(Json) model = jread_parse(line, n, error), said = NULL;
        g_autoptr(Graph) graph = graph_new();
        g_autoptr(Assess) assess = NULL;
        char *text;

        if (model == NULL || !model_apply(graph, model, 1, error))
                return false;
        assess = assess_new(graph_pin(graph), jread_get_int(model, "now", 0));
        said = answer(assess, model);
        text = json_dumps(said, JSON_COMPACT);
        puts(text);
        fflush(stdout);
        free(text);
        return true;
}

int main(int argc, char **argv)
{
        g_autofree char *line = g_malloc(LINE_MAX_BYTES);
        size_t part = 0;

        while (argc == 2 && part < G_N_ELEMENTS(parts) && strcmp(parts[part].name, argv[1]) != 0)
                part++;
        if (argc != 2 || part == G_N_ELEMENTS(parts)) {
                fprintf(stderr,
                        "use: replay places|stages|components|systems|shared|walks|defects|targets\n");
                return 2;
        }
        while (fgets(line, LINE_MAX_BYTES, stdin) != NULL) {
                g_autoptr(GError) error = NULL;

                if (!replay(line, strlen(line), parts[part].answer, &error)) {
                        fprintf(stderr, "replay: %s\n", error->message);
                        return 1;
                }
        }
        return 0;
}
