/* What the two halves of a Cdx share: cyclonedx_bom.c takes what a form meets, cyclonedx_give.c makes operations and figures
 * of it. */
#ifndef EXCHANGE_CYCLONEDX_BOM_H
#define EXCHANGE_CYCLONEDX_BOM_H

#include "exchange/cyclonedx.h"

/* How many problems and broken rules are listed, and after how many broken ones nothing more is read. */
enum { CDX_LISTED_MAX = 100, CDX_REFUSED_MAX = 10000 };

/* The roles whose text a component keeps as it is. */
enum {
        CDX_FIELD_FIRST = CDX_ROLE_TYPE,
        CDX_FIELD_LAST = CDX_ROLE_PURL,
        CDX_FIELDS = CDX_FIELD_LAST - CDX_FIELD_FIRST + 1
};

struct CdxFacts {
        GString *fields[CDX_FIELDS];
        GString *supplier, *manufacturer;
        GPtrArray *licences, *hashes;
        GPtrArray *parts; /* identities of the components directly below that were given out */
        size_t path;      /* number among its siblings */
        bool ref_is_free; /* its bom-ref names nothing else */
        bool nul;         /* a text has a zero character */
        char *where;      /* its place in the file */
};

typedef struct {
        const char *name;
        bool component;
        size_t n;
} CdxUnread;

struct Cdx {
        const Source *source;
        Sink *sink;
        bool xml;
        CdxWhere where;
        const void *walker;
        uint8_t version;
        CdxRefs *refs;
        GPtrArray *spare;           /* CdxFacts not in use */
        GHashTable *identities;     /* those given out, as a set */
        GHashTable *types, *states; /* text → size_t * */
        GPtrArray *unread;          /* Unread * */
        GString *serial, *algorithm, *digest;
        char *system, *root, *root_name;
        int64_t edition;
        size_t top, all, purls, cpes, services, dependencies, edges, vulnerabilities, given;
        size_t refused, problems;
        GError *broken; /* the first broken rule, for who wants figures only */
};

/* The nearest thing around `scope`, itself included; groups are no things. */
CdxScope *cdx_thing(CdxScope *scope);
static inline bool cdx_is_component(const CdxScope *scope)
{
        return scope->role == CDX_ROLE_COMPONENT || scope->role == CDX_ROLE_ROOT;
}

/* A component has ended and no rule is broken in it: gives its operation, the links of its parts to it, and, when `outer` is
 * the bill, its own to the thing the bill describes. */
void cdx_give(Cdx *cdx, CdxScope *scope, CdxScope *outer);
void cdx_give_losses(Cdx *cdx);
void cdx_give_figures(Cdx *cdx);

#endif
