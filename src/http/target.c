#include "http/target.h"

#include "base/error.h"
#include "base/jtext.h"

#include <string.h>

static bool refuse(GError **error, const char *what)
{
        error_set(error, ZW_ERR_USAGE, NULL, "the address is refused: %s", what);
        return false;
}

/* Resolves %XX, and with `plus` + to a space, in `n` bytes at `text`. */
static char *decode(const char *text, size_t n, bool plus, GError **error)
{
        g_autoptr(GString) out = g_string_sized_new(n);

        for (size_t i = 0; i < n; i++) {
                char c = text[i];

                if (c == '%') {
                        int high = i + 2 < n ? g_ascii_xdigit_value(text[i + 1]) : -1;
                        int low = i + 2 < n ? g_ascii_xdigit_value(text[i + 2]) : -1;

                        if (high < 0 || low < 0) {
                                refuse(error, "a percent sign without two hexadecimal digits");
                                return NULL;
                        }
                        c = (char)(high * 16 + low);
                        i += 2;
                } else if (c == '+' && plus) {
                        c = ' ';
                }
                if (g_ascii_iscntrl(c)) {
                        refuse(error, "a control character");
                        return NULL;
                }
                g_string_append_c(out, c);
        }
        if (utf8_valid(out->str, out->len))
                return g_string_free(g_steal_pointer(&out), FALSE);
        error_set(error, ZW_ERR_ENCODING, NULL, "the address is not UTF-8");
        return NULL;
}

static bool segment_add(Target *target, const char *text, size_t n, bool last, GError **error)
{
        char *segment = decode(text, n, false, error);

        if (segment == NULL)
                return false;
        g_ptr_array_add(target->segments, segment);
        if (n == 0 && !last)
                return refuse(error, "an empty part between two slashes");
        if (strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
                return refuse(error, "a part that is . or ..");
        return strchr(segment, '/') == NULL || refuse(error, "an encoded slash");
}

static bool path_parse(Target *target, const char *text, size_t n, GError **error)
{
        const char *end = text + n;

        for (const char *at = text;; at++) { /* past the slash */
                const char *slash = memchr(at, '/', (size_t)(end - at));
                const char *stop = slash == NULL ? end : slash;

                if (!segment_add(target, at, (size_t)(stop - at), slash == NULL, error))
                        return false;
                if (slash == NULL)
                        return true;
                at = slash;
        }
}

static bool query_parse(Target *target, const char *text, GError **error)
{
        g_auto(GStrv) parts = g_strsplit(text, "&", ZW_TARGET_PAIRS_MAX + 1);

        if (g_strv_length(parts) > ZW_TARGET_PAIRS_MAX)
                return refuse(error, "too many parameters");
        for (char **part = parts; *part != NULL; part++) {
                size_t n = strcspn(*part, "=");
                const char *value = (*part)[n] == '=' ? *part + n + 1 : "";
                QueryPair pair;

                if (**part == '\0')
                        continue;
                pair.name = decode(*part, n, true, error);
                if (pair.name == NULL)
                        return false;
                pair.value = decode(value, strlen(value), true, error);
                g_array_append_val(target->query, pair);
                if (pair.value == NULL)
                        return false;
        }
        return true;
}

static void pair_clear(gpointer data)
{
        QueryPair *pair = data;

        g_free(pair->name);
        g_free(pair->value);
}

size_t target_path_length(const char *text)
{
        return strcspn(text, "?#");
}

bool target_parse(const char *text, Target *ret_target, GError **error)
{
        size_t n = strlen(text), path = target_path_length(text);

        ret_target->segments = g_ptr_array_new_with_free_func(g_free);
        ret_target->query = g_array_new(FALSE, FALSE, sizeof(QueryPair));
        g_array_set_clear_func(ret_target->query, pair_clear);
        if (n > ZW_TARGET_BYTES_MAX) {
                error_set(error, ZW_ERR_ADDRESS_LENGTH, NULL, "an address has at most %d bytes",
                          ZW_TARGET_BYTES_MAX);
                return false;
        }
        if (text[0] != '/')
                return refuse(error, "it does not begin with a slash");
        for (size_t i = 0; i < n; i++)
                if (text[i] <= ' ' || text[i] > '~' || text[i] == '#')
                        return refuse(error, "a character that must be percent-encoded");
        return path_parse(ret_target, text + 1, path - 1, error) &&
               (text[path] == '\0' || query_parse(ret_target, text + path + 1, error));
}

void target_clear(Target *target)
{
        g_clear_pointer(&target->segments, g_ptr_array_unref);
        g_clear_pointer(&target->query, g_array_unref);
}
