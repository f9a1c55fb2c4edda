#include "base/out.h"

#include "base/error.h"

#include <stdio.h>
#include <string.h>

struct Out {
        char *data; /* capacity + 1 bytes, or NULL before the first append */
        size_t length, capacity, max;
        bool failed;
};

enum { OUT_FIRST_CAPACITY = 256 };

Out *out_new(size_t max)
{
        Out *out = g_new0(Out, 1);

        out->max = MIN(max, (size_t)G_MAXSSIZE - 1);
        return out;
}

void out_free(Out *out)
{
        if (out == NULL)
                return;
        g_free(out->data);
        g_free(out);
}

/* Makes room for `n` bytes more and the final NUL; false, and failed for good, when that passes the maximum.
 * */
static bool out_reserve(Out *out, size_t n)
{
        size_t capacity;
        char *data;

        if (out->failed)
                return false;
        if (out->data != NULL && n <= out->capacity - out->length)
                return true;
        if (n > out->max - out->length) {
                out->failed = true;
                return false;
        }

        capacity = MIN(MAX(out->capacity * 2, (size_t)OUT_FIRST_CAPACITY), out->max);
        capacity = MAX(capacity, out->length + n);
        data = g_try_realloc(out->data, capacity + 1);
        if (data == NULL) {
                out->failed = true;
                return false;
        }
        out->data = data;
        out->capacity = capacity;
        return true;
}

void out_bytes(Out *out, const void *bytes, size_t n)
{
        if (n == 0 || !out_reserve(out, n))
                return;
        memcpy(out->data + out->length, bytes, n);
        out->length += n;
        out->data[out->length] = '\0';
}

void out_text(Out *out, const char *text)
{
        out_bytes(out, text, strlen(text));
}

void out_char(Out *out, char c)
{
        if (!out_reserve(out, 1))
                return;
        out->data[out->length++] = c;
        out->data[out->length] = '\0';
}

void out_format(Out *out, const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        if (out->failed)
                return;
        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        out_text(out, text);
}

const char *out_data(const Out *out)
{
        return out->data != NULL ? out->data : "";
}

size_t out_length(const Out *out)
{
        return out->length;
}

void out_reset(Out *out)
{
        out->length = 0;
        out->failed = false;
        if (out->data != NULL)
                out->data[0] = '\0';
}

bool out_check(const Out *out, GError **error)
{
        if (!out->failed)
                return true;
        error_set(error, ZW_ERR_LIMIT, NULL, "the output is larger than its limit of %zu bytes", out->max);
        return false;
}

GBytes *out_steal(Out *out, GError **error)
{
        GBytes *bytes;

        if (!out_check(out, error))
                return NULL;
        bytes = g_bytes_new_take(out->data, out->length);
        out->data = NULL;
        out->length = 0;
        out->capacity = 0;
        return bytes;
}
