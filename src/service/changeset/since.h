/* From when on a result can prove an item: since what the item says, since the state it is in, and since what its test says
 * (docs/lifecycle.md). Used by the guard `passed` and by the list of what is wrong with a change. Inside service/ only. */
#ifndef SERVICE_CHANGESET_SINCE_H
#define SERVICE_CHANGESET_SINCE_H

#include "store/store.h"

/* Whether a result of the time `at` is of `item` and `test` as they are at `upto`. When it is not, *ret_why says what came after it
 * (free it), else it is NULL. Errors: those of the store. */
bool since_check(StoreView *view, const Id *log, Seq upto, ItemNo item, ItemNo test, Instant at,
                 char **ret_why, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
