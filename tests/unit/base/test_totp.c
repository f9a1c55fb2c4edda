/* The vectors of RFC 6238, appendix B (SHA-1, the last six of their eight digits), the window, and use only once. */
#include "base/totp.h"

#include <string.h>

static const uint8_t key[ZW_TOTP_KEY] = "12345678901234567890";

static void test_vectors(void)
{
        static const struct {
                int64_t seconds;
                uint32_t code;
        } vectors[] = { { 59, 287082 },       { 1111111109, 81804 },  { 1111111111, 50471 },
                        { 1234567890, 5924 }, { 2000000000, 279037 }, { 20000000000, 353130 } };

        for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++)
                g_assert_cmpuint(totp_code(key, sizeof(key), vectors[i].seconds / ZW_TOTP_SECONDS), ==,
                                 vectors[i].code);
}

static void test_window(void)
{
        const Instant now = INT64_C(1111111111) * 1000;
        const int64_t here = 1111111111 / ZW_TOTP_SECONDS;

        for (int64_t off = -3; off <= 3; off++) {
                char code[16];
                int64_t step = 0;
                bool fine;

                g_snprintf(code, sizeof(code), "%06u", totp_code(key, sizeof(key), here + off));
                fine = totp_check(key, sizeof(key), code, now, 0, &step);
                g_assert_cmpint(fine, ==, off >= -1 && off <= 1);
                g_assert_cmpint(step, ==, fine ? here + off : 0);
        }
}

static void test_once(void)
{
        const Instant now = INT64_C(1111111109) * 1000;
        int64_t step = 0;

        g_assert_true(totp_check(key, sizeof(key), "081804", now, 0, &step));
        g_assert_false(totp_check(key, sizeof(key), "081804", now, step, &step));
        g_assert_false(totp_check(key, sizeof(key), "081804", now, step + 1, &step));
        g_assert_true(totp_check(key, sizeof(key), "050471", now, step, &step));
}

static void test_no_code(void)
{
        static const char *const texts[] = { "", "81804", " 81804", "0818040", "08180a", "-81804", NULL };
        int64_t step;

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                g_assert_false(totp_check(key, sizeof(key), texts[i], INT64_C(1111111109) * 1000, 0, &step));
}

static void test_address(void)
{
        g_autoptr(SecretText) address = totp_address(key, sizeof(key), "eve/ops");

        g_assert_cmpstr(secret_text_reveal(address), ==,
                        "otpauth://totp/Zonewright:eve%2Fops?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                        "&issuer=Zonewright");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/totp/vectors", test_vectors);
        g_test_add_func("/base/totp/window", test_window);
        g_test_add_func("/base/totp/once", test_once);
        g_test_add_func("/base/totp/no-code", test_no_code);
        g_test_add_func("/base/totp/address", test_address);
        return g_test_run();
}
