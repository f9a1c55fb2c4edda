/* What a proposed change does to safety and essential functions, for what-if. */
#ifndef SERVICE_ANALYSES_WHAT_IF_SAFETY_H
#define SERVICE_ANALYSES_WHAT_IF_SAFETY_H

#include "service/internal.h"

/* The members `balances`, functions whose sums, verdict or open assessments become others, and `conflicts`, those that are new. */
void what_if_safety_write(JWrite *w, GraphView old, GraphView new, Instant now);

#endif
