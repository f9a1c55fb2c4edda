/* What of a result may be shown to who sees a part of the project (graph_limit). Results are computed of the whole, so that a level
 * does not depend on who asks; what they name is taken out here where it is not seen: items, and texts with the key of one.
 * Nothing is done where all is seen. Thread-safe for readers. */
#ifndef ANALYSIS_SHOWN_H
#define ANALYSIS_SHOWN_H

#include "graph/graph.h"

/* Does the view show each item whose key the text has? */
bool text_is_shown(GraphView view, const char *text);
/* The item, or ZW_ITEM_NONE when the view does not show it. */
ItemNo item_shown(GraphView view, ItemNo item);
/* Whether there is no such item, or the view shows it. */
bool item_may_show(GraphView view, ItemNo item);

#endif
