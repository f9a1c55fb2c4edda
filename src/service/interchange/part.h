/* A part of what is installed (inventory.h), read from the store item by item: what is asked for, and what that has to do with. What is not
 * asked for costs nothing, so this is for questions about little of a project. Inside service/ only; lives for one write. */
#ifndef SERVICE_INTERCHANGE_PART_H
#define SERVICE_INTERCHANGE_PART_H

#include "service/interchange/inventory.h"

typedef struct Part Part;

/* As of `seq` (ZW_SEQ_OPEN - 1: now). */
Part *part_new(StoreView *view, const Id *log, Seq seq);
void part_free(Part *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Part, part_free)
/* Reading everything in its order costs less by now: nothing more is read, and what is asked fails with LIMIT. */
bool part_is_full(const Part *part);

/* The thing of an item, which may be aside; NULL where it was not there yet, or its kind is not among what is kept. */
bool part_thing(Part *part, ItemNo no, Thing **ret_thing, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        ItemNo from, to;
        LinkTypeId type;
        AsId as;
} PartLink;
typedef enum { PART_OUT, PART_IN } PartSide;
/* Links of the types that are kept, from or to a thing (GArray of PartLink, kept by the part). NULL on failure. */
const GArray *part_links(Part *part, const Thing *thing, PartSide side, GError **error);
/* Reads all that a component or an asset is matched by and belongs to, up to the places: it is not aside any longer. */
bool part_settle(Part *part, Thing *thing, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Everything that was read, in the order that inventory_load gives it, and the links between; free it. Nothing is asked of the part afterwards. */
Inventory *part_take(Part *part);

#endif
