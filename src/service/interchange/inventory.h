/* What is installed, as a changeset leaves it: components and assets with how they belong together, the advisories kept, and
 * the findings there are. Read from a view of the store, with native operations applied to what matters here. A bill of materials may
 * bring some hundred thousand components, so of what is installed only what it is known by is kept, half a kilobyte each. Inside
 * service/ only; lives for one write. */
#ifndef SERVICE_INTERCHANGE_INVENTORY_H
#define SERVICE_INTERCHANGE_INVENTORY_H

#include "service/internal.h"

/* The name under which the assertions of an advisory are attached to its document. */
#define ZW_ASSERTIONS_NAME "advisory.assertions.json"

typedef struct Thing Thing;

/* Others that a thing has to do with, in the order in which that was said; borrowed. Most have one, which needs no memory of its own. */
typedef struct {
        uint32_t n, room; /* room 0: the one is here */
        union {
                Thing *one;
                Thing **several;
        };
} Things;

static inline Thing *things_at(const Things *things, uint32_t i)
{
        return things->room == 0 ? things->one : things->several[i];
}

void things_clear(Things *things);
/* Adds it unless it is there. */
void things_add(Things *things, Thing *thing);
void things_remove(Things *things, const Thing *thing);

/* Texts are the inventory's. */
struct Thing {
        KindId kind; /* component, asset, document, finding, threat, or a place */
        StateId state;
        ItemNo no;               /* where the store knows it */
        const char *key;         /* or NULL for an item the changeset makes without one */
        const char *system, *id; /* outside identity, or NULL */
        json_t *attrs;           /* finding, threat; else NULL */
        const char *texts;       /* component, asset: what it is known by (thing_text, thing_each_text) */
        const char *digest;      /* document: of the kept assertions, hex; or NULL */
        uint32_t number;         /* for who counts things */
        bool stored;             /* the store knows it already */
        bool retired;
        bool placed; /* asset: it is part of something */
        bool aside; /* component, asset: not all of what it has to do with was read, so it is matched to nothing (part.h) */
        Things wholes;     /* component, asset: what it is part of, or an instance of it */
        Things components; /* asset: what it is an instance of */
        Things subjects;   /* finding: what it concerns */
        Things places;     /* asset, place: what it is part of */
        Things threats;    /* finding: the threats that exploit it */
};

typedef struct {
        GPtrArray *things;     /* of Thing, in the order of their making; owns them */
        GHashTable *by_key;    /* key → Thing */
        GHashTable *by_source; /* see inventory_find_source */
        GStringChunk *texts;
} Inventory;

Inventory *inventory_new(void);
void inventory_free(Inventory *inventory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Inventory, inventory_free)

/* Whether items of a kind, links of a type, are among what is kept. */
bool inventory_has_kind(KindId kind);
bool inventory_has_link(LinkTypeId type);
/* Does the operation touch anything that matching rests on? */
bool inventory_op_touches(const json_t *op);
/* `ops` may be NULL. Errors: those of the store, and of `ops`. */
Inventory *inventory_load(StoreView *view, const Id *log, const OpSource *ops, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The thing of a revision; NULL where its kind is not among what is kept. Each item once. */
Thing *inventory_take(Inventory *inventory, const ItemRev *rev);
/* Says what a link between two of its things says. */
void inventory_join(LinkTypeId type, Thing *from, Thing *to);
/* The thing an operation names: a key, or {"source":[system, id]}; NULL when it is none of these kinds. */
Thing *inventory_find(const Inventory *inventory, const json_t *named);
Thing *inventory_find_source(const Inventory *inventory, const char *system, const char *id);
/* Sets what `attrs` speaks of (null: takes it back), and leaves the rest; texts go into the chunk. */
void thing_set_attrs(GStringChunk *texts, Thing *thing, const json_t *attrs);
/* Whether two revisions of an item say the same, as far as anything here depends on it. */
bool thing_says_the_same(const Thing *a, const Thing *b);
/* How an operation names the thing; NULL when it cannot be named yet. */
json_t *thing_name(const Thing *thing);
/* A text attribute that is not blank, or NULL: any of a finding or threat; of what is installed those of the table in inventory.c. */
const char *thing_text(const Thing *thing, const char *name);
/* The text of a list of something that is installed that comes behind `last`, or the first one (NULL); NULL at the end. */
const char *thing_each_text(const Thing *thing, const char *name, const char *last);

#endif
