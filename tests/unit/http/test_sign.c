#include "http/sign.h"

#include "base/error.h"

#include <string.h>

static bool comes_from(const char *origin, const char *site, bool tls)
{
        HttpContext context = { .host = "", .is_tls = tls };
        g_autoptr(HttpRequest) request = request_new(&context, "/");
        g_autoptr(GError) error = NULL;
        bool ok;

        request_add_header(request, "Host", "localhost:8080");
        if (origin != NULL)
                request_add_header(request, "Origin", origin);
        if (site != NULL)
                request_add_header(request, "Sec-Fetch-Site", site);
        ok = sign_origin_check(request, &error);
        if (!ok)
                g_assert_error(error, ZW_ERROR, ZW_ERR_CSRF);
        return ok;
}

static void test_origins(void)
{
        static const struct {
                const char *origin, *site;
                bool plain, tls;
        } cases[] = { { NULL, NULL, true, true },
                      { "http://localhost:8080", NULL, true, false },
                      { "https://localhost:8080", NULL, true, true },
                      { "HTTP://localhost:8080", NULL, false, false },
                      { "http://localhost", NULL, false, false },
                      { "http://localhost:8081", NULL, false, false },
                      { "http://evil.example", NULL, false, false },
                      { "http://localhost:8080.evil.example", NULL, false, false },
                      { "null", NULL, false, false },
                      { "", NULL, false, false },
                      { NULL, "same-origin", true, true },
                      { NULL, "same-site", false, false },
                      { NULL, "cross-site", false, false },
                      { NULL, "none", false, false },
                      { "http://localhost:8080", "cross-site", false, false },
                      { "http://evil.example", "same-origin", false, false } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_test_message("%s %s", cases[i].origin == NULL ? "-" : cases[i].origin,
                               cases[i].site == NULL ? "-" : cases[i].site);
                g_assert_true(comes_from(cases[i].origin, cases[i].site, false) == cases[i].plain);
                g_assert_true(comes_from(cases[i].origin, cases[i].site, true) == cases[i].tls);
        }
}

static void test_proofs(void)
{
        g_autoptr(SecretText) one = secret_text_new("a", 1), other = secret_text_new("b", 1);
        g_autofree char *first = sign_csrf(one), *again = sign_csrf(one), *second = sign_csrf(other);

        g_assert_cmpuint(strlen(first), ==, 64);
        g_assert_cmpstr(first, ==, again);
        g_assert_cmpstr(first, !=, second);
}

static void test_nobody(void)
{
        static const char *const fields[][2] = { { "X", "y" },
                                                 { "Authorization", "Basic YTpi" },
                                                 { "Authorization", "zw_1" },
                                                 { "Cookie", "zonewright=1" } };
        HttpContext context = { .host = "" };

        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
                g_autoptr(HttpRequest) request = request_new(&context, "/");
                g_auto(Signed) by = { 0 };
                g_autoptr(GError) error = NULL;

                request_add_header(request, fields[i][0], fields[i][1]);
                g_assert_false(sign_check(request, false, &by, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_SIGN_IN);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/sign/origins", test_origins);
        g_test_add_func("/http/sign/proofs", test_proofs);
        g_test_add_func("/http/sign/nobody", test_nobody);
        return g_test_run();
}
