/* Simple values of CycloneDX: words, forms, bounds. One row per form, one small function each. */
#include "base/near.h"
#include "exchange/cyclonedx.h"

#include <math.h>
#include <string.h>

enum { SHOWN_MAX = 60, WORDS_SHOWN = 12 };

/* ---- forms ---- */

/* True when `text` is `shape`: h stands for a lower-case hex digit, 9 for a digit, all else for itself. */
static bool is_shaped(const char *text, size_t n, const char *shape)
{
        if (n != strlen(shape))
                return false;
        for (size_t i = 0; i < n; i++)
                if (shape[i] == 'h'   ? !(g_ascii_isdigit(text[i]) || (text[i] >= 'a' && text[i] <= 'f'))
                    : shape[i] == '9' ? !g_ascii_isdigit(text[i])
                                      : text[i] != shape[i])
                        return false;
        return true;
}

/* Length of the run of ASCII letters, digits and bytes of `also` at the start. */
static size_t run_of(const char *text, size_t n, bool upper, const char *also)
{
        size_t i = 0;

        while (i < n && text[i] != '\0' &&
               (g_ascii_isdigit(text[i]) || g_ascii_islower(text[i]) || (upper && g_ascii_isupper(text[i])) ||
                strchr(also, text[i]) != NULL))
                i++;
        return i;
}

static CdxVerdict verdict(bool good)
{
        return good ? CDX_GOOD : CDX_BAD;
}

static CdxVerdict odd_unless(bool good)
{
        return good ? CDX_GOOD : CDX_ODD;
}

static CdxVerdict check_serial(const char *text, size_t n)
{
        static const char urn[] = "urn:uuid:";

        if (n > strlen(urn) && memcmp(text, urn, strlen(urn)) == 0)
                return verdict(is_shaped(text + strlen(urn), n - strlen(urn),
                                         "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh"));
        return verdict(is_shaped(text, n, "{hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh}"));
}

static CdxVerdict check_media_type(const char *text, size_t n)
{
        size_t first = run_of(text, n, false, "-+.");

        return verdict(first > 0 && first + 1 < n && text[first] == '/' &&
                       run_of(text + first + 1, n - first - 1, false, "-+.") == n - first - 1);
}

static const uint8_t hex_digits[256] = { ['0' ... '9'] = 1, ['a' ... 'f'] = 1, ['A' ... 'F'] = 1 };

/* All lengths are multiples of eight; digests are half the bytes of many bills, so no branch for each. */
static CdxVerdict check_digest(const char *text, size_t n)
{
        const uint8_t *p = (const uint8_t *)text, *end = p + n;
        uint8_t good = 1;

        if (n != 32 && n != 40 && n != 64 && n != 96 && n != 128)
                return CDX_BAD;
        for (; p < end; p += 8)
                good &= hex_digits[p[0]] & hex_digits[p[1]] & hex_digits[p[2]] & hex_digits[p[3]] &
                        hex_digits[p[4]] & hex_digits[p[5]] & hex_digits[p[6]] & hex_digits[p[7]];
        return verdict(good != 0);
}

static CdxVerdict check_locale(const char *text, size_t n)
{
        return verdict((n == 2 ||
                        (n == 5 && text[2] == '-' && g_ascii_isupper(text[3]) && g_ascii_isupper(text[4]))) &&
                       g_ascii_islower(text[0]) && g_ascii_islower(text[1]));
}

static size_t digits_of(const char *text, size_t n)
{
        size_t i = 0;

        while (i < n && g_ascii_isdigit(text[i]))
                i++;
        return i;
}

static CdxVerdict check_cre(const char *text, size_t n)
{
        size_t first, second;

        if (n < 4 || memcmp(text, "CRE:", 4) != 0)
                return CDX_BAD;
        first = digits_of(text + 4, n - 4);
        if (first == 0 || 4 + first >= n || text[4 + first] != '-')
                return CDX_BAD;
        second = digits_of(text + 5 + first, n - 5 - first);
        return verdict(second > 0 && 5 + first + second == n);
}

static CdxVerdict check_patent_number(const char *text, size_t n)
{
        return verdict(n >= 2 && n <= 30 && run_of(text, n, true, "-/.() \t\r\n") == n &&
                       g_ascii_isalnum(text[0]) && g_ascii_isalnum(text[n - 1]));
}

static CdxVerdict check_country(const char *text, size_t n)
{
        return verdict(n == 2 && g_ascii_isupper(text[0]) && g_ascii_isupper(text[1]));
}

/* 1 is not allowed in an IRI, 2 begins an escape. */
static const uint8_t iri_signs[256] = {
        [0 ... ' '] = 1, ['<'] = 1,  ['>'] = 1, ['"'] = 1, ['{'] = 1,  ['}'] = 1,
        ['|'] = 1,       ['\\'] = 1, ['^'] = 1, ['`'] = 1, [0x7f] = 1, ['%'] = 2,
};

static CdxVerdict check_iri(const char *text, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                uint8_t sign = iri_signs[(uint8_t)text[i]];

                if (sign == 1 || (sign == 2 && !(i + 2 < n && g_ascii_isxdigit(text[i + 1]) &&
                                                 g_ascii_isxdigit(text[i + 2]))))
                        return CDX_ODD;
        }
        return CDX_GOOD;
}

static CdxVerdict check_email(const char *text, size_t n)
{
        const char *at = memrchr(text, '@', n);

        return odd_unless(at != NULL && at > text && at + 1 < text + n);
}

static int number_at(const char *text, size_t at, size_t n)
{
        int value = 0;

        for (size_t i = 0; i < n; i++)
                value = value * 10 + (text[at + i] - '0');
        return value;
}

/* `Z`, an offset, or nothing. */
static CdxVerdict check_zone(const char *text, size_t n)
{
        if (n == 0)
                return CDX_ODD;
        if (n == 1)
                return verdict(text[0] == 'Z' || text[0] == 'z');
        return verdict((text[0] == '+' || text[0] == '-') && is_shaped(text + 1, n - 1, "99:99") &&
                       number_at(text, 1, 2) <= 23 && number_at(text, 4, 2) <= 59);
}

static bool day_exists(const char *text)
{
        int year = number_at(text, 0, 4), month = number_at(text, 5, 2), day = number_at(text, 8, 2);

        return month >= 1 && month <= 12 && day >= 1 &&
               day <= g_date_get_days_in_month((GDateMonth)month, (GDateYear)MAX(year, 1));
}

static CdxVerdict check_date(const char *text, size_t n)
{
        if (n < 10 || !is_shaped(text, 10, "9999-99-99") || !day_exists(text))
                return CDX_BAD;
        return n == 10 ? CDX_GOOD : check_zone(text + 10, n - 10);
}

static CdxVerdict check_date_time(const char *text, size_t n)
{
        size_t at = 19;

        if (n < at || !is_shaped(text, 10, "9999-99-99") || (text[10] != 'T' && text[10] != 't') ||
            !is_shaped(text + 11, 8, "99:99:99") || !day_exists(text))
                return CDX_BAD;
        if (number_at(text, 11, 2) > 23 || number_at(text, 14, 2) > 59 || number_at(text, 17, 2) > 60)
                return CDX_BAD;
        if (at < n && text[at] == '.') {
                size_t digits = digits_of(text + at + 1, n - at - 1);

                if (digits == 0)
                        return CDX_BAD;
                at += 1 + digits;
        }
        return check_zone(text + at, n - at);
}

/* `cpe:2.3:` and eleven parts, or `cpe:/` and at most seven. */
static CdxVerdict check_cpe(const char *text, size_t n)
{
        size_t parts = 1, length = 0, at;
        bool new_form = n > 8 && memcmp(text, "cpe:2.3:", 8) == 0;

        if (!new_form && !(n > 5 && g_ascii_strncasecmp(text, "cpe:/", 5) == 0))
                return CDX_ODD;
        at = new_form ? 8 : 5;
        if (strchr(new_form ? "aho*-" : "AHOaho:", text[at]) == NULL)
                return CDX_ODD;
        for (; at < n; at++) {
                if (text[at] == ':') {
                        if (new_form && length == 0)
                                return CDX_ODD;
                        parts++;
                        length = 0;
                        continue;
                }
                if (new_form && text[at] == '\\' && at + 1 < n && g_ascii_ispunct(text[at + 1]))
                        at++;
                else if (run_of(text + at, 1, true, new_form ? "-._*?" : "-._~%") == 0)
                        return CDX_ODD;
                length++;
        }
        return odd_unless(new_form ? parts == 11 && length > 0 : parts <= 7);
}

/* pkg:type/namespace/name@version?qualifiers#subpath: the type and a name must be there. */
static CdxVerdict check_purl(const char *text, size_t n)
{
        size_t at = 4, type, end;

        if (n < 5 || g_ascii_strncasecmp(text, "pkg:", 4) != 0)
                return CDX_ODD;
        while (at < n && text[at] == '/')
                at++;
        type = run_of(text + at, n - at, true, ".+-");
        if (type == 0 || !g_ascii_isalpha(text[at]) || at + type >= n || text[at + type] != '/')
                return CDX_ODD;
        at += type + 1;
        end = at + strcspn(text + at, "?#");
        for (const char *sign = memrchr(text + at, '@', end - at); sign != NULL && sign > text + at;
             sign = NULL)
                end = (size_t)(sign - text);
        while (end > at && text[end - 1] == '/')
                end--;
        return end > at ? check_iri(text, n) : CDX_ODD;
}

static const struct {
        CdxVerdict (*check)(const char *text, size_t n);
        const char *what;
} forms[] = {
        [CDX_FORM_SERIAL] = { check_serial, "a serial number: urn:uuid: and a UUID in lower case" },
        [CDX_FORM_MEDIA_TYPE] = { check_media_type, "a media type" },
        [CDX_FORM_DIGEST] = { check_digest, "a digest of 32, 40, 64, 96 or 128 hexadecimal digits" },
        [CDX_FORM_LOCALE] = { check_locale, "a locale such as en or en-US" },
        [CDX_FORM_CRE] = { check_cre, "a reference such as CRE:123-456" },
        [CDX_FORM_PATENT_NUMBER] = { check_patent_number, "a patent number" },
        [CDX_FORM_COUNTRY] = { check_country, "a country code of two capital letters" },
        [CDX_FORM_IRI] = { check_iri, "an IRI" },
        [CDX_FORM_EMAIL] = { check_email, "an e-mail address" },
        [CDX_FORM_DATE_TIME] = { check_date_time, "a date and time with zone, such as 2026-03-01T10:00:00Z" },
        [CDX_FORM_DATE] = { check_date, "a date such as 2026-03-01" },
        [CDX_FORM_CPE] = { check_cpe, "a CPE name" },
        [CDX_FORM_PURL] = { check_purl, "a package URL" },
};

/* ---- words ---- */

/* Order of a text and a word, by their bytes. */
static int compare(uint64_t head, const char *text, size_t n, const CdxWord *word)
{
        int order;

        if (head != word->head)
                return head < word->head ? -1 : 1;
        order = memcmp(text, word->name, MIN(n, word->name_n));
        return order != 0 ? order : n < word->name_n ? -1 : n > word->name_n;
}

static bool is_word(const CdxEnum *all, uint8_t version, const char *text, size_t n)
{
        const CdxWord *word = &cdx_words[all->first], *end = word + all->n;
        uint64_t head = cdx_head(text, n);

        for (size_t left = all->n; left > 0;) {
                const CdxWord *middle = word + left / 2;

                if (compare(head, text, n, middle) > 0) {
                        word = middle + 1;
                        left -= left / 2 + 1;
                } else {
                        left /= 2;
                }
        }
        for (; word < end && compare(head, text, n, word) == 0; word++)
                if (cdx_holds(word->since, word->until, version))
                        return true;
        return false;
}

/* `"x" is not one of a, b, c`, or what lies near where there are many. */
static char *not_a_word(const CdxEnum *all, uint8_t version, const char *shown)
{
        g_autoptr(GPtrArray) words = g_ptr_array_new();
        g_autofree char *near = NULL, *list = NULL;

        for (size_t i = all->first; i < all->first + all->n; i++)
                if (cdx_holds(cdx_words[i].since, cdx_words[i].until, version))
                        g_ptr_array_add(words, (gpointer)cdx_words[i].name);
        if (words->len == 0)
                return g_strdup_printf("\"%s\" is not allowed in this version", shown);
        near = near_names(shown, (const char *const *)words->pdata, words->len);
        if (words->len > WORDS_SHOWN)
                return g_strdup_printf("\"%s\" is none of the %u words of %s%s", shown, words->len, all->name,
                                       near);
        g_ptr_array_add(words, NULL);
        list = g_strjoinv(", ", (char **)words->pdata);
        return g_strdup_printf("\"%s\" is not one of: %s", shown, list);
}

/* ---- all ---- */

char *cdx_shown(const char *text, size_t n)
{
        g_autofree char *valid = g_utf8_make_valid(text, (gssize)n);

        if (g_utf8_strlen(valid, -1) <= SHOWN_MAX)
                return g_steal_pointer(&valid);
        *g_utf8_offset_to_pointer(valid, SHOWN_MAX) = '\0';
        return g_strconcat(valid, "…", NULL);
}

/* Gives `verdict`, and its reason where one is wanted. */
static CdxVerdict because(CdxVerdict verdict, char **ret_why, const char *format, ...) G_GNUC_PRINTF(3, 4);
static CdxVerdict because(CdxVerdict verdict, char **ret_why, const char *format, ...)
{
        va_list args;

        if (ret_why == NULL)
                return verdict;
        va_start(args, format);
        *ret_why = g_strdup_vprintf(format, args);
        va_end(args);
        return verdict;
}

static CdxVerdict check_length(const CdxValue *value, const char *text, size_t n, char **ret_why)
{
        int64_t length;

        if ((value->least <= 0 || n > 0) &&
            value->most > (int64_t)n) /* bytes are at least as many as characters */
                return CDX_GOOD;
        length = g_utf8_strlen(text, (gssize)n);
        if (length < value->least)
                return because(CDX_BAD, ret_why, "the text is empty");
        if (length <= value->most)
                return CDX_GOOD;
        return because(CDX_BAD, ret_why, "the text has more than %" G_GINT64_FORMAT " characters",
                       value->most);
}

CdxVerdict cdx_check_text(const CdxValue *value, uint8_t version, const char *text, size_t n, char **ret_why)
{
        g_autofree char *shown = NULL;
        CdxVerdict found = CDX_GOOD;

        switch ((CdxShape)value->shape) {
        case CDX_SHAPE_TEXT:
                return check_length(value, text, n, ret_why);
        case CDX_SHAPE_FORM:
                found = forms[value->of].check(text, n);
                break;
        case CDX_SHAPE_ENUM:
                found = is_word(&cdx_enums[value->of], version, text, n) ? CDX_GOOD : CDX_BAD;
                break;
        default:
                break;
        }
        if (found == CDX_GOOD || ret_why == NULL)
                return found;
        shown = cdx_shown(text, n);
        *ret_why = value->shape == CDX_SHAPE_ENUM
                           ? not_a_word(&cdx_enums[value->of], version, shown)
                           : g_strdup_printf("\"%s\" is not %s", shown, forms[value->of].what);
        return found;
}

CdxVerdict cdx_check_number(const CdxValue *value, double number, char **ret_why)
{
        double least = value->least == INT64_MIN ? -INFINITY : (double)value->least;
        double most = value->most == INT64_MAX ? INFINITY : (double)value->most;

        if (value->shape == CDX_SHAPE_INTEGER && floor(number) != number)
                return because(CDX_BAD, ret_why, "%g is not a whole number", number);
        if (number < least)
                return because(CDX_BAD, ret_why, "%g is less than %g", number, least);
        return number <= most ? CDX_GOOD : because(CDX_BAD, ret_why, "%g is more than %g", number, most);
}

/* A text of XML that stands for a number or a truth. */
CdxVerdict cdx_check_lexical(const CdxValue *value, uint8_t version, const char *text, char **ret_why)
{
        static const char *const truths[] = { "true", "false", "1", "0", NULL };
        char *end;
        double number;

        if (value->shape == CDX_SHAPE_BOOL)
                return g_strv_contains(truths, text)
                               ? CDX_GOOD
                               : because(CDX_BAD, ret_why, "this is neither true nor false");
        if (value->shape != CDX_SHAPE_INTEGER && value->shape != CDX_SHAPE_NUMBER)
                return cdx_check_text(value, version, text, strlen(text), ret_why);
        number = g_ascii_strtod(text, &end);
        if (text[0] != '\0' && text[strspn(text, "+-.0123456789")] == '\0' && *end == '\0')
                return cdx_check_number(value, number, ret_why);
        return because(CDX_BAD, ret_why, "this is not a number");
}
