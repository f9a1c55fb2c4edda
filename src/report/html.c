#include "report/html.h"

#include "base/verify.h"
#include <string.h>

enum { HTML_DEPTH_MAX = 64 };

typedef enum { TAG_NONE, TAG_OPEN, TAG_VOID } Tag; /* a start tag that waits for its `>` */

struct Html {
        Out *out;
        size_t depth;
        Tag tag;
        const char *in[HTML_DEPTH_MAX]; /* literals */
};

Html *html_new(Out *out)
{
        Html *html = g_new0(Html, 1);

        html->out = out;
        return html;
}

void html_free(Html *html)
{
        g_free(html);
}

bool html_is_done(const Html *html)
{
        return html->depth == 0 && html->tag == TAG_NONE;
}

static void tag_end(Html *html)
{
        if (html->tag == TAG_OPEN)
                out_char(html->out, '>');
        else if (html->tag == TAG_VOID)
                out_text(html->out, "/>");
        html->tag = TAG_NONE;
}

void html_open_(Html *html, const char *name)
{
        tag_end(html);
        ZW_VERIFY(html->depth < HTML_DEPTH_MAX);
        html->in[html->depth++] = name;
        html->tag = TAG_OPEN;
        out_char(html->out, '<');
        out_text(html->out, name);
}

void html_close_(Html *html, const char *name)
{
        tag_end(html);
        ZW_VERIFY(html->depth > 0 && strcmp(html->in[html->depth - 1], name) == 0);
        html->depth--;
        out_text(html->out, "</");
        out_text(html->out, name);
        out_char(html->out, '>');
}

void html_void_(Html *html, const char *name)
{
        tag_end(html);
        html->tag = TAG_VOID;
        out_char(html->out, '<');
        out_text(html->out, name);
}

void html_raw_(Html *html, const char *literal)
{
        tag_end(html);
        out_text(html->out, literal);
}

/* The replacement of a byte, or NULL to write it as it is. Both quotes are replaced everywhere, so that a text is inert in
 * either kind of attribute too. */
static const char *replacement(unsigned char c)
{
        switch (c) {
        case '&':
                return "&amp;";
        case '<':
                return "&lt;";
        case '>':
                return "&gt;";
        case '"':
                return "&quot;";
        case '\'':
                return "&#39;";
        case '\t':
        case '\n':
                return NULL;
        default:
                return c < 0x20 || c == 0x7f ? "\xef\xbf\xbd" : NULL;
        }
}

/* U+FFFE and U+FFFF are no characters, and no XML reader takes them. */
static bool is_no_character(const char *text, size_t n)
{
        return n >= 3 && (memcmp(text, "\xef\xbf\xbe", 3) == 0 || memcmp(text, "\xef\xbf\xbf", 3) == 0);
}

static void escaped(Out *out, const char *text, size_t n)
{
        size_t from = 0, length;

        for (size_t i = 0; i < n; i += length) {
                bool none = is_no_character(text + i, n - i);
                const char *instead = none ? "\xef\xbf\xbd" : replacement((unsigned char)text[i]);

                length = none ? 3 : 1;
                if (instead == NULL)
                        continue;
                out_bytes(out, text + from, i - from);
                out_text(out, instead);
                from = i + length;
        }
        out_bytes(out, text + from, n - from);
}

void html_text_n(Html *html, const char *text, size_t n)
{
        tag_end(html);
        escaped(html->out, text, n);
}

void html_text(Html *html, const char *text)
{
        html_text_n(html, text, strlen(text));
}

void html_number(Html *html, gint64 number)
{
        tag_end(html);
        out_format(html->out, "%" G_GINT64_FORMAT, number);
}

void html_attr_(Html *html, const char *name, const char *value)
{
        ZW_VERIFY(html->tag != TAG_NONE);
        out_char(html->out, ' ');
        out_text(html->out, name);
        out_text(html->out, "=\"");
        escaped(html->out, value, strlen(value));
        out_char(html->out, '"');
}

/* A colon before any of / ? # makes what stands before it a scheme; browsers pass over blanks and controls in one. */
static bool url_is_harmless(const char *url)
{
        static const char *const schemes[] = { "http", "https", "mailto" };
        size_t n = strcspn(url, ":/?#");

        for (const char *c = url; *c != '\0'; c++)
                if ((unsigned char)*c <= 0x20 || *c == 0x7f || *c == '\\')
                        return false;
        if (url[n] != ':')
                return strncmp(url, "//", 2) != 0; /* another host without a scheme */
        for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
                if (strlen(schemes[i]) == n && g_ascii_strncasecmp(url, schemes[i], n) == 0)
                        return true;
        return false;
}

void html_url_(Html *html, const char *name, const char *url)
{
        html_attr_(html, name, url_is_harmless(url) ? url : "#");
}

void html_css_sheet(Html *html, const char *sheet)
{
        ZW_VERIFY(html->depth > 0 && strcmp(html->in[html->depth - 1], "style") == 0);
        ZW_VERIFY(strstr(sheet, "</") == NULL);
        tag_end(html);
        out_text(html->out, sheet);
}

/* All but letters, digits and a few signs is written as its number, so nothing ends the string or the element. */
void html_css_string(Html *html, const char *text)
{
        ZW_VERIFY(html->depth > 0 && strcmp(html->in[html->depth - 1], "style") == 0);
        tag_end(html);
        out_char(html->out, '"');
        for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
                if (g_ascii_isalnum(*c) || strchr(" .,:()-_", *c) != NULL)
                        out_char(html->out, *c);
                else
                        out_format(html->out, "\\%06x", g_utf8_get_char(c));
        }
        out_char(html->out, '"');
}
