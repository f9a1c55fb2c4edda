/* Reading follows the steps of the package-url specification: from the right, subpath and qualifiers first. */
#include "vuln/purl.h"

#include <string.h>

enum { PURL_BYTES_MAX = 8192 };

void purl_clear(Purl *purl)
{
        g_clear_pointer(&purl->type, g_free);
        g_clear_pointer(&purl->namespace, g_free);
        g_clear_pointer(&purl->name, g_free);
        g_clear_pointer(&purl->version, g_free);
        g_clear_pointer(&purl->subpath, g_free);
        g_clear_pointer(&purl->keys, g_strfreev);
        g_clear_pointer(&purl->values, g_strfreev);
}

static bool refuse(const char *where, const char *why, GError **error)
{
        error_set(error, ZW_ERR_INPUT, where, "this is no package URL: %s", why);
        return false;
}

/* ---- percent-encoding ---- */

/* Decoded text, or NULL when it is damaged, holds a NUL or is not UTF-8. */
static char *decode(const char *text, size_t n)
{
        g_autoptr(GString) plain = g_string_new(NULL);

        for (size_t i = 0; i < n; i++) {
                char c = text[i];

                if (c == '%') {
                        if (i + 2 >= n || !g_ascii_isxdigit(text[i + 1]) || !g_ascii_isxdigit(text[i + 2]))
                                return NULL;
                        c = (char)(g_ascii_xdigit_value(text[i + 1]) * 16 +
                                   g_ascii_xdigit_value(text[i + 2]));
                        i += 2;
                }
                g_string_append_c(plain, c);
        }
        if (!g_utf8_validate(plain->str, (gssize)plain->len, NULL))
                return NULL;
        return g_string_free(g_steal_pointer(&plain), FALSE);
}

static void encode(GString *out, const char *text)
{
        for (; *text != '\0'; text++)
                if (g_ascii_isalnum(*text) || strchr("-._~:", *text) != NULL)
                        g_string_append_c(out, *text);
                else
                        g_string_append_printf(out, "%%%02X", (unsigned char)*text);
}

/* Segments between slashes, decoded and joined again; empty ones are left out, and dots where `dots` is false.
 * NULL when one is damaged or holds a slash. */
static char *segments(const char *text, size_t n, bool dots)
{
        g_autoptr(GString) joined = g_string_new(NULL);

        for (size_t from = 0; from <= n;) {
                const char *slash = memchr(text + from, '/', n - from);
                size_t to = slash == NULL ? n : (size_t)(slash - text);
                g_autofree char *plain = decode(text + from, to - from);

                from = to + 1;
                if (plain == NULL || strchr(plain, '/') != NULL)
                        return NULL;
                if (plain[0] == '\0' || (!dots && (strcmp(plain, ".") == 0 || strcmp(plain, "..") == 0)))
                        continue;
                g_string_append_printf(joined, "%s%s", joined->len > 0 ? "/" : "", plain);
        }
        return g_string_free(g_steal_pointer(&joined), FALSE);
}

static char *empty_to_null(char *text)
{
        if (text != NULL && text[0] == '\0')
                g_clear_pointer(&text, g_free);
        return text;
}

/* ---- what a type says about its names ---- */

enum { LOWER_NAMESPACE = 1, LOWER_NAME = 2, DASH_NAME = 4 };

static const struct {
        const char *type;
        unsigned rules;
} type_rules[] = {
        { "alpm", LOWER_NAMESPACE | LOWER_NAME },
        { "apk", LOWER_NAMESPACE | LOWER_NAME },
        { "bitbucket", LOWER_NAMESPACE | LOWER_NAME },
        { "composer", LOWER_NAMESPACE | LOWER_NAME },
        { "deb", LOWER_NAMESPACE | LOWER_NAME },
        { "github", LOWER_NAMESPACE | LOWER_NAME },
        { "hex", LOWER_NAMESPACE | LOWER_NAME },
        { "oci", LOWER_NAME },
        { "pypi", LOWER_NAME | DASH_NAME },
        { "rpm", LOWER_NAMESPACE },
};

static char *lower(char *text)
{
        char *made = text == NULL ? NULL : g_utf8_strdown(text, -1);

        g_free(text);
        return made;
}

static void rules_apply(Purl *purl)
{
        for (size_t i = 0; i < G_N_ELEMENTS(type_rules); i++) {
                unsigned rules = strcmp(purl->type, type_rules[i].type) == 0 ? type_rules[i].rules : 0;

                if ((rules & LOWER_NAMESPACE) != 0)
                        purl->namespace = lower(purl->namespace);
                if ((rules & LOWER_NAME) != 0)
                        purl->name = lower(purl->name);
                if ((rules & DASH_NAME) != 0)
                        g_strdelimit(purl->name, "_", '-');
        }
}

/* ---- parts ---- */

static bool type_take(Purl *purl, const char *text, size_t n, GError **error)
{
        for (size_t i = 0; i < n; i++)
                if (!g_ascii_isalnum(text[i]) && strchr("+-.", text[i]) == NULL)
                        return refuse("type", "the type has letters, digits, plus, dash and dot only", error);
        if (n == 0 || g_ascii_isdigit(text[0]))
                return refuse("type", "the type begins with a letter", error);
        purl->type = g_ascii_strdown(text, (gssize)n);
        return true;
}

static int key_order(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool key_check(const char *key, GError **error)
{
        for (const char *p = key; *p != '\0'; p++)
                if (!g_ascii_isalnum(*p) && strchr("-._", *p) == NULL)
                        return refuse("qualifiers",
                                      "a key has letters, digits, dot, dash and underscore only", error);
        return (key[0] != '\0' && !g_ascii_isdigit(key[0])) ||
               refuse("qualifiers", "a key begins with a letter", error);
}

/* `key=value&...`; empty values are left out. */
static bool qualifiers_take(Purl *purl, const char *text, GError **error)
{
        g_auto(GStrv) pairs = g_strsplit(text, "&", -1);
        g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
        size_t n;

        for (size_t i = 0; pairs[i] != NULL; i++) {
                char *equals = strchr(pairs[i], '='), *key;

                if (equals == NULL || equals[1] == '\0')
                        continue;
                key = g_ascii_strdown(pairs[i], equals - pairs[i]);
                g_ptr_array_add(keys, g_strdup_printf("%s=%s", key, equals + 1));
                g_free(key);
        }
        g_ptr_array_sort(keys, key_order);
        n = keys->len;
        purl->keys = g_new0(char *, n + 1);
        purl->values = g_new0(char *, n + 1);
        for (size_t i = 0; i < n; i++) {
                char *pair = g_ptr_array_index(keys, i), *equals = strchr(pair, '=');

                purl->keys[i] = g_strndup(pair, (size_t)(equals - pair));
                purl->values[i] = decode(equals + 1, strlen(equals + 1));
                if (purl->values[i] == NULL)
                        return refuse("qualifiers", "a value is not percent-encoded UTF-8", error);
                if (!key_check(purl->keys[i], error))
                        return false;
                if (i > 0 && strcmp(purl->keys[i - 1], purl->keys[i]) == 0)
                        return refuse("qualifiers", "a key is given twice", error);
        }
        if (n == 0) {
                g_clear_pointer(&purl->keys, g_strfreev);
                g_clear_pointer(&purl->values, g_strfreev);
        }
        return true;
}

/* `namespace/name@version`. A scope such as `@angular` may stand unencoded at the beginning of a segment. */
static bool names_take(Purl *purl, const char *text, GError **error)
{
        const char *at = strrchr(text, '@'), *slash;
        size_t n = strlen(text);

        if (at != NULL && at > text && at[-1] != '/') {
                purl->version = empty_to_null(decode(at + 1, strlen(at + 1)));
                if (purl->version == NULL && at[1] != '\0')
                        return refuse("version", "the version is not percent-encoded UTF-8", error);
                n = (size_t)(at - text);
        } else if (at != NULL && strchr(at, '/') == NULL)
                return refuse("name", "there is no name before the version", error);
        while (n > 0 && text[n - 1] == '/')
                n--;
        slash = g_strrstr_len(text, (gssize)n, "/");
        purl->name = decode(slash == NULL ? text : slash + 1,
                            slash == NULL ? n : n - (size_t)(slash + 1 - text));
        if (purl->name == NULL || purl->name[0] == '\0')
                return refuse("name", "there is no name", error);
        if (slash != NULL) {
                purl->namespace = segments(text, (size_t)(slash - text), true);
                if (purl->namespace == NULL)
                        return refuse("namespace", "a segment is not percent-encoded UTF-8", error);
                purl->namespace = empty_to_null(purl->namespace);
        }
        return true;
}

static bool parts_take(Purl *purl, char *text, GError **error)
{
        char *hash = strrchr(text, '#'), *question, *slash;

        if (hash != NULL) {
                *hash = '\0';
                purl->subpath = segments(hash + 1, strlen(hash + 1), false);
                if (purl->subpath == NULL)
                        return refuse("subpath", "a segment is not percent-encoded UTF-8", error);
                purl->subpath = empty_to_null(purl->subpath);
        }
        question = strchr(text, '?');
        if (question != NULL) {
                *question = '\0';
                if (!qualifiers_take(purl, question + 1, error))
                        return false;
        }
        text += strspn(text, "/");
        slash = strchr(text, '/');
        if (slash == NULL)
                return refuse("name", "there is no name behind the type", error);
        if (!type_take(purl, text, (size_t)(slash - text), error))
                return false;
        return names_take(purl, slash + 1 + strspn(slash + 1, "/"), error);
}

bool purl_parse(const char *text, Purl *ret_purl, GError **error)
{
        g_auto(Purl) purl = { 0 };
        g_autofree char *copy = NULL;

        if (strlen(text) > PURL_BYTES_MAX)
                return refuse(NULL, "it is too long", error);
        if (g_ascii_strncasecmp(text, "pkg:", 4) != 0)
                return refuse(NULL, "it does not begin with pkg:", error);
        copy = g_strdup(text + 4);
        if (!parts_take(&purl, copy, error))
                return false;
        rules_apply(&purl);
        *ret_purl = purl;
        purl = (Purl){ 0 };
        return true;
}

/* ---- writing ---- */

static void segments_encode(GString *out, const char *text)
{
        g_auto(GStrv) all = g_strsplit(text, "/", -1);

        for (size_t i = 0; all[i] != NULL; i++) {
                if (i > 0)
                        g_string_append_c(out, '/');
                encode(out, all[i]);
        }
}

char *purl_format(const Purl *purl)
{
        GString *out = g_string_new("pkg:");

        g_string_append_printf(out, "%s/", purl->type);
        if (purl->namespace != NULL) {
                segments_encode(out, purl->namespace);
                g_string_append_c(out, '/');
        }
        encode(out, purl->name);
        if (purl->version != NULL) {
                g_string_append_c(out, '@');
                encode(out, purl->version);
        }
        for (size_t i = 0; purl->keys != NULL && purl->keys[i] != NULL; i++) {
                g_string_append_printf(out, "%c%s=", i == 0 ? '?' : '&', purl->keys[i]);
                encode(out, purl->values[i]);
        }
        if (purl->subpath != NULL) {
                g_string_append_c(out, '#');
                segments_encode(out, purl->subpath);
        }
        return g_string_free(out, FALSE);
}

const char *purl_qualifier(const Purl *purl, const char *key)
{
        for (size_t i = 0; purl->keys != NULL && purl->keys[i] != NULL; i++)
                if (strcmp(purl->keys[i], key) == 0)
                        return purl->values[i];
        return NULL;
}

char *purl_package(const Purl *purl)
{
        return g_strdup_printf("%s/%s/%s", purl->type, purl->namespace == NULL ? "" : purl->namespace,
                               purl->name);
}

char *purl_full_version(const Purl *purl)
{
        const char *epoch = purl_qualifier(purl, "epoch");

        if (purl->version == NULL)
                return NULL;
        if (epoch == NULL || strcmp(epoch, "0") == 0)
                return g_strdup(purl->version);
        return g_strdup_printf("%s:%s", epoch, purl->version);
}
