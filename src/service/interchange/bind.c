#include "service/interchange/bind.h"

#include "base/jread.h"
#include "model/results.h"
#include "service/interchange/bind_cases.h"

#include <string.h>

typedef struct {
        json_t *named; /* what names the run in a result, borrowed */
        json_t *item;  /* its item among the operations, a copy of our own there, borrowed; or NULL */
        Instant at;    /* only when has_at */
        bool has_at;
        json_int_t unmatched;
} Run;

/* All results of one run for one test case. */
typedef struct {
        Run *run;
        const TestCase *test_case;
        ResultStatus status; /* the worst */
        Instant at;          /* the latest */
        size_t n;
        const json_t *op; /* the worst, borrowed from what was given */
} Bound;

typedef struct {
        StoreView *view;
        const Id *log;
        TestCases *cases;
        json_t *ops, *unmatched;
        GHashTable *items; /* identity of a test run → index of its item in `ops` + 1 */
        GHashTable *runs;  /* identity → Run */
        GHashTable *bound; /* identity of the run and the test case → Bound, borrowed */
        GPtrArray *all;    /* of Bound, in the order of the results */
} Binder;

/* Of what a result names its run by. */
static char *identity_new(const char *key, const char *system, const char *id)
{
        return key != NULL ? g_strdup_printf("key\n%s", key)
                           : g_strdup_printf("source\n%s\n%s", system == NULL ? "" : system,
                                             id == NULL ? "" : id);
}

static char *identity_of(const json_t *named)
{
        const json_t *source = json_object_get(named, "source");

        return identity_new(json_string_value(named), json_string_value(json_array_get(source, 0)),
                            json_string_value(json_array_get(source, 1)));
}

/* ---- runs ---- */

/* The time its item says in these operations, else the one it has in the store. */
static bool run_time(const Binder *b, Run *run, GError **error)
{
        const json_t *source = json_object_get(run->named, "source");
        const char *key = json_string_value(run->named),
                   *system = json_string_value(json_array_get(source, 0)),
                   *id = json_string_value(json_array_get(source, 1)),
                   *at = jread_get_string(json_object_get(run->item, "attrs"), "at");
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) attrs = NULL;

        if (at == NULL && key != NULL) {
                item = store_item_by_key(b->view, b->log, key, ZW_SEQ_OPEN - 1, &why);
                if (item == NULL && !g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
        } else if (at == NULL && system != NULL && id != NULL &&
                   !store_item_by_source(b->view, b->log, system, id, &item, error))
                return false;
        if (item != NULL) {
                attrs = jread_parse(store_item_rev(item)->attrs, strlen(store_item_rev(item)->attrs), error);
                if (attrs == NULL)
                        return false;
                at = jread_get_string(attrs, "at");
        }
        run->has_at = at != NULL && instant_parse(at, &run->at, NULL);
        return true;
}

static bool run_find(Binder *b, json_t *named, Run **ret_run, GError **error)
{
        g_autofree char *identity = identity_of(named);
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(b->items, identity));
        Run *run = g_hash_table_lookup(b->runs, identity);

        if (run == NULL) {
                run = g_new0(Run, 1);
                run->named = named;
                g_hash_table_insert(b->runs, g_steal_pointer(&identity), run);
                if (index > 0) {
                        run->item = json_deep_copy(json_array_get(b->ops, index - 1));
                        json_array_set_new(b->ops, index - 1, run->item);
                }
                if (!run_time(b, run, error))
                        return false;
        }
        *ret_run = run;
        return true;
}

/* The time of a result that says none. A run without one is new or has never had one; it keeps the one it gets here, so
 * that the same file gives the same results again. */
static Instant run_instant(Run *run)
{
        if (!run->has_at) {
                run->at = instant_now();
                run->has_at = true;
        }
        return run->at;
}

static void run_finish(const Run *run)
{
        json_t *attrs = json_object_get(run->item, "attrs"), *counts;
        char at[ZW_INSTANT_TEXT];

        if (run->item == NULL)
                return;
        if (attrs == NULL) {
                attrs = json_object();
                json_object_set_new(run->item, "attrs", attrs);
        }
        counts = json_object_get(attrs, "counts");
        if (counts == NULL) {
                counts = json_object();
                json_object_set_new(attrs, "counts", counts);
        }
        json_object_set_new(counts, "unmatched", json_integer(run->unmatched));
        if (run->has_at && json_object_get(attrs, "at") == NULL) {
                instant_format(run->at, at);
                json_object_set_new(attrs, "at", json_string(at));
        }
}

/* ---- results ---- */

bool result_is_named_by_tool(const json_t *op)
{
        return g_strcmp0(jread_get_string(op, "op"), "result") == 0 &&
               jread_get_string(json_object_get(op, "case"), "name") != NULL;
}

static Bound *bound_find(Binder *b, Run *run, const TestCase *test_case)
{
        g_autofree char *of_run = identity_of(run->named), *of_case = identity_of(test_case->named),
                        *identity = g_strdup_printf("%s\n%s", of_run, of_case);
        Bound *bound = g_hash_table_lookup(b->bound, identity);

        if (bound != NULL)
                return bound;
        bound = g_new0(Bound, 1);
        bound->run = run;
        bound->test_case = test_case;
        g_ptr_array_add(b->all, bound);
        g_hash_table_insert(b->bound, g_steal_pointer(&identity), bound);
        return bound;
}

static void bound_take(Bound *bound, const json_t *op, ResultStatus status, Instant at)
{
        if (bound->n == 0 || at > bound->at)
                bound->at = at;
        if (bound->n++ > 0 && result_status_rank(status) <= result_status_rank(bound->status))
                return;
        bound->status = status;
        bound->op = op;
}

static bool result_bind(Binder *b, const json_t *op, GError **error)
{
        const char *name = jread_get_string(json_object_get(op, "case"), "name"),
                   *where = jread_get_string(op, "where"), *at = jread_get_string(op, "at"),
                   *status_name = jread_get_string(op, "status");
        const TestCase *test_case;
        g_autofree char *why = NULL;
        ResultStatus status;
        Instant instant;
        Run *run;

        if (status_name == NULL || !result_status_find(status_name, &status)) {
                error_set(error, ZW_ERR_INPUT, "/status", "a status is passed, failed, error or skipped");
                return false;
        }
        if (!run_find(b, json_object_get(op, "run"), &run, error))
                return false;
        if (at == NULL)
                instant = run_instant(run); /* also for a result that fits nothing yet */
        else if (!instant_parse(at, &instant, error)) {
                error_set_where(*error, "/at");
                return false;
        }
        test_case = test_cases_find(b->cases, name, json_object_get(json_object_get(op, "case"), "tags"),
                                    &why);
        if (test_case == NULL) {
                run->unmatched++;
                json_array_append_new(b->unmatched,
                                      json_pack("{s:s, s:o}", "where", where == NULL ? "" : where, "what",
                                                json_sprintf("%s: %s", name, why)));
                return true;
        }
        bound_take(bound_find(b, run, test_case), op, status, instant);
        return true;
}

/* One result says what it said; of several the worst is told with its name. */
static json_t *message_new(const Bound *bound)
{
        const char *name = jread_get_string(json_object_get(bound->op, "case"), "name"),
                   *message = jread_get_string(bound->op, "message");

        if (bound->n == 1)
                return message == NULL ? NULL : json_string(message);
        if (bound->status == RESULT_PASSED)
                return json_sprintf("%zu results, all passed", bound->n);
        return json_sprintf("%s%s%s (the worst of %zu results)", name, message == NULL ? "" : ": ",
                            message == NULL ? "" : message, bound->n);
}

static void bound_emit(const Binder *b, const Bound *bound)
{
        static const char *const kept[] = { "where", "file" }; /* its place in what is imported */
        json_t *message = message_new(bound), *op;
        char at[ZW_INSTANT_TEXT];

        instant_format(bound->at, at);
        op = json_pack("{s:s, s:O, s:O, s:s, s:s}", "op", "result", "case", bound->test_case->named, "run",
                       bound->run->named, "status", result_status_name(bound->status), "at", at);
        if (message != NULL)
                json_object_set_new(op, "message", message);
        for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
                if (json_object_get(bound->op, kept[i]) != NULL)
                        json_object_set(op, kept[i], json_object_get(bound->op, kept[i]));
        json_array_append_new(b->ops, op);
}

/* ---- all of it ---- */

/* Copies the operations but for the results that are to be bound, and notes where runs are made. */
static void ops_copy(Binder *b, const json_t *ops)
{
        json_t *op;
        size_t i;

        json_array_foreach(ops, i, op)
        {
                const json_t *source = json_object_get(op, "source");

                if (result_is_named_by_tool(op))
                        continue;
                json_array_append(b->ops, op);
                if (g_strcmp0(jread_get_string(op, "kind"), "test_run") == 0)
                        g_hash_table_insert(b->items,
                                            identity_new(jread_get_string(op, "key"),
                                                         jread_get_string(source, "system"),
                                                         jread_get_string(source, "id")),
                                            GUINT_TO_POINTER((guint)json_array_size(b->ops)));
        }
}

static bool results_bind_all(Binder *b, const json_t *ops, GError **error)
{
        GHashTableIter iter;
        gpointer run;
        const json_t *op;
        size_t i;

        ops_copy(b, ops);
        json_array_foreach(ops, i,
                           op) if (result_is_named_by_tool(op) && !result_bind(b, op, error)) return false;
        for (guint j = 0; j < b->all->len; j++)
                bound_emit(b, g_ptr_array_index(b->all, j));
        g_hash_table_iter_init(&iter, b->runs);
        while (g_hash_table_iter_next(&iter, NULL, &run))
                run_finish(run);
        return true;
}

static bool any_named_by_tool(const json_t *ops)
{
        const json_t *op;
        size_t i;

        json_array_foreach(ops, i, op) if (result_is_named_by_tool(op)) return true;
        return false;
}

bool results_bind(StoreView *view, const Id *log, const json_t *profile, const json_t *ops, json_t **ret_ops,
                  json_t *unmatched, GError **error)
{
        g_autoptr(TestCases) cases = NULL;
        g_autoptr(GHashTable) items = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) runs = hash_table_new_text(g_free, g_free);
        g_autoptr(GHashTable) bound = hash_table_new_text(g_free, NULL);
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(Json) new_ops = json_array();
        Binder b = { view, log, NULL, new_ops, unmatched, items, runs, bound, all };

        if (!any_named_by_tool(ops)) {
                *ret_ops = json_copy((json_t *)(uintptr_t)ops);
                return true;
        }
        cases = test_cases_load(view, log, profile, ops, error);
        b.cases = cases;
        if (cases == NULL || !results_bind_all(&b, ops, error))
                return false;
        *ret_ops = g_steal_pointer(&new_ops);
        return true;
}
