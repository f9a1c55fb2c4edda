#include "base/base64url.h"

#include "base/error.h"

#include <string.h>

/* Letters of the two alphabets that differ. */
static char *letters_change(char *text, const char *from, const char *to)
{
        for (char *at = text; *at != '\0'; at++)
                *at = *at == from[0] ? to[0] : *at == from[1] ? to[1] : *at;
        return text;
}

char *base64url_encode(const void *bytes, size_t n)
{
        char *text = letters_change(g_base64_encode(bytes, n), "+/", "-_");

        text[strcspn(text, "=")] = '\0';
        return text;
}

uint8_t *base64url_decode(const char *text, size_t *ret_n, GError **error)
{
        static const char padding[] = "==";
        const size_t n = strlen(text), missing = (4 - n % 4) % 4;
        g_autofree char *whole = NULL, *again = NULL;
        g_autofree uint8_t *bytes = NULL;

        if (missing < 3) {
                whole = letters_change(g_strconcat(text, padding + 2 - missing, NULL), "-_", "+/");
                bytes = g_base64_decode(whole, ret_n);
                again = base64url_encode(bytes, *ret_n);
        }
        /* The library skips what it does not know. */
        if (g_strcmp0(again, text) == 0)
                return g_steal_pointer(&bytes);
        error_set(error, ZW_ERR_INPUT, NULL, "this is no base64url without padding");
        return NULL;
}
