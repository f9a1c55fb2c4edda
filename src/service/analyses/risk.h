/* Risk methods of a project, and what is written about its risks (docs/algorithms/risk.md). Inside service/ only. */
#ifndef SERVICE_ANALYSES_RISK_H
#define SERVICE_ANALYSES_RISK_H

#include "analysis/target.h"
#include "service/internal.h"

/* Those of the program and of the project at a commit. Errors: those of the store. */
RiskMethods *risk_methods_load(StoreView *view, const Id *log, Seq seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
RiskMethods *risk_methods_of_call(const Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FRs as an array of numbers. */
void risk_frs_write(JWrite *w, FrSet frs);
/* What the derivation of a place says: derived beside stated, basis, witnesses, arithmetic, review. */
void derivation_write(JWrite *w, GraphView view, const Derivation *derivation);
void derivation_members_write(JWrite *w, GraphView view, const Derivation *derivation);

/* A number after the prefix of the kind that no item has or had. Somebody else may take it before the commit: the operation says
 * `rev` 0. */
uint64_t item_next_number(GraphView view, KindId kind);
/* Writes `changes`: what the edit of these operations answers, a dry run where the call asks for one. */
bool edit_call(Call *call, json_t *ops, const char *message, JWrite *w, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
