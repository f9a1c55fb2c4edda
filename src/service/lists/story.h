/* What belongs to the story of an item in the log besides itself: what waives it; of a change what it resolves and what tests it, of
 * an incident what was learned, of both the actions and changes for them, proofs, and the runs of those tests since. */
#ifndef SERVICE_LISTS_STORY_H
#define SERVICE_LISTS_STORY_H

#include "service/internal.h"

/* Appends them (as ItemNo) to `ret_items`, each once. Errors: those of the store. */
bool story_find(Call *call, const ItemRev *rev, GArray *ret_items, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
