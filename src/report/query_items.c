#include "report/query_items.h"

#include "base/jread.h"

#include <string.h>

/* ---- values as text ---- */

static void text_add(GString *text, const char *name, const json_t *value)
{
        g_autofree char *said = value_text(value);

        if (said == NULL)
                return;
        if (text->len > 0)
                g_string_append(text, ", ");
        if (name != NULL)
                g_string_append_printf(text, "%s: ", name);
        g_string_append(text, said);
}

char *value_text(const json_t *value)
{
        g_autoptr(GString) text = NULL;
        const json_t *member;
        const char *name;
        size_t i;

        if (json_is_string(value))
                return g_strdup(json_string_value(value));
        if (json_is_integer(value))
                return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
        if (json_is_boolean(value))
                return g_strdup(json_is_true(value) ? "yes" : "no");
        text = g_string_new(NULL);
        json_array_foreach(value, i, member) text_add(text, NULL, member);
        json_object_foreach((json_t *)(uintptr_t)value, name, member) text_add(text, name, member);
        return text->len == 0 ? NULL : g_strdup(text->str);
}

char *attr_text(Query *query, ItemNo item, const char *attr)
{
        return value_text(json_object_get(query_record(query, item).attrs, attr));
}

bool asset_is_of_place(GraphView view, ItemNo asset, ItemNo place)
{
        return graph_first(view, asset, GRAPH_OUT, ZW_LINK_PART_OF) == place;
}

/* ---- rows ---- */

/* What a row's cells point to, until it was given. */
typedef struct {
        GPtrArray *texts; /* of char * */
        GPtrArray *lists; /* of GArray of CellStep */
} Held;

static void steps_unref(gpointer steps)
{
        g_array_unref(steps);
}

static void attr_fill(Query *query, size_t i, const ItemField *field, const ItemRecord *record, Held *held)
{
        const json_t *value = json_object_get(record->attrs, field->attr);
        char *text;

        if (record->attrs == NULL) {
                fill_unknown(query, i);
                return;
        }
        if (field->type == CELL_FLAG) {
                fill_number(query, i, json_is_true(value));
                if (value == NULL)
                        fill_unknown(query, i);
                return;
        }
        text = value_text(value);
        if (text == NULL)
                return;
        g_ptr_array_add(held->texts, text);
        fill_text(query, i, text);
}

static void links_fill(Query *query, size_t i, const ItemField *field, ItemNo item, Held *held)
{
        GraphView view = query->context->view;
        GArray *steps = chain_next(view, item, field->side, LINK_MASK(field->link),
                                   field->kinds == 0 ? UINT64_MAX : field->kinds);

        g_ptr_array_add(held->lists, steps);
        if (field->as != ZW_AS_NONE) {
                GraphIter iter = graph_iter(view, item, field->side, LINK_MASK(field->link));
                g_autoptr(GArray) meant = g_array_new(FALSE, FALSE, sizeof(ItemNo));
                GraphEdge edge;
                guint n = 0;

                while (graph_next(&iter, &edge))
                        if (graph_link_as(view, edge.link) == field->as)
                                g_array_append_val(meant, edge.other);
                for (guint k = 0; k < steps->len; k++)
                        for (guint m = 0; m < meant->len; m++)
                                if (g_array_index(meant, ItemNo, m) ==
                                    g_array_index(steps, CellStep, k).item) {
                                        g_array_index(steps, CellStep, n++) = g_array_index(steps, CellStep,
                                                                                            k);
                                        break;
                                }
                g_array_set_size(steps, n);
        }
        fill_list(query, i, steps->data, steps->len);
}

static void item_row(Query *query, const ItemQuery *items, ItemNo item)
{
        Held held = { g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(steps_unref) };
        ItemRecord record = query_record(query, item);

        fill_clear(query);
        for (size_t i = 0; i < items->n_fields; i++) {
                const ItemField *field = &items->fields[i];

                if (field->from == FROM_ITEM)
                        fill_step(query, i, (CellStep){ item, false });
                else if (field->from == FROM_BODY)
                        fill_text(query, i, record.body);
                else if (field->from == FROM_OWNER)
                        fill_text(query, i, record.owner);
                else if (field->from == FROM_STATE)
                        fill_text(query, i, state_def(graph_state(query->context->view, item))->name);
                else if (field->from == FROM_ATTR)
                        attr_fill(query, i, field, &record, &held);
                else
                        links_fill(query, i, field, item, &held);
        }
        if (!query->stopped)
                (void)fill_emit(query);
        g_ptr_array_unref(held.texts);
        g_ptr_array_unref(held.lists);
}

void item_query_run(Query *query, const ItemQuery *items)
{
        GraphView view = query->context->view;

        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++)
                if (graph_exists(view, item) && graph_is_live(view, item) &&
                    graph_kind(view, item) == items->kind &&
                    (items->fits == NULL || items->fits(view, item, query->place)))
                        item_row(query, items, item);
}
