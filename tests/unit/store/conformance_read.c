/* Conformance: as-of reads, look-ups, walks inside walks, and that the feed gives what the walks give. */
#include "conformance.h"

#include "base/error.h"
#include "base/jread.h"
#include <string.h>

/* What was read after each commit is read again as of it, also after opening again. */
static void test_as_of(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);

        for (int round = 0; round < 2; round++) {
                g_autoptr(StoreView) view = view_of(f);

                for (guint seq = 0; seq < dumps->len; seq++) {
                        g_autofree char *text = dump(view, &f->log, seq);

                        g_assert_cmpstr(text, ==, dumps->pdata[seq]);
                }
                g_clear_pointer(&view, store_view_close);
                reopen(f);
        }
}

static void test_look_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(StoreItem) by_key = NULL, by_id = NULL, by_no = NULL, old = NULL;
        g_autoptr(GError) error = NULL;
        Id id = id_of(3), unknown = id_of(333);

        g_assert_cmpuint(dumps->len, >, 10);
        by_key = store_item_by_key(view, &f->log, "AS-1", ZW_SEQ_OPEN - 1, &error);
        by_id = store_item_by_id(view, &f->log, &id, 11, &error);
        by_no = store_item_by_no(view, &f->log, 2, ZW_SEQ_OPEN, &error);
        old = store_item_by_key(view, &f->log, "AS-1", 2, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(store_item_rev(by_key)->rev, ==, 4);
        g_assert_cmpuint(store_item_rev(by_id)->rev, ==, 3);
        g_assert_cmpuint(store_item_rev(by_id)->from_seq, ==, 11);
        g_assert_cmpuint(store_item_rev(by_id)->to_seq, ==, 12);
        g_assert_cmpstr(store_item_rev(by_no)->title, ==, "PLC 2");
        g_assert_cmpstr(store_item_rev(by_no)->attrs, ==, "{\"serial\":\"77\"}");
        g_assert_true(id_equal(&store_item_rev(by_no)->id, &id));
        g_assert_true(id_equal(&store_item_rev(by_no)->author, &f->actor));
        g_assert_cmpuint(store_item_rev(old)->rev, ==, 1);

        g_assert_null(store_item_by_key(view, &f->log, "AS-1", 1, &error)); /* not yet */
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_null(store_item_by_key(view, &f->log, "AS-01", 5, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_null(store_item_by_id(view, &f->log, &unknown, 5, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_null(store_item_by_no(view, &f->log, 6, 5, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        g_assert_null(store_item_by_key(view, &f->log, "", 5, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
}

static uint64_t next_key(Fixture *f, KindId kind)
{
        g_autoptr(StoreView) view = view_of(f);
        uint64_t number = 0;

        g_assert_true(store_next_key(view, &f->log, kind, &number, NULL));
        return number;
}

static void test_next_key(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const keys[] = { "ZN-2",   "ZN-10", "ZN-007", "ZN-",
                                            "ZN-x9",  "ZN",    "ZN-9a",  "ZNX-55",
                                            "AZN-77", "9",     "0",      "ZN-123456789012345678901" };

        g_assert_cmpuint(next_key(f, ZW_KIND_ZONE), ==, 1);
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
                commit(f,
                       ops("[{'op':'create','id':'@%zu','key':'%s','kind':'asset','state':'draft','set':{}}]",
                           i, keys[i]));
        g_assert_cmpuint(next_key(f, ZW_KIND_ZONE), ==, 11);
        g_assert_cmpuint(next_key(f, ZW_KIND_ASSET), ==, 1); /* the kind's prefix counts, not the kind */
        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
                g_autoptr(StoreView) view = view_of(f);
                g_autoptr(StoreItem) item = store_item_by_key(view, &f->log, keys[i], ZW_SEQ_OPEN, NULL);

                g_assert_cmpuint(store_item_rev(item)->no, ==, i);
                g_assert_cmpstr(store_item_rev(item)->key, ==, keys[i]);
        }
}

static bool count_item(const ItemRev *rev G_GNUC_UNUSED, void *payload, GError **error G_GNUC_UNUSED)
{
        ++*(int *)payload;
        return true;
}

static bool stop_item(const ItemRev *rev, void *payload G_GNUC_UNUSED, GError **error)
{
        if (rev->no == 1)
                error_set(error, ZW_ERR_STATE, NULL, "enough");
        return rev->no != 1;
}

static void test_revisions(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GError) error = NULL;
        int n = 0;

        g_assert_cmpuint(dumps->len, >, 10);
        WORKS(store_each_revision(view, &f->log, 2, count_item, &n, &error));
        g_assert_cmpint(n, ==, 4);
        n = 0;
        WORKS(store_each_revision(view, &f->log, 1000, count_item, &n, &error));
        g_assert_cmpint(n, ==, 0);
        g_assert_false(store_each_item(view, &f->log, 5, stop_item, NULL, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_STATE);
        g_clear_error(&error);
        WORKS(store_each_item(view, &f->log, 5, count_item, &n,
                              &error)); /* the walk that stopped left no trace */
        g_assert_cmpint(n, ==, 3);
}

/* ---- Walks inside walks ---- */

typedef struct {
        StoreView *view;
        const Id *log;
        int depth, links;
} Nested;

static bool nested_link(const LinkRev *rev, void *payload, GError **error)
{
        Nested *nested = payload;

        nested->links++;
        if (nested->depth == 0)
                return true;
        nested->depth--;
        return store_each_link_of(nested->view, nested->log, rev->to, ZW_ITEM_NONE, ZW_SEQ_OPEN, nested_link,
                                  nested, error) &&
               (nested->depth++, true);
}

static void test_nested(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        Nested nested = { .log = &f->log, .depth = 5 };
        g_autoptr(StoreView) view = NULL;
        int n = 0;

        commit(f, ops("[{'op':'create','id':'@1','key':'ZN-1','kind':'zone','state':'draft','set':{}},"
                      "{'op':'create','id':'@2','key':'ZN-2','kind':'zone','state':'draft','set':{}},"
                      "{'op':'link','from':'@1','type':'relates_to','to':'@2','judged':[1,1]},"
                      "{'op':'link','from':'@2','type':'relates_to','to':'@1','judged':[1,1]},"
                      "{'op':'link','from':'@2','type':'supersedes','to':'@1','judged':[1,1]}]"));
        nested.view = view = view_of(f);
        g_assert_true(
                store_each_link_of(view, &f->log, 0, ZW_ITEM_NONE, ZW_SEQ_OPEN, nested_link, &nested, NULL));
        g_assert_cmpint(nested.links, ==, 1 + 2 * (1 + 1 + 2 * (1 + 1 + 2)));
        g_assert_cmpint(nested.depth, ==, 5);
        g_assert_true(store_each_item(view, &f->log, 2, count_item, &n, NULL));
        g_assert_cmpint(n, ==, 2);
}

static bool count_link(const LinkRev *rev G_GNUC_UNUSED, void *payload, GError **error G_GNUC_UNUSED)
{
        ++*(int *)payload;
        return true;
}

static int links_of(Fixture *f, ItemNo from, ItemNo to, Seq seq)
{
        g_autoptr(StoreView) view = view_of(f);
        int n = 0;

        g_assert_true(store_each_link_of(view, &f->log, from, to, seq, count_link, &n, NULL));
        return n;
}

static void test_links_of(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);

        g_assert_cmpuint(dumps->len, >, 10);
        g_assert_cmpint(links_of(f, 2, ZW_ITEM_NONE, 3), ==, 1);
        g_assert_cmpint(links_of(f, ZW_ITEM_NONE, 0, 3), ==, 2);
        g_assert_cmpint(links_of(f, ZW_ITEM_NONE, 0, 9), ==, 1);
        g_assert_cmpint(links_of(f, ZW_ITEM_NONE, 0, 12), ==, 0);
        g_assert_cmpint(links_of(f, 2, 0, 3), ==, 1);
        g_assert_cmpint(links_of(f, 0, 2, 3), ==, 0);
        g_assert_cmpint(links_of(f, 2, 1, ZW_SEQ_OPEN), ==, 1);
        g_assert_cmpint(links_of(f, ZW_ITEM_NONE, ZW_ITEM_NONE, 3), ==, 2);
        g_assert_cmpint(links_of(f, ZW_ITEM_NONE, ZW_ITEM_NONE, 1), ==, 0);
}

/* ---- The feed, taken by a model of our own, against the walks ---- */

typedef struct {
        GHashTable *rows; /* name of a thing → its line of a dump */
        Seq last;
        int part;    /* of the present commit: 0 items, 1 links, 2 results */
        ItemNo item; /* last item of it, ZW_ITEM_NONE before */
} Model;

/* A feed gives the parts of a commit in this order, and items by number. */
static void model_order(Model *model, int part)
{
        g_assert_cmpint(model->part, <=, part);
        model->part = part;
}

static void model_put(Model *model, char *name, char *line)
{
        g_hash_table_replace(model->rows, name, line);
}

static void model_item(const ItemRev *rev, void *payload)
{
        model_put(payload, g_strdup_printf("i%010u", rev->no),
                  g_strdup_printf("%u %s %s %u %u %s %s %s %" G_GUINT64_FORMAT, rev->no, rev->key,
                                  state_def(rev->state)->name, rev->rev, rev->subst, rev->title, rev->attrs,
                                  rev->attachments, rev->from_seq));
}

static void model_link(const LinkRev *rev, bool ended, void *payload)
{
        Model *model = payload;
        g_autofree char *name = g_strdup_printf("l%u %s %u %s", rev->from, link_type_def(rev->type)->name,
                                                rev->to, as_name(rev->as));

        if (ended)
                g_assert_true(g_hash_table_remove(model->rows, name)); /* only what was there can end */
        else
                model_put(model, g_steal_pointer(&name),
                          g_strdup_printf("%u,%u %s %" G_GUINT64_FORMAT, rev->judged_from, rev->judged_to,
                                          rev->attrs, rev->from_seq));
}

static void model_result(const ResultRev *result, void *payload)
{
        model_put(payload, g_strdup_printf("r%u %u", result->run, result->test_case),
                  g_strdup_printf("%d %" G_GINT64_FORMAT " %s %" G_GUINT64_FORMAT, (int)result->status,
                                  result->at, result->message, result->seq));
}

static void model_commit(Seq seq, void *payload)
{
        Model *model = payload;

        g_assert_cmpuint(seq, ==, model->last + 1);
        model->last = seq;
        model->part = 0;
        model->item = ZW_ITEM_NONE;
}

static void feed_item(const ItemRev *rev, void *payload)
{
        Model *model = payload;

        model_order(model, 0);
        g_assert_true(model->item == ZW_ITEM_NONE || model->item < rev->no);
        model->item = rev->no;
        model_item(rev, payload);
}

static void feed_link(const LinkRev *rev, bool ended, void *payload)
{
        model_order(payload, 1);
        model_link(rev, ended, payload);
}

static void feed_result(const ResultRev *result, void *payload)
{
        model_order(payload, 2);
        model_result(result, payload);
}

static bool walk_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        model_item(rev, payload);
        return true;
}

static bool walk_link(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        model_link(rev, false, payload);
        return true;
}

static bool walk_result(const ResultRev *result, void *payload, GError **error G_GNUC_UNUSED)
{
        model_result(result, payload);
        return true;
}

static Model model_new(void)
{
        return (Model){ .rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                        .item = ZW_ITEM_NONE };
}

static void models_compare(const Model *a, const Model *b)
{
        GHashTableIter iter;
        gpointer name, line;

        g_assert_cmpuint(g_hash_table_size(a->rows), ==, g_hash_table_size(b->rows));
        g_hash_table_iter_init(&iter, a->rows);
        while (g_hash_table_iter_next(&iter, &name, &line))
                g_assert_cmpstr(line, ==, g_hash_table_lookup(b->rows, name));
}

static void feed_to(Fixture *f, Model *model, Seq upto)
{
        const StoreFeed feed = { feed_item, feed_link, feed_result, model_commit };
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GError) error = NULL;

        WORKS(store_feed(view, &f->log, model->last, upto, &feed, model, &error));
        g_assert_cmpuint(model->last, ==, upto);
}

static void walk_at(Fixture *f, Model *model, Seq seq)
{
        g_autoptr(StoreView) view = view_of(f);

        g_hash_table_remove_all(model->rows);
        g_assert_true(store_each_item(view, &f->log, seq, walk_item, model, NULL));
        g_assert_true(store_each_link(view, &f->log, seq, walk_link, model, NULL));
        g_assert_true(store_each_result(view, &f->log, seq, walk_result, model, NULL));
}

static void feed_compare(Fixture *f, Seq head)
{
        Model at_once = model_new(), stepped = model_new(), walked = model_new();
        const StoreFeed nothing = { NULL, NULL, NULL, NULL };
        g_autoptr(StoreView) view = view_of(f);

        for (Seq seq = 1; seq <= head; seq++) {
                feed_to(f, &stepped, seq);
                walk_at(f, &walked, seq);
                models_compare(&stepped, &walked);
        }
        feed_to(f, &at_once, head);
        models_compare(&at_once, &walked);
        g_assert_true(store_feed(view, &f->log, 0, head + 10, &nothing, NULL, NULL));
        g_hash_table_unref(at_once.rows);
        g_hash_table_unref(stepped.rows);
        g_hash_table_unref(walked.rows);
}

static void test_feed(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);

        feed_compare(f, dumps->len - 1);
}

/* ---- Random histories, against a model that knows only the operations ---- */

enum { RANDOM_ITEMS = 12, RANDOM_COMMITS = 60 };

typedef struct {
        unsigned rev[RANDOM_ITEMS];
        char *title[RANDOM_ITEMS];
        unsigned judged[RANDOM_ITEMS][RANDOM_ITEMS]; /* 0: no link */
} Naive;

static void random_op(GRand *rand, Naive *naive, GString *text)
{
        unsigned a = (unsigned)g_rand_int_range(rand, 0, RANDOM_ITEMS),
                 b = (unsigned)g_rand_int_range(rand, 0, RANDOM_ITEMS);
        unsigned j = (unsigned)g_rand_int_range(rand, 1, 100);

        g_string_append(text, text->len > 1 ? "," : "");
        if (naive->rev[a] == 0) {
                naive->rev[a] = 1;
                naive->title[a] = g_strdup_printf("t%u", j);
                g_string_append_printf(
                        text,
                        "{'op':'create','id':'@%u','key':'AS-%u','kind':'asset','state':'draft','set':{'title':'t%u'}}",
                        a, a, j);
        } else if (naive->rev[b] != 0 && g_rand_boolean(rand)) {
                bool unlink_it = naive->judged[a][b] != 0 && g_rand_boolean(rand);
                const char *op = unlink_it                                          ? "unlink"
                                 : naive->judged[a][b] != 0 && g_rand_boolean(rand) ? "judge"
                                                                                    : "link";

                g_string_append_printf(text, "{'op':'%s','from':'@%u','type':'relates_to','to':'@%u'", op, a,
                                       b);
                if (!unlink_it)
                        g_string_append_printf(text, ",'judged':[%u,1]", j);
                g_string_append_c(text, '}');
                naive->judged[a][b] = unlink_it ? 0 : j;
        } else {
                g_free(naive->title[a]);
                naive->title[a] = g_strdup_printf("t%u", j);
                naive->rev[a]++;
                g_string_append_printf(text,
                                       "{'op':'update','id':'@%u','rev':%u,'subst':1,'set':{'title':'t%u'}}",
                                       a, naive->rev[a], j);
        }
}

static bool naive_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        Naive *seen = payload;
        unsigned a = rev->id.b[15];

        seen->rev[a] = rev->rev;
        seen->title[a] = g_strdup(rev->title);
        return true;
}

typedef struct {
        Naive *seen;
        StoreView *view;
        const Id *log;
} NaiveWalk;

static bool naive_link(const LinkRev *rev, void *payload, GError **error)
{
        NaiveWalk *walk = payload;
        g_autoptr(StoreItem) from = store_item_by_no(walk->view, walk->log, rev->from, ZW_SEQ_OPEN, error);
        g_autoptr(StoreItem) to = store_item_by_no(walk->view, walk->log, rev->to, ZW_SEQ_OPEN, error);

        walk->seen->judged[store_item_rev(from)->id.b[15]][store_item_rev(to)->id.b[15]] = rev->judged_from;
        return true;
}

static void naive_clear(Naive *naive)
{
        for (int i = 0; i < RANDOM_ITEMS; i++)
                g_free(naive->title[i]);
}

static void naive_compare(Fixture *f, const Naive *naive)
{
        g_autoptr(StoreView) view = view_of(f);
        Naive seen = { 0 };
        NaiveWalk walk = { &seen, view, &f->log };

        g_assert_true(store_each_item(view, &f->log, ZW_SEQ_OPEN, naive_item, &seen, NULL));
        g_assert_true(store_each_link(view, &f->log, ZW_SEQ_OPEN, naive_link, &walk, NULL));
        for (int i = 0; i < RANDOM_ITEMS; i++) {
                g_assert_cmpuint(seen.rev[i], ==, naive->rev[i]);
                g_assert_cmpstr(seen.title[i], ==, naive->title[i]);
        }
        g_assert_true(memcmp(seen.judged, naive->judged, sizeof seen.judged) == 0);
        naive_clear(&seen);
}

static void test_random(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        GRand *rand = g_rand_new_with_seed(g_test_rand_int() > 0 ? 7 : 11);
        g_autoptr(GPtrArray) dumps = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(StoreView) view = NULL;
        g_autofree char *wrong = NULL;
        Naive naive = { 0 };

        for (int i = 0; i < RANDOM_COMMITS; i++) {
                g_autoptr(GString) text = g_string_new("[");
                int n = g_rand_int_range(rand, 1, 8);

                for (int k = 0; k < n; k++)
                        random_op(rand, &naive, text);
                g_string_append_c(text, ']');
                commit(f, ops("%s", text->str));
                naive_compare(f, &naive);
                g_ptr_array_add(dumps, dump_now(f));
        }
        view = view_of(f);
        for (guint i = 0; i < dumps->len; i++) {
                g_autofree char *text = dump(view, &f->log, i + 2);

                g_assert_cmpstr(text, ==, dumps->pdata[i]);
        }
        feed_compare(f, dumps->len + 1);
        wrong = problems(f, &f->log);
        g_assert_cmpstr(wrong, ==, "");
        naive_clear(&naive);
        g_rand_free(rand);
}

void conformance_add_read(const StoreBackend *backend)
{
        CONFORM("read/as-of", test_as_of);
        CONFORM("read/look-up", test_look_up);
        CONFORM("read/next-key", test_next_key);
        CONFORM("read/revisions", test_revisions);
        CONFORM("read/nested", test_nested);
        CONFORM("read/links-of", test_links_of);
        CONFORM("read/feed", test_feed);
        CONFORM("read/random", test_random);
}
