#include "base/base64url.h"

#include "base/error.h"

#include <string.h>

/* RFC 4648, part 10, and the two letters that are its own. */
static void test_known(void)
{
        static const struct {
                const char *bytes, *text;
        } cases[] = {
                { "", "" },           { "f", "Zg" },          { "fo", "Zm8" },          { "foo", "Zm9v" },
                { "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" }, { "\xfb\xff", "-_8" }
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                const size_t n = strlen(cases[i].bytes);
                g_autofree char *text = base64url_encode(cases[i].bytes, n);
                g_autofree uint8_t *bytes = NULL;
                size_t got = 99;

                g_assert_cmpstr(text, ==, cases[i].text);
                bytes = base64url_decode(text, &got, NULL);
                g_assert_cmpuint(got, ==, n);
                g_assert_true(memcmp(bytes, cases[i].bytes, n) == 0);
        }
}

/* Padding, the other alphabet, blanks, a length no bytes have, and bits left over that are not 0. */
static void test_refused(void)
{
        static const char *const cases[] = { "Zg==", "Zg=", "+/8", "Zm9v\n", "Zm 9v", "Zm9vY",
                                             "Z",    "Zh",  "Zm9", "Zm9v.",  "=" };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                size_t n;

                g_test_message("%s", cases[i]);
                g_assert_null(base64url_decode(cases[i], &n, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/base64url/known", test_known);
        g_test_add_func("/base/base64url/refused", test_refused);
        return g_test_run();
}
