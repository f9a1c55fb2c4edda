/* Changesets made from their request ids, and the checks of what is found of them. */
#include "change.h"

#include "base/error.h"
#include "base/jread.h"
#include <string.h>

enum { ATTACH_EVERY = 5, BODY_REPEATS = 40 };

void change_name(Change *change, unsigned round, unsigned thread, unsigned number)
{
        g_snprintf(change->request, sizeof change->request, "%u.%u.%u", round, thread, number);
}

/* Thread and number of a request. */
static void request_parts(const char *request, char *ret_thread, size_t n, guint64 *ret_number)
{
        const char *dot = strrchr(request, '.');

        g_assert_nonnull(dot);
        g_assert_cmpuint((gsize)(dot - request), <, n);
        g_snprintf(ret_thread, n, "%.*s", (int)(dot - request), request);
        g_assert_true(g_ascii_string_to_unsigned(dot + 1, 10, 0, UINT32_MAX, ret_number, NULL));
}

static void item_id(const char *what, const char *name, char *ret_hex)
{
        g_autofree char *text = g_strdup_printf("%s %s", what, name);
        Digest digest = hash_sha256(text, strlen(text));

        hex_encode(digest.b, ZW_ID_BYTES, ret_hex);
}

static char *content_of(const char *request)
{
        return g_strdup_printf("content of %s", request);
}

static json_t *begin_ops(const char *request, const char *thread)
{
        g_autofree char *key = g_strdup_printf("ZN-%s", thread);
        char id[ZW_ID_HEX];

        item_id("zone", thread, id);
        return json_pack("[{s:s, s:s, s:s, s:s, s:s, s:{s:s}}]", "op", "create", "id", id, "key", key, "kind",
                         "zone", "state", "draft", "set", "title", request);
}

static json_t *attach_op(const char *request, const char *id)
{
        g_autofree char *content = content_of(request);
        char hex[ZW_DIGEST_HEX];
        Digest digest = hash_sha256(content, strlen(content));

        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        return json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:i, s:s}", "op", "attach", "id", id, "rev", 2,
                         "subst", 1, "name", "proof.txt", "sha256", hex, "size", (int)strlen(content),
                         "media", "text/plain");
}

static json_t *next_ops(const char *request, const char *thread, guint64 number)
{
        g_autofree char *case_key = g_strdup_printf("TC-%s", request);
        g_autofree char *row_key = g_strdup_printf("RQ-%s", request);
        g_autofree char *tester = g_strdup_printf("tester of %s", request);
        g_autoptr(GString) body = g_string_new(NULL);
        char zone[ZW_ID_HEX], test_case[ZW_ID_HEX], row[ZW_ID_HEX];
        json_t *ops;

        for (int i = 0; i < BODY_REPEATS; i++)
                g_string_append_printf(body, "line %d of %s\n", i, request);
        item_id("zone", thread, zone);
        item_id("case", request, test_case);
        item_id("row", request, row);
        ops = json_pack("[{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:{s:s}}},"
                        " {s:s, s:s, s:s, s:s, s:s, s:{s:s}},"
                        " {s:s, s:s, s:s, s:s, s:s, s:{}, s:[i, i]},"
                        " {s:s, s:s, s:I, s:I, s:{s:s}}]",
                        "op", "create", "id", test_case, "key", case_key, "kind", "test_case", "state",
                        "draft", "set", "title", request, "body", body->str, "attrs", "tester", tester, /* */
                        "op", "create", "id", row, "key", row_key, "kind", "requirement", "state", "draft",
                        "set", "title", request, /* */
                        "op", "link", "from", test_case, "type", "verifies", "to", row, "as", "", "attrs",
                        "judged", 1, 1, /* */
                        "op", "update", "id", zone, "rev", (json_int_t)number + 1, "subst",
                        (json_int_t)number + 1, "set", "title", request);
        if (number % ATTACH_EVERY == 0)
                json_array_append_new(ops, attach_op(request, test_case));
        return ops;
}

json_t *change_ops(const char *request)
{
        char thread[64];
        guint64 number;
        json_t *ops;

        request_parts(request, thread, sizeof thread, &number);
        ops = number == 0 ? begin_ops(request, thread) : next_ops(request, thread, number);
        g_assert_nonnull(ops);
        return ops;
}

bool change_commit(StoreTxn *txn, void *payload, GError **error)
{
        Change *change = payload;
        g_autofree char *message = g_strdup_printf("message of %s", change->request);
        g_autoptr(Json) ops = change_ops(change->request);
        CommitDraft draft = { .log = change->log,
                              .actor = { { 7 } },
                              .origin = ORIGIN_API,
                              .request = change->request,
                              .message = message,
                              .ops = ops };

        if (change->broken_on_purpose)
                json_array_append_new(ops, json_pack("{s:s, s:s, s:i, s:i, s:{}}", "op", "update", "id",
                                                     "ffffffffffffffffffffffffffffffff", "rev", 2, "subst", 1,
                                                     "set"));
        return store_txn_commit(txn, &draft, &change->seq, error);
}

bool change_write(Change *change, GError **error)
{
        g_autofree char *content = content_of(change->request);
        g_autoptr(GBytes) bytes = g_bytes_new_static(content, strlen(content));
        char thread[64];
        guint64 number;
        Digest digest;

        request_parts(change->request, thread, sizeof thread, &number);
        if (number > 0 && number % ATTACH_EVERY == 0 && !store_blob_put(change->store, bytes, &digest, error))
                return false;
        return store_write(change->store, change_commit, change, error);
}

/* ---- Checking ---- */

char *change_key(const Id *log, Seq seq, const char *request)
{
        char hex[ZW_ID_HEX];

        hex_encode(log->b, ZW_ID_BYTES, hex);
        return g_strdup_printf("%s %" G_GUINT64_FORMAT " %s", hex, seq, request);
}

char *change_refused_key(const Id *log, const char *request)
{
        char hex[ZW_ID_HEX];

        hex_encode(log->b, ZW_ID_BYTES, hex);
        return g_strdup_printf("%s %s", hex, request);
}

typedef struct {
        const Id *log;
        GHashTable *refused; /* or NULL */
        GHashTable *found;   /* keys of commits that are whole */
        Seq next;
        StoreProblemFn fn;
        void *payload;
} Checking;

static void report(Checking *checking, Seq seq, const char *request, const char *what)
{
        g_autofree char *where = g_strdup_printf("seq %" G_GUINT64_FORMAT " request %s", seq,
                                                 request == NULL ? "none" : request);

        checking->fn(where, what, checking->payload);
}

static bool check_commit(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        Checking *checking = payload;
        g_autofree char *message = NULL, *refused = NULL;
        g_autoptr(Json) ops = NULL;

        if (commit->seq != checking->next)
                report(checking, commit->seq, commit->request, "the number does not follow");
        checking->next = commit->seq + 1;
        if (commit->request == NULL)
                return true; /* makes a project */
        refused = change_refused_key(checking->log, commit->request);
        if (checking->refused != NULL && g_hash_table_contains(checking->refused, refused))
                report(checking, commit->seq, commit->request, "the commit was refused and is there");
        ops = change_ops(commit->request);
        message = g_strdup_printf("message of %s", commit->request);
        if (!json_equal(ops, commit->ops))
                report(checking, commit->seq, commit->request, "the operations are not those written");
        else if (commit->message != NULL && strcmp(commit->message, message) != 0)
                report(checking, commit->seq, commit->request, "the message is not the one written");
        else
                g_hash_table_add(checking->found, change_key(checking->log, commit->seq, commit->request));
        return true;
}

static bool check_log(Store *store, StoreView *view, const StoreProject *project, GHashTable *refused,
                      GHashTable *found, StoreProblemFn fn, void *payload, GError **error)
{
        Checking checking = { &project->log, refused, found, 1, fn, payload };
        uint64_t commits;
        Digest root;

        if (!store_verify(view, &project->log, fn, payload, NULL, &commits, &root, error) ||
            !store_check(store, &project->log, fn, payload, NULL, error) ||
            !store_each_commit(view, &project->log, 1, ZW_SEQ_OPEN, check_commit, &checking, error))
                return false;
        if (commits != project->head || checking.next != project->head + 1)
                report(&checking, project->head, NULL, "the log does not end at its head");
        if (!digest_equal(&root, &project->root))
                report(&checking, project->head, NULL, "the root is not that of the commits");
        return true;
}

bool change_check_store(Store *store, GHashTable *acknowledged, GHashTable *refused, StoreProblemFn fn,
                        void *payload, GError **error)
{
        g_autoptr(StoreView) view = store_view_open(store, error);
        g_autoptr(GHashTable) found = hash_table_new_text(g_free, NULL);
        g_autoptr(GPtrArray) projects = NULL;
        GHashTableIter iter;
        gpointer key;

        if (view == NULL)
                return false;
        projects = store_load_projects(view, error);
        if (projects == NULL)
                return false;
        for (guint i = 0; i < projects->len; i++)
                if (!check_log(store, view, projects->pdata[i], refused, found, fn, payload, error))
                        return false;
        if (acknowledged == NULL)
                return true;
        g_hash_table_iter_init(&iter, acknowledged);
        while (g_hash_table_iter_next(&iter, &key, NULL))
                if (!g_hash_table_contains(found, key))
                        fn(key, "acknowledged and not there", payload);
        return true;
}
