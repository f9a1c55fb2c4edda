#include "base/verify.h"

static void test_holds(void)
{
        int n = 0;

        ZW_VERIFY(++n == 1);
        g_assert_cmpint(n, ==, 1);
}

static void test_fails(void)
{
        if (g_test_subprocess()) {
                ZW_VERIFY(g_test_subprocess() == FALSE);
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*test_fails*assertion failed*g_test_subprocess*");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/verify/holds", test_holds);
        g_test_add_func("/base/verify/fails", test_fails);
        return g_test_run();
}
