/* Argon2id hashes, and which passwords are refused. */
#include "base/password.h"

#include "base/error.h"

#include <string.h>

static SecretText *secret(const char *text)
{
        return secret_text_new(text, strlen(text));
}

static void test_hash(void)
{
        g_autoptr(SecretText) right = secret("pumps run at night"), wrong = secret("pumps run at nigh");
        g_autoptr(GError) error = NULL;
        g_autofree char *hash = password_hash(right, &error), *again = password_hash(right, &error);

        g_assert_no_error(error);
        g_assert_true(g_str_has_prefix(hash, "$argon2id$v=19$m=65536,t=3,p=1$"));
        g_assert_cmpstr(hash, !=, again);
        g_assert_true(password_fits(hash, right));
        g_assert_false(password_fits(hash, wrong));
        g_assert_false(password_fits("no hash", right));
        g_assert_false(password_is_outdated(hash));
}

/* A hash with other parameters: made by the reference program, echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1. */
static void test_other_parameters(void)
{
        const char *hash =
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        g_autoptr(SecretText) right = secret("password"), wrong = secret("Password");

        g_assert_true(password_fits(hash, right));
        g_assert_false(password_fits(hash, wrong));
        g_assert_true(password_is_outdated(hash));
}

/* It is a hash like any other: one that is not understood would be refused in no time. */
static void test_decoy(void)
{
        g_autoptr(SecretText) any = secret("any password at all");

        g_assert_false(password_is_outdated(password_decoy()));
        g_assert_false(password_fits(password_decoy(), any));
}

static void test_check(void)
{
        static const struct {
                const char *password, *name, *why;
        } cases[] = { { "eleven char", "eve", "at least 12" },
                      { "ééééééééééé", "eve", "at least 12" },
                      { "evangeline-123", "evangeline", "built on the name" },
                      { "EVA.ngeline99", "evangeline", "built on the name" },
                      { "Password-1234", "eve", "first that are tried" },
                      { "zzzzzzzzzzzzz", "eve", "again and again" },
                      { "correct horse battery staple", "eve", "first that are tried" },
                      { "twelve chars", "eve", NULL },
                      { "an evening at the pumps", "eve", NULL } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(SecretText) password = secret(cases[i].password);
                g_autoptr(GError) error = NULL;
                bool fine = password_check(password, cases[i].name, &error);

                g_test_message("%s", cases[i].password);
                g_assert_cmpint(fine, ==, cases[i].why == NULL);
                if (fine)
                        continue;
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_nonnull(strstr(error->message, cases[i].why));
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/password/hash", test_hash);
        g_test_add_func("/base/password/other-parameters", test_other_parameters);
        g_test_add_func("/base/password/decoy", test_decoy);
        g_test_add_func("/base/password/check", test_check);
        return g_test_run();
}
