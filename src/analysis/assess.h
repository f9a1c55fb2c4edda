/* What a place must fulfil and how far it does: need, claim and row status, SL-A (docs/algorithms/status.md, sl-a.md).
 *
 * A *place* is a zone or a conduit. A row is a requirement or enhancement of 62443-3-3. A *member* of `need(row, place)` is an
 * asset, a conduit or access point, the place, or the system, by the scope of the row (data/catalogues/sr_scope.tsv, project
 * practice). Definitions: 62443-3-3:2013 for rows and levels; everything the standard leaves open is project practice and
 * says so on its page.
 *
 * An Assess is made for one view and one evaluation instant, and used by one thread; results are owned by the caller. */
#ifndef ANALYSIS_ASSESS_H
#define ANALYSIS_ASSESS_H

#include "graph/graph.h"

/* In rising order; UNKNOWN and REMOVED lie outside it. */
typedef enum {
        STATUS_OPEN,
        STATUS_FAILED,
        STATUS_SUSPECT,
        STATUS_CLAIMED,
        STATUS_VERIFIED,
        STATUS_UNKNOWN, /* data are missing to say more */
        STATUS_REMOVED, /* not applicable by an approved, unexpired waiver, or no member needs it */
} RowStatus;

const char *row_status_name(RowStatus status);

/* Why a status is not better. */
typedef struct {
        const char *kind; /* a fixed word, such as no_claim */
        ItemNo item;      /* or ZW_ITEM_NONE */
        char *text;
} Cause;

/* How one member meets a row. */
typedef struct {
        ItemNo member;
        RowStatus status;
        ItemNo claim;      /* the claim that decides, or ZW_ITEM_NONE */
        bool broken;       /* a confirmed finding breaks the row here */
        GPtrArray *causes; /* of Cause; NULL when none */
} MemberStatus;

/* One row in one place. */
typedef struct {
        RowId row;
        RowStatus status;
        bool broken;
        ItemNo requirement; /* with this reference for this place, one that derives from a risk if any; or ZW_ITEM_NONE */
        ItemNo unallocated; /* where there is none: one with this reference that is not allocated here; or ZW_ITEM_NONE */
        ItemNo waiver;     /* of any decision, or ZW_ITEM_NONE */
        GArray *members;   /* of MemberStatus */
        GPtrArray *causes; /* of Cause, about the row itself; NULL when none */
} RowAssessment;

typedef struct {
        ItemNo place;
        SlVector target; /* SL-T; unknown entries are not derived */
        SlVector verified, claimed, verified_with_findings, claimed_with_findings;
        RowAssessment rows[ZW_SR_ROWS];
        int shares; /* atomic: how often it is still to be freed; what is shared is not changed (kept.h) */
} PlaceAssessment;

typedef struct Assess Assess;

/* `now` is the evaluation instant: waivers, evidence and countermeasures age against it. Of a view that shows a part (graph_limit)
 * levels and statuses are those of the whole; places, members, causes and what else a result names are those that it shows. */
Assess *assess_new(GraphView view, Instant now);
void assess_free(Assess *assess);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Assess, assess_free)

GraphView assess_view(const Assess *assess);

/* Live zones and conduits that are shown, in item order (borrowed). */
const ItemNo *assess_places(const Assess *assess, size_t *ret_n);

/* SL-T of a place from its live sl_target items: entry by entry the highest; 0 only from an approved one with a statement. Of a view
 * that shows a part it is that of the whole. */
SlVector place_target(GraphView shown, ItemNo place);
SlVector assess_target(const Assess *assess, ItemNo place);

/* Everything about one place. With `explain` false, causes are left out. */
PlaceAssessment *assess_place(Assess *assess, ItemNo place, bool explain);
void place_assessment_free(PlaceAssessment *assessment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlaceAssessment, place_assessment_free)

/* What is supposed of one finding instead of what the case says: it breaks these rows, cleared or not. */
typedef struct {
        ItemNo finding; /* ZW_ITEM_NONE: nothing is supposed */
        RowId rows[ZW_SR_ROWS];
        size_t n;
        bool alone; /* no other finding breaks anything */
} Supposition;

void assess_suppose(Assess *assess, const Supposition *supposed);
/* Judges anew what findings break in a place, after a supposition: `broken` of its rows and members, and the vectors with
 * findings. Statuses do not depend on findings; causes stay as they were. */
void assess_place_breaks(Assess *assess, PlaceAssessment *place);

/* The furthest stage a row has reached in its place (docs/algorithms/coverage.md). */
typedef enum {
        STAGE_NO_REQUIREMENT,
        STAGE_NOT_DERIVED, /* from a risk */
        STAGE_NOT_ALLOCATED,
        STAGE_NOT_CLAIMED,
        STAGE_NOT_VERIFIED,
        STAGE_VERIFIED,
        STAGE_NOT_APPLICABLE,
} RowStage;
enum { ZW_STAGE_COUNT = STAGE_NOT_APPLICABLE + 1 };

const char *row_stage_name(RowStage stage);
RowStage row_stage(GraphView view, const RowAssessment *row);

/* The four vectors. */
typedef enum {
        LEVEL_VERIFIED,
        LEVEL_CLAIMED,
        LEVEL_VERIFIED_WITH_FINDINGS,
        LEVEL_CLAIMED_WITH_FINDINGS,
} LevelKind;
enum { ZW_LEVEL_KINDS = LEVEL_CLAIMED_WITH_FINDINGS + 1 };

const SlVector *place_vector(const PlaceAssessment *place, LevelKind kind);
/* Is the row among those that keep its entry of a vector from the next level, or from being known? */
bool row_stops_level(const PlaceAssessment *place, RowId row, LevelKind kind);
/* The same for the verified vector. */
bool row_stops(const PlaceAssessment *place, RowId row);

/* The result of a case that counts: the newest passed or failed one of a live run, whatever is installed. False when there
 * is none. */
bool case_outcome(const Assess *assess, ItemNo test_case, GraphResult *ret_result);

/* Is the item past the last day that `attr` states? Never without the attribute. */
bool assess_is_expired(const Assess *assess, ItemNo item, AttrId attr);
/* Is evidence past its validity, or older than its nature may be (evidence.h)? */
bool assess_evidence_is_over(const Assess *assess, ItemNo evidence);

/* Has the countermeasure a verifying test that passed, and is it approved and not expired? */
bool countermeasure_is_verified(const Assess *assess, ItemNo countermeasure);

/* SL-C over the 4-2 rows of a component's types (62443-4-2), or over the 3-3 rows of a system (docs/algorithms/sl-c.md). */
typedef struct {
        RowId row;
        int level;          /* the level it stops */
        const char *status; /* of the row, or `compensated`: met with compensation or by integration */
        ItemNo requirement, member, claim; /* or ZW_ITEM_NONE */
        char *text;
        GPtrArray *causes; /* of Cause; NULL when none */
} CapabilityReason;

typedef struct {
        SlVector native, with_compensation;
        SlVector claimed;                      /* native, where a claim without proof is enough */
        int met[ZW_FR_COUNT], of[ZW_FR_COUNT]; /* rows of the FR that are met, and that count */
        GArray *reasons;                       /* of CapabilityReason: rows that are not met natively */
} Capability;

/* All entries are unknown when the component has no type or a common constraint (CCSC) is not met. */
Capability *assess_component(Assess *assess, ItemNo component);
Capability *assess_system(Assess *assess, ItemNo system);
void capability_free(Capability *capability);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Capability, capability_free)

#endif
