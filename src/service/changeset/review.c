/* The use cases of reviews. */
#include "service/changeset/review.h"

#include "service/lists/filter.h"
#include "service/changeset/draft.h"
#include "store/comment.h"

#include <string.h>

/* ---- one review, read ---- */

typedef struct {
        Call *call;
        Seq seq; /* of what is read: the call's commit, or the newest on the pending tip */
        StoreItem *item;
        json_t *attrs;
        json_t *decided; /* name of the setting → its value */
        unsigned open;   /* decisions that are missing, or were made on a revision that is over */
        unsigned moved;  /* items that changed since they were sent */
} Review;

static void review_clear(Review *review)
{
        g_clear_pointer(&review->item, store_item_free);
        g_clear_pointer(&review->attrs, json_decref);
        g_clear_pointer(&review->decided, json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Review, review_clear)

static bool decision_keep(const char *name, const char *value, void *payload, GError **error G_GNUC_UNUSED)
{
        json_object_set_new(payload, name, json_loads(value, 0, NULL));
        return true;
}

static void id_of(const ItemRev *rev, char ret_hex[ZW_ID_HEX])
{
        hex_encode(rev->id.b, ZW_ID_BYTES, ret_hex);
}

static bool review_open(Call *call, StoreView *view, const ItemRev *rev, Seq seq, Review *ret_review,
                        GError **error)
{
        g_autofree char *prefix = NULL;
        char id[ZW_ID_HEX];

        id_of(rev, id);
        prefix = review_prefix(id);
        ret_review->call = call;
        ret_review->seq = seq;
        ret_review->item = store_item_copy(rev);
        ret_review->attrs = json_loads(rev->attrs, 0, NULL);
        ret_review->decided = json_object();
        return store_each_setting(view, &call->project->log, prefix, seq, decision_keep, ret_review->decided,
                                  error);
}

static const json_t *decision_of(const Review *review, const ItemRev *item, const char *person)
{
        char id[ZW_ID_HEX], of[ZW_ID_HEX];
        g_autofree char *name = NULL;

        id_of(store_item_rev(review->item), id);
        id_of(item, of);
        name = review_setting(id, of, person);
        return json_object_get(review->decided, name);
}

/* A decision holds while the item has not changed in what it means since. */
static bool decision_stands(const json_t *decision, const ItemRev *item)
{
        return decision != NULL && jread_get_int(decision, "rev", 0) >= (int64_t)item->subst;
}

/* ---- writing ---- */

static StorePerson *person_of(const Review *review, const char *hex)
{
        Id id;

        return hex_decode(hex, id.b, ZW_ID_BYTES, NULL) ? store_load_person(review->call->view, &id, NULL)
                                                        : NULL;
}

static void decision_say(Review *review, JWrite *w, const ItemRev *item, const char *person)
{
        g_autoptr(StorePerson) who = person_of(review, person);
        const json_t *decision = decision_of(review, item, person);
        const bool stands = decision_stands(decision, item);

        review->open += !stands;
        if (w == NULL)
                return;
        jwrite_object_begin(w);
        jwrite_key_string(w, "by", who == NULL ? NULL : who->name);
        jwrite_key_string(w, "full_name", who == NULL ? NULL : who->full_name);
        jwrite_key_string(w, "decision", jread_get_string(decision, "decision"));
        if (decision == NULL)
                jwrite_key_null(w, "rev");
        else
                jwrite_key_int(w, "rev", jread_get_int(decision, "rev", 0));
        jwrite_key_string(w, "time", jread_get_string(decision, "time"));
        jwrite_key_bool(w, "stands", stands);
        jwrite_object_end(w);
}

static bool comment_count(const CommentRev *comment, void *payload, GError **error G_GNUC_UNUSED)
{
        GHashTable *open = payload;
        char id[ZW_ID_HEX];

        hex_encode(comment->id.b, ZW_ID_BYTES, id);
        if (comment->resolved)
                g_hash_table_remove(open, id);
        else
                g_hash_table_add(open, g_strdup(id));
        return true;
}

static bool item_say(Review *review, JWrite *w, const ItemRev *item, int64_t sent, GError **error)
{
        g_autoptr(GHashTable) comments = hash_table_new_text(g_free, NULL);
        const json_t *one;
        size_t i;

        review->moved += item->rev != (uint32_t)sent;
        if (w != NULL) {
                if (!store_each_comment(review->call->view, &review->call->project->log, item->no,
                                        review->call->at, comment_count, comments, error))
                        return false;
                jwrite_object_begin(w);
                jwrite_key_string(w, "key", item->key);
                jwrite_key_string(w, "kind", kind_def(item->kind)->name);
                jwrite_key_string(w, "title", item->title);
                jwrite_key_string(w, "state", state_def(item->state)->name);
                jwrite_key_int(w, "sent", sent);
                jwrite_key_int(w, "rev", item->rev);
                jwrite_key_bool(w, "moved_on", item->rev != (uint32_t)sent);
                jwrite_key_int(w, "open_comments", g_hash_table_size(comments));
                jwrite_key(w, "decisions");
                jwrite_array_begin(w);
        }
        json_array_foreach(json_object_get(review->attrs, "reviewers"), i, one)
                decision_say(review, w, item, json_string_value(one));
        if (w != NULL) {
                jwrite_array_end(w);
                jwrite_object_end(w);
        }
        return true;
}

/* The items that were sent; without `w` only counts. */
static bool items_say(Review *review, StoreView *view, JWrite *w, GError **error)
{
        const json_t *sent = json_object_get(review->attrs, "sent");
        json_t *rev;
        const char *key;

        json_object_foreach((json_t *)(uintptr_t)sent, key, rev)
        {
                g_autoptr(StoreItem)
                        item = store_item_by_key(view, &review->call->project->log, key, review->seq, error);
                guint64 number = 0;

                if (item == NULL)
                        return false;
                g_ascii_string_to_unsigned(json_string_value(rev), 10, 0, UINT32_MAX, &number, NULL);
                if (!item_say(review, w, store_item_rev(item), (int64_t)number, error))
                        return false;
        }
        return true;
}

static void reviewers_say(const Review *review, JWrite *w)
{
        const json_t *one;
        size_t i;

        jwrite_key(w, "reviewers");
        jwrite_array_begin(w);
        json_array_foreach(json_object_get(review->attrs, "reviewers"), i, one)
        {
                g_autoptr(StorePerson) who = person_of(review, json_string_value(one));

                jwrite_object_begin(w);
                jwrite_key_string(w, "name", who == NULL ? NULL : who->name);
                jwrite_key_string(w, "full_name", who == NULL ? NULL : who->full_name);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
}

static bool is_over(StateId state)
{
        return state != ZW_STATE_OPEN && state != ZW_STATE_IN_PROGRESS;
}

bool review_waiting(Call *call, const ItemRev *rev, const Id *person, unsigned *ret_n, GError **error)
{
        g_auto(Review) review = { 0 };
        g_autoptr(Json) me = NULL;
        char hex[ZW_ID_HEX];
        const json_t *one, *reviewers;
        bool is_one = false;
        size_t i;

        *ret_n = 0;
        if (is_over(rev->state) || (state_def(rev->state)->flags & STATE_RETIRED) != 0)
                return true;
        if (!review_open(call, call->view, rev, call->at, &review, error))
                return false;
        hex_encode(person->b, ZW_ID_BYTES, hex);
        reviewers = json_object_get(review.attrs, "reviewers");
        json_array_foreach(reviewers, i, one) is_one |= g_strcmp0(json_string_value(one), hex) == 0;
        if (!is_one)
                return true;
        /* Counted as the list counts, for this reviewer alone. */
        me = json_pack("[s]", hex);
        json_object_set(review.attrs, "reviewers", me);
        if (!items_say(&review, call->view, NULL, error))
                return false;
        *ret_n = review.open;
        return true;
}

static void head_say(const Review *review, JWrite *w)
{
        const ItemRev *rev = store_item_rev(review->item);
        const char *due = jread_get_string(review->attrs, "due");
        Instant day;

        jwrite_key_string(w, "key", rev->key);
        jwrite_key_string(w, "title", rev->title);
        jwrite_key_string(w, "body", rev->body);
        jwrite_key_string(w, "state", state_def(rev->state)->name);
        jwrite_key_string(w, "due", due);
        jwrite_key_bool(w, "overdue",
                        due != NULL && !is_over(rev->state) && instant_parse(due, &day, NULL) &&
                                day + ZW_DAY_MS <= review->call->instant);
        jwrite_key_int(w, "n_items", (int64_t)json_object_size(json_object_get(review->attrs, "sent")));
        jwrite_key_int(w, "open", review->open);
        jwrite_key_int(w, "moved_on", review->moved);
        reviewers_say(review, w);
}

/* ---- list and show ---- */

typedef struct {
        Call *call;
        JWrite *w;
} Listing;

static bool review_see(const ItemRev *rev, void *payload, GError **error)
{
        Listing *list = payload;
        g_auto(Review) review = { 0 };

        if (rev->kind != ZW_KIND_REVIEW || (state_def(rev->state)->flags & STATE_RETIRED))
                return true;
        if (!review_open(list->call, list->call->view, rev, list->call->at, &review, error) ||
            !items_say(&review, list->call->view, NULL, error))
                return false;
        jwrite_object_begin(list->w);
        head_say(&review, list->w);
        jwrite_object_end(list->w);
        return true;
}

bool usecase_review_list(Call *call, JWrite *w, GError **error)
{
        Listing list = { call, w };

        jwrite_array_begin(w);
        if (!store_each_item(call->view, &call->project->log, call->at, review_see, &list, error))
                return false;
        jwrite_array_end(w);
        return true;
}

static StoreItem *review_find(const Call *call, StoreView *view, Seq seq, GError **error)
{
        const char *key = jread_get_string(call->input, "key");
        g_autoptr(StoreItem) item = NULL;

        if (key == NULL) {
                error_set(error, ZW_ERR_USAGE, "/key", "the key of a review is needed");
                return NULL;
        }
        item = store_item_by_key(view, &call->project->log, key, seq, error);
        if (item == NULL || store_item_rev(item)->kind == ZW_KIND_REVIEW)
                return g_steal_pointer(&item);
        error_set(error, ZW_ERR_NOT_FOUND, "/key", "%s is no review", key);
        return NULL;
}

bool usecase_review_show(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StoreItem) item = review_find(call, call->view, call->at, error);
        g_auto(Review) review = { 0 };

        if (item == NULL || !review_open(call, call->view, store_item_rev(item), call->at, &review, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key(w, "items");
        jwrite_array_begin(w);
        if (!items_say(&review, call->view, w, error))
                return false;
        jwrite_array_end(w);
        head_say(&review, w);
        jwrite_key(w, "outcome");
        jwrite_json(w, json_object_get(review.attrs, "outcome") == NULL
                               ? json_null()
                               : json_object_get(review.attrs, "outcome"));
        if (!signatures_write(call, store_item_rev(item), w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

/* ---- changes: native operations, as one commit ---- */

typedef struct {
        Call *call;
        bool (*make)(Call *call, StoreView *view, json_t *native, GError **error);
        char *key; /* of what was made, anew at each run */
        Seq seq;
} ReviewWrite;

static bool review_write(StoreTxn *txn, void *payload, GError **error)
{
        ReviewWrite *write = payload;
        Call *call = write->call;
        ResolveContext context = context_of_call(call, store_txn_view(txn));
        CommitDraft draft = draft_of_call(call);
        g_autoptr(Json) outcome = json_pack("{s:[]}", "keys"), native = json_array(), ops = NULL;
        const char *made;

        if (!write->make(call, context.view, native, error))
                return false;
        ops = resolve_ops(&context, native, outcome, error);
        if (ops == NULL)
                return false;
        made = json_string_value(json_array_get(json_object_get(outcome, "keys"), 0));
        g_free(write->key);
        write->key = g_strdup(made != NULL ? made : jread_get_string(call->input, "key"));
        draft.ops = ops;
        return store_txn_commit(txn, &draft, &write->seq, error);
}

static bool review_change(Call *call,
                          bool (*make)(Call *call, StoreView *view, json_t *native, GError **error),
                          JWrite *w, GError **error)
{
        ReviewWrite write = { .call = call, .make = make };
        const bool ok = store_write(call->service->store, review_write, &write, error);
        g_autofree char *key = write.key;

        if (!ok)
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", key);
        jwrite_key_int(w, "commit", (int64_t)write.seq);
        jwrite_object_end(w);
        return true;
}

/* ---- sending ---- */

typedef struct {
        const Filter *filter;
        json_t *sent;
} Sending;

static bool sent_see(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Sending *sending = payload;

        if (filter_fits(sending->filter, rev))
                json_object_set_new(sending->sent, rev->key, json_sprintf("%u", rev->rev));
        return true;
}

/* The items by key, or those that fit a filter, with the revisions they have. */
static bool sent_read(Call *call, StoreView *view, json_t *sent, GError **error)
{
        const json_t *keys = json_object_get(call->input, "items"), *one;
        const char *q = jread_get_string(call->input, "q");
        size_t i;

        json_array_foreach(keys, i, one)
        {
                const char *key = json_is_string(one) ? json_string_value(one) : "";
                g_autoptr(StoreItem)
                        item = store_item_by_key(view, &call->project->log, key, ZW_SEQ_OPEN - 1, error);

                if (item == NULL)
                        return false;
                json_object_set_new(sent, key, json_sprintf("%u", store_item_rev(item)->rev));
        }
        if (q != NULL && q[0] != '\0') {
                g_autoptr(Filter) filter = filter_new(call, q, error);
                Sending sending = { filter, sent };

                if (filter == NULL ||
                    !store_each_item(view, &call->project->log, ZW_SEQ_OPEN - 1, sent_see, &sending, error))
                        return false;
        }
        if (json_object_size(sent) > 0)
                return true;
        error_set(error, ZW_ERR_USAGE, "/items", "a review has items: keys, or a filter that some fit");
        return false;
}

/* Who is asked has to see the project, and to be allowed to comment. */
static bool reviewers_read(Call *call, StoreView *view, json_t *reviewers, GError **error)
{
        const json_t *names = json_object_get(call->input, "reviewers"), *one;
        size_t i;

        json_array_foreach(names, i, one)
        {
                const char *name = json_is_string(one) ? json_string_value(one) : "";
                g_autoptr(StorePerson) person = store_find_person(view, name, error);
                g_auto(Rights) rights = { .limit = ~0U };
                Caller asked = { .origin = ORIGIN_API };
                char hex[ZW_ID_HEX];

                if (person == NULL)
                        return false;
                asked.person = person->id;
                if (!rights_load_roles(view, &asked, &call->project->log, instant_now(), &rights, error))
                        return false;
                if (rights_roles_with(&rights, ZW_PERM_COMMENT) == 0) {
                        error_set(error, ZW_ERR_DENIED, "/reviewers", "%s may not comment in %s", name,
                                  call->project->key);
                        return false;
                }
                hex_encode(person->id.b, ZW_ID_BYTES, hex);
                json_array_append_new(reviewers, json_string(hex));
        }
        if (json_array_size(reviewers) > 0)
                return true;
        error_set(error, ZW_ERR_USAGE, "/reviewers", "a review is sent to at least one person");
        return false;
}

static bool create_make(Call *call, StoreView *view, json_t *native, GError **error)
{
        const char *title = jread_get_string(call->input, "title"),
                   *due = jread_get_string(call->input, "due"), *body = jread_get_string(call->input, "body");
        g_autoptr(Json) sent = json_object(), reviewers = json_array();

        if (title == NULL || title[0] == '\0') {
                error_set(error, ZW_ERR_USAGE, "/title", "a review has a title");
                return false;
        }
        if (!sent_read(call, view, sent, error) || !reviewers_read(call, view, reviewers, error))
                return false;
        json_array_append_new(native,
                              json_pack("{s:s, s:s, s:s, s:s, s:{s:O, s:O, s:s*}}", "op", "item", "kind",
                                        "review", "title", title, "body", body == NULL ? "" : body, "attrs",
                                        "sent", sent, "reviewers", reviewers, "due", due));
        return true;
}

bool usecase_review_create(Call *call, JWrite *w, GError **error)
{
        return review_change(call, create_make, w, error);
}

/* ---- deciding ---- */

static bool decide_make(Call *call, StoreView *view G_GNUC_UNUSED, json_t *native, GError **error)
{
        const char *key = jread_get_string(call->input, "key"), *item = jread_get_string(call->input, "item"),
                   *text = jread_get_string(call->input, "text"),
                   *decision = jread_get_string(call->input, "decision");
        json_t *op;

        if (key == NULL || item == NULL || decision == NULL) {
                error_set(error, ZW_ERR_USAGE,
                          key == NULL    ? "/key"
                          : item == NULL ? "/item"
                                         : "/decision",
                          "a decision names the review, an item of it, and what is decided");
                return false;
        }
        op = json_pack("{s:s, s:s, s:s, s:s}", "op", "decide", "review", key, "item", item, "decision",
                       decision);
        if (json_is_integer(json_object_get(call->input, "rev")))
                json_object_set(op, "rev", json_object_get(call->input, "rev"));
        json_array_append_new(native, op);
        if (text != NULL && text[0] != '\0')
                json_array_append_new(native, json_pack("{s:s, s:s, s:s}", "op", "comment", "item", item,
                                                        "text", text));
        return true;
}

bool usecase_review_decide(Call *call, JWrite *w, GError **error)
{
        return review_change(call, decide_make, w, error);
}

/* ---- finishing ---- */

/* The worst of what was decided on an item, with the revision it was decided on. */
static void outcome_add(const Review *review, const ItemRev *item, json_t *outcome)
{
        ReviewDecision worst = DECISION_ACCEPTED, one_decision;
        int64_t rev = 0;
        const json_t *one;
        size_t i;

        json_array_foreach(json_object_get(review->attrs, "reviewers"), i, one)
        {
                const json_t *decision = decision_of(review, item, json_string_value(one));
                const char *name = jread_get_string(decision, "decision");

                if (name != NULL && review_decision_find(name, &one_decision))
                        worst = MAX(worst, one_decision);
                rev = MAX(rev, jread_get_int(decision, "rev", 0));
        }
        json_object_set_new(outcome, item->key,
                            json_sprintf("%s %" G_GINT64_FORMAT, decision_name(worst), rev));
}

static bool outcome_make(const Review *review, StoreView *view, json_t *outcome, GError **error)
{
        json_t *rev;
        const char *key;

        json_object_foreach(json_object_get(review->attrs, "sent"), key, rev)
        {
                g_autoptr(StoreItem) item = store_item_by_key(view, &review->call->project->log, key,
                                                              ZW_SEQ_OPEN - 1, error);

                if (item == NULL)
                        return false;
                outcome_add(review, store_item_rev(item), outcome);
        }
        return true;
}

static bool finish_make(Call *call, StoreView *view, json_t *native, GError **error)
{
        g_autoptr(StoreItem) item = review_find(call, view, ZW_SEQ_OPEN - 1, error);
        g_autoptr(Json) outcome = json_object();
        g_auto(Review) review = { 0 };
        const ItemRev *rev;

        if (item == NULL || !review_open(call, view, store_item_rev(item), ZW_SEQ_OPEN - 1, &review, error) ||
            !items_say(&review, view, NULL, error))
                return false;
        rev = store_item_rev(item);
        if (is_over(rev->state)) {
                error_set(error, ZW_ERR_STATE, rev->key, "the review %s is %s", rev->key,
                          state_def(rev->state)->name);
                return false;
        }
        if (review.open > 0) {
                error_set(error, ZW_ERR_STATE, rev->key,
                          "%u decisions of %s are missing, or were made before the item changed", review.open,
                          rev->key);
                return false;
        }
        if (!outcome_make(&review, view, outcome, error))
                return false;
        json_array_append_new(native, json_pack("{s:s, s:s, s:{s:O}}", "op", "item", "key", rev->key, "attrs",
                                                "outcome", outcome));
        if (rev->state == ZW_STATE_OPEN)
                json_array_append_new(native,
                                      json_pack("{s:s, s:s, s:s}", "op", "transition", "key", rev->key, "to",
                                                state_def(ZW_STATE_IN_PROGRESS)->name));
        json_array_append_new(native, json_pack("{s:s, s:s, s:s}", "op", "transition", "key", rev->key, "to",
                                                state_def(ZW_STATE_DONE)->name));
        return true;
}

bool usecase_review_finish(Call *call, JWrite *w, GError **error)
{
        return review_change(call, finish_make, w, error);
}
