/* Whether matching anew can tell anything that the last matching of a project did not. It is left out where since then no commit touched
 * what is installed, the findings or the settings, no record of the feeds was added, changed or forgotten that could mean any of it, and no
 * decision has ended. What it rested on is kept in the feed database; without one it is always due. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_REMATCH_H
#define SERVICE_INTERCHANGE_REMATCH_H

#include "store/feeds.h"
#include "store/store.h"

/* Marks of keys (GArray of uint32_t; some may be twice): of a key they tell whether it may be one of them. */
GArray *rematch_marks_new(void);
void rematch_mark(GArray *marks, const char *key);

/* What a matching rests on; clear it. */
typedef struct {
        char *log; /* NULL: there is nothing to keep */
        char *signers;
        Seq head;
        int64_t generation, from_day, to_day;
        GBytes *keys; /* marks in order; NULL until they are known */
} Rematch;

void rematch_clear(Rematch *rematch);

/* Reads what matching the project would rest on now, before it is done; `signers` names the keys that have to cover what the feeds say, or is
 * "". *ret_due is false when it would find what the last one did. Errors: those of the store. */
bool rematch_begin(Store *store, StoreView *view, const StoreProject *project, const char *signers,
                   Rematch *rematch, bool *ret_due, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* It was done: by which keys records could mean anything, and the last day on which the same would be found. Puts the marks in order. */
void rematch_say(Rematch *rematch, GArray *marks, int64_t to_day);
/* Keeps it, when it was done or not due; `seq` is the commit that it made, or 0. What cannot be kept is not: the next matching is due then. */
void rematch_end(Store *store, const Rematch *rematch, Seq seq);

#endif
