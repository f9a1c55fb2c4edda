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
                g_assert_true(request_is_last(request) == cases[i].body);
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
                g_assert_true(request_is_last(request));
                g_assert_false(request_check(request, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_USAGE);
        }
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

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/request/hosts", test_hosts);
        g_test_add_func("/http/request/no-configured-host", test_no_configured_host);
        g_test_add_func("/http/request/one-host", test_one_host);
        g_test_add_func("/http/request/bodies", test_bodies);
        g_test_add_func("/http/request/bad-fields", test_bad_fields);
        g_test_add_func("/http/request/too-much", test_too_much);
        return g_test_run();
}
