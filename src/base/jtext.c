#include "base/jtext.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Length of the sequence at `p`, or 0 when it is not UTF-8 (Unicode table 3-7). */
static size_t utf8_sequence(const uint8_t *p, size_t n)
{
        uint8_t low = 0x80, high = 0xbf;
        size_t length;

        if (p[0] < 0x80)
                return 1;
        if (p[0] < 0xc2 || p[0] > 0xf4)
                return 0;
        length = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
        if (length > n)
                return 0;
        if (p[0] == 0xe0)
                low = 0xa0;
        else if (p[0] == 0xed)
                high = 0x9f;
        else if (p[0] == 0xf0)
                low = 0x90;
        else if (p[0] == 0xf4)
                high = 0x8f;
        if (p[1] < low || p[1] > high)
                return 0;
        for (size_t i = 2; i < length; i++)
                if (p[i] < 0x80 || p[i] > 0xbf)
                        return 0;
        return length;
}

size_t utf8_prefix(const char *text, size_t n)
{
        const uint8_t *p = (const uint8_t *)text;
        size_t i = 0;

        while (i < n) {
                size_t length = utf8_sequence(p + i, n - i);

                if (length == 0)
                        break;
                i += length;
        }
        return i;
}

static void write_escape(Out *out, uint8_t c)
{
        static const char digits[] = "0123456789abcdef";
        char text[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };

        switch (c) {
        case '"':
        case '\\':
                text[1] = (char)c;
                break;
        case '\b':
                text[1] = 'b';
                break;
        case '\f':
                text[1] = 'f';
                break;
        case '\n':
                text[1] = 'n';
                break;
        case '\r':
                text[1] = 'r';
                break;
        case '\t':
                text[1] = 't';
                break;
        default:
                out_bytes(out, text, sizeof(text));
                return;
        }
        out_bytes(out, text, 2);
}

void jtext_write(Out *out, const char *text, size_t n)
{
        const uint8_t *p = (const uint8_t *)text;
        size_t from = 0, i = 0;

        out_char(out, '"');
        while (i < n) {
                size_t length;

                if (p[i] >= 0x20 && p[i] < 0x80 && p[i] != '"' && p[i] != '\\') {
                        i++;
                        continue;
                }
                length = p[i] < 0x80 ? 0 : utf8_sequence(p + i, n - i);
                if (length > 0) {
                        i += length;
                        continue;
                }
                out_bytes(out, text + from, i - from);
                if (p[i] < 0x80)
                        write_escape(out, p[i]);
                else
                        out_text(out, "\xef\xbf\xbd");
                from = ++i;
        }
        out_bytes(out, text + from, n - from);
        out_char(out, '"');
}

void jtext_write_real(Out *out, double value)
{
        static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
        char text[G_ASCII_DTOSTR_BUF_SIZE];

        if (!isfinite(value)) {
                out_text(out, "null");
                return;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
                double back;

                (void)g_ascii_formatd(text, sizeof(text), formats[i], value);
                back = g_ascii_strtod(text, NULL);
                if (back == value)
                        break;
        }
        out_text(out, text);
        if (strpbrk(text, ".e") == NULL)
                out_text(out, ".0");
}

char *jplace_text(const char *base, const JPlace *place)
{
        const JPlace *chain[2 * ZW_JSON_DEPTH];
        GString *text = g_string_new(base);
        size_t n = 0;

        for (; place != NULL && n < G_N_ELEMENTS(chain); place = place->parent)
                chain[n++] = place;
        while (n > 0) {
                place = chain[--n];
                g_string_append_c(text, '/');
                if (place->key == NULL) {
                        g_string_append_printf(text, "%zu", place->index);
                        continue;
                }
                for (size_t i = 0; i < place->key_n; i++) {
                        if (place->key[i] == '~')
                                g_string_append(text, "~0");
                        else if (place->key[i] == '/')
                                g_string_append(text, "~1");
                        else
                                g_string_append_c(text, place->key[i]);
                }
        }
        return g_string_free(text, FALSE);
}
