#include "base/instant.h"

#include "base/error.h"

static const struct {
        const char *text;
        Instant t;
        const char *back;
} good[] = {
        { "1970-01-01", 0, "1970-01-01T00:00:00.000Z" },
        { "1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z" },
        { "1969-12-31T23:59:59.999Z", -1, "1969-12-31T23:59:59.999Z" },
        { "2026-03-01T10:00:00.000Z", 1772359200000, "2026-03-01T10:00:00.000Z" },
        { "2026-03-01t10:00:00z", 1772359200000, "2026-03-01T10:00:00.000Z" },
        { "2026-03-01T11:30:00+01:30", 1772359200000, "2026-03-01T10:00:00.000Z" },
        { "2026-02-28T23:00:00-11:00", 1772359200000, "2026-03-01T10:00:00.000Z" },
        { "2026-03-01T10:00:00-00:00", 1772359200000, "2026-03-01T10:00:00.000Z" },
        { "2026-03-02T09:59:00+23:59", 1772359200000, "2026-03-01T10:00:00.000Z" },
        { "2026-03-01T10:00:00.5Z", 1772359200500, "2026-03-01T10:00:00.500Z" },
        { "2026-03-01T10:00:00.0019999999999999999999Z", 1772359200001, "2026-03-01T10:00:00.001Z" },
        { "2026-12-31T23:59:59.9999Z", 1798761599999, "2026-12-31T23:59:59.999Z" },
        { "2000-02-29", 951782400000, "2000-02-29T00:00:00.000Z" },
        { "2024-02-29", 1709164800000, "2024-02-29T00:00:00.000Z" },
        { "2016-12-31T23:59:60Z", 1483228799999, "2016-12-31T23:59:59.999Z" },
        { "2017-01-01T01:59:60+02:00", 1483228799999, "2016-12-31T23:59:59.999Z" },
        { "1900-01-01", -2208988800000, "1900-01-01T00:00:00.000Z" },
        { "9999-12-31T23:59:59.999Z", 253402300799999, "9999-12-31T23:59:59.999Z" },
};

static void test_parse(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
                g_autoptr(GError) error = NULL;
                char text[ZW_INSTANT_TEXT];
                Instant t = 7;

                g_assert_true(instant_parse(good[i].text, &t, &error));
                g_assert_no_error(error);
                g_assert_cmpint(t, ==, good[i].t);
                instant_format(t, text);
                g_assert_cmpstr(text, ==, good[i].back);
        }
}

static const char *const bad[] = {
        "",
        "2026",
        "2026-03",
        "2026-3-1",
        "26-03-01",
        "2026/03/01",
        "20260301",
        "01.03.2026",
        "2026-02-30",
        "2026-02-29",
        "1900-02-29",
        "2100-02-29",
        "2026-00-10",
        "2026-13-01",
        "2026-04-31",
        "2026-03-00",
        "2026-03-32",
        "1899-12-31",
        "10000-01-01",
        "0000-01-01",
        "+2026-03-01",
        "-026-03-01",
        " 2026-03-01",
        "2026-03-01 ",
        "2026-03-01x",
        "2026-03-01T",
        "2026-03-01T10",
        "2026-03-01T10:00",
        "2026-03-01T10:00Z",
        "2026-03-01T10:00:00",
        "2026-03-01 10:00:00Z",
        "2026-03-01T24:00:00Z",
        "2026-03-01T10:60:00Z",
        "2026-03-01T10:00:61Z",
        "2026-03-01T10:00:60Z",
        "2026-03-01T23:59:60+01:00",
        "2026-03-01T10:00:00.Z",
        "2026-03-01T10:00:00,5Z",
        "2026-03-01T10:00:00.5",
        "2026-03-01T10:00:00+0100",
        "2026-03-01T10:00:00+01",
        "2026-03-01T10:00:00+24:00",
        "2026-03-01T10:00:00+01:60",
        "2026-03-01T10:00:00ZZ",
        "2026-03-01T10:00:00Z ",
        "2026-03-01T1o:00:00Z",
        "2026-03-01T10:00:00.5x0Z",
        "1900-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "2026-03-01T10:00:00\xe2\x88\x92"
        "01:00",
        "\xef\xbc\x92"
        "026-03-01",
};

static void test_refused(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_autoptr(GError) error = NULL;
                Instant t = 7;

                if (instant_parse(bad[i], &t, &error))
                        g_test_message("accepted: %s", bad[i]);
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpint(t, ==, 7);
        }
}

/* Every day of 1900 to 2200, and some of every later year, against the calendar of GLib. */
static void test_calendar(void)
{
        const Instant day = 86400000;
        Instant t = 0;

        g_assert_true(instant_parse("1900-01-01", &t, NULL));
        for (int i = 0; i < 110000 + 8000; i++) {
                g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(t / 1000);
                g_autofree char *expected = g_date_time_format(date, "%Y-%m-%dT00:00:00.000Z");
                char text[ZW_INSTANT_TEXT];
                Instant back = 0;

                instant_format(t, text);
                g_assert_cmpstr(text, ==, expected);
                g_assert_true(instant_parse(text, &back, NULL));
                g_assert_cmpint(back, ==, t);
                t += i < 110000 ? day : 355 * day;
        }
        g_assert_cmpint(t, <, 253402300799999 + 356 * day);
}

static void test_format_range(void)
{
        char text[ZW_INSTANT_TEXT];

        instant_format(INT64_MAX, text);
        g_assert_cmpstr(text, ==, "9999-12-31T23:59:59.999Z");
        instant_format(INT64_MIN, text);
        g_assert_cmpstr(text, ==, "0000-01-01T00:00:00.000Z");
        instant_format(-62167219200000 + 1, text);
        g_assert_cmpstr(text, ==, "0000-01-01T00:00:00.001Z");
}

static void test_now(void)
{
        Instant before = g_get_real_time() / 1000, now = instant_now(), after = g_get_real_time() / 1000;

        g_assert_cmpint(now, >=, before);
        g_assert_cmpint(now, <=, after);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/instant/parse", test_parse);
        g_test_add_func("/base/instant/refused", test_refused);
        g_test_add_func("/base/instant/calendar", test_calendar);
        g_test_add_func("/base/instant/format-range", test_format_range);
        g_test_add_func("/base/instant/now", test_now);
        return g_test_run();
}
