#include "http/shapes.h"

#include "base/error.h"

#include <string.h>

/* The table of use cases, for its permissions. */
static const struct {
        const char *name;
        int permission;
        bool in_project;
} usecases[] = {
#define USECASE(symbol, name, function, permission, scope, summary) \
        { (name), ZW_PERM_##permission, strcmp(#scope, "GLOBAL") != 0 },
#include "service/usecases.def"
#undef USECASE
};

static void test_permissions_are_those_of_the_use_cases(void)
{
        size_t n;
        const Route *routes = route_table(&n);

        g_assert_cmpuint(n, ==, ROUTE_COUNT);
        for (size_t i = 0; i < n; i++) {
                size_t u = 0;

                if (routes[i].usecase == NULL) {
                        continue;
                }
                while (u < G_N_ELEMENTS(usecases) && strcmp(usecases[u].name, routes[i].usecase) != 0)
                        u++;
                g_test_message("%s %s", routes[i].pattern, routes[i].usecase);
                g_assert_cmpuint(u, <, G_N_ELEMENTS(usecases));
                g_assert_true(usecases[u].in_project == ((routes[i].flags & IN_PROJECT) != 0 ||
                                                         strstr(routes[i].pattern, "{project}") != NULL));
                if (routes[i].permission != ROUTE_PUBLIC)
                        g_assert_cmpint(routes[i].permission, ==, usecases[u].permission);
        }
}

/* What is answered to anybody is named here: a row more is meant to be seen. */
static void test_public(void)
{
        static const char *const public[] = { "GET /api/v1/setup",
                                              "POST /api/v1/setup",
                                              "POST /api/v1/session",
                                              "POST /api/v1/session/challenge",
                                              "POST /api/v1/session/passkey",
                                              "GET /healthz",
                                              "GET /readyz",
                                              "GET /",
                                              "GET /assets/{file}",
                                              "GET /{page}",
                                              "GET /{page}/{key}",
                                              "GET /api/v1/oidc/start",
                                              "GET /api/v1/oidc/callback",
                                              NULL };
        size_t n;
        const Route *routes = route_table(&n);

        for (size_t i = 0; i < n; i++) {
                g_autofree char *name = g_strdup_printf("%s %s", method_name(routes[i].method),
                                                        routes[i].pattern);

                g_test_message("%s", name);
                g_assert_true(g_strv_contains(public, name) == (routes[i].permission == ROUTE_PUBLIC));
                /* The thread that reads never waits for the store. */
                g_assert_true((routes[i].flags & QUICK) == 0 || routes[i].permission == ROUTE_PUBLIC);
                /* What is changed is changed by a body or by a method that says so. */
                g_assert_true(routes[i].method != HTTP_GET || routes[i].body == BODY_NONE);
        }
}

/* Every body of JSON has a shape, and every answer of the API. */
static void test_shapes(void)
{
        g_autoptr(Shapes) shapes = shapes_new(NULL);
        size_t n;
        const Route *routes = route_table(&n);

        for (size_t i = 0; i < n; i++) {
                const char *takes = shapes_takes(shapes, &routes[i]),
                           *gives = shapes_gives(shapes, &routes[i]);

                g_test_message("%s %s", method_name(routes[i].method), routes[i].pattern);
                g_assert_true((takes != NULL) == body_rule(routes[i].body)->is_json);
                g_assert_true(takes == NULL || json_object_get(shapes_schemas(shapes), takes) != NULL);
                g_assert_true(gives == NULL || json_object_get(shapes_schemas(shapes), gives) != NULL);
        }
}

static void test_shape_check(void)
{
        static const struct {
                const char *shape, *body, *where, *words;
        } cases[] = {
                { "sign_in", "{\"name\":\"a\",\"password\":\"b\"}", NULL, NULL },
                { "sign_in", "{\"name\":\"a\"}", "/password", "missing" },
                { "sign_in", "{\"name\":\"a\",\"password\":\"b\",\"cod\":\"1\"}", "/cod",
                  "did you mean \"code\"" },
                { "sign_in", "{\"name\":1,\"password\":\"b\"}", "/name", "string is expected, not integer" },
                { "item_new", "{\"kind\":\"zone\",\"title\":\"\"}", "/title", "at least 1 characters" },
                { "item_new",
                  "{\"kind\":\"zone\",\"title\":\"t\",\"links\":[{\"type\":\"uses\",\"to\":\"A\"},{\"to\":\"B\"}]}",
                  "/links/1/type", "missing" },
                { "item_new", "{\"kind\":\"zone\",\"title\":\"t\",\"tags\":[\"a\",null]}", "/tags/1",
                  "not null" },
                { "webhook_new", "{\"url\":\"x\",\"events\":[\"commit\",\"item\"]}", "/events/1",
                  "one of commit" },
                { "bulk", "{\"q\":\"\",\"patch\":{\"a/b~\":1}}", "/patch/a~1b~0", "no member" },
        };
        g_autoptr(Shapes) shapes = shapes_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(Json) body = json_loads(cases[i].body, 0, NULL);
                g_autoptr(GError) error = NULL;
                bool ok = shapes_check(shapes, cases[i].shape, body, &error);

                g_test_message("%s", cases[i].body);
                g_assert_true(ok == (cases[i].where == NULL));
                if (ok)
                        continue;
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
                g_assert_nonnull(strstr(error->message, cases[i].words));
        }
}

static const Route *find(const char *target, HttpMethod method, json_t **ret_input, GError **error)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_new(&context, target);

        request->method = method;
        request_add_header(request, "Host", "localhost");
        return route_find(request, ret_input, error);
}

static void test_input(void)
{
        static const struct {
                const char *target, *pattern, *input;
        } cases[] = {
                { "/", "/", "{}" },
                { "/?at=3&of-the-page=a&of-the-page=b", "/", "{}" },
                { "/gap.html?at=3", "/{type}.html", "{\"type\":\"gap\",\"at\":\"3\"}" },
                { "/p/A/zones?q=kind", "/{page}", "{\"page\":\"zones\",\"project\":\"A\"}" },
                { "/p/A/items/ZN-1", "/{page}/{key}",
                  "{\"key\":\"ZN-1\",\"page\":\"items\",\"project\":\"A\"}" },
                { "/assets/app.js?x", "/assets/{file}", "{\"file\":\"app.js\"}" },
                { "/p/A", "/", "{\"project\":\"A\"}" },
                { "/p/A/", "/", "{\"project\":\"A\"}" },
                { "/api/v1/items/ZN-1", "/api/v1/items/{key}", "{\"key\":\"ZN-1\"}" },
                { "/p/B/api/v1/items/a%22%3C", "/api/v1/items/{key}",
                  "{\"key\":\"a\\\"<\",\"project\":\"B\"}" },
                { "/api/v1/items/X/trace?up&down=false&project=C", "/api/v1/items/{key}/trace",
                  "{\"key\":\"X\",\"up\":true,\"down\":false,\"project\":\"C\"}" },
                { "/api/v1/items/X/impact?kinds=a&kinds=b", "/api/v1/items/{key}/impact",
                  "{\"key\":\"X\",\"kinds\":[\"a\",\"b\"]}" },
                { "/api/v1/items?q=a+b", "/api/v1/items", "{\"q\":\"a b\"}" },
                { "/healthz", "/healthz", "{}" },
                { "/gap.html", "/{type}.html", "{\"type\":\"gap\"}" },
                { "/p/A/gap.json?zone=ZN-1", "/{type}.json",
                  "{\"type\":\"gap\",\"project\":\"A\",\"zone\":\"ZN-1\"}" },
                { "/reports/gap?instant=2026-01-01", "/reports/{type}",
                  "{\"type\":\"gap\",\"instant\":\"2026-01-01\"}" },
                { "/reports/gap.json", "/reports/{type}.json", "{\"type\":\"gap\"}" },
                { "/reports/a.b.html", "/reports/{type}.html", "{\"type\":\"a.b\"}" },
                { "/reports/.html", "/reports/{type}", "{\"type\":\".html\"}" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) input = NULL, expected = json_loads(cases[i].input, 0, NULL);
                const Route *route = find(cases[i].target, HTTP_GET, &input, &error);

                g_test_message("%s", cases[i].target);
                g_assert_no_error(error);
                g_assert_cmpstr(route->pattern, ==, cases[i].pattern);
                g_assert_true(json_equal(input, expected));
        }
}

static void test_refused(void)
{
        static const struct {
                const char *target;
                HttpMethod method;
                int code;
        } cases[] = {
                { "/nothing", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/nothing", HTTP_OTHER, ZW_ERR_NOT_FOUND },
                { "/healthz/", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/api/v1/items/", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/api/v1/items/a/b", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/p/A/healthz", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/.html", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/gap.htm", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/reports/", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/p/A/p/B/", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/nothing/ZN-1", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/items/ZN-1/more", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/p/A/api/v1", HTTP_GET, ZW_ERR_NOT_FOUND },
                { "/p//", HTTP_GET, ZW_ERR_USAGE },
                { "/", HTTP_OTHER, ZW_ERR_METHOD },
                { "/", HTTP_POST, ZW_ERR_METHOD },
                { "/api/v1/session", HTTP_PUT, ZW_ERR_METHOD },
                { "/api/v1/session", HTTP_POST, ZW_ERR_USAGE },
                { "/gap.html?q=1", HTTP_GET, ZW_ERR_USAGE },
                { "/gap.html?at=1&at=1", HTTP_GET, ZW_ERR_USAGE },
                { "/p/A/gap.html?project=A", HTTP_GET, ZW_ERR_USAGE },
                { "/api/v1/items/X/trace?up=1", HTTP_GET, ZW_ERR_USAGE },
                { "/api/v1/catalogs?project=A", HTTP_GET, ZW_ERR_USAGE },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                json_t *input = NULL;

                g_test_message("%s", cases[i].target);
                g_assert_null(find(cases[i].target, cases[i].method, &input, &error));
                g_assert_error(error, ZW_ERROR, cases[i].code);
                g_assert_null(input);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/route/permissions", test_permissions_are_those_of_the_use_cases);
        g_test_add_func("/http/route/public", test_public);
        g_test_add_func("/http/route/shapes", test_shapes);
        g_test_add_func("/http/route/shape-check", test_shape_check);
        g_test_add_func("/http/route/input", test_input);
        g_test_add_func("/http/route/refused", test_refused);
        return g_test_run();
}
