#include "service/changeset/draft.h"

ResolveContext context_of_call(const Call *call, StoreView *view)
{
        return (ResolveContext){ .view = view,
                                 .store = call->service->store,
                                 .log = call->project->log,
                                 .actor = call->caller->person,
                                 .rights = &call->rights };
}

CommitDraft draft_of_call(const Call *call)
{
        return (CommitDraft){ .log = call->project->log,
                              .actor = call->caller->person,
                              .origin = call->caller->origin,
                              .request = jread_get_string(call->input, "request"),
                              .message = jread_get_string(call->input, "message") };
}
