/* What merging a branch into the log it starts from takes (docs/branches.md). The plan is made from three states: the branch
 * as it was when it was last merged, or made (the base), the branch as it is, and the project as it is. Only what the branch
 * touched since the base is looked at. What both changed is a conflict, which a choice decides; the plan is native operations,
 * so that all rules of the metamodel hold for a merge, too.
 *
 * Made on the writer's thread, or a reader's for a preview; one owner. Inside service/ only: merge.c and merge_*.c. */
#ifndef SERVICE_BRANCHES_MERGE_H
#define SERVICE_BRANCHES_MERGE_H

#include "service/internal.h"

/* An item that the branch touched, or that a link it touched has as an end. */
typedef struct {
        char id[ZW_ID_HEX];
        char *key;                       /* in the project */
        StoreItem *base, *theirs, *ours; /* NULL: not there */
        bool left;                       /* it stays in the branch: a baseline of it */
} MergeItem;

/* A link that the branch touched. */
typedef struct {
        MergeItem *from, *to;
        LinkTypeId type;
        AsId as;
} MergeLink;

typedef enum { MERGE_OPEN, MERGE_PROJECT, MERGE_BRANCH, MERGE_VALUE } MergeTake;

typedef struct {
        StoreView *view;
        const StoreProject *into, *branch;
        Seq base;              /* commit of the branch */
        const json_t *choices; /* by the name of the conflict, or NULL */
        GError *failure;       /* the first one; then all else is void */
        GHashTable *items;     /* id → MergeItem */
        GHashTable *renamed;   /* key in the branch → key in the project, where they differ */
        GHashTable *numbers;   /* prefix → next number */
        json_t *touched;   /* {"items":{ID:true},"links":{…:[from,type,to,as]},"settings":{NAME:true}} */
        json_t *results;   /* operations of the log, as they are */
        json_t *ops[7];    /* native operations by MergeStep */
        json_t *unlinked;  /* names of the links that the plan ends */
        json_t *conflicts; /* rows of the answer */
        unsigned open;     /* conflicts without a choice */
        json_t *changes;   /* what the branch changed, for the answer */
        json_t *left;      /* how many things stay in the branch, by name */
} MergePlan;

/* The order in which operations hold. */
enum {
        MERGE_STEP_CREATE,
        MERGE_STEP_RESTORE,
        MERGE_STEP_UPDATE,
        MERGE_STEP_UNLINK,
        MERGE_STEP_LINK,
        MERGE_STEP_RETIRE,
        MERGE_STEP_SETTING
};

/* ---- merge_scan.c ---- */

/* Fills `touched`, `results` and `left` from the operations of the branch after the base. */
bool merge_scan(MergePlan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The item of an id, with its three revisions; NULL on failure. New ones get their keys in the project. */
MergeItem *merge_item(MergePlan *plan, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void merge_item_free(gpointer data);

/* ---- merge_item.c, merge_link.c ---- */

/* The value of an attribute of the branch, with items named by the keys they have in the project. Free it. */
json_t *merge_value(const MergePlan *plan, const AttrDef *def, const json_t *value);
bool merge_items(MergePlan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool merge_links(MergePlan *plan, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- merge.c ---- */

/* A conflict: `name` is what a choice calls it, and the values are those of the base, the project and the branch (borrowed,
 * NULL for none). Gives what was chosen; for MERGE_VALUE *ret_value is the value, borrowed from the choices. Only conflicts
 * of `fields` take a value. */
MergeTake merge_conflict(MergePlan *plan, const char *name, const char *item, const char *field,
                         const json_t *values[3], bool is_field, json_t **ret_value);
/* Adds a row to what the answer says is changed. */
void merge_say(MergePlan *plan, const char *list, json_t *row);
/* One thing more that stays in the branch. */
void merge_leave(MergePlan *plan, const char *what, const char *name);

#endif
