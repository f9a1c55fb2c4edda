/* What an auditor sees whose role is limited to zones, as of the call's commit. Inside service/ only.
 *
 * The zones that are named and all that is part of them; what lies there by the links of docs/access.md, in part at least (a conduit
 * with one end in such a zone, a requirement allocated to it, its claims, tests, findings); what serves that, carries it or is rested
 * on, wherever it lies; what is demanded and claimed for a zone that it is part of; and what all this refers to (components, systems,
 * documents) that lies nowhere. Another zone, conduit, asset, access point or flow is not seen, nor what concerns those alone.
 *
 * The limit is set on the call's view of the store (store_view_limit) and on its graph (graph_limit), so whatever a use case reads
 * holds to it. Analyses are made of the whole graph and show what is seen (analysis/shown.h). */
#ifndef SERVICE_SIGHT_H
#define SERVICE_SIGHT_H

#include "service/internal.h"

/* Limits what the call reads when the caller's roles do. sight_lift undoes it. */
bool sight_set(Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sight_lift(Call *call);
/* The graph of a call whose sight is set. Errors: DENIED, it is as of another commit. */
bool sight_view(const Call *call, GraphView *ret_view, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
