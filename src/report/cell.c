#include "report/cell.h"

#include <string.h>

const char *cell_type_name(CellType type)
{
        static const char *const names[] = {
                [CELL_TEXT] = "text",       [CELL_WORD] = "word",       [CELL_FLAG] = "flag",
                [CELL_NUMBER] = "number",   [CELL_SHARE] = "share",     [CELL_COUNTS] = "counts",
                [CELL_REFS] = "refs",       [CELL_WORDS] = "words",     [CELL_ITEM] = "item",
                [CELL_STEP] = "step",       [CELL_ITEMS] = "items",     [CELL_STEPS] = "steps",
                [CELL_VECTOR] = "vector",   [CELL_LEVEL] = "level",     [CELL_LEVELS] = "levels",
                [CELL_MEMBERS] = "members", [CELL_REASONS] = "reasons", [CELL_LINK] = "link",
                [CELL_TIME] = "time",
        };

        return names[type];
}

static const char *digits(gint64 number, char *buffer)
{
        g_snprintf(buffer, CELL_TEXT_MAX, "%" G_GINT64_FORMAT, number);
        return buffer;
}

const char *cell_word(const Cell *cell, GraphView view, char *buffer)
{
        if (cell->unknown)
                return "unknown";
        switch (cell->type) {
        case CELL_TEXT:
        case CELL_WORD:
        case CELL_LINK:
                return cell->text == NULL ? "" : cell->text;
        case CELL_FLAG:
                return cell->number != 0 ? "yes" : "no";
        case CELL_NUMBER:
                return digits(cell->number, buffer);
        case CELL_LEVEL:
                return cell->number == ZW_SL_UNKNOWN ? "unknown" : digits(cell->number, buffer);
        case CELL_ITEM:
        case CELL_STEP:
                return cell->item == ZW_ITEM_NONE ? "" : graph_key(view, cell->item);
        default:
                return "";
        }
}

static bool steps_equal(const Cell *a, const Cell *b)
{
        const CellStep *x = a->list, *y = b->list;

        for (size_t i = 0; i < a->n; i++)
                if (x[i].item != y[i].item || x[i].suspect != y[i].suspect)
                        return false;
        return true;
}

bool cell_equal(const Cell *a, const Cell *b)
{
        if (a->type != b->type || a->unknown != b->unknown || a->n != b->n)
                return false;
        switch (a->type) {
        case CELL_TEXT:
        case CELL_WORD:
                return g_strcmp0(a->text, b->text) == 0;
        case CELL_ITEM:
        case CELL_STEP:
                return a->item == b->item && a->suspect == b->suspect;
        case CELL_STEPS:
                return steps_equal(a, b);
        case CELL_ITEMS:
                return a->n == 0 || memcmp(a->list, b->list, a->n * sizeof(ItemNo)) == 0;
        default:
                return false;
        }
}
