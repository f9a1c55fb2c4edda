#include "report/bowtie.h"

#include "report/query_internal.h"

enum {
        END_W = 140, /* of a scenario, of the hazard, and of its consequence */
        LAYER_W = 84,
        GAP_W = 8,
        ACROSS = 3, /* layers beside each other */
        KNOT_X = END_W + GAP_W + ACROSS * (LAYER_W + GAP_W),
        AFTER_X = KNOT_X + END_W + 2 * GAP_W,
        ROW_H = 64,
        BOX_H = 52,
        LINE_H = 14,
        LETTERS = 19,
        ROWS_MOST = 7, /* of one drawing, which a page has room for */
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

/* A box with a key, or another short word, above a text; `y` is its middle. */
static void end_put(Chart *chart, int x, int y, const char *key, const char *text)
{
        const int top = y - BOX_H / 2;

        box_put(chart, x, top, END_W, BOX_H, LOOK_REACHED);
        text_put(chart, x + 6, top + LINE_H, LOOK_REACHED, key);
        title_put(chart, x + 6, top + 2 * LINE_H, text);
}

static void layer_put(Chart *chart, GraphView view, const HazardAttack *attack, guint i, int top)
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
                  y = top + (int)(i / ACROSS) * ROW_H + (ROW_H - BOX_H) / 2;
        g_autofree char *credit = g_strdup_printf("credit %u", g_array_index(attack->groups, guint, i));

        box_put(chart, x, y, LAYER_W, BOX_H, look);
        text_put(chart, x + 6, y + LINE_H, look, graph_key(view, layer->function));
        text_put(chart, x + 6, y + 2 * LINE_H, look, looks[layer->reached].text);
        text_put(chart, x + 6, y + 3 * LINE_H, look, credit);
}

static int rows_of(const HazardAttack *attack)
{
        return MAX(1, (int)(attack->layers->len + ACROSS - 1) / ACROSS);
}

/* A scenario and its layers, on lines that come to the hazard. */
static void way_put(Chart *chart, GraphView view, const HazardAttack *attack, int top)
{
        const int rows = rows_of(attack), middle = top + rows * ROW_H / 2;
        const int first = top + ROW_H / 2, x = END_W + GAP_W;

        for (int row = 0; row < rows; row++)
                box_put(chart, END_W, first + row * ROW_H, KNOT_X - GAP_W / 2 - END_W, 2, LOOK_LINE);
        box_put(chart, END_W + GAP_W / 2, first, 2, (rows - 1) * ROW_H + 2, LOOK_LINE);
        end_put(chart, 0, middle, graph_key(view, attack->threat), graph_title(view, attack->threat));
        for (guint i = 0; i < attack->layers->len; i++)
                layer_put(chart, view, attack, i, top);
        if (attack->layers->len == 0) {
                box_put(chart, x, first - BOX_H / 2, LAYER_W, BOX_H, LOOK_REACHED);
                text_put(chart, x + 6, first + LINE_H / 3, LOOK_REACHED, "\xe2\x96\xbc no layer");
        }
}

/* One way in words. */
static char *way_tell(GraphView view, const HazardAttack *attack)
{
        GString *words = g_string_new(NULL);

        g_string_append_printf(words, "against %s", graph_key(view, attack->threat));
        if (attack->layers->len == 0)
                g_string_append(words, " no layer");
        for (guint i = 0; i < attack->layers->len; i++) {
                const AttackedFunction *layer = &g_array_index(attack->layers, AttackedFunction, i);

                g_string_append_printf(words, "%s %s reached: %s, credit %u", i == 0 ? "" : ",",
                                       graph_key(view, layer->function), reached_name(layer->reached),
                                       g_array_index(attack->groups, guint, i));
        }
        return g_string_free(words, FALSE);
}

/* The hazard, where the ways come together, and what it leads to. */
static void knot_put(Chart *chart, GraphView view, ItemNo hazard, int first, int last)
{
        const Facts facts = graph_facts(view, hazard);
        const int middle = (first + last) / 2;
        int64_t severity;
        size_t n = 0;
        const char *text = facts_get_text(facts, ZW_ATTR_CONSEQUENCE, &n);
        g_autofree char *consequence = text == NULL ? g_strdup("") : g_strndup(text, n);
        g_autofree char *grave = facts_get_int(facts, ZW_ATTR_SEVERITY, &severity)
                                         ? g_strdup_printf("severity %" G_GINT64_FORMAT, severity)
                                         : g_strdup("severity unknown");

        box_put(chart, KNOT_X - GAP_W / 2 - 2, first, 2, last - first + 2, LOOK_LINE);
        box_put(chart, KNOT_X - GAP_W / 2, middle, AFTER_X - KNOT_X, 2, LOOK_LINE);
        end_put(chart, KNOT_X, middle, graph_key(view, hazard), graph_title(view, hazard));
        end_put(chart, AFTER_X, middle, grave, consequence);
}

Bowtie *bowtie_new(GraphView view, const GPtrArray *attacks, guint from, guint n)
{
        const HazardAttack *first = attacks->pdata[from];
        const bool again = from > 0 &&
                           ((const HazardAttack *)attacks->pdata[from - 1])->hazard == first->hazard;
        Bowtie *bowtie = g_new0(Bowtie, 1);
        Chart *chart;
        int top = 0;

        bowtie->title = g_strdup_printf("Barriers of %s%s", graph_key(view, first->hazard),
                                        again ? ", continued" : "");
        bowtie->def.title = bowtie->title;
        bowtie->chart = chart = chart_new(&bowtie->def);
        for (guint i = from; i < from + n; i++) {
                const HazardAttack *attack = attacks->pdata[i];

                way_put(chart, view, attack, top);
                g_ptr_array_add(chart->labels, way_tell(view, attack));
                top += rows_of(attack) * ROW_H;
        }
        chart->height = top;
        knot_put(chart, view, first->hazard, ROW_H / 2, top - ROW_H / 2);
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

/* How many from `from` on are of one hazard and have room in one drawing; one at least. */
static guint drawn_together(const GPtrArray *attacks, guint from)
{
        const HazardAttack *first = attacks->pdata[from];
        int rows = rows_of(first);
        guint n = 1;

        while (from + n < attacks->len) {
                const HazardAttack *next = attacks->pdata[from + n];

                rows += rows_of(next);
                if (next->hazard != first->hazard || rows > ROWS_MOST)
                        break;
                n++;
        }
        return n;
}

GPtrArray *report_bowties(QueryContext *context)
{
        const GPtrArray *attacks = context_attacks(context);
        GPtrArray *bowties = g_ptr_array_new_with_free_func((GDestroyNotify)bowtie_free);

        for (guint from = 0, n; from < attacks->len; from += n) {
                n = drawn_together(attacks, from);
                g_ptr_array_add(bowties, bowtie_new(context->view, attacks, from, n));
        }
        return bowties;
}
