/* State machines: the default ones, and how one is kept. */
#include "model/workflow_internal.h"

Workflow *workflow_new(KindId kind)
{
        Workflow *workflow = g_new0(Workflow, 1);

        workflow->kind = kind;
        workflow->rules = g_array_new(FALSE, TRUE, sizeof(WorkflowRule));
        return workflow;
}

static void rule_clear(WorkflowRule *rule)
{
        g_strfreev(rule->fields);
        g_free(rule->links);
        g_free(rule->signatures);
}

void workflow_free(Workflow *workflow)
{
        if (workflow == NULL)
                return;
        for (guint i = 0; i < workflow->rules->len; i++)
                rule_clear(&g_array_index(workflow->rules, WorkflowRule, i));
        g_array_unref(workflow->rules);
        for (int i = 0; i < ZW_STATE_COUNT; i++)
                g_free(workflow->labels[i]);
        g_free(workflow);
}

static void links_add(WorkflowRule *rule, uint64_t types, bool incoming, bool passed)
{
        for (int type = 0; type < ZW_LINK_COUNT; type++)
                if ((types >> type & 1) != 0)
                        rule->links[rule->n_links++] = (WorkflowLink){ (LinkTypeId)type, incoming, passed,
                                                                       1 };
}

static WorkflowRule rule_default(const TransitionDef *row)
{
        WorkflowRule rule = { .from = row->from,
                              .to = row->to,
                              .roles = row->roles,
                              .other_person = row->other_person,
                              .dual = row->dual_disciplines ? DUAL_DISCIPLINES
                                      : row->dual_safety    ? DUAL_SAFETY
                                                            : DUAL_NEVER };

        if (row->fields != NULL)
                rule.fields = g_strsplit(row->fields, ",", -1);
        if (row->authored) {
                rule.signatures = g_new0(WorkflowSignature, 1);
                rule.signatures[rule.n_signatures++] = (WorkflowSignature){ ZW_MEANING_AUTHORED, 1 };
        }
        if ((row->links_from | row->links_to | row->links_passed) == 0)
                return rule;
        rule.links = g_new0(WorkflowLink, 3 * ZW_LINK_COUNT);
        links_add(&rule, row->links_from, false, false);
        links_add(&rule, row->links_to, true, false);
        links_add(&rule, row->links_passed, true, true);
        return rule;
}

Workflow *workflow_default(KindId kind)
{
        const LifecycleId lifecycle = kind_def(kind)->lifecycle;
        Workflow *workflow = workflow_new(kind);
        size_t n;
        const TransitionDef *rows = transitions(&n);

        workflow->initial = lifecycle_initial(lifecycle);
        for (int i = 0; i < ZW_STATE_COUNT; i++)
                if (lifecycle_has(lifecycle, (StateId)i))
                        workflow->states |= UINT64_C(1) << i;
        for (size_t i = 0; i < n; i++) {
                WorkflowRule rule;

                if (rows[i].lifecycle != lifecycle)
                        continue;
                rule = rule_default(&rows[i]);
                g_array_append_val(workflow->rules, rule);
        }
        return workflow;
}

/* ---- asking ---- */

StateId workflow_initial(const Workflow *workflow)
{
        return workflow->initial;
}

bool workflow_has(const Workflow *workflow, StateId state)
{
        return (workflow->states >> state & 1) != 0;
}

bool workflow_is_locked(const Workflow *workflow, StateId state)
{
        return (workflow->locked >> state & 1) != 0;
}

const WorkflowRule *workflow_find(const Workflow *workflow, StateId from, StateId to)
{
        for (guint i = 0; i < workflow->rules->len; i++) {
                const WorkflowRule *rule = &g_array_index(workflow->rules, WorkflowRule, i);

                if (rule->from == from && rule->to == to)
                        return rule;
        }
        return NULL;
}

const WorkflowRule *workflow_rules(const Workflow *workflow, size_t *ret_n)
{
        *ret_n = workflow->rules->len;
        return (const WorkflowRule *)(const void *)workflow->rules->data;
}

const char *workflow_dual_name(WorkflowDual dual)
{
        static const char *const names[] = { "never", "safety", "disciplines", "always" };

        return names[dual];
}

/* ---- writing ---- */

static json_t *states_write(const Workflow *workflow)
{
        json_t *states = json_array();

        for (int i = 0; i < ZW_STATE_COUNT; i++)
                if (workflow_has(workflow, (StateId)i))
                        json_array_append_new(states, json_pack("{s:s, s:s*, s:b}", "state",
                                                                state_def((StateId)i)->name, "label",
                                                                workflow->labels[i], "locked",
                                                                workflow_is_locked(workflow, (StateId)i)));
        return states;
}

static json_t *roles_write(unsigned roles)
{
        json_t *names = json_array();

        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (roles & 1U << i)
                        json_array_append_new(names, json_string(role_def((RoleId)i)->name));
        return names;
}

static json_t *rule_write(const WorkflowRule *rule)
{
        json_t *fields = json_array(), *links = json_array(), *signatures = json_array();

        for (char **field = rule->fields; field != NULL && *field != NULL; field++)
                json_array_append_new(fields, json_string(*field));
        for (size_t i = 0; i < rule->n_links; i++)
                json_array_append_new(links,
                                      json_pack("{s:s, s:s, s:i, s:b}", "type",
                                                link_type_def(rule->links[i].type)->name, "end",
                                                rule->links[i].incoming ? "to" : "from", "least",
                                                (int)rule->links[i].least, "passed", rule->links[i].passed));
        for (size_t i = 0; i < rule->n_signatures; i++)
                json_array_append_new(signatures, json_pack("{s:s, s:i}", "meaning",
                                                            meaning_def(rule->signatures[i].meaning)->name,
                                                            "least", (int)rule->signatures[i].least));
        return json_pack("{s:s, s:s, s:o, s:b, s:s, s:o, s:o, s:o}", "from", state_def(rule->from)->name,
                         "to", state_def(rule->to)->name, "roles", roles_write(rule->roles), "other_person",
                         rule->other_person, "dual", workflow_dual_name(rule->dual), "fields", fields,
                         "links", links, "signatures", signatures);
}

json_t *workflow_write(const Workflow *workflow)
{
        json_t *rules = json_array();

        for (guint i = 0; i < workflow->rules->len; i++)
                json_array_append_new(rules, rule_write(&g_array_index(workflow->rules, WorkflowRule, i)));
        return json_pack("{s:s, s:o, s:o}", "initial", state_def(workflow->initial)->name, "states",
                         states_write(workflow), "transitions", rules);
}
