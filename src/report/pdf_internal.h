/* Inside the PDF renderer only: a document on its way, between its text and tables (pdf.c), its figures (pdf_figure.c) and
 * its last bytes (pdf_finish.c). All
 * sizes are points; y grows downwards. */
#ifndef REPORT_PDF_INTERNAL_H
#define REPORT_PDF_INTERNAL_H

#include "report/pdf.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

enum {
        PAGE_W = 842, /* A4 landscape */
        PAGE_H = 595,
        MARGIN = 36,
        HEAD_H = 18, /* what header and footer take inside of the margins */
        FOOT_H = 22,
        COLUMNS_MAX = 32,
        OUTLINE_MAX = 6,
        PAGES_MAX = 4000, /* nobody reads more; texts and rows beyond are not laid out */
};

/* What Cairo has written. */
typedef struct PdfFile PdfFile;

struct Pdf {
        PdfFile *file;
        cairo_surface_t *surface;
        cairo_t *cr;
        char *header, *footer;
        GPtrArray *figures; /* of char *: what each shows, as they come */
        double y;
        int page;
        bool paged;                   /* the page is begun */
        int outline[OUTLINE_MAX + 1]; /* of the last mark of each level */
        size_t n;                     /* columns of the table, 0 outside of one */
        size_t split; /* the column that begins a second line of each row; n where there is one line */
        double x[COLUMNS_MAX]; /* where a column begins, and how wide it is */
        double width[COLUMNS_MAX];
        char *heads[COLUMNS_MAX];
};

/* Never NULL; where there is no room for the file, taking fails. Free it after the surface that writes to it. */
PdfFile *pdf_file_new(void);
void pdf_file_free(PdfFile *file);
/* Of cairo_write_func_t; `closure` is the file. */
cairo_status_t pdf_file_take(void *closure, const unsigned char *data, unsigned n);

/* A text on its way; unbroken when `width` is 0. Unref it. */
PangoLayout *pdf_layout_of(Pdf *pdf, const char *text, double size, bool bold, double width);
/* A text with its upper left corner there. */
void pdf_text_at(Pdf *pdf, const char *text, double size, bool bold, double x, double y, double width);
/* From 0, black, to 1, white. */
void pdf_ink(Pdf *pdf, double grey);
/* Begins a page of this size, with header and footer. */
void pdf_page_begin(Pdf *pdf, double width, double height);
/* Begins an ordinary page, with the heads of the table that is open. */
void pdf_page_next(Pdf *pdf);
/* Begins a page unless there is `room` on this one. */
void pdf_page_for(Pdf *pdf, double room);

#endif
