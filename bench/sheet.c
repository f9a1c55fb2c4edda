/* The peer of our workbooks: libxlsxwriter alone writes the cells of a file, a row a line with tabs between.
 * Usage: sheet CELLS.tsv OUT.xlsx */
#include "bench.h"

#include <string.h>
#include <xlsxwriter.h>

int main(int argc, char **argv)
{
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;
        lxw_worksheet *sheet;
        lxw_workbook *book;
        lxw_row_t row = 0;
        double before;

        if (argc != 3)
                return 2;
        bench_must(g_file_get_contents(argv[1], &text, NULL, &error), error);
        before = bench_now();
        book = workbook_new(argv[2]);
        sheet = workbook_add_worksheet(book, NULL);
        for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, row++) {
                lxw_col_t column = 0;

                *end = '\0';
                for (char *cell = line, *tab; cell != NULL; cell = tab == NULL ? NULL : tab + 1, column++) {
                        tab = strchr(cell, '\t');
                        if (tab != NULL)
                                *tab = '\0';
                        worksheet_write_string(sheet, row, column, cell, NULL);
                }
        }
        bench_must(workbook_close(book) == LXW_NO_ERROR, NULL);
        printf("%.3f\n", bench_now() - before);
        return 0;
}
