/* Triage: what people decide about findings, many at once, as one commit or to be looked at first (docs/algorithms/triage.md). */
#include "service/findings/decision.h"
#include "model/triage.h"
#include "service/lists/filter.h"
#include "service/analyses/risk.h"
#include "service/findings/triage.h"
#include "vuln/range.h"

#include <string.h>

enum { ITEMS_MOST = 10000 };

/* Members of the input that become attributes of each finding as they are; null takes one away. */
static const char *const plain[] = { "ticket", "due", "treatment", "treatment_reason", "window", "broken" };

static void triage_clear(Triage *triage)
{
        workflow_free(triage->workflow);
        json_decref(triage->ops);
        json_decref(triage->rows);
        json_decref(triage->unmatched);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Triage, triage_clear)

/* ---- the way to a state ---- */

/* The shortest way, over states that settle nothing, as an array of names; NULL when there is none. */
static json_t *way_find(const Workflow *workflow, StateId from, StateId to)
{
        StateId before[ZW_STATE_COUNT], queue[ZW_STATE_COUNT];
        bool seen[ZW_STATE_COUNT] = { false };
        size_t n_rules, head = 0, tail = 0;
        const WorkflowRule *rules = workflow_rules(workflow, &n_rules);
        json_t *way;

        queue[tail++] = from;
        seen[from] = true;
        while (head < tail && !seen[to]) {
                const StateId at = queue[head++];

                for (size_t i = 0; i < n_rules; i++) {
                        const StateId next = rules[i].to;

                        if (rules[i].from != at || seen[next] || (next != to && state_def(next)->flags != 0))
                                continue;
                        seen[next] = true;
                        before[next] = at;
                        queue[tail++] = next;
                }
        }
        if (!seen[to])
                return NULL;
        way = json_array();
        for (StateId at = to; at != from; at = before[at])
                json_array_insert_new(way, 0, json_string(state_def(at)->name));
        return way;
}

static void way_append(Triage *triage, const char *key, const json_t *way)
{
        const json_t *step;
        size_t i;

        json_array_foreach(way, i, step)
                json_array_append_new(triage->ops, json_pack("{s:s, s:s, s:O}", "op", "transition", "key",
                                                             key, "to", step));
}

/* ---- the decision ---- */

/* The first thing that the finding concerns. */
static ItemNo subject_of(GraphView view, ItemNo finding)
{
        return graph_first(view, finding, GRAPH_OUT, ZW_LINK_CONCERNS);
}

/* What names the product: the component itself, or the one that the asset is an instance of. */
static bool product_put(const Triage *triage, ItemNo subject, json_t *scope, GError **error)
{
        static const char *const names[] = { "vendor", "product" };
        const GraphView view = triage->view;
        const ItemNo product = graph_kind(view, subject) == ZW_KIND_COMPONENT
                                       ? subject
                                       : graph_first(view, subject, GRAPH_OUT, ZW_LINK_INSTANCE_OF);
        const AttrId attrs[] = { ZW_ATTR_VENDOR, ZW_ATTR_PRODUCT };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                size_t n;
                const char *text = product == ZW_ITEM_NONE
                                           ? NULL
                                           : facts_get_text(graph_facts(view, product), attrs[i], &n);

                if (text == NULL) {
                        error_set(error, ZW_ERR_INPUT, "/scope", "%s is of no product with vendor and name",
                                  graph_key(view, subject));
                        return false;
                }
                json_object_set_new(scope, names[i], json_stringn(text, n));
        }
        return true;
}

static bool limits_put(const Triage *triage, const json_t *asked, json_t *scope, GError **error)
{
        const char *versions = jread_get_string(asked, "versions"), *zone = jread_get_string(asked, "zone");
        g_autoptr(Range) range = versions == NULL ? NULL : range_parse(versions);
        ItemNo place;

        if (range != NULL && range_is_unread(range)) {
                error_set(error, ZW_ERR_INPUT, "/scope/versions",
                          "this is no range of versions: write >=1.0|<2.0, <V2.8.1 or all versions");
                return false;
        }
        if (zone != NULL && (!graph_find_key(triage->view, zone, &place) ||
                             (graph_kind(triage->view, place) != ZW_KIND_ZONE &&
                              graph_kind(triage->view, place) != ZW_KIND_CONDUIT))) {
                error_set(error, ZW_ERR_NOT_FOUND, "/scope/zone", "%s is no zone or conduit", zone);
                return false;
        }
        if (versions != NULL)
                json_object_set_new(scope, "versions", json_string(versions));
        if (zone != NULL)
                json_object_set_new(scope, "zone", json_string(zone));
        return true;
}

/* The scope that is asked for: `of` is `subject` (so unless it is said) or `product`. */
static json_t *scope_make(const Triage *triage, ItemNo subject, GError **error)
{
        const json_t *asked = json_object_get(triage->input, "scope");
        const char *of = jread_get_string(asked, "of");
        g_autoptr(Json) scope = json_object();

        if (of == NULL || strcmp(of, "subject") == 0)
                json_object_set_new(scope, "subject", json_string(graph_key(triage->view, subject)));
        else if (strcmp(of, "product") != 0) {
                error_set(error, ZW_ERR_INPUT, "/scope/of", "a decision is of the subject or of the product");
                return NULL;
        } else if (!product_put(triage, subject, scope, error))
                return NULL;
        return limits_put(triage, asked, scope, error) ? g_steal_pointer(&scope) : NULL;
}

/* Records the decision as a setting, and names it in `attrs` of the finding. */
static bool decision_append(Triage *triage, const char *key, ItemNo finding, const json_t *now, json_t *attrs,
                            GError **error)
{
        const char *vulnerability = jread_get_string(now, "vulnerability"),
                   *until = jread_get_string(triage->input, "until");
        const ItemNo subject = subject_of(triage->view, finding);
        g_autoptr(Json) scope = NULL;
        g_autofree char *id = NULL, *name = NULL;
        json_t *value;

        if (vulnerability == NULL || subject == ZW_ITEM_NONE)
                return true; /* it says of nothing else what it says of this finding */
        scope = scope_make(triage, subject, error);
        if (scope == NULL)
                return false;
        id = decision_id(vulnerability, scope);
        name = g_strconcat(ZW_DECISION_PREFIX, id, NULL);
        value = json_pack("{s:s, s:s, s:s, s:s, s:O, s:s*, s:s*}", "vulnerability", vulnerability, "state",
                          state_def(triage->to)->name, "reason", triage->reason, "finding", key, "scope",
                          scope, "until", until, "assertion", jread_get_string(now, "assertion"));
        json_array_append_new(triage->ops,
                              json_pack("{s:s, s:s, s:o}", "op", "setting", "name", name, "value", value));
        json_object_set_new(attrs, "decision", json_string(id));
        return true;
}

/* ---- one finding ---- */

/* What it is proposed to break counts as confirmed where `broken` is true. */
static json_t *value_of(const char *name, json_t *asked, const json_t *now)
{
        json_t *proposed = json_object_get(now, "proposed");

        if (strcmp(name, "broken") != 0 || !json_is_true(asked))
                return json_incref(asked);
        return proposed == NULL ? json_null() : json_incref(proposed);
}

static json_t *attrs_make(const Triage *triage, const json_t *now)
{
        json_t *attrs = json_object();

        for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
                json_t *asked = json_object_get(triage->input, plain[i]);

                if (asked != NULL)
                        json_object_set_new(attrs, plain[i], value_of(plain[i], asked, now));
        }
        if (triage->reason != NULL)
                json_object_set_new(attrs, "rationale", json_string(triage->reason));
        return attrs;
}

/* The members that `attrs` names, as they are. */
static json_t *before_make(const json_t *attrs, const json_t *now)
{
        json_t *before = json_object(), *value;
        const char *name;

        json_object_foreach((json_t *)(uintptr_t)attrs, name, value)
        {
                json_t *old = json_object_get(now, name);

                json_object_set_new(before, name, old == NULL ? json_null() : json_incref(old));
        }
        return before;
}

void triage_refuse(Triage *triage, const char *key, const char *why)
{
        json_array_append_new(triage->rows, json_pack("{s:s, s:s}", "key", key, "refused", why));
        triage->refused++;
}

/* Why the finding cannot go there, or NULL (free it). */
static char *move_refused(const Triage *triage, const json_t *way, StateId from)
{
        if (way == NULL)
                return g_strdup_printf("no transitions lead from %s to %s", state_def(from)->name,
                                       state_def(triage->to)->name);
        if (triage->reason == NULL && (state_def(triage->to)->flags & STATE_CLEARED) != 0)
                return g_strdup_printf("%s clears a finding, so a reason is needed",
                                       state_def(triage->to)->name);
        /* A document that says it may have none: what went out comes back as it was. */
        if (triage->reason == NULL && triage->to == ZW_STATE_ACCEPTED && triage->unmatched == NULL)
                return g_strdup("accepted leaves the risk as it is, so a reason is needed");
        return NULL;
}

/* Whether these attributes would leave it as it is for good without anybody having said why. */
static bool is_left_unsaid(json_t *attrs, json_t *now)
{
        g_autoptr(Json) after = json_copy(now);

        json_object_update(after, attrs);
        return triage_is_unsaid(after) && (json_object_get(attrs, "treatment") != NULL ||
                                           json_object_get(attrs, "treatment_reason") != NULL);
}

static void ops_append(Triage *triage, const ItemRev *rev, const json_t *attrs, const json_t *way)
{
        json_t *owner = json_object_get(triage->input, "owner"),
               *op = json_pack("{s:s, s:s, s:O}", "op", "item", "key", rev->key, "attrs", attrs);
        const char *measure = jread_get_string(triage->input, "countermeasure");

        if (owner != NULL)
                json_object_set(op, "owner", owner);
        json_array_append_new(triage->ops, op);
        if (measure != NULL)
                json_array_append_new(triage->ops,
                                      json_pack("{s:s, s:s, s:s, s:s}", "op", "link", "from", measure, "type",
                                                link_type_def(ZW_LINK_MITIGATES)->name, "to", rev->key));
        way_append(triage, rev->key, way);
}

bool triage_finding(Triage *triage, const ItemRev *rev, GError **error)
{
        g_autoptr(Json) now = jread_parse(rev->attrs, strlen(rev->attrs), error), attrs = NULL, way = NULL;
        g_autofree char *why = NULL;
        json_t *row;

        if (now == NULL)
                return false;
        if (triage->moves) {
                way = way_find(triage->workflow, rev->state, triage->to);
                why = move_refused(triage, way, rev->state);
        }
        attrs = attrs_make(triage, now);
        if (why == NULL && is_left_unsaid(attrs, now))
                why = g_strdup("never to be treated needs a reason of the treatment");
        if (why != NULL) {
                triage_refuse(triage, rev->key, why);
                return true;
        }
        if (triage->moves && triage->reason != NULL &&
            !decision_append(triage, rev->key, rev->no, now, attrs, error))
                return false;
        row = json_pack("{s:s, s:{s:s, s:o}, s:{s:s, s:o}}", "key", rev->key, "before", "state",
                        state_def(rev->state)->name, "attrs", before_make(attrs, now), "after", "state",
                        state_def(triage->moves ? triage->to : rev->state)->name, "attrs",
                        json_deep_copy(attrs));
        json_array_append_new(triage->rows, row);
        ops_append(triage, rev, attrs, way);
        return true;
}

/* ---- which ---- */

typedef struct {
        Triage *triage;
        Filter *filter;
} Choosing;

static bool item_see(const ItemRev *rev, void *payload, GError **error)
{
        Choosing *choosing = payload;

        if (rev->kind != ZW_KIND_FINDING || (state_def(rev->state)->flags & STATE_RETIRED) != 0 ||
            !filter_fits(choosing->filter, rev))
                return true;
        if (json_array_size(choosing->triage->rows) == ITEMS_MOST) {
                error_set(error, ZW_ERR_LIMIT, "/q", "more than %d findings fit: name fewer", ITEMS_MOST);
                return false;
        }
        return triage_finding(choosing->triage, rev, error);
}

static bool named_triage(Triage *triage, const char *key, GError **error)
{
        Call *call = triage->call;
        g_autoptr(StoreItem)
                item = store_item_by_key(call->view, &call->project->log, key, ZW_SEQ_OPEN - 1, error);

        if (item == NULL)
                return false;
        if (store_item_rev(item)->kind != ZW_KIND_FINDING) {
                error_set(error, ZW_ERR_INPUT, "/items", "%s is no finding", key);
                return false;
        }
        return triage_finding(triage, store_item_rev(item), error);
}

static bool all_triage(Triage *triage, GError **error)
{
        Call *call = triage->call;
        const char *q = jread_get_string(triage->input, "q");
        const json_t *items = json_object_get(triage->input, "items"),
                     *vex = json_object_get(triage->input, "vex"), *key;
        g_autoptr(Filter) filter = NULL;
        Choosing choosing = { .triage = triage };
        size_t i;

        if ((items != NULL) + (q != NULL) + (vex != NULL) != 1 || json_array_size(items) > ITEMS_MOST) {
                error_set(error, ZW_ERR_USAGE, "/q",
                          "either a filter or at most %d items say which findings, or a VEX document does",
                          ITEMS_MOST);
                return false;
        }
        if (vex != NULL)
                return triage_vex(triage, vex, error);
        json_array_foreach(items, i, key)
        {
                if (!named_triage(triage, json_is_string(key) ? json_string_value(key) : "", error))
                        return false;
        }
        if (q == NULL)
                return true;
        choosing.filter = filter = filter_new(call, q, error);
        return filter != NULL && store_each_item(call->view, &call->project->log, call->project->head,
                                                 item_see, &choosing, error);
}

/* ---- the use case ---- */

static bool input_check(Triage *triage, GError **error)
{
        const char *state = jread_get_string(triage->input, "state");
        const bool scoped = json_object_get(triage->input, "scope") != NULL ||
                            json_object_get(triage->input, "until") != NULL;
        bool asks = state != NULL || triage->reason != NULL ||
                    json_object_get(triage->input, "owner") != NULL ||
                    json_object_get(triage->input, "countermeasure") != NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
                asks |= json_object_get(triage->input, plain[i]) != NULL;
        if (asks == (json_object_get(triage->input, "vex") != NULL)) {
                error_set(error, ZW_ERR_USAGE, NULL,
                          asks ? "a VEX document says itself what is decided about the findings"
                               : "nothing is said about the findings");
                return false;
        }
        if (state != NULL &&
            (!state_find(state, &triage->to) || !workflow_has(triage->workflow, triage->to))) {
                error_set(error, ZW_ERR_NAME_UNKNOWN, "/state", "a finding has no state \"%s\"", state);
                return false;
        }
        triage->moves = state != NULL;
        if (!scoped || (triage->moves && triage->reason != NULL))
                return true;
        error_set(error, ZW_ERR_USAGE, "/scope", "a decision with a scope has a state and a reason");
        return false;
}

/* Nothing is written where one of them is refused. */
static bool answer_write(Triage *triage, JWrite *w, GError **error)
{
        jwrite_object_begin(w);
        jwrite_key_int(w, "refused", (int64_t)triage->refused);
        jwrite_key_json(w, "rows", triage->rows);
        if (triage->unmatched != NULL)
                jwrite_key_json(w, "unmatched", triage->unmatched);
        if (triage->refused > 0 || json_array_size(triage->ops) == 0)
                jwrite_key_null(w, "changes");
        else if (!edit_call(triage->call, triage->ops, "triage", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

bool usecase_finding_triage(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_auto(Triage) triage = { .call = call,
                                  .input = call->input,
                                  .reason = jread_get_string(call->input, "reason"),
                                  .ops = json_array(),
                                  .rows = json_array() };

        if (!graph_of_call(call, &pinned, error) ||
            !call_workflow(call, ZW_KIND_FINDING, &triage.workflow, error) || !input_check(&triage, error))
                return false;
        triage.view = pinned.view;
        return all_triage(&triage, error) && answer_write(&triage, w, error);
}

/* ---- the policy ---- */

bool usecase_triage_policy(Call *call, JWrite *w, GError **error)
{
        g_autoptr(TriagePolicy) policy = policy_load(call->view, &call->project->log, call->at, error);

        if (policy == NULL)
                return false;
        jwrite_json(w, triage_policy_json(policy));
        return true;
}

/* Null puts the one of the program back. */
bool usecase_triage_policy_set(Call *call, JWrite *w, GError **error)
{
        json_t *policy = json_object_get(call->input, "policy");
        g_autoptr(Json) ops = NULL;

        if (policy == NULL) {
                error_set(error, ZW_ERR_USAGE, "/policy", "give a policy, or null for the default one");
                return false;
        }
        ops = json_pack("[{s:s, s:s, s:O}]", "op", "setting", "name", ZW_TRIAGE_SETTING, "value", policy);
        jwrite_object_begin(w);
        if (!edit_call(call, ops, "triage policy", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

static gint id_order(gconstpointer a, gconstpointer b)
{
        const Decision *left = *(Decision *const *)a, *right = *(Decision *const *)b;

        return strcmp(left->id, right->id);
}

/* The decisions there are, by id. */
bool usecase_decision_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GHashTable) decisions = decisions_load(call->view, &call->project->log, call->at, error);
        g_autoptr(GPtrArray) sorted = g_ptr_array_new();
        GHashTableIter iter;
        gpointer value;

        if (decisions == NULL)
                return false;
        g_hash_table_iter_init(&iter, decisions);
        while (g_hash_table_iter_next(&iter, NULL, &value))
                g_ptr_array_add(sorted, value);
        g_ptr_array_sort(sorted, id_order);
        jwrite_array_begin(w);
        for (guint i = 0; i < sorted->len; i++) {
                const Decision *decision = sorted->pdata[i];
                g_autoptr(Json) row = json_copy(decision->value);

                json_object_set_new(row, "id", json_string(decision->id));
                jwrite_json(w, row);
        }
        jwrite_array_end(w);
        return true;
}
