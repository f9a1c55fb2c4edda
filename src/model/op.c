#include "model/op.h"

#include "base/canon.h"
#include "base/error.h"
#include "base/jread.h"
#include "base/jtext.h"
#include "base/jwrite.h"
#include <string.h>

#define ZW_SEQ_LAST ((uint64_t)9007199254740991) /* 2^53 - 1: the greatest integer of canonical JSON */

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
        const uint8_t tag = 0x02;
        const HashPart parts[] = { { &tag, 1 }, { salt, ZW_SALT_BYTES }, { bytes, n } };

        return hash_parts(parts, G_N_ELEMENTS(parts));
}

static void write_hex(JWrite *w, const uint8_t *bytes, size_t n)
{
        char text[ZW_DIGEST_HEX];

        hex_encode(bytes, n, text);
        jwrite_string(w, text);
}

static void write_digests(JWrite *w, const Digest *digests, size_t n)
{
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++)
                write_hex(w, digests[i].b, ZW_DIGEST_BYTES);
        jwrite_array_end(w);
}

/* An instant that its text does not give back would be hashed as another one. */
static bool time_has_text(Instant time)
{
        char text[ZW_INSTANT_TEXT];
        Instant again;

        instant_format(time, text);
        return instant_parse(text, &again, NULL) && again == time;
}

static bool header_check(const CommitHeader *header, GError **error)
{
        const char *request = header->request, *why = NULL;

        if (header->seq < 1 || header->seq > ZW_SEQ_LAST)
                why = "seq is from 1 to 2^53 - 1";
        else if (header->n_parents < 0 || header->n_parents > 2 ||
                 (header->seq > 1 && header->n_parents == 0))
                why = "a commit has at most two parents, and one at least when it is not the first";
        else if (!time_has_text(header->time))
                why = "the time is not in the years 1900 to 9999";
        else if (header->metamodel < 1 || header->n_ops == 0)
                why = "a commit has a metamodel from 1 and at least one operation";
        else if (request != NULL && (request[0] == '\0' || !utf8_valid(request, strlen(request))))
                why = "the request id is empty or not UTF-8";
        if (why != NULL)
                error_set(error, ZW_ERR_INPUT, NULL, "%s", why);
        return why == NULL;
}

/* Members in the order of their names: this is the canonical form, written straight. */
GBytes *commit_header_encode(const CommitHeader *header, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_HEADER_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        char time[ZW_INSTANT_TEXT];

        if (!header_check(header, error))
                return NULL;
        instant_format(header->time, time);
        jwrite_object_begin(w);
        jwrite_key(w, "actor");
        write_hex(w, header->actor.b, ZW_ID_BYTES);
        jwrite_key_bool(w, "editorial", header->editorial);
        jwrite_key_int(w, "format", ZW_LOG_FORMAT);
        jwrite_key(w, "log");
        write_hex(w, header->log.b, ZW_ID_BYTES);
        jwrite_key(w, "message");
        write_hex(w, header->message.b, ZW_DIGEST_BYTES);
        jwrite_key_int(w, "metamodel", header->metamodel);
        jwrite_key(w, "ops");
        write_digests(w, header->ops, header->n_ops);
        jwrite_key_string(w, "origin", origin_name(header->origin));
        jwrite_key(w, "parents");
        write_digests(w, header->parents, (size_t)header->n_parents);
        if (header->request != NULL)
                jwrite_key_string(w, "request", header->request);
        jwrite_key_int(w, "seq", (int64_t)header->seq);
        jwrite_key_string(w, "time", time);
        jwrite_object_end(w);
        return out_steal(out, error);
}

Digest commit_hash(GBytes *header)
{
        const uint8_t tag = 0x00;
        const HashPart parts[] = { { &tag, 1 },
                                   { g_bytes_get_data(header, NULL), g_bytes_get_size(header) } };

        return hash_parts(parts, G_N_ELEMENTS(parts));
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

/* ---- Sealing ---- */

static bool refuse(GError **error, const JPlace *place, const char *message)
{
        g_autofree char *where = jplace_text(NULL, place);

        error_set(error, ZW_ERR_INPUT, where, "%s", message);
        return false;
}

static bool is_commitment(const json_t *value)
{
        const char *text = json_object_size(value) == 1 ? jread_get_string(value, "personal") : NULL;
        Digest digest;

        return text != NULL && hex_decode(text, digest.b, ZW_DIGEST_BYTES, NULL);
}

/* What could be hashed but not read back, or be read back as something else. Nesting that is too deep is left to the
 * encoder. */
static bool check_value(json_t *value, const JPlace *place, size_t depth, GError **error)
{
        size_t n = json_is_string(value) ? json_string_length(value) : 0;
        void *at;

        if (memchr(n == 0 ? "" : json_string_value(value), '\0', n) != NULL)
                return refuse(error, place, "a text of an operation has no NUL");
        if (is_commitment(value))
                return refuse(error, place, "this is the form of a personal value that was taken out");
        if (depth == ZW_JSON_DEPTH)
                return true;
        for (size_t i = 0; i < json_array_size(value); i++) {
                JPlace here = { place, NULL, 0, i };

                if (!check_value(json_array_get(value, i), &here, depth + 1, error))
                        return false;
        }
        for (at = json_object_iter(value); at != NULL; at = json_object_iter_next(value, at)) {
                JPlace here = { place, json_object_iter_key(at), json_object_iter_key_len(at), 0 };

                if (memchr(here.key, '\0', here.key_n) != NULL)
                        return refuse(error, place, "a name in an operation has no NUL");
                if (!check_value(json_object_iter_value(at), &here, depth + 1, error))
                        return false;
        }
        return true;
}

/* Takes the personal values out of the attributes, in which their commitments then stand. */
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
                char hex[ZW_DIGEST_HEX];

                if (def == NULL || (def->flags & ATTR_PERSONAL) == 0 || json_is_null(value))
                        continue;
                bytes = canon_bytes(value, ZW_OP_BYTES_MAX, error);
                if (bytes == NULL)
                        return false;
                secret = secret_new(n, name, bytes);
                g_ptr_array_add(secrets, secret);
                digest = commitment(secret->salt, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
                hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
                json_object_set_new(attrs, name, json_pack("{s:s}", "personal", hex));
        }
        return true;
}

/* The operation with copies of the objects that sealing changes. */
static json_t *copy_to_attrs(const json_t *op, json_t **ret_attrs)
{
        json_t *copy = json_copy((json_t *)(uintptr_t)op); /* jansson's json_copy takes no const */
        json_t *set = json_copy(json_object_get(copy, "set"));
        json_t *attrs = json_copy(json_object_get(set, "attrs"));

        if (attrs != NULL)
                json_object_set_new(set, "attrs", attrs);
        if (set != NULL)
                json_object_set_new(copy, "set", set);
        *ret_attrs = attrs;
        return copy;
}

static bool seal(const json_t *op, KindId kind, int n, GPtrArray *secrets, GError **error)
{
        g_autoptr(Json) copy = NULL;
        json_t *attrs;
        GBytes *bytes;

        if (!check_value((json_t *)(uintptr_t)op, NULL, 0, error))
                return false;
        copy = copy_to_attrs(op, &attrs);
        if (!seal_personal(attrs, kind, n, secrets, error))
                return false;
        bytes = canon_bytes(copy, ZW_OP_BYTES_MAX, error);
        if (bytes == NULL)
                return false;
        g_ptr_array_add(secrets, secret_new(n, "", bytes));
        return true;
}

bool op_seal(const json_t *op, KindId kind, int n, GPtrArray *secrets, GError **error)
{
        guint before = secrets->len;

        if (!json_is_object(op))
                return refuse(error, NULL, "an operation is an object");
        if (seal(op, kind, n, secrets, error))
                return true;
        g_ptr_array_set_size(secrets, (int)before);
        return false;
}
