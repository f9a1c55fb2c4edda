/* Reading follows NISTIR 7695 section 6, comparing NISTIR 7696 section 7.3. */
#include "vuln/cpe.h"

#include <stdint.h>
#include <string.h>

static const char *const attr_names[ZW_CPE_ATTRS] = { "part",      "vendor",    "product",  "version",
                                                      "update",    "edition",   "language", "sw_edition",
                                                      "target_sw", "target_hw", "other" };

enum { CPE_BYTES_MAX = 4096 };

void cpe_clear(Cpe *cpe)
{
        for (size_t i = 0; i < ZW_CPE_ATTRS; i++)
                g_clear_pointer(&cpe->value[i], g_free);
}

static bool refuse(CpeAttr attr, const char *why, GError **error)
{
        error_set(error, ZW_ERR_INPUT, attr_names[attr], "this is no CPE name: %s %s", attr_names[attr], why);
        return false;
}

/* ---- values ---- */

static bool is_plain(char c)
{
        return g_ascii_isalnum(c) || c == '_' || c == '-' || c == '.';
}

/* Wildcards stand at the beginning or the end: one `*`, or any number of `?`. */
static bool wildcards_check(const char *value, CpeAttr attr, GError **error)
{
        size_t n = strlen(value), from = 0, to = n;

        if (value[0] == '*')
                from = 1;
        else
                from = strspn(value, "?");
        while (to > from && (value[to - 1] == '*' || value[to - 1] == '?') &&
               (to < 2 || value[to - 2] != '\\' || (to >= 3 && value[to - 3] == '\\')))
                to--;
        if (n - to > 1 && memchr(value + to, '*', n - to) != NULL)
                return refuse(attr, "has more than one * at its end", error);
        for (size_t i = from; i < to; i++) {
                if (value[i] == '\\')
                        i++;
                else if (value[i] == '*' || value[i] == '?')
                        return refuse(attr, "has a wildcard in the middle", error);
        }
        if (from == to && n > 0 && strcmp(value, "*") != 0 && value[0] == '*')
                return refuse(attr, "is only wildcards", error);
        return true;
}

static bool part_check(const char *value, GError **error)
{
        if (strlen(value) == 1 && strchr("aoh*-", value[0]) != NULL)
                return true;
        return refuse(CPE_PART, "is a, o, h, * or -", error);
}

/* Takes over a value of the formatted string: lower case, needless backslashes away. */
static bool value_take(Cpe *cpe, CpeAttr attr, const char *text, size_t n, GError **error)
{
        g_autoptr(GString) value = g_string_new(NULL);

        for (size_t i = 0; i < n; i++) {
                char c = g_ascii_tolower(text[i]);

                if (c == '\\') {
                        if (++i == n || g_ascii_isalnum(text[i]) || !g_ascii_isprint(text[i]))
                                return refuse(attr, "has a backslash before no sign", error);
                        if (!is_plain(text[i]) || (text[i] == '-' && n == 2))
                                g_string_append_c(value, '\\');
                        g_string_append_c(value, text[i]);
                } else if (is_plain(c) || c == '*' || c == '?')
                        g_string_append_c(value, c);
                else if (g_ascii_isprint(c) && c != ' ') /* what ought to have a backslash */
                        g_string_append_printf(value, "\\%c", c);
                else
                        return refuse(attr, "has a blank or a letter outside ASCII", error);
        }
        if (value->len == 0)
                return refuse(attr, "is empty", error);
        if (attr == CPE_PART && !part_check(value->str, error))
                return false;
        if (!wildcards_check(value->str, attr, error))
                return false;
        cpe->value[attr] = g_string_free(g_steal_pointer(&value), FALSE);
        return true;
}

/* ---- the formatted string ---- */

/* Length up to the next colon without a backslash. */
static size_t piece_length(const char *text)
{
        size_t n = 0;

        while (text[n] != '\0' && text[n] != ':')
                n += text[n] == '\\' && text[n + 1] != '\0' ? 2 : 1;
        return n;
}

static bool parse_string(const char *text, Cpe *cpe, GError **error)
{
        for (int i = 0; i < ZW_CPE_ATTRS; i++) {
                size_t n = piece_length(text);

                if (!value_take(cpe, (CpeAttr)i, text, n, error))
                        return false;
                if ((text[n] == ':') != (i + 1 < ZW_CPE_ATTRS)) {
                        error_set(error, ZW_ERR_INPUT, NULL,
                                  "this is no CPE name: it has %s attributes than 11",
                                  text[n] == ':' ? "more" : "fewer");
                        return false;
                }
                text += n + 1;
        }
        return true;
}

/* ---- the URI ---- */

/* One percent-encoded component to a value of the formatted string. */
static bool uri_take(Cpe *cpe, CpeAttr attr, const char *text, size_t n, GError **error)
{
        g_autoptr(GString) value = g_string_new(NULL);

        if (n == 0) {
                cpe->value[attr] = g_strdup("*");
                return attr != CPE_PART || refuse(attr, "is empty", error);
        }
        for (size_t i = 0; i < n; i++) {
                int c = (unsigned char)text[i];

                if (c == '%') {
                        if (i + 2 >= n || !g_ascii_isxdigit(text[i + 1]) || !g_ascii_isxdigit(text[i + 2]))
                                return refuse(attr, "has a % without two hex digits", error);
                        c = g_ascii_xdigit_value(text[i + 1]) * 16 + g_ascii_xdigit_value(text[i + 2]);
                        i += 2;
                        if (c == 1 || c == 2) {
                                g_string_append_c(value, c == 1 ? '?' : '*');
                                continue;
                        }
                }
                if (c < 0x80 && is_plain((char)c))
                        g_string_append_c(value, (char)c);
                else
                        g_string_append_printf(value, "\\%c", c);
        }
        return value_take(cpe, attr, value->str, value->len, error);
}

/* `~edition~sw_edition~target_sw~target_hw~other`, which packs five attributes into one. */
static bool packed_take(Cpe *cpe, const char *text, size_t n, GError **error)
{
        static const CpeAttr packed[] = { CPE_EDITION, CPE_SW_EDITION, CPE_TARGET_SW, CPE_TARGET_HW,
                                          CPE_OTHER };
        const char *end = text + n;

        for (size_t i = 0; i < G_N_ELEMENTS(packed); i++) {
                const char *from = text < end ? text + 1 : end,
                           *tilde = memchr(from, '~', (size_t)(end - from));

                text = tilde == NULL ? end : tilde;
                if (!uri_take(cpe, packed[i], from, (size_t)(text - from), error))
                        return false;
        }
        return text == end || refuse(CPE_EDITION, "packs more than five attributes", error);
}

static bool parse_uri(const char *text, Cpe *cpe, GError **error)
{
        const char *at = text;

        for (int i = CPE_PART; i <= CPE_LANGUAGE; i++) {
                size_t n = strcspn(at, ":");
                bool good = i == CPE_EDITION && at[0] == '~' ? packed_take(cpe, at, n, error)
                                                             : uri_take(cpe, (CpeAttr)i, at, n, error);

                if (!good)
                        return false;
                at += n;
                if (*at == ':')
                        at++;
        }
        if (*at != '\0') {
                error_set(error, ZW_ERR_INPUT, NULL, "this is no CPE name: it has more components than 7");
                return false;
        }
        for (int i = 0; i < ZW_CPE_ATTRS; i++)
                if (cpe->value[i] == NULL)
                        cpe->value[i] = g_strdup("*");
        return true;
}

bool cpe_parse(const char *text, Cpe *ret_cpe, GError **error)
{
        g_auto(Cpe) cpe = { 0 };
        bool good;

        if (strlen(text) > CPE_BYTES_MAX) {
                error_set(error, ZW_ERR_INPUT, NULL, "a CPE name has at most %d bytes", CPE_BYTES_MAX);
                return false;
        }
        if (g_ascii_strncasecmp(text, "cpe:2.3:", 8) == 0)
                good = parse_string(text + 8, &cpe, error);
        else if (g_ascii_strncasecmp(text, "cpe:/", 5) == 0)
                good = parse_uri(text + 5, &cpe, error);
        else {
                error_set(error, ZW_ERR_INPUT, NULL, "a CPE name begins with cpe:2.3: or cpe:/");
                return false;
        }
        if (!good)
                return false;
        *ret_cpe = cpe;
        cpe = (Cpe){ 0 };
        return true;
}

/* ---- what it says ---- */

char *cpe_format(const Cpe *cpe)
{
        GString *text = g_string_new("cpe:2.3");

        for (size_t i = 0; i < ZW_CPE_ATTRS; i++)
                g_string_append_printf(text, ":%s", cpe->value[i]);
        return g_string_free(text, FALSE);
}

bool cpe_is_any(const Cpe *cpe, CpeAttr attr)
{
        return strcmp(cpe->value[attr], "*") == 0;
}

bool cpe_is_na(const Cpe *cpe, CpeAttr attr)
{
        return strcmp(cpe->value[attr], "-") == 0;
}

char *cpe_plain(const Cpe *cpe, CpeAttr attr)
{
        const char *value = cpe->value[attr];
        GString *plain;

        if (cpe_is_any(cpe, attr) || cpe_is_na(cpe, attr))
                return NULL;
        plain = g_string_new(NULL);
        for (size_t i = 0; value[i] != '\0'; i++) {
                if (value[i] == '\\' && value[i + 1] != '\0')
                        i++;
                g_string_append_c(plain, value[i]);
        }
        return g_string_free(plain, FALSE);
}

char *cpe_words(const Cpe *cpe, CpeAttr attr)
{
        char *words = cpe_plain(cpe, attr);

        return words == NULL ? NULL : g_strdelimit(words, "_", ' ');
}

/* ---- comparing ---- */

static bool has_wildcards(const char *value)
{
        for (size_t i = 0; value[i] != '\0'; i++) {
                if (value[i] == '\\' && value[i + 1] != '\0')
                        i++;
                else if (value[i] == '*' || value[i] == '?')
                        return true;
        }
        return false;
}

/* Characters of a value: a backslash and what follows are one. */
static size_t characters(const char *value, size_t n)
{
        size_t count = 0;

        for (size_t i = 0; i < n; i++, count++)
                if (value[i] == '\\' && i + 1 < n)
                        i++;
        return count;
}

static bool quoted_at(const char *value, size_t at)
{
        size_t slashes = 0;

        while (slashes < at && value[at - slashes - 1] == '\\')
                slashes++;
        return slashes % 2 == 1;
}

/* A `?` stands for no character or one, as the pseudocode of 7696 has it. */
static bool pattern_matches(const char *source, const char *target)
{
        size_t n = strlen(source), from = 0, to = n, target_n = strlen(target), core_n;
        size_t before_max = 0, after_max = 0;

        if (source[0] == '*') {
                from = 1;
                before_max = SIZE_MAX;
        } else
                from = before_max = strspn(source, "?");
        if (to > from && source[to - 1] == '*' && !quoted_at(source, to - 1)) {
                to--;
                after_max = SIZE_MAX;
        } else
                for (; to > from && source[to - 1] == '?' && !quoted_at(source, to - 1); to--)
                        after_max++;
        core_n = to - from;
        for (size_t at = 0; at + core_n <= target_n; at++) {
                if (memcmp(target + at, source + from, core_n) != 0 || quoted_at(target, at))
                        continue;
                if (characters(target, at) <= before_max &&
                    characters(target + at + core_n, target_n - at - core_n) <= after_max)
                        return true;
        }
        return false;
}

CpeRelation cpe_compare_values(const char *source, const char *target)
{
        bool source_any = strcmp(source, "*") == 0, target_any = strcmp(target, "*") == 0;

        if (!target_any && has_wildcards(target))
                return CPE_UNDEFINED;
        if (g_ascii_strcasecmp(source, target) == 0)
                return CPE_EQUAL;
        if (source_any)
                return CPE_SUPERSET;
        if (target_any)
                return CPE_SUBSET;
        if (strcmp(source, "-") == 0 || strcmp(target, "-") == 0)
                return CPE_DISJOINT;
        return has_wildcards(source) && pattern_matches(source, target) ? CPE_SUPERSET : CPE_DISJOINT;
}

CpeRelation cpe_compare(const Cpe *source, const Cpe *target)
{
        unsigned seen = 0;

        for (size_t i = 0; i < ZW_CPE_ATTRS; i++)
                seen |= 1u << cpe_compare_values(source->value[i], target->value[i]);
        if ((seen & 1u << CPE_DISJOINT) != 0)
                return CPE_DISJOINT;
        seen &= ~(1u << CPE_EQUAL);
        if (seen == 0)
                return CPE_EQUAL;
        if (seen == 1u << CPE_SUPERSET)
                return CPE_SUPERSET;
        return seen == 1u << CPE_SUBSET ? CPE_SUBSET : CPE_UNDEFINED;
}

bool cpe_fits(const Cpe *source, const Cpe *target, unsigned but)
{
        for (size_t i = 0; i < ZW_CPE_ATTRS; i++) {
                const char *from = source->value[i], *to = target->value[i];
                CpeRelation relation;

                if ((but & 1u << i) != 0)
                        continue;
                relation = cpe_compare_values(from, to);
                if (relation == CPE_DISJOINT ||
                    (relation == CPE_UNDEFINED && strcmp(from, "*") != 0 && strcmp(from, to) != 0))
                        return false;
        }
        return true;
}
