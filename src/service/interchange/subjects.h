/* What is installed as subjects of matching (docs/algorithms/matching.md): which components and assets are told apart, and under which names
 * and version. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_SUBJECTS_H
#define SERVICE_INTERCHANGE_SUBJECTS_H

#include "service/interchange/inventory.h"
#include "vuln/match.h"

/* Puts everything that is live into the index, which is finished then, and as many Things into `subjects`, by their numbers there. */
void subjects_add(const Inventory *inventory, MatchIndex *index, GPtrArray *subjects);
/* The keys under which advisories may mean a component, or an asset for its own sake: those of the component whose names it takes are not
 * among them (GPtrArray of texts). They follow from the attributes of the thing alone. */
GPtrArray *subject_keys(const Thing *thing);

#endif
