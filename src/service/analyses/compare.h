/* What differs between two states of one project as the analyses see them: SL-T, SL-A and the rows of each place. Both states
 * belong to one log, so items have the same numbers in both. */
#ifndef SERVICE_ANALYSES_COMPARE_H
#define SERVICE_ANALYSES_COMPARE_H

#include "base/instant.h"
#include "base/jwrite.h"
#include "graph/graph.h"

typedef struct {
        GraphView view;
        Instant instant; /* at which evidence and waivers are judged */
} AnalysedState;

/* Writes the members `places`, of every place in which something differs, or of `only` (ZW_ITEM_NONE: any), key, title, what
 * became of it, entries of vectors, and rows with another status or stage, and `coverage`, how many demanded rows are at each stage. Gives the number of entries and rows. */
uint64_t compare_places_write(JWrite *w, const AnalysedState *old, const AnalysedState *new, ItemNo only);

#endif
