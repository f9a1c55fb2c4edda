/* The order of a page: what is sorted by, and an item's values in that order. Values come from a revision or, where it knows all of
 * them, from the graph. Numbers come before texts, nothing comes last in either direction; texts compare without case, and digits in
 * them as numbers, so that ZN-2 comes before ZN-10; values of an enumeration come as the metamodel has them. Items alike in all values
 * come by number. One thread. */
#ifndef SERVICE_LISTS_ORDER_H
#define SERVICE_LISTS_ORDER_H

#include "service/internal.h"

enum {
        ORDER_SORTS_MAX = 4,
        ORDER_TEXT_BYTES = 96 /* of a text: what it differs in behind these is left to the number */
};

typedef struct Order Order;

typedef enum { ORDER_NUMBER, ORDER_TEXT, ORDER_NOTHING } OrderRank;

typedef struct {
        OrderRank rank;
        double number;
        char text[ORDER_TEXT_BYTES + 1]; /* folded */
} OrderValue;

typedef struct {
        OrderValue values[ORDER_SORTS_MAX];
        ItemNo no;
} OrderRow;

/* An item as it is read for its values: by its revision, or, where that is NULL, in the graph. */
typedef struct {
        const ItemRev *rev;
        GraphView view;
        ItemNo no;
} OrderItem;

/* `text` as in `key,-changed`; NULL or empty for the order of numbers. Errors: NAME_UNKNOWN with near names; LIMIT. */
Order *order_new(const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void order_free(Order *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Order, order_free)

/* How many values an item has in it; whether the graph knows all of them. */
size_t order_length(const Order *order);
bool order_in_graph(const Order *order);

/* The number of one of the values of an enumeration; -1 where it has none of this name (or NULL). */
int order_enum_number(const AttrDef *def, const char *name);

/* Which of two comes first: less than, equal to or greater than 0. */
int order_compare(const Order *order, const OrderRow *a, const OrderRow *b);
/* Reads the values of an item, unless it comes after `last` (or NULL) or not after `first` (or NULL): then it is false, and no more
 * was read than it takes to know. */
bool order_read(const Order *order, const OrderItem *item, const OrderRow *first, const OrderRow *last,
                OrderRow *ret_row);

/* A row of the item `id` as the text where the next page begins, and back but for the number; false for what is none in this order.
 * The number is not in it: it would tell how many items there are. Free the text. */
char *order_cursor(const Order *order, const OrderRow *row, const Id *id);
bool order_cursor_parse(const Order *order, const char *text, OrderRow *ret_row, Id *ret_id);

#endif
