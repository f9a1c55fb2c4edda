/* States: transitions by the rules of the state machine. */
#include "service/changeset/resolve.h"

#include <string.h>

bool resolver_setting_on(Resolver *r, const char *name, bool *ret_on, GError **error)
{
        g_autofree char *value = NULL;

        if (!store_load_setting(r->context->view, &r->context->log, name, ZW_SEQ_OPEN - 1, &value, error))
                return false;
        *ret_on = g_strcmp0(value, "false") != 0;
        return true;
}

/* ---- who wrote it ---- */

typedef struct {
        const Id *person;
        char *content;
        bool wrote;
} Authors;

/* What a revision says, in one text; its state apart. */
static char *content_of(const ItemRev *rev)
{
        return g_strjoin("\n\n", rev->title, rev->body, rev->attrs, rev->owner == NULL ? "" : rev->owner,
                         rev->tags == NULL ? "" : rev->tags, rev->parent == NULL ? "" : rev->parent,
                         rev->attachments == NULL ? "" : rev->attachments, NULL);
}

/* An approval covers what was written before it; a change of content is its author's from then on. */
static bool author_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Authors *authors = payload;
        char *content = content_of(rev);
        const bool changed = authors->content == NULL || strcmp(authors->content, content) != 0;

        if (changed)
                authors->wrote = authors->wrote || id_equal(&rev->author, authors->person);
        else if (state_def(rev->state)->flags & STATE_APPROVED)
                authors->wrote = false;
        g_free(authors->content);
        authors->content = content;
        return true;
}

bool resolver_is_author(Resolver *r, const Known *known, const Id *person, bool *ret_is, GError **error)
{
        Authors authors = { .person = person };
        bool ok;

        *ret_is = id_equal(&known->author, person);
        if (*ret_is || known->no == ZW_ITEM_NONE)
                return true;
        ok = store_each_revision(r->context->view, &r->context->log, known->no, author_see, &authors, error);
        g_free(authors.content);
        *ret_is = authors.wrote;
        return ok;
}

bool resolver_is_own(Resolver *r, const Known *known, bool *ret_own, GError **error)
{
        bool is_author, on;

        if (!resolver_is_author(r, known, &r->context->actor, &is_author, error) ||
            !resolver_setting_on(r, "separation_of_duties", &on, error))
                return false;
        *ret_own = is_author && on;
        return true;
}

static bool separation_check(Resolver *r, const Known *known, const WorkflowRule *rule, GError **error)
{
        bool own = false;

        if (rule->other_person && !resolver_is_own(r, known, &own, error))
                return false;
        if (own)
                error_set(error, ZW_ERR_DENIED, known->key,
                          "nobody approves their own revision (separation of duties)");
        return !own;
}

/* ---- moving ---- */

static void state_write(Resolver *r, Known *known, StateId to)
{
        known->rev++;
        /* Retiring is a substantive change; an approval is not. */
        if (!r->context->editorial && (state_def(to)->flags & STATE_RETIRED))
                known->subst = known->rev;
        known->state = to;
        known->author = r->context->actor;
        resolver_emit(r, NULL,
                      json_pack("{s:s, s:s, s:i, s:i, s:s}", "op", "transition", "id", known->id, "rev",
                                (int)known->rev, "subst", (int)known->subst, "to", state_def(to)->name));
        resolver_count(r, "updated", kind_def(known->kind)->name);
}

static bool rule_find(Resolver *r, const Known *known, StateId to, const WorkflowRule **ret_rule,
                      GError **error)
{
        const Workflow *workflow;

        if (!resolver_workflow(r, known->kind, &workflow, error))
                return false;
        *ret_rule = workflow_find(workflow, known->state, to);
        if (*ret_rule == NULL)
                error_set(error, ZW_ERR_STATE, known->key,
                          "%s goes from %s to %s by no rule of its lifecycle", known->key,
                          state_def(known->state)->name, state_def(to)->name);
        return *ret_rule != NULL;
}

/* All that the move asks for; signatures that are missing are no error but *ret_missing (free it), else that is NULL. */
static bool move_check(Resolver *r, Known *known, StateId to, char **ret_missing, GError **error)
{
        const WorkflowRule *rule;

        return rule_find(r, known, to, &rule, error) && resolver_may_move(r, known, rule, error) &&
               separation_check(r, known, rule, error) && resolver_rule_check(r, known, rule, error) &&
               resolver_override_check(known, to, error) && resolver_essential_check(r, known, to, error) &&
               resolver_signatures_missing(r, known, rule, ret_missing, error);
}

static bool refuse_unsigned(Resolver *r, const Known *known, StateId to, const char *missing, GError **error)
{
        json_object_set_new(r->outcome, "unsigned", json_true());
        error_set(error, ZW_ERR_STATE, known->key, "%s goes from %s to %s only with %s", known->key,
                  state_def(known->state)->name, state_def(to)->name, missing);
        return false;
}

bool resolver_move_check(Resolver *r, Known *known, StateId to, GError **error)
{
        const unsigned roles = r->roles;
        g_autofree char *missing = NULL;
        const bool ok = move_check(r, known, to, &missing, error) &&
                        (missing == NULL || refuse_unsigned(r, known, to, missing, error));

        r->roles = roles;
        return ok;
}

bool resolver_move(Resolver *r, Known *known, StateId to, char **ret_missing, GError **error)
{
        g_autofree char *missing = NULL;

        if (!move_check(r, known, to, &missing, error))
                return false;
        if (missing == NULL) {
                state_write(r, known, to);
                return true;
        }
        if (ret_missing == NULL)
                return refuse_unsigned(r, known, to, missing, error);
        *ret_missing = g_steal_pointer(&missing);
        return true;
}

static bool transition_to(Resolver *r, Known *known, StateId to, GError **error)
{
        if (known->state != to)
                return resolver_move(r, known, to, NULL, error);
        resolver_count(r, "unchanged", kind_def(known->kind)->name);
        return true;
}

bool resolve_transition(Resolver *r, const json_t *op, GError **error)
{
        const char *name = jread_get_string(op, "to");
        const Workflow *workflow;
        Known *known;
        StateId to;

        if (!resolver_find_named(r, op, "key", &known, error) || !resolver_rev_check(known, op, error) ||
            !resolver_workflow(r, known->kind, &workflow, error))
                return false;
        if (name != NULL && state_find(name, &to) && workflow_has(workflow, to))
                return transition_to(r, known, to, error);
        error_set(error, ZW_ERR_METAMODEL, "/to", "%s has no state \"%s\"", kind_def(known->kind)->name,
                  name == NULL ? "" : name);
        return false;
}

/* Who decided had the role; what a rule asks for in signatures nobody gives by rule. */
static bool asks_for_signatures(const Workflow *workflow, StateId to)
{
        size_t n;
        const WorkflowRule *rules = workflow_rules(workflow, &n);

        for (size_t i = 0; i < n; i++)
                if (rules[i].to == to && rules[i].n_signatures > 0)
                        return true;
        return false;
}

bool resolve_decided(Resolver *r, const json_t *op, GError **error)
{
        const char *name = jread_get_string(op, "to");
        const Workflow *workflow;
        Known *known;
        StateId to;

        if (!r->context->by_rule) {
                error_set(error, ZW_ERR_DENIED, "/op", "only matching applies decisions");
                return false;
        }
        if (!resolver_may(r, ZW_PERM_IMPORT, "matching", error) ||
            !resolver_find_named(r, op, "key", &known, error) ||
            !resolver_workflow(r, known->kind, &workflow, error))
                return false;
        if (name == NULL || known->kind != ZW_KIND_FINDING || !state_find(name, &to) ||
            !workflow_has(workflow, to) || known->state == to || asks_for_signatures(workflow, to))
                return true;
        state_write(r, known, to);
        return true;
}

bool resolve_retire(Resolver *r, const json_t *op, GError **error)
{
        Known *known;

        return resolver_find_named(r, op, "key", &known, error) && resolver_rev_check(known, op, error) &&
               transition_to(r, known, ZW_STATE_RETIRED, error);
}
