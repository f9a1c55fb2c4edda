#include "service/lists/order.h"

#include "base/base64url.h"
#include "base/near.h"
#include <string.h>

enum { CURSOR_BYTES_MAX = 4096 };

typedef enum {
        SORT_KEY,
        SORT_KIND,
        SORT_STATE,
        SORT_REV,
        SORT_TITLE,
        SORT_OWNER,
        SORT_CHANGED,
        SORT_ATTR
} SortBy;

typedef struct {
        SortBy by;
        bool down;
        const AttrDef
                *attrs[ZW_KIND_COUNT]; /* the attribute of each kind, NULL where it has none of the name */
} Sort;

struct Order {
        char *text; /* as asked for */
        Sort sorts[ORDER_SORTS_MAX];
        size_t n;
        bool in_graph;
};

static const struct {
        const char *name;
        SortBy by;
        bool in_graph;
} sort_names[] = { { "key", SORT_KEY, true },        { "kind", SORT_KIND, true },
                   { "state", SORT_STATE, true },    { "rev", SORT_REV, true },
                   { "title", SORT_TITLE, true },    { "owner", SORT_OWNER, false },
                   { "changed", SORT_CHANGED, true } };

/* ---- what is asked for ---- */

/* Whether the graph holds the attribute as the revision has it. Of a text that says nothing it does not. */
static bool attr_in_graph(const AttrDef *def)
{
        return (def->flags & ATTR_COLUMN) != 0 && (def->type == ATTR_ENUM || def->type == ATTR_INT ||
                                                   def->type == ATTR_BOOL || def->type == ATTR_DECIMAL);
}

static void attrs_find(Order *order, Sort *sort, const char *name)
{
        for (int kind = 0; kind < ZW_KIND_COUNT; kind++) {
                sort->attrs[kind] = attr_find((KindId)kind, name);
                if (sort->attrs[kind] != NULL)
                        order->in_graph = order->in_graph && attr_in_graph(sort->attrs[kind]);
        }
}

static bool sort_read(Order *order, const char *text, GError **error)
{
        const char *names[G_N_ELEMENTS(sort_names)], *name = text[0] == '-' ? text + 1 : text;
        Sort *sort = &order->sorts[order->n++];
        g_autofree char *near = NULL;

        sort->down = text[0] == '-';
        for (size_t i = 0; i < G_N_ELEMENTS(sort_names); i++) {
                names[i] = sort_names[i].name;
                sort->by = sort_names[i].by;
                if (strcmp(name, names[i]) != 0)
                        continue;
                order->in_graph = order->in_graph && sort_names[i].in_graph;
                return true;
        }
        sort->by = SORT_ATTR;
        attrs_find(order, sort, name);
        if (attr_is_known(name))
                return true;
        near = near_names(name, names, G_N_ELEMENTS(names));
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/sort",
                  "there is nothing \"%s\" to sort by%s; attributes are sorted by their names", name, near);
        return false;
}

Order *order_new(const char *text, GError **error)
{
        g_autoptr(Order) order = g_new0(Order, 1);
        g_auto(GStrv) parts = NULL;

        order->text = g_strdup(text == NULL ? "" : text);
        order->in_graph = true;
        if (order->text[0] == '\0')
                return g_steal_pointer(&order);
        parts = g_strsplit(text, ",", ORDER_SORTS_MAX + 1);
        if (g_strv_length(parts) > ORDER_SORTS_MAX) {
                error_set(error, ZW_ERR_LIMIT, "/sort", "at most %d values are sorted by", ORDER_SORTS_MAX);
                return NULL;
        }
        for (char **part = parts; *part != NULL; part++)
                if (!sort_read(order, *part, error))
                        return NULL;
        return g_steal_pointer(&order);
}

void order_free(Order *order)
{
        if (order == NULL)
                return;
        g_free(order->text);
        g_free(order);
}

size_t order_length(const Order *order)
{
        return order->n;
}

bool order_in_graph(const Order *order)
{
        return order->in_graph;
}

/* ---- comparing ---- */

static int natural_compare(const char *a, const char *b)
{
        while (*a != '\0' && *b != '\0') {
                if (g_ascii_isdigit(*a) && g_ascii_isdigit(*b)) {
                        size_t n, m;

                        a += strspn(a, "0");
                        b += strspn(b, "0");
                        n = strspn(a, "0123456789");
                        m = strspn(b, "0123456789");
                        if (n != m)
                                return n < m ? -1 : 1;
                        for (; n > 0; n--, a++, b++)
                                if (*a != *b)
                                        return *a < *b ? -1 : 1;
                        continue;
                }
                if (*a != *b)
                        return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
                a++;
                b++;
        }
        return *a == *b ? 0 : *a == '\0' ? -1 : 1;
}

static int value_compare(const OrderValue *a, const OrderValue *b, bool down)
{
        int order = 0;

        if (a->rank != b->rank && (a->rank == ORDER_NOTHING || b->rank == ORDER_NOTHING))
                return (int)a->rank - (int)b->rank;
        if (a->rank != b->rank)
                order = (int)a->rank - (int)b->rank;
        else if (a->rank == ORDER_NUMBER)
                order = (a->number > b->number) - (a->number < b->number);
        else if (a->rank == ORDER_TEXT)
                order = natural_compare(a->text, b->text);
        return down ? -order : order;
}

static int number_compare(const OrderRow *a, const OrderRow *b)
{
        return (a->no > b->no) - (a->no < b->no);
}

int order_compare(const Order *order, const OrderRow *a, const OrderRow *b)
{
        for (size_t i = 0; i < order->n; i++) {
                const int found = value_compare(&a->values[i], &b->values[i], order->sorts[i].down);

                if (found != 0)
                        return found;
        }
        return number_compare(a, b);
}

/* ---- values ---- */

static void number_set(OrderValue *value, double number)
{
        value->rank = ORDER_NUMBER;
        value->number = number;
}

static void text_set(OrderValue *value, const char *text)
{
        g_autofree char *folded = NULL;
        size_t n = 0;

        value->rank = text == NULL ? ORDER_NOTHING : ORDER_TEXT;
        if (text == NULL)
                return;
        /* Most are ASCII, which needs no memory to fold. */
        while (n < ORDER_TEXT_BYTES && text[n] != '\0' && (text[n] & 0x80) == 0) {
                value->text[n] = g_ascii_tolower(text[n]);
                n++;
        }
        value->text[n] = '\0';
        if (text[n] == '\0' || (text[n] & 0x80) == 0)
                return;
        folded = g_utf8_casefold(text, -1);
        if (strlen(folded) > ORDER_TEXT_BYTES)
                *g_utf8_find_prev_char(folded, folded + ORDER_TEXT_BYTES + 1) = '\0';
        g_strlcpy(value->text, folded, sizeof value->text);
}

int order_enum_number(const AttrDef *def, const char *name)
{
        for (size_t i = 0; name != NULL && i < def->n_values; i++)
                if (strcmp(def->values[i], name) == 0)
                        return (int)i;
        return -1;
}

/* One of the values of an enumeration, by their order in the metamodel: -1 for none. */
static void enum_set(OrderValue *value, int number)
{
        if (number >= 0)
                number_set(value, number);
        else
                text_set(value, NULL);
}

static void attr_set(OrderValue *ret_value, const ItemRev *rev, const AttrDef *def)
{
        g_autoptr(Json) attrs = def == NULL ? NULL : json_loads(rev->attrs, 0, NULL);
        const json_t *value = def == NULL ? NULL : json_object_get(attrs, def->name);
        g_autofree char *text = NULL;

        if (value == NULL || json_is_null(value)) {
                text_set(ret_value, NULL);
        } else if (def->type == ATTR_ENUM) {
                enum_set(ret_value, order_enum_number(def, json_string_value(value)));
        } else if (json_is_number(value)) {
                number_set(ret_value, json_number_value(value));
        } else if (json_is_boolean(value)) {
                number_set(ret_value, json_is_true(value));
        } else if (json_is_string(value) && def->type == ATTR_DECIMAL) {
                number_set(ret_value, g_ascii_strtod(json_string_value(value), NULL));
        } else if (json_is_string(value)) {
                text_set(ret_value, json_string_value(value));
        } else {
                text = json_dumps(value, JSON_COMPACT);
                text_set(ret_value, text);
        }
}

static void rev_value(const ItemRev *rev, const Sort *sort, OrderValue *ret_value)
{
        switch (sort->by) {
        case SORT_KEY:
                text_set(ret_value, rev->key);
                return;
        case SORT_KIND:
                number_set(ret_value, rev->kind);
                return;
        case SORT_STATE:
                number_set(ret_value, rev->state);
                return;
        case SORT_REV:
                number_set(ret_value, rev->rev);
                return;
        case SORT_TITLE:
                text_set(ret_value, rev->title);
                return;
        case SORT_OWNER:
                text_set(ret_value, rev->owner);
                return;
        case SORT_CHANGED:
                number_set(ret_value, (double)rev->from_seq);
                return;
        case SORT_ATTR:
                attr_set(ret_value, rev, sort->attrs[rev->kind]);
                return;
        }
}

/* The same of one that attr_in_graph. */
static void fact_set(OrderValue *ret_value, Facts facts, const AttrDef *def)
{
        double decimal;
        int64_t number;

        if (def == NULL || !facts_has(facts, def->id))
                text_set(ret_value, NULL);
        else if (def->type == ATTR_ENUM)
                enum_set(ret_value, facts_get_enum(facts, def->id));
        else if (def->type == ATTR_BOOL)
                number_set(ret_value, facts_get_bool(facts, def->id));
        else if (def->type == ATTR_DECIMAL && facts_get_decimal(facts, def->id, &decimal))
                number_set(ret_value, decimal);
        else if (def->type == ATTR_INT && facts_get_int(facts, def->id, &number))
                number_set(ret_value, (double)number);
        else
                text_set(ret_value, NULL);
}

static void graph_value(GraphView view, ItemNo item, const Sort *sort, OrderValue *ret_value)
{
        switch (sort->by) {
        case SORT_KEY:
                text_set(ret_value, graph_key(view, item));
                return;
        case SORT_KIND:
                number_set(ret_value, graph_kind(view, item));
                return;
        case SORT_STATE:
                number_set(ret_value, graph_state(view, item));
                return;
        case SORT_REV:
                number_set(ret_value, graph_rev(view, item));
                return;
        case SORT_TITLE:
                text_set(ret_value, graph_title(view, item));
                return;
        case SORT_CHANGED:
                number_set(ret_value, (double)graph_changed(view, item));
                return;
        case SORT_ATTR:
                fact_set(ret_value, graph_facts(view, item), sort->attrs[graph_kind(view, item)]);
                return;
        case SORT_OWNER:
                g_return_if_reached(); /* order_in_graph */
        }
}

bool order_read(const Order *order, const OrderItem *item, const OrderRow *first, const OrderRow *last,
                OrderRow *ret_row)
{
        int to_first = 0, to_last = 0;

        ret_row->no = item->no;
        for (size_t i = 0; i < order->n; i++) {
                const Sort *sort = &order->sorts[i];
                OrderValue *value = &ret_row->values[i];

                if (item->rev != NULL)
                        rev_value(item->rev, sort, value);
                else
                        graph_value(item->view, item->no, sort, value);
                if (first != NULL && to_first == 0)
                        to_first = value_compare(value, &first->values[i], sort->down);
                if (last != NULL && to_last == 0)
                        to_last = value_compare(value, &last->values[i], sort->down);
                if (to_first < 0 || to_last > 0)
                        return false;
        }
        if (first != NULL && to_first == 0)
                to_first = number_compare(ret_row, first);
        if (last != NULL && to_last == 0)
                to_last = number_compare(ret_row, last);
        return (first == NULL || to_first > 0) && to_last <= 0;
}

/* ---- where a page begins ---- */

static json_t *value_json(const OrderValue *value)
{
        return value->rank == ORDER_NOTHING  ? json_null()
               : value->rank == ORDER_NUMBER ? json_real(value->number)
                                             : json_string(value->text);
}

static bool value_parse(const json_t *json, OrderValue *ret_value)
{
        if (json_is_number(json))
                number_set(ret_value, json_number_value(json));
        else if (json_is_string(json) && json_string_length(json) <= ORDER_TEXT_BYTES)
                text_set(ret_value, json_string_value(json));
        else
                text_set(ret_value, NULL);
        return json_is_null(json) || ret_value->rank != ORDER_NOTHING;
}

char *order_cursor(const Order *order, const OrderRow *row, const Id *id)
{
        g_autoptr(Json) values = json_array(), cursor = NULL;
        g_autofree char *text = NULL;
        char hex[ZW_ID_HEX];

        for (size_t i = 0; i < order->n; i++)
                json_array_append_new(values, value_json(&row->values[i]));
        hex_encode(id->b, ZW_ID_BYTES, hex);
        cursor = json_pack("{s:s, s:O, s:s}", "s", order->text, "v", values, "i", hex);
        text = json_dumps(cursor, JSON_COMPACT | JSON_SORT_KEYS);
        return base64url_encode(text, strlen(text));
}

static json_t *cursor_parse(const char *text)
{
        size_t n;
        g_autofree uint8_t *bytes = strlen(text) > CURSOR_BYTES_MAX ? NULL : base64url_decode(text, &n, NULL);

        return bytes == NULL ? NULL : jread_parse((const char *)bytes, n, NULL);
}

bool order_cursor_parse(const Order *order, const char *text, OrderRow *ret_row, Id *ret_id)
{
        g_autoptr(Json) cursor = cursor_parse(text);
        const json_t *values = json_object_get(cursor, "v");
        const char *id = jread_get_string(cursor, "i");

        if (cursor == NULL || !json_is_array(values) || json_array_size(values) != order->n ||
            g_strcmp0(jread_get_string(cursor, "s"), order->text) != 0 || id == NULL ||
            !hex_decode(id, ret_id->b, ZW_ID_BYTES, NULL))
                return false;
        for (size_t i = 0; i < order->n; i++)
                if (!value_parse(json_array_get(values, i), &ret_row->values[i]))
                        return false;
        return true;
}
