/* One change of many items: those that fit a filter, or those named, get the same values, or go to the same state. All of them
 * in one commit, or none; a dry run says what would become of each. */
#include "service/changeset/draft.h"
#include "service/lists/filter.h"

#include <string.h>

enum { ITEMS_MOST = 10000 };

typedef struct {
        Call *call;
        const json_t *patch;
        const char *to;  /* a state, or NULL */
        GPtrArray *keys; /* of char * */
        json_t *rows;    /* [{"key","before","after"}], made anew at each run */
        json_t *refused; /* [{"where","reason"}] */
        json_t *outcome;
        Seq seq;
} Bulk;

/* ---- which items ---- */

typedef struct {
        Bulk *bulk;
        Filter *filter;
} Choosing;

static bool key_take(Bulk *bulk, const char *key, GError **error)
{
        if (bulk->keys->len == ITEMS_MOST) {
                error_set(error, ZW_ERR_LIMIT, "/q", "more than %d items fit: name fewer", ITEMS_MOST);
                return false;
        }
        g_ptr_array_add(bulk->keys, g_strdup(key));
        return true;
}

static bool item_choose(const ItemRev *rev, void *payload, GError **error)
{
        Choosing *choosing = payload;

        return !filter_fits(choosing->filter, rev) || key_take(choosing->bulk, rev->key, error);
}

static bool items_choose(Bulk *bulk, GError **error)
{
        Call *call = bulk->call;
        const json_t *keys = json_object_get(call->input, "keys"), *key;
        const char *q = jread_get_string(call->input, "q");
        g_autoptr(Filter) filter = NULL;
        Choosing choosing = { .bulk = bulk };
        size_t i;

        if ((keys == NULL) == (q == NULL)) {
                error_set(error, ZW_ERR_USAGE, "/q", "either a filter or keys say which items");
                return false;
        }
        json_array_foreach(keys, i, key)
        {
                if (!key_take(bulk, json_is_string(key) ? json_string_value(key) : "", error))
                        return false;
        }
        if (q == NULL)
                return true;
        choosing.filter = filter = filter_new(call, q, error);
        return filter != NULL && store_each_item(call->view, &call->project->log, call->project->head,
                                                 item_choose, &choosing, error);
}

/* ---- what becomes of them ---- */

static json_t *value_of(const ItemRev *rev, const char *name)
{
        g_autoptr(Json) value = NULL;

        if (strcmp(name, "title") == 0)
                return json_string(rev->title);
        if (strcmp(name, "body") == 0)
                return json_string(rev->body);
        if (strcmp(name, "owner") == 0)
                return rev->owner == NULL ? json_null() : json_string(rev->owner);
        if (strcmp(name, "parent") == 0)
                return rev->parent == NULL ? json_null() : json_string(rev->parent);
        if (strcmp(name, "order") == 0)
                return json_integer((json_int_t)rev->order);
        value = rev->tags == NULL ? NULL : json_loads(rev->tags, 0, NULL);
        return value == NULL ? json_null() : g_steal_pointer(&value);
}

/* The members the change names, as they are. */
static json_t *before_of(const Bulk *bulk, const ItemRev *rev)
{
        g_autoptr(Json) attrs = json_loads(rev->attrs, 0, NULL);
        json_t *before = json_object(), *value;
        const char *name;

        if (bulk->to != NULL)
                json_object_set_new(before, "state", json_string(state_def(rev->state)->name));
        json_object_foreach((json_t *)(uintptr_t)bulk->patch, name, value)
        {
                if (strcmp(name, "attrs") != 0)
                        json_object_set_new(before, name, value_of(rev, name));
        }
        if (json_object_get(bulk->patch, "attrs") != NULL) {
                json_t *some = json_object();

                json_object_foreach(json_object_get(bulk->patch, "attrs"), name, value)
                {
                        json_t *old = json_object_get(attrs, name);

                        json_object_set_new(some, name, old == NULL ? json_null() : json_incref(old));
                }
                json_object_set_new(before, "attrs", some);
        }
        return before;
}

static json_t *after_of(const Bulk *bulk)
{
        json_t *after = bulk->patch == NULL ? json_object() : json_deep_copy(bulk->patch);

        if (bulk->to != NULL)
                json_object_set_new(after, "state", json_string(bulk->to));
        return after;
}

static bool row_make(Bulk *bulk, StoreView *view, const char *key, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autoptr(StoreItem)
                item = store_item_by_key(view, &bulk->call->project->log, key, ZW_SEQ_OPEN - 1, &why);

        if (item == NULL && !g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        /* What is not there is refused by the resolver, as everything else is. */
        json_array_append_new(bulk->rows, item == NULL ? json_pack("{s:s}", "key", key)
                                                       : json_pack("{s:s, s:o, s:o}", "key", key, "before",
                                                                   before_of(bulk, store_item_rev(item)),
                                                                   "after", after_of(bulk)));
        return true;
}

/* `where` of an operation is the number of its row, so that a refusal finds it. */
static void ops_make(const Bulk *bulk, json_t *native, guint i)
{
        g_autofree char *where = g_strdup_printf("%u", i);
        const char *key = g_ptr_array_index(bulk->keys, i);
        json_t *op;

        if (bulk->patch != NULL) {
                const char *name;
                json_t *value;

                op = json_pack("{s:s, s:s, s:s}", "op", "item", "key", key, "where", where);
                json_object_foreach((json_t *)(uintptr_t)bulk->patch, name, value)
                        json_object_set(op, name, value);
                json_array_append_new(native, op);
        }
        if (bulk->to != NULL)
                json_array_append_new(native, json_pack("{s:s, s:s, s:s, s:s}", "op", "transition", "key",
                                                        key, "to", bulk->to, "where", where));
}

static bool bulk_write(StoreTxn *txn, void *payload, GError **error)
{
        Bulk *bulk = payload;
        Call *call = bulk->call;
        StoreView *view = store_txn_view(txn);
        g_autoptr(Json) native = json_array(), ops = NULL;
        ResolveContext context = context_of_call(call, view);
        CommitDraft draft = draft_of_call(call);

        draft.editorial = jread_get_bool(call->input, "editorial", false);
        context.editorial = jread_get_bool(call->input, "editorial", false);
        json_array_clear(bulk->rows);
        json_array_clear(bulk->refused);
        json_object_clear(bulk->outcome);
        bulk->seq = 0;
        if (draft.request != NULL && !store_request_check(view, &draft.log, draft.request, error))
                return false;
        for (guint i = 0; i < bulk->keys->len; i++) {
                if (!row_make(bulk, view, g_ptr_array_index(bulk->keys, i), error))
                        return false;
                /* An operation on a key that is not there would make an item. */
                if (json_object_get(json_array_get(bulk->rows, i), "before") != NULL)
                        ops_make(bulk, native, i);
                else
                        json_array_append_new(bulk->refused,
                                              json_pack("{s:o, s:s}", "where", json_sprintf("%u", i),
                                                        "reason", "there is no item with this key"));
        }
        context.refused = bulk->refused;
        ops = resolve_ops(&context, native, bulk->outcome, error);
        if (ops == NULL)
                return false;
        if (json_array_size(bulk->refused) > 0 || json_array_size(ops) == 0 ||
            jread_get_bool(call->input, "dry_run", false))
                return true;
        draft.ops = ops;
        return store_txn_commit(txn, &draft, &bulk->seq, error);
}

/* ---- the answer ---- */

static void refusals_place(const Bulk *bulk)
{
        const json_t *one;
        size_t i;

        json_array_foreach(bulk->refused, i, one)
        {
                g_auto(GStrv) place = g_strsplit_set(jread_get_string(one, "where"), "/ ", 2);
                guint64 number;
                json_t *row;

                if (!g_ascii_string_to_unsigned(place[0], 10, 0, ITEMS_MOST, &number, NULL))
                        continue;
                row = json_array_get(bulk->rows, (size_t)number);
                json_object_del(row, "before");
                json_object_del(row, "after");
                json_object_set(row, "refused", json_object_get(one, "reason"));
        }
}

static void bulk_answer(const Bulk *bulk, JWrite *w)
{
        refusals_place(bulk);
        jwrite_object_begin(w);
        if (bulk->seq == 0)
                jwrite_key_null(w, "commit");
        else
                jwrite_key_int(w, "commit", (int64_t)bulk->seq);
        jwrite_key_int(w, "refused", (int64_t)json_array_size(bulk->refused));
        jwrite_key_json(w, "rows", bulk->rows);
        jwrite_object_end(w);
}

static bool bulk_run(Bulk *bulk, JWrite *w, GError **error)
{
        Call *call = bulk->call;
        GError *why = NULL;

        if (bulk->patch == NULL && bulk->to == NULL) {
                error_set(error, ZW_ERR_USAGE, "/patch", "a patch or a state to go to is needed");
                return false;
        }
        if (!items_choose(bulk, error))
                return false;
        if (!store_write(call->service->store, bulk_write, bulk, &why)) {
                if (!replay_outcome(call, why, bulk->outcome, &bulk->seq, error))
                        return false;
                json_array_clear(bulk->refused);
        }
        bulk_answer(bulk, w);
        return true;
}

bool usecase_item_bulk(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(Json) rows = json_array(), refused = json_array(), outcome = json_object();
        Bulk bulk = { .call = call,
                      .patch = json_object_get(call->input, "patch"),
                      .to = jread_get_string(call->input, "to"),
                      .keys = keys,
                      .rows = rows,
                      .refused = refused,
                      .outcome = outcome };

        return bulk_run(&bulk, w, error);
}
