#include "http/listen.h"

#include "base/error.h"
#include "base/fd.h"

static void test_opened(void)
{
        static const struct {
                const char *text, *prefix;
        } cases[] = { { "127.0.0.1:0", "127.0.0.1:" },
                      { "localhost:0", "127.0.0.1:" },
                      { ":0", "127.0.0.1:" },
                      { "127.0.0.9:0", "127.0.0.9:" } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *address = NULL;
                g_autoptr(GError) error = NULL;
                g_auto(Fd) fd = listen_open(cases[i].text, &address, &error);

                g_assert_no_error(error);
                g_assert_cmpint(fd, >=, 0);
                g_assert_true(g_str_has_prefix(address, cases[i].prefix));
                g_assert_false(g_str_has_suffix(address, ":0"));
        }
}

static void test_taken(void)
{
        g_autofree char *address = NULL, *again = NULL;
        g_autoptr(GError) error = NULL;
        g_auto(Fd) fd = listen_open("127.0.0.1:0", &address, NULL);

        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(listen_open(address, &again, &error), ==, -1);
        g_assert_error(error, ZW_ERROR, ZW_ERR_NETWORK);
        g_assert_null(again);
}

static void test_refused(void)
{
        static const char *const cases[] = { "a",
                                             "127.0.0.1:-1",
                                             "127.0.0.1:65536",
                                             "127.0.0.1:",
                                             "127.0.0.1:1x",
                                             "127.0.0:0",
                                             "[::1",
                                             "[::1]x:0",
                                             "::1",
                                             "example.com:80",
                                             "[127.0.0.1]:0" };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *address = NULL;
                g_autoptr(GError) error = NULL;

                g_test_message("%s", cases[i]);
                g_assert_cmpint(listen_open(cases[i], &address, &error), ==, -1);
                g_assert_error(error, ZW_ERROR, ZW_ERR_USAGE);
        }
}

static void test_reach(void)
{
        static const struct {
                const char *text;
                bool loopback;
        } cases[] = { { "127.0.0.1", true },    { ":80", true },      { "[::1]:1", true },
                      { "127.9.9.9:0", true },  { "0.0.0.0", false }, { "128.0.0.1:0", false },
                      { "10.0.0.1:80", false }, { "[::]:0", false },  { "[fe80::1]", false } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                bool loopback = !cases[i].loopback;

                g_assert_true(listen_check(cases[i].text, &loopback, NULL));
                g_assert_true(loopback == cases[i].loopback);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/listen/opened", test_opened);
        g_test_add_func("/http/listen/reach", test_reach);
        g_test_add_func("/http/listen/taken", test_taken);
        g_test_add_func("/http/listen/refused", test_refused);
        return g_test_run();
}
