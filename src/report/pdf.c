#include "report/pdf_internal.h"

enum {
        CELL_PAD = 3,
        SECOND_INDENT = 40, /* of the second line of a row */
};
/* Columns with more weight together would be too narrow beside each other: a column of text less than 75 points. */
#define WEIGHT_MOST 20.0
#define FONT        "Sans"

typedef struct {
        double size;
        bool bold;
        const char *tag;
        double before; /* blank above */
} Style;

static const Style styles[] = {
        [PDF_TEXT] = { 8.5, false, "P", 2 },    [PDF_NOTE] = { 7.5, false, "P", 1 },
        [PDF_CAPTION] = { 9, true, "P", 8 },    [PDF_TITLE] = { 18, true, "H1", 0 },
        [PDF_SECTION] = { 14, true, "H2", 14 }, [PDF_SUBSECTION] = { 11.5, true, "H3", 12 },
        [PDF_SMALLER] = { 10, true, "H4", 10 },
};

/* ---- text ---- */

PangoLayout *pdf_layout_of(Pdf *pdf, const char *text, double size, bool bold, double width)
{
        PangoLayout *layout = pango_cairo_create_layout(pdf->cr);
        PangoAttrList *attributes = pango_attr_list_new();
        PangoFontDescription *font = pango_font_description_new();

        pango_font_description_set_family(font, FONT);
        pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
        pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        pango_layout_set_font_description(layout, font);
        pango_font_description_free(font);
        /* Who copies a hash gets its letters, and no ligature of two of them. */
        pango_attr_list_insert(attributes, pango_attr_font_features_new("liga=0, clig=0"));
        pango_layout_set_attributes(layout, attributes);
        pango_attr_list_unref(attributes);
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
        if (width > 0)
                pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
        pango_layout_set_text(layout, text, -1);
        return layout;
}

static double layout_height(PangoLayout *layout)
{
        int h;

        pango_layout_get_size(layout, NULL, &h);
        return (double)h / PANGO_SCALE;
}

void pdf_text_at(Pdf *pdf, const char *text, double size, bool bold, double x, double y, double width)
{
        g_autoptr(PangoLayout) layout = pdf_layout_of(pdf, text, size, bold, width);

        cairo_move_to(pdf->cr, x, y);
        pango_cairo_show_layout(pdf->cr, layout);
}

/* ---- pages ---- */

static double page_bottom(void)
{
        return PAGE_H - MARGIN - FOOT_H;
}

void pdf_ink(Pdf *pdf, double grey)
{
        cairo_set_source_rgb(pdf->cr, grey, grey, grey);
}

/* What stands on each page is no part of the document's structure. */
static void page_frame(Pdf *pdf, double width, double height)
{
        g_autofree char *number = g_strdup_printf("Page %d", pdf->page);
        g_autoptr(PangoLayout) layout = pdf_layout_of(pdf, number, 7.5, false, 0);
        int w;

        pango_layout_get_size(layout, &w, NULL);
        pdf_ink(pdf, 0.35);
        pdf_text_at(pdf, pdf->header, 7.5, false, MARGIN, MARGIN - 8, width - 2 * MARGIN);
        pdf_text_at(pdf, pdf->footer, 6.5, false, MARGIN, height - MARGIN - 10, width - 2 * MARGIN - 70);
        cairo_move_to(pdf->cr, width - MARGIN - (double)w / PANGO_SCALE, height - MARGIN - 10);
        pango_cairo_show_layout(pdf->cr, layout);
        pdf_ink(pdf, 0);
}

void pdf_page_begin(Pdf *pdf, double width, double height)
{
        if (pdf->paged)
                cairo_show_page(pdf->cr);
        cairo_pdf_surface_set_size(pdf->surface, width, height);
        pdf->paged = true;
        pdf->page++;
        pdf->y = MARGIN + HEAD_H;
        page_frame(pdf, width, height);
}

static void heads_draw(Pdf *pdf);

void pdf_page_next(Pdf *pdf)
{
        pdf_page_begin(pdf, PAGE_W, PAGE_H);
        if (pdf->n > 0)
                heads_draw(pdf);
}

void pdf_page_for(Pdf *pdf, double room)
{
        if (pdf->y + room > page_bottom())
                pdf_page_next(pdf);
}

Pdf *pdf_new(const char *title, const char *subject, const char *header, const char *footer, Instant made)
{
        Pdf *pdf = g_new0(Pdf, 1);
        char time[ZW_INSTANT_TEXT];

        pdf->file = pdf_file_new();
        pdf->surface = cairo_pdf_surface_create_for_stream(pdf_file_take, pdf->file, PAGE_W, PAGE_H);
        /* Its objects and their table are then plain, as what is added to them. */
        cairo_pdf_surface_restrict_to_version(pdf->surface, CAIRO_PDF_VERSION_1_4);
        instant_format(made, time);
        cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_TITLE, title);
        cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_SUBJECT, subject);
        cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATOR, "Zonewright");
        cairo_pdf_surface_set_metadata(pdf->surface, CAIRO_PDF_METADATA_CREATE_DATE, time);
        pdf->cr = cairo_create(pdf->surface);
        pdf->header = g_strdup(header);
        pdf->footer = g_strdup(footer);
        pdf->figures = g_ptr_array_new_with_free_func(g_free);
        pdf_page_begin(pdf, PAGE_W, PAGE_H);
        cairo_tag_begin(pdf->cr, "Document", NULL);
        return pdf;
}

void pdf_free(Pdf *pdf)
{
        if (pdf == NULL)
                return;
        pdf_table_end(pdf);
        cairo_destroy(pdf->cr);
        cairo_surface_destroy(pdf->surface);
        pdf_file_free(pdf->file);
        g_free(pdf->header);
        g_free(pdf->footer);
        g_ptr_array_unref(pdf->figures);
        g_free(pdf);
}

/* ---- structure ---- */

void pdf_open(Pdf *pdf, const char *name)
{
        cairo_tag_begin(pdf->cr, name, NULL);
}

void pdf_close(Pdf *pdf, const char *name)
{
        cairo_tag_end(pdf->cr, name);
}

/* Lines from `first` on, as many as fit above the end of the page; at least one. Gives the next one. */
static int lines_draw(Pdf *pdf, PangoLayout *layout, int first, double x, double *y)
{
        int n = pango_layout_get_line_count(layout), i = first;

        for (; i < n; i++) {
                PangoLayoutLine *line = pango_layout_get_line_readonly(layout, i);
                PangoRectangle box;
                double height, base;

                pango_layout_line_get_extents(line, NULL, &box);
                height = (double)box.height / PANGO_SCALE;
                base = (double)-box.y / PANGO_SCALE;
                if (*y + height > page_bottom() && i > first)
                        break;
                cairo_move_to(pdf->cr, x, *y + base);
                pango_cairo_show_layout_line(pdf->cr, line);
                *y += height;
        }
        return i;
}

/* A heading keeps room for what it heads: a caption, a line about it, the heads of a table and a row. */
static double room_of(PdfStyle style)
{
        return style == PDF_TEXT || style == PDF_NOTE ? 12 : style == PDF_CAPTION ? 100 : 130;
}

void pdf_say(Pdf *pdf, PdfStyle style, const char *text)
{
        const Style *look = &styles[style];
        g_autoptr(PangoLayout) layout = NULL;
        int n;

        if (pdf->page > PAGES_MAX)
                return;
        pdf->y += look->before;
        pdf_page_for(pdf, room_of(style));
        layout = pdf_layout_of(pdf, text, look->size, look->bold, PAGE_W - 2 * MARGIN);
        n = pango_layout_get_line_count(layout);
        for (int at = 0; at < n;) {
                cairo_tag_begin(pdf->cr, look->tag, NULL);
                at = lines_draw(pdf, layout, at, MARGIN, &pdf->y);
                cairo_tag_end(pdf->cr, look->tag);
                if (at < n)
                        pdf_page_next(pdf);
        }
        pdf->y += 2;
}

void pdf_mark(Pdf *pdf, int level, const char *anchor, const char *title)
{
        g_autofree char *name = g_strdup_printf("name='%s'", anchor);
        g_autofree char *link = g_strdup_printf("dest='%s'", anchor);

        level = CLAMP(level, 1, OUTLINE_MAX);
        /* On the page of the heading that follows. */
        pdf_page_for(pdf, styles[PDF_SECTION].before + room_of(PDF_SECTION));
        cairo_tag_begin(pdf->cr, CAIRO_TAG_DEST, name);
        cairo_tag_end(pdf->cr, CAIRO_TAG_DEST);
        pdf->outline[level] = cairo_pdf_surface_add_outline(pdf->surface, pdf->outline[level - 1], title,
                                                            link,
                                                            level == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : 0);
}

void pdf_content(Pdf *pdf, int level, const char *anchor, const char *title)
{
        g_autofree char *link = g_strdup_printf("dest='%s'", anchor);
        double x = MARGIN + 14 * (level - 1);
        g_autoptr(PangoLayout) layout = pdf_layout_of(pdf, title, 8.5, false, PAGE_W - MARGIN - x);

        if (pdf->y + layout_height(layout) > page_bottom())
                pdf_page_next(pdf);
        cairo_tag_begin(pdf->cr, CAIRO_TAG_LINK, link);
        cairo_move_to(pdf->cr, x, pdf->y);
        pango_cairo_show_layout(pdf->cr, layout);
        cairo_tag_end(pdf->cr, CAIRO_TAG_LINK);
        pdf->y += layout_height(layout) + 1.5;
}

/* ---- tables ---- */

static void rule(Pdf *pdf, double grey, double width)
{
        pdf_ink(pdf, grey);
        cairo_set_line_width(pdf->cr, width);
        cairo_move_to(pdf->cr, MARGIN, pdf->y);
        cairo_line_to(pdf->cr, PAGE_W - MARGIN, pdf->y);
        cairo_stroke(pdf->cr);
        pdf_ink(pdf, 0);
}

/* One line of a row: all columns, or of a split table the first or the others. */
typedef struct {
        PangoLayout *layouts[COLUMNS_MAX];
        int at[COLUMNS_MAX]; /* next line of text */
        size_t n, head;
        double x[COLUMNS_MAX];
} Row;

static double row_height(const Row *row)
{
        double height = 0;

        for (size_t i = 0; i < row->n; i++)
                height = MAX(height, layout_height(row->layouts[i]));
        return height + 2 * CELL_PAD;
}

static void row_free(Row *row)
{
        for (size_t i = 0; i < row->n; i++)
                g_object_unref(row->layouts[i]);
}

/* What fits of the row; true when all of it is drawn. */
static bool row_slice(Pdf *pdf, Row *row, const char *cell_tag)
{
        double lowest = pdf->y;
        bool done = true;

        cairo_tag_begin(pdf->cr, "TR", NULL);
        for (size_t i = 0; i < row->n; i++) {
                const char *tag = i == row->head ? "TH" : cell_tag;
                double y = pdf->y + CELL_PAD;

                cairo_tag_begin(pdf->cr, tag, NULL);
                row->at[i] = lines_draw(pdf, row->layouts[i], row->at[i], row->x[i], &y);
                cairo_tag_end(pdf->cr, tag);
                done = done && row->at[i] >= pango_layout_get_line_count(row->layouts[i]);
                lowest = MAX(lowest, y);
        }
        cairo_tag_end(pdf->cr, "TR");
        pdf->y = lowest + CELL_PAD;
        return done;
}

/* `below`: what is to stand on the same page under it. */
static void row_draw(Pdf *pdf, Row *row, const char *cell_tag, double below)
{
        double height = row_height(row) + below;

        if (pdf->y + height > page_bottom() && height < PAGE_H / 2.0)
                pdf_page_next(pdf);
        while (!row_slice(pdf, row, cell_tag))
                pdf_page_next(pdf);
}

static Row row_of(Pdf *pdf, const char *const *texts, size_t first, size_t end, size_t head, bool bold)
{
        Row row = { .n = end - first, .head = head >= first && head < end ? head - first : end };

        for (size_t i = first; i < end; i++) {
                row.x[i - first] = pdf->x[i] + CELL_PAD;
                row.layouts[i - first] = pdf_layout_of(pdf, texts[i], 7, bold || i == head,
                                                       pdf->width[i] - 2 * CELL_PAD);
        }
        return row;
}

/* Both lines of a row, or its only one. */
static void row_lines(Pdf *pdf, const char *const *texts, size_t head, bool bold, const char *cell_tag)
{
        Row first = row_of(pdf, texts, 0, pdf->split, head, bold);
        Row second = row_of(pdf, texts, pdf->split, pdf->n, head, bold);

        row_draw(pdf, &first, cell_tag, second.n > 0 ? row_height(&second) : 0);
        if (second.n > 0)
                row_draw(pdf, &second, cell_tag, 0);
        row_free(&first);
        row_free(&second);
}

static void heads_draw(Pdf *pdf)
{
        row_lines(pdf, (const char *const *)pdf->heads, pdf->n, true, "TH");
        rule(pdf, 0.3, 0.8);
}

/* Places columns of one line from `x` on. */
static void columns_place(Pdf *pdf, const double *weights, size_t first, size_t end, double x)
{
        double sum = 0, room = PAGE_W - MARGIN - x;

        for (size_t i = first; i < end; i++)
                sum += weights[i];
        for (size_t i = first; i < end; i++) {
                pdf->x[i] = x;
                pdf->width[i] = weights[i] / sum * room;
                x += pdf->width[i];
        }
}

/* Where the columns divide into two lines of about the same weight. */
static size_t split_of(const double *weights, size_t n, double sum)
{
        double before = 0;
        size_t split = 0;

        while (split + 1 < n && before < sum / 2)
                before += weights[split++];
        return split;
}

void pdf_table_begin(Pdf *pdf, const char *const *heads, const double *weights, size_t n)
{
        double sum = 0;
        size_t count = MIN(n, COLUMNS_MAX);

        for (size_t i = 0; i < count; i++)
                sum += weights[i];
        pdf_page_for(pdf, 50);
        pdf->n = count;
        pdf->split = sum > WEIGHT_MOST ? split_of(weights, count, sum) : count;
        columns_place(pdf, weights, 0, pdf->split, MARGIN);
        columns_place(pdf, weights, pdf->split, count, MARGIN + SECOND_INDENT);
        for (size_t i = 0; i < count; i++)
                pdf->heads[i] = g_strdup(heads[i]);
        cairo_tag_begin(pdf->cr, "Table", NULL);
        heads_draw(pdf);
}

void pdf_row(Pdf *pdf, const char *const *texts, size_t head)
{
        if (pdf->page > PAGES_MAX)
                return;
        row_lines(pdf, texts, head, false, "TD");
        rule(pdf, 0.8, 0.4);
}

void pdf_row_wide(Pdf *pdf, const char *text)
{
        Row row = { .n = 1, .head = 0 };

        if (pdf->page > PAGES_MAX)
                return;
        if (pdf->y + 30 > page_bottom())
                pdf_page_next(pdf);
        row.x[0] = MARGIN + CELL_PAD;
        row.layouts[0] = pdf_layout_of(pdf, text, 7, true, PAGE_W - 2 * MARGIN - 2 * CELL_PAD);
        row_draw(pdf, &row, "TD", 0);
        rule(pdf, 0.8, 0.4);
        row_free(&row);
}

void pdf_table_end(Pdf *pdf)
{
        if (pdf->n == 0)
                return;
        cairo_tag_end(pdf->cr, "Table");
        for (size_t i = 0; i < pdf->n; i++)
                g_clear_pointer(&pdf->heads[i], g_free);
        pdf->n = 0;
}
