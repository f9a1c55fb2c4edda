/* What a proposed changeset would do, without a commit (docs/algorithms/trace-and-impact.md): it is resolved and written like
 * any other, on the pending tip, read back from there, and given up. Two views of one graph of its own, one before and one with
 * it, go through the same analyses as always. */
#include "analysis/suspect.h"
#include "service/analyses/compare.h"
#include "service/lists/fields.h"
#include "service/lists/past.h"
#include "service/analyses/reach.h"
#include "service/analyses/what_if_safety.h"

#include <string.h>

enum { STARTS_MOST = 1000 };

typedef struct {
        Call *call;
        const json_t *ops;
        Graph *graph;
        StoreView *view;  /* of the writer, while the write lasts */
        Seq before;       /* the commit it would follow */
        Seq seq;          /* that it would be; 0 when there is nothing to write */
        GPtrArray *items; /* of StoreItem: what it makes of items */
        GArray *starts;   /* of ItemNo: where the change begins */
        bool ends;        /* something is retired, or a link ends */
        bool failed;
        GError *why; /* of applying */
        bool done;
} WhatIf;

/* ---- trying it ---- */

static void start_add(WhatIf *what_if, ItemNo item)
{
        for (guint i = 0; i < what_if->starts->len; i++)
                if (g_array_index(what_if->starts, ItemNo, i) == item)
                        return;
        g_array_append_val(what_if->starts, item);
}

static void item_see(const ItemRev *rev, void *payload)
{
        WhatIf *what_if = payload;

        what_if->failed = what_if->failed || !graph_apply_item(what_if->graph, rev, &what_if->why);
        if (rev->from_seq != what_if->seq)
                return;
        g_ptr_array_add(what_if->items, store_item_copy(rev));
        what_if->ends = what_if->ends || (state_def(rev->state)->flags & STATE_RETIRED) != 0;
        start_add(what_if, rev->no);
}

/* A link that is made, ended or changed begins a change at the ends it ripples to. */
static void link_see(const LinkRev *rev, bool ended, void *payload)
{
        WhatIf *what_if = payload;
        const Flow ripple = link_type_def(rev->type)->ripple;

        what_if->failed = what_if->failed || !graph_apply_link(what_if->graph, rev, ended, &what_if->why);
        if (rev->from_seq != what_if->seq)
                return;
        what_if->ends = what_if->ends || ended;
        if (ripple == FLOW_FORWARD || ripple == FLOW_BOTH)
                start_add(what_if, rev->to);
        if (ripple != FLOW_FORWARD)
                start_add(what_if, rev->from);
}

static void result_see(const ResultRev *result, void *payload)
{
        WhatIf *what_if = payload;

        what_if->failed = what_if->failed || !graph_apply_result(what_if->graph, result, &what_if->why);
        if (result->seq == what_if->seq)
                start_add(what_if, result->test_case);
}

static void commit_see(Seq seq, void *payload)
{
        WhatIf *what_if = payload;

        if (!what_if->failed)
                graph_publish(what_if->graph, seq);
}

/* Who asks need not be allowed to do it: nothing is done, and all that is told of may be read. */
static Rights every_right(void)
{
        return (Rights){ .roles = (1U << ZW_ROLE_COUNT) - 1, .limit = UINT_MAX };
}

static bool what_if_commit(WhatIf *what_if, StoreTxn *txn, const json_t *ops, GError **error)
{
        const Call *call = what_if->call;
        const StoreFeed table = { item_see, link_see, result_see, commit_see };
        const CommitDraft draft = { .log = call->project->log,
                                    .actor = call->caller->person,
                                    .origin = call->caller->origin,
                                    .editorial = jread_get_bool(call->input, "editorial", false),
                                    .ops = ops };

        if (!store_txn_commit(txn, &draft, &what_if->seq, error))
                return false;
        what_if->before = what_if->seq - 1;
        if (!store_feed(store_txn_view(txn), &call->project->log, graph_head(what_if->graph), what_if->seq,
                        &table, what_if, error))
                return false;
        if (what_if->failed)
                g_propagate_error(error, g_steal_pointer(&what_if->why));
        return !what_if->failed;
}

/* Fails always, so that nothing stays; `done` says that it was tried. */
static bool what_if_write(StoreTxn *txn, void *payload, GError **error)
{
        WhatIf *what_if = payload;
        Call *call = what_if->call;
        const Rights rights = every_right();
        const ResolveContext context = { .view = store_txn_view(txn),
                                         .store = call->service->store,
                                         .log = call->project->log,
                                         .actor = call->caller->person,
                                         .rights = &rights,
                                         .editorial = jread_get_bool(call->input, "editorial", false) };
        g_autoptr(Json) outcome = json_pack("{s:[]}", "keys"), native = NULL, ops = NULL;

        if (what_if->done) /* a group is repeated: the graph has it already */
                return false;
        native = satisfies_expand(context.view, &context.log, what_if->ops, error);
        ops = native == NULL ? NULL : resolve_ops(&context, native, outcome, error);
        if (ops == NULL || (json_array_size(ops) > 0 && !what_if_commit(what_if, txn, ops, error)))
                return false;
        what_if->done = true;
        error_set(error, ZW_ERR_CANCELLED, NULL, "nothing is written");
        return false;
}

static bool what_if_try(WhatIf *what_if, GError **error)
{
        GError *why = NULL;

        if (!json_is_array(what_if->ops)) {
                error_set(error, ZW_ERR_USAGE, "/ops", "a changeset is an array of operations");
                return false;
        }
        if (!store_write(what_if->call->service->store, what_if_write, what_if, &why) && what_if->done) {
                g_error_free(why);
                return true;
        }
        g_propagate_error(error, why);
        return false;
}

/* ---- what it does ---- */

typedef struct {
        WhatIf *what_if;
        JWrite *w;
        GraphView old, new;
} Showing;

static bool item_change_write(const Showing *s, const StoreItem *item, GError **error)
{
        Call *call = s->what_if->call;
        const ItemRev *new = store_item_rev(item);
        g_autoptr(StoreItem) before = NULL;
        const ItemRev *old = NULL;

        if (graph_exists(s->old, new->no)) {
                before = store_item_by_no(call->view, &call->project->log, new->no, call->project->head,
                                          error);
                if (before == NULL)
                        return false;
                old = store_item_rev(before);
        }
        jwrite_object_begin(s->w);
        jwrite_key_string(s->w, "key", new->key);
        jwrite_key_string(s->w, "kind", kind_def(new->kind)->name);
        jwrite_key_string(s->w, "title", new->title);
        jwrite_key_string(s->w, "change", old == NULL ? "added" : "changed");
        jwrite_key(s->w, "fields");
        fields_write(s->w, old, new);
        jwrite_object_end(s->w);
        return true;
}

static bool changed_write(const Showing *s, GError **error)
{
        jwrite_key(s->w, "changed");
        jwrite_array_begin(s->w);
        for (guint i = 0; i < s->what_if->items->len; i++)
                if (!item_change_write(s, g_ptr_array_index(s->what_if->items, i), error))
                        return false;
        jwrite_array_end(s->w);
        return true;
}

/* The links it would make suspect. */
static void suspects_write(const Showing *s)
{
        g_autoptr(GArray) found = suspects_find(s->new, NULL);

        jwrite_key(s->w, "suspects");
        jwrite_array_begin(s->w);
        for (guint i = 0; i < found->len; i++) {
                const Suspect *suspect = &g_array_index(found, Suspect, i);

                if (graph_exists(s->old, suspect->from) && graph_exists(s->old, suspect->to) &&
                    graph_subst(s->old, suspect_changed(suspect)) >
                            graph_link_judged(s->old, suspect->link, suspect->end))
                        continue;
                jwrite_object_begin(s->w);
                jwrite_key_string(s->w, "from", graph_key(s->new, suspect->from));
                jwrite_key_string(s->w, "type", link_type_def(suspect->type)->name);
                jwrite_key_string(s->w, "to", graph_key(s->new, suspect->to));
                jwrite_key_string(s->w, "as", as_name(graph_link_as(s->new, suspect->link)));
                jwrite_key_string(s->w, "because", graph_key(s->new, suspect_changed(suspect)));
                jwrite_object_end(s->w);
        }
        jwrite_array_end(s->w);
}

/* ---- impact ---- */

static void change_name(const char *field, bool is_attr G_GNUC_UNUSED, const json_t *old G_GNUC_UNUSED,
                        const json_t *new G_GNUC_UNUSED, void *payload)
{
        json_array_append_new(payload, json_string(field));
}

/* Which fields of the start the changeset changes: none where it begins with a link. */
static bool start_changed(const Showing *s, ItemNo start, json_t **ret_changed, GError **error)
{
        const WhatIf *what_if = s->what_if;
        Call *call = what_if->call;

        *ret_changed = json_array();
        for (guint i = 0; i < what_if->items->len; i++) {
                const ItemRev *new = store_item_rev(g_ptr_array_index(what_if->items, i));
                g_autoptr(StoreItem) old = NULL;

                if (new->no != start || !graph_exists(s->old, start))
                        continue;
                old = store_item_by_no(call->view, &call->project->log, start, call->project->head, error);
                if (old == NULL)
                        return false;
                fields_each(store_item_rev(old), new, change_name, *ret_changed);
        }
        return true;
}

/* From one start: where a thing is retired or unlinked what lay behind it is reached as before, else as after. */
static bool start_walk(const Showing *s, Walk *walk, const ReachChoice *choice, ItemNo start, uint8_t *seen,
                       GError **error)
{
        const GraphView view = graph_exists(s->old, start) && !graph_is_live(s->new, start) ? s->old : s->new;
        g_autoptr(Json) changed = NULL;
        const WalkStep *steps;
        ReachCause cause;
        size_t n;

        if (!walk_find(walk, view, start, WALK_RIPPLE, choice->direction, ZW_REACH_MAX, &steps, &n, error) ||
            !start_changed(s, start, &changed, error))
                return false;
        cause = (ReachCause){ graph_key(view, start),
                              graph_exists(s->old, start) ? graph_rev(s->old, start) : 0,
                              graph_exists(s->new, start) ? graph_rev(s->new, start) : 0, changed };
        reach_write(s->w, view, choice, &cause, steps, n, seen);
        return true;
}

static bool impact_write(const Showing *s, const char *key, const ReachChoice *choice, GError **error)
{
        g_autofree uint8_t *seen = g_malloc0(graph_item_count(s->new) + 1);
        g_autoptr(Walk) walk = walk_new();
        const GArray *starts = s->what_if->starts;

        walk_follow(walk, choice->links);
        jwrite_key(s->w, key);
        jwrite_array_begin(s->w);
        for (guint i = 0; i < starts->len; i++)
                if (!start_walk(s, walk, choice, g_array_index(starts, ItemNo, i), seen, error))
                        return false;
        jwrite_array_end(s->w);
        return true;
}

/* The functions of safety that the change reaches or shares something with. */
static bool safety_write(const Showing *s, GError **error)
{
        const ReachChoice choice = { .kinds = UINT64_C(1) << ZW_KIND_SAFETY_FUNCTION |
                                              UINT64_C(1) << ZW_KIND_PROTECTION_LAYER |
                                              UINT64_C(1) << ZW_KIND_ESSENTIAL_FUNCTION,
                                     .links = LINK_MASK_ALL,
                                     .zone = ZW_ITEM_NONE,
                                     .discipline = -1,
                                     .shared = true,
                                     .direction = WALK_DOWN };

        return impact_write(s, "safety", &choice, error);
}

/* ---- requirements without a source ---- */

/* Whether something of a source's kind lies upstream of it. */
static bool has_source(Walk *walk, GraphView view, ItemNo requirement, bool *ret_has, GError **error)
{
        const uint64_t sources = UINT64_C(1) << ZW_KIND_THREAT | UINT64_C(1) << ZW_KIND_HAZARD |
                                 UINT64_C(1) << ZW_KIND_INCIDENT;
        const WalkStep *steps;
        size_t n;

        *ret_has = false;
        if (!walk_find(walk, view, requirement, WALK_TRACE, WALK_UP, ZW_REACH_MAX, &steps, &n, error))
                return false;
        for (size_t i = 1; i < n && !*ret_has; i++)
                *ret_has = (sources >> graph_kind(view, steps[i].item) & 1) != 0;
        return true;
}

/* The requirements below what changes, as it was: a byte for each item. */
static bool below_mark(const Showing *s, uint8_t *marks, GError **error)
{
        g_autoptr(Walk) walk = walk_new();
        const GArray *starts = s->what_if->starts;

        for (guint i = 0; i < starts->len; i++) {
                const ItemNo start = g_array_index(starts, ItemNo, i);
                const WalkStep *steps;
                size_t n;

                if (!graph_exists(s->old, start))
                        continue;
                if (!walk_find(walk, s->old, start, WALK_TRACE, WALK_DOWN, ZW_REACH_MAX, &steps, &n, error))
                        return false;
                for (size_t k = 0; k < n; k++)
                        marks[steps[k].item] = graph_kind(s->old, steps[k].item) == ZW_KIND_REQUIREMENT;
        }
        return true;
}

/* Live requirements that had a scenario, hazard or incident upstream, and have none any more. */
static bool unsourced_write(const Showing *s, GError **error)
{
        g_autofree uint8_t *marks = g_malloc0(graph_item_count(s->new) + 1);
        g_autoptr(Walk) walk = walk_new();

        if (s->what_if->ends && !below_mark(s, marks, error))
                return false;
        jwrite_key(s->w, "without_source");
        jwrite_array_begin(s->w);
        for (ItemNo item = 0; item < graph_item_count(s->new); item++) {
                bool had, has;

                if (marks[item] == 0 || !graph_is_live(s->new, item))
                        continue;
                if (!has_source(walk, s->old, item, &had, error) ||
                    !has_source(walk, s->new, item, &has, error))
                        return false;
                if (had && !has)
                        jwrite_string(s->w, graph_key(s->new, item));
        }
        jwrite_array_end(s->w);
        return true;
}

/* ---- the answer ---- */

static bool starts_check(const WhatIf *what_if, GError **error)
{
        if (what_if->starts->len <= STARTS_MOST)
                return true;
        error_set(error, ZW_ERR_LIMIT, "/ops", "the changeset touches %u items, at most %d are followed",
                  what_if->starts->len, STARTS_MOST);
        return false;
}

static bool what_if_show(WhatIf *what_if, JWrite *w, GError **error)
{
        Showing s = { .what_if = what_if, .w = w };
        const Instant now = what_if->call->instant;
        const Seq head = graph_head(what_if->graph);
        ReachChoice choice;

        if (!graph_pin_at(what_if->graph, what_if->seq == 0 ? head : what_if->before, &s.old) ||
            !graph_pin_at(what_if->graph, what_if->seq == 0 ? head : what_if->seq, &s.new)) {
                error_set(error, ZW_ERR_INTERNAL, NULL, "the graph lacks the commit that was tried");
                return false;
        }
        if (!starts_check(what_if, error) || !reach_choose(what_if->call, s.new, &choice, error))
                return false;
        jwrite_object_begin(w);
        if (!changed_write(&s, error))
                return false;
        suspects_write(&s);
        compare_places_write(w, &(AnalysedState){ s.old, now }, &(AnalysedState){ s.new, now }, choice.zone);
        what_if_safety_write(w, s.old, s.new, now);
        if (!safety_write(&s, error) || !unsourced_write(&s, error) ||
            !impact_write(&s, "impact", &choice, error))
                return false;
        jwrite_object_end(w);
        return true;
}

bool usecase_what_if(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func((GDestroyNotify)store_item_free);
        g_autoptr(GArray) starts = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(Graph) graph = graph_load_at(call->view, &call->project->log, call->project->head, error);
        WhatIf what_if = { .call = call,
                           .ops = json_object_get(call->input, "ops"),
                           .graph = graph,
                           .items = items,
                           .starts = starts };
        bool ok = graph != NULL && what_if_try(&what_if, error) && what_if_show(&what_if, w, error);

        g_clear_error(&what_if.why);
        return ok;
}
