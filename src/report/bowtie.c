#include "report/bowtie.h"

#include "report/query_internal.h"

enum {
        END_W = 150, /* of the scenario, and of the hazard */
        LAYER_W = 84,
        GAP_W = 10,
        ACROSS = 4, /* layers beside each other */
        ROW_H = 64,
        BOX_H = 52,
        LINE_H = 14,
        LETTERS = 20,
};

/* How a layer looks; its state is said in words as well. */
typedef enum { LOOK_STANDS, LOOK_LINE, LOOK_UNKNOWN, LOOK_REACHED } BowtieLook;

static void box_put(Chart *chart, int x, int y, int w, int h, BowtieLook look)
{
        const ChartBox box = { x, y, w, h, look };

        g_array_append_val(chart->boxes, box);
}

static void text_put(Chart *chart, int x, int y, BowtieLook look, const char *text)
{
        const ChartText put = { .x = x, .y = y, .on = true, .series = look, .text = g_strdup(text) };

        g_array_append_val(chart->texts, put);
}

/* The bytes of a text that fit on a line: up to a blank where there is one. */
static size_t line_fit(const char *text)
{
        const char *end = text, *blank = NULL;

        for (int i = 0; i < LETTERS && *end != '\0'; i++, end = g_utf8_next_char(end))
                if (*end == ' ')
                        blank = end;
        return (size_t)((*end == '\0' || *end == ' ' || blank == NULL ? end : blank) - text);
}

/* Two lines; what is longer is cut, with a sign of it, and the table beside has all of it. */
static void title_put(Chart *chart, int x, int y, const char *title)
{
        for (int line = 0; line < 2 && *title != '\0'; line++) {
                const size_t n = line_fit(title);
                const char *rest = title + n + (title[n] == ' ');
                g_autofree char *part = g_strdup_printf("%.*s%s", (int)n, title,
                                                        line == 1 && *rest != '\0' ? "\xe2\x80\xa6" : "");

                text_put(chart, x, y + line * LINE_H, LOOK_REACHED, part);
                title = rest;
        }
}

static void end_put(Chart *chart, GraphView view, ItemNo item, int x, int height)
{
        const int y = (height - BOX_H) / 2;

        box_put(chart, x, y, END_W, BOX_H, LOOK_REACHED);
        text_put(chart, x + 6, y + LINE_H, LOOK_REACHED, graph_key(view, item));
        title_put(chart, x + 6, y + 2 * LINE_H, graph_title(view, item));
}

static void layer_put(Chart *chart, GraphView view, const HazardAttack *attack, guint i)
{
        static const struct {
                BowtieLook look;
                const char *text;
        } looks[] = {
                [REACHED_NO] = { LOOK_STANDS, "\xe2\x9c\x93 stands" },
                [REACHED_UNKNOWN] = { LOOK_UNKNOWN, "? unknown" },
                [REACHED_YES] = { LOOK_REACHED, "\xe2\x96\xbc reached" },
        };
        const AttackedFunction *layer = &g_array_index(attack->layers, AttackedFunction, i);
        const BowtieLook look = looks[layer->reached].look;
        const int x = END_W + GAP_W + (int)(i % ACROSS) * (LAYER_W + GAP_W),
                  y = (int)(i / ACROSS) * ROW_H + (ROW_H - BOX_H) / 2;
        g_autofree char *credit = g_strdup_printf("credit %u", g_array_index(attack->groups, guint, i));

        box_put(chart, x, y, LAYER_W, BOX_H, look);
        text_put(chart, x + 6, y + LINE_H, look, graph_key(view, layer->function));
        text_put(chart, x + 6, y + 2 * LINE_H, look, looks[layer->reached].text);
        text_put(chart, x + 6, y + 3 * LINE_H, look, credit);
}

static char *title_of(GraphView view, const HazardAttack *attack)
{
        GString *title = g_string_new(NULL);

        g_string_append_printf(title, "Barriers of %s against %s", graph_key(view, attack->hazard),
                               graph_key(view, attack->threat));
        for (guint i = 0; i < attack->layers->len; i++) {
                const AttackedFunction *layer = &g_array_index(attack->layers, AttackedFunction, i);

                g_string_append_printf(title, "%s %s reached: %s, credit %u", i == 0 ? ":" : ";",
                                       graph_key(view, layer->function), reached_name(layer->reached),
                                       g_array_index(attack->groups, guint, i));
        }
        return g_string_free(title, FALSE);
}

Bowtie *bowtie_new(GraphView view, const HazardAttack *attack)
{
        const int rows = MAX(1, (int)(attack->layers->len + ACROSS - 1) / ACROSS);
        const int end = END_W + GAP_W + ACROSS * (LAYER_W + GAP_W);
        Bowtie *bowtie = g_new0(Bowtie, 1);

        bowtie->title = title_of(view, attack);
        bowtie->def.title = bowtie->title;
        bowtie->chart = chart_new(&bowtie->def);
        bowtie->chart->height = rows * ROW_H;
        for (int row = 0; row < rows; row++)
                box_put(bowtie->chart, END_W, row * ROW_H + ROW_H / 2, end - END_W, 2, LOOK_LINE);
        if (rows > 1) {
                box_put(bowtie->chart, END_W + GAP_W / 2, ROW_H / 2, 2, (rows - 1) * ROW_H, LOOK_LINE);
                box_put(bowtie->chart, end - GAP_W / 2, ROW_H / 2, 2, (rows - 1) * ROW_H, LOOK_LINE);
        }
        end_put(bowtie->chart, view, attack->threat, 0, rows * ROW_H);
        end_put(bowtie->chart, view, attack->hazard, end, rows * ROW_H);
        for (guint i = 0; i < attack->layers->len; i++)
                layer_put(bowtie->chart, view, attack, i);
        return bowtie;
}

void bowtie_free(Bowtie *bowtie)
{
        if (bowtie == NULL)
                return;
        chart_free(bowtie->chart);
        g_free(bowtie->title);
        g_free(bowtie);
}

GPtrArray *report_bowties(QueryContext *context)
{
        const GPtrArray *attacks = context_attacks(context);
        GPtrArray *bowties = g_ptr_array_new_with_free_func((GDestroyNotify)bowtie_free);

        for (guint i = 0; i < attacks->len; i++)
                g_ptr_array_add(bowties, bowtie_new(context->view, attacks->pdata[i]));
        return bowties;
}
