/* Where assets and flows came from, for the comparison of the drawing with the inventory (docs/algorithms/lint.md). The graph
 * does not hold it. Inside service/ only. */
#ifndef SERVICE_ANALYSES_ORIGINS_H
#define SERVICE_ANALYSES_ORIGINS_H

#include "analysis/lint.h"
#include "service/internal.h"

/* By item number, at the commit of the call: a GArray of uint8_t (LintOrigin), NULL on failure. Errors: those of the store. */
GArray *origins_of_call(const Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* They, and the methods that rate risks, as lint takes them (borrowed). */
LintOrigins origins_view(const GArray *origins, const RiskMethods *methods);

#endif
