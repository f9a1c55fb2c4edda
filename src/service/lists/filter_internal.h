/* A filter that is bound to a project, between binding (filter.c) and answering (filter_fit.c). Inside lists/ only. */
#ifndef SERVICE_LISTS_FILTER_INTERNAL_H
#define SERVICE_LISTS_FILTER_INTERNAL_H

#include "service/lists/filter.h"

typedef enum {
        FIELD_KIND,
        FIELD_STATE,
        FIELD_KEY,
        FIELD_TITLE,
        FIELD_TEXT,
        FIELD_OWNER,
        FIELD_TAG,
        FIELD_FR,
        FIELD_SL,
        FIELD_CHANGED,
        FIELD_ZONE,
        FIELD_STATUS,
        FIELD_SUSPECT,
        FIELD_ATTR,
} Field;

/* A term that is bound: one number, text or set of items to compare with. */
typedef struct Bound {
        FilterNodeType type;
        GPtrArray *kids; /* of Bound */
        Field field;
        FilterCompare compare;
        char *value, *text; /* as given, and folded */
        char *name;         /* of an attribute */
        uint64_t number;    /* kind, state, integer */
        Seq first, last;    /* CHANGED: commits of the present revision that fit */
        uint8_t *items;     /* ZONE, STATUS, SUSPECT: by ItemNo; TITLE, TEXT: the same once looked up */
        ItemNo n_items;
} Bound;

struct Filter {
        Bound *root;
        bool ages;
};

#endif
