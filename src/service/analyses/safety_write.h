/* What the answers about safety and security share. */
#ifndef SERVICE_ANALYSES_SAFETY_WRITE_H
#define SERVICE_ANALYSES_SAFETY_WRITE_H

#include "analysis/interaction.h"
#include "service/internal.h"

/* The item that the input names as `key`, of one of `kinds` (a bit per KindId); ZW_ITEM_NONE where it names none. Errors: NOT_FOUND;
 * USAGE, it is of another kind. */
bool safety_subject(const Call *call, GraphView view, uint64_t kinds, ItemNo *ret_item, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Its key under `name`, and its title under `title`. */
void item_head_write(JWrite *w, GraphView view, const char *name, ItemNo item);
/* Keys as an array under `name`. */
void items_write(JWrite *w, GraphView view, const char *name, const ItemNo *items, size_t n);
/* Arrays of SafetyNote (`before` or NULL) as one array under `notes`. */
void safety_notes_write(JWrite *w, GraphView view, const GPtrArray *notes, const GPtrArray *before);
/* As an object. */
void safety_conflict_write(JWrite *w, GraphView view, const SafetyConflict *conflict);

#endif
