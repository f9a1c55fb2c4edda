/* Changesets that are a function of their request id, so that whoever reads one back knows what it must be, and checks of
 * whole stores. A request is `ROUND.THREAD.NUMBER`; changesets of one thread build on each other. */
#ifndef FAULT_CHANGE_H
#define FAULT_CHANGE_H

#include "store/store.h"

typedef struct {
        Store *store;
        Id log;
        char request[64];
        bool broken_on_purpose; /* its last operation names an item that is not there */
        Seq seq;                /* result */
} Change;

/* Names the changeset; number 0 begins the thread. */
void change_name(Change *change, unsigned round, unsigned thread, unsigned number);
/* Its operations, as the log must give them back. Free with json_decref. */
json_t *change_ops(const char *request);
/* Puts what it attaches, and commits it. */
bool change_write(Change *change, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same inside a write: a StoreWriteFn whose payload is the Change. */
bool change_commit(StoreTxn *txn, void *payload, GError **error);

/* Everything there is to check about a store: each log verified, projections rebuilt, commits numbered without gaps, each
 * with a request being whole; what was acknowledged (keys `LOG SEQ REQUEST`) is there, and of what was refused (keys
 * `LOG REQUEST`) nothing. Either may be NULL. Reports by `fn`; false when it could not be checked. */
bool change_check_store(Store *store, GHashTable *acknowledged, GHashTable *refused, StoreProblemFn fn,
                        void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The keys of an acknowledged and of a refused commit. Free them. */
char *change_key(const Id *log, Seq seq, const char *request);
char *change_refused_key(const Id *log, const char *request);

#endif
