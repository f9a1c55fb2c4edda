/* Inside analysis/ only: what the files of the assessment share. */
#ifndef ANALYSIS_INTERNAL_H
#define ANALYSIS_INTERNAL_H

#include "analysis/assess.h"
#include "analysis/evidence.h"
#include "analysis/exposure.h"
#include "analysis/kept.h"

enum { ANCESTORS_MAX = 32 };

/* A requirement item that reaches a place: allocated to it, to an ancestor, or to a member. */
typedef struct {
        RowId row;
        ItemNo requirement;
        ItemNo at; /* the item it is allocated to */
} Reach;

/* By row, requirement and place. */
int reach_compare(gconstpointer a, gconstpointer b);
/* Those of one row, of an array that is sorted. */
const Reach *reaches_of(const GArray *reaches, RowId row, size_t *ret_n);

/* From `from` on, and before `until`. */
typedef struct {
        Instant from, until;
} AssessSpan;

struct Assess {
        GraphView view;  /* what is computed from: all there is */
        GraphView shown; /* what results may name: the view it was made for */
        Instant now;
        EvidenceAges ages;        /* of evidence, by what the systems say */
        GArray *places;           /* of ItemNo */
        GArray *shown_places;     /* of those, the ones that are shown */
        Supposition supposed;     /* of one finding, other than the case says (finding.c) */
        GHashTable *breaks;       /* subject → what its findings break (finding.c) */
        GHashTable *services;     /* place and row → whether it is verified there (assess.c) */
        GHashTable *capabilities; /* component → how it meets each row of 62443-4-2 (capability.c) */
        GArray *unallocated; /* of Reach, sorted by row: requirements allocated to nothing; NULL until needed */
        Kept *keeper;        /* who notes what a figure was computed from, or NULL */
        GPtrArray *kept;  /* of PlaceAssessment, one for each place, when they are known already; else NULL */
        AssessSpan *span; /* between which instants every answer would be the same */
};

/* Nothing is in it yet: neither places nor what the systems say. */
Assess *assess_empty(GraphView view, Instant now);
/* Is the instant of the evaluation at `end` or after it? All that depends on time asks here. */
bool assess_is_past(const Assess *assess, Instant end);

/* ---- what is kept (kept.c); each does nothing without a keeper ---- */

/* What places share is computed apart and kept by itself, so that a place depends on what it comes to and not on all that it
 * was computed from. In the order in which one may rest on another. */
typedef enum { PART_BREAKS, PART_SYSTEM_BREAKS, PART_SERVICE, PART_PLACE } PartKind;
enum { ZW_PARTS = PART_PLACE + 1 };

/* What is read from here to its end belongs to a part. */
void kept_begin(Kept *kept);
void kept_end(Kept *kept, PartKind kind, uint64_t key);
/* A part that is there already is read, or the list of requirements of a row that are allocated to nothing. */
void kept_use(Kept *kept, PartKind kind, uint64_t key);
void kept_use_row(Kept *kept, RowId row);

/* What the findings on a subject and inside it break; of a system, on its assets and their components (finding.c). */
typedef struct {
        RowId row;
        ItemNo finding;
} Break;
const GArray *finding_breaks(Assess *assess, ItemNo subject);
/* Is the row, with its base row, verified by what is in `home` itself (assess.c)? */
bool service_is_verified(Assess *assess, RowId row, ItemNo home);
uint64_t service_key(RowId row, ItemNo home);
/* Requirements allocated to nothing, sorted by row (stage.c). Of one that was touched: brings it up to date, and gives the row where it was
 * and the one where it is, or ZW_ROW_NONE. */
const GArray *unallocated_of(Assess *assess);
bool unallocated_renew(Assess *assess, ItemNo requirement, RowId *ret_before, RowId *ret_after);

/* What is asked: what a place achieves, or what a component or a system could (62443 tells SL-A from SL-C). */
typedef enum {
        CAPABILITY_NONE,
        CAPABILITY_NATIVE,            /* neither compensated nor by integration with other things */
        CAPABILITY_WITH_COMPENSATION, /* these too */
} CapabilityKind;

/* What the scopes of the rows ask of an asset. */
typedef struct {
        ItemNo asset;
        uint8_t types;
        uint32_t yes, no; /* traits answered */
} AssetFacts;

/* What is asked of a member again and again. */
typedef struct {
        uint8_t types; /* of an asset: over its components */
        size_t n;
        ItemNo containers[]; /* itself first */
} Spot;

/* A place while it is assessed; for SL-C, a component or a system. */
typedef struct {
        Assess *assess;
        ItemNo place;
        CapabilityKind capability;
        ItemNo ancestors[ANCESTORS_MAX]; /* the place itself first, then what contains it */
        size_t n_ancestors;
        ItemNo system;    /* or ZW_ITEM_NONE */
        GArray *assets;   /* of ItemNo */
        GArray *facts;    /* of AssetFacts, one for each asset */
        GArray *boundary; /* of ItemNo: conduits and access points; for a conduit, itself */
        GArray *reaches;  /* of Reach, sorted by row */
        GArray *pending; /* of Reach, sorted by row: derived from an SL target of the place; NULL until needed */
        GHashTable *spots;   /* member → Spot (place.c): it is looked at for each row */
        GHashTable *answers; /* row → Answers (status.c): they are looked through for each member */
        GHashTable *broken;  /* asset → rows that something on it breaks (finding.c) */
        bool explain;
        bool alone; /* nothing is inherited from elsewhere */
} PlaceContext;

/* The same as assess_place, with what is not shown in it. */
PlaceAssessment *place_assess(Assess *assess, ItemNo place, bool explain);
/* Takes out of a result what is not shown (shown.c). */
void place_show(const Assess *assess, PlaceAssessment *place);
void capability_show(const Assess *assess, Capability *capability);
void exposure_show(const Assess *assess, Exposure *exposure);

PlaceContext *place_context_new(Assess *assess, ItemNo place, bool explain);
/* The same for what a component, or a system with all its places, could do. */
PlaceContext *component_context_new(Assess *assess, ItemNo component, bool explain);
PlaceContext *system_context_new(Assess *assess, ItemNo system, bool explain);
void place_context_free(PlaceContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlaceContext, place_context_free)

/* Members of a row; causes say why the row is unknown. False when it is unknown. */
bool place_need(PlaceContext *context, RowId row, GArray *ret_members, GPtrArray **causes);

/* The requirement items of `row` that reach the place. */
const Reach *place_reaches(const PlaceContext *context, RowId row, size_t *ret_n);
/* Does the requirement speak for this member: is it allocated to it, to what contains it, to the place or what contains that,
 * or to a component of it? */
bool place_reaches_member(const PlaceContext *context, const Reach *reach, ItemNo member);

/* Items that contain `item`, itself first (at most ANCESTORS_MAX). */
size_t item_containers(GraphView view, ItemNo item, ItemNo *ret_items);
/* What contains `member`, and its types (borrowed from the context). */
const Spot *place_spot(const PlaceContext *context, ItemNo member);

/* Component types (TYPE_ bits) of an asset over its components; 0 when none is known. */
uint8_t asset_types(GraphView view, ItemNo asset);
/* Answers of an asset; its own go before those of its components. */
void asset_traits(GraphView view, ItemNo asset, uint32_t *ret_yes, uint32_t *ret_no);
/* The place (zone or conduit) an item is part of, or ZW_ITEM_NONE. */
ItemNo item_place(GraphView view, ItemNo item);
/* A live safety function that the asset is sensor, logic or final element of, or ZW_ITEM_NONE. */
ItemNo safety_function_of(GraphView view, ItemNo asset);
/* Assets of the places within a system (GArray of ItemNo). */
GArray *system_assets(const Assess *assess, ItemNo system);

/* The best of the claims for a row on a member; status open and ZW_ITEM_NONE when there is none. */
typedef struct {
        RowStatus status;
        ItemNo claim;
        bool in_force; /* of one of them at least everything it rests on is there */
} MemberClaims;
/* CRs left out. */
MemberClaims claims_of(PlaceContext *context, RowId row, ItemNo member, GPtrArray **causes);

bool items_have(const ItemNo *items, size_t n, ItemNo item);
/* Of arrays of ItemNo: appends it unless it is there; and their order by number. */
void items_add(GArray *items, ItemNo item);
int item_compare(gconstpointer a, gconstpointer b);
/* Does the asset stand where the member is: is it the member, or an asset of the conduit, place or system it is? */
bool asset_is_at(const PlaceContext *context, ItemNo asset, ItemNo member);
bool component_is_there(const PlaceContext *context, ItemNo component, ItemNo member);
/* Is everything the claim rests on there for the member? */
bool claim_is_complete(PlaceContext *context, ItemNo claim, ItemNo member, GPtrArray **causes);
/* Is a link suspect that the claim's being in force for the member rests on? */
bool claim_is_suspect(PlaceContext *context, ItemNo claim, ItemNo member, GPtrArray **causes);
/* Does the claim rest on a configuration that was captured on an asset at the member? */
bool claim_is_captured(const PlaceContext *context, ItemNo claim, ItemNo member);
/* Does the claim rest on procedures alone: on procedural countermeasures, and at most documents beside them? */
bool claim_is_procedure(const Assess *assess, ItemNo claim);
/* Does the claim need more than the component and its parts? */
bool claim_is_by_integration(const Assess *assess, ItemNo claim, ItemNo component);

/* What the tests and the evidence of a claim say for a member. */
typedef struct {
        bool failed, passed, verified;
} Proof;
void proof_by_tests(PlaceContext *context, ItemNo claim, ItemNo member, Proof *proof, GPtrArray **causes);
void proof_by_evidence(PlaceContext *context, ItemNo claim, ItemNo member, Proof *proof, GPtrArray **causes);

/* Is the waiver approved, and not past its last day? */
bool waiver_is_in_force(GraphView view, ItemNo waiver, Instant now);
/* Does a waiver remove the row in the place, or for one member whose own requirement it waives? They set row->waiver. */
bool waiver_removes_row(PlaceContext *context, RowAssessment *row);
bool waiver_removes_member(PlaceContext *context, RowAssessment *row, ItemNo member, GPtrArray **causes);

/* A requirement item of the row that is meant for the place and not allocated to it, one that derives from a risk if any, or
 * ZW_ITEM_NONE: it derives from an SL target of the place, or is allocated to nothing at all (stage.c). */
ItemNo requirement_unallocated(PlaceContext *context, RowId row);

/* Is a live threat, hazard, incident or risk above the requirement, over live requirements and SL targets (stage.c)? */
bool derives_from_risk(GraphView view, ItemNo requirement);

/* Cleared by its state, or by a verified countermeasure that mitigates it; `accepted` does not clear. */
bool finding_is_cleared(const Assess *assess, ItemNo finding);
/* The subject, and where it is a component the live ones inside it, its bill of materials (GArray of ItemNo). */
GArray *subject_parts(GraphView view, ItemNo subject);
/* The oldest confirmed finding from number `from` on that breaks `row` for `member`, or ZW_ITEM_NONE. */
ItemNo finding_breaking(PlaceContext *context, RowId row, ItemNo member, ItemNo from);

/* Hands over what `from` (or NULL) holds. */
void causes_move(GPtrArray **causes, GPtrArray *from);
void cause_add(PlaceContext *context, GPtrArray **causes, const char *kind, ItemNo item, const char *format,
               ...) G_GNUC_PRINTF(5, 6);

#endif
