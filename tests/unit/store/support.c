#include "support.h"

#include "base/error.h"
#include "base/jread.h"
#include "model/results.h"
#include <glib/gstdio.h>
#include <string.h>

static void remove_tree(const char *path)
{
        GDir *dir = g_dir_open(path, 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *inner = g_build_filename(path, name, NULL);

                remove_tree(inner);
        }
        if (dir != NULL)
                g_dir_close(dir);
        g_assert_cmpint(g_remove(path), ==, 0);
}

void set_up(Fixture *f, gconstpointer backend)
{
        g_autoptr(GError) error = NULL;

        f->backend = backend;
        f->tmp = g_dir_make_tmp("store-XXXXXX", NULL);
        g_assert_nonnull(f->tmp);
        f->dir = g_build_filename(f->tmp, "data", NULL);
        f->actor = id_of(99);
        WORKS(store_create_with(f->backend, f->dir, &error));
        f->store = store_open_with(f->backend, f->dir, &error);
        g_assert_no_error(error);
        f->log = create_project(f, "WW");
}

void tear_down(Fixture *f, gconstpointer backend G_GNUC_UNUSED)
{
        store_close(f->store);
        remove_tree(f->tmp);
        g_free(f->dir);
        g_free(f->tmp);
}

void reopen(Fixture *f)
{
        g_autoptr(GError) error = NULL;

        store_close(f->store);
        f->store = store_open_with(f->backend, f->dir, &error);
        g_assert_no_error(error);
}

char *path_of(const Fixture *f, const char *name)
{
        return g_build_filename(f->tmp, name, NULL);
}

Id id_of(unsigned n)
{
        Id id = { { 0 } };

        id.b[0] = 0xaa;
        id.b[13] = (uint8_t)(n >> 16);
        id.b[14] = (uint8_t)(n >> 8);
        id.b[15] = (uint8_t)n;
        return id;
}

json_t *ops(const char *format, ...)
{
        g_autofree char *short_form = NULL;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        json_t *json;
        va_list args;

        va_start(args, format);
        short_form = g_strdup_vprintf(format, args);
        va_end(args);
        for (const char *at = short_form; *at != '\0'; at++) {
                char hex[ZW_ID_HEX];
                unsigned n;
                Id id;

                if (*at != '@') {
                        g_string_append_c(text, *at == '\'' ? '"' : *at);
                        continue;
                }
                for (n = 0; g_ascii_isdigit(at[1]); at++)
                        n = n * 10 + (unsigned)g_ascii_digit_value(at[1]);
                id = id_of(n);
                hex_encode(id.b, ZW_ID_BYTES, hex);
                g_string_append(text, hex);
        }
        json = jread_parse(text->str, text->len, &error);
        g_assert_no_error(error);
        return json;
}

typedef struct {
        const CommitDraft *draft;
        Seq seq;
} Write;

static bool write_fn(StoreTxn *txn, void *payload, GError **error)
{
        Write *write = payload;

        return store_txn_commit(txn, write->draft, &write->seq, error);
}

bool write_draft(Fixture *f, const CommitDraft *draft, Seq *ret_seq, GError **error)
{
        Write write = { .draft = draft };

        if (!store_write(f->store, write_fn, &write, error))
                return false;
        *ret_seq = write.seq;
        return true;
}

Seq commit_to(Fixture *f, const Id *log, json_t *operations)
{
        g_autoptr(Json) owned = operations;
        g_autoptr(GError) error = NULL;
        CommitDraft draft = {
                .log = *log, .actor = f->actor, .origin = ORIGIN_CLI, .message = "why", .ops = owned
        };
        Seq seq = 0;

        WORKS(write_draft(f, &draft, &seq, &error));
        g_assert_cmpuint(seq, >, 0);
        return seq;
}

Seq commit(Fixture *f, json_t *operations)
{
        return commit_to(f, &f->log, operations);
}

void refuse(Fixture *f, json_t *operations, int code, const char *where)
{
        g_autoptr(Json) owned = operations;
        g_autoptr(GError) error = NULL;
        g_autofree char *before = dump_now(f), *after = NULL;
        CommitDraft draft = { .log = f->log, .actor = f->actor, .origin = ORIGIN_CLI, .ops = owned };
        Seq seq = 77, head = head_of(f, &f->log);

        g_assert_false(write_draft(f, &draft, &seq, &error));
        g_assert_error(error, ZW_ERROR, code);
        if (where != NULL)
                g_assert_cmpstr(error_where(error), ==, where);
        g_assert_cmpuint(seq, ==, 77);
        g_assert_cmpuint(head_of(f, &f->log), ==, head);
        after = dump_now(f);
        g_assert_cmpstr(before, ==, after);
}

typedef struct {
        const char *key;
        const Id *actor;
        Id log;
} NewProject;

static bool project_fn(StoreTxn *txn, void *payload, GError **error)
{
        NewProject *project = payload;

        return store_txn_create_project(txn, project->key, "Water works", false, project->actor, ORIGIN_CLI,
                                        &project->log, error);
}

Id create_project(Fixture *f, const char *key)
{
        g_autoptr(GError) error = NULL;
        NewProject project = { .key = key, .actor = &f->actor };

        WORKS(store_write(f->store, project_fn, &project, &error));
        return project.log;
}

typedef struct {
        const Id *log;
        Seq seq;
        int op;
        const char *field;
} Erase;

static bool erase_fn(StoreTxn *txn, void *payload, GError **error)
{
        Erase *erase = payload;

        return store_txn_erase(txn, erase->log, erase->seq, erase->op, erase->field, error);
}

bool try_erase(Fixture *f, Seq seq, int op, const char *field, GError **error)
{
        Erase erase = { &f->log, seq, op, field };

        return store_write(f->store, erase_fn, &erase, error);
}

void erase_piece(Fixture *f, Seq seq, int op, const char *field)
{
        g_autoptr(GError) error = NULL;

        WORKS(try_erase(f, seq, op, field, &error));
}

StoreView *view_of(Fixture *f)
{
        g_autoptr(GError) error = NULL;
        StoreView *view = store_view_open(f->store, &error);

        g_assert_no_error(error);
        return view;
}

Seq head_of(Fixture *f, const Id *log)
{
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GPtrArray) projects = store_load_projects(view, NULL);

        for (guint i = 0; i < projects->len; i++) {
                const StoreProject *project = projects->pdata[i];

                if (id_equal(&project->log, log))
                        return project->head;
        }
        return 0;
}

static const char *or_none(const char *text)
{
        return text == NULL ? "-" : text;
}

static bool dump_item(const ItemRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload,
                               "item %u %s %s %s rev=%u subst=%u [%s] [%s] %s %s %s %" G_GINT64_FORMAT
                               " %s %s %s from=%" G_GUINT64_FORMAT "\n",
                               rev->no, rev->key, kind_def(rev->kind)->name, state_def(rev->state)->name,
                               rev->rev, rev->subst, rev->title, rev->body, rev->attrs, or_none(rev->owner),
                               or_none(rev->tags), rev->order, or_none(rev->parent), or_none(rev->source),
                               or_none(rev->attachments), rev->from_seq);
        return true;
}

static bool dump_link(const LinkRev *rev, void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "link %u %s %u [%s] judged=%u,%u %s from=%" G_GUINT64_FORMAT "\n",
                               rev->from, link_type_def(rev->type)->name, rev->to, as_name(rev->as),
                               rev->judged_from, rev->judged_to, or_none(rev->attrs), rev->from_seq);
        return true;
}

static bool dump_result(const ResultRev *result, void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "result %u %u %s %" G_GINT64_FORMAT " %s seq=%" G_GUINT64_FORMAT "\n",
                               result->run, result->test_case, result_status_name(result->status), result->at,
                               or_none(result->message), result->seq);
        return true;
}

static bool dump_comment(const CommentRev *comment, void *payload, GError **error G_GNUC_UNUSED)
{
        g_string_append_printf(payload, "comment %u on %u [%s]%s seq=%" G_GUINT64_FORMAT ".%d\n",
                               comment->id.b[ZW_ID_BYTES - 1], comment->item, comment->text,
                               comment->resolved ? " resolved" : "", comment->seq, comment->op);
        return true;
}

typedef struct {
        StoreView *view;
        const Id *log;
        Seq seq;
        GString *text;
} CommentDump;

static bool dump_comments(const ItemRev *rev, void *payload, GError **error)
{
        const CommentDump *to = payload;

        return store_each_comment(to->view, to->log, rev->no, to->seq, dump_comment, to->text, error);
}

char *dump(StoreView *view, const Id *log, Seq seq)
{
        g_autoptr(GError) error = NULL;
        GString *text = g_string_new(NULL);
        CommentDump comments = { view, log, seq, text };

        WORKS(store_each_item(view, log, seq, dump_item, text, &error));
        WORKS(store_each_link(view, log, seq, dump_link, text, &error));
        WORKS(store_each_result(view, log, seq, dump_result, text, &error));
        WORKS(store_each_item(view, log, seq, dump_comments, &comments, &error));
        return g_string_free(text, FALSE);
}

char *dump_now(Fixture *f)
{
        g_autoptr(StoreView) view = view_of(f);

        return dump(view, &f->log, ZW_SEQ_OPEN - 1);
}

/* ---- History ---- */

static char *put_text(Fixture *f, const char *text)
{
        g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        g_assert_true(store_blob_put(f->store, bytes, &digest, NULL));
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        return g_strdup(hex);
}

static char *put_results(Fixture *f, ResultStatus first, const char *message, Instant at)
{
        g_autoptr(GArray) lines = results_new();
        g_autoptr(GBytes) bytes = NULL;
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        for (unsigned n = 6; n <= 7; n++) {
                ResultLine line = { .test_case = id_of(n), .at = at, .message = g_strdup(message) };

                line.status = n == 6 ? first : RESULT_PASSED;
                g_array_append_val(lines, line);
        }
        bytes = results_encode(lines, NULL);
        g_assert_nonnull(bytes);
        g_assert_true(store_blob_put(f->store, bytes, &digest, NULL));
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        return g_strdup(hex);
}

static void history_commit(Fixture *f, GPtrArray *dumps, json_t *operations)
{
        commit(f, operations);
        g_ptr_array_add(dumps, dump_now(f));
}

/* Items and links. */
static void history_begin(Fixture *f, GPtrArray *dumps)
{
        history_commit(
                f, dumps,
                ops("[{'op':'create','id':'@1','key':'ZN-1','kind':'zone','state':'draft','set':{'title':'Intake','order':1,"
                    "'tags':['wet'],'owner':'ann'}},"
                    "{'op':'create','id':'@2','key':'ZN-2','kind':'zone','state':'draft','set':{'title':'Filters','body':'long',"
                    "'source':{'system':'tm7','id':'x-1','rev':'1'}}},"
                    "{'op':'create','id':'@3','key':'AS-1','kind':'asset','state':'draft','set':{'title':'PLC','parent':'ZN-1'}}]"));
        history_commit(
                f, dumps,
                ops("[{'op':'link','from':'@3','type':'part_of','to':'@1','as':'','judged':[1,1]},"
                    "{'op':'link','from':'@2','type':'relates_to','to':'@1','judged':[1,1],'attrs':{'note':'n'}}]"));
        history_commit(
                f, dumps,
                ops("[{'op':'update','id':'@1','rev':2,'subst':2,'set':{'title':'Intake station','tags':null}}]"));
        history_commit(f, dumps,
                       ops("[{'op':'judge','from':'@3','type':'part_of','to':'@1','as':'','judged':[1,2]},"
                           "{'op':'transition','id':'@2','rev':2,'subst':1,'to':'in_review'}]"));
}

/* Results and attachments. */
static void history_prove(Fixture *f, GPtrArray *dumps)
{
        g_autofree char *file = put_text(f, "a manual"), *second = put_text(f, "another manual");
        g_autofree char *failed = put_results(f, RESULT_FAILED, "it broke", 1000);
        g_autofree char *passed = put_results(f, RESULT_PASSED, NULL, 2000);
        g_autofree char *older = put_results(f, RESULT_ERROR, "old", 1500);

        history_commit(
                f, dumps,
                ops("[{'op':'create','id':'@4','key':'TR-1','kind':'test_run','state':'recorded','set':{'title':'Run',"
                    "'attrs':{'tester':'Eve Example'}}},"
                    "{'op':'create','id':'@6','key':'TC-1','kind':'test_case','state':'draft','set':{'title':'Case 1'}},"
                    "{'op':'create','id':'@7','key':'TC-2','kind':'test_case','state':'draft','set':{'title':'Case 2'}},"
                    "{'op':'results','run':'@4','file':'%s','n':2}]",
                    failed));
        history_commit(
                f, dumps,
                ops("[{'op':'attach','id':'@1','rev':3,'subst':2,'name':'m.txt','sha256':'%s','size':8,'media':'text/plain'}]",
                    file));
        history_commit(
                f, dumps,
                ops("[{'op':'results','run':'@4','file':'%s','n':2},"
                    "{'op':'attach','id':'@1','rev':4,'subst':2,'name':'a.txt','sha256':'%s','size':14,'media':'text/plain'}]",
                    passed, second));
        history_commit(f, dumps,
                       ops("[{'op':'unlink','from':'@2','type':'relates_to','to':'@1'},"
                           "{'op':'detach','id':'@1','rev':5,'subst':2,'name':'m.txt'},"
                           "{'op':'results','run':'@4','file':'%s','n':2}]",
                           older));
}

/* A setting, several revisions in one commit, retiring. */
static void history_end(Fixture *f, GPtrArray *dumps)
{
        history_commit(f, dumps, ops("[{'op':'setting','name':'colour','value':{'a':[1,2]}}]"));
        history_commit(
                f, dumps,
                ops("[{'op':'link','from':'@3','type':'part_of','to':'@2','judged':[1,1]},"
                    "{'op':'unlink','from':'@3','type':'part_of','to':'@1'},"
                    "{'op':'update','id':'@3','rev':2,'subst':2,'set':{'body':'b','order':7}},"
                    "{'op':'update','id':'@3','rev':3,'subst':3,'set':{'title':'PLC 2','attrs':{'serial':'77'}}},"
                    "{'op':'update','id':'@2','rev':3,'subst':1,'set':{'source':null}}]"));
        history_commit(
                f, dumps,
                ops("[{'op':'setting','name':'colour','value':null},{'op':'transition','id':'@3','rev':4,'subst':4,'to':'retired'},"
                    "{'op':'update','id':'@4','rev':2,'subst':1,'set':{'attrs':{'tester':'Bob'}}},"
                    "{'op':'comment','id':'@1','comment':'@81','text':'Who is Bob?','resolved':false}]"));
}

GPtrArray *write_history(Fixture *f)
{
        GPtrArray *dumps = g_ptr_array_new_with_free_func(g_free);

        g_ptr_array_add(dumps, g_strdup("")); /* before the first commit */
        g_ptr_array_add(dumps, dump_now(f));  /* the project itself */
        history_begin(f, dumps);
        history_prove(f, dumps);
        history_end(f, dumps);
        return dumps;
}

static void problem_add(const char *where, const char *message, void *payload)
{
        g_string_append_printf(payload, "%s: %s\n", where, message);
}

char *problems(Fixture *f, const Id *log)
{
        g_autoptr(StoreView) view = view_of(f);
        g_autoptr(GError) error = NULL;
        GString *text = g_string_new(NULL);
        uint64_t commits;
        Digest root;

        WORKS(store_verify(view, log, problem_add, text, NULL, &commits, &root, &error));
        WORKS(store_check(f->store, log, problem_add, text, NULL, &error));
        return g_string_free(text, FALSE);
}
