/* Whether matching anew can tell anything that the last matching of a project did not: where neither the project nor a record of the feeds
 * has changed since, and it is the same day, it is left out. What it rested on is kept in the feed database; without one it is always
 * due. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_REMATCH_H
#define SERVICE_INTERCHANGE_REMATCH_H

#include "store/feeds.h"
#include "store/store.h"

/* What a matching rests on; clear it. */
typedef struct {
        char *log; /* NULL: there is nothing to keep */
        Seq head;
        int64_t generation, day;
} Rematch;

void rematch_clear(Rematch *rematch);

/* Reads what matching the project would rest on now, before it is done; *ret_due is false when that is what the last one did. Errors:
 * those of the store. */
bool rematch_begin(Store *store, StoreView *view, const StoreProject *project, Rematch *rematch,
                   bool *ret_due, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Keeps it, when it was done; `seq` is the commit that it made, or 0. What cannot be kept is not: the next matching is due then. */
void rematch_end(Store *store, const Rematch *rematch, Seq seq);

#endif
