/* What the parts of the resolver share (resolve.c and resolve_*.c): the
 * items touched so far, since the store does not know yet what this changeset does to them, and indexes over them, so that
 * an operation costs what it touches. Lives for one changeset on the writer's thread. */
#ifndef SERVICE_CHANGESET_RESOLVE_H
#define SERVICE_CHANGESET_RESOLVE_H

#include "model/risk.h"
#include "model/workflow.h"
#include "service/internal.h"

typedef struct Link Link; /* resolve_link.c */

/* Of very many items only those of the last operations have their members in memory; resolver_find_* bring them back. */
typedef struct {
        char id[ZW_ID_HEX];
        bool altered;     /* this changeset changes its content */
        bool kept;        /* the members are in the resolver's spill, at `at` */
        bool fresh;       /* they are other than those that are kept, or that the store has */
        bool links_known; /* `out` has the links of the store too */
        KindId kind;
        StateId state;
        uint32_t rev, subst;
        ItemNo no; /* ZW_ITEM_NONE while the store does not know it */
        Id author;
        char *key;
        guint64 at;
        json_t *members; /* title, body, attrs, ... as after the operations so far; or NULL */
        json_t *merged;  /* names of the members an import has set in this changeset, or NULL */
        Link *out;       /* links from it */
        Link *in;        /* links to it that this changeset made or ended */
} Known;

typedef struct {
        const ResolveContext *context;
        GHashTable *known;         /* key → Known */
        GHashTable *sources;       /* system, line feed, id → Known, borrowed */
        GHashTable *numbers;       /* prefix → next number + 1 */
        GHashTable *links;         /* set of Link */
        GHashTable *runs;          /* id of a test run → RunLines (resolve_record.c) */
        GHashTable *workflows;     /* KindId → Workflow */
        RiskMethods *risk_methods; /* as after the operations so far; NULL until needed */
        GArray *standing;          /* of Signed: what this changeset signs */
        GHashTable *refused; /* what refused operations name: key, or system, line feed, id → their place */
        json_t *ops;         /* of the log; NULL: they are kept as lines */
        Spill *lines;
        json_t *outcome;
        json_t *op;      /* the native one at work */
        guint32 op_n;    /* its number */
        GError *failure; /* of keeping something, which ends it all */
        GQueue *warm;    /* Known with their members in memory, those found first before others */
        Spill *members;  /* of those that are not */
        unsigned roles;  /* of the caller, by which it is allowed */
        GArray *touched; /* of Touch (resolve_rights.c): what has to lie in zones the roles are limited to */
} Resolver;

/* Counts something under outcome/WHAT/NAME, and again under outcome/files/N when the operation comes from a file. */
void resolver_count(Resolver *r, const char *what, const char *name);
/* Lists something under outcome/WHAT with the place of the operation at work; the row is stolen. */
void resolver_list(Resolver *r, const char *what, json_t *row);
/* Adds an operation of the log; the reference is stolen. `altered` is the item whose content it changes, or NULL. */
void resolver_emit(Resolver *r, Known *altered, json_t *op);
/* Refuses members that are none of `names`, but for those that a reader or an import adds. Errors: INPUT. */
bool resolver_names_check(const json_t *op, const char *const *names, size_t n, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* True when the operation at work says by outside identities what it means, and people's changes come first. */
bool resolver_is_merge(const Resolver *r, const json_t *named);

/* ---- resolve_known.c ---- */

void known_free(gpointer data);
/* Keeps an item, which is the resolver's from now on. */
Known *resolver_known_add(Resolver *r, Known *known);
/* Between two operations: takes the members of all but the last items out of memory. Errors: STORAGE. */
bool resolver_cool(Resolver *r, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Brings the members back. Errors: STORAGE; those of the store. */
bool resolver_warm(Resolver *r, Known *known, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The item of a key or an outside identity, or *ret_known NULL. */
bool resolver_find_key(Resolver *r, const char *key, Known **ret_known, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool resolver_find_source(Resolver *r, const char *system, const char *id, Known **ret_known, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The item that member `member` of `op` names: a key, {"source":[system, id]}, or {"created":n}, the n-th item (from 0) that
 * this changeset has made. Errors: NOT_FOUND; INPUT. */
bool resolver_find_named(Resolver *r, const json_t *op, const char *member, Known **ret_known, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The members of a revision, as `known` keeps them. */
json_t *members_of_rev(const ItemRev *rev);
/* Whether an item may have this key. Errors: INPUT. */
bool resolver_key_check(const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What names a refused item is refused with it: it might hold only together with what was refused. `shown` is how the refusal
 * tells of `name`. Errors: INPUT. */
bool resolver_refused_check(const Resolver *r, const char *name, const char *shown, const char *where,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_item.c ---- */

/* Whether the item is at the revision that `rev` of the operation, if it has one, says. Errors: CONFLICT. */
bool resolver_rev_check(const Known *known, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_item(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_rights.c: each sets `roles`. Errors: DENIED ---- */

/* Whether the caller may do `what`; change an item of this kind, or its links; make this transition. */
bool resolver_may(Resolver *r, PermissionId permission, const char *what, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool resolver_may_change(Resolver *r, KindId kind, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolver_may_move(Resolver *r, const Known *known, const WorkflowRule *rule, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The links that lead from an item of a kind to where it lies, as bits of LinkTypeId. */
uint64_t resolver_ways(KindId kind);
/* The names of roles, ` or ` between. Free it. */
char *resolver_role_list(unsigned roles);
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
/* A finding follows a decision, or does so no longer: by rule, whoever asks for the matching. */
bool resolve_decided(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_retire(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Moves the item. Where only signatures are missing and `ret_missing` is not NULL, says there what is (free it), changes
 * nothing and is true. */
bool resolver_move(Resolver *r, Known *known, StateId to, char **ret_missing, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Whether the item may be moved, signed as the rule asks; changes nothing. Errors: those of resolver_move. */
bool resolver_move_check(Resolver *r, Known *known, StateId to, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the person wrote any of the content: since it was last approved, or the present revision. */
bool resolver_is_author(Resolver *r, const Known *known, const Id *person, bool *ret_is, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Whether the project asks for something by a setting that is true unless it is set to false. */
bool resolver_setting_on(Resolver *r, const char *name, bool *ret_on, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Whether the caller wrote the content, and the project keeps apart who writes and who answers for it. */
bool resolver_is_own(Resolver *r, const Known *known, bool *ret_own, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
GHashTable *resolver_links_new(void);
/* Calls `see` with each link that this changeset made, or ended; of one item in the same order always. */
typedef void (*LinkDeedFn)(const Known *from, LinkTypeId type, const Known *to, bool made, void *payload);
void resolver_each_link_deed(const Resolver *r, LinkDeedFn see, void *payload);
/* Items that links of `types` (bits) lead to from one, as after the operations so far; borrowed. */
bool resolver_targets(Resolver *r, Known *from, uint64_t types, GPtrArray *ret_known, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The items that links of a type lead from to this one; one in two roles is there twice. */
bool resolver_sources(Resolver *r, const Known *to, LinkTypeId type, GPtrArray *ret_known, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* How many links of a type the item has, as after the operations so far. */
bool resolver_count_links(Resolver *r, Known *known, LinkTypeId type, bool incoming, unsigned *ret_n,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A link that is there. `judged` is written by who judges it anew. */
typedef struct {
        Known *from, *to;
        LinkTypeId type;
        AsId as;
        uint32_t *judged; /* last substantive revisions of both ends when somebody last judged it */
} KnownLink;
/* The link that the members from, type, to and as name. Errors: METAMODEL; NOT_FOUND. */
bool resolver_find_link(Resolver *r, const json_t *op, KnownLink *ret_link, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool resolve_link(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_unlink(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void run_lines_free(gpointer data);
bool resolve_result(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_attach(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_detach(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_setting(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_comment(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* resolve_review.c */
bool resolve_decide(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_judge.c ---- */

bool resolve_confirm(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool resolve_defer(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_flow.c: the project's own state machines ---- */

/* That of a kind, as after the operations so far. */
bool resolver_workflow(Resolver *r, KindId kind, const Workflow **ret_workflow, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Refuses to change the content of an item in a locked state. Errors: STATE. */
bool resolver_may_alter(Resolver *r, const Known *known, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The value of the setting `workflow:KIND`, checked with what items are in; null puts the default back. */
bool resolve_workflow(Resolver *r, const char *kind, const json_t *value, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* What a rule asks for besides people: fields and links. Errors: STATE, the rule is named. */
bool resolver_rule_check(Resolver *r, Known *known, const WorkflowRule *rule, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_passed.c ---- */

/* Whether each test that verifies the item, one at least, passed last, and since item and test are what they are now. When not,
 * *ret_why says which did not and why (free it), else it is NULL. Errors: those of the store. */
bool resolver_passed_check(Resolver *r, const Known *known, char **ret_why, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_essential.c ---- */

/* What 62443-3-3 clause 4.2 asks of a function, or of a countermeasure that affects one, before it is approved. Errors: STATE. */
bool resolver_essential_check(Resolver *r, Known *known, StateId to, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_safety.c ---- */

/* Whether a safety function that is judged by IEC 62061, with what `set` has just made of it, states a SIL and a mode that this
 * standard has; one that said otherwise before is let be until this is changed. Errors: INPUT. */
bool resolver_machinery_check(const Known *known, const json_t *set, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Whether the item is or lies in something of a safety nature; of a change or an incident, whether what it concerns does, is used
 * by a live safety function or layer, or affects one. What a change says of itself can only add to that. */
bool resolver_touches_safety(Resolver *r, Known *known, bool *ret_touches, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_tree.c ---- */

/* Whether the fault tree among attributes, if there is one, is a tree. Errors: INPUT, LIMIT. */
bool resolver_tree_check(const json_t *attrs, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- resolve_risk.c: the risk methods of the project ---- */

/* The value of the setting `risk_method:NAME`: a version that is new, or the same again (*ret_new false). */
bool resolve_risk_method(Resolver *r, const char *name, const json_t *value, bool *ret_new, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The value of the setting `risk_method`: the name of one, or null. */
bool resolve_risk_default(Resolver *r, const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an entry of an SL target is an override, and whether one is lower than derived. */
typedef enum { TARGET_AS_DERIVED, TARGET_RAISED, TARGET_LOWERED } TargetOverride;
TargetOverride resolver_override(const Known *known);
/* Its approval asks for a reason, and where an entry is lower, for the risk that stays. Errors: STATE. */
bool resolver_override_check(const Known *known, StateId to, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether an approved target, with what `set` has just made of it, is to be a draft again: that made it an override or changed one, and
 * nobody has approved those levels. */
bool resolver_override_reopens(const Known *known, const json_t *set);

/* ---- resolve_sign.c ---- */

bool resolve_sign(Resolver *r, const json_t *op, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What signatures the rule asks for and does not have; NULL in *ret_missing when none is (else free it). */
bool resolver_signatures_missing(Resolver *r, Known *known, const WorkflowRule *rule, char **ret_missing,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
GArray *resolver_standing_new(void);

/* After the last operation: one for all results of a run, with a content-addressed file. */
bool resolver_emit_results(Resolver *r, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
