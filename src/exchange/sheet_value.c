#include "exchange/sheet_value.h"

json_t *sheet_split(const char *text)
{
        g_auto(GStrv) parts = g_strsplit_set(text, ",;\n\r", -1);
        json_t *list = json_array();

        for (char **part = parts; *part != NULL; part++)
                if (*g_strstrip(*part) != '\0')
                        json_array_append_new(list, json_string(*part));
        return list;
}

/* A whole number, or the text as it is, which no attribute of numbers takes. */
static json_t *number_new(const char *text)
{
        gint64 number;

        return g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL)
                       ? json_integer(number)
                       : json_string(text);
}

static json_t *numbers_new(const char *text)
{
        g_autoptr(Json) parts = sheet_split(text);
        json_t *numbers = json_array(), *part;
        size_t i;

        json_array_foreach(parts, i, part)
                json_array_append_new(numbers, number_new(json_string_value(part)));
        return numbers;
}

static json_t *attr_value_new(const AttrDef *attr, const char *text)
{
        switch (attr->type) {
        case ATTR_INT:
        case ATTR_LEVELS: /* of one of its values */
                return number_new(text);
        case ATTR_INTS:
                return numbers_new(text);
        case ATTR_BOOL:
        case ATTR_ANSWERS: /* of one of its values */
                if (g_ascii_strcasecmp(text, "true") == 0 || g_ascii_strcasecmp(text, "yes") == 0)
                        return json_true();
                if (g_ascii_strcasecmp(text, "false") == 0 || g_ascii_strcasecmp(text, "no") == 0)
                        return json_false();
                return json_string(text);
        case ATTR_LIST:
        case ATTR_ENUMS:
        case ATTR_REFS:
                return sheet_split(text);
        case ATTR_ENUM: {
                g_autofree char *lower = g_ascii_strdown(text, -1);

                return json_string(g_strdelimit(g_strstrip(lower), " -", '_'));
        }
        default:
                return json_string(text);
        }
}

void sheet_value_put(const SheetMember *member, json_t *value, json_t *attrs)
{
        json_t *parts = json_object_get(attrs, member->name);

        if (member->part == NULL) {
                json_object_set_new(attrs, member->name, value);
                return;
        }
        if (parts == NULL) {
                parts = json_object();
                json_object_set_new(attrs, member->name, parts);
        }
        json_object_set_new(parts, member->part, value);
}

static bool attr_fits(const SheetMember *member, json_t *value)
{
        g_autoptr(Json) alone = json_object();

        sheet_value_put(member, json_incref(value), alone);
        return attr_check(member->attr, json_object_get(alone, member->name), NULL, NULL);
}

json_t *sheet_value(const Profile *profile, const SheetMember *member, const char *text, bool *ret_fits)
{
        g_autofree char *name = member->part == NULL ? g_strdup(member->name)
                                                     : g_strdup_printf("%s.%s", member->name, member->part);
        g_autofree char *plain = g_strstrip(g_strdup(text));
        const json_t *known = profile_value_find(profile, name, plain);
        json_t *value = known != NULL ? json_deep_copy(known) : attr_value_new(member->attr, text);

        *ret_fits = attr_fits(member, value);
        return value;
}
