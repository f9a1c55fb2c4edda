/* What changed between two commits: items with their fields, links, and what the analyses make of it. The log between them says what
 * may differ, and only that is read; where it is long, all of both states. Of the earlier one only revision numbers and links are kept
 * in memory; both come in one order, so that they are compared as they are read. */
#include "service/analyses/compare.h"
#include "service/lists/fields.h"
#include "service/lists/filter.h"
#include "service/analyses/reach.h"
#include "service/analyses/touched.h"

#include <string.h>

typedef struct {
        LinkRev rev;
        char *attrs;
} LinkBefore;

typedef struct {
        Call *call;
        JWrite *w;
        Seq from, to;
        PinnedGraph graphs[2];
        Touched *touched;    /* what may differ; NULL: anything */
        ReachChoice choice;  /* kinds and zone */
        uint8_t *in_zone[2]; /* by item, at each commit; NULL for any */
        GArray *revs;        /* uint32_t by ItemNo: the number of the revision there was; 0 for none */
        GArray *links;       /* of LinkBefore */
        guint at;            /* among them: those before were compared */
        uint64_t n;          /* differences */
} Diff;

static void link_clear(gpointer link)
{
        g_free(((LinkBefore *)link)->attrs);
}

static void diff_clear(Diff *diff)
{
        for (int i = 0; i < 2; i++) {
                g_free(diff->in_zone[i]);
                pinned_graph_clear(&diff->graphs[i]);
        }
        touched_free(diff->touched);
        g_array_unref(diff->revs);
        g_array_unref(diff->links);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Diff, diff_clear)

/* ---- which ---- */

static bool is_in_zone(const Diff *diff, ItemNo item)
{
        for (int i = 0; i < 2; i++)
                if (diff->in_zone[i] == NULL ||
                    (item < graph_item_count(diff->graphs[i].view) && diff->in_zone[i][item] != 0))
                        return true;
        return false;
}

static bool is_wanted(const Diff *diff, ItemNo item, KindId kind)
{
        return (diff->choice.kinds & UINT64_C(1) << kind) != 0 && is_in_zone(diff, item);
}

/* Both states, from one graph where the log between them is short enough to be followed. */
static bool states_pin(Diff *diff, GError **error)
{
        const bool forwards = diff->from <= diff->to;
        Call then = *diff->call;

        then.at = forwards ? diff->from : diff->to;
        return graph_of_span(&then, forwards ? diff->to : diff->from, &diff->graphs[!forwards],
                             &diff->graphs[forwards], &diff->touched, error);
}

static bool choose(Diff *diff, GError **error)
{
        if (!states_pin(diff, error) || !reach_choose(diff->call, diff->graphs[1].view, &diff->choice, error))
                return false;
        for (int i = 0; i < 2 && diff->choice.zone != ZW_ITEM_NONE; i++)
                diff->in_zone[i] = graph_exists(diff->graphs[i].view, diff->choice.zone)
                                           ? filter_zone_items(diff->graphs[i].view, diff->choice.zone)
                                           : g_malloc0(graph_item_count(diff->graphs[i].view) + 1);
        return true;
}

/* ---- items ---- */

static bool remember_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        GArray *revs = ((Diff *)payload)->revs;

        if (revs->len <= rev->no)
                g_array_set_size(revs, rev->no + 1);
        g_array_index(revs, uint32_t, rev->no) = rev->rev;
        return true;
}

static void item_write(Diff *diff, const ItemRev *old, const ItemRev *rev)
{
        diff->n++;
        jwrite_object_begin(diff->w);
        jwrite_key_string(diff->w, "key", rev->key);
        jwrite_key_string(diff->w, "kind", kind_def(rev->kind)->name);
        jwrite_key_string(diff->w, "title", rev->title);
        jwrite_key_string(diff->w, "change", old == NULL ? "added" : "changed");
        if (old == NULL)
                jwrite_key_null(diff->w, "rev_old");
        else
                jwrite_key_int(diff->w, "rev_old", old->rev);
        jwrite_key_int(diff->w, "rev_new", rev->rev);
        jwrite_key(diff->w, "fields");
        fields_write(diff->w, old, rev);
        jwrite_object_end(diff->w);
}

static bool compare_item(const ItemRev *rev, void *payload, GError **error)
{
        Diff *diff = payload;
        g_autoptr(StoreItem) before = NULL;
        uint32_t old = 0;

        if (rev->no < diff->revs->len) {
                old = g_array_index(diff->revs, uint32_t, rev->no);
                g_array_index(diff->revs, uint32_t, rev->no) = 0;
        }
        if (old == rev->rev || !is_wanted(diff, rev->no, rev->kind))
                return true;
        if (old > 0) {
                before = store_item_by_no(diff->call->view, &diff->call->project->log, rev->no, diff->from,
                                          error);
                if (before == NULL)
                        return false;
        }
        item_write(diff, before == NULL ? NULL : store_item_rev(before), rev);
        return true;
}

/* Items never end, so only an older commit lacks some that a newer one has. */
static void items_removed(Diff *diff)
{
        const GraphView view = diff->graphs[0].view;

        for (ItemNo item = 0; item < diff->revs->len; item++) {
                const uint32_t old = g_array_index(diff->revs, uint32_t, item);

                if (old == 0 || !is_wanted(diff, item, graph_kind(view, item)))
                        continue;
                diff->n++;
                jwrite_object_begin(diff->w);
                jwrite_key_string(diff->w, "key", graph_key(view, item));
                jwrite_key_string(diff->w, "kind", kind_def(graph_kind(view, item))->name);
                jwrite_key_string(diff->w, "title", graph_title(view, item));
                jwrite_key_string(diff->w, "change", "removed");
                jwrite_key_int(diff->w, "rev_old", old);
                jwrite_key_null(diff->w, "rev_new");
                jwrite_key(diff->w, "fields");
                jwrite_array_begin(diff->w);
                jwrite_array_end(diff->w);
                jwrite_object_end(diff->w);
        }
}

static bool items_each(Diff *diff, int when, StoreItemFn fn, GError **error)
{
        Call *call = diff->call;
        const GraphView view = diff->graphs[when].view;

        return diff->touched != NULL
                       ? touched_each_item(diff->touched, call, view, fn, diff, error)
                       : store_each_item(call->view, &call->project->log, view.seq, fn, diff, error);
}

static bool items_write(Diff *diff, GError **error)
{
        jwrite_key(diff->w, "items");
        jwrite_array_begin(diff->w);
        if (!items_each(diff, 0, remember_item, error) || !items_each(diff, 1, compare_item, error))
                return false;
        items_removed(diff);
        jwrite_array_end(diff->w);
        return true;
}

/* ---- links ---- */

static bool remember_link(const LinkRev *link, void *payload, GError **error G_GNUC_UNUSED)
{
        const LinkBefore before = { *link, g_strdup(link->attrs) };

        g_array_append_val(((Diff *)payload)->links, before);
        return true;
}

static void link_write(Diff *diff, const LinkRev *link, const char *change)
{
        /* Both ends are in one of the two graphs, and their keys and kinds never change. */
        const bool later = graph_exists(diff->graphs[1].view, link->from) &&
                           graph_exists(diff->graphs[1].view, link->to);
        const GraphView view = diff->graphs[later].view;

        if (!is_wanted(diff, link->from, graph_kind(view, link->from)) &&
            !is_wanted(diff, link->to, graph_kind(view, link->to)))
                return;
        diff->n++;
        jwrite_object_begin(diff->w);
        jwrite_key_string(diff->w, "change", change);
        jwrite_key_string(diff->w, "from", graph_key(view, link->from));
        jwrite_key_string(diff->w, "type", link_type_def(link->type)->name);
        jwrite_key_string(diff->w, "to", graph_key(view, link->to));
        jwrite_key_string(diff->w, "as", as_name(link->as));
        jwrite_key_bool(diff->w, "chain", link_type_def(link->type)->trace != FLOW_NONE);
        jwrite_object_end(diff->w);
}

/* Those before the one at work that are there no more. */
static void links_removed(Diff *diff, const LinkRev *upto)
{
        for (; diff->at < diff->links->len; diff->at++) {
                const LinkBefore *before = &g_array_index(diff->links, LinkBefore, diff->at);

                if (upto != NULL && link_order(&before->rev, upto) >= 0)
                        return;
                link_write(diff, &before->rev, "removed");
        }
}

/* `judged`: a person confirmed the link on other revisions, its attributes are as before. */
static bool compare_link(const LinkRev *link, void *payload, GError **error G_GNUC_UNUSED)
{
        Diff *diff = payload;
        const LinkBefore *before;

        links_removed(diff, link);
        before = diff->at < diff->links->len ? &g_array_index(diff->links, LinkBefore, diff->at) : NULL;
        if (before == NULL || link_order(&before->rev, link) != 0) {
                link_write(diff, link, "added");
                return true;
        }
        diff->at++;
        if (g_strcmp0(before->attrs, link->attrs) != 0)
                link_write(diff, link, "changed");
        else if (before->rev.judged_from != link->judged_from || before->rev.judged_to != link->judged_to)
                link_write(diff, link, "judged");
        return true;
}

static bool links_each(Diff *diff, Seq seq, StoreLinkFn fn, GError **error)
{
        Call *call = diff->call;

        return diff->touched != NULL ? touched_each_link(diff->touched, call, seq, fn, diff, error)
                                     : store_each_link(call->view, &call->project->log, seq, fn, diff, error);
}

static bool links_write(Diff *diff, GError **error)
{
        jwrite_key(diff->w, "links");
        jwrite_array_begin(diff->w);
        if (!links_each(diff, diff->from, remember_link, error) ||
            !links_each(diff, diff->to, compare_link, error))
                return false;
        links_removed(diff, NULL);
        jwrite_array_end(diff->w);
        return true;
}

/* ---- what the analyses make of it ---- */

/* Each state at the time of its commit, unless the call says one instant for both; the newest is judged now. */
static bool instant_of(const Diff *diff, Seq seq, Instant *ret_instant, GError **error)
{
        Call *call = diff->call;

        *ret_instant = call->instant;
        return seq == call->at || jread_get_string(call->input, "instant") != NULL ||
               store_commit_time(call->view, &call->project->log, seq, ret_instant, error);
}

static bool places_write(Diff *diff, GError **error)
{
        AnalysedState states[2] = { { diff->graphs[0].view, 0 }, { diff->graphs[1].view, 0 } };

        if (!instant_of(diff, diff->from, &states[0].instant, error) ||
            !instant_of(diff, diff->to, &states[1].instant, error))
                return false;
        diff->n += compare_places_write(diff->w, &states[0], &states[1], diff->choice.zone);
        return true;
}

static bool ends_of_call(Call *call, Seq *ret_from, Seq *ret_to, GError **error)
{
        const char *from = jread_get_string(call->input, "from"), *to = jread_get_string(call->input, "to");

        if (from == NULL) {
                error_set(error, ZW_ERR_USAGE, "/from",
                          "a commit, date or baseline to compare from is needed");
                return false;
        }
        *ret_to = call->at;
        return call_find_seq(call, from, "from", ret_from, error) &&
               (to == NULL || call_find_seq(call, to, "to", ret_to, error));
}

bool usecase_diff(Call *call, JWrite *w, GError **error)
{
        g_auto(Diff) diff = { .call = call,
                              .w = w,
                              .revs = g_array_new(FALSE, TRUE, sizeof(uint32_t)),
                              .links = g_array_new(FALSE, FALSE, sizeof(LinkBefore)) };

        g_array_set_clear_func(diff.links, link_clear);
        if (!ends_of_call(call, &diff.from, &diff.to, error) || !choose(&diff, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_int(w, "from", (int64_t)diff.from);
        jwrite_key_int(w, "to", (int64_t)diff.to);
        if (!items_write(&diff, error) || !links_write(&diff, error) ||
            (jread_get_bool(call->input, "analyses", false) && !places_write(&diff, error)))
                return false;
        jwrite_key_int(w, "differences", (int64_t)diff.n);
        jwrite_key_bool(w, "ok", diff.n == 0);
        jwrite_object_end(w);
        return true;
}
