/* Risks as rated, and the SL-T that follows from them (docs/algorithms/risk.md, sl-t.md; 62443-3-2 ZCR 2, 4 and 5, which
 * prescribe no formula: methods and their combination are project practice). Pure functions over a graph view; results are
 * owned by the caller. Thread-safe for readers. */
#ifndef ANALYSIS_TARGET_H
#define ANALYSIS_TARGET_H

#include "graph/graph.h"
#include "model/risk.h"

/* Foundational requirements as bits, bit n for FR n. */
typedef uint8_t FrSet;

/* What the techniques of a threat propose: FRs of the 62443-3-3 rows that resist them (data/catalogues/attack_ics_to_sr.tsv).
 * `ret_unmapped` (or NULL) gets those (of char *) for which only a person can say the FR. */
FrSet threat_proposed_frs(GraphView view, ItemNo threat, GPtrArray *ret_unmapped);
/* What it exercises: what a person stated, else what is proposed. */
FrSet threat_frs(GraphView view, ItemNo threat);
/* The same for a risk: stated on it, else those of the live threats it assesses. */
FrSet risk_proposed_frs(GraphView shown, ItemNo risk);
FrSet risk_frs(GraphView view, ItemNo risk);
/* FRs as stated on a threat or a risk; 0 when they are not. */
FrSet stated_frs(GraphView view, ItemNo item);

/* A risk with its level. */
typedef struct {
        ItemNo risk;
        FrSet frs;
        bool initial;                     /* ZCR 2; else detailed, ZCR 5 */
        const RiskMethod *method;         /* that rates it; NULL when none has the name that it states */
        bool assumed;                     /* it names no method: the project's is taken */
        const RiskMethod *newer;          /* the version that replaced it, or NULL: the risk is suspect */
        RiskLevel level;                  /* unmitigated */
        int residual[ZW_RISK_CATEGORIES]; /* -1: not stated, or unknown */
        int residual_tolerable[ZW_RISK_CATEGORIES]; /* what it is compared with; -1 unknown */
        bool residual_above; /* the residual risk of some category is above its tolerable one */
} RatedRisk;

RatedRisk *risk_rate(GraphView view, const RiskMethods *methods, ItemNo risk);
void rated_risk_free(RatedRisk *rated);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RatedRisk, rated_risk_free)

/* What an entry rests on, by its own risks; in the order of sl_target.basis and then none. */
typedef enum { TARGET_DETAILED, TARGET_INITIAL, TARGET_POLICY, TARGET_OVERRIDE, TARGET_NONE } TargetBasis;
const char *target_basis_name(TargetBasis basis); /* NULL for none */

typedef enum {
        TARGET_MISSING,      /* risks give levels and nothing states them */
        TARGET_EMPTY,        /* no risk exercises anything, and no derived level is stated */
        TARGET_DRAFT,        /* stated as derived, and not approved */
        TARGET_ACCEPTED,     /* stated as derived, and approved */
        TARGET_UNDER_REVIEW, /* something it follows from changed */
} TargetState;
const char *target_state_name(TargetState state);

/* SL-T of a place as its risks give it, beside what is stated. */
typedef struct {
        ItemNo place;
        SlVector derived; /* unknown: no risk exercises the FR, or the level of one that does is unknown */
        TargetBasis basis[ZW_FR_COUNT];
        GPtrArray *risks; /* of RatedRisk, live risks within the place in item order */
        ItemNo target;    /* the live sl_target that states what was derived, or ZW_ITEM_NONE */
        SlVector stated;  /* its vector */
        TargetBasis stated_basis[ZW_FR_COUNT];
        TargetState state;
        GPtrArray *review; /* of char *: why it is under review */
} Derivation;

/* Is the risk a witness: does it give the entry its level? */
bool derivation_is_witness(const Derivation *derivation, const RatedRisk *risk, int fr);
/* `RK-6 gives 3 for FR 1, 3, 5; ...`: how the entries follow. Free it. */
char *derivation_arithmetic(GraphView view, const Derivation *derivation);

Derivation *target_derive(GraphView view, const RiskMethods *methods, ItemNo place);
void derivation_free(Derivation *derivation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Derivation, derivation_free)

/* The basis that an sl_target states for an entry. */
TargetBasis target_stated_basis(GraphView view, ItemNo target, int fr);

#endif
