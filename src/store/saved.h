/* Saved views: a list's filter, order and columns under a name, of one person in one project, seen by that person or by everybody
 * there. They are no part of the log. Thread-safety and errors as in store.h. */
#ifndef STORE_SAVED_H
#define STORE_SAVED_H

#include "store/store.h"

enum { ZW_SAVED_MAX = 200, ZW_SAVED_ADDRESS_MAX = 4096 }; /* of a person in a project; bytes */

typedef struct {
        Id person;
        const char *name, *address; /* borrowed; the address is a page of the project with its query */
        const char *owner;          /* login name of the person; only where it is read */
        bool shared;
} StoreSaved;
typedef bool (*StoreSavedFn)(const StoreSaved *saved, void *payload, GError **error);

/* Those of a person and those that are shared, by name. */
bool store_each_saved(StoreView *view, const Id *log, const Id *person, StoreSavedFn fn, void *payload,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* In place of what the person has of this name. Errors: INPUT, name or address; LIMIT, the person has too many. */
bool store_txn_put_saved(StoreTxn *txn, const Id *log, const StoreSaved *saved, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Errors: NOT_FOUND, the person has none of this name. */
bool store_txn_drop_saved(StoreTxn *txn, const Id *log, const Id *person, const char *name, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
