/* What the parts of the resolver share (resolve.c and resolve_*.c): the
 * items touched so far, since the store does not know yet what this changeset does to them, and indexes over them, so that
 * an operation costs what it touches. Lives for one changeset on the writer's thread. */
#ifndef SERVICE_RESOLVE_H
#define SERVICE_RESOLVE_H

#include "service/internal.h"

typedef struct {
        char id[ZW_ID_HEX];
        char *key;
        KindId kind;
        StateId state;
        uint32_t rev, subst;
        Id author;
        ItemNo no;       /* ZW_ITEM_NONE while the store does not know it */
        json_t *members; /* title, body, attrs, ... as after the operations so far */
        json_t *merged;  /* names of the members an import has set in this changeset, or NULL */
} Known;

typedef struct {
        const ResolveContext *context;
        GHashTable *known;   /* key → Known */
        GHashTable *sources; /* system, line feed, id → Known, borrowed */
        GHashTable *numbers; /* prefix → next number + 1 */
        GHashTable *links;   /* Known, borrowed → LinkSet (resolve_link.c) */
        GHashTable *runs;    /* id of a test run → RunLines (resolve_record.c) */
        GHashTable *refused; /* what refused operations name: key, or system, line feed, id → their place */
        json_t *ops;         /* of the log */
        json_t *outcome;
        const json_t *op; /* the native one at work */
        unsigned roles;   /* of the caller, by which it is allowed */
        GArray *touched;  /* of Touch (resolve_rights.c): what has to lie in zones the roles are limited to */
} Resolver;

/* Counts something under outcome/WHAT/NAME, and again under outcome/files/N when the operation comes from a file. */
void resolver_count(Resolver *r, const char *what, const char *name);
/* Lists something under outcome/WHAT with the place of the operation at work; the row is stolen. */
void resolver_list(Resolver *r, const char *what, json_t *row);
/* Adds an operation of the log; the reference is stolen. */
void resolver_emit(Resolver *r, json_t *op);
/* Refuses members that are none of `names`, but for those that a reader or an import adds. Errors: INPUT. */
bool resolver_names_check(const json_t *op, const char *const *names, size_t n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* True when the operation at work says by outside identities what it means, and people's changes come first. */
bool resolver_is_merge(const Resolver *r, const json_t *named);

/* ---- resolve_item.c ---- */

void known_free(gpointer known);
/* The item of a key or an outside identity, or *ret_known NULL. */
bool resolver_find_key(Resolver *r, const char *key, Known **ret_known, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool resolver_find_source(Resolver *r, const char *system, const char *id, Known **ret_known, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The item that member `member` of `op` names: a key, or {"source":[system, id]}. Errors: NOT_FOUND; INPUT. */
bool resolver_find_named(Resolver *r, const json_t *op, const char *member, Known **ret_known, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool resolve_item(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The members of a revision, as `known` keeps them. */
json_t *members_of_rev(const ItemRev *rev);

/* ---- resolve_rights.c: each sets `roles`. Errors: DENIED ---- */

/* Whether the caller may do `what`; change an item of this kind, or its links; make this transition. */
bool resolver_may(Resolver *r, PermissionId permission, const char *what, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool resolver_may_change(Resolver *r, KindId kind, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolver_may_move(Resolver *r, const Known *known, const TransitionDef *rule, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Remembers an item the operation at work touches, by its id (or NULL); those an operation of the log names. */
void resolver_touch(Resolver *r, const char *id);
void resolver_touch_by(Resolver *r, const json_t *op);
GArray *resolver_touched_new(void);
/* After the last operation: whether all that was touched lies where the roles reach, before and after. */
bool resolver_zones_check(Resolver *r, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_merge.c ---- */

/* What an import changes on an item that is there: the members that only the file changed. Others are listed under
 * `kept`, and under `problems` too when both changed them. *ret_set is an object as in `update`. */
bool resolver_merge(Resolver *r, Known *known, const json_t *op, json_t **ret_set, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_state.c, resolve_link.c, resolve_record.c ---- */

bool resolve_transition(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_retire(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void link_set_free(gpointer set);
bool resolve_link(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_unlink(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void run_lines_free(gpointer lines);
bool resolve_result(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_attach(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_setting(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After the last operation: one for all results of a run, with a content-addressed file. */
bool resolver_emit_results(Resolver *r, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
