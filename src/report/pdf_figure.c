/* The figures of a document: the drawing of zones and conduits, and charts, each said in words beside it. */
#include "report/pdf_internal.h"

#include <math.h>

#define DRAWING_SCALE 0.65 /* points of a pixel: letters of 7 points */
#define CHART_SCALE   0.75 /* and less where it would not fit on a page */
#define CHART_CAPTION 24.0 /* its title, which stays with it */

/* ---- the drawing ---- */

static void box_path(cairo_t *cr, const DrawingBox *box)
{
        cairo_rectangle(cr, box->x, box->y, box->w, box->h);
}

static void box_lines(Pdf *pdf, const DrawingBox *box, const GPtrArray *lines)
{
        for (guint i = 0; i < lines->len; i++)
                pdf_text_at(pdf, g_ptr_array_index(lines, i), DRAWING_FONT, i == 0, box->x + DRAWING_PAD,
                            box->y + DRAWING_PAD + (int)i * DRAWING_LINE, 0);
}

static void bands_draw(Pdf *pdf, const Drawing *drawing)
{
        for (guint i = 0; i < drawing->bands->len; i++) {
                const DrawingBand *band = &g_array_index(drawing->bands, DrawingBand, i);
                g_auto(GStrv) lines = g_strsplit(drawing_band_title(band->id), ", ", 2);

                pdf_ink(pdf, 0.95);
                box_path(pdf->cr, &band->box);
                cairo_fill(pdf->cr);
                pdf_ink(pdf, 0.3);
                for (int k = 0; lines[k] != NULL; k++)
                        pdf_text_at(pdf, lines[k], DRAWING_FONT, true, band->title.x,
                                    band->title.y + k * DRAWING_LINE, 0);
        }
}

static void zone_draw(Pdf *pdf, const DrawingZone *zone)
{
        static const double dashed[] = { 7, 4 }, dotted[] = { 2, 3 };
        cairo_t *cr = pdf->cr;

        box_path(cr, &zone->box);
        cairo_set_source_rgb(cr, 1, 1, 1);
        cairo_fill_preserve(cr);
        pdf_ink(pdf, 0.3);
        if (zone->look == LOOK_SAFETY)
                cairo_set_source_rgb(cr, 0.6, 0.12, 0.12);
        if (zone->look == LOOK_WIRELESS)
                cairo_set_dash(cr, dashed, 2, 0);
        if (zone->look == LOOK_OUTSIDE)
                cairo_set_dash(cr, dotted, 2, 0);
        cairo_set_line_width(cr, zone->look == LOOK_SAFETY ? 3.5 : 1.5);
        cairo_stroke(cr);
        cairo_set_dash(cr, NULL, 0, 0);
        pdf_ink(pdf, 0);
        box_lines(pdf, &zone->card, zone->lines);
}

static void path_draw(Pdf *pdf, const DrawingConduit *conduit, const GArray *path)
{
        static const double dashed[] = { 6, 4 };
        cairo_t *cr = pdf->cr;

        cairo_new_path(cr); /* text leaves its place behind */
        pdf_ink(pdf, 0.4);
        cairo_set_line_width(cr, 1.5);
        cairo_set_dash(cr, dashed, conduit->untrusted ? 2 : 0, 0);
        for (guint i = 0; i < path->len; i++)
                cairo_line_to(cr, g_array_index(path, DrawingPoint, i).x,
                              g_array_index(path, DrawingPoint, i).y);
        cairo_stroke(cr);
        cairo_set_dash(cr, NULL, 0, 0);
        for (int last = 0; path->len > 1 && last < 2; last++) {
                DrawingPoint at[3];

                if (!drawing_has_arrow(conduit, last == 1))
                        continue;
                drawing_arrow(path, last == 1, at);
                for (int k = 0; k < 3; k++)
                        cairo_line_to(cr, at[k].x, at[k].y);
                cairo_fill(cr);
        }
}

static void label_draw(Pdf *pdf, const DrawingConduit *conduit)
{
        box_path(pdf->cr, &conduit->label);
        cairo_set_source_rgb(pdf->cr, 0.985, 0.985, 0.955);
        cairo_fill_preserve(pdf->cr);
        pdf_ink(pdf, 0.5);
        cairo_set_line_width(pdf->cr, 0.75);
        cairo_stroke(pdf->cr);
        pdf_ink(pdf, 0);
        box_lines(pdf, &conduit->label, conduit->lines);
}

static void figure_draw(Pdf *pdf, const Drawing *drawing)
{
        int deepest = drawing_depth_most(drawing);

        bands_draw(pdf, drawing);
        for (int depth = 0; depth <= deepest; depth++)
                for (guint i = 0; i < drawing->zones->len; i++)
                        if (drawing_depth(drawing, g_ptr_array_index(drawing->zones, i)) == depth)
                                zone_draw(pdf, g_ptr_array_index(drawing->zones, i));
        for (guint i = 0; i < drawing->conduits->len; i++) {
                const DrawingConduit *conduit = g_ptr_array_index(drawing->conduits, i);

                for (guint k = 0; k < conduit->paths->len; k++)
                        path_draw(pdf, conduit, g_ptr_array_index(conduit->paths, k));
        }
        for (guint i = 0; i < drawing->conduits->len; i++)
                label_draw(pdf, g_ptr_array_index(drawing->conduits, i));
}

static void figure_begin(Pdf *pdf, const char *words)
{
        g_ptr_array_add(pdf->figures, g_strdup(words));
        cairo_tag_begin(pdf->cr, "Figure", NULL);
        cairo_save(pdf->cr);
}

static void figure_end(Pdf *pdf)
{
        cairo_restore(pdf->cr);
        cairo_tag_end(pdf->cr, "Figure");
}

void pdf_drawing(Pdf *pdf, const Drawing *drawing, const char *words)
{
        double width = drawing->width * DRAWING_SCALE + 2 * MARGIN;
        double height = drawing->height * DRAWING_SCALE + 2 * MARGIN + HEAD_H + FOOT_H;

        pdf_page_begin(pdf, MAX(width, 400), height);
        figure_begin(pdf, words);
        cairo_translate(pdf->cr, MARGIN, MARGIN + HEAD_H);
        cairo_scale(pdf->cr, DRAWING_SCALE, DRAWING_SCALE);
        figure_draw(pdf, drawing);
        figure_end(pdf);
        pdf_page_next(pdf);
}

/* ---- charts ---- */

static void chart_text_draw(Pdf *pdf, const ChartText *text)
{
        g_autoptr(PangoLayout) layout = pdf_layout_of(pdf, text->text, CHART_FONT, false, 0);
        double base = (double)pango_layout_get_baseline(layout) / PANGO_SCALE;
        int w;

        pango_layout_get_size(layout, &w, NULL);
        pdf_ink(pdf, text->on && chart_grey(text->series) < 0.5 ? 1 : 0);
        cairo_move_to(pdf->cr, text->x - (text->end ? (double)w / PANGO_SCALE : 0), text->y - base);
        pango_cairo_show_layout(pdf->cr, layout);
}

void pdf_chart(Pdf *pdf, const Chart *chart, const char *words)
{
        const double scale = MIN(CHART_SCALE,
                                 (PAGE_H - 2 * MARGIN - HEAD_H - FOOT_H - CHART_CAPTION) / chart->height);

        pdf_page_for(pdf, CHART_CAPTION + chart->height * scale);
        pdf_say(pdf, PDF_CAPTION, chart->def->title);
        figure_begin(pdf, words);
        cairo_translate(pdf->cr, MARGIN, pdf->y);
        cairo_scale(pdf->cr, scale, scale);
        for (guint i = 0; i < chart->boxes->len; i++) {
                const ChartBox *box = &g_array_index(chart->boxes, ChartBox, i);

                cairo_rectangle(pdf->cr, box->x, box->y, box->w, box->h);
                pdf_ink(pdf, chart_grey(box->series));
                cairo_fill_preserve(pdf->cr);
                pdf_ink(pdf, 0.2);
                cairo_set_line_width(pdf->cr, 0.5);
                cairo_stroke(pdf->cr);
        }
        for (guint i = 0; i < chart->texts->len; i++)
                chart_text_draw(pdf, &g_array_index(chart->texts, ChartText, i));
        pdf_ink(pdf, 0);
        figure_end(pdf);
        pdf->y += chart->height * scale + 4;
}
