#include "http/request.h"

#include "base/error.h"

static HttpRequest *request_with(HttpContext *context, const char *host)
{
        HttpRequest *request = request_new(context, "/");

        if (host != NULL)
                request_add_header(request, "Host", host);
        return request;
}

static void test_hosts(void)
{
        static const char *const ours[] = { "localhost",       "LocalHost:8080", "127.0.0.1",
                                            "127.0.0.1:62443", "127.255.0.9",    "[::1]",
                                            "[::1]:1",         "plant.example",  "PLANT.example:80" };
        static const char *const others[] = { "",
                                              "evil.example",
                                              "localhost.evil",
                                              "127.0.0.1.evil",
                                              "127.1",
                                              "0127.0.0.1x",
                                              "127.0.0.1.",
                                              "128.0.0.1",
                                              "[::2]",
                                              "[::1",
                                              "[::1]evil",
                                              "::1",
                                              "localhost:",
                                              "localhost:x",
                                              "localhost:70000",
                                              "localhost/",
                                              "a@localhost",
                                              ":80" };
        HttpContext context = { .host = "plant.example" };

        for (size_t i = 0; i < G_N_ELEMENTS(ours); i++) {
                g_autoptr(HttpRequest) request = request_with(&context, ours[i]);
                g_autoptr(GError) error = NULL;

                g_assert_true(request_check(request, &error));
                g_assert_no_error(error);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
                g_autoptr(HttpRequest) request = request_with(&context, others[i]);
                g_autoptr(GError) error = NULL;

                g_test_message("%s", others[i]);
                g_assert_false(request_check(request, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_HOST);
        }
}

static void test_no_configured_host(void)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_with(&context, "plant.example");

        g_assert_false(request_check(request, NULL));
}

static void test_one_host(void)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) none = request_with(&context, NULL), two = request_with(&context, "localhost");
        g_autoptr(GError) error = NULL;

        g_assert_false(request_check(none, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_USAGE);
        request_add_header(two, "host", "localhost");
        g_assert_false(request_check(two, NULL));
}

static void test_bodies(void)
{
        static const struct {
                const char *name, *value;
                bool body;
        } cases[] = { { "Content-Length", "0", false },         { "content-length", "1", true },
                      { "Content-Length", "00", true },         { "Content-Length", "", true },
                      { "Transfer-Encoding", "chunked", true }, { "transfer-encoding", "", true },
                      { "X-Content-Length", "5", false } };
        HttpContext context = { .host = "" };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(HttpRequest) request = request_with(&context, "localhost");

                request_add_header(request, cases[i].name, cases[i].value);
                g_assert_true(request->has_body == cases[i].body);
        }
}

static void test_bad_fields(void)
{
        static const struct {
                const char *name, *value;
        } cases[] = { { "Transfer-Encoding ", "chunked" },
                      { "", "x" },
                      { "a b", "x" },
                      { "a:b", "x" },
                      { "a\x01", "x" },
                      { "x", "a\rb" },
                      { "x", "a\x01" },
                      { "\xc3\xa4", "x" } };
        HttpContext context = { .host = "" };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(HttpRequest) request = request_with(&context, "localhost");
                g_autoptr(GError) error = NULL;

                request_add_header(request, cases[i].name, cases[i].value);
                g_assert_true(request->has_bad_field);
                g_assert_false(request_check(request, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_USAGE);
        }
}

/* What says the length of a body twice, or in a way somebody else may read differently. */
static void test_unclear_bodies(void)
{
        static const struct {
                const char *name, *value, *again;
                int code;
        } cases[] = { { "Content-Length", "5", "5", ZW_ERR_USAGE },
                      { "Content-Length", "0", "5", ZW_ERR_USAGE },
                      { "Content-Length", "+5", NULL, ZW_ERR_USAGE },
                      { "Content-Length", "-1", NULL, ZW_ERR_USAGE },
                      { "Content-Length", "5, 5", NULL, ZW_ERR_USAGE },
                      { "Content-Length", " 5", NULL, ZW_ERR_USAGE },
                      { "Content-Length", "0x5", NULL, ZW_ERR_USAGE },
                      { "Content-Length", "", NULL, ZW_ERR_USAGE },
                      { "Content-Length", "99999999999999999999", NULL, ZW_ERR_USAGE },
                      { "Transfer-Encoding", "chunked", NULL, ZW_ERR_LENGTH },
                      { "Transfer-Encoding", "identity", NULL, ZW_ERR_LENGTH },
                      { "Content-Encoding", "gzip", NULL, ZW_ERR_MEDIA_TYPE },
                      { "Authorization", "Bearer a", "Bearer b", ZW_ERR_USAGE },
                      { "Origin", "http://a", "http://b", ZW_ERR_USAGE } };
        HttpContext context = { .host = "" };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(HttpRequest) request = request_with(&context, "localhost");
                g_autoptr(GError) error = NULL;

                g_test_message("%s: %s", cases[i].name, cases[i].value);
                request_add_header(request, cases[i].name, cases[i].value);
                if (cases[i].again != NULL)
                        request_add_header(request, cases[i].name, cases[i].again);
                g_assert_false(request_check(request, &error));
                g_assert_error(error, ZW_ERROR, cases[i].code);
        }
}

static void test_cookies(void)
{
        static const struct {
                const char *field, *value;
        } cases[] = { { "a=1", "1" }, { "b=2; a=1", "1" }, { "b=2;a=1;a=3", "1" },
                      { "a=", "" },   { "aa=1", NULL },    { "b=a=1", NULL },
                      { "", NULL },   { "a", NULL },       { " a=x=y ", "x=y" } };
        HttpContext context = { .host = "" };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(HttpRequest) request = request_with(&context, "localhost");
                g_autofree char *value = NULL;

                request_add_header(request, "cookie", cases[i].field);
                value = request_cookie(request, "a");
                g_test_message("%s", cases[i].field);
                g_assert_cmpstr(value, ==, cases[i].value);
        }
}

static void test_methods(void)
{
        g_assert_cmpint(method_find("PATCH"), ==, HTTP_PATCH);
        g_assert_cmpint(method_find("patch"), ==, HTTP_OTHER);
        g_assert_cmpint(method_find("other"), ==, HTTP_OTHER);
        g_assert_cmpint(method_find(""), ==, HTTP_OTHER);
        g_assert_cmpstr(method_name(HTTP_DELETE), ==, "DELETE");
}

static void test_too_much(void)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_with(&context, "localhost");
        g_autofree char *half = g_strnfill(8000, 'a');
        g_autoptr(GError) error = NULL;

        request_add_header(request, "X", half);
        request_add_header(request, "X", half);
        g_assert_true(request_check(request, NULL));
        request_add_header(request, "X", half);
        g_assert_false(request_check(request, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_HEADERS_LENGTH);
}

static void test_takes_gzip(void)
{
        static const struct {
                const char *list;
                bool takes;
        } cases[] = {
                { "gzip", true },        { "deflate, GZIP;q=0.5, br", true },
                { "gzip;q=1.0", true },  { "gzip; q=0", false },
                { "gzip;q=0.0", false }, { "gzipped", false },
                { "br, zstd", false },   { "", false },
                { ",;,", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                HttpContext context = { .host = "" };
                g_autoptr(HttpRequest) request = request_new(&context, "/");

                g_test_message("%s", cases[i].list);
                request_add_header(request, "Accept-Encoding", cases[i].list);
                g_assert_cmpint(request_takes_gzip(request), ==, cases[i].takes);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/request/hosts", test_hosts);
        g_test_add_func("/http/request/no-configured-host", test_no_configured_host);
        g_test_add_func("/http/request/one-host", test_one_host);
        g_test_add_func("/http/request/bodies", test_bodies);
        g_test_add_func("/http/request/bad-fields", test_bad_fields);
        g_test_add_func("/http/request/unclear-bodies", test_unclear_bodies);
        g_test_add_func("/http/request/cookies", test_cookies);
        g_test_add_func("/http/request/methods", test_methods);
        g_test_add_func("/http/request/too-much", test_too_much);
        g_test_add_func("/http/request/takes-gzip", test_takes_gzip);
        return g_test_run();
}
