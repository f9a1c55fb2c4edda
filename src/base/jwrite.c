#include "base/jwrite.h"

#include "base/jtext.h"
#include "base/verify.h"

#include <math.h>
#include <string.h>

enum { JWRITE_DEPTH_MAX = 256 };

typedef enum { IN_ARRAY, IN_OBJECT } Container;

struct JWrite {
        Out *out;
        size_t depth;
        bool comma; /* the container has a value already */
        bool keyed; /* a key waits for its value */
        uint8_t in[JWRITE_DEPTH_MAX];
};

JWrite *jwrite_new(Out *out)
{
        JWrite *w = g_new0(JWrite, 1);

        w->out = out;
        return w;
}

void jwrite_free(JWrite *w)
{
        g_free(w);
}

Out *jwrite_out(JWrite *w)
{
        return w->out;
}

/* Before each value: the comma, and that the place allows a value. At the top values stand side by side; who
 * writes several puts the line breaks between them (NDJSON). */
static void value_begin(JWrite *w)
{
        if (w->depth == 0)
                return;
        if (w->in[w->depth - 1] == IN_OBJECT) {
                ZW_VERIFY(w->keyed);
                w->keyed = false;
                return;
        }
        if (w->comma)
                out_char(w->out, ',');
        w->comma = true;
}

static void container_begin(JWrite *w, Container container)
{
        value_begin(w);
        ZW_VERIFY(w->depth < JWRITE_DEPTH_MAX);
        w->in[w->depth++] = (uint8_t)container;
        w->comma = false;
        out_char(w->out, container == IN_OBJECT ? '{' : '[');
}

static void container_end(JWrite *w, Container container)
{
        ZW_VERIFY(w->depth > 0 && w->in[w->depth - 1] == container && !w->keyed);
        w->depth--;
        w->comma = true;
        out_char(w->out, container == IN_OBJECT ? '}' : ']');
}

void jwrite_object_begin(JWrite *w)
{
        container_begin(w, IN_OBJECT);
}

void jwrite_object_end(JWrite *w)
{
        container_end(w, IN_OBJECT);
}

void jwrite_array_begin(JWrite *w)
{
        container_begin(w, IN_ARRAY);
}

void jwrite_array_end(JWrite *w)
{
        container_end(w, IN_ARRAY);
}

static void key_n(JWrite *w, const char *key, size_t n)
{
        ZW_VERIFY(w->depth > 0 && w->in[w->depth - 1] == IN_OBJECT && !w->keyed);
        if (w->comma)
                out_char(w->out, ',');
        w->comma = true;
        w->keyed = true;
        jtext_write(w->out, key, n);
        out_char(w->out, ':');
}

void jwrite_key(JWrite *w, const char *key)
{
        key_n(w, key, strlen(key));
}

void jwrite_string_n(JWrite *w, const char *text, size_t n)
{
        if (text == NULL) {
                jwrite_null(w);
                return;
        }
        value_begin(w);
        jtext_write(w->out, text, n);
}

void jwrite_string(JWrite *w, const char *text)
{
        jwrite_string_n(w, text, text != NULL ? strlen(text) : 0);
}

void jwrite_int(JWrite *w, int64_t value)
{
        value_begin(w);
        out_format(w->out, "%" G_GINT64_FORMAT, value);
}

void jwrite_number(JWrite *w, double value)
{
        char text[G_ASCII_DTOSTR_BUF_SIZE];

        value_begin(w);
        out_text(w->out, isfinite(value) ? g_ascii_formatd(text, sizeof text, "%.10g", value) : "null");
}

void jwrite_bool(JWrite *w, bool value)
{
        value_begin(w);
        out_text(w->out, value ? "true" : "false");
}

void jwrite_null(JWrite *w)
{
        value_begin(w);
        out_text(w->out, "null");
}

void jwrite_raw(JWrite *w, const char *json, size_t n)
{
        value_begin(w);
        out_bytes(w->out, json, n);
}

static void write_real(JWrite *w, double value)
{
        value_begin(w);
        jtext_write_real(w->out, value);
}

/* Members keep the order they were given; canon.h sorts them. */
static void write_object(JWrite *w, const json_t *object)
{
        void *iter = json_object_iter((json_t *)(uintptr_t)object);

        jwrite_object_begin(w);
        for (; iter != NULL; iter = json_object_iter_next((json_t *)(uintptr_t)object, iter)) {
                key_n(w, json_object_iter_key(iter), json_object_iter_key_len(iter));
                jwrite_json(w, json_object_iter_value(iter));
        }
        jwrite_object_end(w);
}

static void write_array(JWrite *w, const json_t *array)
{
        jwrite_array_begin(w);
        for (size_t i = 0; i < json_array_size(array); i++)
                jwrite_json(w, json_array_get(array, i));
        jwrite_array_end(w);
}

void jwrite_json(JWrite *w, const json_t *value)
{
        switch (json_typeof(value)) {
        case JSON_OBJECT:
                write_object(w, value);
                break;
        case JSON_ARRAY:
                write_array(w, value);
                break;
        case JSON_STRING:
                jwrite_string_n(w, json_string_value(value), json_string_length(value));
                break;
        case JSON_INTEGER:
                jwrite_int(w, json_integer_value(value));
                break;
        case JSON_REAL:
                write_real(w, json_real_value(value));
                break;
        case JSON_TRUE:
        case JSON_FALSE:
                jwrite_bool(w, json_is_true(value));
                break;
        case JSON_NULL:
                jwrite_null(w);
                break;
        }
}

void jwrite_key_string(JWrite *w, const char *key, const char *text)
{
        jwrite_key(w, key);
        jwrite_string(w, text);
}

void jwrite_key_int(JWrite *w, const char *key, int64_t value)
{
        jwrite_key(w, key);
        jwrite_int(w, value);
}

void jwrite_key_number(JWrite *w, const char *key, double value)
{
        jwrite_key(w, key);
        jwrite_number(w, value);
}

void jwrite_key_bool(JWrite *w, const char *key, bool value)
{
        jwrite_key(w, key);
        jwrite_bool(w, value);
}

void jwrite_key_null(JWrite *w, const char *key)
{
        jwrite_key(w, key);
        jwrite_null(w);
}

void jwrite_key_level(JWrite *w, const char *key, int level)
{
        if (level < 0)
                jwrite_key_null(w, key);
        else
                jwrite_key_int(w, key, level);
}

void jwrite_key_json(JWrite *w, const char *key, const json_t *value)
{
        jwrite_key(w, key);
        jwrite_json(w, value);
}
