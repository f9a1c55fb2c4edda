/* Checking attribute values against their definitions. Nothing is allocated unless a value is refused. */
#include "base/error.h"
#include "base/instant.h"
#include "base/jtext.h"
#include "base/near.h"
#include "model/catalogue.h"
#include "model/metamodel_tables.h"
#include "model/sl.h"

#include <math.h>
#include <string.h>

enum { SHOWN_MAX = 60 };

/* What is checked and where it lies: `base` is a JSON pointer, `place` the way down from it. */
typedef struct {
        const AttrDef *def;
        const char *base;
        const JPlace *place;
} Spot;

/* ---- what an attribute takes, in words ---- */

static void append_values(GString *text, const AttrDef *def)
{
        for (size_t i = 0; i < def->n_values; i++)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ", def->values[i]);
}

static void append_bounds(GString *text, const AttrDef *def)
{
        if (def->has_bounds)
                g_string_append_printf(text, " from %.15g to %.15g", def->least, def->most);
}

static char *rule_text(const AttrDef *def)
{
        static const char *const heads[] = {
                [ATTR_TEXT] = "a text",
                [ATTR_ENUM] = "one of ",
                [ATTR_ENUMS] = "an array of distinct values out of ",
                [ATTR_INT] = "an integer",
                [ATTR_DECIMAL] = "a decimal number written as text, such as \"0.5\",",
                [ATTR_BOOL] = "true or false",
                [ATTR_DATE] = "a date of the years 1900 to 9999, such as 2026-03-01 or 2026-03-01T10:00:00Z",
                [ATTR_LIST] = "an array of texts",
                [ATTR_INTS] = "an array of distinct integers",
                [ATTR_VECTOR] = "seven entries in FR order, each 0 to 4 or null",
                [ATTR_ANSWERS] = "an object of true or false for any of ",
                [ATTR_LEVELS] = "an object of integers",
                [ATTR_REF] = "a reference such as \"62443-3-3 SR 1.1\"",
                [ATTR_REFS] = "an array of catalogue references such as \"62443-3-3 SR 1.1\"",
                [ATTR_KEYS] = "an array of item keys",
                [ATTR_VERSIONS] = "an object of item keys with version texts",
                [ATTR_TEXTS] = "an object of texts",
        };
        static const AttrDef unbounded = { 0 };
        GString *text = g_string_new(heads[def->type]);

        append_bounds(text, def->type == ATTR_VECTOR ? &unbounded : def);
        if (def->type == ATTR_LEVELS)
                g_string_append(text, " for any of ");
        else if (def->type == ATTR_LIST && def->n_values > 0)
                g_string_append(text, " out of ");
        append_values(text, def);
        return g_string_free(text, FALSE);
}

static void refuse(const Spot *spot, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* `<attribute> takes <rule>` and the rest of the sentence. */
static void refuse(const Spot *spot, GError **error, const char *format, ...)
{
        g_autofree char *where = NULL, *rule = NULL, *rest = NULL;
        va_list args;

        if (error == NULL)
                return;
        va_start(args, format);
        rest = g_strdup_vprintf(format, args);
        va_end(args);
        where = jplace_text(spot->base, spot->place);
        rule = rule_text(spot->def);
        error_set(error, ZW_ERR_METAMODEL, where, "%s takes %s%s", spot->def->name, rule, rest);
}

static bool refuse_type(const Spot *spot, const json_t *value, GError **error)
{
        static const char *const names[] = {
                [JSON_OBJECT] = "an object",
                [JSON_ARRAY] = "an array",
                [JSON_STRING] = "a text",
                [JSON_INTEGER] = "a number",
                [JSON_REAL] = "a number with a fraction",
                [JSON_TRUE] = "true",
                [JSON_FALSE] = "false",
                [JSON_NULL] = "null",
        };

        refuse(spot, error, ", not %s", value == NULL ? "nothing" : names[json_typeof(value)]);
        return false;
}

/* A text of the input, short enough for a message. Free it. */
static char *shown(const char *text, size_t n)
{
        return g_strdup_printf("%.*s%s", (int)utf8_prefix(text, MIN(n, (size_t)SHOWN_MAX)), text,
                               n > SHOWN_MAX ? "..." : "");
}

static bool refuse_text(const Spot *spot, const char *text, size_t n, const char *const *names,
                        size_t n_names, GError **error)
{
        g_autofree char *given = shown(text, n), *near = near_names(text, names, n_names);

        refuse(spot, error, ", not \"%s\"%s", given, near);
        return false;
}

/* ---- single values ---- */

static bool check_size(const Spot *spot, size_t bytes, GError **error)
{
        if (bytes <= ZW_ATTR_BYTES_MAX)
                return true;
        refuse(spot, error, " of at most %d bytes", ZW_ATTR_BYTES_MAX);
        return false;
}

static bool check_text(const Spot *spot, const json_t *value, GError **error)
{
        if (!json_is_string(value))
                return refuse_type(spot, value, error);
        if (strlen(json_string_value(value)) == json_string_length(value))
                return check_size(spot, json_string_length(value), error);
        refuse(spot, error, " without NUL");
        return false;
}

/* The name of a value; a key may hold a NUL, which cannot hide what follows it. */
static bool check_name(const Spot *spot, const char *name, size_t n, GError **error)
{
        const AttrDef *def = spot->def;

        for (size_t i = 0; i < def->n_values; i++)
                if (strlen(def->values[i]) == n && memcmp(def->values[i], name, n) == 0)
                        return true;
        return refuse_text(spot, name, n, def->values, def->n_values, error);
}

static bool check_value(const Spot *spot, const json_t *value, GError **error)
{
        return check_text(spot, value, error) &&
               check_name(spot, json_string_value(value), json_string_length(value), error);
}

static bool check_int(const Spot *spot, const json_t *value, GError **error)
{
        const AttrDef *def = spot->def;
        json_int_t number = json_integer_value(value);

        if (!json_is_integer(value))
                return refuse_type(spot, value, error);
        if (!def->has_bounds || ((double)number >= def->least && (double)number <= def->most))
                return true;
        refuse(spot, error, ", not %" JSON_INTEGER_FORMAT, number);
        return false;
}

/* -12.5e-3, without what g_ascii_strtod takes beyond it: blanks, hexadecimal, infinity. */
static bool is_decimal(const char *p)
{
        const size_t sign = *p == '-' ? 1 : 0, whole = strspn(p + sign, "0123456789");

        p += sign + whole;
        if (whole == 0)
                return false;
        if (*p == '.') {
                size_t digits = strspn(p + 1, "0123456789");

                if (digits == 0)
                        return false;
                p += 1 + digits;
        }
        if (*p == 'e' || *p == 'E') {
                size_t digits;

                p += p[1] == '-' || p[1] == '+' ? 2 : 1;
                digits = strspn(p, "0123456789");
                if (digits == 0)
                        return false;
                p += digits;
        }
        return *p == '\0';
}

static bool check_decimal(const Spot *spot, const json_t *value, GError **error)
{
        const char *text = json_string_value(value);
        double number;

        if (!check_text(spot, value, error))
                return false;
        number = is_decimal(text) ? g_ascii_strtod(text, NULL) : (double)NAN;
        if (number >= spot->def->least && number <= spot->def->most)
                return true;
        return refuse_text(spot, text, json_string_length(value), NULL, 0, error);
}

static bool check_bool(const Spot *spot, const json_t *value, GError **error)
{
        return json_is_boolean(value) ? true : refuse_type(spot, value, error);
}

static bool check_date(const Spot *spot, const json_t *value, GError **error)
{
        Instant t;

        if (!check_text(spot, value, error))
                return false;
        if (instant_parse(json_string_value(value), &t, NULL))
                return true;
        return refuse_text(spot, json_string_value(value), json_string_length(value), NULL, 0, error);
}

static bool check_vector(const Spot *spot, const json_t *value, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autofree char *base = NULL, *where = NULL;
        SlVector vector;

        if (sl_vector_read(value, "", &vector, &why))
                return true;
        base = jplace_text(spot->base, spot->place);
        where = g_strconcat(base, error_where(why), NULL);
        error_set(error, ZW_ERR_METAMODEL, where, "%s: %s", spot->def->name, why->message);
        return false;
}

static bool check_row(const Spot *spot, const json_t *value, GError **error)
{
        g_autoptr(GPtrArray) refs = NULL;

        if (!check_text(spot, value, error))
                return false;
        if (catalogue_find(json_string_value(value)) != ZW_ROW_NONE)
                return true;
        refs = g_ptr_array_new_with_free_func(g_free);
        for (size_t row = 0; row < catalogue_count(); row++)
                g_ptr_array_add(refs, catalogue_ref((RowId)row));
        return refuse_text(spot, json_string_value(value), json_string_length(value),
                           (const char *const *)refs->pdata, refs->len, error);
}

/* ---- arrays and objects ---- */

static bool check_element(const Spot *spot, const json_t *value, GError **error)
{
        switch (spot->def->type) {
        case ATTR_INTS:
        case ATTR_LEVELS:
                return check_int(spot, value, error);
        case ATTR_ANSWERS:
                return check_bool(spot, value, error);
        case ATTR_REFS:
                return check_row(spot, value, error);
        default:
                return spot->def->n_values > 0 ? check_value(spot, value, error)
                                               : check_text(spot, value, error);
        }
}

/* Sets of values and integers are short once each entry is known to be one of at most 32, so this is not quadratic. */
static bool check_distinct(const Spot *spot, const json_t *array, size_t i, GError **error)
{
        if (spot->def->type != ATTR_ENUMS && spot->def->type != ATTR_INTS)
                return true;
        for (size_t j = 0; j < i; j++)
                if (json_equal(json_array_get(array, j), json_array_get(array, i))) {
                        refuse(spot, error, ", and entry %zu is the same", j);
                        return false;
                }
        return true;
}

static bool check_entries(const Spot *spot, size_t n, GError **error)
{
        if (n <= ZW_ATTR_ENTRIES_MAX)
                return true;
        refuse(spot, error, ", at most %d of them", ZW_ATTR_ENTRIES_MAX);
        return false;
}

static bool check_array(const Spot *spot, const json_t *value, GError **error)
{
        const json_t *element;
        size_t i, bytes = 0;

        if (!json_is_array(value))
                return refuse_type(spot, value, error);
        if (!check_entries(spot, json_array_size(value), error))
                return false;
        json_array_foreach(value, i, element)
        {
                const JPlace place = { spot->place, NULL, 0, i };
                const Spot here = { spot->def, spot->base, &place };

                if (!check_element(&here, element, error) || !check_distinct(&here, value, i, error))
                        return false;
                bytes += json_string_length(element);
                if (!check_size(spot, bytes, error))
                        return false;
        }
        return true;
}

static bool check_object(const Spot *spot, const json_t *value, GError **error)
{
        json_t *object = (json_t *)(uintptr_t)value; /* jansson's iterators take no const */
        size_t bytes = 0;

        if (!json_is_object(value))
                return refuse_type(spot, value, error);
        if (!check_entries(spot, json_object_size(value), error))
                return false;
        for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
                const JPlace place = { spot->place, json_object_iter_key(at), json_object_iter_key_len(at),
                                       0 };
                const Spot here = { spot->def, spot->base, &place };
                const json_t *element = json_object_iter_value(at);

                if (spot->def->n_values > 0 && !check_name(&here, place.key, place.key_n, error))
                        return false;
                if (!(spot->def->n_values > 0 ? check_element(&here, element, error)
                                              : check_text(&here, element, error)))
                        return false;
                bytes += place.key_n + json_string_length(element);
                if (!check_size(spot, bytes, error))
                        return false;
        }
        return true;
}

static bool check(const Spot *spot, const json_t *value, GError **error)
{
        switch (spot->def->type) {
        case ATTR_TEXT:
        case ATTR_REF:
                return check_text(spot, value, error);
        case ATTR_ENUM:
                return check_value(spot, value, error);
        case ATTR_INT:
                return check_int(spot, value, error);
        case ATTR_DECIMAL:
                return check_decimal(spot, value, error);
        case ATTR_BOOL:
                return check_bool(spot, value, error);
        case ATTR_DATE:
                return check_date(spot, value, error);
        case ATTR_VECTOR:
                return check_vector(spot, value, error);
        case ATTR_ENUMS:
        case ATTR_LIST:
        case ATTR_INTS:
        case ATTR_REFS:
        case ATTR_KEYS:
                return check_array(spot, value, error);
        case ATTR_ANSWERS:
        case ATTR_LEVELS:
        case ATTR_VERSIONS:
        case ATTR_TEXTS:
                return check_object(spot, value, error);
        }
        return false;
}

bool attr_check(const AttrDef *def, const json_t *value, const char *where, GError **error)
{
        const Spot spot = { def, where, NULL };

        return check(&spot, value, error);
}

/* ---- all attributes of an item or a link ---- */

static void refuse_unknown(const char *owner, const JPlace *place, GPtrArray *names, const char *base,
                           GError **error)
{
        g_autofree char *where = jplace_text(base, place), *given = shown(place->key, place->key_n);
        g_autofree char *near = near_names(place->key, (const char *const *)names->pdata, names->len);

        error_set(error, ZW_ERR_METAMODEL, where, "%s has no attribute \"%s\"%s", owner, given, near);
}

static void unknown_of_kind(KindId kind, const JPlace *place, const char *base, GError **error)
{
        g_autoptr(GPtrArray) names = attr_list(kind);

        for (guint i = 0; i < names->len; i++)
                names->pdata[i] = (gpointer)(uintptr_t)((const AttrDef *)names->pdata[i])->name;
        refuse_unknown(metamodel_kinds[kind].name, place, names, base, error);
}

static void unknown_of_link(LinkTypeId type, const JPlace *place, const char *base, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new();

        for (size_t i = 0; i < metamodel_n_link_attributes; i++)
                if (metamodel_link_attribute_types[i] == type)
                        g_ptr_array_add(names, (gpointer)(uintptr_t)metamodel_link_attributes[i].name);
        refuse_unknown(metamodel_link_types[type].name, place, names, base, error);
}

/* The definition of a name, all of it: look-ups stop at a NUL. */
static const AttrDef *find(bool is_link, int owner, const JPlace *place)
{
        const AttrDef *def = is_link ? link_attr_find((LinkTypeId)owner, place->key)
                                     : attr_find((KindId)owner, place->key);

        return def != NULL && strlen(def->name) == place->key_n ? def : NULL;
}

static bool check_all(bool is_link, int owner, const json_t *attrs, const char *base, GError **error)
{
        json_t *object = (json_t *)(uintptr_t)attrs;

        if (!json_is_object(attrs)) {
                error_set(error, ZW_ERR_METAMODEL, base, "attributes are an object of names and values");
                return false;
        }
        for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
                const JPlace place = { NULL, json_object_iter_key(at), json_object_iter_key_len(at), 0 };
                const Spot spot = { find(is_link, owner, &place), base, &place };
                const json_t *value = json_object_iter_value(at);

                if (spot.def == NULL && is_link)
                        unknown_of_link((LinkTypeId)owner, &place, base, error);
                else if (spot.def == NULL)
                        unknown_of_kind((KindId)owner, &place, base, error);
                if (spot.def == NULL || (!json_is_null(value) && !check(&spot, value, error)))
                        return false;
        }
        return true;
}

bool attrs_check(KindId kind, const json_t *attrs, const char *where, GError **error)
{
        return check_all(false, (int)kind, attrs, where, error);
}

bool link_attrs_check(LinkTypeId type, const json_t *attrs, const char *where, GError **error)
{
        return check_all(true, (int)type, attrs, where, error);
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
