/* Appending to the log: projects, commits, erasing. */
#include "base/error.h"
#include "base/jtext.h"
#include "store/internal.h"
#include <string.h>

/* From so many operations on what is known of items is worth its memory. */
enum { KNOWN_FROM = 1000 };

/* What one commit is made of while it is made. */
typedef struct {
        Projector p;
        LogRow log;
        GPtrArray *secrets; /* Secret, of the operation at work */
        GArray *ops;        /* Digest, one per operation */
        ProgressStage stage;
        Instant time;
        const StorePlace *other; /* the parent in another log, or NULL */
        Digest other_hash;
} Appending;

static void appending_clear(Appending *a)
{
        g_clear_pointer(&a->p.arena, arena_free);
        g_clear_pointer(&a->p.known, g_free);
        g_clear_pointer(&a->secrets, g_ptr_array_unref);
        g_clear_pointer(&a->ops, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Appending, appending_clear)

static bool check_text(const char *text, size_t max, const char *where, GError **error)
{
        size_t n = text == NULL ? 0 : strlen(text);

        if (n > max) {
                error_set(error, ZW_ERR_LIMIT, where, "a text of at most %zu bytes is expected", max);
                return false;
        }
        if (n > 0 && !utf8_valid(text, n)) {
                error_set(error, ZW_ERR_ENCODING, where, "the text is not UTF-8");
                return false;
        }
        return true;
}

/* A request is known by its first word; the rest says what it asked for. */
static bool request_check(StoreView *view, int64_t log, const char *request, GError **error)
{
        g_autofree char *key = g_strndup(request, strcspn(request, " ")), *before = NULL, *where = NULL;
        Seq seq;

        if (!view->backend->request_find(view, log, key, &seq, &before, error))
                return false;
        if (seq == 0)
                return true;
        where = g_strdup_printf("seq %" G_GUINT64_FORMAT, seq);
        if (strcmp(before, request) == 0)
                error_set(error, ZW_ERR_EXISTS, where, "this request was done already");
        else
                error_set(error, ZW_ERR_INPUT, where, "a request with this id asked for something else");
        return false;
}

static size_t draft_size(const CommitDraft *draft)
{
        return draft->lines != NULL ? spill_count(draft->lines) : json_array_size(draft->ops);
}

static bool draft_check(StoreView *view, int64_t log, const CommitDraft *draft, GError **error)
{
        const size_t n = draft_size(draft);

        if (!check_text(draft->message, ZW_MESSAGE_MAX, "message", error) ||
            !check_text(draft->request, ZW_REQUEST_MAX, "request", error))
                return false;
        if (n == 0 && draft->merged == NULL) {
                error_set(error, ZW_ERR_INPUT, "ops", "a commit has at least one operation");
                return false;
        }
        if (n > ZW_COMMIT_OPS_MAX) {
                error_set(error, ZW_ERR_LIMIT, "ops", "a commit has at most %d operations",
                          (int)ZW_COMMIT_OPS_MAX);
                return false;
        }
        return draft->request == NULL || request_check(view, log, draft->request, error);
}

/* The kind whose attributes an operation sets; any other where it sets none. */
static bool op_kind(Projector *p, const json_t *op, KindId *ret_kind, GError **error)
{
        const char *name = jread_get_string(op, "op"), *kind = jread_get_string(op, "kind");
        const char *id = jread_get_string(op, "id");
        g_autoptr(StoreItem) item = NULL;
        ItemNo no;

        *ret_kind = (KindId)0;
        if (json_object_get(json_object_get(op, "set"), "attrs") == NULL)
                return true;
        if (g_strcmp0(name, "update") != 0) {
                if (kind != NULL && !kind_find(kind, ret_kind))
                        *ret_kind = (KindId)0; /* projecting will refuse it, with near names */
                return true;
        }
        if (id == NULL || !project_item_no(p, id, "/id", &no, NULL))
                return true; /* the same */
        if (!item_load(p->view, p->log->no, no, ZW_SEQ_OPEN - 1, &item, error))
                return false;
        if (item != NULL)
                *ret_kind = item->rev.kind;
        return true;
}

/* What is sealed is written at once: a commit of very many operations holds one of them at a time. */
static bool insert_secrets(Appending *a, GError **error)
{
        for (guint i = 0; i < a->secrets->len; i++) {
                const Secret *secret = a->secrets->pdata[i];
                SecretRow row = { .op = secret->op, .field = secret->field, .salt = secret->salt };

                row.bytes = g_bytes_get_data(secret->bytes, &row.n);
                if (!a->p.view->backend->secret_insert(a->p.view, a->log.no, a->p.seq, &row, error))
                        return false;
        }
        g_ptr_array_set_size(a->secrets, 0);
        return true;
}

static bool append_op(Appending *a, const json_t *op, GError **error)
{
        const int n = (int)a->ops->len;
        const Secret *sealed;
        Digest digest;
        KindId kind;

        if (!json_is_object(op)) {
                g_autofree char *where = g_strdup_printf("/%d", n);

                error_set(error, ZW_ERR_INPUT, where, "an operation is an object");
                return false;
        }
        /* Projected first: what is refused for its meaning should not be refused for its encoding. */
        if (!op_kind(&a->p, op, &kind, error) || !project_op(&a->p, op, n, error) ||
            !op_seal(op, kind, n, a->secrets, error))
                return false;
        sealed = a->secrets->pdata[a->secrets->len - 1];
        digest = commitment(sealed->salt, g_bytes_get_data(sealed->bytes, NULL),
                            g_bytes_get_size(sealed->bytes));
        g_array_append_val(a->ops, digest);
        return insert_secrets(a, error) && progress_step(&a->stage, 1, error);
}

static bool append_line(json_t *op, void *appending, GError **error)
{
        return append_op(appending, op, error);
}

static bool append_ops(Appending *a, const CommitDraft *draft, GError **error)
{
        const json_t *op;
        size_t i;

        if (draft->lines != NULL)
                return spill_each_json(draft->lines, append_line, a, error);
        json_array_foreach(draft->ops, i, op)
        {
                if (!append_op(a, op, error))
                        return false;
        }
        return true;
}

static Digest append_message(Appending *a, const char *message)
{
        Secret *secret = g_new0(Secret, 1);

        secret->op = -1;
        secret->field = g_strdup("");
        secret->bytes = g_bytes_new(message == NULL ? "" : message, message == NULL ? 0 : strlen(message));
        random_bytes(secret->salt, sizeof secret->salt);
        g_ptr_array_add(a->secrets, secret);
        return commitment(secret->salt, g_bytes_get_data(secret->bytes, NULL),
                          g_bytes_get_size(secret->bytes));
}

static bool append_header(Appending *a, const CommitDraft *draft, GError **error)
{
        CommitHeader header = { .log = a->log.id,
                                .seq = a->p.seq,
                                .actor = draft->actor,
                                .time = a->time,
                                .origin = draft->origin,
                                .request = draft->request,
                                .metamodel = ZW_METAMODEL_VERSION,
                                .editorial = draft->editorial,
                                .ops = (const Digest *)(const void *)a->ops->data,
                                .n_ops = a->ops->len,
                                .message = append_message(a, draft->message) };
        CommitRow row = {
                .seq = a->p.seq, .time = a->time, .actor = draft->actor, .request = draft->request
        };
        g_autoptr(GBytes) bytes = NULL;

        if (a->log.head > 0)
                header.parents[header.n_parents++] = a->log.head_hash;
        if (a->other != NULL)
                header.parents[header.n_parents++] = a->other_hash;
        bytes = commit_header_encode(&header, error);
        if (bytes == NULL)
                return false;
        row.header = g_bytes_get_data(bytes, &row.header_n);
        row.hash = commit_hash(bytes);
        merkle_append(&a->log.tree, &row.hash);
        a->log.head = a->p.seq;
        a->log.head_hash = row.hash;
        a->log.changed = a->time;
        return insert_secrets(a, error) &&
               a->p.view->backend->commit_insert(a->p.view, a->log.no, &row, error) &&
               a->p.view->backend->log_update(a->p.view, &a->log, error);
}

/* The commit of another log that is a parent: no commit is earlier than a parent of it. */
static bool other_load(Appending *a, StoreView *view, const StorePlace *other, GError **error)
{
        Instant time;

        if (other == NULL)
                return true;
        a->other = other;
        if (!store_commit_hash(view, &other->log, other->seq, &a->other_hash, error) ||
            !store_commit_time(view, &other->log, other->seq, &time, error))
                return false;
        a->time = MAX(a->time, time);
        return true;
}

static bool append_merge(Appending *a, const StorePlace *merged, GError **error)
{
        g_autoptr(Json) op = NULL;
        char hex[ZW_ID_HEX];

        hex_encode(merged->log.b, ZW_ID_BYTES, hex);
        op = json_pack("{s:s, s:s, s:I}", "op", "merge", "log", hex, "seq", (json_int_t)merged->seq);
        return append_op(a, op, error);
}

/* `from` is what a branch starts from, in its first commit. */
static bool append_commit(StoreTxn *txn, const CommitDraft *draft, const StorePlace *from, Seq *ret_seq,
                          GError **error)
{
        g_auto(Appending) a = { 0 };
        Instant now = instant_now();

        if (!view_log(txn->view, &draft->log, &a.log, error) ||
            !draft_check(txn->view, a.log.no, draft, error))
                return false;
        a.time = MAX(now, a.log.changed);
        if (!other_load(&a, txn->view, from != NULL ? from : draft->merged, error))
                return false;
        a.secrets = g_ptr_array_new_with_free_func((GDestroyNotify)secret_free);
        a.ops = g_array_new(FALSE, FALSE, sizeof(Digest));
        a.stage = progress_begin(draft->progress, "writing", "rows",
                                 draft_size(draft) + (draft->merged != NULL));
        a.p = (Projector){ .store = txn->store,
                           .view = txn->view,
                           .log = &a.log,
                           .seq = a.log.head + 1,
                           .actor = draft->actor,
                           .arena = project_arena(),
                           .known = draft_size(draft) > KNOWN_FROM ? project_known() : NULL };
        if (!append_ops(&a, draft, error) ||
            (draft->merged != NULL && !append_merge(&a, draft->merged, error)) ||
            !append_header(&a, draft, error))
                return false;
        *ret_seq = a.p.seq;
        return true;
}

bool store_request_check(StoreView *view, const Id *log, const char *request, GError **error)
{
        int64_t no;

        return view_log_no(view, log, &no, error) && request_check(view, no, request, error);
}

bool store_txn_commit(StoreTxn *txn, const CommitDraft *draft, Seq *ret_seq, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && append_commit(txn, draft, NULL, ret_seq, &local);

        return txn_result(txn, ok, local, error);
}

/* ---- Projects ---- */

static bool create_project(StoreTxn *txn, const char *key, const char *title, bool sample, const Id *actor,
                           Origin origin, Id *ret_log, GError **error)
{
        LogRow row = { .id = id_new() };
        g_autoptr(Json) ops = NULL;
        CommitDraft draft = { .log = row.id, .actor = *actor, .origin = origin };
        Seq seq;

        if (!project_key_check(key, error) || !check_text(title, ZW_TITLE_MAX, "/title", error))
                return false;
        merkle_init(&row.tree);
        if (!txn->view->backend->log_insert(txn->view, &row, error))
                return false;
        ops = json_pack("[{s:s, s:s, s:s, s:b}]", "op", "project", "key", key, "title", title, "sample",
                        sample);
        draft.ops = ops;
        if (!append_commit(txn, &draft, NULL, &seq, error))
                return false;
        *ret_log = row.id;
        return true;
}

bool store_txn_create_project(StoreTxn *txn, const char *key, const char *title, bool sample, const Id *actor,
                              Origin origin, Id *ret_log, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  create_project(txn, key, title, sample, actor, origin, ret_log, &local);

        return txn_result(txn, ok, local, error);
}

static bool create_branch(StoreTxn *txn, const StorePlace *from, const char *key, const char *title,
                          const Id *actor, Origin origin, Id *ret_log, GError **error)
{
        LogRow row = { .id = id_new() };
        g_autoptr(Json) ops = NULL;
        CommitDraft draft = { .log = row.id, .actor = *actor, .origin = origin };
        char hex[ZW_ID_HEX];
        Seq seq;

        if (!branch_key_check(key, error) || !check_text(title, ZW_TITLE_MAX, "/title", error))
                return false;
        merkle_init(&row.tree);
        if (!txn->view->backend->log_insert(txn->view, &row, error))
                return false;
        hex_encode(from->log.b, ZW_ID_BYTES, hex);
        ops = json_pack("[{s:s, s:s, s:s, s:s, s:I}]", "op", "branch", "key", key, "title", title, "log", hex,
                        "seq", (json_int_t)from->seq);
        draft.ops = ops;
        if (!append_commit(txn, &draft, from, &seq, error))
                return false;
        *ret_log = row.id;
        return true;
}

bool store_txn_create_branch(StoreTxn *txn, const StorePlace *from, const char *key, const char *title,
                             const Id *actor, Origin origin, Id *ret_log, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) &&
                  create_branch(txn, from, key, title, actor, origin, ret_log, &local);

        return txn_result(txn, ok, local, error);
}

static bool refuse_branch(const Id *branch G_GNUC_UNUSED, void *payload G_GNUC_UNUSED, GError **error)
{
        error_set(error, ZW_ERR_STATE, NULL, "it has branches: drop them first");
        return false;
}

static bool delete_project(StoreTxn *txn, const Id *log, GError **error)
{
        LogRow row;

        if (!view_log(txn->view, log, &row, error) ||
            !store_each_branch(txn->view, log, refuse_branch, NULL, error) ||
            !collect_mark(txn->store, error))
                return false;
        txn->view->log_no = 0;
        return txn->view->backend->log_delete(txn->view, row.no, error);
}

bool store_txn_delete_project(StoreTxn *txn, const Id *log, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && delete_project(txn, log, &local);

        return txn_result(txn, ok, local, error);
}

/* ---- Erasing ---- */

static bool project_again(StoreTxn *txn, LogRow *row, GError **error);

/* A branch holds copies of what was erased. */
static bool branch_again(const Id *branch, void *payload, GError **error)
{
        StoreTxn *txn = payload;
        LogRow row;

        return view_log(txn->view, branch, &row, error) && project_again(txn, &row, error);
}

static bool project_again(StoreTxn *txn, LogRow *row, GError **error)
{
        g_autoptr(Arena) arena = project_arena();
        Projector p = { .store = txn->store, .view = txn->view, .log = row, .replay = true, .arena = arena };
        uint32_t items = row->items;

        row->items = 0;
        if (!txn->view->backend->forget(txn->view, row->no, error) ||
            !project_replay(&p, txn->view, row->no, 1, row->head, error) ||
            !txn->view->backend->log_rebuilt(txn->view, row->no, error))
                return false;
        if (row->items == items)
                return store_each_branch(txn->view, &row->id, branch_again, txn, error);
        error_set(error, ZW_ERR_DAMAGED, NULL, "the log makes %u items, %u were counted", row->items, items);
        return false;
}

static bool erase(StoreTxn *txn, const Id *log, Seq seq, int op, const char *field, GError **error)
{
        LogRow row;
        bool found;

        if (op >= 0 && (field == NULL || field[0] == '\0')) {
                error_set(error, ZW_ERR_INPUT, "field",
                          "only messages and personal attributes can be erased");
                return false;
        }
        if (!view_log(txn->view, log, &row, error) ||
            !txn->view->backend->secret_erase(txn->view, row.no, seq, op, field == NULL ? "" : field, &found,
                                              error))
                return false;
        if (!found) {
                error_set(error, ZW_ERR_NOT_FOUND, "field", "commit %" G_GUINT64_FORMAT " has no such piece",
                          seq);
                return false;
        }
        return op < 0 || project_again(txn, &row, error);
}

bool store_txn_erase(StoreTxn *txn, const Id *log, Seq seq, int op, const char *field, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && erase(txn, log, seq, op, field, &local);

        return txn_result(txn, ok, local, error);
}
