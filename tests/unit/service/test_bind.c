#include "base/jread.h"
#include "base/jwrite.h"
#include "service/interchange/bind.h"

#include <string.h>

/* A store with one project, P, and the items that a test commits. */
typedef struct {
        Store *store;
        Id log;
        json_t *unmatched;
} Fixture;

static bool create_project(StoreTxn *txn, void *payload, GError **error)
{
        Fixture *f = payload;
        const Id actor = { { 1 } };

        return store_txn_create_project(txn, "P", "Plant", false, &actor, ORIGIN_CLI, &f->log, error);
}

static void set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *dir = g_build_filename(g_get_user_data_dir(), "store", NULL);
        bool good;

        g_assert_cmpint(g_mkdir_with_parents(g_get_user_data_dir(), 0700), ==, 0);
        good = store_create(dir, &error);

        g_assert_no_error(error);
        g_assert_true(good);
        f->store = store_open(dir, &error);
        g_assert_no_error(error);
        good = store_write(f->store, create_project, f, &error);
        g_assert_no_error(error);
        g_assert_true(good);
        f->unmatched = json_array();
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        store_close(f->store);
        json_decref(f->unmatched);
}

typedef struct {
        const Fixture *fixture;
        json_t *op;
} Commit;

static bool commit_op(StoreTxn *txn, void *payload, GError **error)
{
        const Commit *commit = payload;
        g_autoptr(Json) ops = json_array();
        CommitDraft draft = {
                .log = commit->fixture->log, .actor = { { 1 } }, .origin = ORIGIN_CLI, .ops = ops
        };
        Seq seq;

        json_array_append(ops, commit->op);
        return store_txn_commit(txn, &draft, &seq, error);
}

static json_t *parse(const char *text)
{
        g_autoptr(GError) error = NULL;
        json_t *value = jread_parse(text, strlen(text), &error);

        g_assert_no_error(error);
        return value;
}

/* An item of the project; `set` is JSON: title, attrs, source. */
static void add_item(const Fixture *f, const char *kind, const char *key, const char *state, const char *set)
{
        g_autoptr(GError) error = NULL;
        const Id id = id_new();
        char hex[ZW_ID_HEX];
        g_autoptr(Json) op = NULL;
        Commit commit = { .fixture = f };
        bool good;

        hex_encode(id.b, ZW_ID_BYTES, hex);
        op = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "op", "create", "id", hex, "key", key, "kind", kind,
                       "state", state, "set", parse(set));
        commit.op = op;
        good = store_write(f->store, commit_op, &commit, &error);
        g_assert_no_error(error);
        g_assert_true(good);
}

static void add_case(const Fixture *f, const char *key, const char *keys)
{
        g_autofree char *set = g_strdup_printf("{\"title\":\"t\",\"attrs\":{\"keys\":%s}}", keys);

        add_item(f, "test_case", key, "draft", set);
}

static char *json_text(const json_t *value)
{
        g_autoptr(Out) out = out_new(1 << 20);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_json(w, value);
        return g_strdup(out_data(out));
}

#define assert_json(value, expected)                                  \
        do {                                                          \
                g_autofree char *assert_json_text = json_text(value); \
                g_assert_cmpstr(assert_json_text, ==, expected);      \
        } while (0)

static json_t *bind(Fixture *f, const char *profile, const char *ops, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autoptr(StoreView) view = store_view_open(f->store, &why);
        g_autoptr(Json) profile_json = profile == NULL ? NULL : parse(profile);
        g_autoptr(Json) ops_json = parse(ops);
        g_autofree char *before = json_text(ops_json);
        json_t *bound = NULL;
        bool good;

        g_assert_no_error(why);
        json_array_clear(f->unmatched);
        good = results_bind(view, &f->log, profile_json, ops_json, &bound, f->unmatched, error);
        g_assert_true(good == (bound != NULL));
        assert_json(ops_json, before); /* what was given stays as it was */
        return bound;
}

/* What `name` is bound to by itself: the key of the case, or why it is not. */
static char *bind_name(Fixture *f, const char *profile, const char *name)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *ops =
                g_strdup_printf("[{\"op\":\"result\",\"where\":\"line 7\",\"case\":{\"name\":\"%s\"},"
                                "\"run\":\"TR-1\",\"status\":\"passed\",\"at\":\"2026-01-01\"}]",
                                name);
        g_autoptr(Json) bound = bind(f, profile, ops, &error);
        const json_t *unmatched = json_array_get(f->unmatched, 0);

        g_assert_no_error(error);
        if (json_array_size(bound) > 0) {
                g_assert_null(unmatched);
                return g_strdup(jread_get_string(json_array_get(bound, 0), "case"));
        }
        g_assert_cmpstr(jread_get_string(unmatched, "where"), ==, "line 7");
        return g_strdup(jread_get_string(unmatched, "what"));
}

#define assert_bound(f, profile, name, expected)                         \
        do {                                                             \
                g_autofree char *bound_to = bind_name(f, profile, name); \
                g_assert_cmpstr(bound_to, ==, expected);                 \
        } while (0)
#define UNKNOWN ": no test case has it among its keys, its key is not in it, and no rule fits"

static void test_keys(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        add_case(f, "LOGIN", "[\"pkg.Login.lockout\",\"Login.reset\",\"expires\",\"a/b\"]");
        add_case(f, "OTHER", "[\"reset\",\"pkg.Login.expires\",\"twice\"]");
        add_case(f, "THIRD", "[\"twice\"]");
        assert_bound(f, NULL, "pkg.Login.lockout", "LOGIN");
        assert_bound(f, NULL, "pkg.Login.lockout.more", "pkg.Login.lockout.more" UNKNOWN);
        assert_bound(f, NULL, "pkg.Login.reset", "LOGIN"); /* the longest part that is a key */
        assert_bound(f, NULL, "pkg.Logout.reset", "OTHER");
        assert_bound(f, NULL, "pkg.Login.expires", "OTHER"); /* the whole name before any part */
        assert_bound(f, NULL, "dir/test.py::expires", "LOGIN");
        assert_bound(f, NULL, "x/a/b", "LOGIN");
        assert_bound(f, NULL, "EXPIRES", "EXPIRES" UNKNOWN);
        assert_bound(f, NULL, "notexpires", "notexpires" UNKNOWN);
        assert_bound(f, NULL, "pkg.twice", "pkg.twice: it fits several test cases: OTHER, THIRD");
        assert_bound(f, NULL, "", ": the result names no test");
}

static void test_words(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *name, *expected;
        } cases[] = {
                { "pkg.TC-7 locks out", "TC-7" },
                { "test_tc_7_locks_out", "TC-7" },
                { "tc_7", "TC-7" },
                { "Tc-7[chromium]", "TC-7" },
                { "TC-71", "TC-71" },
                { "tc_7_1", "TC-7-1" }, /* the longer key is meant */
                { "TC-72", "TC-72" UNKNOWN },
                { "ATC-7", "ATC-7" UNKNOWN },
                { "TC7", "TC7" UNKNOWN },
                { "TC--7", "TC--7" UNKNOWN },
                { "\xc3\xa9TC-7", "\xc3\xa9TC-7" UNKNOWN },
                { "TC-7 again TC-7", "TC-7" },
                { "TC-7 and TC-71", "TC-7 and TC-71: it fits several test cases: TC-7, TC-71" },
                { "SMOKE", "SMOKE" UNKNOWN }, /* a key without a digit is a word of the language */
                { "12", "12" UNKNOWN },
        };

        add_case(f, "TC-7", "[]");
        add_case(f, "TC-71", "[]");
        add_case(f, "TC-7-1", "[]");
        add_case(f, "SMOKE", "[]");
        add_case(f, "12", "[]");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                assert_bound(f, NULL, cases[i].name, cases[i].expected);
}

static void test_same_word_twice(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        add_case(f, "TC-7", "[]");
        add_case(f, "tc_7", "[]");
        assert_bound(f, NULL, "TC-7", "TC-7: it fits several test cases: TC-7, tc_7");
}

static void test_rules(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char rules[] =
                "{\"tests\":[{\"match\":\"pkg.Class.*\",\"case\":\"A\"},"
                "{\"match\":\"*.Class.x*y\",\"case\":\"B\"},{\"match\":\"exact\",\"case\":\"B\"},"
                "{\"match\":\"a.b[1]\",\"case\":\"B\"}]}";

        add_case(f, "A", "[]");
        add_case(f, "B", "[\"pkg.Class.first\"]");
        add_case(f, "TC-1", "[]");
        assert_bound(f, rules, "pkg.Class.any", "A");
        assert_bound(f, rules, "pkg.Class.xy", "A"); /* the first that fits */
        assert_bound(f, rules, "other.Class.xzzyy", "B");
        assert_bound(f, rules, "other.Class.xzzy.", "other.Class.xzzy." UNKNOWN);
        assert_bound(f, rules, "exact", "B");
        assert_bound(f, rules, "exactly", "exactly" UNKNOWN);
        assert_bound(f, rules, "a.b[1]", "B"); /* nothing but * is special */
        assert_bound(f, rules, "axb1", "axb1" UNKNOWN);
        assert_bound(f, rules, "pkg.Class.first", "B"); /* keys and words come before rules */
        assert_bound(f, rules, "pkg.Class.tc_1", "TC-1");
}

static void test_wrong_rules(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *profile, *where, *message;
        } cases[] = {
                { "{\"tests\":[{\"match\":\"*\",\"case\":\"TC-1\"},{\"match\":\"*\",\"case\":\"TC-2\"}]}",
                  "/tests/1/case", "there is no test case TC-2, did you mean \"TC-1\"?" },
                { "{\"tests\":[{\"match\":\"*\"}]}", "/tests/0", NULL },
                { "{\"tests\":[{\"match\":\"*\",\"case\":\"TC-1\",\"when\":1}]}", "/tests/0", NULL },
                { "{\"tests\":{}}", "/tests", NULL },
        };

        add_case(f, "TC-1", "[]");
        add_item(f, "requirement", "TC-2", "draft", "{\"title\":\"no test case\"}");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) bound = bind(f, cases[i].profile,
                                             "[{\"op\":\"result\",\"case\":{\"name\":\"n\"},\"run\":\"TR-1\","
                                             "\"status\":\"passed\"}]",
                                             &error);

                g_assert_null(bound);
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
                if (cases[i].message != NULL)
                        g_assert_cmpstr(error->message, ==, cases[i].message);
        }
}

static void test_retired(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) bound = NULL;

        add_item(f, "test_case", "TC-1", "retired",
                 "{\"title\":\"t\",\"attrs\":{\"keys\":[\"old\",\"both\"]}}");
        add_case(f, "TC-2", "[\"both\",\"soon\"]");
        assert_bound(f, NULL, "old", "old: the test case TC-1 is retired");
        assert_bound(f, NULL, "tc-1", "tc-1: the test case TC-1 is retired");
        assert_bound(f, NULL, "both", "TC-2");
        bound = bind(
                f, NULL,
                "[{\"op\":\"retire\",\"key\":\"TC-2\"},{\"op\":\"result\",\"case\":{\"name\":\"soon\"},\"run\":\"TR-1\","
                "\"status\":\"passed\",\"at\":\"2026-01-01\"}]",
                &error);
        g_assert_no_error(error);
        assert_json(f->unmatched, "[{\"where\":\"\",\"what\":\"soon: the test case TC-2 is retired\"}]");
}

/* Cases that the same operations make or change. */
static void test_new_cases(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) bound = NULL;

        add_case(f, "TC-1", "[\"was\"]");
        add_item(f, "test_case", "TC-2", "draft",
                 "{\"title\":\"t\",\"source\":{\"system\":\"s\",\"id\":\"2\"}}");
        bound = bind(
                f, NULL,
                "[{\"op\":\"item\",\"key\":\"TC-1\",\"attrs\":{\"keys\":[\"is\"]}},"
                "{\"op\":\"item\",\"key\":\"TC-9\",\"kind\":\"test_case\",\"title\":\"new\"},"
                "{\"op\":\"item\",\"kind\":\"test_case\",\"source\":{\"system\":\"s\",\"id\":\"2\"},"
                "\"attrs\":{\"keys\":[\"two\"]}},"
                "{\"op\":\"item\",\"kind\":\"test_case\",\"source\":{\"system\":\"s\",\"id\":\"3\"},"
                "\"attrs\":{\"keys\":[\"three\"]}},"
                "{\"op\":\"result\",\"case\":{\"name\":\"was\"},\"run\":\"R\",\"status\":\"passed\",\"at\":\"2026-01-01\"},"
                "{\"op\":\"result\",\"case\":{\"name\":\"is\"},\"run\":\"R\",\"status\":\"passed\",\"at\":\"2026-01-01\"},"
                "{\"op\":\"result\",\"case\":{\"name\":\"tc_9\"},\"run\":\"R\",\"status\":\"failed\",\"at\":\"2026-01-01\"},"
                "{\"op\":\"result\",\"case\":{\"name\":\"two\"},\"run\":\"R\",\"status\":\"error\",\"at\":\"2026-01-01\"},"
                "{\"op\":\"result\",\"case\":{\"name\":\"three\"},\"run\":\"R\",\"status\":\"skipped\","
                "\"at\":\"2026-01-01\"}]",
                &error);
        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(bound), ==, 8);
        assert_json(json_array_get(bound, 4),
                    "{\"op\":\"result\",\"case\":\"TC-1\",\"run\":\"R\",\"status\":\"passed\","
                    "\"at\":\"2026-01-01T00:00:00.000Z\"}");
        g_assert_cmpstr(jread_get_string(json_array_get(bound, 5), "case"), ==, "TC-9");
        g_assert_cmpstr(jread_get_string(json_array_get(bound, 6), "case"), ==, "TC-2");
        assert_json(json_object_get(json_array_get(bound, 7), "case"), "{\"source\":[\"s\",\"3\"]}");
        g_assert_cmpuint(json_array_size(f->unmatched), ==, 1);
}

#define RUN \
        "{\"op\":\"item\",\"kind\":\"test_run\",\"source\":{\"system\":\"junit\",\"id\":\"aa\"},\"attrs\":{\"at\":\"2026-01-02\"}}"
#define OF "\"run\":{\"source\":[\"junit\",\"aa\"]}"
#define NAMED(name, status, rest) \
        "{\"op\":\"result\",\"case\":{\"name\":\"" name "\"}," OF ",\"status\":\"" status "\"" rest "}"

static void test_several_for_one(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *name, *status, *rest;
        } results[] = { { "a.1", "passed", ",\"at\":\"2026-03-01T10:00:00Z\"" },
                        { "a.2", "failed", ",\"at\":\"2026-03-01T09:00:00Z\",\"message\":\"no lock\"" },
                        { "a.3", "error", "" },
                        { "b.1", "passed", ",\"message\":\"x\"" },
                        { "b.2", "passed", "" },
                        { "c.1", "skipped", "" },
                        { "c.2", "passed", "" },
                        { "d.1", "passed", ",\"message\":\"said\",\"where\":\"line 9\",\"file\":0" },
                        { "e.1", "passed", "" } };
        g_autoptr(GString) ops = g_string_new("[" RUN);
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) bound = NULL;

        add_case(f, "A", "[\"a.1\",\"a.2\",\"a.3\"]");
        add_case(f, "B", "[\"b.1\",\"b.2\"]");
        add_case(f, "C", "[\"c.1\",\"c.2\"]");
        add_case(f, "D", "[\"d.1\"]");
        for (size_t i = 0; i < G_N_ELEMENTS(results); i++)
                g_string_append_printf(ops,
                                       ",{\"op\":\"result\",\"case\":{\"name\":\"%s\"}," OF
                                       ",\"status\":\"%s\"%s}",
                                       results[i].name, results[i].status, results[i].rest);
        g_string_append_c(ops, ']');
        bound = bind(f, NULL, ops->str, &error);
        g_assert_no_error(error);
        assert_json(
                bound,
                "[{\"op\":\"item\",\"kind\":\"test_run\",\"source\":{\"system\":\"junit\",\"id\":\"aa\"},\"attrs\":"
                "{\"at\":\"2026-01-02\",\"counts\":{\"unmatched\":1}}},"
                "{\"op\":\"result\",\"case\":\"A\"," OF
                ",\"status\":\"failed\",\"at\":\"2026-03-01T10:00:00.000Z\","
                "\"message\":\"a.2: no lock (the worst of 3 results)\"},"
                "{\"op\":\"result\",\"case\":\"B\"," OF
                ",\"status\":\"passed\",\"at\":\"2026-01-02T00:00:00.000Z\","
                "\"message\":\"2 results, all passed\"},"
                "{\"op\":\"result\",\"case\":\"C\"," OF
                ",\"status\":\"skipped\",\"at\":\"2026-01-02T00:00:00.000Z\","
                "\"message\":\"c.1 (the worst of 2 results)\"},"
                "{\"op\":\"result\",\"case\":\"D\"," OF
                ",\"status\":\"passed\",\"at\":\"2026-01-02T00:00:00.000Z\","
                "\"message\":\"said\",\"where\":\"line 9\",\"file\":0}]");
        assert_json(f->unmatched, "[{\"where\":\"\",\"what\":\"e.1" UNKNOWN "\"}]");
}

static void test_two_runs(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) bound = NULL;

        add_case(f, "A", "[\"a\"]");
        bound = bind(
                f, NULL,
                "[{\"op\":\"result\",\"case\":{\"name\":\"a\"},\"run\":\"TR-1\",\"status\":\"passed\",\"at\":\"2026-01-01\"},"
                "{\"op\":\"result\",\"case\":{\"name\":\"a\"},\"run\":\"TR-2\",\"status\":\"failed\",\"at\":\"2026-01-01\"}]",
                &error);
        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(bound), ==, 2);
        g_assert_cmpstr(jread_get_string(json_array_get(bound, 0), "status"), ==, "passed");
        g_assert_cmpstr(jread_get_string(json_array_get(bound, 1), "run"), ==, "TR-2");
}

static void test_time_of_import(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char ops[] =
                "[{\"op\":\"item\",\"kind\":\"test_run\",\"source\":{\"system\":\"junit\",\"id\":\"aa\"},"
                "\"attrs\":{\"counts\":{\"passed\":1}}}," NAMED("a", "passed", "") "]";
        const Instant before = instant_now();
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) first = NULL, again = NULL;
        const char *at;
        Instant instant;

        add_case(f, "A", "[\"a\"]");
        first = bind(f, NULL, ops, &error);
        g_assert_no_error(error);
        at = jread_get_string(json_object_get(json_array_get(first, 0), "attrs"), "at");
        g_assert_nonnull(at);
        g_assert_true(instant_parse(at, &instant, NULL));
        g_assert_cmpint(instant, >=, before);
        g_assert_cmpint(instant, <=, instant_now());
        g_assert_cmpstr(jread_get_string(json_array_get(first, 1), "at"), ==, at);

        /* Once the run is there, its time is the one. */
        add_item(
                f, "test_run", "TR-1", "recorded",
                "{\"title\":\"r\",\"source\":{\"system\":\"junit\",\"id\":\"aa\"},\"attrs\":{\"at\":\"2025-05-05T05:05:05Z\"}}");
        again = bind(f, NULL, ops, &error);
        g_assert_no_error(error);
        assert_json(
                again,
                "[{\"op\":\"item\",\"kind\":\"test_run\",\"source\":{\"system\":\"junit\",\"id\":\"aa\"},\"attrs\":"
                "{\"counts\":{\"passed\":1,\"unmatched\":0},\"at\":\"2025-05-05T05:05:05.000Z\"}},"
                "{\"op\":\"result\",\"case\":\"A\"," OF
                ",\"status\":\"passed\",\"at\":\"2025-05-05T05:05:05.000Z\"}]");
}

static void test_native_results_stay(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char ops[] =
                "[{\"op\":\"result\",\"case\":\"TC-404\",\"run\":\"TR-1\",\"status\":\"what\"},"
                "{\"op\":\"link\",\"from\":\"A\",\"type\":\"x\",\"to\":\"B\"}]";
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) bound = bind(f, "{\"tests\":[{\"match\":\"*\",\"case\":\"none\"}]}", ops, &error);

        g_assert_no_error(error);
        assert_json(bound, ops);
        assert_json(f->unmatched, "[]");
}

static void test_wrong_results(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *ops, *where;
        } cases[] = { { "[" NAMED("a", "great", "") "]", "/status" },
                      { "[" NAMED("a", "passed", ",\"at\":\"yesterday\"") "]", "/at" } };

        add_case(f, "A", "[\"a\"]");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) bound = bind(f, NULL, cases[i].ops, &error);

                g_assert_null(bound);
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*test)(Fixture *f, gconstpointer data);
        } tests[] = { { "keys", test_keys },
                      { "words", test_words },
                      { "same-word-twice", test_same_word_twice },
                      { "rules", test_rules },
                      { "wrong-rules", test_wrong_rules },
                      { "retired", test_retired },
                      { "new-cases", test_new_cases },
                      { "several-for-one", test_several_for_one },
                      { "two-runs", test_two_runs },
                      { "time-of-import", test_time_of_import },
                      { "native-results-stay", test_native_results_stay },
                      { "wrong-results", test_wrong_results } };

        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        hash_init();
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
                g_autofree char *path = g_strdup_printf("/service/bind/%s", tests[i].name);

                g_test_add(path, Fixture, NULL, set_up, tests[i].test, tear_down);
        }
        return g_test_run();
}
