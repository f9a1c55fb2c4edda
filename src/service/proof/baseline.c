/* Baselines: an item that names a commit by number and hash, so that a signature on it covers all that the commit holds. */
#include "service/changeset/draft.h"

#include <string.h>

/* ---- a new one ---- */

typedef struct {
        Call *call;
        const char *title;
        Seq asked; /* 0: the newest */
        Seq named;
        char *key; /* of the baseline, made anew at each run */
        Digest hash;
        Seq seq;
} BaselineMake;

static bool commit_name(BaselineMake *make, StoreView *view, GError **error)
{
        g_autoptr(StoreProject) now = store_find_project(view, make->call->project->key, error);

        if (now == NULL)
                return false;
        make->named = make->asked == 0 ? now->head : make->asked;
        return store_commit_hash(view, &now->log, make->named, &make->hash, error);
}

static bool baseline_write(StoreTxn *txn, void *payload, GError **error)
{
        BaselineMake *make = payload;
        Call *call = make->call;
        ResolveContext context = context_of_call(call, store_txn_view(txn));
        CommitDraft draft = draft_of_call(call);
        g_autoptr(Json) outcome = json_pack("{s:[]}", "keys"), native = NULL, ops = NULL;
        char hex[ZW_DIGEST_HEX];

        if (!commit_name(make, context.view, error))
                return false;
        hex_encode(make->hash.b, ZW_DIGEST_BYTES, hex);
        native = json_pack("[{s:s, s:s, s:s, s:{s:I, s:s}}]", "op", "item", "kind", "baseline", "title",
                           make->title, "attrs", "seq", (json_int_t)make->named, "hash", hex);
        ops = resolve_ops(&context, native, outcome, error);
        if (ops == NULL)
                return false;
        g_free(make->key);
        make->key = g_strdup(json_string_value(json_array_get(json_object_get(outcome, "keys"), 0)));
        draft.ops = ops;
        return store_txn_commit(txn, &draft, &make->seq, error);
}

bool usecase_baseline_create(Call *call, JWrite *w, GError **error)
{
        const char *at = jread_get_string(call->input, "commit");
        BaselineMake make = { .call = call, .title = jread_get_string(call->input, "title") };
        g_autofree char *key = NULL;
        char hex[ZW_DIGEST_HEX];
        bool ok;

        if (make.title == NULL || make.title[0] == '\0') {
                error_set(error, ZW_ERR_USAGE, "/title", "a baseline has a title");
                return false;
        }
        if (at != NULL && !call_find_seq(call, at, "commit", &make.asked, error))
                return false;
        ok = store_write(call->service->store, baseline_write, &make, error);
        key = make.key;
        if (!ok)
                return false;
        hex_encode(make.hash.b, ZW_DIGEST_BYTES, hex);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", key);
        jwrite_key_string(w, "title", make.title);
        jwrite_key_int(w, "seq", (int64_t)make.named);
        jwrite_key_string(w, "hash", hex);
        jwrite_key_int(w, "commit", (int64_t)make.seq);
        jwrite_object_end(w);
        return true;
}

/* ---- those there are ---- */

typedef struct {
        Call *call;
        const ItemRev *rev;
        unsigned signatures, standing;
} Count;

static bool count_see(const SignatureRev *signature, void *payload, GError **error)
{
        Count *count = payload;
        g_autoptr(Json) links = json_loads(signature->links, 0, NULL),
                        without = json_loads(signature->without, 0, NULL);
        Digest now;

        count->signatures++;
        if (!store_content(count->call->view, &count->call->project->log, count->rev, count->call->at, links,
                           without, &now, error))
                return false;
        count->standing += digest_equal(&now, &signature->content);
        return true;
}

typedef struct {
        Call *call;
        JWrite *w;
        GArray *since; /* of Seq: the commit of each item's newest revision, baselines and reviews apart */
} Listing;

static bool since_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Listing *list = payload;

        /* What says something of the case is not the case. */
        if (rev->kind != ZW_KIND_BASELINE && rev->kind != ZW_KIND_REVIEW && rev->kind != ZW_KIND_REPORT)
                g_array_append_val(list->since, rev->from_seq);
        return true;
}

/* Items that were made or changed after a commit: the case has moved on from it. */
static int64_t changed_since(const Listing *list, Seq seq)
{
        int64_t n = 0;

        for (guint i = 0; i < list->since->len; i++)
                n += g_array_index(list->since, Seq, i) > seq;
        return n;
}

static bool baseline_see(const ItemRev *rev, void *payload, GError **error)
{
        const Listing *list = payload;
        Count count = { list->call, rev, 0, 0 };
        g_autoptr(Json) attrs = NULL;

        if (rev->kind != ZW_KIND_BASELINE)
                return true;
        if (!store_each_signature(list->call->view, &list->call->project->log, rev->no, list->call->at,
                                  count_see, &count, error))
                return false;
        attrs = json_loads(rev->attrs, 0, NULL);
        jwrite_object_begin(list->w);
        jwrite_key_string(list->w, "key", rev->key);
        jwrite_key_string(list->w, "title", rev->title);
        jwrite_key_string(list->w, "state", state_def(rev->state)->name);
        jwrite_key_int(list->w, "seq", jread_get_int(attrs, "seq", 0));
        jwrite_key_string(list->w, "hash", jread_get_string(attrs, "hash"));
        jwrite_key_int(list->w, "since", (int64_t)rev->from_seq);
        jwrite_key_int(list->w, "signatures", count.signatures);
        jwrite_key_int(list->w, "standing", count.standing);
        jwrite_key_int(list->w, "changed_since", changed_since(list, (Seq)jread_get_int(attrs, "seq", 0)));
        jwrite_object_end(list->w);
        return true;
}

bool usecase_baseline_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GArray) since = g_array_new(FALSE, FALSE, sizeof(Seq));
        Listing list = { call, w, since };

        jwrite_array_begin(w);
        if (!store_each_item(call->view, &call->project->log, call->at, since_see, &list, error) ||
            !store_each_item(call->view, &call->project->log, call->at, baseline_see, &list, error))
                return false;
        jwrite_array_end(w);
        return true;
}
