/* As built against as drawn: what an inventory saw, beside the assets of the case (docs/algorithms/inventory.md). A difference is a
 * result, not an error. Thread-safe for readers. */
#ifndef ANALYSIS_ASBUILT_H
#define ANALYSIS_ASBUILT_H

#include "analysis/lint.h"

typedef enum {
        ASBUILT_NOT_DRAWN, /* seen, and the same as nothing that stands in a place */
        ASBUILT_NOT_SEEN,  /* in the case, and seen by no inventory */
        ASBUILT_ELSEWHERE, /* on a network of another place */
        ASBUILT_VERSION,   /* another version than the case has */
        ASBUILT_PORT,      /* a port is open that no conduit of its place and no flow to it permits */
        ZW_ASBUILT_KINDS
} AsBuiltKind;

typedef struct {
        AsBuiltKind kind;
        ItemNo seen,
                drawn; /* either may be ZW_ITEM_NONE; the same where what was seen stands in a place itself */
        ItemNo place;  /* where it stands in the case, or ZW_ITEM_NONE */
        ItemNo there;  /* the place whose network it is on, or ZW_ITEM_NONE */
        char *found, *known; /* versions; the port; or NULL */
        char *accepted;      /* the reason why it is accepted, or NULL */
} AsBuilt;

/* A fixed name, `not_drawn`. */
const char *asbuilt_name(AsBuiltKind kind);
/* The name under which one difference of an asset is accepted: that of its kind, or the port. Borrowed. */
const char *asbuilt_difference(const AsBuilt *difference);
/* All differences, by kind, then item (GArray of AsBuilt; free it with g_array_unref), and how many assets an inventory saw: none
 * when none was imported, and then there is nothing to differ from. */
GArray *asbuilt_find(GraphView view, const LintOrigins *origins, guint *ret_seen);

#endif
