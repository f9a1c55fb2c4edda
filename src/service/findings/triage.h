/* What triage.c (what a person says of findings) and triage_vex.c (what a VEX document says) work on. Inside service/ only. */
#ifndef SERVICE_FINDINGS_TRIAGE_H
#define SERVICE_FINDINGS_TRIAGE_H

#include "service/internal.h"

typedef struct {
        Call *call;
        GraphView view;
        const json_t *input;
        Workflow *workflow;
        StateId to; /* where `moves` */
        bool moves;
        const char *reason; /* or NULL */
        json_t *ops, *rows;
        json_t *unmatched; /* statements of a document that no finding is meant by, {"where","vulnerability"}; or NULL */
        size_t refused;
} Triage;

/* Appends the operations and the row of one finding: to the state `to` where it `moves`, with the reason; with both it is a
 * decision. A finding that cannot go there is a refused row. Errors: those of the store; INPUT, NOT_FOUND for a scope. */
bool triage_finding(Triage *triage, const ItemRev *rev, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void triage_refuse(Triage *triage, const char *key, const char *why);

/* The same of each finding that a VEX document speaks of and that is not yet as it says (docs/formats/vex.md). Errors: INPUT; those of
 * the store. */
bool triage_vex(Triage *triage, const json_t *document, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
