#include "base/instant.h"

#include "base/error.h"

#include <string.h>
#include <time.h>

enum { MS = 1000, DAY_SECONDS = 86400, YEAR_MIN = 1900, YEAR_MAX = 9999 };

/* 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z: what four digits of a year can say. */
#define FORMAT_MIN  ((Instant)-62167219200000)
#define INSTANT_MIN ((Instant)-2208988800000) /* 1900-01-01T00:00:00.000Z */
#define INSTANT_MAX ((Instant)253402300799999)

Instant instant_now(void)
{
        struct timespec now;

        (void)clock_gettime(CLOCK_REALTIME, &now);
        return (Instant)now.tv_sec * MS + now.tv_nsec / 1000000;
}

/* Days from 1970-01-01 in the proleptic Gregorian calendar, and back: the algorithms of H. Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms". Years begin in March there, so that a leap day is the last.
 * */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
        int64_t y = month <= 2 ? year - 1 : year;
        int64_t era = (y >= 0 ? y : y - 399) / 400;
        int64_t year_of_era = y - era * 400;
        int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

        return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void date_from_days(int64_t days, int64_t *ret_year, int64_t *ret_month, int64_t *ret_day)
{
        int64_t z = days + 719468;
        int64_t era = (z >= 0 ? z : z - 146096) / 146097;
        int64_t day_of_era = z - era * 146097;
        int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) /
                              365;
        int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        int64_t month = (5 * day_of_year + 2) / 153;

        *ret_day = day_of_year - (153 * month + 2) / 5 + 1;
        *ret_month = month < 10 ? month + 3 : month - 9;
        *ret_year = year_of_era + era * 400 + (*ret_month <= 2 ? 1 : 0);
}

static void digits_put(char *text, size_t n, int64_t value)
{
        while (n > 0) {
                text[--n] = (char)('0' + value % 10);
                value /= 10;
        }
}

void instant_format(Instant t, char *ret_text)
{
        int64_t year, month, day, rest;

        t = CLAMP(t, FORMAT_MIN, INSTANT_MAX);
        rest = (t - FORMAT_MIN) % ((int64_t)DAY_SECONDS * MS);
        date_from_days((t - rest) / ((int64_t)DAY_SECONDS * MS), &year, &month, &day);
        memcpy(ret_text, "0000-00-00T00:00:00.000Z", ZW_INSTANT_TEXT);
        digits_put(ret_text, 4, year);
        digits_put(ret_text + 5, 2, month);
        digits_put(ret_text + 8, 2, day);
        digits_put(ret_text + 11, 2, rest / (3600 * MS));
        digits_put(ret_text + 14, 2, rest / (60 * MS) % 60);
        digits_put(ret_text + 17, 2, rest / MS % 60);
        digits_put(ret_text + 20, 3, rest % MS);
}

/* Takes exactly `n` digits whose value lies in least..most. */
static bool digits_take(const char **p, size_t n, int64_t least, int64_t most, int64_t *ret_value)
{
        int64_t value = 0;

        for (size_t i = 0; i < n; i++) {
                if (!g_ascii_isdigit((*p)[i]))
                        return false;
                value = value * 10 + ((*p)[i] - '0');
        }
        if (value < least || value > most)
                return false;
        *p += n;
        *ret_value = value;
        return true;
}

static bool char_take(const char **p, const char *allowed)
{
        if (**p == '\0' || strchr(allowed, **p) == NULL)
                return false;
        (*p)++;
        return true;
}

static int64_t month_days(int64_t year, int64_t month)
{
        static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        return month == 2 && leap ? 29 : days[month - 1];
}

static bool date_take(const char **p, int64_t *ret_days)
{
        int64_t year, month, day;

        if (!digits_take(p, 4, YEAR_MIN, YEAR_MAX, &year) || !char_take(p, "-") ||
            !digits_take(p, 2, 1, 12, &month) || !char_take(p, "-") ||
            !digits_take(p, 2, 1, month_days(year, month), &day))
                return false;
        *ret_days = days_from_date(year, month, day);
        return true;
}

/* Digits after milliseconds are cut, not rounded: rounding could reach the next day. */
static bool fraction_take(const char **p, int64_t *ret_ms)
{
        int64_t unit = 100, ms = 0;

        *ret_ms = 0;
        if (!char_take(p, "."))
                return true;
        if (!g_ascii_isdigit(**p))
                return false;
        for (; g_ascii_isdigit(**p); (*p)++, unit /= 10)
                ms += (**p - '0') * unit;
        *ret_ms = ms;
        return true;
}

static bool offset_take(const char **p, int64_t *ret_seconds)
{
        bool west = **p == '-';
        int64_t hours, minutes;

        *ret_seconds = 0;
        if (char_take(p, "Zz"))
                return true;
        if (!char_take(p, "+-") || !digits_take(p, 2, 0, 23, &hours) || !char_take(p, ":") ||
            !digits_take(p, 2, 0, 59, &minutes))
                return false;
        *ret_seconds = (hours * 60 + minutes) * (west ? -60 : 60);
        return true;
}

/* Milliseconds since midnight UTC of the written date. A leap second, which only the last minute of a UTC day
 * can have, becomes the last millisecond before it. */
static bool time_take(const char **p, int64_t *ret_ms)
{
        int64_t hour, minute, second, ms, offset, seconds;

        if (!char_take(p, "Tt") || !digits_take(p, 2, 0, 23, &hour) || !char_take(p, ":") ||
            !digits_take(p, 2, 0, 59, &minute) || !char_take(p, ":") || !digits_take(p, 2, 0, 60, &second) ||
            !fraction_take(p, &ms) || !offset_take(p, &offset))
                return false;
        seconds = hour * 3600 + minute * 60 + second - offset;
        if (second == 60) {
                if ((seconds + DAY_SECONDS) % DAY_SECONDS != 0)
                        return false;
                seconds--;
                ms = MS - 1;
        }
        *ret_ms = seconds * MS + ms;
        return true;
}

bool instant_parse(const char *text, Instant *ret_t, GError **error)
{
        const char *p = text;
        int64_t days, ms = 0;
        Instant t;

        if (!date_take(&p, &days) || (*p != '\0' && !time_take(&p, &ms)) || *p != '\0') {
                error_set(error, ZW_ERR_INPUT, NULL,
                          "must be a date such as 2026-03-01 or a time such as 2026-03-01T10:00:00Z");
                return false;
        }
        t = days * DAY_SECONDS * MS + ms;
        if (t < INSTANT_MIN || t > INSTANT_MAX) {
                error_set(error, ZW_ERR_INPUT, NULL, "must lie in the years 1900 to 9999 (UTC)");
                return false;
        }
        *ret_t = t;
        return true;
}
