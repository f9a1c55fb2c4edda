#include "report/render_text.h"

#include "report/words.h"

#include <string.h>

enum { BRIEF_MOST = 160 };

char *inputs_text(const ReportInputs *inputs)
{
        char instant[ZW_INSTANT_TEXT];

        instant_format(inputs->instant, instant);
        return g_strdup_printf("%s, commit %" G_GUINT64_FORMAT
                               ", %s. Checkpoint %s. Evaluated %s. Feed snapshot: %s%s. Zonewright %s",
                               inputs->project, inputs->commit, inputs->hash, inputs->root, instant,
                               inputs->feed != NULL           ? inputs->feed
                               : inputs->feed_because != NULL ? inputs->feed_because
                                                              : "none",
                               inputs->feed == NULL ? ", so unknown" : "", inputs->version);
}

static void word_append(GString *text, const char *word)
{
        Word known = word_find(word);
        g_autofree char *label = word_label(word);

        if (known.sign[0] != '\0')
                g_string_append_printf(text, "%s ", known.sign);
        g_string_append(text, label);
}

static void item_append(GString *text, GraphView view, ItemNo item, bool title)
{
        const char *key = graph_key(view, item), *name = graph_title(view, item);

        g_string_append(text, key);
        if (title && name[0] != '\0' && strcmp(name, key) != 0)
                g_string_append_printf(text, " %s", name);
}

static void step_append(GString *text, GraphView view, const CellStep *step, ColumnShow show)
{
        item_append(text, view, step->item, false);
        if (show != SHOW_KEY) {
                g_autofree char *state = word_label(state_def(graph_state(view, step->item))->name);

                g_string_append_printf(text, " r%u %s", graph_rev(view, step->item), state);
        }
        if (step->suspect) {
                g_string_append_c(text, ' ');
                word_append(text, "suspect");
        }
        if (show == SHOW_TITLE)
                g_string_append_printf(text, " %s", graph_title(view, step->item));
}

static void level_append(GString *text, int level)
{
        if (level == ZW_SL_UNKNOWN)
                g_string_append_c(text, '?');
        else
                g_string_append_printf(text, "%d", level);
}

static void time_append(GString *text, Instant time)
{
        char said[ZW_INSTANT_TEXT];

        instant_format(time, said);
        g_string_append_len(text, said, (gssize)strlen("2026-01-01"));
        if (time % ZW_DAY_MS != 0)
                g_string_append_printf(text, " %.8s UTC", said + strlen("2026-01-01T"));
}

static void member_append(GString *text, GraphView view, const MemberStatus *member)
{
        item_append(text, view, member->member, false);
        g_string_append(text, ": ");
        word_append(text, row_status_name(member->status));
        if (member->broken) {
                g_string_append(text, ", ");
                word_append(text, "broken");
        }
}

/* One entry of a list. */
static void entry_append(GString *text, GraphView view, const Cell *cell, size_t i, ColumnShow show)
{
        switch (cell->type) {
        case CELL_COUNTS:
                g_string_append_printf(text, "%" G_GINT64_FORMAT " ",
                                       ((const CellCount *)cell->list)[i].number);
                word_append(text, ((const CellCount *)cell->list)[i].word);
                break;
        case CELL_REFS:
                g_string_append(text, ((const char *const *)cell->list)[i]);
                break;
        case CELL_WORDS:
                word_append(text, ((const char *const *)cell->list)[i]);
                break;
        case CELL_ITEMS:
                item_append(text, view, ((const ItemNo *)cell->list)[i], show == SHOW_TITLE);
                break;
        case CELL_STEPS:
                step_append(text, view, &((const CellStep *)cell->list)[i], show);
                break;
        case CELL_MEMBERS:
                member_append(text, view, &((const MemberStatus *)cell->list)[i]);
                break;
        default:
                g_string_append(text, ((const Cause *const *)cell->list)[i]->text);
                break;
        }
}

static void list_append(GString *text, GraphView view, const Cell *cell, ColumnShow show)
{
        bool short_entries = cell->type == CELL_REFS || show == SHOW_KEY;

        for (size_t i = 0; i < cell->n; i++) {
                if (i > 0)
                        g_string_append(text, short_entries ? ", " : "\n");
                entry_append(text, view, cell, i, show);
        }
}

static void levels_append(GString *text, const CellLevels *levels)
{
        level_append(text, levels->verified);
        g_string_append(text, " / ");
        level_append(text, levels->target);
        if (levels->verified_with_findings == levels->verified)
                return;
        g_string_append(text, ", with findings ");
        level_append(text, levels->verified_with_findings);
}

char *text_brief(const char *text)
{
        const char *end = strchr(text, '\n');
        glong n = g_utf8_strlen(text, end == NULL ? -1 : end - text);
        g_autofree char *first = g_utf8_substring(text, 0, MIN(n, BRIEF_MOST));
        char *blank = n > BRIEF_MOST ? strrchr(first, ' ') : NULL;

        if (blank != NULL)
                *blank = '\0';
        return g_strconcat(first, end != NULL || n > BRIEF_MOST ? " \xe2\x80\xa6" : "", NULL);
}

static void one_append(GString *text, GraphView view, const Cell *cell, ColumnShow show)
{
        const CellStep step = { cell->item, cell->suspect };
        char vector[20];

        if (cell->type == CELL_WORD && cell->text != NULL) {
                word_append(text, cell->text);
        } else if (cell->type == CELL_FLAG) {
                word_append(text, cell->number != 0 ? "yes" : "no");
        } else if (cell->type == CELL_NUMBER) {
                g_string_append_printf(text, "%" G_GINT64_FORMAT, cell->number);
        } else if (cell->type == CELL_SHARE) {
                g_string_append_printf(text, "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, cell->number,
                                       cell->of);
        } else if (cell->type == CELL_LEVEL) {
                level_append(text, (int)cell->number);
        } else if (cell->type == CELL_LEVELS) {
                levels_append(text, &cell->levels);
        } else if (cell->type == CELL_VECTOR) {
                sl_vector_format(&cell->vector, vector);
                g_string_append(text, vector);
        } else if (cell->type == CELL_TIME && cell->n > 0) {
                time_append(text, cell->number);
        } else if (cell->type == CELL_ITEM && cell->item != ZW_ITEM_NONE) {
                item_append(text, view, cell->item, show == SHOW_TITLE);
        } else if (cell->type == CELL_STEP && cell->item != ZW_ITEM_NONE) {
                step_append(text, view, &step, show);
        } else if ((cell->type == CELL_TEXT || cell->type == CELL_LINK) && cell->text != NULL) {
                g_autofree char *brief = show == SHOW_BRIEF ? text_brief(cell->text) : NULL;

                g_string_append(text, brief != NULL ? brief : cell->text);
        }
}

char *cell_text(GraphView view, const Cell *cell, ColumnShow show)
{
        GString *text = g_string_new(NULL);

        if (cell->unknown)
                word_append(text, "unknown");
        else if (cell->type == CELL_COUNTS || cell->type == CELL_REFS || cell->type == CELL_WORDS ||
                 cell->type == CELL_ITEMS || cell->type == CELL_STEPS || cell->type == CELL_MEMBERS ||
                 cell->type == CELL_REASONS)
                list_append(text, view, cell, show);
        else
                one_append(text, view, cell, show);
        if (text->len == 0)
                g_string_append(text, "\xe2\x80\x93");
        return g_string_free(text, FALSE);
}
