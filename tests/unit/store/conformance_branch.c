/* Conformance: branches begin as the commit they start from was, merges name both parents, and both verify. */
#include "conformance.h"

#include "base/error.h"
#include <string.h>

typedef struct {
        StorePlace from;
        const char *key;
        Id actor, log;
} NewBranch;

static bool branch_fn(StoreTxn *txn, void *payload, GError **error)
{
        NewBranch *branch = payload;

        return store_txn_create_branch(txn, &branch->from, branch->key, "Another way", &branch->actor,
                                       ORIGIN_CLI, &branch->log, error);
}

static Id create_branch(Fixture *f, const Id *log, Seq seq, const char *key)
{
        g_autoptr(GError) error = NULL;
        NewBranch branch = { .from = { *log, seq }, .key = key, .actor = f->actor };

        WORKS(store_write(f->store, branch_fn, &branch, &error));
        return branch.log;
}

static void refuse_branch(Fixture *f, Seq seq, const char *key, int code)
{
        g_autoptr(GError) error = NULL;
        NewBranch branch = { .from = { f->log, seq }, .key = key, .actor = f->actor };

        g_assert_false(store_write(f->store, branch_fn, &branch, &error));
        g_assert_error(error, ZW_ERROR, code);
}

/* A dump without comments, and without the numbers of commits: what a branch takes along. */
static char *without_numbers(const char *text)
{
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        GString *kept = g_string_new(NULL);

        for (char **line = lines; *line != NULL; line++) {
                char *number = strstr(*line, " from=");

                if (number == NULL)
                        number = strstr(*line, " seq=");
                if (number != NULL)
                        *number = '\0';
                if (!g_str_has_prefix(*line, "comment "))
                        g_string_append_printf(kept, "%s\n", *line);
        }
        return g_string_free(kept, FALSE);
}

static void test_from_every_commit(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GPtrArray) dumps = write_history(f);
        g_autofree char *trouble = NULL;

        for (guint seq = 1; seq < dumps->len; seq++) {
                g_autofree char *key = g_strdup_printf("WW.b%u", seq), *found = NULL, *now = NULL,
                                *then = NULL;
                Id log = create_branch(f, &f->log, seq, key);
                g_autoptr(StoreView) view = view_of(f);
                g_autofree char *said = NULL;

                now = dump(view, &log, ZW_SEQ_OPEN - 1);
                found = without_numbers(now);
                then = without_numbers(dumps->pdata[seq]);
                g_assert_cmpstr(found, ==, then);
                said = problems(f, &log);
                g_assert_cmpstr(said, ==, "");
        }
        trouble = problems(f, &f->log);
        g_assert_cmpstr(trouble, ==, "");
}

static void test_refused(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        refuse_branch(f, 2, "WW.x", ZW_ERR_NOT_FOUND);
        refuse_branch(f, 1, "WW", ZW_ERR_INPUT);
        refuse_branch(f, 1, "WW.", ZW_ERR_INPUT);
        refuse_branch(f, 1, ".x", ZW_ERR_INPUT);
        refuse_branch(f, 1, "WW.a b", ZW_ERR_INPUT);
        create_branch(f, &f->log, 1, "WW.x");
        refuse_branch(f, 1, "WW.x", ZW_ERR_EXISTS);
        refuse(f, ops("[{'op':'branch','key':'WW.y','title':'T','log':'@1','seq':1}]"), ZW_ERR_INPUT,
               "/0/op");
}

static void test_merge(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(StoreView) view = NULL;
        g_autofree char *trouble = NULL, *also = NULL;
        Id branch = create_branch(f, &f->log, 1, "WW.x"), twig, root;
        StorePlace merged = { branch, 2 };
        CommitDraft draft = { .log = f->log, .actor = f->actor, .origin = ORIGIN_CLI, .merged = &merged };
        Seq seq, branch_seq;

        g_assert_false(write_draft(f, &draft, &seq, &error)); /* the branch has no second commit */
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_clear_error(&error);
        commit_to(
                f, &branch,
                ops("[{'op':'create','id':'@9','key':'ZN-9','kind':'zone','state':'draft','set':{'title':'Z'}}]"));
        WORKS(write_draft(f, &draft, &seq, &error));
        twig = create_branch(f, &branch, 2, "WW.x.y");
        view = view_of(f);
        WORKS(store_merge_last(view, &f->log, &branch, &seq, &branch_seq, &error));
        g_assert_cmpuint(seq, ==, 2);
        g_assert_cmpuint(branch_seq, ==, 2);
        WORKS(store_branch_root(view, &twig, &root, &error));
        g_assert_true(id_equal(&root, &f->log));
        trouble = problems(f, &f->log);
        g_assert_cmpstr(trouble, ==, "");
        also = problems(f, &twig);
        g_assert_cmpstr(also, ==, "");
}

/* What is erased goes out of the branches, too. */
static void test_erased(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *before = NULL, *after = NULL, *trouble = NULL;
        Id branch;

        commit(f, ops("[{'op':'create','id':'@3','key':'TR-1','kind':'test_run','state':'recorded','set':"
                      "{'title':'T','attrs':{'tester':'Eve Example'}}}]"));
        branch = create_branch(f, &f->log, 2, "WW.x");
        {
                g_autoptr(StoreView) view = view_of(f);

                before = dump(view, &branch, ZW_SEQ_OPEN - 1);
        }
        g_assert_nonnull(strstr(before, "Eve Example"));
        erase_piece(f, 2, 0, "tester");
        {
                g_autoptr(StoreView) view = view_of(f);

                after = dump(view, &branch, ZW_SEQ_OPEN - 1);
        }
        g_assert_null(strstr(after, "Eve Example"));
        trouble = problems(f, &branch);
        g_assert_cmpstr(trouble, ==, "");
}

void conformance_add_branch(const StoreBackend *backend)
{
        CONFORM("branch/from-every-commit", test_from_every_commit);
        CONFORM("branch/refused", test_refused);
        CONFORM("branch/merge", test_merge);
        CONFORM("branch/erased", test_erased);
}
