/* Cells as HTML. */
#include "base/hash.h"
#include "report/anchor.h"
#include "report/render_html.h"
#include "report/render_text.h"
#include "report/words.h"

#include <string.h>

/* ---- words, signs, nothing and unknown ---- */

static void toned_begin(Html *html, Tone tone)
{
        g_autofree char *class = tone == TONE_NONE ? g_strdup("c")
                                                   : g_strconcat("c ", tone_class(tone), NULL);

        html_open(html, "span");
        html_attr(html, "class", class);
}

static void sign_html(Html *html, const char *sign, const char *label)
{
        if (sign[0] != '\0') {
                html_text(html, sign);
                html_raw(html, " ");
        }
        html_text(html, label);
}

void word_html(Html *html, const char *text)
{
        Word word = word_find(text);
        g_autofree char *label = word_label(text);

        if (word.tone == TONE_NONE) {
                sign_html(html, word.sign, label);
                return;
        }
        toned_begin(html, word.tone);
        sign_html(html, word.sign, label);
        html_close(html, "span");
}

void unknown_html(Html *html)
{
        word_html(html, "unknown");
}

static void nothing_html(Html *html)
{
        html_raw(html, "<span class=\"nil\">\xe2\x80\x93</span>");
}

/* ---- items ---- */

/* Keys lead to the index of the report, where there is one. */
static void key_html(Renderer *renderer, ItemNo item)
{
        Html *html = renderer->html;
        const char *key = graph_key(renderer->head->view, item);
        g_autofree char *url = NULL;

        if (!renderer->head->definition->index) {
                html_open(html, "b");
                html_text(html, key);
                html_close(html, "b");
                return;
        }
        url = anchor_item_url(key);
        html_open(html, "a");
        html_url(html, "href", url);
        html_text(html, key);
        html_close(html, "a");
}

static void title_html(Renderer *renderer, ItemNo item)
{
        const char *title = graph_title(renderer->head->view, item);

        if (title[0] == '\0' || strcmp(title, graph_key(renderer->head->view, item)) == 0)
                return;
        html_raw(renderer->html, " ");
        html_open(renderer->html, "span");
        html_attr(renderer->html, "class", "t");
        html_text(renderer->html, title);
        html_close(renderer->html, "span");
}

static void item_html(Renderer *renderer, ItemNo item)
{
        key_html(renderer, item);
        title_html(renderer, item);
}

/* Revision and state, and whether the link that led here is suspect. */
static void step_html(Renderer *renderer, ItemNo item, bool suspect, ColumnShow show)
{
        GraphView view = renderer->head->view;
        Html *html = renderer->html;
        g_autofree char *state = word_label(state_def(graph_state(view, item))->name);

        key_html(renderer, item);
        if (show != SHOW_KEY) {
                html_raw(html, " <span class=\"r\">r");
                html_number(html, graph_rev(view, item));
                html_raw(html, " ");
                html_text(html, state);
                html_raw(html, "</span>");
        }
        if (suspect) {
                html_raw(html, " ");
                word_html(html, "suspect");
        }
        if (show == SHOW_TITLE)
                title_html(renderer, item);
}

/* A long list that was there in the row above is not written again. */
static void steps_html(Renderer *renderer, const Cell *cell, ColumnShow show)
{
        enum { AGAIN_MAX = 3 };
        const CellStep *steps = cell->list;
        Html *html = renderer->html;

        if (cell->same && cell->n > AGAIN_MAX) {
                html_raw(html, "the same ");
                html_number(html, (gint64)cell->n);
                return;
        }
        if (show != SHOW_KEY)
                html_open(html, "ul");
        for (size_t i = 0; i < cell->n; i++) {
                if (show == SHOW_KEY && i > 0)
                        html_raw(html, ", ");
                if (show != SHOW_KEY)
                        html_open(html, "li");
                step_html(renderer, steps[i].item, steps[i].suspect, show);
                if (show != SHOW_KEY)
                        html_close(html, "li");
        }
        if (show != SHOW_KEY)
                html_close(html, "ul");
}

static void items_html(Renderer *renderer, const Cell *cell)
{
        for (size_t i = 0; i < cell->n; i++) {
                if (i > 0)
                        html_raw(renderer->html, ", ");
                item_html(renderer, ((const ItemNo *)cell->list)[i]);
        }
}

/* ---- numbers ---- */

static bool link_begin(Renderer *renderer, const RenderRow *row, size_t column, const char *word)
{
        const RenderLink *link = row->link(row->payload, column, word);
        g_autofree char *url = NULL;

        if (link == NULL)
                return false;
        url = anchor_url(link->report, link->anchor);
        html_open(renderer->html, "a");
        html_attr(renderer->html, "class", "n");
        html_url(renderer->html, "href", url);
        return true;
}

/* A count leads to what it counts; nothing was counted leads nowhere. */
static void count_html(Renderer *renderer, const RenderRow *row, size_t column, const char *word,
                       gint64 number)
{
        bool linked = number != 0 && link_begin(renderer, row, column, word);

        html_number(renderer->html, number);
        if (linked)
                html_close(renderer->html, "a");
}

static void share_html(Renderer *renderer, const RenderRow *row, size_t column, const Cell *cell)
{
        count_html(renderer, row, column, NULL, cell->number);
        html_raw(renderer->html, " of ");
        html_number(renderer->html, cell->of);
}

static void counts_html(Renderer *renderer, const RenderRow *row, size_t column, const Cell *cell)
{
        const CellCount *counts = cell->list;

        html_open(renderer->html, "ul");
        for (size_t i = 0; i < cell->n; i++) {
                html_open(renderer->html, "li");
                count_html(renderer, row, column, counts[i].word, counts[i].number);
                html_raw(renderer->html, " ");
                word_html(renderer->html, counts[i].word);
                html_close(renderer->html, "li");
        }
        html_close(renderer->html, "ul");
}

static void refs_html(Renderer *renderer, const RenderRow *row, size_t column, const Cell *cell)
{
        const char *const *refs = cell->list;

        for (size_t i = 0; i < cell->n; i++) {
                bool linked;

                if (i > 0)
                        html_raw(renderer->html, ", ");
                linked = link_begin(renderer, row, column, refs[i]);
                html_text(renderer->html, refs[i]);
                if (linked)
                        html_close(renderer->html, "a");
        }
}

/* Words in a list are what is wrong: their names carry no tone, since the same names head tables that count none of it. */
static void words_html(Html *html, const Cell *cell)
{
        html_open(html, "ul");
        for (size_t i = 0; i < cell->n; i++) {
                html_open(html, "li");
                toned_begin(html, TONE_BAD);
                html_raw(html, "\xc3\x97 ");
                word_html(html, ((const char *const *)cell->list)[i]);
                html_close(html, "span");
                html_close(html, "li");
        }
        html_close(html, "ul");
}

/* ---- levels ---- */

static void level_html(Html *html, int level)
{
        if (level == ZW_SL_UNKNOWN)
                html_raw(html, "?");
        else
                html_number(html, level);
}

/* A day, and the time of it where there is one. */
static void time_html(Html *html, Instant time)
{
        char text[ZW_INSTANT_TEXT];

        instant_format(time, text);
        html_open(html, "time");
        html_attr(html, "datetime", text);
        html_text_n(html, text, strlen("2026-01-01"));
        if (time % ZW_DAY_MS != 0) {
                html_raw(html, " <span class=\"r\">");
                html_text_n(html, text + strlen("2026-01-01T"), strlen("00:00:00"));
                html_raw(html, " UTC</span>");
        }
        html_close(html, "time");
}

/* The word for an entry: how far the achieved level is from its target. */
static const char *levels_word(const CellLevels *levels)
{
        if (levels->target == 0)
                return "level_not_demanded";
        if (levels->target == ZW_SL_UNKNOWN || levels->verified == ZW_SL_UNKNOWN)
                return "level_unknown";
        if (levels->verified >= levels->target)
                return levels->verified_with_findings < levels->target ? "level_broken" : "level_met";
        return levels->claimed >= levels->target ? "level_claimed" : "level_below";
}

/* `1 / 2 v below`: achieved against target, with the sign and the word of what that means. */
static void levels_html(Html *html, const CellLevels *levels)
{
        Word word = word_find(levels_word(levels));

        toned_begin(html, word.tone);
        html_raw(html, "<b>");
        level_html(html, levels->verified);
        html_raw(html, " / ");
        level_html(html, levels->target);
        html_raw(html, "</b> ");
        html_text(html, word.sign);
        html_raw(html, " ");
        html_text(html, word.label);
        html_close(html, "span");
        if (levels->verified_with_findings == levels->verified)
                return;
        html_raw(html, "<span class=\"r\">with findings ");
        level_html(html, levels->verified_with_findings);
        html_raw(html, "</span>");
}

static void vector_html(Html *html, const SlVector *vector)
{
        char text[20];
        bool unknown = false;

        sl_vector_format(vector, text);
        for (int i = 0; i < ZW_FR_COUNT; i++)
                unknown |= vector->e[i] == ZW_SL_UNKNOWN;
        html_open(html, "code");
        html_attr(html, "class", unknown ? "v unk" : "v");
        html_text(html, text);
        html_close(html, "code");
}

/* ---- members and reasons ---- */

static void members_of_status(Renderer *renderer, const Cell *cell, RowStatus status)
{
        const MemberStatus *members = cell->list;
        bool any = false;

        for (size_t i = 0; i < cell->n; i++) {
                if (members[i].status != status)
                        continue;
                if (!any) {
                        html_open(renderer->html, "li");
                        word_html(renderer->html, row_status_name(status));
                }
                if (any)
                        html_raw(renderer->html, ",");
                html_raw(renderer->html, " ");
                any = true;
                key_html(renderer, members[i].member);
                if (members[i].broken) {
                        html_raw(renderer->html, " ");
                        word_html(renderer->html, "broken");
                }
        }
        if (any)
                html_close(renderer->html, "li");
}

static void members_html(Renderer *renderer, const Cell *cell)
{
        html_open(renderer->html, "ul");
        for (int status = STATUS_OPEN; status <= STATUS_REMOVED; status++)
                members_of_status(renderer, cell, (RowStatus)status);
        html_close(renderer->html, "ul");
}

/* Reasons that say the same of several items are one line with several keys. */
typedef struct {
        const Cause *first;
        size_t before, after; /* bytes of the text around the key */
        GArray *items;        /* of ItemNo */
} ReasonGroup;

static void group_free(gpointer data)
{
        ReasonGroup *group = data;

        g_array_unref(group->items);
        g_free(group);
}

static bool is_key_byte(char c)
{
        return g_ascii_isalnum(c) || c == '-' || c == '_';
}

/* Where the key stands in the text as a word of its own; NULL when it does not. */
static const char *key_in(const char *text, const char *key)
{
        size_t n = strlen(key);

        for (const char *at = strstr(text, key); at != NULL; at = strstr(at + 1, key))
                if ((at == text || !is_key_byte(at[-1])) && !is_key_byte(at[n]))
                        return at;
        return NULL;
}

/* What makes two reasons the same line: the words around the key. */
static char *group_name(const Cause *cause, const char *key, const char *at)
{
        return at == NULL ? g_strconcat(cause->kind, "\n", cause->text, NULL)
                          : g_strdup_printf("%s\n%.*s\n%s", cause->kind, (int)(at - cause->text), cause->text,
                                            at + strlen(key));
}

static void group_add(GPtrArray *groups, GHashTable *by_name, GraphView view, const Cause *cause)
{
        const char *key = cause->item == ZW_ITEM_NONE ? NULL : graph_key(view, cause->item);
        const char *at = key == NULL ? NULL : key_in(cause->text, key);
        char *name = group_name(cause, key, at);
        ReasonGroup *group = g_hash_table_lookup(by_name, name);

        if (group == NULL) {
                group = g_new0(ReasonGroup, 1);
                group->first = cause;
                group->before = at == NULL ? strlen(cause->text) : (size_t)(at - cause->text);
                group->after = at == NULL ? 0 : strlen(at + strlen(key));
                group->items = g_array_new(FALSE, FALSE, sizeof(ItemNo));
                g_ptr_array_add(groups, group);
                g_hash_table_insert(by_name, name, group);
        } else {
                g_free(name);
        }
        if (at != NULL)
                g_array_append_val(group->items, cause->item);
}

static void group_html(Renderer *renderer, const ReasonGroup *group)
{
        Html *html = renderer->html;
        const char *text = group->first->text;

        html_open(html, "li");
        html_text_n(html, text, group->before);
        for (guint i = 0; i < group->items->len; i++) {
                if (i > 0)
                        html_raw(html, ", ");
                key_html(renderer, g_array_index(group->items, ItemNo, i));
        }
        html_text(html, text + strlen(text) - group->after);
        html_close(html, "li");
}

static void reasons_html(Renderer *renderer, const Cell *cell)
{
        g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(group_free);
        g_autoptr(GHashTable) by_name = hash_table_new_text(g_free, NULL);

        for (size_t i = 0; i < cell->n; i++)
                group_add(groups, by_name, renderer->head->view, ((const Cause *const *)cell->list)[i]);
        html_open(renderer->html, "ul");
        for (guint i = 0; i < groups->len; i++)
                group_html(renderer, g_ptr_array_index(groups, i));
        html_close(renderer->html, "ul");
}

/* ---- all of them ---- */

static bool is_nothing(const Cell *cell)
{
        switch (cell->type) {
        case CELL_TEXT:
        case CELL_WORD:
        case CELL_LINK:
                return cell->text == NULL || cell->text[0] == '\0';
        case CELL_ITEM:
        case CELL_STEP:
                return cell->item == ZW_ITEM_NONE;
        case CELL_TIME:
        case CELL_COUNTS:
        case CELL_REFS:
        case CELL_WORDS:
        case CELL_ITEMS:
        case CELL_STEPS:
        case CELL_MEMBERS:
        case CELL_REASONS:
                return cell->n == 0;
        default:
                return false;
        }
}

const char *cell_class(const Cell *cell, ColumnShow show)
{
        if (cell->same)
                return show == SHOW_KEY ? "same" : "it same";
        switch (cell->type) {
        case CELL_NUMBER:
        case CELL_SHARE:
        case CELL_LEVEL:
                return "num";
        case CELL_TIME:
                return "num";
        case CELL_LEVELS:
                return "lv";
        case CELL_TEXT:
        case CELL_REASONS:
        case CELL_MEMBERS:
        case CELL_REFS:
                return "txt";
        case CELL_ITEM:
        case CELL_STEP:
        case CELL_STEPS:
        case CELL_ITEMS:
                return show == SHOW_KEY ? NULL : "it";
        default:
                return NULL;
        }
}

static void item_cell(Renderer *renderer, const RenderRow *row, size_t column, const Cell *cell,
                      ColumnShow show)
{
        if (!link_begin(renderer, row, column, NULL)) {
                key_html(renderer, cell->item);
        } else {
                html_text(renderer->html, graph_key(renderer->head->view, cell->item));
                html_close(renderer->html, "a");
        }
        if (show == SHOW_TITLE)
                title_html(renderer, cell->item);
}

static void plain_cell(Renderer *renderer, const RenderRow *row, size_t column, const Cell *cell,
                       ColumnShow show)
{
        g_autofree char *brief = show == SHOW_BRIEF ? text_brief(cell->text) : NULL;
        Html *html = renderer->html;

        switch (cell->type) {
        case CELL_WORD:
                word_html(html, cell->text);
                break;
        case CELL_FLAG:
                word_html(html, cell->number != 0 ? "yes" : "no");
                break;
        case CELL_NUMBER:
                count_html(renderer, row, column, NULL, cell->number);
                break;
        case CELL_SHARE:
                share_html(renderer, row, column, cell);
                break;
        case CELL_LEVEL:
                level_html(html, (int)cell->number);
                break;
        case CELL_LEVELS:
                levels_html(html, &cell->levels);
                break;
        case CELL_TIME:
                time_html(html, cell->number);
                break;
        case CELL_VECTOR:
                vector_html(html, &cell->vector);
                break;
        case CELL_LINK:
                html_open(html, "a");
                html_url(html, "href", cell->text);
                html_text(html, cell->text);
                html_close(html, "a");
                break;
        default:
                html_text(html, brief != NULL ? brief : cell->text);
                break;
        }
}

void cell_html(Renderer *renderer, const RenderRow *row, size_t column)
{
        const Cell *cell = row->cells[column];
        ColumnShow show = g_array_index(renderer->table->columns, ColumnDef, column).show;

        if (cell->same && show == SHOW_TITLE)
                show = SHOW_REVISION;
        if (cell->unknown || (cell->type == CELL_LEVEL && cell->number == ZW_SL_UNKNOWN)) {
                unknown_html(renderer->html);
                return;
        }
        if (is_nothing(cell)) {
                nothing_html(renderer->html);
                return;
        }
        switch (cell->type) {
        case CELL_COUNTS:
                counts_html(renderer, row, column, cell);
                break;
        case CELL_REFS:
                refs_html(renderer, row, column, cell);
                break;
        case CELL_WORDS:
                words_html(renderer->html, cell);
                break;
        case CELL_ITEM:
                item_cell(renderer, row, column, cell, show);
                break;
        case CELL_STEP:
                step_html(renderer, cell->item, cell->suspect, show);
                break;
        case CELL_ITEMS:
                items_html(renderer, cell);
                break;
        case CELL_STEPS:
                steps_html(renderer, cell, show);
                break;
        case CELL_MEMBERS:
                members_html(renderer, cell);
                break;
        case CELL_REASONS:
                reasons_html(renderer, cell);
                break;
        default:
                plain_cell(renderer, row, column, cell, show);
                break;
        }
}
