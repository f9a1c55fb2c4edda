/* The HTML writer: what is escaped where, and that wrong nesting does not pass. */
#include "report/anchor.h"
#include "report/html.h"

#include <string.h>

typedef struct {
        Out *out;
        Html *html;
} Page;

static void set_up(Page *page, gconstpointer data G_GNUC_UNUSED)
{
        page->out = out_new(1 << 20);
        page->html = html_new(page->out);
}

static void tear_down(Page *page, gconstpointer data G_GNUC_UNUSED)
{
        html_free(page->html);
        out_free(page->out);
}

static void test_text(Page *page, gconstpointer data G_GNUC_UNUSED)
{
        html_open(page->html, "p");
        html_text(page->html, "<script>alert('x' & \"y\")</script>\x01\x7f\t\n");
        html_text(page->html, "\xef\xbf\xbf|\xef\xbf\xbe|\xef\xbf\xbd|\xc3\xa9");
        html_text_n(page->html, "cut<here>", 4);
        html_close(page->html, "p");
        g_assert_cmpstr(
                out_data(page->out), ==,
                "<p>&lt;script&gt;alert(&#39;x&#39; &amp; &quot;y&quot;)&lt;/script&gt;\xef\xbf\xbd\xef\xbf\xbd\t\n"
                "\xef\xbf\xbd|\xef\xbf\xbd|\xef\xbf\xbd|\xc3\xa9"
                "cut&lt;</p>");
        g_assert_true(html_is_done(page->html));
}

static void test_attributes(Page *page, gconstpointer data G_GNUC_UNUSED)
{
        html_open(page->html, "td");
        html_attr(page->html, "title", "\" onload='x' <b>");
        html_void(page->html, "br");
        html_attr(page->html, "class", "a&b");
        html_raw(page->html, "<i/>");
        html_number(page->html, -7);
        html_close(page->html, "td");
        g_assert_cmpstr(
                out_data(page->out), ==,
                "<td title=\"&quot; onload=&#39;x&#39; &lt;b&gt;\"><br class=\"a&amp;b\"/><i/>-7</td>");
}

static void test_addresses(Page *page, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *url, *written;
        } cases[] = {
                { "#item-ZN-1", "#item-ZN-1" },
                { "gap.html#a~20b", "gap.html#a~20b" },
                { "https://example.org/?a=1&b", "https://example.org/?a=1&amp;b" },
                { "HTTP://example.org", "HTTP://example.org" },
                { "mailto:a@example.org", "mailto:a@example.org" },
                { "a/b:c", "a/b:c" },
                { "javascript:alert(1)", "#" },
                { "JaVaScRiPt:alert(1)", "#" },
                { " javascript:alert(1)", "#" },
                { "java\tscript:alert(1)", "#" },
                { "\x01javascript:alert(1)", "#" },
                { "data:text/html,x", "#" },
                { "vbscript:x", "#" },
                { "file:///etc/passwd", "#" },
                { "//evil.example", "#" },
                { "\\\\evil.example", "#" },
                { "http\n://x", "#" },
                { ":x", "#" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *expected = g_strdup_printf("<a href=\"%s\"></a>", cases[i].written);

                out_reset(page->out);
                html_open(page->html, "a");
                html_url(page->html, "href", cases[i].url);
                html_close(page->html, "a");
                g_assert_cmpstr(out_data(page->out), ==, expected);
        }
}

static void test_css_string(Page *page, gconstpointer data G_GNUC_UNUSED)
{
        html_open(page->html, "style");
        html_css_sheet(page->html, "b{}");
        html_css_string(page->html, "A-1 \"}</style><!--\\\n\xc3\xa9");
        html_close(page->html, "style");
        g_assert_cmpstr(
                out_data(page->out), ==,
                "<style>b{}\"A-1 \\000022\\00007d\\00003c\\00002fstyle\\00003e\\00003c\\000021--\\00005c\\00000a"
                "\\0000e9\"</style>");
}

static void test_anchors(void)
{
        g_autofree char *here = anchor_url(NULL, "a"), *there = anchor_url("gap", "a");
        g_autofree char *item = anchor_item_url("A~b \xc3\xa9.c-1_2");

        g_assert_cmpstr(here, ==, "#a");
        g_assert_cmpstr(there, ==, "gap.html#a");
        g_assert_cmpstr(item, ==, "#item-A~7eb~20~c3~a9.c-1_2");
}

/* ---- a programmer's error ends the program ---- */

typedef void (*Wrong)(Html *html);

static void wrong_order(Html *html)
{
        html_open(html, "p");
        html_open(html, "b");
        html_close(html, "p");
}

static void close_nothing(Html *html)
{
        html_close(html, "p");
}

static void late_attribute(Html *html)
{
        html_open(html, "p");
        html_text(html, "x");
        html_attr(html, "class", "y");
}

static void style_outside(Html *html)
{
        html_open(html, "p");
        html_css_string(html, "x");
}

static void style_that_ends(Html *html)
{
        html_open(html, "style");
        html_css_sheet(html, "a{}</style>");
}

static void too_deep(Html *html)
{
        for (int i = 0; i < 1000; i++)
                html_open(html, "i");
}

static const Wrong wrongs[] = { wrong_order,   close_nothing,   late_attribute,
                                style_outside, style_that_ends, too_deep };

static void test_wrong(Page *page, gconstpointer data)
{
        size_t i = GPOINTER_TO_SIZE(data);

        if (g_test_subprocess()) {
                wrongs[i](page->html);
                return;
        }
        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr("*assertion failed*");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/report/html/text", Page, NULL, set_up, test_text, tear_down);
        g_test_add("/report/html/attributes", Page, NULL, set_up, test_attributes, tear_down);
        g_test_add("/report/html/addresses", Page, NULL, set_up, test_addresses, tear_down);
        g_test_add("/report/html/css-string", Page, NULL, set_up, test_css_string, tear_down);
        g_test_add_func("/report/html/anchors", test_anchors);
        for (size_t i = 0; i < G_N_ELEMENTS(wrongs); i++) {
                g_autofree char *path = g_strdup_printf("/report/html/wrong/%zu", i);

                g_test_add(path, Page, GSIZE_TO_POINTER(i), set_up, test_wrong, tear_down);
        }
        return g_test_run();
}
