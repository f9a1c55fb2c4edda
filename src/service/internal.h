/* Inside service/ only. */
#ifndef SERVICE_INTERNAL_H
#define SERVICE_INTERNAL_H

#include "analysis/assess.h"
#include "base/error.h"
#include "base/jread.h"
#include "graph/graph.h"
#include "model/workflow.h"
#include "service/rights.h"
#include "service/service.h"
#include "service/access/throttle.h"
#include "store/signature.h"
#include "store/store.h"

#include <pthread.h>

typedef struct OpenProject OpenProject;
typedef struct Jobs Jobs;
typedef struct Events Events;
typedef struct Webhooks Webhooks;
typedef struct Identities Identities;
typedef struct Sight Sight;
typedef struct Words Words;

struct Service {
        Store *store;
        Throttle *throttle;
        Identities *identities;
        pthread_mutex_t
                lock; /* guards `open`, `feed_rules` and `feed_keyring` alone, so it is never held for long */
        GPtrArray *open; /* of OpenProject, counted */
        Jobs *jobs;      /* of a server, else NULL; set before and after all calls, as are the next */
        Events *events;
        Webhooks *webhooks;
        struct FeedRules *feed_rules;     /* counted; NULL before service_configure */
        struct FeedKeyring *feed_keyring; /* counted; the last one read, or NULL */
};

/* What one call works on. */
typedef struct {
        Service *service;
        const Caller *caller;
        const json_t *input;
        ServiceFiles files;
        Progress *progress; /* or NULL */
        StoreView *view;
        StoreProject *project; /* NULL for use cases without one */
        Rights rights;         /* of the caller, in the project if there is one */
        Seq at;                /* commit that is read */
        Sight *sight;    /* what of it is seen, when the caller sees some zones only (sight.h); else NULL */
        Instant instant; /* evaluation instant */
} Call;

typedef bool (*UsecaseFn)(Call *call, JWrite *w, GError **error);

#define USECASE(symbol, name, function, permission, scope, summary) \
        bool function(Call *call, JWrite *w, GError **error);
#include "service/usecases.def"
#undef USECASE

/* Whether the caller may run the use case with this input, without running it; a denial is recorded. *ret_log is the project
 * if it works on one. Errors: those of service_call. */
bool service_may(Service *service, const Caller *caller, const char *usecase, const json_t *input,
                 bool *ret_in_project, Id *ret_log, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the caller sees what happens in a project; false without an error when not. For who asks outside of a call. */
bool service_sees(StoreView *view, const Caller *caller, const Id *log, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Takes the instant of evaluation that the input of a use case without a project asks for. Errors: INPUT. */
bool call_take_instant(Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Copies what a descriptor holds into the one file of the call and says its name, type and size. Errors: USAGE, there is not one
 * file; STORAGE. */
bool call_copy_out(const Call *call, int fd, const char *name, const char *media, JWrite *w, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* What is remembered of the provider of identities, see identity.h. */
Identities *identities_new(void);
void identities_free(Identities *identities);

/* Whether the caller sees the project at all: a role in it, or an operator. */
bool call_sees(const Rights *rights);
/* Writes a line of the audit trail about this call: what was done to what, and how it ended. */
bool call_audit(const Call *call, StoreTxn *txn, const char *action, const char *object, const char *outcome,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of a project that the call makes. */
bool call_audit_in(const Call *call, StoreTxn *txn, const char *project, const char *action,
                   const char *object, const char *outcome, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes the member `signatures` of an item: what was signed, by whom, and whether it stands. */
bool signatures_write(Call *call, const ItemRev *rev, JWrite *w, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Does the item, in the revision `rev`, still say what was signed? */
bool signature_stands(Call *call, const SignatureRev *signature, const ItemRev *rev, bool *ret_stands,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reports each signature of the project that does not hold; true when all were looked at. */
bool signatures_check(StoreView *view, const StoreProject *project, StoreProblemFn fn, void *payload,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Calls `see` with each signature of that meaning that stands at the call's commit. */
typedef void (*SignedItemFn)(const SignatureRev *signature, void *payload);
bool signatures_standing(Call *call, MeaningId meaning, SignedItemFn see, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

void open_project_unref(OpenProject *open);

/* The branch `name` of the call's project. Errors: NOT_FOUND. */
StoreProject *call_branch(const Call *call, StoreView *view, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The graph of the call's project at the call's commit. It holds what the view points into: the open project, or a
 * temporary graph for the far past. */
typedef struct {
        GraphView view;
        OpenProject *open;
        Graph *temporary;
} PinnedGraph;
bool graph_of_call(Call *call, PinnedGraph *ret_pinned, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* For who asks about all places: the same as assess_new at the call's instant; of the present with what is kept of places from earlier
 * calls. */
Assess *assess_of_call(const Call *call, const PinnedGraph *pinned);
/* The texts of the project whose graph is pinned (lists/words.h), as long as it is; NULL for a temporary graph. */
Words *words_of_pinned(const PinnedGraph *pinned);
/* A graph of its own as of a commit. */
Graph *graph_load_at(StoreView *view, const Id *log, Seq at, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The project was deleted: should it come back, its graph is loaded anew. */
void service_forget_graph(Service *service, const Id *log);
void pinned_graph_clear(PinnedGraph *pinned);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PinnedGraph, pinned_graph_clear)

/* The commit that `text` names: its number, a date, or a baseline key. Errors: NOT_FOUND with `member` as place. */
bool call_find_seq(Call *call, const char *text, const char *member, Seq *ret_seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* An item named by `key` in the input, in the graph. Errors: NOT_FOUND, USAGE. */
bool call_item(const Call *call, GraphView view, const char *member, ItemNo *ret_item, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The zone or conduit that the input names as `zone`, or all (appended, as ItemNo). Errors: NOT_FOUND, USAGE. */
bool places_of_call(Call *call, const Assess *assess, GArray *ret_places, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The state machine of a kind in the call's project, as it is now. Free it. Errors: those of the store. */
bool call_workflow(const Call *call, KindId kind, Workflow **ret_workflow, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Whether the caller may move an item there: tried and given up. *ret_why says why not (free it); NULL where they may. */
typedef enum { TRANSITION_ALLOWED, TRANSITION_DENIED, TRANSITION_UNMET, TRANSITION_UNSIGNED } TransitionTry;
bool transition_try(Call *call, const char *key, StateId to, TransitionTry *ret_result, char **ret_why,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The links of an item on one side of it, each as an object. */
void item_links_write(JWrite *w, GraphView view, ItemNo item, GraphSide side);

/* `link AS-3 satisfies RQ-9` is short for a claim of one: gives native operations in which each such link is an item of
 * kind claim with its links, and each such unlink retires that claim. Errors: NOT_FOUND, METAMODEL, with the place. */
json_t *satisfies_expand(StoreView *view, const Id *log, const json_t *native, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* What a person signs with, who has just proved who they are: the use cases of signing have one, and nobody else. */
typedef struct {
        MeaningId meaning;
        RoleId role; /* ZW_ROLE_COUNT: one that the meaning takes */
        const char *reason;
        const char *project; /* its key */
        ProofId proof;
        Instant time;
        bool approve;        /* then move it, unless other people's signatures are missing still */
        const char *move_to; /* the state; NULL: the approved one */
} SignIntent;

/* What a request that was done before answered: `why` is the EXISTS of the store, which names the commit. `outcome` gets
 * created, updated and keys again (as resolve_ops), *ret_seq the commit. False with `why` as error when it is anything else. */
bool replay_outcome(Call *call, GError *why, json_t *outcome, Seq *ret_seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The keys of the items that the call's request made before, a new reference; NULL where it is new. */
bool replay_made(Call *call, json_t **ret_keys, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Native operations (docs/native-format.md) to operations of the log, on the pending tip. An operation may carry the
 * members `where` (its place in the file it came from, used in messages), `file` (number of that file) and `complete` (it
 * says all there is to say of its item), which never reach the log.
 * `outcome` gets created, updated and unchanged by kind, links and results by number, kept and problems as lists of places.
 * Where signatures alone are missing for a transition `unsigned` is true there.
 * Errors: METAMODEL, CONFLICT, NOT_FOUND and others with `operation N`, or what the operation says, in front of the place.
 * With `refused`, what is wrong with an operation is listed there and its changes left out, and those of all that name the
 * same item; only what makes every operation fail is an error. */
typedef struct {
        StoreView *view;
        Store *store;
        Id log;
        Id actor;
        const Rights *rights; /* of the actor */
        bool states;          /* an item's state is honoured: restore and sample only */
        bool merge;   /* people's changes come before those of items named by outside identity: imports */
        bool dry;     /* nothing is to be written: no blobs are made */
        bool ids;     /* new items may say their id: those of a branch keep it when it is merged */
        bool by_rule; /* `decided` operations are taken: what matching makes of decisions that people took */
        bool editorial; /* by word of its author nothing changes its meaning: no revision is substantive */
        Progress *progress;        /* or NULL */
        json_t *refused;           /* of {"where","reason"}, or NULL */
        const SignIntent *signing; /* `sign` operations are taken; or NULL */
        GArray *origins; /* of guint32: number of the native operation that each one given back comes from; or NULL */
} ResolveContext;
json_t *resolve_ops(const ResolveContext *context, const json_t *native, json_t *outcome, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Very many operations, one at a time: `each` gives all of them to `take`, and does so again whenever it is called. */
typedef struct {
        bool (*each)(void *payload, SpillJsonFn take, void *data, GError **error);
        void *payload;
        size_t n; /* how many there are */
} OpSource;
OpSource op_source_of_array(const json_t *ops);
/* The same as resolve_ops with what becomes of them as lines. NULL on failure. */
Spill *resolve_lines(const ResolveContext *context, const OpSource *native, json_t *outcome, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
