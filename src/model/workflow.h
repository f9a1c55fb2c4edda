/* The state machine of a kind: its states, and transitions with who may make them and what they ask for. Each kind has one
 * by default (data/metamodel/lifecycles.tsv, transitions.tsv); a project puts another in its place by the setting
 * `workflow:KIND`, whose value workflow_read takes. docs/lifecycle.md says what its members mean.
 *
 * Opaque, owned by its maker, constant once made and so thread-safe. */
#ifndef MODEL_WORKFLOW_H
#define MODEL_WORKFLOW_H

#include "model/metamodel.h"

enum { ZW_WORKFLOW_RULES_MAX = 256, ZW_WORKFLOW_LEAST_MAX = 16, ZW_LABEL_MAX = 64 };

typedef struct Workflow Workflow;

/* A link that the item must have. */
typedef struct {
        LinkTypeId type;
        bool incoming; /* the item is its second end */
        bool passed;   /* of tests: all there are passed last */
        unsigned least;
} WorkflowLink;

/* Signatures that must stand on the item as it is, each by another person. */
typedef struct {
        MeaningId meaning;
        unsigned least;
} WorkflowSignature;

/* When two different people must have signed, whatever `signatures` says: by its meanings, or `approved` when it has none. With
 * DUAL_DISCIPLINES, where a safety zone is touched, as `approved` for security and as `safety_approved` for safety. */
typedef enum { DUAL_NEVER, DUAL_SAFETY, DUAL_DISCIPLINES, DUAL_ALWAYS, DUAL_COUNT } WorkflowDual;
const char *workflow_dual_name(WorkflowDual dual);

typedef struct {
        StateId from, to;
        unsigned roles;    /* bit per RoleId that may do it */
        bool other_person; /* not an author of the content */
        WorkflowDual dual;
        char **fields; /* members or attributes that must say something; ended by NULL */
        size_t n_links, n_signatures;
        WorkflowLink *links;
        WorkflowSignature *signatures;
} WorkflowRule;

/* What the program comes with. */
Workflow *workflow_default(KindId kind);
/* What a setting says, checked as a whole: names, one retired state and what analyses need of others, every state within
 * reach of the first, roles that may sign, links and signatures that the kind can have. Errors: METAMODEL with the JSON
 * pointer and near names. */
Workflow *workflow_read(KindId kind, const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The value that workflow_read takes, with every member written out. */
json_t *workflow_write(const Workflow *workflow);
void workflow_free(Workflow *workflow);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Workflow, workflow_free)

StateId workflow_initial(const Workflow *workflow);
bool workflow_has(const Workflow *workflow, StateId state);
/* In this state the item is not changed: it has to be moved to another first. */
bool workflow_is_locked(const Workflow *workflow, StateId state);
/* The transition, or NULL when there is none. */
const WorkflowRule *workflow_find(const Workflow *workflow, StateId from, StateId to);
const WorkflowRule *workflow_rules(const Workflow *workflow, size_t *ret_n);

#endif
