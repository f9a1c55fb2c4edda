/* What is installed, as a changeset leaves it: components and assets with how they belong together, the advisories kept, and
 * the findings there are. Read from a view of the store, with native operations applied to what matters here. Inside service/
 * only; lives for one write. */
#ifndef SERVICE_INTERCHANGE_INVENTORY_H
#define SERVICE_INTERCHANGE_INVENTORY_H

#include "base/error.h"
#include "base/jread.h"
#include "store/store.h"

/* The name under which the assertions of an advisory are attached to its document. */
#define ZW_ASSERTIONS_NAME "advisory.assertions.json"

typedef struct {
        KindId kind; /* component, asset, document, finding, threat, or a place */
        StateId state;
        char *key;         /* or NULL for an item the changeset makes without one */
        char *system, *id; /* outside identity, or NULL */
        json_t *attrs;
        char *digest; /* document: of the kept assertions, hex; or NULL */
        bool stored;  /* the store knows it already */
        bool retired;
        bool placed;       /* asset: it is part of something */
        GPtrArray *wholes; /* component, asset: what it is part of, or an instance of it; borrowed Things */
        GPtrArray *components; /* asset: what it is an instance of */
        GPtrArray *subjects;   /* finding: what it concerns */
        GPtrArray *places;     /* asset, place: what it is part of */
        GPtrArray *threats;    /* finding: the live threats that exploit it */
} Thing;

typedef struct {
        GPtrArray *things;     /* of Thing, in the order of their making; owns them */
        GHashTable *by_key;    /* key → Thing */
        GHashTable *by_source; /* system, line feed, id → Thing */
} Inventory;

void inventory_free(Inventory *inventory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Inventory, inventory_free)

/* Does the operation, does the changeset touch anything that matching rests on? */
bool inventory_op_touches(const json_t *op);
bool inventory_is_touched(const json_t *ops);
/* Errors: those of the store. */
Inventory *inventory_load(StoreView *view, const Id *log, const json_t *ops, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The thing an operation names: a key, or {"source":[system, id]}; NULL when it is none of these kinds. */
Thing *inventory_find(const Inventory *inventory, const json_t *named);
Thing *inventory_find_source(const Inventory *inventory, const char *system, const char *id);
/* How an operation names the thing; NULL when it cannot be named yet. */
json_t *thing_name(const Thing *thing);
/* A text attribute that is not blank, or NULL. */
const char *thing_text(const Thing *thing, const char *name);

#endif
