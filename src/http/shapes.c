#include "http/shapes.h"

#include "base/error.h"
#include "base/jtext.h"
#include "base/near.h"
#include "http/api_resource.h"
#include "http/route.h"

#include <string.h>

#define REF_PREFIX "#/components/schemas/"

struct Shapes {
        json_t *whole;
        const char *takes[ROUTE_COUNT], *gives[ROUTE_COUNT], *types[ROUTE_COUNT]; /* borrowed from `whole` */
        int status[ROUTE_COUNT];
};

const json_t *shapes_schemas(const Shapes *shapes)
{
        return json_object_get(shapes->whole, "schemas");
}

/* ---- by route ---- */

static size_t index_of(const Route *route)
{
        size_t n;

        return (size_t)(route - route_table(&n));
}

const char *shapes_takes(const Shapes *shapes, const Route *route)
{
        return shapes->takes[index_of(route)];
}

const char *shapes_gives(const Shapes *shapes, const Route *route)
{
        return shapes->gives[index_of(route)];
}

int shapes_status(const Shapes *shapes, const Route *route)
{
        return shapes->status[index_of(route)];
}

const char *shapes_type(const Shapes *shapes, const Route *route)
{
        return shapes->types[index_of(route)];
}

static void routes_bind(Shapes *shapes)
{
        const json_t *takes = json_object_get(shapes->whole, "takes"),
                     *gives = json_object_get(shapes->whole, "gives"),
                     *types = json_object_get(shapes->whole, "types"),
                     *status = json_object_get(shapes->whole, "status");
        size_t n;
        const Route *routes = route_table(&n);

        for (size_t i = 0; i < n; i++) {
                g_autofree char *name = g_strdup_printf("%s %s", method_name(routes[i].method),
                                                        routes[i].pattern);

                shapes->takes[i] = jread_get_string(takes, name);
                shapes->gives[i] = jread_get_string(gives, name);
                if (shapes->gives[i] == NULL && routes[i].usecase != NULL)
                        shapes->gives[i] = jread_get_string(gives, routes[i].usecase);
                shapes->types[i] = jread_get_string(types, name);
                if (shapes->types[i] == NULL)
                        shapes->types[i] = REPLY_JSON;
                shapes->status[i] = (int)jread_get_int(status, name, (routes[i].flags & CREATES) ? 201 : 200);
        }
}

Shapes *shapes_new(GError **error)
{
        g_autoptr(GBytes) file = g_resource_lookup_data(api_get_resource(), "/zonewright/api/shapes.json",
                                                        G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
        g_autoptr(Shapes) shapes = g_new0(Shapes, 1);

        if (file != NULL)
                shapes->whole = jread_parse(g_bytes_get_data(file, NULL), g_bytes_get_size(file), NULL);
        if (shapes->whole == NULL) {
                error_set(error, ZW_ERR_INTERNAL, "shapes.json", "the schemas were not compiled in");
                return NULL;
        }
        routes_bind(shapes);
        return g_steal_pointer(&shapes);
}

void shapes_free(Shapes *shapes)
{
        if (shapes == NULL)
                return;
        json_decref(shapes->whole);
        g_free(shapes);
}

/* ---- checking ---- */

static bool refuse(const JPlace *place, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool refuse(const JPlace *place, GError **error, const char *format, ...)
{
        g_autofree char *where = jplace_text("", place), *text = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        error_set(error, ZW_ERR_INPUT, where, "%s", text);
        return false;
}

static const char *type_of(const json_t *value)
{
        static const char *const names[] = {
                [JSON_OBJECT] = "object",   [JSON_ARRAY] = "array", [JSON_STRING] = "string",
                [JSON_INTEGER] = "integer", [JSON_REAL] = "number", [JSON_TRUE] = "boolean",
                [JSON_FALSE] = "boolean",   [JSON_NULL] = "null"
        };

        return names[json_typeof(value)];
}

static bool type_check(const json_t *schema, const json_t *value, const JPlace *place, GError **error)
{
        const json_t *type = json_object_get(schema, "type"), *one;
        g_autoptr(GString) wanted = g_string_new(NULL);
        size_t i;

        if (type == NULL || (json_is_string(type) && strcmp(json_string_value(type), type_of(value)) == 0))
                return true;
        if (json_is_string(type))
                g_string_append(wanted, json_string_value(type));
        json_array_foreach(type, i, one)
        {
                if (strcmp(json_string_value(one), type_of(value)) == 0)
                        return true;
                g_string_append_printf(wanted, "%s%s", i == 0 ? "" : " or ", json_string_value(one));
        }
        return refuse(place, error, "a value of type %s is expected, not %s", wanted->str, type_of(value));
}

static bool enum_check(const json_t *schema, const json_t *value, const JPlace *place, GError **error)
{
        const json_t *values = json_object_get(schema, "enum"), *one;
        g_autoptr(GString) names = g_string_new(NULL);
        size_t i;

        json_array_foreach(values, i, one)
        {
                if (json_equal(one, value))
                        return true;
                g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", json_string_value(one));
        }
        return values == NULL || refuse(place, error, "one of %s is expected", names->str);
}

/* A least and a most, of characters of a text, of entries of an array, or of a number. */
static bool bounds_check(const json_t *schema, const json_t *value, const JPlace *place, GError **error)
{
        const char *least_name = json_is_string(value)  ? "minLength"
                                 : json_is_array(value) ? "minItems"
                                                        : "minimum";
        const char *most_name = json_is_string(value)  ? "maxLength"
                                : json_is_array(value) ? "maxItems"
                                                       : "maximum";
        json_int_t n = json_is_string(value)  ? g_utf8_strlen(json_string_value(value), -1)
                       : json_is_array(value) ? (json_int_t)json_array_size(value)
                                              : json_integer_value(value);
        const char *what = json_is_string(value) ? " characters" : json_is_array(value) ? " entries" : "";

        if (n < jread_get_int(schema, least_name, n))
                return refuse(place, error, "at least %" G_GINT64_FORMAT "%s are expected",
                              jread_get_int(schema, least_name, 0), what);
        if (n > jread_get_int(schema, most_name, n))
                return refuse(place, error, "at most %" G_GINT64_FORMAT "%s are expected",
                              jread_get_int(schema, most_name, 0), what);
        return true;
}

static bool value_check(const Shapes *shapes, const json_t *schema, const json_t *value, const JPlace *place,
                        GError **error);

static bool unknown_refuse(const json_t *properties, const char *key, const JPlace *place, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        g_autofree char *near = NULL;
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)properties, name, value)
                g_ptr_array_add(names, (gpointer)(uintptr_t)name);
        near = near_names(key, (const char *const *)names->pdata, names->len);
        return refuse(place, error, "there is no member \"%s\" here%s", key, near);
}

static bool members_check(const Shapes *shapes, const json_t *schema, const json_t *value,
                          const JPlace *place, GError **error)
{
        const json_t *properties = json_object_get(schema, "properties"), *name;
        const char *key;
        json_t *member;
        size_t i;

        json_object_foreach((json_t *)(uintptr_t)value, key, member)
        {
                const JPlace inner = { place, key, strlen(key), 0 };
                const json_t *own = json_object_get(properties, key);

                if (own == NULL && json_is_false(json_object_get(schema, "additionalProperties")))
                        return unknown_refuse(properties, key, &inner, error);
                if (own != NULL && !value_check(shapes, own, member, &inner, error))
                        return false;
        }
        json_array_foreach(json_object_get(schema, "required"), i, name)
        {
                const char *text = json_string_value(name);
                const JPlace inner = { place, text, strlen(text), 0 };

                if (json_object_get(value, text) == NULL)
                        return refuse(&inner, error, "the member \"%s\" is missing", text);
        }
        return true;
}

static bool entries_check(const Shapes *shapes, const json_t *schema, const json_t *value,
                          const JPlace *place, GError **error)
{
        const json_t *items = json_object_get(schema, "items"), *entry;
        size_t i;

        json_array_foreach(value, i, entry)
        {
                const JPlace inner = { place, NULL, 0, i };

                if (items != NULL && !value_check(shapes, items, entry, &inner, error))
                        return false;
        }
        return true;
}

static bool value_check(const Shapes *shapes, const json_t *schema, const json_t *value, const JPlace *place,
                        GError **error)
{
        const char *ref = jread_get_string(schema, "$ref");

        if (ref != NULL)
                schema = json_object_get(shapes_schemas(shapes), ref + strlen(REF_PREFIX));
        return type_check(schema, value, place, error) && enum_check(schema, value, place, error) &&
               bounds_check(schema, value, place, error) &&
               (!json_is_object(value) || members_check(shapes, schema, value, place, error)) &&
               (!json_is_array(value) || entries_check(shapes, schema, value, place, error));
}

bool shapes_check(const Shapes *shapes, const char *name, const json_t *value, GError **error)
{
        return value_check(shapes, json_object_get(shapes_schemas(shapes), name), value, NULL, error);
}
