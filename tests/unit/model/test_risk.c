/* Risk methods: those of the program, levels worked out by hand, and what is refused with its cell
 * (docs/algorithms/risk.md). */
#include "base/error.h"
#include "base/jread.h"
#include "model/risk.h"

#include <string.h>

typedef struct {
        RiskMethods *methods;
        RiskStatement statement;
} Case;

static void set_up(Case *c, gconstpointer data G_GNUC_UNUSED)
{
        c->methods = risk_methods_new();
        c->statement = (RiskStatement){ .likelihood = 3 };
        for (int i = 0; i < ZW_RISK_CATEGORIES; i++)
                c->statement.impact[i] = c->statement.tolerable[i] = -1;
}

static void tear_down(Case *c, gconstpointer data G_GNUC_UNUSED)
{
        risk_methods_free(c->methods);
}

static const RiskMethod *method(const Case *c, const char *name)
{
        const RiskMethod *found = risk_methods_find(c->methods, name, strlen(name));

        g_assert_nonnull(found);
        return found;
}

static int level(const Case *c, const char *name)
{
        g_auto(RiskLevel) found = { 0 };

        risk_method_level(method(c, name), &c->statement, &found);
        g_assert_cmpint(found.sl < 0, ==, found.unknown != NULL);
        return found.sl;
}

static void test_shipped(Case *c, gconstpointer data G_GNUC_UNUSED)
{
        g_assert_cmpstr(risk_method_name(risk_methods_default(c->methods)), ==, ZW_RISK_DEFAULT);
        g_assert_cmpuint(risk_methods_count(c->methods), ==, 3);
        g_assert_cmpint(risk_method_rating(method(c, "crrf-5x5@1"), 4, 5), ==, 20);
}

/* 3 x 5 = 15 against 4: the cell of the matrix says 3; CRRF 3.75, less a quarter 3.5, so 3. 3 x 4 = 12 against 6 is 2.00: 1. */
static void test_levels(Case *c, gconstpointer data G_GNUC_UNUSED)
{
        c->statement.impact[ZW_VALUE_IMPACT_SAFETY] = 5;
        g_assert_cmpint(level(c, "matrix-5x5@1"), ==, 3);
        g_assert_cmpint(level(c, "crrf-5x5@1"), ==, 3);
        c->statement.impact[ZW_VALUE_IMPACT_SAFETY] = 0;
        c->statement.impact[ZW_VALUE_IMPACT_FINANCE] = 4;
        g_assert_cmpint(level(c, "crrf-5x5@1"), ==, 1);
        c->statement.tolerable[ZW_VALUE_IMPACT_FINANCE] = 12;
        g_assert_cmpint(level(c, "crrf-5x5@1"), ==, 0);
        g_assert_cmpint(level(c, "matrix-5x5@1"), ==, 0);
        c->statement.tolerable[ZW_VALUE_IMPACT_FINANCE] = 0;
        g_assert_cmpint(level(c, "crrf-5x5@1"), ==, 4);
}

/* The bounds of the rule INT(CRRF - 1/4): 1.25 and 2.25 begin the next level, and not a hair before. */
static void test_bounds(Case *c, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                int likelihood, impact, tolerable, sl;
        } rows[] = { { 1, 4, 4, 0 }, { 1, 5, 4, 1 }, { 2, 4, 4, 1 },  { 3, 3, 4, 2 }, { 3, 4, 4, 2 },
                     { 4, 4, 4, 3 }, { 4, 5, 4, 4 }, { 5, 5, 20, 1 }, { 5, 5, 21, 0 } };

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                c->statement.likelihood = rows[i].likelihood;
                c->statement.impact[0] = rows[i].impact;
                c->statement.tolerable[0] = rows[i].tolerable;
                g_assert_cmpint(level(c, "crrf-5x5@1"), ==, rows[i].sl);
        }
}

static void test_attacker(Case *c, gconstpointer data G_GNUC_UNUSED)
{
        c->statement.impact[0] = 5;
        g_assert_cmpint(level(c, "attacker-5x5@1"), ==, -1);
        for (int i = 0; i < ZW_RISK_FACTORS; i++)
                c->statement.attacker[i] = 1;
        g_assert_cmpint(level(c, "attacker-5x5@1"), ==, 1);
        c->statement.attacker[ZW_VALUE_ATTACKER_SKILL] = 3;
        g_assert_cmpint(level(c, "attacker-5x5@1"), ==, 3);
        c->statement.attacker[ZW_VALUE_ATTACKER_MEANS] = 4;
        g_assert_cmpint(level(c, "attacker-5x5@1"), ==, -1);
        c->statement.attacker[ZW_VALUE_ATTACKER_MEANS] = 3;
        c->statement.tolerable[0] = 15;
        g_assert_cmpint(level(c, "attacker-5x5@1"), ==, 0);
}

static void test_unknown(Case *c, gconstpointer data G_GNUC_UNUSED)
{
        g_assert_cmpint(level(c, "matrix-5x5@1"), ==, -1); /* no impact */
        c->statement.impact[0] = 6;
        g_assert_cmpint(level(c, "matrix-5x5@1"), ==, -1);
        c->statement.impact[0] = 5;
        c->statement.likelihood = 0;
        g_assert_cmpint(level(c, "matrix-5x5@1"), ==, -1);
        c->statement.likelihood = 6;
        g_assert_cmpint(level(c, "matrix-5x5@1"), ==, -1);
        c->statement.impact[0] = 0; /* nothing happens, whatever the likelihood */
        g_assert_cmpint(level(c, "matrix-5x5@1"), ==, 0);
}

/* ---- refusals ---- */

static json_t *small(void)
{
        return json_pack(
                "{s:s, s:s, s:s, s:[{s:s,s:s},{s:s,s:s}], s:[s,s], s:{s:{s:i,s:[s,s]}}, s:[[i,i],[i,i]], "
                "s:{s:s, s:[[i,i],[i,i]]}}",
                "method", "own", "version", "1", "title", "t", "likelihood", "name", "a", "criterion", "b",
                "name", "c", "criterion", "d", "impact", "x", "y", "categories", "safety", "tolerable", 1,
                "criteria", "x", "y", "rating", 1, 2, 2, 4, "sl", "by", "matrix", "matrix", 0, 1, 1, 4);
}

/* Puts `text` at `path` (names and numbers) of the small method; the error names `where`. */
static const struct {
        const char *path, *text, *where;
} wrong[] = {
        { "rating 1 1", "null", "/rating/1/1" },
        { "rating 1", "[2]", "/rating/1/1" },
        { "rating 1", "[2,4,6]", "/rating/1" },
        { "rating", "[[1,2]]", "/rating/1/0" },
        { "rating", "[[1,2],[1,2],[1,2]]", "/rating" },
        { "rating 0 0", "101", "/rating/0/0" },
        { "sl matrix 0 1", "5", "/sl/matrix/0/1" },
        { "sl matrix 0 1", "-1", "/sl/matrix/0/1" },
        { "sl matrix 0 1", "1.5", "/sl/matrix/0/1" },
        { "sl matrix 1", "[1]", "/sl/matrix/1/1" },
        { "sl by", "\"guess\"", "/sl/by" },
        { "sl by", "\"risk_reduction\"", "/sl/by" },
        { "sl bands", "[]", "/sl/by" },
        { "sl", "{\"by\":\"risk_reduction\",\"bands\":[]}", "/sl/bands" },
        { "sl", "{\"by\":\"risk_reduction\",\"bands\":[{\"up_to\":\"1\",\"sl\":0}]}", "/sl/bands/0" },
        { "sl",
          "{\"by\":\"risk_reduction\",\"bands\":[{\"up_to\":\"2\",\"sl\":0},{\"below\":\"1\",\"sl\":1},{\"sl\":4}]}",
          "/sl/bands/1" },
        { "sl",
          "{\"by\":\"risk_reduction\",\"bands\":[{\"up_to\":\"1\",\"below\":\"1\",\"sl\":0},{\"sl\":4}]}",
          "/sl/bands/0" },
        { "sl", "{\"by\":\"risk_reduction\",\"bands\":[{\"up_to\":\"1\",\"sl\":3},{\"sl\":2}]}",
          "/sl/bands/1" },
        { "sl", "{\"by\":\"risk_reduction\",\"bands\":[{\"up_to\":\"1,5\",\"sl\":0},{\"sl\":2}]}",
          "/sl/bands/0" },
        { "sl", "{\"by\":\"risk_reduction\",\"bands\":[{\"up_to\":\"1\",\"sl\":5},{\"sl\":2}]}",
          "/sl/bands/0/sl" },
        { "sl", "{\"by\":\"attacker_capability\",\"factors\":{\"skill\":[]}}", "/sl/factors" },
        { "categories safety criteria", "[\"one\"]", "/categories/safety/criteria" },
        { "categories safety tolerable", "null", "/categories/safety/tolerable" },
        { "categories", "{}", "/categories" },
        { "categories mood", "{\"tolerable\":1,\"criteria\":[\"x\",\"y\"]}", "/categories/mood" },
        { "impact", "[\"one\"]", "/impact" },
        { "likelihood 1 criterion", "\"\"", "/likelihood/1/criterion" },
        { "likelihood", "[]", "/likelihood" },
        { "version", "\"a b\"", "/version" },
        { "method", "\"\"", "/method" },
        { "replaces", "\"1\"", "/replaces" },
        { "colour", "1", "" },
};

static void put(json_t *into, const char *path, const char *text)
{
        g_auto(GStrv) steps = g_strsplit(path, " ", -1);
        const guint last = g_strv_length(steps) - 1;
        json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);

        for (guint i = 0; i < last; i++)
                into = json_is_array(into) ? json_array_get(into, (size_t)g_ascii_digit_value(*steps[i]))
                                           : json_object_get(into, steps[i]);
        if (json_is_array(into))
                json_array_set_new(into, (size_t)g_ascii_digit_value(*steps[last]), value);
        else
                json_object_set_new(into, steps[last], value);
}

static void test_refused(Case *c G_GNUC_UNUSED, gconstpointer data G_GNUC_UNUSED)
{
        for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
                g_autoptr(Json) value = small();
                g_autoptr(GError) error = NULL;

                put(value, wrong[i].path, wrong[i].text);
                g_assert_null(risk_method_read(value, "", &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, wrong[i].where);
        }
}

static RiskMethod *version(const char *name, const char *replaces)
{
        g_autoptr(Json) value = small();

        json_object_set_new(value, "version", json_string(name));
        if (replaces != NULL)
                json_object_set_new(value, "replaces", json_string(replaces));
        return risk_method_read(value, "", NULL);
}

static void test_versions(Case *c, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *name, *replaces;
                int code;
        } refused[] = { { "1", NULL, ZW_ERR_EXISTS },
                        { "3", NULL, ZW_ERR_INPUT },
                        { "3", "1", ZW_ERR_INPUT },
                        { "3", "7", ZW_ERR_INPUT } };

        g_assert_true(risk_methods_add(c->methods, version("1", NULL), NULL));
        g_assert_true(risk_methods_add(c->methods, version("2", "1"), NULL));
        g_assert_true(risk_methods_successor(c->methods, method(c, "own@1")) == method(c, "own@2"));
        g_assert_null(risk_methods_successor(c->methods, method(c, "own@2")));
        for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
                g_autoptr(GError) error = NULL;

                g_assert_false(
                        risk_methods_add(c->methods, version(refused[i].name, refused[i].replaces), &error));
                g_assert_error(error, ZW_ERROR, refused[i].code);
        }
        g_assert_cmpuint(risk_methods_count(c->methods), ==, 5);
}

static void test_default(Case *c, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;

        g_assert_true(risk_methods_set_default(c->methods, "crrf-5x5@1", NULL));
        g_assert_false(risk_methods_set_default(c->methods, "crrf-5x5@2", &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NAME_UNKNOWN);
        g_assert_nonnull(strstr(error->message, "crrf-5x5@1"));
        g_assert_true(risk_methods_default(c->methods) == method(c, "crrf-5x5@1"));
}

int main(int argc, char **argv)
{
        static const struct {
                const char *name;
                void (*run)(Case *, gconstpointer);
        } tests[] = {
                { "shipped", test_shipped },   { "levels", test_levels },   { "bounds", test_bounds },
                { "attacker", test_attacker }, { "unknown", test_unknown }, { "refused", test_refused },
                { "versions", test_versions }, { "default", test_default },
        };

        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
                g_autofree char *path = g_strconcat("/model/risk/", tests[i].name, NULL);

                g_test_add(path, Case, NULL, set_up, tests[i].run, tear_down);
        }
        return g_test_run();
}
