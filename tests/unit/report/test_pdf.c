/* A PDF has a greatest length, which is told and not run into; its outline leads to where headings are; it says its language and
 * what its figures show, and goes out in pieces. */
#include "base/error.h"
#include "report/pdf_internal.h"

#include <fcntl.h>
#include <qpdf/qpdf-c.h>
#include <string.h>
#include <unistd.h>

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
        g_autoptr(Stream) stream = stream_new(-1, 64 << 20);
        g_autoptr(GError) error = NULL;

        g_assert_true(pdf_finish(most, stream, &error));
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
        g_assert_false(pdf_finish(more, stream, &error));
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

/* Nothing is held back until the end: what is to be written beside the pages is less than a piece. */
static void test_pieces(void)
{
        enum { PIECE = 128 << 10 };
        const char *const heads[] = { "Key", "Title" };
        const double weights[] = { 1, 3 };
        g_autofree char *name = g_build_filename(g_get_tmp_dir(), "pdf.XXXXXX", NULL);
        int fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
        g_autoptr(Stream) stream = stream_new(fd, 0);
        g_autoptr(Pdf) pdf = document(1);
        g_autoptr(GError) error = NULL;
        guint64 bytes;
        Digest digest;

        g_assert_cmpint(fd, >=, 0);
        pdf_table_begin(pdf, heads, weights, G_N_ELEMENTS(heads));
        for (int i = 0; i < 3000; i++) {
                g_autofree char *key = g_strdup_printf("ZN-%d", i);
                const char *const texts[] = { key, "Pumps" };

                pdf_row(pdf, texts, 0);
        }
        pdf_table_end(pdf);
        g_assert_true(pdf_finish(pdf, stream, &error));
        g_assert_cmpuint(out_length(stream_out(stream)), <, PIECE);
        g_assert_true(stream_finish(stream, &bytes, &digest, &error));
        g_assert_cmpuint(bytes, >, 4 * PIECE);
        close(fd);
        unlink(name);
}

/* ---- what is in the file ---- */

/* Words a figure is said in; some no Latin letters hold, some end a string. */
static const char *const figures[] = { "Zones: (Pumps)) \\", "Findings by supplier: \xc3\x84\xe2\x86\x92 3",
                                       "" };

static void written(Stream *stream)
{
        static const ChartDef def = { .title = "A chart" };
        g_autoptr(Pdf) pdf = document(1);
        g_autoptr(GError) error = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(figures); i++) {
                g_autoptr(Chart) chart = chart_new(&def);

                chart_lay_out(chart);
                pdf_open(pdf, "Sect");
                pdf_say(pdf, PDF_SECTION, "Charts");
                pdf_chart(pdf, chart, figures[i]);
                pdf_close(pdf, "Sect");
        }
        g_assert_true(pdf_finish(pdf, stream, &error));
        g_assert_no_error(error);
}

static void text_of(qpdf_data qpdf, qpdf_oh dictionary, const char *key, const char *expected)
{
        g_assert_cmpstr(qpdf_oh_get_utf8_value(qpdf, qpdf_oh_get_key(qpdf, dictionary, key)), ==, expected);
}

/* The words of the figures below, in order; gives how many there were. */
static size_t said(qpdf_data qpdf, qpdf_oh element, size_t n)
{
        qpdf_oh kids;

        if (!qpdf_oh_is_dictionary(qpdf, element))
                return n;
        if (g_strcmp0(qpdf_oh_get_name(qpdf, qpdf_oh_get_key(qpdf, element, "/S")), "/Figure") == 0)
                text_of(qpdf, element, "/Alt", figures[n++]);
        kids = qpdf_oh_get_key(qpdf, element, "/K");
        if (!qpdf_oh_is_array(qpdf, kids))
                return said(qpdf, kids, n);
        for (int i = 0; i < qpdf_oh_get_array_n_items(qpdf, kids); i++)
                n = said(qpdf, qpdf_oh_get_array_item(qpdf, kids, i), n);
        return n;
}

static void test_file(void)
{
        g_autoptr(Stream) stream = stream_new(-1, 1 << 20), again = stream_new(-1, 1 << 20);
        size_t n, n_again;
        const char *bytes, *bytes_again;
        qpdf_data qpdf = qpdf_init();
        qpdf_oh root, id;

        written(stream);
        written(again);
        bytes = stream_text(stream, &n);
        bytes_again = stream_text(again, &n_again);
        g_assert_cmpuint(n, ==, n_again);
        g_assert_true(memcmp(bytes, bytes_again, n) == 0);
        g_assert_cmpint(qpdf_read_memory(qpdf, "report", bytes, n, NULL), ==, QPDF_SUCCESS);
        g_assert_cmpint(qpdf_check_pdf(qpdf), ==, QPDF_SUCCESS);
        root = qpdf_get_root(qpdf);
        text_of(qpdf, root, "/Lang", "en");
        g_assert_cmpuint(said(qpdf, qpdf_oh_get_key(qpdf, root, "/StructTreeRoot"), 0), ==,
                         G_N_ELEMENTS(figures));
        id = qpdf_oh_get_key(qpdf, qpdf_get_trailer(qpdf), "/ID");
        g_assert_cmpint(qpdf_oh_get_array_n_items(qpdf, id), ==, 2);
        qpdf_cleanup(&qpdf);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/pdf/pages", test_pages);
        g_test_add_func("/pdf/mark", test_mark);
        g_test_add_func("/pdf/pieces", test_pieces);
        g_test_add_func("/pdf/file", test_file);
        return g_test_run();
}
