/* Documents and configurations as controlled items, all of them (`content.status`): how far each is, what it holds, and what it
 * implements. */
#include "service/content/content.h"

#include <string.h>

/* Approvals that stand, by item. */
static void approval_see(const SignatureRev *signature, void *payload)
{
        GHashTable *approvals = payload;
        const gpointer item = GUINT_TO_POINTER(signature->item);

        g_hash_table_insert(approvals, item,
                            GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(approvals, item)) + 1));
}

/* Requirements that live claims answer by resting on it, each once; *ret_suspect says whether one of those claims was judged on
 * something else. */
static void implements_write(JWrite *w, GraphView view, ItemNo item, bool *ret_suspect)
{
        GraphIter claims = graph_iter(view, item, GRAPH_IN, LINK_MASK(ZW_LINK_RESTS_ON));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GraphEdge claim, answer;

        *ret_suspect = false;
        jwrite_key(w, "implements");
        jwrite_array_begin(w);
        while (graph_next(&claims, &claim)) {
                GraphIter answers = graph_iter(view, claim.other, GRAPH_OUT, LINK_MASK(ZW_LINK_ANSWERS));

                if (!graph_is_live(view, claim.other))
                        continue;
                *ret_suspect = *ret_suspect || graph_link_is_suspect(view, claim.link);
                while (graph_next(&answers, &answer))
                        if (graph_is_live(view, answer.other) &&
                            g_hash_table_add(seen, GUINT_TO_POINTER(answer.other)))
                                jwrite_string(w, graph_key(view, answer.other));
        }
        jwrite_array_end(w);
}

static bool row_write(Call *call, JWrite *w, GraphView view, ItemNo no, unsigned approvals, GError **error)
{
        static const char *const texts[] = { "revision", "version", "captured" };
        g_autoptr(StoreItem) item = store_item_by_no(call->view, &call->project->log, no, call->at, error);
        g_auto(Content) content = { 0 };
        const ItemRev *rev;
        bool suspect;

        if (item == NULL || !content_read(store_item_rev(item), &content, error))
                return false;
        rev = store_item_rev(item);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", rev->key);
        jwrite_key_string(w, "kind", kind_def(rev->kind)->name);
        jwrite_key_string(w, "title", rev->title);
        jwrite_key_string(w, "state", state_def(rev->state)->name);
        jwrite_key_bool(w, "released", graph_is_approved(view, no));
        jwrite_key_int(w, "approvals", approvals);
        jwrite_key_int(w, "rev", rev->rev);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                jwrite_key_string(w, texts[i], jread_get_string(content.attrs, texts[i]));
        jwrite_key_string(w, "name", content.name);
        jwrite_key_string(w, "sha256", content.hash);
        implements_write(w, view, no, &suspect);
        jwrite_key_bool(w, "suspect", suspect);
        jwrite_object_end(w);
        return true;
}

bool usecase_content_status(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GHashTable) approvals = g_hash_table_new(NULL, NULL);
        g_auto(PinnedGraph) pinned = { 0 };

        if (!graph_of_call(call, &pinned, error) ||
            !signatures_standing(call, ZW_MEANING_APPROVED, approval_see, approvals, error))
                return false;
        jwrite_array_begin(w);
        for (ItemNo item = 0; item < graph_item_count(pinned.view); item++) {
                KindId kind;

                if (!graph_exists(pinned.view, item) || !graph_is_live(pinned.view, item))
                        continue;
                kind = graph_kind(pinned.view, item);
                if ((kind == ZW_KIND_DOCUMENT || kind == ZW_KIND_CONFIGURATION) &&
                    !row_write(call, w, pinned.view, item,
                               GPOINTER_TO_UINT(g_hash_table_lookup(approvals, GUINT_TO_POINTER(item))),
                               error))
                        return false;
        }
        jwrite_array_end(w);
        return true;
}
