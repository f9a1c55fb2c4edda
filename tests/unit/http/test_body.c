#include "http/body.h"

#include "base/error.h"

#include <string.h>
#include <unistd.h>

static void test_types(void)
{
        static const struct {
                BodyKind kind;
                const char *type;
                bool good;
        } cases[] = { { BODY_JSON, "application/json", true },
                      { BODY_JSON, "Application/JSON; charset=UTF-8", true },
                      { BODY_JSON, "application/json;charset=\"utf-8\"", true },
                      { BODY_JSON, "application/json; charset=latin-1", false },
                      { BODY_JSON, "application/jsonx", false },
                      { BODY_JSON, "text/plain", false },
                      { BODY_JSON, "application/x-www-form-urlencoded", false },
                      { BODY_JSON, "", false },
                      { BODY_JSON, NULL, false },
                      { BODY_PATCH, "application/merge-patch+json", true },
                      { BODY_PATCH, "application/json", false },
                      { BODY_FILE, NULL, true },
                      { BODY_FILE, "image/png", true } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;

                g_test_message("%s", cases[i].type == NULL ? "none" : cases[i].type);
                g_assert_true(body_type_check(cases[i].kind, cases[i].type, &error) == cases[i].good);
                if (!cases[i].good)
                        g_assert_error(error, ZW_ERROR, ZW_ERR_MEDIA_TYPE);
        }
}

/* The same bytes come back, whatever they are kept in. */
static void test_kept(void)
{
        static const BodyKind kinds[] = { BODY_JSON, BODY_DOCUMENT, BODY_LINES };

        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
                g_autoptr(Body) body = body_new(kinds[i], g_get_tmp_dir(), 6, NULL);
                char back[8] = "";
                int fd;

                g_assert_nonnull(body);
                g_assert_true(body_add(body, "abc", 3, NULL));
                g_assert_false(body_is_whole(body));
                g_assert_true(body_add(body, "def", 3, NULL));
                g_assert_true(body_is_whole(body));
                g_assert_cmpstr(body_text(body), ==, kinds[i] == BODY_LINES ? NULL : "abcdef");
                for (int again = 0; again < 2; again++) {
                        fd = body_fd(body, NULL);
                        g_assert_cmpint(read(fd, back, sizeof(back)), ==, 6);
                        g_assert_cmpint(memcmp(back, "abcdef", 6), ==, 0);
                }
        }
}

/* JSON that is short is read from memory, whatever its kind may grow to. */
static void test_long(void)
{
        g_autoptr(Body) body = body_new(BODY_DOCUMENT, g_get_tmp_dir(), ZW_BODY_MEMORY_MAX + 1, NULL);

        g_assert_nonnull(body);
        g_assert_null(body_text(body));
}

static void test_too_much(void)
{
        g_autoptr(GError) error = NULL, longer = NULL, none = NULL, nowhere = NULL;
        g_autoptr(Body) body = body_new(BODY_SECRET, "/", 3, NULL);

        g_assert_null(body_new(BODY_SECRET, "/", (16 << 10) + 1, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_null(body_new(BODY_NONE, "/", 1, &none));
        g_assert_error(none, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_false(body_add(body, "abcd", 4, &longer));
        g_assert_error(longer, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_null(body_new(BODY_FILE, "/nowhere/at/all", 1, &nowhere));
        g_assert_error(nowhere, ZW_ERROR, ZW_ERR_STORAGE);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/body/types", test_types);
        g_test_add_func("/http/body/kept", test_kept);
        g_test_add_func("/http/body/long", test_long);
        g_test_add_func("/http/body/too-much", test_too_much);
        return g_test_run();
}
