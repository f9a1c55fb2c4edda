/* A tagged PDF, page by page: text by Pango, pages and tags by Cairo, language and words of figures by qpdf; all three are met
 * in pdf*.c and nowhere else. Pages are in a file as they come; what grows in memory is Cairo's tree of tags, some 200 bytes
 * for each cell and row of at most 4,000 pages. The same calls give the same bytes on the same fonts. Lengths are points. Owned by its maker; used
 * by one thread. */
#ifndef REPORT_PDF_H
#define REPORT_PDF_H

#include "base/instant.h"
#include "report/chart.h"
#include "report/drawing.h"
#include "report/stream.h"

typedef struct Pdf Pdf;

/* `header` and `footer` stand on each page, beside its number; `made` is when the document says it was made. */
Pdf *pdf_new(const char *title, const char *subject, const char *header, const char *footer, Instant made);
void pdf_free(Pdf *pdf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pdf, pdf_free)

typedef enum {
        PDF_TEXT,
        PDF_NOTE,
        PDF_CAPTION,
        PDF_TITLE,
        PDF_SECTION,
        PDF_SUBSECTION,
        PDF_SMALLER
} PdfStyle;

/* A structure element (`Sect`, `Table`) that holds others; `name` is a literal. */
void pdf_open(Pdf *pdf, const char *name);
void pdf_close(Pdf *pdf, const char *name);
/* A paragraph or heading in the element of its style. */
void pdf_say(Pdf *pdf, PdfStyle style, const char *text);
/* An entry of the outline and the place it leads to. `level` from 1. */
void pdf_mark(Pdf *pdf, int level, const char *anchor, const char *title);
/* A line that leads to a mark made anywhere in the document. */
void pdf_content(Pdf *pdf, int level, const char *anchor, const char *title);

/* A table: columns take the width by their weights, and where they are many a row has two lines, as its heads have; these stand again on each page it goes on to. */
void pdf_table_begin(Pdf *pdf, const char *const *heads, const double *weights, size_t n);
/* One text per column; `head`: index of the cell that heads the row, or n. No text is cut: a row that is higher than a page
 * goes on on the next. */
void pdf_row(Pdf *pdf, const char *const *texts, size_t head);
/* A text over all columns. */
void pdf_row_wide(Pdf *pdf, const char *text);
void pdf_table_end(Pdf *pdf);

/* Figures; `words` says what they show to who does not see them. A chart has its title above it. The drawing stands on a page of its own, as large as it needs to be
 * read. */
void pdf_drawing(Pdf *pdf, const Drawing *drawing, const char *words);
void pdf_chart(Pdf *pdf, const Chart *chart, const char *words);

/* Gives the whole document, in pieces that the stream drains. Errors: STORAGE; LIMIT, it has too many pages (texts and rows beyond are not drawn) or bytes. */
bool pdf_finish(Pdf *pdf, Stream *stream, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
