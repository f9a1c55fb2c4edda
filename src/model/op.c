#include "model/op.h"

#include "base/canon.h"
#include "base/error.h"
#include "base/jread.h"
#include <string.h>

static const char *const origin_names[] = { "ui", "api", "cli", "import" };

const char *origin_name(Origin origin)
{
        return origin_names[origin];
}

bool origin_find(const char *name, Origin *ret_origin)
{
        for (size_t i = 0; i < G_N_ELEMENTS(origin_names); i++)
                if (strcmp(origin_names[i], name) == 0) {
                        *ret_origin = (Origin)i;
                        return true;
                }
        return false;
}

void secret_free(Secret *secret)
{
        if (secret == NULL)
                return;
        g_free(secret->field);
        g_clear_pointer(&secret->bytes, g_bytes_unref);
        g_free(secret);
}

Digest commitment(const uint8_t salt[ZW_SALT_BYTES], const void *bytes, size_t n)
{
        g_autoptr(HashState) state = hash_new();
        const uint8_t tag = 0x02;

        hash_update(state, &tag, 1);
        hash_update(state, salt, ZW_SALT_BYTES);
        hash_update(state, bytes, n);
        return hash_finish(state);
}

static json_t *digest_json(const Digest *digest)
{
        char text[ZW_DIGEST_HEX];

        hex_encode(digest->b, ZW_DIGEST_BYTES, text);
        return json_string(text);
}

static json_t *id_json(const Id *id)
{
        char text[ZW_ID_HEX];

        hex_encode(id->b, ZW_ID_BYTES, text);
        return json_string(text);
}

GBytes *commit_header_encode(const CommitHeader *header, GError **error)
{
        g_autoptr(Json) parents = json_array();
        g_autoptr(Json) ops = json_array();
        g_autoptr(Json) object = NULL;
        char time[ZW_INSTANT_TEXT];

        for (int i = 0; i < header->n_parents; i++)
                json_array_append_new(parents, digest_json(&header->parents[i]));
        for (size_t i = 0; i < header->n_ops; i++)
                json_array_append_new(ops, digest_json(&header->ops[i]));
        instant_format(header->time, time);
        object = json_pack("{s:o, s:b, s:i, s:o, s:o, s:i, s:O, s:s, s:O, s:I, s:s}", "actor",
                           id_json(&header->actor), "editorial", header->editorial, "format",
                           (int)ZW_LOG_FORMAT, "log", id_json(&header->log), "message",
                           digest_json(&header->message), "metamodel", header->metamodel, "ops", ops,
                           "origin", origin_name(header->origin), "parents", parents, "seq",
                           (json_int_t)header->seq, "time", time);
        if (header->request != NULL)
                json_object_set_new(object, "request", json_string(header->request));
        return canon_bytes(object, ZW_OP_BYTES_MAX, error);
}

Digest commit_hash(GBytes *header)
{
        g_autoptr(HashState) state = hash_new();
        const uint8_t tag = 0x00;
        size_t n;
        const void *bytes = g_bytes_get_data(header, &n);

        hash_update(state, &tag, 1);
        hash_update(state, bytes, n);
        return hash_finish(state);
}

static Secret *secret_new(int op, const char *field, GBytes *bytes)
{
        Secret *secret = g_new0(Secret, 1);

        secret->op = op;
        secret->field = g_strdup(field);
        secret->bytes = bytes;
        random_bytes(secret->salt, sizeof secret->salt);
        return secret;
}

/* Takes the personal attributes out of `attrs`, which becomes what stands in the operation. */
static bool seal_personal(json_t *attrs, KindId kind, int n, GPtrArray *secrets, GError **error)
{
        const char *name;
        json_t *value;
        void *next;

        json_object_foreach_safe(attrs, next, name, value)
        {
                const AttrDef *def = attr_find(kind, name);
                GBytes *bytes;
                Secret *secret;
                Digest digest;

                if (def == NULL || (def->flags & ATTR_PERSONAL) == 0 || json_is_null(value))
                        continue;
                bytes = canon_bytes(value, ZW_OP_BYTES_MAX, error);
                if (bytes == NULL)
                        return false;
                secret = secret_new(n, name, bytes);
                g_ptr_array_add(secrets, secret);
                digest = commitment(secret->salt, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
                json_object_set_new(attrs, name, json_pack("{s:o}", "personal", digest_json(&digest)));
        }
        return true;
}

bool op_seal(const json_t *op, KindId kind, int n, GPtrArray *secrets, GError **error)
{
        g_autoptr(Json) copy = json_deep_copy(op);
        json_t *attrs = json_object_get(json_object_get(copy, "set"), "attrs");
        GBytes *bytes;

        if (attrs != NULL && !seal_personal(attrs, kind, n, secrets, error))
                return false;
        bytes = canon_bytes(copy, ZW_OP_BYTES_MAX, error);
        if (bytes == NULL)
                return false;
        g_ptr_array_add(secrets, secret_new(n, "", bytes));
        return true;
}
