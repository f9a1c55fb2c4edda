#include "service/findings/first.h"

#include "analysis/exposure.h"
#include "service/lists/order.h"

#include <string.h>

enum {
        KEYS_MAX = 8,
        SCAN_TIMES = 8 /* as long as reading one item by its number takes, so many are read in a row */
};

/* What is compared of one key: the number first, then the text. */
typedef struct {
        double number; /* -1: it is not there */
        const char *text;
        size_t n;
} Value;

typedef struct {
        ItemNo no;
        Value values[KEYS_MAX];
} Row;

typedef struct {
        bool down;
        void (*read)(GraphView view, ItemNo item, Value *ret_value);
} Key;

typedef struct {
        const FindingAsk *ask;
        Key keys[KEYS_MAX];
        size_t n_keys, limit;
        GArray *rows; /* of Row */
        Row last;     /* what comes after this is not among the first */
        bool has_last;
        ItemNo asked; /* findings that were read for the filter */
} First;

/* ---- values ---- */

int finding_text_order(const char *name, const char *a, const char *b)
{
        if (a == NULL || b == NULL)
                return (a != NULL) - (b != NULL);
        if (strcmp(name, "severity") == 0) {
                const AttrDef *severity = attr_get(ZW_KIND_FINDING, ZW_ATTR_SEVERITY);
                const int left = order_enum_number(severity, a), right = order_enum_number(severity, b);

                if (left != right)
                        return left < right ? -1 : 1;
        }
        if (strcmp(name, "score") == 0) {
                const double left = g_ascii_strtod(a, NULL), right = g_ascii_strtod(b, NULL);

                if (left < right || left > right)
                        return left < right ? -1 : 1;
        }
        return strcmp(a, b);
}

static void text_value(const char *text, Value *ret_value)
{
        *ret_value = (Value){ .number = text == NULL ? -1 : 0, .text = text };
        if (text != NULL)
                ret_value->n = strlen(text);
}

static void key_read(GraphView view, ItemNo item, Value *ret_value)
{
        text_value(graph_key(view, item), ret_value);
}

static void title_read(GraphView view, ItemNo item, Value *ret_value)
{
        text_value(graph_title(view, item), ret_value);
}

static void state_read(GraphView view, ItemNo item, Value *ret_value)
{
        text_value(state_def(graph_state(view, item))->name, ret_value);
}

static void severity_read(GraphView view, ItemNo item, Value *ret_value)
{
        *ret_value = (Value){ .number = facts_get_enum(graph_facts(view, item), ZW_ATTR_SEVERITY) };
}

static void score_read(GraphView view, ItemNo item, Value *ret_value)
{
        *ret_value = (Value){ .number = -1 };
        ret_value->text = facts_get_text(graph_facts(view, item), ZW_ATTR_SCORE, &ret_value->n);
        (void)facts_get_decimal(graph_facts(view, item), ZW_ATTR_SCORE, &ret_value->number);
}

static void kev_read(GraphView view, ItemNo item, Value *ret_value)
{
        *ret_value = (Value){ .number = facts_get_bool(graph_facts(view, item), ZW_ATTR_KEV) };
}

static void enum_read(GraphView view, ItemNo item, AttrId attr, Value *ret_value)
{
        const int number = facts_get_enum(graph_facts(view, item), attr);

        text_value(number < 0 ? NULL : attr_get(ZW_KIND_FINDING, attr)->values[number], ret_value);
}

static void confidence_read(GraphView view, ItemNo item, Value *ret_value)
{
        enum_read(view, item, ZW_ATTR_CONFIDENCE, ret_value);
}

static void treatment_read(GraphView view, ItemNo item, Value *ret_value)
{
        enum_read(view, item, ZW_ATTR_TREATMENT, ret_value);
}

static const struct {
        const char *name;
        void (*read)(GraphView view, ItemNo item, Value *ret_value);
} readers[] = {
        { "key", key_read },
        { "title", title_read },
        { "state", state_read },
        { "severity", severity_read },
        { "score", score_read },
        { "kev", kev_read },
        { "confidence", confidence_read },
        { "treatment", treatment_read },
};

/* ---- order ---- */

static bool keys_find(First *first, char *const *keys)
{
        for (; *keys != NULL; keys++) {
                Key key = { .down = (*keys)[0] == '-' };

                for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
                        if (strcmp(*keys + key.down, readers[i].name) == 0)
                                key.read = readers[i].read;
                if (key.read == NULL || first->n_keys == KEYS_MAX)
                        return false;
                first->keys[first->n_keys++] = key;
        }
        return true;
}

static int value_order(const Value *a, const Value *b)
{
        int order = (a->number > b->number) - (a->number < b->number);

        if (order == 0 && a->text != NULL && b->text != NULL)
                order = memcmp(a->text, b->text, MIN(a->n, b->n));
        return order != 0 ? order : (a->n > b->n) - (a->n < b->n);
}

static int row_order(gconstpointer a, gconstpointer b, gpointer payload)
{
        const First *first = payload;
        const Row *left = a, *right = b;

        for (size_t i = 0; i < first->n_keys; i++) {
                const int order = value_order(&left->values[i], &right->values[i]);

                if (order != 0)
                        return first->keys[i].down ? -order : order;
        }
        return (left->no > right->no) - (left->no < right->no);
}

static void rows_prune(First *first)
{
        g_array_sort_with_data(first->rows, row_order, first);
        if (first->rows->len < first->limit)
                return;
        g_array_set_size(first->rows, (guint)first->limit);
        first->last = g_array_index(first->rows, Row, first->limit - 1);
        first->has_last = true;
}

/* Reads no more values than it takes to know that it comes too late. */
static void row_take(First *first, ItemNo no)
{
        Row row = { .no = no };
        int order = first->has_last ? 0 : -1;

        for (size_t i = 0; i < first->n_keys; i++) {
                first->keys[i].read(first->ask->view, no, &row.values[i]);
                if (order == 0)
                        order = value_order(&row.values[i], &first->last.values[i]) *
                                (first->keys[i].down ? -1 : 1);
                if (order > 0)
                        return;
        }
        if (order == 0) /* alike, and of a greater number */
                return;
        g_array_append_val(first->rows, row);
        if (first->rows->len >= 2 * first->limit)
                rows_prune(first);
}

/* ---- what fits ---- */

bool finding_is_in_zone(const FindingAsk *ask, const GArray *assets)
{
        for (guint i = 0; ask->zone != NULL && i < assets->len; i++)
                if (ask->zone[g_array_index(assets, ItemNo, i)])
                        return true;
        return ask->zone == NULL;
}

static bool filter_ask(First *first, ItemNo no, bool *ret_fits, GError **error)
{
        const FindingAsk *ask = first->ask;
        const FilterGlance glance = ask->filter == NULL ? FILTER_GLANCE_FITS
                                                        : filter_glance(ask->filter, ask->view, no);
        g_autoptr(StoreItem) item = NULL;

        *ret_fits = glance == FILTER_GLANCE_FITS;
        if (glance != FILTER_GLANCE_ASK)
                return true;
        first->asked++;
        item = store_item_by_no(ask->call->view, &ask->call->project->log, no, ask->call->at, error);
        *ret_fits = item != NULL && filter_fits(ask->filter, store_item_rev(item));
        return item != NULL;
}

static bool finding_look(First *first, ItemNo no, GError **error)
{
        const FindingAsk *ask = first->ask;
        bool fits;

        if (!graph_exists(ask->view, no) || graph_kind(ask->view, no) != ZW_KIND_FINDING ||
            !graph_is_live(ask->view, no) ||
            (ask->state != NULL && strcmp(state_def(graph_state(ask->view, no))->name, ask->state) != 0))
                return true;
        if (ask->zone != NULL) {
                g_autoptr(GArray) assets = finding_assets(ask->view, no);

                if (!finding_is_in_zone(ask, assets))
                        return true;
        }
        if (!filter_ask(first, no, &fits, error))
                return false;
        if (fits)
                row_take(first, no);
        return true;
}

static int number_order(gconstpointer a, gconstpointer b)
{
        const ItemNo left = *(const ItemNo *)a, right = *(const ItemNo *)b;

        return (left > right) - (left < right);
}

static GArray *numbers_of(First *first)
{
        GArray *items = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        rows_prune(first);
        for (guint i = 0; i < first->rows->len; i++)
                g_array_append_val(items, g_array_index(first->rows, Row, i).no);
        g_array_sort(items, number_order);
        return items;
}

bool findings_first(const FindingAsk *ask, char *const *keys, size_t limit, GArray **ret_items,
                    GError **error)
{
        const ItemNo n = graph_item_count(ask->view);
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
        First first = { .ask = ask, .limit = limit, .rows = rows };

        *ret_items = NULL;
        if (!keys_find(&first, keys))
                return true;
        for (ItemNo no = 0; no < n && first.asked <= n / SCAN_TIMES; no++)
                if (!finding_look(&first, no, error))
                        return false;
        if (first.asked <= n / SCAN_TIMES)
                *ret_items = numbers_of(&first);
        return true;
}
