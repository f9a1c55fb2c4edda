/* The texts of all items of a project as they are now, in memory, to look for a part of one at the speed of reading: folded keys,
 * titles and bodies, one behind the other. They are read from the store when something is looked for the first time (of titles, which the graph has,
 * the second time: who asks once is not made to pay for it), and fed with commits from then on, as the graph is. What is found is what filter_fit.c finds by reading every item. Thread-safe. */
#ifndef SERVICE_LISTS_WORDS_H
#define SERVICE_LISTS_WORDS_H

#include "service/internal.h"

/* More text than this is not held: items are read then. */
#define ZW_WORDS_BYTES_MAX (UINT64_C(256) << 20)

Words *words_new(void);
void words_free(Words *words);

typedef enum { WORDS_ANYWHERE, WORDS_IN_TITLE } WordsPlace;

/* Marks the items whose text holds `part`, which is folded: a byte for each of `n` items. *ret_known is false when the texts at hand
 * are not those of the call's commit; nothing is marked then. The call sees the whole project. Errors: those of the store. */
bool words_find(Words *words, const Call *call, const char *part, WordsPlace place, uint8_t *items, ItemNo n,
                bool *ret_known, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
