/* The keys under which items of a project are kept with what was matched (store/feeds.h), so that what changes finds what it means: those of
 * what is installed are those of the records that may mean it; advisories of documents and findings have keys of their own. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_HELD_H
#define SERVICE_INTERCHANGE_HELD_H

#include "service/interchange/inventory.h"

/* Before a key of an advisory: the document that holds it. */
#define ZW_HELD_DOCUMENT "d "
/* Before the id of a vulnerability: a finding of it, or one that was made for it. */
#define ZW_HELD_FINDING "f "
/* Before the id of a decision: a finding that follows it. */
#define ZW_HELD_DECISION "e "

/* The keys of a thing, which follow from its own revision alone (GPtrArray of texts); none for kinds that are not found by any. NULL on failure:
 * the errors of the store and of advisory_of. */
GPtrArray *held_keys(Store *store, const Thing *thing, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a finding that matching made bears the vulnerability that it was made for; else its keys hold both. */
bool held_finding_is_plain(const Thing *finding);

#endif
