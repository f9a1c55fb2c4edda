/* What the commits between two states of a project touched, from the log, so that of large states only what may differ is read.
 * Inside service/ only; one owner. */
#ifndef SERVICE_ANALYSES_TOUCHED_H
#define SERVICE_ANALYSES_TOUCHED_H

#include "service/internal.h"

typedef struct Touched Touched;

/* Everything after commit `after` up to `upto`, which `graph` is fed with unless it is NULL. *ret_touched is NULL when they hold more
 * than about `most` operations; the graph is as it was then. */
bool touched_load(Call *call, Seq after, Seq upto, size_t most, Graph *graph, Touched **ret_touched,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void touched_free(Touched *touched);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Touched, touched_free)

/* As store_each_item and store_each_link, in the same order, but only what was touched and is there at the view's commit. */
bool touched_each_item(const Touched *touched, Call *call, GraphView view, StoreItemFn fn, void *payload,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool touched_each_link(const Touched *touched, Call *call, Seq seq, StoreLinkFn fn, void *payload,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The graph of the call's project at the call's commit, and at a later one. One graph has both where the log between them is short:
 * then *ret_touched says what it touched, else it is NULL. */
bool graph_of_span(Call *call, Seq later, PinnedGraph *ret_earlier, PinnedGraph *ret_later,
                   Touched **ret_touched, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The order of links in the store. */
int link_order(const LinkRev *a, const LinkRev *b);

#endif
