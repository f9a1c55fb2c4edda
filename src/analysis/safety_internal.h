/* Inside analysis/ only: the parts of what a safety function achieves. */
#ifndef ANALYSIS_SAFETY_INTERNAL_H
#define ANALYSIS_SAFETY_INTERNAL_H

#include "analysis/safety_function.h"

/* A decimal of the item, or of the first of its live components that states it; NaN. */
double safety_value(GraphView view, ItemNo item, AttrId attr);
SafetyElement safety_element_read(GraphView view, ItemNo item, Instant now, GPtrArray *notes);

/* What a part does for the function: figures, tolerance and capability. `vote` is the number that the function states, or -1. */
void safety_part_judge(GraphView view, SafetyPart *part, int vote, const SafetyFunction *function,
                       bool route_1h, GPtrArray *notes);

#endif
