/* A PDF has a greatest length, which is told and not run into; and its outline leads to where headings are. */
#include "base/error.h"
#include "report/pdf_internal.h"

static Pdf *document(int pages)
{
        Pdf *pdf = pdf_new("Title", "Subject", "Header", "Footer", 0);

        pdf_say(pdf, PDF_TITLE, "Title");
        while (pdf->page < pages)
                pdf_page_next(pdf);
        return pdf;
}

static void test_pages(void)
{
        const char *const heads[] = { "Key", "Title" }, *const texts[] = { "ZN-1", "Pumps" };
        const double weights[] = { 1, 3 };
        g_autoptr(Pdf) most = document(PAGES_MAX), more = document(PAGES_MAX + 1);
        g_autoptr(Out) out = out_new(64 * 1024 * 1024);
        g_autoptr(GError) error = NULL;

        g_assert_true(pdf_finish(most, out, &error));
        g_assert_no_error(error);
        pdf_table_begin(more, heads, weights, G_N_ELEMENTS(heads));
        for (int i = 0; i < 1000; i++)
                pdf_row(more, texts, 0);
        for (int i = 0; i < 1000; i++)
                pdf_row_wide(more, "Zone");
        pdf_table_end(more);
        for (int i = 0; i < 1000; i++)
                pdf_say(more, PDF_SECTION, "Zone");
        g_assert_cmpint(more->page, ==, PAGES_MAX + 1);
        g_assert_false(pdf_finish(more, out, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
}

/* Wherever it falls, what leads to a heading leads to its page. */
static void test_mark(void)
{
        static const PdfStyle styles[] = { PDF_SECTION, PDF_SUBSECTION, PDF_SMALLER };
        g_autoptr(Pdf) pdf = document(1);

        for (size_t i = 0; i < G_N_ELEMENTS(styles); i++)
                for (int left = 0; left < 200; left += 5) {
                        g_autofree char *anchor = g_strdup_printf("zone-%zu-%d", i, left);
                        int page;

                        pdf->y = PAGE_H - MARGIN - FOOT_H - left;
                        pdf_mark(pdf, (int)i + 1, anchor, "Zone");
                        page = pdf->page;
                        pdf_say(pdf, styles[i], "Zone");
                        g_assert_cmpint(pdf->page, ==, page);
                }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pdf/pages", test_pages);
        g_test_add_func("/pdf/mark", test_mark);
        return g_test_run();
}
