#include "model/device.h"

#include <stdbool.h>
#include <string.h>

char *device_serial_mark(const char *text, size_t n)
{
        g_autoptr(GString) mark = g_string_new("s ");

        for (size_t i = 0; i < n; i++)
                if (g_ascii_isalnum(text[i]))
                        g_string_append_c(mark, g_ascii_toupper(text[i]));
        return mark->len < 6 ? NULL : g_string_free(g_steal_pointer(&mark), FALSE);
}

/* Twelve hexadecimal digits in pairs, or NULL. */
static char *interface_mark(const char *text)
{
        g_autoptr(GString) mark = g_string_new("m ");

        for (const char *p = text; *p != '\0'; p++)
                if (g_ascii_isxdigit(*p))
                        g_string_append_c(mark, *p);
                else if ((*p != ':' && *p != '-' && *p != '.') || p == text)
                        return NULL;
        return mark->len != 14 || strspn(mark->str + 2, "0") == 12
                       ? NULL
                       : g_string_free(g_steal_pointer(&mark), FALSE);
}

/* Addresses that mean no device in particular. */
static bool is_common(const char *text)
{
        static const char *const common[] = {
                "0.0.0.0", "::", "::1", "localhost", "unknown", "n/a", "-", NULL
        };

        return text[0] == '\0' || g_str_has_prefix(text, "127.") || g_strv_contains(common, text);
}

char *device_address_mark(const char *text, size_t n, DeviceMark *ret_by)
{
        g_autofree char *copy = g_strndup(text, n);
        g_autofree char *lower = g_ascii_strdown(g_strstrip(copy), -1), *mac = interface_mark(lower);
        const bool address = strchr(lower, ':') != NULL || lower[strspn(lower, "0123456789.")] == '\0';

        if (mac != NULL) {
                *ret_by = DEVICE_BY_INTERFACE;
                return g_steal_pointer(&mac);
        }
        if (is_common(lower))
                return NULL;
        *ret_by = address ? DEVICE_BY_ADDRESS : DEVICE_BY_NAME;
        return g_strconcat(address ? "a " : "n ", lower, NULL);
}
