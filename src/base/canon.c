#include "base/canon.h"

#include "base/error.h"
#include "base/jtext.h"

#include <stdint.h>
#include <string.h>

/* Beyond this a reader that keeps numbers as doubles would change them. */
#define CANON_INT_MAX ((json_int_t)9007199254740991)

typedef struct {
        const char *key;
        size_t n;
        json_t *value;
} Member;

static bool encode(const json_t *value, const JPlace *place, size_t depth, Out *out, GError **error);

static bool fail(GError **error, ZwErrorCode code, const JPlace *place, const char *message)
{
        g_autofree char *where = jplace_text(NULL, place);

        error_set(error, code, where, "%s", message);
        return false;
}

static bool encode_text(const char *text, size_t n, const JPlace *place, Out *out, GError **error)
{
        if (!utf8_valid(text, n))
                return fail(error, ZW_ERR_INPUT, place, "the text is not valid UTF-8");
        jtext_write(out, text, n);
        return true;
}

static int member_compare(gconstpointer a, gconstpointer b)
{
        const Member *left = a, *right = b;
        int order = memcmp(left->key, right->key, MIN(left->n, right->n));

        return order != 0 ? order : (left->n > right->n) - (left->n < right->n);
}

static Member *members_sorted(const json_t *object, size_t n)
{
        json_t *o = (json_t *)(uintptr_t)object; /* jansson's iterators take no const */
        Member *members = g_new(Member, n);
        void *iter = json_object_iter(o);

        for (size_t i = 0; i < n && iter != NULL; i++, iter = json_object_iter_next(o, iter))
                members[i] = (Member){ json_object_iter_key(iter), json_object_iter_key_len(iter),
                                       json_object_iter_value(iter) };
        if (n > 1)
                qsort(members, n, sizeof(Member), member_compare);
        return members;
}

static bool encode_object(const json_t *object, const JPlace *place, size_t depth, Out *out, GError **error)
{
        size_t n = json_object_size(object);
        g_autofree Member *members = members_sorted(object, n);

        out_char(out, '{');
        for (size_t i = 0; i < n; i++) {
                JPlace here = { place, members[i].key, members[i].n, 0 };

                if (i > 0)
                        out_char(out, ',');
                /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) ; jansson has as many members as it says */
                if (!encode_text(members[i].key, members[i].n, place, out, error))
                        return false;
                out_char(out, ':');
                if (!encode(members[i].value, &here, depth, out, error))
                        return false;
        }
        out_char(out, '}');
        return true;
}

static bool encode_array(const json_t *array, const JPlace *place, size_t depth, Out *out, GError **error)
{
        out_char(out, '[');
        for (size_t i = 0; i < json_array_size(array); i++) {
                JPlace here = { place, NULL, 0, i };

                if (i > 0)
                        out_char(out, ',');
                if (!encode(json_array_get(array, i), &here, depth, out, error))
                        return false;
        }
        out_char(out, ']');
        return true;
}

static bool encode_int(json_int_t value, const JPlace *place, Out *out, GError **error)
{
        if (value < -CANON_INT_MAX || value > CANON_INT_MAX)
                return fail(error, ZW_ERR_INPUT, place, "the integer is beyond 2^53 - 1; write it as a text");
        out_format(out, "%" JSON_INTEGER_FORMAT, value);
        return true;
}

static bool encode(const json_t *value, const JPlace *place, size_t depth, Out *out, GError **error)
{
        if (depth == ZW_JSON_DEPTH && (json_is_array(value) || json_is_object(value)))
                return fail(error, ZW_ERR_LIMIT, place, "arrays and objects lie more than 100 deep");

        switch (json_typeof(value)) {
        case JSON_OBJECT:
                return encode_object(value, place, depth + 1, out, error);
        case JSON_ARRAY:
                return encode_array(value, place, depth + 1, out, error);
        case JSON_STRING:
                return encode_text(json_string_value(value), json_string_length(value), place, out, error);
        case JSON_INTEGER:
                return encode_int(json_integer_value(value), place, out, error);
        case JSON_REAL:
                return fail(error, ZW_ERR_INPUT, place,
                            "a real number has no exact form; write it as a text");
        case JSON_TRUE:
                out_text(out, "true");
                return true;
        case JSON_FALSE:
                out_text(out, "false");
                return true;
        case JSON_NULL:
                break;
        }
        out_text(out, "null");
        return true;
}

bool canon_encode(const json_t *value, Out *out, GError **error)
{
        return encode(value, NULL, 0, out, error) && out_check(out, error);
}

GBytes *canon_bytes(const json_t *value, size_t max, GError **error)
{
        g_autoptr(Out) out = out_new(max);

        if (!canon_encode(value, out, error))
                return NULL;
        return out_steal(out, error);
}
