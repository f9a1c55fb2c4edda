/* How tests stand (`test.status`), what they say of requirements (`verification`), and what of a plan can be run (`test.plan`). */
#include "analysis/testing.h"
#include "service/internal.h"

#include <string.h>

enum { TIME_LIMIT = 60 }; /* seconds, of an automated test that says none */

static void text_fact(JWrite *w, const char *member, Facts facts, AttrId attr)
{
        size_t n;
        const char *text = facts_get_text(facts, attr, &n);
        g_autofree char *whole = text == NULL ? NULL : g_strndup(text, n);

        jwrite_key_string(w, member, whole);
}

static void enum_fact(JWrite *w, const char *member, GraphView view, ItemNo item, AttrId attr)
{
        const int value = facts_get_enum(graph_facts(view, item), attr);

        jwrite_key_string(w, member,
                          value < 0 ? NULL : attr_get(graph_kind(view, item), attr)->values[value]);
}

static void instant_member(JWrite *w, const char *member, Instant at)
{
        char text[ZW_INSTANT_TEXT];

        instant_format(at, text);
        jwrite_key_string(w, member, text);
}

/* Status, time and run of the newest result that says something, or null. */
static void last_write(JWrite *w, GraphView view, const CaseStanding *standing)
{
        if (!standing->ran) {
                jwrite_key_null(w, "status");
                jwrite_key_null(w, "at");
                jwrite_key_null(w, "run");
                return;
        }
        jwrite_key_string(w, "status", result_status_name(standing->last.status));
        instant_member(w, "at", standing->last.at);
        jwrite_key_string(w, "run", graph_key(view, standing->last.run));
}

/* ---- test.status ---- */

static void links_write(JWrite *w, const char *member, GraphView view, ItemNo item, GraphSide side,
                        LinkTypeId type)
{
        GraphIter iter = graph_iter(view, item, side, LINK_MASK(type));
        GraphEdge edge;

        jwrite_key(w, member);
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        jwrite_string(w, graph_key(view, edge.other));
        jwrite_array_end(w);
}

static void standing_write(JWrite *w, GraphView view, const CaseStanding *standing)
{
        const ItemNo item = standing->test_case;

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, item));
        jwrite_key_string(w, "title", graph_title(view, item));
        enum_fact(w, "kind", view, item, ZW_ATTR_TEST_KIND);
        enum_fact(w, "stage", view, item, ZW_ATTR_STAGE);
        enum_fact(w, "purpose", view, item, ZW_ATTR_PURPOSE);
        jwrite_key_bool(w, "automated", facts_has(graph_facts(view, item), ZW_ATTR_COMMAND));
        last_write(w, view, standing);
        jwrite_key_int(w, "results", (int64_t)standing->n_results);
        jwrite_key_bool(w, "flaky", standing->flaky);
        jwrite_key(w, "history");
        jwrite_array_begin(w);
        for (size_t i = 0; i < standing->n_history; i++)
                jwrite_string(w, result_status_name(standing->history[i].status));
        jwrite_array_end(w);
        links_write(w, "verifies", view, item, GRAPH_OUT, ZW_LINK_VERIFIES);
        links_write(w, "plans", view, item, GRAPH_OUT, ZW_LINK_PLANNED_IN);
        jwrite_object_end(w);
}

/* Counts and texts of a run are not in the graph. */
static json_t *attrs_of(Call *call, ItemNo no, GError **error)
{
        g_autoptr(StoreItem) item = store_item_by_no(call->view, &call->project->log, no, call->at, error);

        return item == NULL
                       ? NULL
                       : jread_parse(store_item_rev(item)->attrs, strlen(store_item_rev(item)->attrs), error);
}

/* What is listed, and what is asked of each item of it. */
typedef struct {
        Call *call;
        GraphView view;
        GHashTable *runs; /* testing_runs */
} Status;

/* What its report said of all of its results, or where it had none how many are here. */
static void counts_write(JWrite *w, const Status *status, ItemNo run, const json_t *attrs)
{
        const json_t *said = json_object_get(attrs, "counts");
        const RunCounts here = testing_run_counts(status->runs, run);
        g_autoptr(Json) counts = said == NULL ? json_object() : json_deep_copy(said);

        if (json_object_get(said, "passed") == NULL)
                for (size_t i = 0; i < G_N_ELEMENTS(here.n); i++)
                        json_object_set_new(counts, result_status_name((ResultStatus)i),
                                            json_integer(here.n[i]));
        jwrite_key_json(w, "counts", counts);
}

static bool run_write(const Status *status, JWrite *w, ItemNo run, GError **error)
{
        static const char *const texts[] = { "at", "tool", "environment", "stage" };
        GraphView view = status->view;
        g_autoptr(Json) attrs = attrs_of(status->call, run, error);

        if (attrs == NULL)
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, run));
        jwrite_key_string(w, "title", graph_title(view, run));
        jwrite_key_string(w, "state", state_def(graph_state(view, run))->name);
        jwrite_key_bool(w, "by_hand", json_object_get(attrs, "cases") != NULL);
        links_write(w, "plans", view, run, GRAPH_OUT, ZW_LINK_PLANNED_IN);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                jwrite_key_string(w, texts[i], jread_get_string(attrs, texts[i]));
        counts_write(w, status, run, attrs);
        jwrite_object_end(w);
        return true;
}

/* Writes every live item of a kind. */
typedef bool (*ItemWriteFn)(const Status *status, JWrite *w, ItemNo item, GError **error);

static bool each_of(const Status *status, KindId kind, ItemWriteFn write, JWrite *w, GError **error)
{
        GraphView view = status->view;
        const ItemNo n = graph_item_count(view);

        jwrite_array_begin(w);
        for (ItemNo item = 0; item < n; item++)
                if (graph_exists(view, item) && graph_kind(view, item) == kind && graph_is_live(view, item) &&
                    !write(status, w, item, error))
                        return false;
        jwrite_array_end(w);
        return true;
}

static bool case_write(const Status *status, JWrite *w, ItemNo item, GError **error G_GNUC_UNUSED)
{
        CaseStanding standing;

        testing_case(status->view, item, &standing);
        standing_write(w, status->view, &standing);
        return true;
}

/* How many cases of a plan there are, and how they stand. */
static void progress_write(JWrite *w, GraphView view, ItemNo plan)
{
        g_autoptr(GArray) cases = testing_plan_cases(view, plan);
        int64_t passed = 0, failed = 0;

        for (guint i = 0; i < cases->len; i++) {
                CaseStanding standing;

                testing_case(view, g_array_index(cases, ItemNo, i), &standing);
                passed += standing.ran && standing.last.status == RESULT_PASSED;
                failed += standing.ran && standing.last.status == RESULT_FAILED;
        }
        jwrite_key(w, "progress");
        jwrite_object_begin(w);
        jwrite_key_int(w, "cases", cases->len);
        jwrite_key_int(w, "passed", passed);
        jwrite_key_int(w, "failed", failed);
        jwrite_object_end(w);
}

static bool plan_write(const Status *status, JWrite *w, ItemNo plan, GError **error G_GNUC_UNUSED)
{
        GraphView view = status->view;

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, plan));
        jwrite_key_string(w, "title", graph_title(view, plan));
        enum_fact(w, "nature", view, plan, ZW_ATTR_NATURE);
        text_fact(w, "release", graph_facts(view, plan), ZW_ATTR_RELEASE);
        links_write(w, "of", view, plan, GRAPH_OUT, ZW_LINK_CONCERNS);
        links_write(w, "within", view, plan, GRAPH_OUT, ZW_LINK_PLANNED_IN);
        progress_write(w, view, plan);
        jwrite_object_end(w);
        return true;
}

bool usecase_test_status(Call *call, JWrite *w, GError **error)
{
        static const struct {
                const char *member;
                KindId kind;
                ItemWriteFn write;
        } lists[] = { { "cases", ZW_KIND_TEST_CASE, case_write },
                      { "runs", ZW_KIND_TEST_RUN, run_write },
                      { "plans", ZW_KIND_TEST_PLAN, plan_write } };
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GHashTable) runs = NULL;

        if (!graph_of_call(call, &pinned, error))
                return false;
        runs = testing_runs(pinned.view);
        jwrite_object_begin(w);
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                jwrite_key(w, lists[i].member);
                if (!each_of(&(Status){ call, pinned.view, runs }, lists[i].kind, lists[i].write, w, error))
                        return false;
        }
        jwrite_object_end(w);
        return true;
}

/* ---- verification ---- */

static void tested_write(JWrite *w, GraphView view, const TestingCase *tested)
{
        CaseStanding standing;

        testing_case(view, tested->test_case, &standing);
        jwrite_object_begin(w);
        jwrite_key_string(w, "case", graph_key(view, tested->test_case));
        jwrite_key_string(w, "title", graph_title(view, tested->test_case));
        jwrite_key_string(w, "via", graph_key(view, tested->via));
        enum_fact(w, "purpose", view, tested->test_case, ZW_ATTR_PURPOSE);
        enum_fact(w, "stage", view, tested->test_case, ZW_ATTR_STAGE);
        last_write(w, view, &standing);
        jwrite_object_end(w);
}

/* The place and what it is part of: whose requirements are its own. Empty for no place. */
static GArray *place_with_parents(GraphView view, ItemNo place)
{
        enum { PARENTS_MAX = 100 }; /* nobody nests deeper, and a loop ends */
        GArray *places = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        while (place != ZW_ITEM_NONE && places->len < PARENTS_MAX) {
                g_array_append_val(places, place);
                place = graph_first(view, place, GRAPH_OUT, ZW_LINK_PART_OF);
        }
        return places;
}

static bool is_for(GraphView view, ItemNo requirement, const GArray *places)
{
        GraphIter iter = graph_iter(view, requirement, GRAPH_OUT, LINK_MASK(ZW_LINK_ALLOCATED_TO));
        GraphEdge edge;

        while (places->len > 0 && graph_next(&iter, &edge))
                for (guint i = 0; i < places->len; i++)
                        if (g_array_index(places, ItemNo, i) == edge.other)
                                return true;
        return places->len == 0;
}

static TestingState requirement_write(JWrite *w, GraphView view, ItemNo requirement)
{
        g_autoptr(GArray) cases = testing_cases_of(view, requirement);
        const TestingState state = testing_state(view, requirement, cases);
        const RowId row = facts_get_ref(graph_facts(view, requirement), ZW_ATTR_REF);

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, requirement));
        jwrite_key_string(w, "title", graph_title(view, requirement));
        jwrite_key_string(w, "ref", row == ZW_ROW_NONE ? NULL : catalogue_row(row)->id);
        jwrite_key_string(w, "state", testing_state_name(state));
        links_write(w, "allocated_to", view, requirement, GRAPH_OUT, ZW_LINK_ALLOCATED_TO);
        jwrite_key(w, "tests");
        jwrite_array_begin(w);
        for (guint i = 0; i < cases->len; i++)
                tested_write(w, view, &g_array_index(cases, TestingCase, i));
        jwrite_array_end(w);
        jwrite_object_end(w);
        return state;
}

bool usecase_verification(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) places = NULL;
        ItemNo zone = ZW_ITEM_NONE, n;
        int64_t totals[TESTING_PASSED + 1] = { 0 };

        if (!graph_of_call(call, &pinned, error) || (json_object_get(call->input, "zone") != NULL &&
                                                     !call_item(call, pinned.view, "zone", &zone, error)))
                return false;
        n = graph_item_count(pinned.view);
        places = place_with_parents(pinned.view, zone);
        jwrite_object_begin(w);
        jwrite_key(w, "requirements");
        jwrite_array_begin(w);
        for (ItemNo item = 0; item < n; item++)
                if (graph_exists(pinned.view, item) && graph_kind(pinned.view, item) == ZW_KIND_REQUIREMENT &&
                    graph_is_live(pinned.view, item) && is_for(pinned.view, item, places))
                        totals[requirement_write(w, pinned.view, item)]++;
        jwrite_array_end(w);
        jwrite_key(w, "totals");
        jwrite_object_begin(w);
        for (int i = 0; i <= TESTING_PASSED; i++)
                jwrite_key_int(w, testing_state_name((TestingState)i), totals[i]);
        jwrite_object_end(w);
        jwrite_object_end(w);
        return true;
}

/* ---- test.plan ---- */

/* What it takes to do a test is text that the graph does not hold. */
static bool planned_write(Call *call, JWrite *w, GraphView view, ItemNo no, GError **error)
{
        static const char *const texts[] = { "steps", "expected", "environment" };
        g_autoptr(Json) attrs = attrs_of(call, no, error);
        const json_t *command;

        if (attrs == NULL)
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, no));
        jwrite_key_string(w, "title", graph_title(view, no));
        jwrite_key_string(w, "state", state_def(graph_state(view, no))->name);
        jwrite_key_bool(w, "approved", graph_is_approved(view, no));
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                jwrite_key_string(w, texts[i], jread_get_string(attrs, texts[i]));
        jwrite_key_int(w, "time_limit", jread_get_int(attrs, "time_limit", TIME_LIMIT));
        command = json_object_get(attrs, "command");
        jwrite_key(w, "command");
        if (command != NULL)
                jwrite_json(w, command);
        else {
                jwrite_array_begin(w);
                jwrite_array_end(w);
        }
        jwrite_object_end(w);
        return true;
}

bool usecase_test_plan(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(GArray) cases = NULL;
        ItemNo plan;

        if (!graph_of_call(call, &pinned, error) || !call_item(call, pinned.view, "key", &plan, error))
                return false;
        if (graph_kind(pinned.view, plan) != ZW_KIND_TEST_PLAN) {
                error_set(error, ZW_ERR_USAGE, "/key", "%s is no test plan", graph_key(pinned.view, plan));
                return false;
        }
        cases = testing_plan_cases(pinned.view, plan);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(pinned.view, plan));
        jwrite_key_string(w, "title", graph_title(pinned.view, plan));
        jwrite_key(w, "cases");
        jwrite_array_begin(w);
        for (guint i = 0; i < cases->len; i++)
                if (!planned_write(call, w, pinned.view, g_array_index(cases, ItemNo, i), error))
                        return false;
        jwrite_array_end(w);
        jwrite_object_end(w);
        return true;
}
