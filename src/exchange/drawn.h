/* Zones, what stands in them, what flows between, threats and what is assumed, as models of other tools draw them: an asset is part of its zone,
 * a flow between two zones goes over the one conduit of that pair, a threat threatens what it was drawn at. The system is
 * `drawing:FORMAT:NAME`, so lint compares it with inventories. Zones and assets are told before what names them. Ids of each
 * kind are apart. Not thread-safe. */
#ifndef EXCHANGE_DRAWN_H
#define EXCHANGE_DRAWN_H

#include "exchange/tell.h"

typedef enum {
        DRAWN_ZONE,
        DRAWN_ASSET,
        DRAWN_FLOW,
        DRAWN_THREAT,
        DRAWN_MEASURE,
        DRAWN_RISK,
        DRAWN_ASSUMPTION,
        DRAWN_REQUIREMENT,
        ZW_DRAWN_KINDS
} DrawnKind;

typedef struct {
        Tell tell;
        GHashTable *zones;  /* id of an asset → id of the zone it is part of */
        GHashTable *titles; /* id of a zone → its title */
        GHashTable *links;  /* told by drawn_link, as a set: models say some more than once */
} Drawn;

/* `name` is the model's own; `file` names one whose name is NULL or empty. */
Drawn drawn_init(Sink *sink, const char *format, const char *name, const char *file);
void drawn_clear(Drawn *drawn);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Drawn, drawn_clear)

/* Texts may be NULL but `where` and `id`; `attrs` and `tags` are stolen, and may be NULL. An id that comes twice is refused, and
 * one that is NULL. */
typedef struct {
        const char *where, *id, *title, *body;
        json_t *attrs, *tags;
} DrawnItem;
bool drawn_tell(Drawn *drawn, DrawnKind kind, DrawnItem item);
bool drawn_has(const Drawn *drawn, DrawnKind kind, const char *id);

/* What a member of a model holds: an element of a list, whose place is `/LIST/N`, or a member of an object, at `/LIST/NAME`. */
typedef struct {
        JVal root, value;
        const char *name, *where; /* no name in a list */
} DrawnElement;
typedef void (*DrawnElementFn)(Drawn *drawn, const DrawnElement *element);
typedef struct {
        const char *list;
        DrawnElementFn tell;
} DrawnStep;

/* Goes through the lists of the steps, one after the other. */
void drawn_steps(Drawn *drawn, JVal root, const DrawnStep *steps, size_t n);
/* The item that most models make of an element: it has an `id`, its `name` unless that is where it stands, and a `description`. */
DrawnItem drawn_item(const DrawnElement *element, json_t *attrs, json_t *tags);

/* What a drawing says of an asset under a name of its own: an address, a name on the network, a serial number or a location, else
 * it is kept in `extra` under the label. */
void drawn_put_field(json_t *attrs, json_t *extra, const char *name, const char *label, const char *value);

/* `zone` may be NULL: nowhere. What is no zone is a problem. */
void drawn_put_into(Drawn *drawn, const char *where, DrawnKind kind, const char *id, const char *zone);
/* The conduit between two zones, told once for the pair: with these texts when nothing was said of it before. `attrs` is stolen; a
 * zone that is not there is a problem. */
void drawn_join(Drawn *drawn, const char *where, const char *zone, const char *other, const char *title,
                json_t *attrs);
/* The ends of a flow, and the conduit between their zones; an end that is no asset is a problem. */
void drawn_connect(Drawn *drawn, const char *where, const char *flow, const char *source, const char *sink);
/* Any other link, such as that of a threat to what it threatens. What is not there is a problem. */
void drawn_link(Drawn *drawn, const char *where, DrawnKind from_kind, const char *from, const char *type,
                DrawnKind to_kind, const char *to);

#endif
