/* Inside analysis/ only: what the files of the plan share. */
#ifndef ANALYSIS_PLAN_INTERNAL_H
#define ANALYSIS_PLAN_INTERNAL_H

#include "analysis/internal.h"
#include "analysis/plan.h"

/* Adds what keeps the rows demanded at SL-T in a place from being met, with the actions that would change that; `known` tells
 * actions by what they are (plan_need.c). */
void plan_needs_add(Plan *plan, GHashTable *known, Assess *assess, const PlanPlace *place);

#endif
