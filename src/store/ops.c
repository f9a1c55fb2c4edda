/* Operations from what is stored. */
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
