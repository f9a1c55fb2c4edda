/* Reviews: an item of kind review says which items, in which revisions, were sent to whom. What each reviewer decided on each item
 * is a setting of the project, so it is in the log, is read as of any commit, and makes no revision: who decides is no author
 * of the review and can sign it. What was decided is written into the review when it is finished; signatures cover that. */
#ifndef SERVICE_CHANGESET_REVIEW_H
#define SERVICE_CHANGESET_REVIEW_H

#include "service/internal.h"

#define ZW_REVIEW_PREFIX "review:"

/* What there is to decide; worst last. */
typedef enum { DECISION_ACCEPTED, DECISION_CHANGES, DECISION_REJECTED, DECISION_COUNT } ReviewDecision;
const char *decision_name(ReviewDecision decision);
bool review_decision_find(const char *name, ReviewDecision *ret_decision);

/* The name of the setting that holds a decision: {"decision","rev","time"}. Ids in hex; free it. */
char *review_setting(const char *review, const char *item, const char *person);
/* What all settings of a review begin with. Free it. */
char *review_prefix(const char *review);

/* Of how many of its items a reviewer's decision is missing, or was made before they changed; 0 for who is none, and when it is
 * over. Errors: those of the store. */
bool review_waiting(Call *call, const ItemRev *review, const Id *person, unsigned *ret_n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
