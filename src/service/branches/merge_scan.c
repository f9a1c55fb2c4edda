/* What a branch touched since it was last merged, or made. */
#include "service/branches/merge.h"

#include "service/changeset/deferral.h"
#include "service/changeset/review.h"

#include <inttypes.h>
#include <string.h>

/* ---- operations ---- */

static void touch(MergePlan *plan, const char *what, const char *name, json_t *value)
{
        if (name != NULL)
                json_object_set_new(json_object_get(plan->touched, what), name, value);
        else
                json_decref(value);
}

static void touch_link(MergePlan *plan, const json_t *op)
{
        static const char *const names[] = { "from", "type", "to", "as" };
        g_autoptr(GString) name = g_string_new(NULL);
        json_t *ends = json_array();

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                const char *text = jread_get_string(op, names[i]);

                json_array_append_new(ends, json_string(text == NULL ? "" : text));
                g_string_append_printf(name, "%s%s", i == 0 ? "" : "/", text == NULL ? "" : text);
        }
        touch(plan, "links", name->str, ends);
}

static void setting_see(MergePlan *plan, const json_t *op)
{
        const char *name = jread_get_string(op, "name");

        if (name != NULL &&
            (g_str_has_prefix(name, ZW_DEFERRAL_PREFIX) || g_str_has_prefix(name, ZW_REVIEW_PREFIX)))
                merge_leave(plan, "judgements", NULL);
        else
                touch(plan, "settings", name, json_true());
}

static void op_see(MergePlan *plan, json_t *op)
{
        static const char *const of_item[] = { "create", "update", "transition", "attach", "detach", NULL };
        const char *name = jread_get_string(op, "op");

        if (name == NULL)
                return;
        if (g_strv_contains(of_item, name))
                touch(plan, "items", jread_get_string(op, "id"), json_true());
        else if (strcmp(name, "link") == 0 || strcmp(name, "unlink") == 0)
                touch_link(plan, op);
        else if (strcmp(name, "setting") == 0)
                setting_see(plan, op);
        else if (strcmp(name, "results") == 0)
                json_array_append(plan->results, op);
        else if (strcmp(name, "sign") == 0)
                merge_leave(plan, "signatures", NULL);
        else if (strcmp(name, "comment") == 0)
                merge_leave(plan, "comments", NULL);
        else if (strcmp(name, "judge") == 0)
                merge_leave(plan, "judgements", NULL);
}

static bool commit_see(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        json_t *op;
        size_t i;

        json_array_foreach(commit->ops, i, op) op_see(payload, op);
        return true;
}

bool merge_scan(MergePlan *plan, GError **error)
{
        return store_each_commit(plan->view, &plan->branch->log, plan->base + 1, plan->branch->head,
                                 commit_see, plan, error);
}

/* ---- items ---- */

void merge_item_free(gpointer data)
{
        MergeItem *item = data;

        g_free(item->key);
        store_item_free(item->base);
        store_item_free(item->theirs);
        store_item_free(item->ours);
        g_free(item);
}

/* The revision at a commit, or NULL in *ret_item when there is none. */
static bool find_by_id(MergePlan *plan, const StoreProject *project, const char *hex, Seq seq,
                       StoreItem **ret_item, GError **error)
{
        GError *why = NULL;
        Id id;

        if (!hex_decode(hex, id.b, ZW_ID_BYTES, error))
                return false;
        *ret_item = store_item_by_id(plan->view, &project->log, &id, seq, &why);
        if (*ret_item != NULL)
                return true;
        if (!g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                g_propagate_error(error, why);
                return false;
        }
        g_clear_error(&why);
        return true;
}

static bool key_is_free(MergePlan *plan, const char *key, bool *ret_free, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autoptr(StoreItem)
                other = store_item_by_key(plan->view, &plan->into->log, key, ZW_SEQ_OPEN - 1, &why);

        *ret_free = other == NULL;
        if (other != NULL || g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND))
                return true;
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}

/* A number that neither the project nor the branch has used. */
static bool key_make(MergePlan *plan, KindId kind, char **ret_key, GError **error)
{
        const char *prefix = kind_def(kind)->prefix;
        uint64_t next = GPOINTER_TO_SIZE(g_hash_table_lookup(plan->numbers, prefix)), here, there;

        if (next == 0) {
                if (!store_next_key(plan->view, &plan->into->log, kind, &here, error) ||
                    !store_next_key(plan->view, &plan->branch->log, kind, &there, error))
                        return false;
                next = MAX(here, there);
        }
        *ret_key = g_strdup_printf("%s-%" PRIu64, prefix, next);
        g_hash_table_insert(plan->numbers, (gpointer)(uintptr_t)prefix, GSIZE_TO_POINTER(next + 1));
        return true;
}

/* An item that is new keeps its key, unless the project has given it to another one meanwhile. */
static bool key_choose(MergePlan *plan, MergeItem *item, GError **error)
{
        const ItemRev *rev = store_item_rev(item->theirs);
        bool is_free;

        if (!key_is_free(plan, rev->key, &is_free, error))
                return false;
        if (is_free) {
                item->key = g_strdup(rev->key);
                return true;
        }
        if (!key_make(plan, rev->kind, &item->key, error))
                return false;
        g_hash_table_insert(plan->renamed, g_strdup(rev->key), g_strdup(item->key));
        merge_say(plan, "renamed",
                  json_pack("{s:s, s:s, s:s}", "item", rev->key, "becomes", item->key, "title", rev->title));
        return true;
}

MergeItem *merge_item(MergePlan *plan, const char *id, GError **error)
{
        MergeItem *item = g_hash_table_lookup(plan->items, id);

        if (item != NULL)
                return item;
        item = g_new0(MergeItem, 1);
        g_strlcpy(item->id, id, sizeof item->id);
        g_hash_table_insert(plan->items, item->id, item);
        if (!find_by_id(plan, plan->branch, id, plan->base, &item->base, error) ||
            !find_by_id(plan, plan->branch, id, ZW_SEQ_OPEN - 1, &item->theirs, error) ||
            !find_by_id(plan, plan->into, id, ZW_SEQ_OPEN - 1, &item->ours, error))
                return NULL;
        if (item->theirs == NULL) {
                error_set(error, ZW_ERR_DAMAGED, id, "the branch names an item that it does not have");
                return NULL;
        }
        if (item->ours != NULL) {
                item->key = g_strdup(store_item_rev(item->ours)->key);
        } else if (store_item_rev(item->theirs)->kind == ZW_KIND_BASELINE) {
                /* It names a commit of the branch, which is none of the project's. */
                item->left = true;
                item->key = g_strdup(store_item_rev(item->theirs)->key);
                merge_leave(plan, "baselines", NULL);
        } else if (!key_choose(plan, item, error)) {
                return NULL;
        }
        return item;
}
