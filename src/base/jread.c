#include "base/jread.h"

#include "base/error.h"
#include "base/jtext.h"
#include "base/near.h"

#include <stdint.h>
#include <string.h>

/* Nesting is counted before parsing, so that the parser never recurses deeper. False: too deep, at *ret_at.
 * */
static bool depth_check(const char *text, size_t n, size_t *ret_at)
{
        size_t depth = 0;
        bool in_string = false;

        for (size_t i = 0; i < n; i++) {
                char c = text[i];

                if (in_string) {
                        if (c == '\\')
                                i++;
                        else if (c == '"')
                                in_string = false;
                } else if (c == '"') {
                        in_string = true;
                } else if (c == '[' || c == '{') {
                        if (++depth > ZW_JSON_DEPTH) {
                                *ret_at = i;
                                return false;
                        }
                } else if ((c == ']' || c == '}') && depth > 0) {
                        depth--;
                }
        }
        return true;
}

/* Columns count characters, as jansson's do. */
static void set_error_at(GError **error, ZwErrorCode code, const char *text, size_t at, const char *message)
{
        g_autofree char *where = NULL;
        size_t line = 1, column = 1;

        for (size_t i = 0; i < at; i++) {
                if (text[i] == '\n') {
                        line++;
                        column = 1;
                } else if (((unsigned char)text[i] & 0xc0) != 0x80) {
                        column++;
                }
        }
        where = g_strdup_printf("line %zu, column %zu", line, column);
        error_set(error, code, where, "%s", message);
}

static void set_error_parse(GError **error, const json_error_t *parse)
{
        g_autofree char *where = g_strdup_printf("line %d, column %d", MAX(parse->line, 1),
                                                 MAX(parse->column, 1));
        g_autofree char *message = g_utf8_make_valid(parse->text, -1); /* it may quote input, cut anywhere */
        const enum json_error_code code = json_error_code(parse);

        if (code == json_error_null_character || code == json_error_null_byte_in_key)
                error_set(error, ZW_ERR_INPUT, where, "a text has no NUL (\\u0000)");
        else
                error_set(error, ZW_ERR_INPUT, where, "not valid JSON: %s", message);
}

json_t *jread_parse(const char *text, size_t n, GError **error)
{
        json_error_t parse;
        json_t *value;
        size_t at = utf8_prefix(text, n);

        if (at < n) {
                set_error_at(error, ZW_ERR_ENCODING, text, at, "the text is not valid UTF-8");
                return NULL;
        }
        if (!depth_check(text, n, &at)) {
                set_error_at(error, ZW_ERR_LIMIT, text, at, "arrays and objects lie more than 100 deep");
                return NULL;
        }

        value = json_loadb(n > 0 ? text : "", n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &parse);
        if (value == NULL)
                set_error_parse(error, &parse);
        return value;
}

static const char *type_name(const json_t *value)
{
        switch (json_typeof(value)) {
        case JSON_OBJECT:
                return "an object";
        case JSON_ARRAY:
                return "an array";
        case JSON_STRING:
                return "a text";
        case JSON_INTEGER:
                return "an integer";
        case JSON_REAL:
                return "a decimal number";
        case JSON_TRUE:
        case JSON_FALSE:
                return "true or false";
        case JSON_NULL:
                break;
        }
        return "null";
}

/* What a field of the type must be; NULL when `value` is that. */
static const char *type_wanted(JReadType type, const json_t *value)
{
        switch (type) {
        case JREAD_STRING:
                return json_is_string(value) ? NULL : "a text";
        case JREAD_INT:
                return json_is_integer(value) ? NULL : "an integer";
        case JREAD_BOOL:
                return json_is_boolean(value) ? NULL : "true or false";
        case JREAD_OBJECT:
                return json_is_object(value) ? NULL : "an object";
        case JREAD_ARRAY:
                return json_is_array(value) ? NULL : "an array";
        case JREAD_JSON:
                break;
        }
        return NULL;
}

static bool fail_unknown(const JReadField *fields, const char *where, const char *key, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autofree char *hint = NULL;

        for (const JReadField *field = fields; field->name != NULL; field++)
                g_ptr_array_add(names, (gpointer)(uintptr_t)field->name);
        hint = near_names(key, (const char *const *)names->pdata, names->len);
        error_set(error, ZW_ERR_INPUT, where, "there is no field \"%s\"%s", key, hint);
        return false;
}

static bool check_member(const JReadField *fields, const char *key, const json_t *value, const char *where,
                         GError **error)
{
        const JReadField *field = fields;
        const char *wanted;

        while (field->name != NULL && strcmp(field->name, key) != 0)
                field++;
        if (field->name == NULL)
                return fail_unknown(fields, where, key, error);

        wanted = type_wanted(field->type, value);
        if (wanted != NULL) {
                JPlace place = { NULL, key, strlen(key), 0 };
                g_autofree char *here = jplace_text(where, &place);

                error_set(error, ZW_ERR_INPUT, here, "must be %s, not %s", wanted, type_name(value));
                return false;
        }
        return true;
}

static void member_fill(const JReadField *field, json_t *value, void *ret_struct)
{
        void *member = (char *)ret_struct + field->offset;

        switch (field->type) {
        case JREAD_STRING:
                *(const char **)member = json_string_value(value);
                break;
        case JREAD_INT:
                *(int64_t *)member = json_integer_value(value);
                break;
        case JREAD_BOOL:
                *(bool *)member = json_is_true(value);
                break;
        case JREAD_JSON:
        case JREAD_OBJECT:
        case JREAD_ARRAY:
                *(json_t **)member = value;
                break;
        }
}

bool jread_object(const json_t *object, const JReadField *fields, void *ret_struct, const char *where,
                  GError **error)
{
        json_t *o = (json_t *)(uintptr_t)object; /* jansson's iterators take no const */

        if (!json_is_object(object)) {
                error_set(error, ZW_ERR_INPUT, where, "must be an object, not %s",
                          object != NULL ? type_name(object) : "absent");
                return false;
        }
        for (void *iter = json_object_iter(o); iter != NULL; iter = json_object_iter_next(o, iter))
                if (!check_member(fields, json_object_iter_key(iter), json_object_iter_value(iter), where,
                                  error))
                        return false;
        for (const JReadField *field = fields; field->name != NULL; field++) {
                if (field->required && json_object_get(object, field->name) == NULL) {
                        error_set(error, ZW_ERR_INPUT, where, "the field \"%s\" is missing", field->name);
                        return false;
                }
        }

        for (const JReadField *field = fields; field->name != NULL; field++) {
                json_t *value = json_object_get(object, field->name);

                if (value != NULL)
                        member_fill(field, value, ret_struct);
        }
        return true;
}

const char *jread_get_string(const json_t *object, const char *key)
{
        return json_string_value(json_object_get(object, key));
}

int64_t jread_get_int(const json_t *object, const char *key, int64_t fallback)
{
        const json_t *value = json_object_get(object, key);

        return json_is_integer(value) ? json_integer_value(value) : fallback;
}

bool jread_get_bool(const json_t *object, const char *key, bool fallback)
{
        const json_t *value = json_object_get(object, key);

        return json_is_boolean(value) ? json_is_true(value) : fallback;
}
