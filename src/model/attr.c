/* Checking attribute values against their definitions. */
#include "base/error.h"
#include "base/instant.h"
#include "base/near.h"
#include "model/metamodel_tables.h"
#include "model/sl.h"

#include <string.h>

enum { TEXT_MAX = 1 << 20, LIST_MAX = 10000 };

static bool check_text(const json_t *value, const char *where, GError **error)
{
        if (!json_is_string(value)) {
                error_set(error, ZW_ERR_METAMODEL, where, "a text is expected");
                return false;
        }
        if (json_string_length(value) > TEXT_MAX) {
                error_set(error, ZW_ERR_METAMODEL, where, "the text is longer than %d bytes", TEXT_MAX);
                return false;
        }
        return true;
}

static int value_number(const AttrDef *def, const char *name)
{
        for (size_t i = 0; i < def->n_values; i++)
                if (strcmp(def->values[i], name) == 0)
                        return (int)i;
        return -1;
}

static bool check_value_name(const AttrDef *def, const char *name, const char *where, GError **error)
{
        g_autofree char *near = NULL;

        if (value_number(def, name) >= 0)
                return true;
        near = near_names(name, def->values, def->n_values);
        error_set(error, ZW_ERR_METAMODEL, where, "\"%s\" is not a value of %s%s", name, def->name, near);
        return false;
}

static bool check_int(const AttrDef *def, const json_t *value, const char *where, GError **error)
{
        json_int_t number;

        if (!json_is_integer(value)) {
                error_set(error, ZW_ERR_METAMODEL, where, "%s takes an integer", def->name);
                return false;
        }
        number = json_integer_value(value);
        if (def->has_bounds && ((double)number < def->least || (double)number > def->most)) {
                error_set(error, ZW_ERR_METAMODEL, where, "%s takes %.0f to %.0f, not %" JSON_INTEGER_FORMAT,
                          def->name, def->least, def->most, number);
                return false;
        }
        return true;
}

static bool check_decimal(const AttrDef *def, const json_t *value, const char *where, GError **error)
{
        const char *text = json_string_value(value);
        char *end = NULL;
        double number;

        if (text == NULL || text[0] == '\0' || strspn(text, "+-.eE0123456789") != strlen(text)) {
                error_set(error, ZW_ERR_METAMODEL, where,
                          "%s takes a decimal number as text, such as \"0.015\"", def->name);
                return false;
        }
        number = g_ascii_strtod(text, &end);
        if (*end != '\0' || (def->has_bounds && !(number >= def->least && number <= def->most))) {
                error_set(error, ZW_ERR_METAMODEL, where,
                          "%s takes a decimal number from %g to %g, not \"%s\"", def->name, def->least,
                          def->most, text);
                return false;
        }
        return true;
}

static bool check_array(const AttrDef *def, const json_t *value, const char *where, GError **error)
{
        const json_t *element;
        size_t i;

        if (!json_is_array(value) || json_array_size(value) > LIST_MAX) {
                error_set(error, ZW_ERR_METAMODEL, where, "%s takes an array of at most %d entries",
                          def->name, LIST_MAX);
                return false;
        }
        json_array_foreach(value, i, element)
        {
                g_autofree char *at = g_strdup_printf("%s/%zu", where, i);

                if (def->type == ATTR_INTS ? !check_int(def, element, at, error)
                                           : !check_text(element, at, error))
                        return false;
                if (def->type == ATTR_ENUMS && !check_value_name(def, json_string_value(element), at, error))
                        return false;
                if (def->type == ATTR_LIST && def->n_values > 0 &&
                    !check_value_name(def, json_string_value(element), at, error))
                        return false;
                if (def->type == ATTR_ENUMS || def->type == ATTR_INTS)
                        for (size_t j = 0; j < i; j++)
                                if (json_equal(json_array_get(value, j), element)) {
                                        error_set(error, ZW_ERR_METAMODEL, at,
                                                  "%s names the same value twice", def->name);
                                        return false;
                                }
        }
        return true;
}

static bool check_object(const AttrDef *def, const json_t *value, const char *where, GError **error)
{
        const char *key;
        json_t *element;

        if (!json_is_object(value) || json_object_size(value) > LIST_MAX) {
                error_set(error, ZW_ERR_METAMODEL, where, "%s takes an object", def->name);
                return false;
        }
        json_object_foreach((json_t *)(uintptr_t)value, key, element)
        {
                g_autofree char *at = g_strdup_printf("%s/%s", where, key);

                if (def->type != ATTR_VERSIONS && !check_value_name(def, key, at, error))
                        return false;
                if (def->type == ATTR_ANSWERS && !json_is_boolean(element)) {
                        error_set(error, ZW_ERR_METAMODEL, at, "an answer is true or false");
                        return false;
                }
                if (def->type == ATTR_LEVELS && !check_int(def, element, at, error))
                        return false;
                if (def->type == ATTR_VERSIONS && !check_text(element, at, error))
                        return false;
        }
        return true;
}

static bool check_date(const AttrDef *def, const json_t *value, const char *where, GError **error)
{
        g_autoptr(GError) why = NULL;
        Instant t;

        if (!check_text(value, where, error))
                return false;
        if (!instant_parse(json_string_value(value), &t, &why)) {
                error_set(error, ZW_ERR_METAMODEL, where, "%s takes a date: %s", def->name, why->message);
                return false;
        }
        return true;
}

bool attr_check(const AttrDef *def, const json_t *value, const char *where, GError **error)
{
        SlVector vector;

        switch (def->type) {
        case ATTR_TEXT:
        case ATTR_REF:
                return check_text(value, where, error);
        case ATTR_ENUM:
                return check_text(value, where, error) &&
                       check_value_name(def, json_string_value(value), where, error);
        case ATTR_INT:
                return check_int(def, value, where, error);
        case ATTR_DECIMAL:
                return check_decimal(def, value, where, error);
        case ATTR_BOOL:
                if (!json_is_boolean(value))
                        error_set(error, ZW_ERR_METAMODEL, where, "%s takes true or false", def->name);
                return json_is_boolean(value);
        case ATTR_DATE:
                return check_date(def, value, where, error);
        case ATTR_ENUMS:
        case ATTR_LIST:
        case ATTR_INTS:
        case ATTR_REFS:
        case ATTR_KEYS:
                return check_array(def, value, where, error);
        case ATTR_VECTOR:
                return sl_vector_read(value, where, &vector, error);
        case ATTR_ANSWERS:
        case ATTR_LEVELS:
        case ATTR_VERSIONS:
                return check_object(def, value, where, error);
        }
        return false;
}

static void unknown_attribute(const char *owner, const char *name, const char *const *names, size_t n,
                              const char *where, GError **error)
{
        g_autofree char *near = near_names(name, names, n);

        error_set(error, ZW_ERR_METAMODEL, where, "%s has no attribute \"%s\"%s", owner, name, near);
}

bool attrs_check(KindId kind, const json_t *attrs, const char *where, GError **error)
{
        const char *name;
        json_t *value;

        if (!json_is_object(attrs)) {
                error_set(error, ZW_ERR_METAMODEL, where, "attributes are an object");
                return false;
        }
        json_object_foreach((json_t *)(uintptr_t)attrs, name, value)
        {
                const AttrDef *def = attr_find(kind, name);
                g_autofree char *at = g_strdup_printf("%s/%s", where, name);

                if (def == NULL) {
                        g_autoptr(GPtrArray) list = attr_list(kind);
                        g_autoptr(GPtrArray) names = g_ptr_array_new();

                        for (guint i = 0; i < list->len; i++)
                                g_ptr_array_add(names,
                                                (gpointer)(uintptr_t)((const AttrDef *)list->pdata[i])->name);
                        unknown_attribute(metamodel_kinds[kind].name, name, (const char *const *)names->pdata,
                                          names->len, at, error);
                        return false;
                }
                if (!json_is_null(value) && !attr_check(def, value, at, error))
                        return false;
        }
        return true;
}

bool link_attrs_check(LinkTypeId type, const json_t *attrs, const char *where, GError **error)
{
        const char *name;
        json_t *value;

        if (!json_is_object(attrs)) {
                error_set(error, ZW_ERR_METAMODEL, where, "attributes are an object");
                return false;
        }
        json_object_foreach((json_t *)(uintptr_t)attrs, name, value)
        {
                const AttrDef *def = link_attr_find(type, name);
                g_autofree char *at = g_strdup_printf("%s/%s", where, name);

                if (def == NULL) {
                        unknown_attribute(metamodel_link_types[type].name, name, NULL, 0, at, error);
                        return false;
                }
                if (!json_is_null(value) && !attr_check(def, value, at, error))
                        return false;
        }
        return true;
}

bool change_is_substantive(KindId kind, const json_t *set)
{
        const char *name;
        json_t *value;

        if (json_object_get(set, "title") != NULL || json_object_get(set, "body") != NULL)
                return true;
        json_object_foreach(json_object_get(set, "attrs"), name, value)
        {
                const AttrDef *def = attr_find(kind, name);

                if (def != NULL && (def->flags & ATTR_SUBSTANTIVE) != 0)
                        return true;
        }
        return false;
}
