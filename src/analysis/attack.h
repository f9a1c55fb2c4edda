/* Attack on safety (docs/algorithms/safety-security.md): how far a scenario comes through zones and conduits, which safety
 * functions and protection layers it can change or block there, and which hazards it can bring about although they are there.
 * Countermeasures are left out: what they have to withstand is what is asked. Project practice.
 *
 * Pure functions over a view; what they give belongs to the caller. Thread-safe for readers. */
#ifndef ANALYSIS_ATTACK_H
#define ANALYSIS_ATTACK_H

#include "analysis/assess.h"

/* How one place leads to the next. */
typedef enum {
        WAY_ENTRY,   /* the scenario threatens it, or something in it */
        WAY_CONDUIT, /* from a zone into a conduit, or out of it where connections may be opened */
        WAY_FLOW,    /* from the place of a flow's source to that of its sink */
        WAY_MEDIA,   /* a medium carried between zones with access points for removable media */
} WayKind;
const char *way_kind_name(WayKind kind);

/* The ways between the places of a project, made once for many scenarios. */
typedef struct AttackMap AttackMap;
AttackMap *attack_map_new(GraphView view);
void attack_map_free(AttackMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AttackMap, attack_map_free)

typedef struct {
        ItemNo place;
        WayKind way;
        ItemNo by;    /* of the way: the flow, the conduit, the access point, or what is threatened */
        guint before; /* index of the place it comes from; its own for an entry */
} AttackedPlace;

/* Where one scenario comes. */
typedef struct {
        ItemNo threat;
        GArray *places;    /* of AttackedPlace, nearest first */
        GHashTable *at;    /* place → its index + 1 */
        GHashTable *named; /* items that it threatens themselves */
} Attack;
Attack *attack_find(const AttackMap *map, ItemNo threat);
void attack_free(Attack *attack);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attack, attack_free)

/* The way to a place: the scenario, where it enters, and the flows, media and places on the way (GArray of ItemNo). */
GArray *attack_path(const Attack *attack, ItemNo place);

typedef enum { REACHED_NO, REACHED_UNKNOWN, REACHED_YES } Reached;
const char *reached_name(Reached reached);

/* Can the scenario change or block the function or layer? */
typedef struct {
        ItemNo function;
        Reached reached;
        ItemNo element; /* what of it is reached, or not known to be; ZW_ITEM_NONE where that is the function itself */
        AsId as;
        ItemNo place; /* where the element is, if it is reached or known to be somewhere */
} AttackedFunction;
AttackedFunction attack_function(GraphView view, const Attack *attack, ItemNo function);
/* The places where an element of it is reached (of ItemNo), added to those that are there. */
void attack_function_places(GraphView view, const Attack *attack, ItemNo function, GArray *places);
/* The live functions and layers of a hazard, or of the project (ZW_ITEM_NONE), by number: GArray of AttackedFunction. */
GArray *attack_functions(GraphView view, const Attack *attack, ItemNo hazard);

/* Two layers of one hazard that have something in common and so earn one credit. */
typedef struct {
        guint a, b;    /* indices of layers */
        ItemNo item;   /* the element or service; ZW_ITEM_NONE for a network */
        char *network; /* its name, or NULL */
} LayerShare;

typedef enum {
        HAZARD_HELD,    /* a layer stands that the scenario does not reach */
        HAZARD_UNKNOWN, /* nobody can say whether one does */
        HAZARD_MET,     /* every layer is reached, and SL-T is what the severity demands */
        HAZARD_BELOW,   /* and it is not */
        HAZARD_UNRATED, /* and whether it is cannot be said: the severity, or an SL-T, is unknown */
} HazardVerdict;
enum { ZW_HAZARD_VERDICTS = HAZARD_UNRATED + 1 };
const char *hazard_verdict_name(HazardVerdict verdict);

/* A place where something of a layer is reached, or without layers where the scenario enters, with the entries of SL-T that the scenario exercises and the severity demands. */
typedef struct {
        ItemNo place;
        SlVector target;
        bool below, unknown;
} HazardPlace;

/* One scenario that leads to a hazard. */
typedef struct {
        ItemNo hazard, threat;
        Attack *reach;
        GArray *layers; /* of AttackedFunction */
        GArray *shares; /* of LayerShare */
        GArray *groups; /* of guint: the credit that each layer belongs to, from 1 */
        guint credits;  /* groups of layers that share nothing with each other */
        guint standing; /* of them: with a layer that the scenario does not reach */
        int least;      /* SL-T demanded where none stands; -1: the severity is unknown */
        uint8_t frs;    /* exercised by the scenario, bit n for FR n */
        GArray *places; /* of HazardPlace */
        bool rated;     /* a live risk rates the scenario or the hazard, with its impact on safety */
        HazardVerdict verdict;
} HazardAttack;

/* All hazards, or one (else ZW_ITEM_NONE), each with every live scenario that leads to it, by number: GPtrArray of HazardAttack. */
GPtrArray *hazard_attacks(const Assess *assess, ItemNo hazard);

/* The verdict in words, with what it rests on; free it. */
char *hazard_attack_tell(GraphView view, const HazardAttack *attack);

#endif
