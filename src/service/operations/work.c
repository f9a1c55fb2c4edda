/* What waits for a person (docs/algorithms/operation.md): decisions that their roles let them take, what they own, reviews they were asked
 * for, suspect links, what expires or was escalated, deadlines of notification. */
#include "analysis/suspect.h"
#include "service/changeset/review.h"
#include "service/operations/operation.h"

#include <string.h>

#define KIND(kind) (UINT64_C(1) << ZW_KIND_##kind)

enum { ROWS_MOST = 500, MOVES_TRIED_MOST = 200, SUSPECTS_MOST = 2000 };

/* Kinds of which an item is its owner's until it is over. */
static const uint64_t owned = KIND(CHANGE) | KIND(INCIDENT) | KIND(ACTION) | KIND(NONCONFORMITY) |
                              KIND(FINDING);

typedef struct {
        Call *call;
        GraphView view;
        const OperationPolicy *policy;
        StorePerson *me;
        Workflow *workflows[ZW_KIND_COUNT]; /* NULL until needed */
        Walk *walk;
        GHashTable *cleared; /* items with a standing signature of a safety engineer; NULL until needed */
        JWrite *w;
        unsigned rows, tried, fresh; /* findings that nobody has looked at */
        bool suspects_cut;           /* not all were looked at */
} Work;

static bool is_mine(const Work *work, const char *owner)
{
        return owner != NULL &&
               (strcmp(owner, work->me->name) == 0 || g_strcmp0(owner, work->me->full_name) == 0);
}

static bool has_role(const Work *work, unsigned roles)
{
        return rights_roles_of(&work->call->rights, roles) != 0;
}

/* ---- rows ---- */

typedef struct {
        const char *why, *text;
        const char *due; /* or NULL */
        bool overdue;
        int64_t count;  /* of what has no key; else 1 */
        const char *to; /* the state it can be moved to, or NULL */
} Row;

static void row_write(Work *work, ItemNo item, const Row *row)
{
        JWrite *w = work->w;
        const bool has = item != ZW_ITEM_NONE;

        if (work->rows++ >= ROWS_MOST)
                return;
        jwrite_object_begin(w);
        jwrite_key_string(w, "why", row->why);
        jwrite_key_string(w, "key", has ? graph_key(work->view, item) : NULL);
        jwrite_key_string(w, "kind", has ? kind_def(graph_kind(work->view, item))->name : NULL);
        jwrite_key_string(w, "title", has ? graph_title(work->view, item) : NULL);
        jwrite_key_string(w, "state", has ? state_def(graph_state(work->view, item))->name : NULL);
        jwrite_key_string(w, "text", row->text);
        jwrite_key_string(w, "due", row->due);
        jwrite_key_bool(w, "overdue", row->overdue);
        jwrite_key_string(w, "to", row->to);
        jwrite_key_int(w, "count", row->count);
        jwrite_object_end(w);
}

/* ---- decisions ---- */

static bool workflow_of(Work *work, KindId kind, const Workflow **ret_workflow, GError **error)
{
        if (work->workflows[kind] == NULL && !call_workflow(work->call, kind, &work->workflows[kind], error))
                return false;
        *ret_workflow = work->workflows[kind];
        return true;
}

/* A rule whose transition waits for a decision of the caller: into an approved state, by a role that they have. A safety engineer's is
 * their signature. */
static bool rule_waits(const Work *work, const WorkflowRule *rule, StateId from)
{
        const unsigned safety = rule->dual == DUAL_DISCIPLINES ? 1U << ZW_ROLE_SAFETY_ENGINEER : 0;

        return rule->from == from && (state_def(rule->to)->flags & STATE_APPROVED) != 0 &&
               has_role(work, rule->roles | safety);
}

static void cleared_add(const SignatureRev *signature, void *payload)
{
        g_hash_table_add(payload, GUINT_TO_POINTER(signature->item));
}

/* A safety engineer moves nothing: what touches safety waits for their signature. */
static bool safety_sign(Work *work, ItemNo item, GError **error)
{
        const ItemRev rev = { .no = item };
        const WorkItem one = { .call = work->call, .view = work->view, .walk = work->walk, .rev = &rev };
        g_auto(WorkReach) reach = { 0 };

        if (work->cleared == NULL) {
                work->cleared = g_hash_table_new(NULL, NULL);
                if (!signatures_standing(work->call, ZW_MEANING_SAFETY_APPROVED, cleared_add, work->cleared,
                                         error))
                        return false;
        }
        if (g_hash_table_contains(work->cleared, GUINT_TO_POINTER(item)))
                return true;
        if (!work_reach(&one, &reach, error))
                return false;
        if (work_reach_safety(&one, &reach))
                row_write(work, item,
                          &(Row){ .why = "sign", .text = "waits for a signature for safety", .count = 1 });
        return true;
}

static bool rule_try(Work *work, ItemNo item, const WorkflowRule *rule, GError **error)
{
        const bool signs = rule->dual != DUAL_NEVER || rule->n_signatures > 0;
        const char *key = graph_key(work->view, item), *to = state_def(rule->to)->name;
        g_autofree char *why = NULL, *text = g_strdup_printf("can be moved to %s", to);
        TransitionTry result;

        if (work->tried++ >= MOVES_TRIED_MOST)
                return true;
        if (!transition_try(work->call, key, rule->to, &result, &why, error))
                return false;
        if (result == TRANSITION_ALLOWED)
                row_write(work, item, &(Row){ .why = "decide", .text = text, .count = 1, .to = to });
        else if (result == TRANSITION_UNSIGNED && signs)
                row_write(work, item, &(Row){ .why = "sign", .text = why, .count = 1 });
        else if (rule->dual == DUAL_DISCIPLINES && has_role(work, 1U << ZW_ROLE_SAFETY_ENGINEER))
                return safety_sign(work, item, error);
        return true;
}

static bool decisions_add(Work *work, ItemNo item, GError **error)
{
        const StateId state = graph_state(work->view, item);
        const Workflow *workflow;
        const WorkflowRule *rules;
        size_t n;

        if (!workflow_of(work, graph_kind(work->view, item), &workflow, error))
                return false;
        rules = workflow_rules(workflow, &n);
        for (size_t i = 0; i < n; i++)
                if (rule_waits(work, &rules[i], state))
                        return rule_try(work, item, &rules[i], error);
        return true;
}

/* ---- what one owns ---- */

static void late_say(const Work *work, const json_t *attrs, Row *row)
{
        Instant due;

        row->due = jread_get_string(attrs, "due");
        row->overdue = work_due(attrs, &due) && due <= work->call->instant;
}

/* An approver hears of what its owner has left overdue for long. */
static bool is_escalated(const Work *work, const ItemRev *rev, const json_t *attrs)
{
        const Instant most = (Instant)operation_escalate_days(work->policy) * ZW_DAY_MS;
        Instant due;

        return rev->kind != ZW_KIND_FINDING && has_role(work, 1U << ZW_ROLE_APPROVER) &&
               work_due(attrs, &due) && work->call->instant - due > most;
}

static void clocks_add(Work *work, const ItemRev *rev, const json_t *attrs)
{
        g_autoptr(GArray) clocks = operation_clocks(work->policy, attrs, work->call->instant);

        for (guint i = 0; i < clocks->len; i++) {
                const Clock *clock = &g_array_index(clocks, Clock, i);
                g_autofree char *text = g_strdup_printf("%s: %s", clock->regime, clock->title);
                char due[ZW_INSTANT_TEXT];

                if (clock->state != CLOCK_RUNNING && clock->state != CLOCK_OVERDUE)
                        continue;
                instant_format(clock->due, due);
                row_write(work, rev->no,
                          &(Row){ .why = "clock",
                                  .text = text,
                                  .due = due,
                                  .overdue = clock->state == CLOCK_OVERDUE,
                                  .count = 1 });
        }
}

static bool owned_add(Work *work, ItemNo item, GError **error)
{
        const Call *call = work->call;
        g_autoptr(StoreItem)
                stored = store_item_by_no(call->view, &call->project->log, item, call->at, error);
        const ItemRev *rev = stored == NULL ? NULL : store_item_rev(stored);
        g_autoptr(Json) attrs = NULL;
        Row row = { .why = "own", .text = "you own it", .count = 1 };

        if (rev == NULL)
                return false;
        attrs = json_loads(rev->attrs, 0, NULL);
        late_say(work, attrs, &row);
        if (is_mine(work, rev->owner)) {
                row_write(work, item, &row);
        } else if (is_escalated(work, rev, attrs)) {
                g_autofree char *text = g_strdup_printf("overdue, owned by %s",
                                                        rev->owner == NULL ? "nobody" : rev->owner);

                row.why = "escalated";
                row.text = text;
                row_write(work, item, &row);
        }
        if (rev->kind == ZW_KIND_INCIDENT &&
            (is_mine(work, rev->owner) ||
             (rev->owner == NULL &&
              has_role(work, 1U << ZW_ROLE_AUTHOR | 1U << ZW_ROLE_VULNERABILITY_MANAGER))))
                clocks_add(work, rev, attrs);
        return true;
}

/* Waivers, countermeasures, claims and evidence that end soon, or did. */
static bool expiry_add(Work *work, ItemNo item, GError **error)
{
        static const AttrId ends[] = { ZW_ATTR_EXPIRES, ZW_ATTR_VALID_UNTIL };
        const Call *call = work->call;
        const Instant soon = (Instant)operation_remind_days(work->policy) * ZW_DAY_MS;
        g_autoptr(StoreItem) stored = NULL;
        char day[ZW_INSTANT_TEXT];
        Instant end = 0;
        bool any = false;

        for (size_t i = 0; i < G_N_ELEMENTS(ends) && !any; i++)
                any = facts_get_date(graph_facts(work->view, item), ends[i], &end);
        end += ZW_DAY_MS;
        if (!any || end - soon > call->instant)
                return true;
        stored = store_item_by_no(call->view, &call->project->log, item, call->at, error);
        if (stored == NULL)
                return false;
        instant_format(end - ZW_DAY_MS, day);
        if (is_mine(work, store_item_rev(stored)->owner))
                row_write(work, item,
                          &(Row){ .why = "expires",
                                  .text = end <= call->instant ? "it has expired" : "it expires soon",
                                  .due = day,
                                  .overdue = end <= call->instant,
                                  .count = 1 });
        return true;
}

/* ---- reviews and suspects ---- */

static bool review_add(Work *work, ItemNo item, GError **error)
{
        const Call *call = work->call;
        g_autoptr(StoreItem)
                stored = store_item_by_no(call->view, &call->project->log, item, call->at, error);
        g_autoptr(Json) attrs = NULL;
        Row row = { .why = "review" };
        g_autofree char *text = NULL;
        unsigned n;

        if (stored == NULL || !review_waiting(work->call, store_item_rev(stored), &work->me->id, &n, error))
                return false;
        if (n == 0)
                return true;
        attrs = json_loads(store_item_rev(stored)->attrs, 0, NULL);
        text = g_strdup_printf("%u item(s) wait for your decision", n);
        row.text = text;
        row.count = n;
        late_say(work, attrs, &row);
        row_write(work, item, &row);
        return true;
}

static bool owner_is_me(const Work *work, ItemNo item, bool *ret_has, bool *ret_is, GError **error)
{
        const Call *call = work->call;
        g_autoptr(StoreItem)
                stored = store_item_by_no(call->view, &call->project->log, item, call->at, error);

        if (stored == NULL)
                return false;
        *ret_has = store_item_rev(stored)->owner != NULL;
        *ret_is = is_mine(work, store_item_rev(stored)->owner);
        return true;
}

/* Whoever owns what has to be looked at; where nobody does, the owner of what changed. */
static bool suspects_add(Work *work, GError **error)
{
        g_autoptr(GArray) found = suspects_find(work->view, NULL);
        g_autofree char *text = NULL;
        unsigned n = 0;

        work->suspects_cut = found->len > SUSPECTS_MOST;
        for (guint i = 0; i < MIN(found->len, SUSPECTS_MOST); i++) {
                const Suspect *suspect = &g_array_index(found, Suspect, i);
                bool has, is;

                if (!owner_is_me(work, suspect_other(suspect), &has, &is, error) ||
                    (!has && !owner_is_me(work, suspect_changed(suspect), &has, &is, error)))
                        return false;
                n += is;
        }
        text = g_strdup_printf("%u link(s) to be judged again", n);
        if (n > 0)
                row_write(work, ZW_ITEM_NONE, &(Row){ .why = "suspects", .text = text, .count = n });
        return true;
}

/* ---- all of it ---- */

static bool item_see(Work *work, ItemNo item, GError **error)
{
        const KindId kind = graph_kind(work->view, item);
        const StateId state = graph_state(work->view, item);

        work->fresh += kind == ZW_KIND_FINDING && state == ZW_STATE_NEW;
        if (!decisions_add(work, item, error))
                return false;
        if ((owned >> kind & 1) != 0)
                return work_is_over(state) || owned_add(work, item, error);
        if (kind == ZW_KIND_REVIEW)
                return review_add(work, item, error);
        return expiry_add(work, item, error);
}

static void fresh_add(Work *work)
{
        g_autofree char *text = g_strdup_printf("%u %s nobody has looked at", work->fresh,
                                                work->fresh == 1 ? "finding" : "findings");

        if (work->fresh > 0 && has_role(work, 1U << ZW_ROLE_VULNERABILITY_MANAGER))
                row_write(work, ZW_ITEM_NONE,
                          &(Row){ .why = "findings", .text = text, .count = work->fresh });
}

static bool rows_write(Work *work, GError **error)
{
        bool ok = true;

        jwrite_key(work->w, "rows");
        jwrite_array_begin(work->w);
        for (ItemNo item = 0; ok && item < graph_item_count(work->view); item++)
                ok = !graph_exists(work->view, item) || !graph_is_live(work->view, item) ||
                     item_see(work, item, error);
        ok = ok && suspects_add(work, error);
        if (!ok)
                return false;
        fresh_add(work);
        jwrite_array_end(work->w);
        jwrite_key_bool(work->w, "more",
                        work->rows > ROWS_MOST || work->tried > MOVES_TRIED_MOST || work->suspects_cut);
        return true;
}

/* What waits for the caller in one project. */
bool usecase_work_project(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(OperationPolicy)
                policy = operation_policy_load(call->view, &call->project->log, call->at, error);
        g_autoptr(StorePerson)
                me = policy == NULL ? NULL : store_load_person(call->view, &call->caller->person, error);
        g_autoptr(Walk) walk = walk_new();
        Work work = { .call = call, .policy = policy, .me = me, .walk = walk, .w = w };
        bool ok;

        if (me == NULL || !graph_of_call(call, &pinned, error))
                return false;
        work.view = pinned.view;
        jwrite_object_begin(w);
        jwrite_key_string(w, "project", call->project->key);
        jwrite_key_string(w, "title", call->project->title);
        ok = rows_write(&work, error);
        g_clear_pointer(&work.cleared, g_hash_table_unref);
        for (int kind = 0; kind < ZW_KIND_COUNT; kind++)
                workflow_free(work.workflows[kind]);
        if (ok)
                jwrite_object_end(w);
        return ok;
}

/* Whether the caller works there: has a role in it now, and not that of an auditor of a past commit or of some zones. */
static bool works_in(const ProjectRights *one)
{
        const Rights *rights = &one->rights;

        return !one->project->is_branch && rights_roles_with(rights, ZW_PERM_READ) != 0 &&
               rights_upto(rights) == 0 && rights_zones_seen(rights) == NULL;
}

bool usecase_work(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GPtrArray) projects = rights_load_projects(call->view, call->caller, &call->rights,
                                                             call->instant, error);

        if (projects == NULL)
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < projects->len; i++) {
                const ProjectRights *one = projects->pdata[i];
                g_autoptr(Json) input = json_pack("{s:s, s:O*}", "project", one->project->key, "instant",
                                                  json_object_get(call->input, "instant"));

                if (works_in(one) && !service_call(call->service, call->caller, "work.project", input,
                                                   (ServiceFiles){ NULL, 0 }, w, error))
                        return false;
        }
        jwrite_array_end(w);
        return true;
}
