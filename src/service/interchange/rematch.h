/* What matching a project anew can tell that the last matching did not. Where since then no commit touched what is installed, the findings or the
 * settings, no record of the feeds was added, changed or forgotten, and no decision has ended, that is nothing; else only what was touched is
 * matched, unless that cannot be told. What the last one rested on, and by which keys things are found, is kept in the feed database; without
 * one everything is matched each time. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_REMATCH_H
#define SERVICE_INTERCHANGE_REMATCH_H

#include "service/interchange/changed.h"
#include "store/feeds.h"

/* What a matching rests on; clear it. */
typedef struct {
        char *log; /* NULL: there is nothing to keep */
        char *rests;
        Id id; /* of the log */
        Seq head;
        int64_t generation, from_day, to_day; /* `to_day` is for who matches to say */
        Changed *touched;                     /* since `before`; NULL: everything is to be matched */
        FeedMatched before;                   /* where `touched` is not NULL */
} Rematch;

void rematch_clear(Rematch *rematch);

/* Reads what matching the project would rest on now, before it is done; `signers` names the keys that have to cover what the feeds say, or is
 * "". *ret_due is false when it would find what the last one did. Errors: those of the store. */
bool rematch_begin(Store *store, StoreView *view, const StoreProject *project, const char *signers,
                   Rematch *rematch, bool *ret_due, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* It was everything that was matched. */
void rematch_is_all(Rematch *rematch);
/* Keeps it, when it was done or not due; `seq` is the commit that it made, or 0. What cannot be kept is not: the next matching does more then. */
void rematch_end(Store *store, const Rematch *rematch, Seq seq);

#endif
