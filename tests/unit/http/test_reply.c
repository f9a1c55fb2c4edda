#include "http/reply.h"

#include "base/error.h"
#include "base/jread.h"

#include <string.h>

static void header_keep(const char *name, const char *value, void *payload)
{
        g_hash_table_insert(payload, g_strdup(name), g_strdup(value));
}

static GHashTable *headers_of(const HttpReply *reply, const HttpRequest *request)
{
        GHashTable *headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

        reply_each_header(reply, request, header_keep, headers);
        return headers;
}

static void take(HttpReply *reply, const char *type, const char *text)
{
        g_autoptr(Out) out = out_new(1000);

        out_text(out, text);
        g_assert_true(reply_take(reply, type, out, NULL));
}

static void test_style_is_allowed_by_its_hash(void)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_new(&context, "/");
        g_auto(HttpReply) reply = { 0 };
        g_autoptr(GHashTable) headers = NULL;

        take(&reply, REPLY_HTML, "<head><style>abc</style></head><style>def</style>");
        headers = headers_of(&reply, request);
        /* The SHA-256 of "abc" is a published test vector. */
        g_assert_cmpstr(
                g_hash_table_lookup(headers, "Content-Security-Policy"), ==,
                "default-src 'none'; style-src 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='; base-uri 'none'; "
                "form-action 'none'; frame-ancestors 'none'");
        g_assert_cmpstr(g_hash_table_lookup(headers, "X-Request-Id"), ==, request->id);
}

static void test_no_style_no_allowance(void)
{
        static const struct {
                const char *type, *text;
        } cases[] = { { REPLY_JSON, "<style>abc</style>" },
                      { REPLY_HTML, "<p>" },
                      { REPLY_HTML, "<style>abc" } };
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_new(&context, "/");

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(HttpReply) reply = { 0 };
                g_autoptr(GHashTable) headers = NULL;

                take(&reply, cases[i].type, cases[i].text);
                headers = headers_of(&reply, request);
                g_assert_nonnull(
                        strstr(g_hash_table_lookup(headers, "Content-Security-Policy"), "style-src 'none'"));
        }
}

static void test_too_long(void)
{
        g_auto(HttpReply) reply = { 0 };
        g_autoptr(Out) out = out_new(2);
        g_autoptr(GError) error = NULL;

        out_text(out, "abc");
        g_assert_false(reply_take(&reply, REPLY_JSON, out, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
}

static int status_of(HttpMethod method, const char *known)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_new(&context, "/");
        g_auto(HttpReply) reply = { 0 };

        request->method = method;
        if (known != NULL)
                request_add_header(request, "If-None-Match", known);
        take(&reply, REPLY_JSON, "abc");
        reply_tag(&reply);
        reply_condition(&reply, request);
        g_assert_cmpstr(reply.etag, ==, "\"ba7816bf8f01cfea414140de5dae2223\"");
        g_assert_cmpuint(g_bytes_get_size(reply.body), ==, reply.status == 304 ? 0 : 3);
        return reply.status;
}

static int status_with(const char *known)
{
        const int status = status_of(HTTP_GET, known);

        g_assert_cmpint(status_of(HTTP_HEAD, known), ==, status);
        g_assert_cmpint(status_of(HTTP_PATCH, known), ==, 200);
        return status;
}

static void test_tags(void)
{
        static const char tag[] = "\"ba7816bf8f01cfea414140de5dae2223\"";
        g_autofree char *weak = g_strconcat("W/", tag, NULL), *second = g_strconcat("\"a\" , ", tag, NULL);

        g_assert_cmpint(status_with(NULL), ==, 200);
        g_assert_cmpint(status_with(tag), ==, 304);
        g_assert_cmpint(status_with(weak), ==, 304);
        g_assert_cmpint(status_with(second), ==, 304);
        g_assert_cmpint(status_with("*"), ==, 304);
        g_assert_cmpint(status_with("\"a\""), ==, 200);
        g_assert_cmpint(status_with("ba7816bf8f01cfea414140de5dae2223"), ==, 200);
        g_assert_cmpint(status_with(""), ==, 200);
}

static void test_problem(void)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_new(&context, "/");
        g_auto(HttpReply) reply = { 0 };
        g_autoptr(GHashTable) headers = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) body = NULL;

        request->allowed = 1U << HTTP_GET | 1U << HTTP_HEAD;
        error_set(&error, ZW_ERR_METHOD, "/at", "no \"such\" <method>");
        reply_problem(&reply, request, error);
        body = jread_parse(g_bytes_get_data(reply.body, NULL), g_bytes_get_size(reply.body), NULL);
        g_assert_cmpint(reply.status, ==, 405);
        g_assert_cmpstr(jread_get_string(body, "type"), ==, "urn:zonewright:error:6001");
        g_assert_cmpstr(jread_get_string(body, "code"), ==, "METHOD");
        g_assert_cmpstr(jread_get_string(body, "detail"), ==, "no \"such\" <method>");
        g_assert_cmpstr(jread_get_string(body, "where"), ==, "/at");
        g_assert_null(json_object_get(body, "pointer")); /* there is no body it could point into */
        g_assert_cmpint(jread_get_int(body, "status", 0), ==, 405);
        headers = headers_of(&reply, request);
        g_assert_cmpstr(g_hash_table_lookup(headers, "Allow"), ==, "GET, HEAD");
        g_assert_cmpstr(g_hash_table_lookup(headers, "Cache-Control"), ==, "no-store");
        g_assert_null(g_hash_table_lookup(headers, "ETag"));
}

static void test_places(void)
{
        static const struct {
                const char *where, *pointer;
        } cases[] = { { "/attrs/vector", "/attrs/vector" },
                      { "operation 3/to", "/to" },
                      { "line 3/attrs/a~1b", "/attrs/a~1b" },
                      { "line 3, column 9", NULL },
                      { "Content-Type", NULL },
                      { "a/b", NULL } };
        HttpContext context = { .host = "" };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(HttpRequest) request = request_new(&context, "/");
                g_auto(HttpReply) reply = { .extra = json_pack("{s:i}", "besides", 1) };
                g_autoptr(GError) error = NULL;
                g_autoptr(Json) body = NULL;

                request_add_header(request, "Content-Length", "9");
                error_set(&error, ZW_ERR_INPUT, cases[i].where, "wrong");
                reply_problem(&reply, request, error);
                body = jread_parse(g_bytes_get_data(reply.body, NULL), g_bytes_get_size(reply.body), NULL);
                g_assert_cmpstr(jread_get_string(body, "where"), ==, cases[i].where);
                g_assert_cmpstr(jread_get_string(body, "pointer"), ==, cases[i].pointer);
                g_assert_cmpint(jread_get_int(body, "besides", 0), ==, 1);
        }
}

static void test_sign_in_is_asked_for(void)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_new(&context, "/");
        g_auto(HttpReply) reply = { 0 };
        g_autoptr(GHashTable) headers = NULL;
        g_autoptr(GError) error = NULL;

        error_set(&error, ZW_ERR_SIGN_IN, NULL, "sign in");
        reply_problem(&reply, request, error);
        headers = headers_of(&reply, request);
        g_assert_cmpint(reply.status, ==, 401);
        g_assert_true(g_str_has_prefix(g_hash_table_lookup(headers, "WWW-Authenticate"), "Bearer"));
}

static void test_asset(void)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_new(&context, "/assets/a.js");
        g_auto(HttpReply) reply = { .status = 200,
                                    .type = "text/javascript",
                                    .body = g_bytes_new_static("abc", 3),
                                    .immutable = true,
                                    .varies = true,
                                    .encoding = "gzip",
                                    .policy = "default-src 'none'; script-src 'self'" };
        g_autoptr(GHashTable) headers = NULL;

        reply_tag(&reply);
        headers = headers_of(&reply, request);
        g_assert_cmpstr(g_hash_table_lookup(headers, "Cache-Control"), ==,
                        "public, max-age=31536000, immutable");
        g_assert_cmpstr(g_hash_table_lookup(headers, "Content-Encoding"), ==, "gzip");
        g_assert_cmpstr(g_hash_table_lookup(headers, "Vary"), ==, "Accept-Encoding");
        g_assert_cmpstr(g_hash_table_lookup(headers, "Content-Security-Policy"), ==,
                        "default-src 'none'; script-src 'self'");
}

static void test_problem_without_a_reason(void)
{
        HttpContext context = { .host = "" };
        g_autoptr(HttpRequest) request = request_new(&context, "/");
        g_auto(HttpReply) reply = { 0 };

        reply_problem(&reply, request, NULL);
        g_assert_cmpint(reply.status, ==, 500);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/reply/style", test_style_is_allowed_by_its_hash);
        g_test_add_func("/http/reply/no-style", test_no_style_no_allowance);
        g_test_add_func("/http/reply/too-long", test_too_long);
        g_test_add_func("/http/reply/tags", test_tags);
        g_test_add_func("/http/reply/places", test_places);
        g_test_add_func("/http/reply/sign-in", test_sign_in_is_asked_for);
        g_test_add_func("/http/reply/asset", test_asset);
        g_test_add_func("/http/reply/problem", test_problem);
        g_test_add_func("/http/reply/problem-without-a-reason", test_problem_without_a_reason);
        return g_test_run();
}
