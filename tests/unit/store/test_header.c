/* Headers of commits read from their bytes and as JSON give the same, whatever stands in them. */
#include "base/canon.h"
#include "base/error.h"
#include "model/op.h"
#include "store/internal.h"
#include <string.h>

static GBytes *header_bytes(size_t n_ops, int n_parents, const char *request)
{
        g_autofree Digest *ops = g_new(Digest, n_ops);
        CommitHeader header = { .log = id_new(),
                                .seq = 4711,
                                .n_parents = n_parents,
                                .actor = id_new(),
                                .time = INT64_C(1767225600123),
                                .origin = ORIGIN_IMPORT,
                                .request = request,
                                .metamodel = 1,
                                .editorial = n_ops == 2,
                                .ops = ops,
                                .n_ops = n_ops };
        g_autoptr(GError) error = NULL;
        GBytes *bytes;

        random_bytes(ops, n_ops * sizeof(Digest));
        random_bytes(header.parents, sizeof(header.parents));
        bytes = commit_header_encode(&header, &error);
        g_assert_no_error(error);
        return bytes;
}

static void assert_list(const HeaderList *list, const json_t *json)
{
        g_assert_cmpuint(list->n, ==, json_array_size(json));
        for (size_t i = 0; i < list->n + 1; i++)
                g_assert_cmpstr(header_list_get(list, i), ==, json_string_value(json_array_get(json, i)));
}

/* What header_open says of the bytes is what JSON says of them. */
static bool opens(const char *bytes, size_t n)
{
        g_auto(OpenHeader) open = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) json = jread_parse(bytes, n, NULL);
        g_autoptr(GBytes) again = json == NULL ? NULL : canon_bytes(json, n, NULL);

        if (!header_open(bytes, n, &open, &error)) {
                g_assert_error(error, ZW_ERROR, ZW_ERR_DAMAGED);
                return false;
        }
        g_assert_nonnull(json);
        g_assert_cmpint(open.canonical, ==,
                        again != NULL && g_bytes_get_size(again) == n &&
                                memcmp(g_bytes_get_data(again, NULL), bytes, n) == 0);
        g_assert_cmpstr(open.actor, ==, jread_get_string(json, "actor"));
        g_assert_cmpstr(open.log, ==, jread_get_string(json, "log"));
        g_assert_cmpstr(open.message, ==, jread_get_string(json, "message"));
        g_assert_cmpstr(open.origin, ==, jread_get_string(json, "origin"));
        g_assert_cmpstr(open.request, ==, jread_get_string(json, "request"));
        g_assert_cmpstr(open.time, ==, jread_get_string(json, "time"));
        g_assert_cmpint(open.seq, ==, jread_get_int(json, "seq", -1));
        g_assert_cmpint(open.format, ==, jread_get_int(json, "format", -1));
        g_assert_cmpint(open.editorial, ==, jread_get_bool(json, "editorial", false));
        assert_list(&open.ops, json_object_get(json, "ops"));
        assert_list(&open.parents, json_object_get(json, "parents"));
        return true;
}

static const struct {
        size_t ops;
        int parents;
        const char *request;
} made[] = {
        { 1, 1, NULL },
        { 2, 2, "a request" },
        { 1, 1,
          "Gr\xc3\xbc\xc3\x9f"
          "e" },
        { 3, 1, "\"\\\n" },
        { 300, 2, "r" },
};

static void test_as_written(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(made); i++) {
                g_autoptr(GBytes) bytes = header_bytes(made[i].ops, made[i].parents, made[i].request);
                g_auto(OpenHeader) open = { 0 };
                size_t n;
                const char *text = g_bytes_get_data(bytes, &n);

                g_assert_true(opens(text, n));
                g_assert_true(header_open(text, n, &open, NULL));
                g_assert_true(open.canonical);
                g_assert_cmpuint(open.ops.n, ==, made[i].ops);
        }
}

/* Each byte another one, gone, or twice; and each beginning. */
static void test_altered(void)
{
        static const char others[] = "\"\\,:[]{}0 1-x\x7f\n";
        g_autoptr(GBytes) bytes = header_bytes(1, 1, "r-1");
        g_autofree char *copy = g_malloc(g_bytes_get_size(bytes) + 1);
        size_t n, opened = 0;
        const char *text = g_bytes_get_data(bytes, &n);

        for (size_t at = 0; at < n; at++) {
                memcpy(copy, text, n);
                copy[at] = others[at % strlen(others)];
                opened += opens(copy, n);
                memcpy(copy, text, at);
                g_assert_false(opens(copy, at));
                memcpy(copy + at, text + at + 1, n - at - 1);
                opened += opens(copy, n - 1);
                memcpy(copy, text, at + 1);
                memcpy(copy + at + 1, text + at, n - at);
                opened += opens(copy, n + 1);
        }
        g_assert_cmpuint(opened, >, n); /* most bytes stand in texts */
        g_assert_cmpuint(opened, <, 3 * n);
}

/* What a database gives for no bytes at all. */
static void test_empty(void)
{
        g_auto(OpenHeader) open = { 0 };
        g_autoptr(GError) error = NULL;

        g_assert_false(header_open(NULL, 0, &open, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_DAMAGED);
}

/* Other forms of what may be written: read, and not taken for the one form. */
static void test_other_forms(void)
{
        static const struct {
                const char *from, *to;
        } forms[] = {
                { "\"seq\":4711", "\"seq\":04711" },
                { "\"seq\":4711", "\"seq\":-4711" },
                { "\"seq\":4711", "\"seq\":0" },
                { "\"seq\":4711", "\"seq\":4711.0" },
                { "\"seq\":4711", "\"seq\":9007199254740991" },
                { "\"seq\":4711", "\"seq\":9007199254740992" },
                { "\"seq\":4711", "\"seq\": 4711" },
                { "\"seq\":4711", "\"seq\":4711,\"seq\":4711" },
                { "\"seq\":4711", "\"later\":1,\"seq\":4711" },
                { "\"format\":1", "\"format\":true" },
                { "\"editorial\":false", "\"editorial\":0" },
                { "\"request\":\"r-1\"", "\"request\":\"r\\u002d1\"" },
                { "\"request\":\"r-1\"", "\"request\":\"r\\u00001\"" },
                { "\"request\":\"r-1\",", "" },
                { "\"ops\":[", "\"ops\":[1," },
                { "\"ops\":[", "\"ops\":[\"short\"," },
                { "\"parents\":[", "\"parents\":[]  ,\"p\":[" },
        };
        g_autoptr(GBytes) bytes = header_bytes(1, 1, "r-1");
        g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

        for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
                g_autoptr(GString) other = g_string_new(text);

                g_assert_cmpuint(g_string_replace(other, forms[i].from, forms[i].to, 0), ==, 1);
                (void)opens(other->str, other->len);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/store/header/as-written", test_as_written);
        g_test_add_func("/store/header/altered", test_altered);
        g_test_add_func("/store/header/empty", test_empty);
        g_test_add_func("/store/header/other-forms", test_other_forms);
        return g_test_run();
}
