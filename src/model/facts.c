#include "model/facts.h"

#include <string.h>

enum { HEADER = 6, TYPE_AT = 1, LENGTH_AT = 2, LEVEL_NONE = -1 };

/* ---- packing ---- */

static void put_length(Out *out, size_t n)
{
        const uint32_t length = (uint32_t)n;

        out_bytes(out, &length, sizeof length);
}

static void put_header(Out *out, const AttrDef *def, size_t n)
{
        out_char(out, (char)def->id);
        out_char(out, (char)def->type);
        put_length(out, n);
}

static void put(Out *out, const AttrDef *def, const void *payload, size_t n)
{
        put_header(out, def, n);
        out_bytes(out, payload, n);
}

static int value_number(const AttrDef *def, const char *name)
{
        for (size_t i = 0; name != NULL && i < def->n_values; i++)
                if (strcmp(def->values[i], name) == 0)
                        return (int)i;
        return -1;
}

static void pack_text(const AttrDef *def, const json_t *value, Out *out)
{
        const char *text = json_string_value(value);

        if (text != NULL && text[strspn(text, " \t\r\n")] != '\0')
                put(out, def, text, json_string_length(value));
}

static void pack_enum(const AttrDef *def, const json_t *value, Out *out)
{
        const int number = value_number(def, json_string_value(value));
        const uint8_t byte = (uint8_t)number;

        if (number >= 0)
                put(out, def, &byte, sizeof byte);
}

static void pack_set(const AttrDef *def, const json_t *value, Out *out)
{
        const json_t *element;
        uint32_t set = 0;
        size_t i;

        json_array_foreach(value, i, element)
        {
                json_int_t number = def->type == ATTR_ENUMS    ? value_number(def, json_string_value(element))
                                    : json_is_integer(element) ? json_integer_value(element)
                                                               : -1;

                if (number >= 0 && number < 32)
                        set |= UINT32_C(1) << number;
        }
        if (json_is_array(value))
                put(out, def, &set, sizeof set);
}

static void pack_int(const AttrDef *def, const json_t *value, Out *out)
{
        const int64_t number = json_integer_value(value);

        if (json_is_integer(value))
                put(out, def, &number, sizeof number);
}

static void pack_bool(const AttrDef *def, const json_t *value, Out *out)
{
        const uint8_t byte = json_is_true(value) ? 1 : 0;

        if (json_is_boolean(value))
                put(out, def, &byte, sizeof byte);
}

static void pack_date(const AttrDef *def, const json_t *value, Out *out)
{
        Instant t;

        if (json_is_string(value) && instant_parse(json_string_value(value), &t, NULL))
                put(out, def, &t, sizeof t);
}

static void pack_texts(const AttrDef *def, const json_t *value, Out *out)
{
        const json_t *element;
        size_t i, n = 0;

        if (!json_is_array(value))
                return;
        json_array_foreach(value, i, element)
        {
                if (json_is_string(element))
                        n += sizeof(uint32_t) + json_string_length(element);
        }
        put_header(out, def, n);
        json_array_foreach(value, i, element)
        {
                if (!json_is_string(element))
                        continue;
                put_length(out, json_string_length(element));
                out_bytes(out, json_string_value(element), json_string_length(element));
        }
}

static void pack_vector(const AttrDef *def, const json_t *value, Out *out)
{
        SlVector vector;

        if (sl_vector_read(value, NULL, &vector, NULL))
                put(out, def, vector.e, sizeof vector.e);
}

static RowId row_of(const json_t *value)
{
        return json_is_string(value) ? catalogue_find(json_string_value(value)) : ZW_ROW_NONE;
}

static void pack_ref(const AttrDef *def, const json_t *value, Out *out)
{
        const RowId row = row_of(value);

        if (json_is_string(value))
                put(out, def, &row, sizeof row);
}

static void pack_refs(const AttrDef *def, const json_t *value, Out *out)
{
        const json_t *element;
        size_t i, n = 0;

        if (!json_is_array(value))
                return;
        json_array_foreach(value, i, element)
        {
                n += row_of(element) == ZW_ROW_NONE ? 0 : sizeof(RowId);
        }
        put_header(out, def, n);
        json_array_foreach(value, i, element)
        {
                const RowId row = row_of(element);

                if (row != ZW_ROW_NONE)
                        out_bytes(out, &row, sizeof row);
        }
}

static void pack_answers(const AttrDef *def, json_t *value, Out *out)
{
        uint32_t answers[2] = { 0, 0 }; /* yes, no */
        const char *key;
        json_t *element;

        json_object_foreach(value, key, element)
        {
                int number = value_number(def, key);

                if (number >= 0 && json_is_boolean(element))
                        answers[json_is_true(element) ? 0 : 1] |= UINT32_C(1) << number;
        }
        if (json_is_object(value))
                put(out, def, answers, sizeof answers);
}

/* One i16 for each value of the definition; the generator refuses bounds of a column that do not fit. */
static void pack_levels(const AttrDef *def, json_t *value, Out *out)
{
        int16_t levels[32];
        const char *key;
        json_t *element;

        for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
                levels[i] = LEVEL_NONE;
        json_object_foreach(value, key, element)
        {
                int number = value_number(def, key);
                json_int_t level = json_integer_value(element);

                if (number >= 0 && json_is_integer(element) && level >= 0 && level <= INT16_MAX)
                        levels[number] = (int16_t)level;
        }
        if (json_is_object(value))
                put(out, def, levels, sizeof levels[0] * def->n_values);
}

static void pack_versions(const AttrDef *def, json_t *value, Out *out)
{
        const char *key;
        json_t *element;
        size_t n = 0;

        if (!json_is_object(value))
                return;
        json_object_foreach(value, key, element)
        {
                if (json_is_string(element))
                        n += sizeof(uint32_t) + strlen(key) + 1 + json_string_length(element);
        }
        put_header(out, def, n);
        json_object_foreach(value, key, element)
        {
                if (!json_is_string(element))
                        continue;
                put_length(out, strlen(key) + 1 + json_string_length(element));
                out_bytes(out, key, strlen(key) + 1);
                out_bytes(out, json_string_value(element), json_string_length(element));
        }
}

static void pack_one(const AttrDef *def, json_t *value, Out *out)
{
        switch (def->type) {
        case ATTR_TEXT:
        case ATTR_DECIMAL:
                pack_text(def, value, out);
                break;
        case ATTR_ENUM:
                pack_enum(def, value, out);
                break;
        case ATTR_ENUMS:
        case ATTR_INTS:
                pack_set(def, value, out);
                break;
        case ATTR_INT:
                pack_int(def, value, out);
                break;
        case ATTR_BOOL:
                pack_bool(def, value, out);
                break;
        case ATTR_DATE:
                pack_date(def, value, out);
                break;
        case ATTR_LIST:
        case ATTR_KEYS:
                pack_texts(def, value, out);
                break;
        case ATTR_VECTOR:
                pack_vector(def, value, out);
                break;
        case ATTR_REF:
                pack_ref(def, value, out);
                break;
        case ATTR_REFS:
                pack_refs(def, value, out);
                break;
        case ATTR_ANSWERS:
                pack_answers(def, value, out);
                break;
        case ATTR_LEVELS:
                pack_levels(def, value, out);
                break;
        case ATTR_VERSIONS:
        case ATTR_TEXTS:
                pack_versions(def, value, out);
                break;
        }
}

void facts_pack(KindId kind, const json_t *attrs, Out *out)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)attrs, name, value)
        {
                const AttrDef *def = attr_find(kind, name);

                if (def != NULL && (def->flags & ATTR_COLUMN) != 0)
                        pack_one(def, value, out);
        }
}

void facts_pack_link(LinkTypeId type, const json_t *attrs, Out *out)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)attrs, name, value)
        {
                const AttrDef *def = link_attr_find(type, name);

                if (def != NULL && (def->flags & ATTR_COLUMN) != 0)
                        pack_one(def, value, out);
        }
}

/* ---- reading ---- */

#define TYPE_BIT(type) (1U << (type))
#define ANY_TYPE       (~0U)

/* The payload of an attribute whose type is one of `types`. */
static const uint8_t *fact_find(Facts facts, AttrId attr, unsigned types, size_t *ret_n)
{
        size_t at = 0;

        *ret_n = 0;
        while (at + HEADER <= facts.n) {
                uint32_t n;

                memcpy(&n, facts.p + at + LENGTH_AT, sizeof n);
                if (facts.p[at] == (uint8_t)attr) {
                        if ((types & TYPE_BIT(facts.p[at + TYPE_AT])) == 0)
                                return NULL;
                        *ret_n = n;
                        return facts.p + at + HEADER;
                }
                at += HEADER + (size_t)n;
        }
        return NULL;
}

/* Copies a payload of `n` bytes, the size of all of its type. */
static bool fact_read(Facts facts, AttrId attr, unsigned types, void *ret_value, size_t n)
{
        size_t length;
        const uint8_t *p = fact_find(facts, attr, types, &length);

        if (p == NULL || length != n)
                return false;
        memcpy(ret_value, p, n);
        return true;
}

bool facts_has(Facts facts, AttrId attr)
{
        size_t n;

        return fact_find(facts, attr, ANY_TYPE, &n) != NULL;
}

int facts_get_enum(Facts facts, AttrId attr)
{
        uint8_t byte;

        return fact_read(facts, attr, TYPE_BIT(ATTR_ENUM), &byte, sizeof byte) ? byte : -1;
}

uint32_t facts_get_set(Facts facts, AttrId attr)
{
        uint32_t set;

        return fact_read(facts, attr, TYPE_BIT(ATTR_ENUMS) | TYPE_BIT(ATTR_INTS), &set, sizeof set) ? set : 0;
}

bool facts_get_int(Facts facts, AttrId attr, int64_t *ret_value)
{
        return fact_read(facts, attr, TYPE_BIT(ATTR_INT), ret_value, sizeof *ret_value);
}

bool facts_get_bool(Facts facts, AttrId attr)
{
        uint8_t byte;

        return fact_read(facts, attr, TYPE_BIT(ATTR_BOOL), &byte, sizeof byte) && byte != 0;
}

bool facts_get_date(Facts facts, AttrId attr, Instant *ret_value)
{
        return fact_read(facts, attr, TYPE_BIT(ATTR_DATE), ret_value, sizeof *ret_value);
}

bool facts_get_decimal(Facts facts, AttrId attr, double *ret_value)
{
        char digits[64]; /* more than all but few have, which need memory */
        g_autofree char *longer = NULL;
        size_t n;
        const uint8_t *p = fact_find(facts, attr, TYPE_BIT(ATTR_DECIMAL), &n);
        char *text = digits;

        if (p == NULL)
                return false;
        if (n >= sizeof digits)
                text = longer = g_malloc(n + 1);
        memcpy(text, p, n);
        text[n] = '\0';
        *ret_value = g_ascii_strtod(text, NULL);
        return true;
}

const char *facts_get_text(Facts facts, AttrId attr, size_t *ret_n)
{
        return (const char *)fact_find(facts, attr, TYPE_BIT(ATTR_TEXT) | TYPE_BIT(ATTR_DECIMAL), ret_n);
}

bool facts_get_vector(Facts facts, AttrId attr, SlVector *ret_vector)
{
        return fact_read(facts, attr, TYPE_BIT(ATTR_VECTOR), ret_vector->e, sizeof ret_vector->e);
}

void facts_get_answers(Facts facts, AttrId attr, uint32_t *ret_yes, uint32_t *ret_no)
{
        uint32_t answers[2] = { 0, 0 };

        (void)fact_read(facts, attr, TYPE_BIT(ATTR_ANSWERS), answers, sizeof answers);
        *ret_yes = answers[0];
        *ret_no = answers[1];
}

bool facts_get_level(Facts facts, AttrId attr, int value, int64_t *ret_level)
{
        size_t n;
        const uint8_t *p = fact_find(facts, attr, TYPE_BIT(ATTR_LEVELS), &n);
        int16_t level;

        if (p == NULL || value < 0 || ((size_t)value + 1) * sizeof level > n)
                return false;
        memcpy(&level, p + (size_t)value * sizeof level, sizeof level);
        if (level == LEVEL_NONE)
                return false;
        *ret_level = level;
        return true;
}

RowId facts_get_ref(Facts facts, AttrId attr)
{
        RowId row;

        return fact_read(facts, attr, TYPE_BIT(ATTR_REF), &row, sizeof row) ? row : (RowId)ZW_ROW_NONE;
}

FactsIter facts_iter(Facts facts, AttrId attr)
{
        const unsigned types = TYPE_BIT(ATTR_LIST) | TYPE_BIT(ATTR_KEYS) | TYPE_BIT(ATTR_VERSIONS) |
                               TYPE_BIT(ATTR_TEXTS) | TYPE_BIT(ATTR_REFS);
        size_t n;
        const uint8_t *p = fact_find(facts, attr, types, &n);

        if (p == NULL)
                return (FactsIter){ NULL, NULL, ATTR_LIST };
        return (FactsIter){ p, p + n, (AttrType)p[TYPE_AT - HEADER] };
}

bool facts_next_text(FactsIter *iter, const char **ret_text, size_t *ret_n)
{
        uint32_t n;

        if (iter->type == ATTR_REFS || iter->p == iter->end)
                return false;
        memcpy(&n, iter->p, sizeof n);
        *ret_text = (const char *)iter->p + sizeof n;
        *ret_n = n;
        iter->p += sizeof n + n;
        return true;
}

bool facts_next_row(FactsIter *iter, RowId *ret_row)
{
        if (iter->type != ATTR_REFS || iter->p == iter->end)
                return false;
        memcpy(ret_row, iter->p, sizeof *ret_row);
        iter->p += sizeof *ret_row;
        return true;
}
