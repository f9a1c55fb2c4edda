/* What a call writes with: where its operations are resolved, and the commit they become. By value; what they point to belongs to
 * the call. The caller adds what is special about it. */
#ifndef SERVICE_CHANGESET_DRAFT_H
#define SERVICE_CHANGESET_DRAFT_H

#include "service/internal.h"

ResolveContext context_of_call(const Call *call, StoreView *view);
/* By the person of the call, with its origin, request and message. */
CommitDraft draft_of_call(const Call *call);

#endif
