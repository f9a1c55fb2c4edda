#include "base/jdoc.h"

#include "base/error.h"
#include "base/jcheck.h"
#include "bytes.h"

#include <math.h>
#include <string.h>

static JDoc *parse_n(const char *text, size_t n, size_t depth, GError **error)
{
        g_autoptr(GBytes)
                bytes = g_bytes_new(text, n); /* a copy of its own, so that ASan sees each over-read */

        return jdoc_parse(bytes, depth, error);
}

static JDoc *parse(const char *text)
{
        g_autoptr(GError) error = NULL;
        JDoc *doc = parse_n(text, strlen(text), 100, &error);

        g_assert_no_error(error);
        g_assert_nonnull(doc);
        return doc;
}

static void test_types(void)
{
        g_autoptr(JDoc) doc = parse("{\"n\":null,\"t\":true,\"f\":false,\"i\":-9223372036854775808,"
                                    "\"u\":18446744073709551615,\"r\":1.5,\"s\":\"x\",\"a\":[],\"o\":{}}");
        JVal root = jdoc_root(doc);
        int64_t i = 7;
        double r = 7;
        bool b = false;

        g_assert_cmpint(root.type, ==, JVAL_OBJECT);
        g_assert_cmpuint(jval_count(root), ==, 9);
        g_assert_cmpint(jval_get(root, "n").type, ==, JVAL_NULL);
        g_assert_true(jval_bool(jval_get(root, "t"), &b) && b);
        g_assert_true(jval_bool(jval_get(root, "f"), &b) && !b);
        g_assert_true(jval_int(jval_get(root, "i"), &i) && i == INT64_MIN);
        g_assert_true(jval_real(jval_get(root, "i"), &r) && r == -9223372036854775808.0);
        g_assert_false(jval_int(jval_get(root, "u"), &i));
        g_assert_true(jval_real(jval_get(root, "u"), &r) && r == 18446744073709551616.0);
        g_assert_false(jval_int(jval_get(root, "r"), &i));
        g_assert_true(jval_real(jval_get(root, "r"), &r) && r == 1.5);
        g_assert_cmpstr(jval_get_text(root, "s"), ==, "x");
        g_assert_cmpint(jval_get(root, "a").type, ==, JVAL_ARRAY);
        g_assert_cmpint(jval_get(root, "o").type, ==, JVAL_OBJECT);
        g_assert_cmpint(i, ==, INT64_MIN);
}

static void test_wrong_type(void)
{
        g_autoptr(JDoc) doc = parse("{\"s\":\"1\",\"b\":true}");
        JVal root = jdoc_root(doc), text = jval_get(root, "s"), none = jval_get(root, "none");
        int64_t i = 7;
        double r = 7;
        bool b = true;

        g_assert_cmpint(none.type, ==, JVAL_NONE);
        g_assert_cmpuint(none.at, ==, 0);
        g_assert_false(jval_int(text, &i) || jval_real(text, &r) || jval_bool(text, &b));
        g_assert_false(jval_int(none, &i) || jval_real(none, &r) || jval_bool(none, &b));
        g_assert_false(jval_int(jval_get(root, "b"), &i));
        g_assert_null(jval_text(jval_get(root, "b"), NULL));
        g_assert_null(jval_text(none, NULL));
        g_assert_null(jval_get_text(root, "b"));
        g_assert_cmpint(jval_get(text, "s").type, ==, JVAL_NONE);
        g_assert_cmpint(jval_get(none, "s").type, ==, JVAL_NONE);
        g_assert_cmpuint(jval_count(text) + jval_count(none), ==, 0);
        g_assert_true(i == 7 && r == 7 && b);
}

static void test_iterate(void)
{
        g_autoptr(JDoc) doc = parse("[1,[2,[3]],{\"a\":4,\"b\":{\"c\":5}},\"six\",7.5,[]]");
        JVal root = jdoc_root(doc), value;
        JIter iter = jval_iter(root);
        static const JValType types[] = { JVAL_INT,    JVAL_ARRAY, JVAL_OBJECT,
                                          JVAL_STRING, JVAL_REAL,  JVAL_ARRAY };
        size_t n = 0;

        while (jiter_next(&iter, &value))
                g_assert_cmpint(value.type, ==, types[n++]);
        g_assert_cmpuint(n, ==, G_N_ELEMENTS(types));
        g_assert_false(jiter_next(&iter, &value));
        g_assert_cmpuint(jval_count(root), ==, 6);
        g_assert_cmpint(value.type, ==, JVAL_ARRAY);
        iter = jval_iter(value);
        g_assert_false(jiter_next(&iter, &value));
}

static void test_iterate_members(void)
{
        g_autoptr(JDoc) doc = parse("{\"\":1,\"k\\u0000x\":[2],\"b\":{\"c\":5}}");
        JIter iter = jval_iter(jdoc_root(doc)), values = iter;
        const char *key = NULL;
        size_t n = 0;
        JVal value;

        g_assert_true(jiter_next_member(&iter, &key, &n, &value));
        assert_bytes(key, n, "", 0);
        g_assert_true(jiter_next_member(&iter, &key, &n, &value));
        assert_bytes(key, n, "k\0x", 3);
        g_assert_true(jiter_next_member(&iter, &key, NULL, &value));
        g_assert_cmpstr(key, ==, "b");
        g_assert_cmpint(value.type, ==, JVAL_OBJECT);
        g_assert_false(jiter_next_member(&iter, &key, &n, &value));
        g_assert_true(jiter_next(&values, &value));
        g_assert_cmpint(value.type, ==, JVAL_INT);
}

static void test_iterate_others(void)
{
        g_autoptr(JDoc) doc = parse("[1]");
        JIter iter = jval_iter(jdoc_root(doc));
        const char *key = NULL;
        JVal value, none = jval_get(jdoc_root(doc), "x");

        g_assert_false(jiter_next_member(&iter, &key, NULL, &value));
        g_assert_true(jiter_next(&iter, &value));
        iter = jval_iter(value);
        g_assert_false(jiter_next(&iter, &value));
        iter = jval_iter(none);
        g_assert_false(jiter_next(&iter, &value));
        g_assert_false(jiter_next_member(&iter, &key, NULL, &value));
        g_assert_null(key);
}

static void test_duplicate_keys(void)
{
        g_autoptr(JDoc) doc = parse("{\"a\":1,\"b\":2,\"a\":3}");
        int64_t i = 0;

        g_assert_true(jval_int(jval_get(jdoc_root(doc), "a"), &i));
        g_assert_cmpint(i, ==, 1);
        g_assert_cmpuint(jval_count(jdoc_root(doc)), ==, 3);
}

static void test_texts(void)
{
        g_autoptr(JDoc) doc = parse("[\"\",\"a\\u0000b\",\"\\u00e9\\ud83d\\ude00\\n\",\"\xc3\xa9\"]");
        static const struct {
                const char *text;
                size_t n;
        } expected[] = { { "", 0 }, { "a\0b", 3 }, { "\xc3\xa9\xf0\x9f\x98\x80\n", 7 }, { "\xc3\xa9", 2 } };
        JIter iter = jval_iter(jdoc_root(doc));
        JVal value;

        for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
                const char *text;
                size_t n;

                g_assert_true(jiter_next(&iter, &value));
                text = jval_text(value, &n);
                assert_bytes(text, n, expected[i].text, expected[i].n);
                g_assert_cmpint(text[n], ==, '\0');
        }
}

static void test_scalar_roots(void)
{
        static const struct {
                const char *text;
                JValType type;
        } cases[] = { { "1", JVAL_INT },     { " null ", JVAL_NULL }, { "\"x\"", JVAL_STRING },
                      { "true", JVAL_BOOL }, { "-1.5", JVAL_REAL },   { "[]", JVAL_ARRAY },
                      { "{}", JVAL_OBJECT } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(JDoc) doc = parse(cases[i].text);

                g_assert_cmpint(jdoc_root(doc).type, ==, cases[i].type);
        }
}

static void test_byte_order_mark(void)
{
        g_autoptr(JDoc) doc = parse("\xef\xbb\xbf[1]");
        g_autoptr(GError) error = NULL;

        g_assert_cmpuint(jval_count(jdoc_root(doc)), ==, 1);
        g_assert_null(parse_n("\xef\xbb\xbf[x]", 6, 100, &error));
        g_assert_cmpstr(error_where(error), ==, "byte 4");
}

static void test_refused(void)
{
        static const struct {
                const char *text;
                size_t n;
                ZwErrorCode code;
                const char *where;
        } cases[] = {
                { "", 0, ZW_ERR_INPUT, "byte 0" },
                { "\xef\xbb\xbf", 3, ZW_ERR_INPUT, "byte 3" },
                { "  \n", 3, ZW_ERR_INPUT, "byte 3" },
                { "{\"a\":1", 6, ZW_ERR_INPUT, "byte 6" },
                { "[1,]", 4, ZW_ERR_INPUT, "byte 3" },
                { "{\"a\":1}x", 8, ZW_ERR_INPUT, "byte 7" },
                { "[1] [2]", 7, ZW_ERR_INPUT, "byte 4" },
                { "{'a':1}", 7, ZW_ERR_INPUT, "byte 1" },
                { "[01]", 4, ZW_ERR_INPUT, "byte 2" },
                { "[nul]", 5, ZW_ERR_INPUT, "byte 4" },
                { "\"abc", 4, ZW_ERR_INPUT, "byte 4" },
                { "[\"a\nb\"]", 7, ZW_ERR_INPUT, "byte 3" },
                { "[\"\\q\"]", 6, ZW_ERR_INPUT, "byte 3" },
                { "[\"\\ud800\"]", 10, ZW_ERR_INPUT, "byte 2" },
                { "[18446744073709551616]", 22, ZW_ERR_INPUT, "byte 1" },
                { "[1e999]", 7, ZW_ERR_INPUT, "byte 1" },
                { "[1]\0", 4, ZW_ERR_INPUT, "byte 3" },
                { "PK\x03\x04", 4, ZW_ERR_INPUT, "byte 0" },
                { "[\"\xff\"]", 5, ZW_ERR_ENCODING, "byte 2" },
                { "[\"\xc3\"]", 5, ZW_ERR_ENCODING, "byte 2" },
                { "[\"\xed\xa0\x80\"]", 7, ZW_ERR_ENCODING, "byte 2" },
                { "\xff\xfe[\0]\0", 6, ZW_ERR_ENCODING, "byte 0" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;

                g_assert_null(parse_n(cases[i].text, cases[i].n, 100, &error));
                g_assert_error(error, ZW_ERROR, (int)cases[i].code);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

/* `depth` brackets around `core`. */
static char *nested(size_t depth, const char *core)
{
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < depth; i++)
                g_string_append(text, i % 2 == 0 ? "[" : "{\"k\":");
        g_string_append(text, core);
        for (size_t i = depth; i-- > 0;)
                g_string_append_c(text, i % 2 == 0 ? ']' : '}');
        return g_string_free(text, FALSE);
}

static void test_depth(void)
{
        static const struct {
                size_t brackets;
                const char *core;
                bool good;
        } cases[] = {
                { 100, "1", true },   { 99, "[]", true },
                { 99, "{}", true },   { 99, "[1.5,2,\"]\"]", true },
                { 101, "1", false },  { 100, "[]", false },
                { 100, "{}", false }, { 100, "[7,8]", false },
                { 5000, "", false },  { 100000, "", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = nested(cases[i].brackets, cases[i].core);
                g_autoptr(GError) error = NULL;
                g_autoptr(JDoc) doc = parse_n(text, strlen(text), 100, &error);

                g_assert_cmpint(doc != NULL, ==, cases[i].good);
                if (doc != NULL)
                        continue;
                g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
                g_assert_true(g_str_has_prefix(error_where(error), "byte "));
        }
}

static void test_depth_bounds(void)
{
        g_autofree char *deepest = nested(1000, "1"), *deeper = nested(1001, "1");
        g_autoptr(GError) error = NULL;
        g_autoptr(JDoc) doc = parse_n(deepest, strlen(deepest), 1000, NULL);
        g_autoptr(JDoc) flat = parse_n("[]", 2, 1, NULL);

        g_assert_nonnull(doc);
        g_assert_nonnull(flat);
        g_assert_null(parse_n("[[]]", 4, 1, NULL));
        g_assert_null(parse_n(deeper, strlen(deeper), 1000000, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
}

/* What one parser takes the slow check takes too, and the other way round: edits of a real text at random. */
static void test_agrees_with_check(void)
{
        static const char base[] =
                "{\"a\":[1,-2.5e3,true,false,null,\"x\\n\\u00e9\"],\"b\":{\"c\":[],\"d\":{}}}";
        static const char picks[] = "{}[],:\"\\0123456789.-+eEtrufalsn \n\x01\x7fu";

        for (int round = 0; round < 100000; round++) {
                char text[sizeof(base)];
                size_t n = sizeof(base) - 1;
                g_autoptr(JDoc) doc = NULL;
                JFault fault;

                memcpy(text, base, sizeof(base));
                for (int edits = g_test_rand_int_range(1, 4); edits > 0; edits--)
                        text[g_test_rand_int_range(0, (gint32)n)] =
                                picks[g_test_rand_int_range(0, sizeof(picks) - 1)];
                if (g_test_rand_bit())
                        n = (size_t)g_test_rand_int_range(1, (gint32)n + 1);
                doc = parse_n(text, n, 100, NULL);
                if ((doc != NULL) != jcheck_text(text, n, 100, &fault))
                        g_error("the two differ on: %.*s", (int)n, text);
        }
}

/* More elements than the count on simdjson's tape can say. */
static void test_many_elements(void)
{
        const size_t n = 0xffffff + 10;
        g_autofree char *text = g_malloc(2 * n + 1);
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(JDoc) doc = NULL;

        for (size_t i = 0; i < n; i++)
                memcpy(text + 2 * i + 1, "1,", 2);
        text[0] = '[';
        text[2 * n] = ']';
        bytes = g_bytes_new_static(text, 2 * n + 1);
        doc = jdoc_parse(bytes, 10, NULL);
        g_assert_nonnull(doc);
        g_assert_cmpuint(jval_count(jdoc_root(doc)), ==, n);
}

/* Parses every .json file below `path` and gives their number. */
static size_t parse_folder(const char *path)
{
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        const char *name;
        size_t n = 0;

        g_assert_nonnull(dir);
        while ((name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *file = g_build_filename(path, name, NULL), *text = NULL;
                g_autoptr(GBytes) bytes = NULL;
                g_autoptr(JDoc) doc = NULL;
                size_t size;

                if (g_file_test(file, G_FILE_TEST_IS_DIR)) {
                        n += parse_folder(file);
                        continue;
                }
                if (!g_str_has_suffix(name, ".json"))
                        continue;
                g_assert_true(g_file_get_contents(file, &text, &size, NULL));
                bytes = g_bytes_new(text, size);
                doc = jdoc_parse(bytes, 100, NULL);
                g_assert_nonnull(doc);
                g_assert_cmpint(jdoc_root(doc).type, ==, JVAL_OBJECT);
                n++;
        }
        return n;
}

static void test_real_files(void)
{
        const char *shared = g_getenv("ZONEWRIGHT_SHARED");
        g_autofree char *path = shared != NULL ? g_build_filename(shared, "corpus", "cyclonedx", NULL) : NULL;

        if (path == NULL || !g_file_test(path, G_FILE_TEST_IS_DIR)) {
                g_test_skip("ZONEWRIGHT_SHARED names no folder with corpus/cyclonedx");
                return;
        }
        g_assert_cmpuint(parse_folder(path), >=, 20);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/jdoc/types", test_types);
        g_test_add_func("/base/jdoc/wrong-type", test_wrong_type);
        g_test_add_func("/base/jdoc/iterate", test_iterate);
        g_test_add_func("/base/jdoc/iterate-members", test_iterate_members);
        g_test_add_func("/base/jdoc/iterate-others", test_iterate_others);
        g_test_add_func("/base/jdoc/duplicate-keys", test_duplicate_keys);
        g_test_add_func("/base/jdoc/texts", test_texts);
        g_test_add_func("/base/jdoc/scalar-roots", test_scalar_roots);
        g_test_add_func("/base/jdoc/byte-order-mark", test_byte_order_mark);
        g_test_add_func("/base/jdoc/refused", test_refused);
        g_test_add_func("/base/jdoc/depth", test_depth);
        g_test_add_func("/base/jdoc/depth-bounds", test_depth_bounds);
        g_test_add_func("/base/jdoc/agrees-with-check", test_agrees_with_check);
        g_test_add_func("/base/jdoc/many-elements", test_many_elements);
        g_test_add_func("/base/jdoc/real-files", test_real_files);
        return g_test_run();
}
