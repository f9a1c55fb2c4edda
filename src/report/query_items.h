/* Queries whose rows are the items of one kind: a table says which fields, and where each comes from. Inside the queries
 * only. */
#ifndef REPORT_QUERY_ITEMS_H
#define REPORT_QUERY_ITEMS_H

#include "report/query_internal.h"

/* What a field is filled with; the type of its cell is in brackets. */
typedef enum {
        FROM_ITEM,  /* the item [STEP] */
        FROM_BODY,  /* [TEXT] */
        FROM_OWNER, /* [TEXT] */
        FROM_STATE, /* its name [TEXT] */
        FROM_ATTR,  /* the attribute `attr` [TEXT: any; WORD: an enumeration; FLAG: a boolean] */
        FROM_LINKS, /* the live other ends of its links [STEPS] */
} FieldFrom;

typedef struct {
        const char *name;
        CellType type;
        FieldFrom from;
        const char *attr;
        GraphSide side;
        LinkTypeId link;
        uint64_t kinds; /* of the other ends; 0: any */
        AsId as;        /* ZW_AS_NONE: any */
} ItemField;

/* `fits`: is the item one of the place? NULL for queries that are not of a place. */
typedef struct {
        KindId kind;
        bool (*fits)(GraphView view, ItemNo item, ItemNo place);
        const ItemField *fields;
        size_t n_fields;
} ItemQuery;

/* Gives a row for each live item of the kind, in item order. */
void item_query_run(Query *query, const ItemQuery *items);

/* A value of an attribute as one text; NULL for none. Free it. */
char *value_text(const json_t *value);
/* The attribute of an item as one text. Free it. */
char *attr_text(Query *query, ItemNo item, const char *attr);

/* Is the asset part of the place? */
bool asset_is_of_place(GraphView view, ItemNo asset, ItemNo place);

#endif
