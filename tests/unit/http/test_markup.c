#include "http/markup.h"

static void test_escaping(void)
{
        g_autoptr(Out) out = out_new(1000);

        markup_raw(out, "<p>");
        markup_text(out, "<a href=\"x\">'&' \xc3\xa4</a>");
        g_assert_cmpstr(out_data(out), ==,
                        "<p>&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39; \xc3\xa4&lt;/a&gt;");
        out_reset(out);
        markup_url(out, "a/b?c=d&e\"\xc3\xa4-_.~");
        g_assert_cmpstr(out_data(out), ==, "a%2Fb%3Fc%3Dd%26e%22%C3%A4-_.~");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/markup/escaping", test_escaping);
        return g_test_run();
}
