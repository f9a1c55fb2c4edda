/* The revisions an item had up to the commit a call reads, and what changed between them. One owner; not thread-safe. */
#ifndef SERVICE_LISTS_PAST_H
#define SERVICE_LISTS_PAST_H

#include "service/internal.h"

typedef struct Past Past;

/* At least one revision. Errors: NOT_FOUND, the item was not there yet. */
Past *past_load(Call *call, ItemNo item, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void past_free(Past *past);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Past, past_free)

/* The newest revision, and the one with a number or the newest before it: NULL when `rev` is 0. Borrowed. */
const ItemRev *past_now(const Past *past);
const ItemRev *past_at(const Past *past, uint32_t rev);
/* The number of the revision it had at a commit; 0 when there was none. */
uint32_t past_rev_at(const Past *past, Seq seq);
/* The first substantive revision after `rev`; the newest one when there is none. */
const ItemRev *past_first_substantive(const Past *past, uint32_t rev);
/* The names of the fields that substantive revisions after `rev` changed, sorted: those that are substantive, one that came
 * back to what it was too; all of them where this metamodel marks none so. An array; free it. */
json_t *past_changed(const Past *past, uint32_t rev);

#endif
