/* A report as JSON: the same document with typed cells, rows as objects by field. Unknown is null. */
#include "base/jwrite.h"
#include "base/verify.h"
#include "report/render.h"

enum { DEPTH_MAX = 16 };

/* The lists of a section, in the order in which they come. */
typedef enum { PART_NONE, PART_TEXTS, PART_DRAWING, PART_TABLES, PART_SECTIONS } Part;

struct Renderer {
        JWrite *w;
        GraphView view;
        const TableDef *table;
        Part parts[DEPTH_MAX]; /* of the sections that are open */
        int depth;
};

/* ---- the document ---- */

static void part_begin(Renderer *renderer, Part wanted)
{
        static const char *const names[] = { "", "texts", "", "tables", "sections" };
        Part *part = &renderer->parts[renderer->depth];

        while (*part < wanted) {
                if (*part != PART_NONE && *part != PART_DRAWING)
                        jwrite_array_end(renderer->w);
                *part += 1;
                if (*part == PART_DRAWING)
                        continue;
                jwrite_key(renderer->w, names[*part]);
                jwrite_array_begin(renderer->w);
        }
}

static void inputs_write(JWrite *w, const ReportHead *head)
{
        const ReportInputs *inputs = head->inputs;
        char instant[ZW_INSTANT_TEXT];

        instant_format(inputs->instant, instant);
        jwrite_key(w, "project");
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", inputs->project);
        jwrite_key_string(w, "title", inputs->project_title);
        jwrite_object_end(w);
        jwrite_key_int(w, "commit", (int64_t)inputs->commit);
        jwrite_key_string(w, "hash", inputs->hash);
        jwrite_key_string(w, "root", inputs->root);
        jwrite_key_string(w, "instant", instant);
        jwrite_key(w, "feed");
        jwrite_object_begin(w);
        jwrite_key_string(w, "snapshot", inputs->feed);
        jwrite_key_string(w, "state", inputs->feed == NULL ? "unknown" : "known");
        if (inputs->feed_because != NULL)
                jwrite_key_string(w, "because", inputs->feed_because);
        jwrite_object_end(w);
        jwrite_key_string(w, "version", inputs->version);
        jwrite_key_string(w, "place", head->place);
        if (head->period != NULL)
                jwrite_key_string(w, "period", head->period);
}

static Renderer *json_begin(const ReportHead *head, Stream *stream)
{
        Renderer *renderer = g_new0(Renderer, 1);
        JWrite *w = jwrite_new(stream_out(stream));

        renderer->w = w;
        renderer->view = head->view;
        jwrite_object_begin(w);
        jwrite_key_string(w, "report", head->definition->type);
        jwrite_key_string(w, "title", head->definition->title);
        inputs_write(w, head);
        jwrite_key(w, "sections");
        jwrite_array_begin(w);
        renderer->parts[0] = PART_SECTIONS;
        return renderer;
}

static bool json_end(Renderer *renderer, GError **error G_GNUC_UNUSED)
{
        jwrite_array_end(renderer->w);
        jwrite_object_end(renderer->w);
        out_char(jwrite_out(renderer->w), '\n');
        return true;
}

static void json_free(Renderer *renderer)
{
        jwrite_free(renderer->w);
        g_free(renderer);
}

static void json_content(Renderer *renderer G_GNUC_UNUSED, int level G_GNUC_UNUSED,
                         const char *anchor G_GNUC_UNUSED, const char *title G_GNUC_UNUSED)
{
}

static void json_section_begin(Renderer *renderer, int level G_GNUC_UNUSED, const char *anchor,
                               const char *title)
{
        part_begin(renderer, PART_SECTIONS);
        ZW_VERIFY(renderer->depth + 1 < DEPTH_MAX);
        renderer->parts[++renderer->depth] = PART_NONE;
        jwrite_object_begin(renderer->w);
        jwrite_key_string(renderer->w, "id", anchor);
        jwrite_key_string(renderer->w, "title", title);
}

static void json_section_end(Renderer *renderer)
{
        part_begin(renderer, PART_SECTIONS);
        jwrite_array_end(renderer->w);
        jwrite_object_end(renderer->w);
        renderer->depth--;
}

static void json_paragraph(Renderer *renderer, const char *text)
{
        part_begin(renderer, PART_TEXTS);
        jwrite_string(renderer->w, text);
}

/* A member of its own, of sections that have one. */
static void json_drawing(Renderer *renderer, const Drawing *drawing, const char *anchor G_GNUC_UNUSED,
                         const char *caption G_GNUC_UNUSED)
{
        part_begin(renderer, PART_DRAWING);
        jwrite_key(renderer->w, "drawing");
        drawing_json(drawing, renderer->w);
}

static void json_table_begin(Renderer *renderer, const TableDef *table, const char *anchor,
                             const char *caption)
{
        JWrite *w = renderer->w;

        part_begin(renderer, PART_TABLES);
        renderer->table = table;
        jwrite_object_begin(w);
        jwrite_key_string(w, "id", anchor);
        jwrite_key_string(w, "caption", caption);
        jwrite_key(w, "columns");
        jwrite_array_begin(w);
        for (guint i = 0; i < table->columns->len; i++) {
                const ColumnDef *column = &g_array_index(table->columns, ColumnDef, i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "field", table->query->fields[column->index].name);
                jwrite_key_string(w, "title", column->title);
                jwrite_key_string(w, "type", cell_type_name(table->query->fields[column->index].type));
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_key(w, "rows");
        jwrite_array_begin(w);
}

static void json_group(Renderer *renderer G_GNUC_UNUSED, const char *anchor G_GNUC_UNUSED,
                       const char *title G_GNUC_UNUSED)
{
}

static void json_table_end(Renderer *renderer, gint64 rows, gint64 more)
{
        jwrite_array_end(renderer->w);
        jwrite_key_int(renderer->w, "count", rows);
        jwrite_key_int(renderer->w, "more", more);
        jwrite_object_end(renderer->w);
}

/* ---- cells ---- */

static void item_write(JWrite *w, GraphView view, ItemNo item)
{
        jwrite_key_string(w, "key", graph_key(view, item));
        jwrite_key_string(w, "kind", kind_def(graph_kind(view, item))->name);
        jwrite_key_string(w, "title", graph_title(view, item));
}

static void item_object(JWrite *w, GraphView view, ItemNo item)
{
        if (item == ZW_ITEM_NONE) {
                jwrite_null(w);
                return;
        }
        jwrite_object_begin(w);
        item_write(w, view, item);
        jwrite_object_end(w);
}

static void step_object(JWrite *w, GraphView view, ItemNo item, bool suspect)
{
        if (item == ZW_ITEM_NONE) {
                jwrite_null(w);
                return;
        }
        jwrite_object_begin(w);
        item_write(w, view, item);
        jwrite_key_int(w, "rev", graph_rev(view, item));
        jwrite_key_string(w, "state", state_def(graph_state(view, item))->name);
        jwrite_key_bool(w, "suspect", suspect);
        jwrite_object_end(w);
}

static void level_value(JWrite *w, int level)
{
        if (level == ZW_SL_UNKNOWN)
                jwrite_null(w);
        else
                jwrite_int(w, level);
}

static void levels_object(JWrite *w, const CellLevels *levels)
{
        jwrite_object_begin(w);
        jwrite_key(w, "target");
        level_value(w, levels->target);
        jwrite_key(w, "verified");
        level_value(w, levels->verified);
        jwrite_key(w, "claimed");
        level_value(w, levels->claimed);
        jwrite_key(w, "verified_with_findings");
        level_value(w, levels->verified_with_findings);
        jwrite_object_end(w);
}

static void member_object(JWrite *w, GraphView view, const MemberStatus *member)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "member", graph_key(view, member->member));
        jwrite_key_string(w, "status", row_status_name(member->status));
        jwrite_key_bool(w, "broken", member->broken);
        jwrite_key_string(w, "claim", member->claim == ZW_ITEM_NONE ? NULL : graph_key(view, member->claim));
        jwrite_object_end(w);
}

static void cause_object(JWrite *w, GraphView view, const Cause *cause)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "kind", cause->kind);
        jwrite_key_string(w, "item", cause->item == ZW_ITEM_NONE ? NULL : graph_key(view, cause->item));
        jwrite_key_string(w, "text", cause->text);
        jwrite_object_end(w);
}

static void list_value(JWrite *w, GraphView view, const Cell *cell)
{
        jwrite_array_begin(w);
        for (size_t i = 0; i < cell->n; i++) {
                if (cell->type == CELL_REFS || cell->type == CELL_WORDS)
                        jwrite_string(w, ((const char *const *)cell->list)[i]);
                else if (cell->type == CELL_ITEMS)
                        item_object(w, view, ((const ItemNo *)cell->list)[i]);
                else if (cell->type == CELL_STEPS)
                        step_object(w, view, ((const CellStep *)cell->list)[i].item,
                                    ((const CellStep *)cell->list)[i].suspect);
                else if (cell->type == CELL_MEMBERS)
                        member_object(w, view, &((const MemberStatus *)cell->list)[i]);
                else
                        cause_object(w, view, ((const Cause *const *)cell->list)[i]);
        }
        jwrite_array_end(w);
}

static void counts_object(JWrite *w, const Cell *cell)
{
        const CellCount *counts = cell->list;

        jwrite_object_begin(w);
        for (size_t i = 0; i < cell->n; i++)
                jwrite_key_int(w, counts[i].word, counts[i].number);
        jwrite_object_end(w);
}

static void share_object(JWrite *w, const Cell *cell)
{
        jwrite_object_begin(w);
        jwrite_key_int(w, "n", cell->number);
        jwrite_key_int(w, "of", cell->of);
        jwrite_object_end(w);
}

static void time_value(JWrite *w, const Cell *cell)
{
        char text[ZW_INSTANT_TEXT];

        instant_format(cell->number, text);
        jwrite_string(w, cell->n == 0 ? NULL : text);
}

static void cell_value(JWrite *w, GraphView view, const Cell *cell)
{
        if (cell->unknown) {
                jwrite_null(w);
                return;
        }
        switch (cell->type) {
        case CELL_TEXT:
        case CELL_WORD:
        case CELL_LINK:
                jwrite_string(w, cell->text);
                break;
        case CELL_FLAG:
                jwrite_bool(w, cell->number != 0);
                break;
        case CELL_NUMBER:
                jwrite_int(w, cell->number);
                break;
        case CELL_SHARE:
                share_object(w, cell);
                break;
        case CELL_COUNTS:
                counts_object(w, cell);
                break;
        case CELL_ITEM:
                item_object(w, view, cell->item);
                break;
        case CELL_STEP:
                step_object(w, view, cell->item, cell->suspect);
                break;
        case CELL_TIME:
                time_value(w, cell);
                break;
        case CELL_VECTOR:
                sl_vector_write(&cell->vector, w);
                break;
        case CELL_LEVEL:
                level_value(w, (int)cell->number);
                break;
        case CELL_LEVELS:
                levels_object(w, &cell->levels);
                break;
        case CELL_REFS:
        case CELL_WORDS:
        case CELL_ITEMS:
        case CELL_STEPS:
        case CELL_MEMBERS:
        case CELL_REASONS:
                list_value(w, view, cell);
                break;
        }
}

static void json_row(Renderer *renderer, const RenderRow *row)
{
        const TableDef *table = renderer->table;

        jwrite_object_begin(renderer->w);
        for (guint i = 0; i < table->columns->len; i++) {
                jwrite_key(renderer->w,
                           table->query->fields[g_array_index(table->columns, ColumnDef, i).index].name);
                cell_value(renderer->w, renderer->view, row->cells[i]);
        }
        jwrite_object_end(renderer->w);
}

const ReportRenderer renderer_json = {
        .name = "json",
        .media = "application/json",
        .begin = json_begin,
        .content = json_content,
        .section_begin = json_section_begin,
        .section_end = json_section_end,
        .paragraph = json_paragraph,
        .drawing = json_drawing,
        .table_begin = json_table_begin,
        .group = json_group,
        .row = json_row,
        .table_end = json_table_end,
        .end = json_end,
        .free = json_free,
};
