/* Verifying a log from its bytes. Nothing that is stored beside a header is believed: hashes, numbers, parents, times and
 * commitments are computed again, and what was kept for speed is compared with them. */
#include "base/error.h"
#include "store/internal.h"
#include <string.h>

typedef struct {
        StoreView *view;
        LogRow log;
        SecretWalk *walk; /* over the pieces of the log */
        StoreProblemFn fn;
        void *payload;
        char log_hex[ZW_ID_HEX];
        Seq next;        /* number the next commit must have */
        Digest previous; /* hash of the last one seen */
        Instant time;    /* its time */
        Merkle tree;
        const OpenHeader *header; /* of the commit whose pieces are being compared */
        size_t ops;               /* operations seen of it */
        bool message;             /* and its message */
        const char *other;        /* hash of the parent in another log that the header names, or NULL */
        bool named;               /* an operation says which commit that is */
        Seq seq;
        ProgressStage stage;
} Verifying;

static void verifying_free(Verifying *v)
{
        if (v->walk != NULL)
                v->view->backend->secret_walk_free(v->walk);
        g_free(v);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verifying, verifying_free)

static void report(Verifying *v, Seq seq, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void report(Verifying *v, Seq seq, const char *format, ...)
{
        g_autofree char *where = seq == 0 ? g_strdup_printf("log %s", v->log_hex)
                                          : g_strdup_printf("log %s seq %" G_GUINT64_FORMAT, v->log_hex, seq);
        g_autofree char *message = NULL;
        va_list args;

        va_start(args, format);
        message = g_strdup_vprintf(format, args);
        va_end(args);
        v->fn(where, message, v->payload);
}

static bool hex_is(const char *hex, const Digest *digest)
{
        char text[ZW_DIGEST_HEX];

        hex_encode(digest->b, ZW_DIGEST_BYTES, text);
        return hex != NULL && strcmp(hex, text) == 0;
}

/* ---- Pieces: what the commitments of a header stand for ---- */

static const char *personal_of(const json_t *op, const char *field)
{
        const json_t *attrs = json_object_get(json_object_get(op, "set"), "attrs");

        return jread_get_string(json_object_get(attrs, field), "personal");
}

static void piece_compare(Verifying *v, const SecretRow *row, const char *expected)
{
        Digest found;

        if (row->salt == NULL)
                return; /* erased: the commitment is all that is left */
        found = commitment(row->salt, row->bytes, row->n);
        if (!hex_is(expected, &found))
                report(v, v->seq, "%s %d%s%s is not what the header commits to",
                       row->op < 0 ? "the message of" : "operation", row->op,
                       row->field[0] == '\0' ? "" : " attribute ", row->field);
}

typedef struct {
        Verifying *v;
        Json *op;      /* the operation whose personal values follow, NULL when erased or plain */
        bool plain;    /* it need not be read: it has no such values, and speaks of no other log */
        size_t values; /* of them seen */
} Pieces;

static void pieces_clear(Pieces *pieces)
{
        g_clear_pointer(&pieces->op, json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pieces, pieces_clear)

/* As many personal values must follow an operation as it has commitments to such. */
static void op_end(Pieces *pieces)
{
        json_t *attrs = json_object_get(json_object_get(pieces->op, "set"), "attrs"), *value;
        size_t expected = 0;
        const char *field;

        json_object_foreach(attrs, field, value) expected += personal_of(pieces->op, field) != NULL;
        if (pieces->op != NULL && expected != pieces->values)
                report(pieces->v, pieces->v->seq,
                       "operation %zu commits to %zu personal attributes, %zu are stored", pieces->v->ops - 1,
                       expected, pieces->values);
        g_clear_pointer(&pieces->op, json_decref);
        pieces->plain = false;
        pieces->values = 0;
}

/* Whether the text of an operation cannot have a commitment to a personal value, nor be `branch` or `merge`: most are so, and
 * reading them takes longer than hashing. A backslash could hide such a word. */
static bool is_plain(const SecretRow *row)
{
        static const char *const words[] = { "\"personal\"", "\"branch\"", "\"merge\"", "\\" };

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                if (row->n > 0 && memmem(row->bytes, row->n, words[i], strlen(words[i])) != NULL)
                        return false;
        return true;
}

/* `branch` and `merge` say where the parent lies that is in another log. Where that log is not here, the hash of its commit
 * is all there is to it. */
static void place_check(Verifying *v, const json_t *op)
{
        const char *name = jread_get_string(op, "op"), *log = jread_get_string(op, "log");
        const Seq seq = (Seq)jread_get_int(op, "seq", 0);
        g_autoptr(GError) why = NULL;
        Instant time;
        Digest hash;
        Id id;

        if (name == NULL || (strcmp(name, "branch") != 0 && strcmp(name, "merge") != 0))
                return;
        if (v->named || v->other == NULL || (strcmp(name, "branch") == 0) != (v->seq == 1)) {
                report(v, v->seq, "the operation \"%s\" has no parent that it speaks of", name);
                return;
        }
        v->named = true;
        if (log == NULL || !hex_decode(log, id.b, ZW_ID_BYTES, NULL) ||
            !store_commit_hash(v->view, &id, seq, &hash, &why) ||
            !store_commit_time(v->view, &id, seq, &time, &why)) {
                if (seq == 0 || why == NULL || !g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND))
                        report(v, v->seq, "the commit that \"%s\" speaks of cannot be read", name);
                return;
        }
        if (!hex_is(v->other, &hash))
                report(v, v->seq, "the parent is not the commit %" G_GUINT64_FORMAT " of the log %s", seq,
                       log);
        else if (v->time < time)
                report(v, v->seq, "the time is before that of the commit of the log %s", log);
}

static void op_check(Pieces *pieces, const SecretRow *row)
{
        Verifying *v = pieces->v;

        op_end(pieces);
        if (row->op < 0 || (size_t)row->op != v->ops)
                report(v, v->seq, "operation %d stands where %zu should", row->op, v->ops);
        v->ops++;
        piece_compare(v, row, header_list_get(&v->header->ops, (size_t)MAX(row->op, 0)));
        if (row->salt == NULL)
                v->named = true; /* for all that is known */
        else if (is_plain(row))
                pieces->plain = true;
        else
                pieces->op = jread_parse(row->bytes, row->n, NULL);
        place_check(v, pieces->op);
}

static void personal_check(Pieces *pieces, const SecretRow *row)
{
        Verifying *v = pieces->v;
        const char *expected = personal_of(pieces->op, row->field);

        if (row->op < 0 || (size_t)row->op + 1 != v->ops) {
                report(v, v->seq, "attribute %s belongs to operation %d, which is not there", row->field,
                       row->op);
        } else if (expected != NULL) {
                pieces->values++;
                piece_compare(v, row, expected);
        } else if (pieces->op != NULL || pieces->plain) {
                report(v, v->seq, "operation %d has no personal attribute %s", row->op, row->field);
        }
}

static bool piece_check(const SecretRow *row, void *payload, GError **error)
{
        Pieces *pieces = payload;

        if (row->op == -1 && row->field[0] == '\0') {
                pieces->v->message = true;
                piece_compare(pieces->v, row, pieces->v->header->message);
        } else if (row->field[0] == '\0') {
                op_check(pieces, row);
        } else {
                personal_check(pieces, row);
        }
        return progress_step(&pieces->v->stage, 0, error); /* a commit may be a million of them */
}

static bool pieces_check(Verifying *v, GError **error)
{
        g_auto(Pieces) pieces = { .v = v };
        g_autoptr(GError) why = NULL;

        v->ops = 0;
        v->message = v->named = false;
        if (!v->view->backend->secret_walk_read(v->walk, v->seq, piece_check, &pieces, &why)) {
                if (!g_error_matches(why, ZW_ERROR, ZW_ERR_DAMAGED)) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                report(v, v->seq, "%s", why->message);
                return true;
        }
        op_end(&pieces);
        if (v->ops != v->header->ops.n)
                report(v, v->seq, "the header commits to %zu operations, %zu are stored", v->header->ops.n,
                       v->ops);
        if (!v->message)
                report(v, v->seq, "the message is missing");
        if (v->other != NULL && !v->named)
                report(v, v->seq, "no operation says which commit the other parent is");
        return true;
}

/* ---- Headers ---- */

static void parents_check(Verifying *v, const OpenHeader *header)
{
        size_t n = header->parents.n;

        if (v->seq > 1 && !hex_is(header_list_get(&header->parents, 0), &v->previous))
                report(v, v->seq, "the parent is not the commit before");
        if (n > (v->seq == 1 ? 1 : 2))
                report(v, v->seq, "the commit names %zu parents", n);
        v->other = header_list_get(&header->parents, v->seq == 1 ? 0 : 1);
}

static void time_check(Verifying *v, const OpenHeader *header, const CommitRow *row)
{
        Instant time;

        if (!instant_parse(header->time, &time, NULL)) {
                report(v, v->seq, "the time \"%s\" cannot be read", header->time);
                return;
        }
        if (v->seq > 1 && time < v->time)
                report(v, v->seq, "the time is before that of the parent");
        v->time = time;
        if (time != row->time)
                report(v, v->seq, "the time kept beside the header differs from it");
}

static void fields_check(Verifying *v, const OpenHeader *header, const CommitRow *row)
{
        char actor[ZW_ID_HEX];
        Origin origin;

        hex_encode(row->actor.b, ZW_ID_BYTES, actor);
        /* One value has one form: a header that says the same in another is not one that the program wrote. */
        if (!header->canonical)
                report(v, v->seq, "the header is not canonical JSON");
        if (header->format != ZW_LOG_FORMAT)
                report(v, v->seq, "the format is %" G_GINT64_FORMAT ", not %d", header->format,
                       (int)ZW_LOG_FORMAT);
        if (!origin_find(header->origin, &origin))
                report(v, v->seq, "there is no origin \"%s\"", header->origin);
        if (strcmp(header->log, v->log_hex) != 0)
                report(v, v->seq, "the header belongs to the log %s", header->log);
        if (header->seq < 0 || (Seq)header->seq != row->seq)
                report(v, v->seq, "the header has the number %" G_GINT64_FORMAT, header->seq);
        if (strcmp(header->actor, actor) != 0)
                report(v, v->seq, "the actor kept beside the header differs from it");
        if (g_strcmp0(header->request, row->request) != 0)
                report(v, v->seq, "the request id kept beside the header differs from it");
}

static Digest header_hash(const CommitRow *row)
{
        g_autoptr(GBytes) bytes = g_bytes_new_static(row->header, row->header_n);

        return commit_hash(bytes);
}

static bool commit_check(const CommitRow *row, void *payload, GError **error)
{
        Verifying *v = payload;
        Digest hash = header_hash(row);
        g_auto(OpenHeader) header = { 0 };
        g_autoptr(GError) why = NULL;
        bool ok = true;

        for (; v->next < row->seq; v->next++)
                report(v, v->next, "the commit is missing");
        v->seq = row->seq;
        v->next = row->seq + 1;
        if (!digest_equal(&hash, &row->hash))
                report(v, v->seq, "the hash of the header is not the one it had");
        if (!header_open(row->header, row->header_n, &header, &why)) {
                report(v, v->seq, "%s", why->message);
        } else {
                fields_check(v, &header, row);
                parents_check(v, &header);
                time_check(v, &header, row);
                v->header = &header;
                ok = pieces_check(v, error);
                v->header = NULL;
        }
        merkle_append(&v->tree, &hash);
        v->previous = hash;
        return ok && progress_step(&v->stage, 1, error);
}

static void head_check(Verifying *v)
{
        Digest stored = merkle_root(&v->log.tree), computed = merkle_root(&v->tree);

        for (; v->next <= v->log.head; v->next++)
                report(v, v->next, "the commit is missing");
        if (v->log.head < v->next - 1)
                report(v, 0,
                       "the log ends at %" G_GUINT64_FORMAT " and holds commits up to %" G_GUINT64_FORMAT,
                       v->log.head, v->next - 1);
        if (v->tree.size > 0 && !digest_equal(&v->log.head_hash, &v->previous))
                report(v, 0, "the newest commit is not the one the log names");
        if (!digest_equal(&stored, &computed))
                report(v, 0, "the root of the tree is not that of the commits");
        if (v->tree.size > 0 && v->log.changed != v->time)
                report(v, 0, "the time of the newest commit is not the one the log names");
}

/* The row of the log itself may be what was altered. */
static bool log_open(Verifying *v, const Id *log, bool *ret_open, GError **error)
{
        g_autoptr(GError) why = NULL;

        *ret_open = view_log(v->view, log, &v->log, &why);
        if (!*ret_open && g_error_matches(why, ZW_ERROR, ZW_ERR_DAMAGED)) {
                report(v, 0, "%s", why->message);
                return true;
        }
        if (!*ret_open)
                g_propagate_error(error, g_steal_pointer(&why));
        return *ret_open;
}

bool store_verify(StoreView *view, const Id *log, StoreProblemFn fn, void *payload, Progress *progress,
                  uint64_t *ret_commits, Digest *ret_root, GError **error)
{
        g_autoptr(Verifying) v = g_new0(Verifying, 1);
        g_autoptr(GError) why = NULL;
        bool open;

        v->view = view;
        v->fn = fn;
        v->payload = payload;
        v->next = 1;
        merkle_init(&v->tree);
        hex_encode(log->b, ZW_ID_BYTES, v->log_hex);
        if (!log_open(v, log, &open, error))
                return false;
        if (open)
                v->walk = view->backend->secret_walk_new(view, v->log.no);
        v->stage = progress_begin(progress, "verifying", "commits", v->log.head);
        if (open && !view->backend->commit_read(view, v->log.no, 0, ZW_SEQ_OPEN, commit_check, v, &why)) {
                if (!g_error_matches(why, ZW_ERROR, ZW_ERR_DAMAGED)) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                report(v, v->next, "%s", why->message);
        } else if (open) {
                head_check(v);
        }
        *ret_commits = v->tree.size;
        *ret_root = merkle_root(&v->tree);
        return true;
}
