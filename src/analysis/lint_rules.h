/* Inside analysis/ only: what the rules of lint share. Each rule looks at one live item of its kinds. */
#ifndef ANALYSIS_LINT_RULES_H
#define ANALYSIS_LINT_RULES_H

#include "analysis/internal.h"
#include "analysis/lint.h"

#define LINT_KIND(kind) (UINT64_C(1) << (kind)) /* in a set of kinds */

typedef struct LintDrawing LintDrawing; /* lint_drawing.c */

typedef struct {
        GraphView view;
        Assess *assess;
        const LintOrigins *origins; /* or NULL */
        const RiskMethods *methods;
        LintDrawing *drawing;     /* NULL until needed */
        GHashTable *capabilities; /* component → SL-C; NULL until needed */
        GHashTable *departments;  /* person → department; NULL until needed */
        const Defect *rule;       /* what all defects of the rule have */
        int answer;               /* bit of waives.rules that answers the rule, or -1 */
        bool answered;            /* give those too */
        GArray *defects;
} Lint;

void lint_found(Lint *lint, ItemNo item, ItemNo other, const char *format, ...) G_GNUC_PRINTF(4, 5);
/* A link of these types to a live item? */
bool lint_has_link(const Lint *lint, ItemNo item, GraphSide side, LinkMask types);
/* A live conduit at the other end of a link of the type `connects`? */
bool lint_has_conduit(const Lint *lint, ItemNo item, GraphSide side);
const char *lint_key(const Lint *lint, ItemNo item);
/* Name of the value of an enumerated attribute that the item has. */
const char *lint_value(const Lint *lint, ItemNo item, AttrId attr);

void lint_target_without_risk(Lint *lint, ItemNo item);
void lint_target_from_capability(Lint *lint, ItemNo item);
void lint_requirement_without_source(Lint *lint, ItemNo item);
void lint_requirement_on_unversioned_document(Lint *lint, ItemNo item);
void lint_requirement_not_allocated(Lint *lint, ItemNo item);
void lint_component_requirement_on_place(Lint *lint, ItemNo item);
void lint_checklist_without_scope(Lint *lint, ItemNo item);
void lint_log_unowned(Lint *lint, ItemNo item);
void lint_claim_without_allocation(Lint *lint, ItemNo item);
void lint_claim_on_retired(Lint *lint, ItemNo item);
void lint_claim_without_proof(Lint *lint, ItemNo item);
void lint_proof_without_effect(Lint *lint, ItemNo item);
void lint_compensation_incomplete(Lint *lint, ItemNo item);
void lint_evidence_without_revision(Lint *lint, ItemNo item);
void lint_document_without_revision(Lint *lint, ItemNo item);
void lint_asset_in_no_place(Lint *lint, ItemNo item);
void lint_drawing_unlike_inventory(Lint *lint, ItemNo item);
void lint_flow_without_conduit(Lint *lint, ItemNo item);
void lint_business_not_separated(Lint *lint, ItemNo item);
void lint_safety_asset_outside(Lint *lint, ItemNo item);
void lint_temporary_not_separated(Lint *lint, ItemNo item);
void lint_wireless_not_separated(Lint *lint, ItemNo item);
void lint_external_not_separated(Lint *lint, ItemNo item);
void lint_conduit_without_ends(Lint *lint, ItemNo item);
void lint_conduit_skips_levels(Lint *lint, ItemNo item);
void lint_access_point_without_conduit(Lint *lint, ItemNo item);
void lint_mitigation_without_test(Lint *lint, ItemNo item);
void lint_no_failure_effect(Lint *lint, ItemNo item);
void lint_tester_not_independent(Lint *lint, ItemNo item);
void lint_waiver_without_rationale(Lint *lint, ItemNo item);
void lint_essential_unanswered(Lint *lint, ItemNo item);
void lint_essential_lost(Lint *lint, ItemNo item);
void lint_frs_without_reason(Lint *lint, ItemNo item);
void lint_technique_without_fr(Lint *lint, ItemNo item);
void lint_residual_above_tolerable(Lint *lint, ItemNo item);

void lint_drawing_free(LintDrawing *drawing);

#endif
