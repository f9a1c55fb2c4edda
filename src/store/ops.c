/* Operations and headers from what is stored. */
#include "base/error.h"
#include "store/internal.h"
#include <string.h>

void open_ops_clear(OpenOps *ops)
{
        g_clear_pointer(&ops->ops, json_decref);
        g_clear_pointer(&ops->message, g_free);
}

static bool piece_fail(GError **error, int op, const char *field, const char *why)
{
        g_autofree char *where = g_strdup_printf("op %d%s%s", op, field[0] == '\0' ? "" : " ", field);

        error_set(error, ZW_ERR_DAMAGED, where, "%s", why);
        return false;
}

static bool is_wanted(OpenOps *ops, const SecretRow *row)
{
        const bool wanted = ops->wanted == NULL || row->bytes == NULL ||
                            ops->wanted(row->bytes, row->n, ops->payload);

        ops->any = ops->any || wanted;
        return wanted;
}

static bool add_op(OpenOps *ops, const SecretRow *row, GError **error)
{
        g_autoptr(GError) why = NULL;
        json_t *op;

        if (row->op < 0 || (size_t)row->op != json_array_size(ops->ops))
                return piece_fail(error, row->op, row->field, "an operation is missing or stands twice");
        op = row->salt == NULL || !is_wanted(ops, row) ? json_null() : jread_parse(row->bytes, row->n, &why);
        if (op == NULL)
                return piece_fail(error, row->op, row->field,
                                  why == NULL ? "it cannot be read" : why->message);
        json_array_append_new(ops->ops, op);
        return true;
}

/* Puts a personal value where its commitment stands. */
static bool add_personal(OpenOps *ops, const SecretRow *row, GError **error)
{
        g_autoptr(GError) why = NULL;
        json_t *op, *attrs, *value;

        if (row->op < 0 || (size_t)row->op + 1 != json_array_size(ops->ops))
                return piece_fail(error, row->op, row->field, "a personal value belongs to no operation");
        op = json_array_get(ops->ops, (size_t)row->op);
        if (json_is_null(op))
                return true; /* the whole operation is erased, or not wanted */
        attrs = json_object_get(json_object_get(op, "set"), "attrs");
        if (json_object_get(json_object_get(attrs, row->field), "personal") == NULL)
                return piece_fail(error, row->op, row->field, "the operation has no such personal value");
        value = row->salt == NULL ? json_null() : jread_parse(row->bytes, row->n, &why);
        if (value == NULL)
                return piece_fail(error, row->op, row->field,
                                  why == NULL ? "it cannot be read" : why->message);
        json_object_set_new(attrs, row->field, value);
        return true;
}

/* Rows come by (op, field): the message, then each operation followed by its personal values. */
static bool add_piece(const SecretRow *row, void *payload, GError **error)
{
        OpenOps *ops = payload;

        if (row->op == -1) {
                if (row->field[0] != '\0')
                        return piece_fail(error, row->op, row->field, "a message has no attributes");
                if (row->salt != NULL)
                        ops->message = g_strndup(row->bytes == NULL ? "" : row->bytes, row->n);
                return true;
        }
        return row->field[0] == '\0' ? add_op(ops, row, error) : add_personal(ops, row, error);
}

bool ops_open(StoreView *view, int64_t log, Seq seq, StoreOpFn wanted, void *payload, OpenOps *ret_ops,
              GError **error)
{
        g_auto(OpenOps) ops = { .ops = json_array(), .wanted = wanted, .payload = payload };

        if (!view->backend->secret_read(view, log, seq, add_piece, &ops, error))
                return false;
        *ret_ops = ops;
        ops = (OpenOps){ 0 };
        return true;
}

void open_header_clear(OpenHeader *header)
{
        g_clear_pointer(&header->json, json_decref);
}

typedef struct {
        OpenHeader open;
        int64_t metamodel;
} HeaderFields;

/* A header is a flat list of commitments. One with more parts than that, from a file, could take many times its size when
 * parsed. */
static bool commas_check(const char *bytes, size_t n, GError **error)
{
        size_t commas = 0;

        for (const char *at = bytes; (at = memchr(at, ',', n - (size_t)(at - bytes))) != NULL; at++)
                commas++;
        if (n <= ZW_HEADER_BYTES_MAX && commas <= ZW_COMMIT_OPS_MAX + 64)
                return true;
        error_set(error, ZW_ERR_DAMAGED, NULL, "the header of a commit is larger than a header can be");
        return false;
}

bool header_open(const void *bytes, size_t n, OpenHeader *ret_header, GError **error)
{
        static const JReadField fields[] = {
                { "actor", JREAD_STRING, offsetof(HeaderFields, open.actor), true },
                { "editorial", JREAD_BOOL, offsetof(HeaderFields, open.editorial), true },
                { "format", JREAD_INT, offsetof(HeaderFields, open.format), true },
                { "log", JREAD_STRING, offsetof(HeaderFields, open.log), true },
                { "message", JREAD_STRING, offsetof(HeaderFields, open.message), true },
                { "metamodel", JREAD_INT, offsetof(HeaderFields, metamodel), true },
                { "ops", JREAD_ARRAY, offsetof(HeaderFields, open.ops), true },
                { "origin", JREAD_STRING, offsetof(HeaderFields, open.origin), true },
                { "parents", JREAD_ARRAY, offsetof(HeaderFields, open.parents), true },
                { "request", JREAD_STRING, offsetof(HeaderFields, open.request), false },
                { "seq", JREAD_INT, offsetof(HeaderFields, open.seq), true },
                { "time", JREAD_STRING, offsetof(HeaderFields, open.time), true },
                JREAD_END,
        };
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) json = NULL;
        HeaderFields header = { 0 };

        if (!commas_check(bytes, n, error))
                return false;
        json = jread_parse(bytes, n, &why);
        if (json == NULL || !jread_object(json, fields, &header, "", &why)) {
                error_set(error, ZW_ERR_DAMAGED, error_where(why), "the header of a commit: %s",
                          why->message);
                return false;
        }
        header.open.json = g_steal_pointer(&json);
        *ret_header = header.open;
        return true;
}
