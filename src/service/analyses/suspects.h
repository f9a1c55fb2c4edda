/* The queue of suspect links, as the use cases that show it and those that work it share it. */
#ifndef SERVICE_ANALYSES_SUSPECTS_H
#define SERVICE_ANALYSES_SUSPECTS_H

#include "analysis/suspect.h"
#include "service/internal.h"

/* The direct suspects of the call's project at its commit; with the filter `q` (or NULL) those with an item that fits it at an
 * end. Free with g_array_unref. Errors: those of filter_new. */
GArray *suspects_of_call(Call *call, GraphView view, const char *q, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
