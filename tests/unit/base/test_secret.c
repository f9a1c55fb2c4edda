/* Secrets: read from a descriptor, compared, random. */
#include "base/secret.h"

#include "base/error.h"

#include <string.h>
#include <unistd.h>

static SecretText *read_from(const char *bytes, size_t n, size_t most, GError **error)
{
        int fds[2];
        SecretText *secret;

        g_assert_cmpint(pipe(fds), ==, 0);
        g_assert_cmpint(write(fds[1], bytes, n), ==, (gssize)n);
        close(fds[1]);
        secret = secret_text_read(fds[0], most, error);
        close(fds[0]);
        return secret;
}

static void test_read(void)
{
        static const struct {
                const char *bytes;
                size_t n;
                int code; /* 0: it is taken */
        } cases[] = { { "ten bytes!", 10, 0 },
                      { "ten bytes!\n", 11, 0 },
                      { "ten bytes!\r\n", 12, 0 },
                      { "eleven byte", 11, ZW_ERR_LIMIT },
                      { "far more than ten bytes", 23, ZW_ERR_LIMIT },
                      { "", 0, ZW_ERR_INPUT },
                      { "\n", 1, ZW_ERR_INPUT },
                      { "two\nlines", 9, ZW_ERR_INPUT },
                      { "a\0b", 3, ZW_ERR_INPUT },
                      { "\xff\xfe", 2, ZW_ERR_INPUT } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(SecretText) secret = read_from(cases[i].bytes, cases[i].n, 10, &error);

                g_test_message("case %zu", i);
                if (cases[i].code != 0) {
                        g_assert_null(secret);
                        g_assert_error(error, ZW_ERROR, cases[i].code);
                        continue;
                }
                g_assert_no_error(error);
                g_assert_cmpstr(secret_text_reveal(secret), ==, "ten bytes!");
                g_assert_cmpuint(secret_text_length(secret), ==, 10);
        }
}

static void test_equal(void)
{
        g_autoptr(SecretText) a = secret_text_new("abc", 3), b = secret_text_new("abcd", 3),
                              c = secret_text_new("abd", 3), d = secret_text_new("abcd", 4);

        g_assert_true(secret_text_equal(a, b));
        g_assert_false(secret_text_equal(a, c));
        g_assert_false(secret_text_equal(a, d));
}

static void test_random(void)
{
        g_autoptr(SecretText) a = secret_text_random("zw_", 32), b = secret_text_random("zw_", 32);

        g_assert_true(g_str_has_prefix(secret_text_reveal(a), "zw_"));
        g_assert_cmpuint(secret_text_length(a), ==, 67);
        g_assert_false(secret_text_equal(a, b));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/secret/read", test_read);
        g_test_add_func("/base/secret/equal", test_equal);
        g_test_add_func("/base/secret/random", test_random);
        return g_test_run();
}
