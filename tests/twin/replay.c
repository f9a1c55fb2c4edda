/* Assesses models read from standard input, one JSON object a line, and prints one JSON line for each: what the analysis
 * says about every place. The twin in Python says the same from the definitions; test_analysis.py compares them. */
#include "analysis/assess.h"
#include "base/jread.h"
#include "model/catalogue.h"

#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 16 * 1024 * 1024 };

static char *attrs_text(const json_t *object)
{
        return json_dumps(json_object_get(object, "attrs"), JSON_COMPACT | JSON_SORT_KEYS);
}

static bool load_item(Graph *graph, const json_t *from, GError **error)
{
        ItemRev rev = { .no = (ItemNo)jread_get_int(from, "no", 0),
                        .key = jread_get_string(from, "key"),
                        .rev = (uint32_t)jread_get_int(from, "rev", 1),
                        .subst = (uint32_t)jread_get_int(from, "subst", 1),
                        .title = jread_get_string(from, "key"),
                        .body = "",
                        .from_seq = 1,
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

static bool load_link(Graph *graph, const json_t *from, GError **error)
{
        json_t *judged = json_object_get(from, "judged");
        LinkRev rev = { .from = (ItemNo)jread_get_int(from, "from", 0),
                        .to = (ItemNo)jread_get_int(from, "to", 0),
                        .judged_from = (uint32_t)json_integer_value(json_array_get(judged, 0)),
                        .judged_to = (uint32_t)json_integer_value(json_array_get(judged, 1)),
                        .from_seq = 1,
                        .to_seq = ZW_SEQ_OPEN };
        const char *as = jread_get_string(from, "as");
        char *attrs;
        bool ok;

        g_assert_true(link_type_find(jread_get_string(from, "type"), &rev.type));
        if (as != NULL)
                g_assert_true(as_find(as, &rev.as));
        attrs = attrs_text(from);
        rev.attrs = attrs;
        ok = graph_apply_link(graph, &rev, false, error);
        free(attrs);
        return ok;
}

static bool load_result(Graph *graph, const json_t *from, GError **error)
{
        ResultRev rev = { .test_case = (ItemNo)jread_get_int(from, "case", 0),
                          .run = (ItemNo)jread_get_int(from, "run", 0),
                          .at = jread_get_int(from, "at", 0),
                          .seq = 1 };

        g_assert_true(result_status_find(jread_get_string(from, "status"), &rev.status));
        return graph_apply_result(graph, &rev, error);
}

static bool load(Graph *graph, const json_t *model, GError **error)
{
        size_t i;
        json_t *each;

        json_array_foreach(json_object_get(model, "items"), i,
                           each) if (!load_item(graph, each, error)) return false;
        json_array_foreach(json_object_get(model, "links"), i,
                           each) if (!load_link(graph, each, error)) return false;
        json_array_foreach(json_object_get(model, "results"), i,
                           each) if (!load_result(graph, each, error)) return false;
        graph_publish(graph, 1);
        return true;
}

static json_t *vector_json(const SlVector *vector)
{
        json_t *array = json_array();

        for (int i = 0; i < ZW_FR_COUNT; i++)
                json_array_append_new(array, vector->e[i] == ZW_SL_UNKNOWN ? json_null()
                                                                           : json_integer(vector->e[i]));
        return array;
}

static json_t *place_json(Assess *assess, ItemNo place)
{
        g_autoptr(PlaceAssessment) found = assess_place(assess, place, false);
        json_t *object = json_object(), *rows = json_object();

        json_object_set_new(object, "place", json_string(graph_key(assess_view(assess), place)));
        json_object_set_new(object, "target", vector_json(&found->target));
        json_object_set_new(object, "verified", vector_json(&found->verified));
        json_object_set_new(object, "claimed", vector_json(&found->claimed));
        json_object_set_new(object, "verified_with_findings", vector_json(&found->verified_with_findings));
        json_object_set_new(object, "claimed_with_findings", vector_json(&found->claimed_with_findings));
        for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                json_t *pair = json_array();

                json_array_append_new(pair, json_string(row_status_name(found->rows[row].status)));
                json_array_append_new(pair, json_boolean(found->rows[row].broken));
                json_object_set_new(rows, catalogue_row(row)->id, pair);
        }
        json_object_set_new(object, "rows", rows);
        return object;
}

static bool replay(const char *line, size_t n, GError **error)
{
        g_autoptr(Json) model = jread_parse(line, n, error);
        g_autoptr(Graph) graph = graph_new();
        g_autoptr(Assess) assess = NULL;
        g_autoptr(Json) answer = json_array();
        const ItemNo *places;
        size_t n_places;
        char *text;

        if (model == NULL || !load(graph, model, error))
                return false;
        assess = assess_new(graph_pin(graph), jread_get_int(model, "now", 0));
        places = assess_places(assess, &n_places);
        for (size_t i = 0; i < n_places; i++)
                json_array_append_new(answer, place_json(assess, places[i]));
        text = json_dumps(answer, JSON_COMPACT);
        puts(text);
        fflush(stdout);
        free(text);
        return true;
}

int main(void)
{
        g_autofree char *line = g_malloc(LINE_MAX_BYTES);

        while (fgets(line, LINE_MAX_BYTES, stdin) != NULL) {
                g_autoptr(GError) error = NULL;

                if (!replay(line, strlen(line), &error)) {
                        fprintf(stderr, "replay: %s\n", error->message);
                        return 1;
                }
        }
        return 0;
}
