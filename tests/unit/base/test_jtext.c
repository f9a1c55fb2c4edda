#include "base/jtext.h"
#include "bytes.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef struct {
        const char *bytes;
        size_t n, valid;
} Utf8Case;

static const Utf8Case utf8_cases[] = {
        { "", 0, 0 },
        { "a\0b", 3, 3 },
        { "\x7f\xc2\x80\xdf\xbf", 5, 5 },
        { "\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 12, 12 },
        { "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8, 8 },
        { "ab\x80", 3, 2 },           /* a continuation alone */
        { "\xc0\x80", 2, 0 },         /* overlong, 2 bytes */
        { "\xc1\xbf", 2, 0 },         /* overlong, 2 bytes */
        { "x\xe0\x9f\xbf", 4, 1 },    /* overlong, 3 bytes */
        { "\xf0\x8f\xbf\xbf", 4, 0 }, /* overlong, 4 bytes */
        { "\xed\xa0\x80", 3, 0 },     /* surrogate */
        { "\xed\xbf\xbf", 3, 0 },     /* surrogate */
        { "\xf4\x90\x80\x80", 4, 0 }, /* beyond U+10FFFF */
        { "\xf5\x80\x80\x80", 4, 0 }, /* beyond U+10FFFF */
        { "\xff", 1, 0 },             /* never */
        { "ok\xe2\x82", 4, 2 },       /* cut */
        { "\xc3(", 2, 0 },            /* second byte wrong */
        { "\xe2\x82(", 3, 0 },        /* third byte wrong */
        { "\xf0\x9f\x98(", 4, 0 },    /* fourth byte wrong */
        { "\xc3\xa9\xc3", 3, 2 },     /* cut after a good one */
};

static void test_utf8(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(utf8_cases); i++) {
                const Utf8Case *c = &utf8_cases[i];

                g_assert_cmpuint(utf8_prefix(c->bytes, c->n), ==, c->valid);
                g_assert_cmpint(utf8_valid(c->bytes, c->n), ==, c->valid == c->n);
        }
}

/* GLib's checker is the independent one; it differs only in refusing NUL. */
static void test_utf8_random(void)
{
        static const unsigned char picks[] = { 0x41, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xdf,
                                               0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff, 0x7f };

        for (int round = 0; round < 200000; round++) {
                char bytes[6];
                const char *end;

                for (size_t i = 0; i < sizeof(bytes); i++)
                        bytes[i] = (char)picks[g_test_rand_int_range(0, G_N_ELEMENTS(picks))];
                (void)g_utf8_validate_len(bytes, sizeof(bytes), &end);
                g_assert_cmpuint(utf8_prefix(bytes, sizeof(bytes)), ==, (size_t)(end - bytes));
        }
}

static void assert_text(const char *text, size_t n, const char *expected)
{
        g_autoptr(Out) out = out_new(1000);

        jtext_write(out, text, n);
        g_assert_cmpstr(out_data(out), ==, expected);
}

static void test_escapes(void)
{
        assert_text("", 0, "\"\"");
        assert_text("a/b\x7f", 4, "\"a/b\x7f\"");
        assert_text("\"\\\b\f\n\r\t", 7, "\"\\\"\\\\\\b\\f\\n\\r\\t\"");
        assert_text("\0\x01\x0b\x1f ", 5, "\"\\u0000\\u0001\\u000b\\u001f \"");
        assert_text("\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80", 9, "\"\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80\"");
}

static void test_bad_bytes_replaced(void)
{
        assert_text("a\xff"
                    "b",
                    3,
                    "\"a\xef\xbf\xbd"
                    "b\"");
        assert_text("\xe2\x82", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"");
        assert_text("\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void test_reals(void)
{
        static const struct {
                double value;
                const char *text;
        } cases[] = {
                { 0.1, "0.1" },
                { 1, "1.0" },
                { -0.0, "-0.0" },
                { 1e300, "1e+300" },
                { 1.0 / 3, "0.3333333333333333" },
                { 5e-324, "4.94065645841247e-324" },
                { 9.8, "9.8" },
                { NAN, "null" },
                { INFINITY, "null" },
                { -INFINITY, "null" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(Out) out = out_new(100);

                jtext_write_real(out, cases[i].value);
                g_assert_cmpstr(out_data(out), ==, cases[i].text);
        }
}

static void test_reals_read_back(void)
{
        for (int i = 0; i < 20000; i++) {
                g_autoptr(Out) out = out_new(100);
                uint64_t bits = (uint64_t)(uint32_t)g_test_rand_int() << 32 | (uint32_t)g_test_rand_int();
                double value, back;

                memcpy(&value, &bits, sizeof(value));
                if (!isfinite(value))
                        continue;
                jtext_write_real(out, value);
                back = g_ascii_strtod(out_data(out), NULL);
                assert_bytes(&back, sizeof(back), &value, sizeof(value));
        }
}

static void test_places(void)
{
        JPlace zones = { NULL, "zo/ne~s", 7, 0 };
        JPlace third = { &zones, NULL, 0, 3 };
        JPlace empty = { &third, "", 0, 0 };
        g_autofree char *root = jplace_text(NULL, NULL);
        g_autofree char *deep = jplace_text(NULL, &empty);
        g_autofree char *below = jplace_text("/body", &third);

        g_assert_cmpstr(root, ==, "");
        g_assert_cmpstr(deep, ==, "/zo~1ne~0s/3/");
        g_assert_cmpstr(below, ==, "/body/zo~1ne~0s/3");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/jtext/utf8", test_utf8);
        g_test_add_func("/base/jtext/utf8-random", test_utf8_random);
        g_test_add_func("/base/jtext/escapes", test_escapes);
        g_test_add_func("/base/jtext/bad-bytes-replaced", test_bad_bytes_replaced);
        g_test_add_func("/base/jtext/reals", test_reals);
        g_test_add_func("/base/jtext/reals-read-back", test_reals_read_back);
        g_test_add_func("/base/jtext/places", test_places);
        return g_test_run();
}
