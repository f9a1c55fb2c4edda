/* The arithmetic of locks, and addresses. Times are given, none is waited for. */
#include "service/access/throttle.h"

#include "base/error.h"

static void test_delay(void)
{
        static const struct {
                uint32_t failures, free;
                Instant seconds;
        } cases[] = { { 0, 4, 0 },     { 4, 4, 0 },       { 5, 4, 30 },
                      { 6, 4, 60 },    { 7, 4, 120 },     { 11, 4, 1920 },
                      { 12, 4, 3600 }, { 1000, 4, 3600 }, { UINT32_MAX, 4, 3600 },
                      { 19, 19, 0 },   { 20, 19, 30 } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                g_assert_cmpint(throttle_delay(cases[i].failures, cases[i].free), ==,
                                cases[i].seconds * 1000);
}

static void fail_times(Throttle *throttle, const char *address, int n, Instant now)
{
        for (int i = 0; i < n; i++)
                g_assert_false(throttle_address_fail(throttle, address, now));
}

static void test_address(void)
{
        g_autoptr(Throttle) throttle = throttle_new();

        fail_times(throttle, "192.0.2.1", ZW_ADDRESS_FREE, 1000);
        g_assert_false(throttle_address_is_locked(throttle, "192.0.2.1", 1000));
        g_assert_true(throttle_address_fail(throttle, "192.0.2.1", 1000));
        g_assert_true(throttle_address_is_locked(throttle, "192.0.2.1", 30999));
        g_assert_false(throttle_address_is_locked(throttle, "192.0.2.1", 31000));
        g_assert_false(throttle_address_is_locked(throttle, "192.0.2.2", 1000));
        g_assert_true(throttle_address_fail(throttle, "192.0.2.1", 31000));
        g_assert_true(throttle_address_is_locked(throttle, "192.0.2.1", 90999));
        throttle_address_forget(throttle, "192.0.2.1");
        g_assert_false(throttle_address_is_locked(throttle, "192.0.2.1", 31000));
}

/* One holder has a whole /64 to try from. */
static void test_network(void)
{
        g_autoptr(Throttle) throttle = throttle_new();

        for (int i = 0; i <= ZW_ADDRESS_FREE; i++) {
                g_autofree char *address = g_strdup_printf("2001:db8:1:2::%x", i + 1);

                throttle_address_fail(throttle, address, 1000);
        }
        g_assert_true(throttle_address_is_locked(throttle, "2001:db8:1:2:ffff::1", 1000));
        g_assert_false(throttle_address_is_locked(throttle, "2001:db8:1:3::1", 1000));
}

static void test_asks(void)
{
        g_autoptr(Throttle) throttle = throttle_new();
        g_autoptr(GError) error = NULL;

        for (int i = 0; i < ZW_ADDRESS_ASKS; i++)
                g_assert_true(throttle_address_ask(throttle, "192.0.2.1", 100000 + i, NULL));
        g_assert_false(throttle_address_ask(throttle, "192.0.2.1", 159999, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_TOO_MANY);
        g_assert_true(throttle_address_ask(throttle, "192.0.2.2", 159999, NULL));
        g_assert_true(throttle_address_ask(throttle, "192.0.2.1", 160000, NULL));
        /* To ask is no failure, and failures are no questions. */
        g_assert_false(throttle_address_is_locked(throttle, "192.0.2.1", 160000));
        fail_times(throttle, "192.0.2.1", ZW_ADDRESS_FREE, 160000);
        g_assert_true(throttle_address_ask(throttle, "192.0.2.1", 160001, NULL));
}

static void test_hashes(void)
{
        g_autoptr(Throttle) throttle = throttle_new();
        g_autoptr(GError) error = NULL;

        for (int i = 0; i < 100; i++) {
                g_assert_true(throttle_hash_begin(throttle, &error));
                g_assert_no_error(error);
                throttle_hash_end(throttle);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/service/throttle/delay", test_delay);
        g_test_add_func("/service/throttle/address", test_address);
        g_test_add_func("/service/throttle/network", test_network);
        g_test_add_func("/service/throttle/asks", test_asks);
        g_test_add_func("/service/throttle/hashes", test_hashes);
        return g_test_run();
}
