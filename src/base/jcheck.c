#include "base/jcheck.h"

#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* Longer numbers are not looked at for overflow. */
enum { NUMBER_LENGTH_MAX = 1024 };

typedef struct {
        const char *text;
        size_t n, at, depth;
        JFault fault;
        char in[ZW_JCHECK_DEPTH_MAX]; /* the bracket that opened each level */
} Scan;

typedef enum { EXPECT_VALUE, EXPECT_VALUE_OR_END, EXPECT_KEY, EXPECT_KEY_OR_END, EXPECT_MORE } Expect;

static bool fail_at(Scan *s, size_t at, const char *message)
{
        s->fault.at = MIN(at, s->n);
        s->fault.message = at >= s->n ? "the text ends too early" : message;
        return false;
}

static char peek(const Scan *s)
{
        return s->at < s->n ? s->text[s->at] : '\0';
}

static void skip_space(Scan *s)
{
        while (s->at < s->n && strchr(" \t\n\r", s->text[s->at]) != NULL && s->text[s->at] != '\0')
                s->at++;
}

static bool scan_word(Scan *s, const char *word)
{
        for (size_t i = 0; word[i] != '\0'; i++)
                if (s->at + i >= s->n || s->text[s->at + i] != word[i])
                        return fail_at(s, s->at + i, "must be a JSON value");
        s->at += strlen(word);
        return true;
}

static bool scan_digits(Scan *s)
{
        if (!g_ascii_isdigit(peek(s)))
                return fail_at(s, s->at, "must be a digit");
        while (g_ascii_isdigit(peek(s)))
                s->at++;
        return true;
}

/* Whether the number at `from`, whose form is right, fits the 64 bits of its type. */
static bool number_fits(const Scan *s, size_t from, bool real)
{
        char text[NUMBER_LENGTH_MAX + 1];
        size_t n = s->at - from;

        if (n > NUMBER_LENGTH_MAX)
                return real;
        memcpy(text, s->text + from, n);
        text[n] = '\0';
        if (real)
                return isfinite(g_ascii_strtod(text, NULL)) != 0;
        return g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, NULL, NULL) ||
               g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT64, NULL, NULL);
}

static bool scan_number(Scan *s)
{
        size_t from = s->at;
        bool real = false;

        if (peek(s) == '-')
                s->at++;
        if (peek(s) == '0')
                s->at++;
        else if (!scan_digits(s))
                return false;
        if (peek(s) == '.') {
                real = true;
                s->at++;
                if (!scan_digits(s))
                        return false;
        }
        if (peek(s) == 'e' || peek(s) == 'E') {
                real = true;
                s->at++;
                if (peek(s) == '+' || peek(s) == '-')
                        s->at++;
                if (!scan_digits(s))
                        return false;
        }
        return number_fits(s, from, real) || fail_at(s, from, "the number does not fit 64 bits");
}

/* Four hexadecimal digits after \u. */
static bool scan_unit(Scan *s, unsigned *ret_unit)
{
        unsigned unit = 0;

        for (size_t i = 0; i < 4; i++, s->at++) {
                int digit = g_ascii_xdigit_value(peek(s));

                if (digit < 0)
                        return fail_at(s, s->at, "must be a hexadecimal digit");
                unit = unit * 16 + (unsigned)digit;
        }
        *ret_unit = unit;
        return true;
}

static bool scan_escape(Scan *s)
{
        size_t from = s->at++;
        unsigned high, low;
        char c = peek(s);

        if (c == '\0' || strchr("\"\\/bfnrtu", c) == NULL)
                return fail_at(s, s->at, "this escape does not exist");
        s->at++;
        if (c != 'u')
                return true;
        if (!scan_unit(s, &high))
                return false;
        if (high < 0xd800 || high > 0xdfff)
                return true;
        if (high > 0xdbff || peek(s) != '\\' || s->at + 1 >= s->n || s->text[s->at + 1] != 'u')
                return fail_at(s, from, "half of a surrogate pair");
        s->at += 2;
        if (!scan_unit(s, &low))
                return false;
        return (low >= 0xdc00 && low <= 0xdfff) || fail_at(s, from, "half of a surrogate pair");
}

static bool scan_string(Scan *s)
{
        s->at++;
        while (s->at < s->n && s->text[s->at] != '"') {
                if ((unsigned char)s->text[s->at] < 0x20)
                        return fail_at(s, s->at, "a control character must be escaped");
                if (s->text[s->at] != '\\')
                        s->at++;
                else if (!scan_escape(s))
                        return false;
        }
        if (s->at >= s->n)
                return fail_at(s, s->n, NULL);
        s->at++;
        return true;
}

static bool scan_scalar(Scan *s)
{
        char c = peek(s);

        if (c == '"')
                return scan_string(s);
        if (c == 't')
                return scan_word(s, "true");
        if (c == 'f')
                return scan_word(s, "false");
        if (c == 'n')
                return scan_word(s, "null");
        if (c == '-' || g_ascii_isdigit(c))
                return scan_number(s);
        return fail_at(s, s->at, "must be a JSON value");
}

static bool scan_open(Scan *s, size_t depth_max, Expect *expect)
{
        if (s->depth == depth_max) {
                s->fault.deep = true;
                return fail_at(s, s->at, "arrays and objects lie too deep");
        }
        s->in[s->depth++] = s->text[s->at];
        *expect = s->text[s->at] == '{' ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
        s->at++;
        return true;
}

static bool scan_close(Scan *s, Expect *expect)
{
        s->depth--;
        s->at++;
        *expect = EXPECT_MORE;
        return true;
}

static bool scan_key(Scan *s, Expect *expect)
{
        if (peek(s) != '"')
                return fail_at(s, s->at, "must be a key in double quotes");
        if (!scan_string(s))
                return false;
        skip_space(s);
        if (peek(s) != ':')
                return fail_at(s, s->at, "must be a colon");
        s->at++;
        *expect = EXPECT_VALUE;
        return true;
}

static bool scan_more(Scan *s, Expect *expect)
{
        char open = s->in[s->depth - 1], c = peek(s);

        if (c == (open == '{' ? '}' : ']'))
                return scan_close(s, expect);
        if (c != ',')
                return fail_at(s, s->at, open == '{' ? "must be a comma or }" : "must be a comma or ]");
        s->at++;
        *expect = open == '{' ? EXPECT_KEY : EXPECT_VALUE;
        return true;
}

static bool scan_step(Scan *s, size_t depth_max, Expect *expect)
{
        char c = peek(s);

        if ((*expect == EXPECT_VALUE_OR_END && c == ']') || (*expect == EXPECT_KEY_OR_END && c == '}'))
                return scan_close(s, expect);
        if (*expect == EXPECT_MORE)
                return scan_more(s, expect);
        if (*expect == EXPECT_KEY || *expect == EXPECT_KEY_OR_END)
                return scan_key(s, expect);
        if (c == '[' || c == '{')
                return scan_open(s, depth_max, expect);
        *expect = EXPECT_MORE;
        return scan_scalar(s);
}

bool jcheck_text(const char *text, size_t n, size_t depth_max, JFault *ret_fault)
{
        Scan s = { .text = text, .n = n };
        Expect expect = EXPECT_VALUE;

        depth_max = MIN(depth_max, (size_t)ZW_JCHECK_DEPTH_MAX);
        do {
                skip_space(&s);
                if (!scan_step(&s, depth_max, &expect)) {
                        *ret_fault = s.fault;
                        return false;
                }
        } while (s.depth > 0 || expect != EXPECT_MORE);

        skip_space(&s);
        if (s.at == n)
                return true;
        (void)fail_at(&s, s.at, "the value has ended before");
        *ret_fault = s.fault;
        return false;
}
