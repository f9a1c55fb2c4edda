/* What lists of changes, incidents and actions share: the items of a call one by one, and what is written of each. Inside service/
 * only. */
#ifndef SERVICE_OPERATIONS_OPERATION_H
#define SERVICE_OPERATIONS_OPERATION_H

#include "graph/walk.h"
#include "model/operation.h"
#include "service/internal.h"

enum { ZW_OPERATION_KEYS_MAX = 50 };

/* The policy of the project, or the one that comes with the program. Errors: those of the store. */
OperationPolicy *operation_policy_load(StoreView *view, const Id *log, Seq seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* One item as it is at the call's commit. Borrowed for the length of a callback. */
typedef struct {
        Call *call;
        GraphView view;
        const OperationPolicy *policy;
        Walk *walk;
        const ItemRev *rev;
        const json_t *attrs;
} WorkItem;
typedef bool (*WorkItemFn)(const WorkItem *work, void *payload, GError **error);

/* Those of these kinds (bit per KindId) that are not retired, in the order of their numbers; with the member `key` of the input only
 * that one, with `q` and `state` those that fit. Errors: NOT_FOUND, USAGE for an item of another kind; those of filters. */
bool work_items_each(Call *call, uint64_t kinds, WorkItemFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Whether it waits for nothing more. */
bool work_is_over(StateId state);
/* The end of the day it is due, if it says one. */
bool work_due(const json_t *attrs, Instant *ret_due);

/* Members of the open object. */
void work_head_write(const WorkItem *work, JWrite *w);
/* The other ends of its links of a type, as an array of {"key","kind","title","state"}. */
void work_links_write(const WorkItem *work, JWrite *w, const char *name, GraphSide side, uint64_t types,
                      uint64_t kinds);
/* One of them. */
void work_item_write(JWrite *w, GraphView view, ItemNo item);

/* What it touches: what a change of what it concerns reaches but over the topology (`steps`, itself first, borrowed until the next
 * walk), where those things lie and the zones at the ends of conduits, the requirements of claims that rest on them or cover them, and the risks of scenarios that threaten them or where they lie. */
typedef struct {
        const WalkStep *steps;
        size_t n;
        GArray *items; /* of ItemNo, each once: all of it but the start */
} WorkReach;
void work_reach_clear(WorkReach *reach);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WorkReach, work_reach_clear)
bool work_reach(const WorkItem *work, WorkReach *ret_reach, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes keys by kind, at most ZW_OPERATION_KEYS_MAX of each, and how many there are. */
void work_reach_write(const WorkItem *work, const WorkReach *reach, JWrite *w);
/* Whether it reaches a safety function, a protection layer, or a place or asset for safety. */
bool work_reach_safety(const WorkItem *work, const WorkReach *reach);

/* What happened to it, oldest first: states with who moved it, and what `more` adds (an array of {"time","what"}, stolen, or NULL), as
 * the member `timeline`. Errors: those of the store. */
bool work_timeline_write(const WorkItem *work, json_t *more, JWrite *w, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* When it came into the state it is in. */
bool work_state_since(const WorkItem *work, Instant *ret_since, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
