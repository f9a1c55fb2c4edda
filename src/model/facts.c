#include "model/facts.h"

#include <string.h>

enum { HEADER = 4, FACT_MAX = UINT16_MAX };

/* ---- packing ---- */

static void put_header(Out *out, AttrId attr, AttrType type, size_t n)
{
        const uint16_t length = (uint16_t)n;

        out_char(out, (char)attr);
        out_char(out, (char)type);
        out_bytes(out, &length, sizeof length);
}

static void put(Out *out, const AttrDef *def, const void *payload, size_t n)
{
        if (n > FACT_MAX)
                n = FACT_MAX;
        put_header(out, def->id, def->type, n);
        out_bytes(out, payload, n);
}

static int value_number(const AttrDef *def, const char *name)
{
        for (size_t i = 0; name != NULL && i < def->n_values; i++)
                if (strcmp(def->values[i], name) == 0)
                        return (int)i;
        return -1;
}

static uint32_t pack_set(const AttrDef *def, const json_t *value)
{
        const json_t *element;
        uint32_t set = 0;
        size_t i;

        json_array_foreach(value, i, element)
        {
                int number = def->type == ATTR_INTS ? (int)json_integer_value(element)
                                                    : value_number(def, json_string_value(element));

                if (number >= 0 && number < 32)
                        set |= UINT32_C(1) << number;
        }
        return set;
}

static void pack_texts(const AttrDef *def, const json_t *value, Out *out)
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        const json_t *element;
        size_t i;

        json_array_foreach(value, i, element)
        {
                const char *text = json_string_value(element);
                uint16_t n = (uint16_t)MIN(strlen(text), (size_t)UINT16_MAX);

                if (bytes->len + n + sizeof n > FACT_MAX)
                        break;
                g_byte_array_append(bytes, (const guint8 *)&n, sizeof n);
                g_byte_array_append(bytes, (const guint8 *)text, n);
        }
        put(out, def, bytes->data, bytes->len);
}

static void pack_rows(const AttrDef *def, const json_t *value, Out *out)
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        const json_t *element;
        size_t i;

        json_array_foreach(value, i, element)
        {
                RowId row = catalogue_find(json_string_value(element));

                if (row != ZW_ROW_NONE && bytes->len + sizeof row <= FACT_MAX)
                        g_byte_array_append(bytes, (const guint8 *)&row, sizeof row);
        }
        put(out, def, bytes->data, bytes->len);
}

static void pack_object(const AttrDef *def, const json_t *value, Out *out)
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        uint32_t answers[2] = { 0, 0 };
        int16_t levels[32];
        const char *key;
        json_t *element;

        for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
                levels[i] = -1;
        json_object_foreach((json_t *)(uintptr_t)value, key, element)
        {
                int number = value_number(def, key);
                const char *text = json_string_value(element);

                if (def->type == ATTR_VERSIONS && text != NULL) {
                        uint16_t n = (uint16_t)MIN(strlen(key) + 1 + strlen(text), (size_t)UINT16_MAX);

                        if (bytes->len + n + sizeof n > FACT_MAX)
                                break;
                        g_byte_array_append(bytes, (const guint8 *)&n, sizeof n);
                        g_byte_array_append(bytes, (const guint8 *)key, (guint)strlen(key) + 1);
                        g_byte_array_append(bytes, (const guint8 *)text, (guint)(n - strlen(key) - 1));
                } else if (def->type == ATTR_ANSWERS && number >= 0) {
                        answers[json_is_true(element) ? 0 : 1] |= UINT32_C(1) << number;
                } else if (def->type == ATTR_LEVELS && number >= 0) {
                        levels[number] = (int16_t)MIN(json_integer_value(element), INT16_MAX);
                }
        }
        if (def->type == ATTR_ANSWERS)
                put(out, def, answers, sizeof answers);
        else if (def->type == ATTR_LEVELS)
                put(out, def, levels, sizeof levels[0] * def->n_values);
        else
                put(out, def, bytes->data, bytes->len);
}

static void pack_date(const AttrDef *def, const json_t *value, Out *out)
{
        Instant t;

        if (instant_parse(json_string_value(value), &t, NULL))
                put(out, def, &t, sizeof t);
}

static void pack_one(const AttrDef *def, const json_t *value, Out *out)
{
        int64_t number = json_integer_value(value);
        uint8_t byte;
        uint32_t set;
        SlVector vector;
        RowId row;

        switch (def->type) {
        case ATTR_TEXT:
        case ATTR_DECIMAL:
                put(out, def, json_string_value(value), json_string_length(value));
                break;
        case ATTR_ENUM:
                byte = (uint8_t)value_number(def, json_string_value(value));
                put(out, def, &byte, 1);
                break;
        case ATTR_ENUMS:
        case ATTR_INTS:
                set = pack_set(def, value);
                put(out, def, &set, sizeof set);
                break;
        case ATTR_INT:
                put(out, def, &number, sizeof number);
                break;
        case ATTR_BOOL:
                byte = json_is_true(value);
                put(out, def, &byte, 1);
                break;
        case ATTR_DATE:
                pack_date(def, value, out);
                break;
        case ATTR_LIST:
        case ATTR_KEYS:
                pack_texts(def, value, out);
                break;
        case ATTR_VECTOR:
                if (sl_vector_read(value, NULL, &vector, NULL))
                        put(out, def, vector.e, sizeof vector.e);
                break;
        case ATTR_REF:
                row = catalogue_find(json_string_value(value));
                put(out, def, &row, sizeof row);
                break;
        case ATTR_REFS:
                pack_rows(def, value, out);
                break;
        case ATTR_ANSWERS:
        case ATTR_LEVELS:
        case ATTR_VERSIONS:
                pack_object(def, value, out);
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

                if (def != NULL && (def->flags & ATTR_COLUMN) && !json_is_null(value))
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

                if (def != NULL && (def->flags & ATTR_COLUMN) && !json_is_null(value))
                        pack_one(def, value, out);
        }
}

/* ---- reading ---- */

static const uint8_t *fact_find(Facts facts, AttrId attr, size_t *ret_n)
{
        size_t at = 0;

        while (at + HEADER <= facts.n) {
                uint16_t n;

                memcpy(&n, facts.p + at + 2, sizeof n);
                if (facts.p[at] == (uint8_t)attr) {
                        *ret_n = n;
                        return facts.p + at + HEADER;
                }
                at += HEADER + (size_t)n;
        }
        return NULL;
}

bool facts_has(Facts facts, AttrId attr)
{
        size_t n;

        return fact_find(facts, attr, &n) != NULL;
}

int facts_get_enum(Facts facts, AttrId attr)
{
        size_t n;
        const uint8_t *p = fact_find(facts, attr, &n);

        return p == NULL ? -1 : *p;
}

uint32_t facts_get_set(Facts facts, AttrId attr)
{
        size_t n;
        const uint8_t *p = fact_find(facts, attr, &n);
        uint32_t set = 0;

        if (p != NULL)
                memcpy(&set, p, sizeof set);
        return set;
}

bool facts_get_int(Facts facts, AttrId attr, int64_t *ret_value)
{
        size_t n;
        const uint8_t *p = fact_find(facts, attr, &n);

        if (p == NULL)
                return false;
        memcpy(ret_value, p, sizeof *ret_value);
        return true;
}

bool facts_get_bool(Facts facts, AttrId attr)
{
        size_t n;
        const uint8_t *p = fact_find(facts, attr, &n);

        return p != NULL && *p != 0;
}

bool facts_get_date(Facts facts, AttrId attr, Instant *ret_value)
{
        return facts_get_int(facts, attr, ret_value);
}

const char *facts_get_text(Facts facts, AttrId attr, size_t *ret_n)
{
        return (const char *)fact_find(facts, attr, ret_n);
}

bool facts_get_vector(Facts facts, AttrId attr, SlVector *ret_vector)
{
        size_t n;
        const uint8_t *p = fact_find(facts, attr, &n);

        if (p == NULL)
                return false;
        memcpy(ret_vector->e, p, sizeof ret_vector->e);
        return true;
}

void facts_get_answers(Facts facts, AttrId attr, uint32_t *ret_yes, uint32_t *ret_no)
{
        size_t n;
        const uint8_t *p = fact_find(facts, attr, &n);

        *ret_yes = 0;
        *ret_no = 0;
        if (p != NULL) {
                memcpy(ret_yes, p, sizeof *ret_yes);
                memcpy(ret_no, p + sizeof *ret_yes, sizeof *ret_no);
        }
}

bool facts_get_level(Facts facts, AttrId attr, int value, int64_t *ret_level)
{
        size_t n;
        const uint8_t *p = fact_find(facts, attr, &n);
        int16_t level;

        if (p == NULL || ((size_t)value + 1) * sizeof level > n)
                return false;
        memcpy(&level, p + (size_t)value * sizeof level, sizeof level);
        *ret_level = level;
        return level >= 0;
}

RowId facts_get_ref(Facts facts, AttrId attr)
{
        size_t n;
        const uint8_t *p = fact_find(facts, attr, &n);
        RowId row = ZW_ROW_NONE;

        if (p != NULL)
                memcpy(&row, p, sizeof row);
        return row;
}

FactsIter facts_iter(Facts facts, AttrId attr)
{
        size_t n = 0;
        const uint8_t *p = fact_find(facts, attr, &n);

        return (FactsIter){ p, p == NULL ? NULL : p + n };
}

bool facts_next_text(FactsIter *iter, const char **ret_text, size_t *ret_n)
{
        uint16_t n;

        if (iter->p == NULL || iter->p + sizeof n > iter->end)
                return false;
        memcpy(&n, iter->p, sizeof n);
        *ret_text = (const char *)iter->p + sizeof n;
        *ret_n = n;
        iter->p += sizeof n + n;
        return true;
}

bool facts_next_row(FactsIter *iter, RowId *ret_row)
{
        if (iter->p == NULL || iter->p + sizeof *ret_row > iter->end)
                return false;
        memcpy(ret_row, iter->p, sizeof *ret_row);
        iter->p += sizeof *ret_row;
        return true;
}
