#include "exchange/encoding.h"

#include "base/error.h"

#include <stdint.h>
#include <string.h>

bool encoding_is_wide(GBytes *bytes)
{
        gsize n;
        const char *data = g_bytes_get_data(bytes, &n);

        return n >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0);
}

static GBytes *refuse(size_t at, ZwErrorCode code, const char *what, GError **error)
{
        g_autofree char *where = g_strdup_printf("byte %zu", at);

        error_set(error, code, where, "%s", what);
        return NULL;
}

GBytes *encoding_from_wide(GBytes *bytes, GError **error)
{
        gsize n;
        const uint8_t *data = g_bytes_get_data(bytes, &n);
        const bool little = data[0] == 0xff;
        g_autofree gunichar2 *units = NULL;
        g_autofree char *text = NULL;
        glong read = 0, written = 0;
        size_t count = (n - 2) / 2;

        if (n % 2 != 0)
                return refuse(n - 1, ZW_ERR_ENCODING, "UTF-16 text ends within a character", error);
        units = g_try_new(gunichar2, count + 1);
        if (units == NULL)
                return refuse(0, ZW_ERR_LIMIT, "there is no memory for the text", error);
        for (size_t i = 0; i < count; i++)
                units[i] = little ? (gunichar2)(data[2 + 2 * i] | data[3 + 2 * i] << 8)
                                  : (gunichar2)(data[2 + 2 * i] << 8 | data[3 + 2 * i]);
        text = g_utf16_to_utf8(units, (glong)count, &read, &written, NULL);
        if (text == NULL || read != (glong)count)
                return refuse(2 + 2 * (size_t)read, ZW_ERR_ENCODING, "this is not UTF-16", error);
        return g_bytes_new_take(g_steal_pointer(&text), (gsize)written);
}

size_t encoding_mark(const char *text, size_t n)
{
        static const char mark[] = "\xef\xbb\xbf";

        return n >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0 ? strlen(mark) : 0;
}
