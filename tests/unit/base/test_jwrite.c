#include "base/jwrite.h"

#include <string.h>

static void test_nesting(void)
{
        g_autoptr(Out) out = out_new(1000);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", "ZN-1");
        jwrite_key_int(w, "sl", -3);
        jwrite_key(w, "empty");
        jwrite_array_begin(w);
        jwrite_array_end(w);
        jwrite_key(w, "list");
        jwrite_array_begin(w);
        jwrite_bool(w, true);
        jwrite_null(w);
        jwrite_object_begin(w);
        jwrite_object_end(w);
        jwrite_raw(w, "{\"r\":1}", 7);
        jwrite_int(w, INT64_MIN);
        jwrite_string_n(w, "a\0b", 3);
        jwrite_array_end(w);
        jwrite_key_bool(w, "ok", false);
        jwrite_key_null(w, "none");
        jwrite_key_string(w, "absent", NULL);
        jwrite_object_end(w);
        g_assert_cmpstr(out_data(jwrite_out(w)), ==,
                        "{\"key\":\"ZN-1\",\"sl\":-3,\"empty\":[],\"list\":[true,null,{},{\"r\":1},"
                        "-9223372036854775808,\"a\\u0000b\"],\"ok\":false,\"none\":null,\"absent\":null}");
}

static void test_lines(void)
{
        g_autoptr(Out) out = out_new(100);
        g_autoptr(JWrite) w = jwrite_new(out);

        for (int i = 0; i < 2; i++) {
                jwrite_object_begin(w);
                jwrite_key_int(w, "i", i);
                jwrite_object_end(w);
                out_char(out, '\n');
        }
        g_assert_cmpstr(out_data(out), ==, "{\"i\":0}\n{\"i\":1}\n");
}

static void test_json(void)
{
        static const char text[] = "{\"z\":[1,2.5,true,false,null,\"\\u00e9\"],\"a\":{}}";
        g_autoptr(Out) out = out_new(1000);
        g_autoptr(JWrite) w = jwrite_new(out);
        json_t *value = json_loads(text, 0, NULL);

        jwrite_array_begin(w);
        jwrite_json(w, value);
        jwrite_json(w, value);
        jwrite_array_end(w);
        json_decref(value);
        g_assert_cmpstr(out_data(out), ==,
                        "[{\"z\":[1,2.5,true,false,null,\"\xc3\xa9\"],\"a\":{}},"
                        "{\"z\":[1,2.5,true,false,null,\"\xc3\xa9\"],\"a\":{}}]");
}

static void test_key_json(void)
{
        g_autoptr(Out) out = out_new(1000);
        g_autoptr(JWrite) w = jwrite_new(out);
        json_t *value = json_integer(7);

        jwrite_object_begin(w);
        jwrite_key_json(w, "a\"b", value);
        jwrite_object_end(w);
        json_decref(value);
        g_assert_cmpstr(out_data(out), ==, "{\"a\\\"b\":7}");
}

static void test_limit(void)
{
        g_autoptr(Out) out = out_new(6);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_array_begin(w);
        jwrite_string(w, "too long");
        jwrite_array_end(w);
        g_assert_false(out_check(out, NULL));
}

typedef void (*Misuse)(JWrite *w);

static void value_without_key(JWrite *w)
{
        jwrite_object_begin(w);
        jwrite_int(w, 1);
}

static void key_in_array(JWrite *w)
{
        jwrite_array_begin(w);
        jwrite_key(w, "k");
}

static void key_at_top(JWrite *w)
{
        jwrite_key(w, "k");
}

static void two_keys(JWrite *w)
{
        jwrite_object_begin(w);
        jwrite_key(w, "a");
        jwrite_key(w, "b");
}

static void end_without_value(JWrite *w)
{
        jwrite_object_begin(w);
        jwrite_key(w, "a");
        jwrite_object_end(w);
}

static void wrong_end(JWrite *w)
{
        jwrite_array_begin(w);
        jwrite_object_end(w);
}

static void end_too_often(JWrite *w)
{
        jwrite_array_end(w);
}

static void too_deep(JWrite *w)
{
        for (int i = 0; i < 257; i++)
                jwrite_array_begin(w);
}

/* Wrong nesting would be an untrue document, so it ends the program. */
static void test_misuse(gconstpointer data)
{
        g_autoptr(Out) out = NULL;
        g_autoptr(JWrite) w = NULL;
        Misuse misuse;

        memcpy(&misuse, data, sizeof(misuse));
        if (!g_test_subprocess()) {
                g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
                g_test_trap_assert_failed();
                g_test_trap_assert_stderr("*jwrite*assertion*");
                return;
        }
        out = out_new(1000);
        w = jwrite_new(out);
        misuse(w);
}

int main(int argc, char **argv)
{
        static const struct {
                const char *path;
                Misuse misuse;
        } misuses[] = {
                { "/base/jwrite/misuse/value-without-key", value_without_key },
                { "/base/jwrite/misuse/key-in-array", key_in_array },
                { "/base/jwrite/misuse/key-at-top", key_at_top },
                { "/base/jwrite/misuse/two-keys", two_keys },
                { "/base/jwrite/misuse/end-without-value", end_without_value },
                { "/base/jwrite/misuse/wrong-end", wrong_end },
                { "/base/jwrite/misuse/end-too-often", end_too_often },
                { "/base/jwrite/misuse/too-deep", too_deep },
        };

        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/jwrite/nesting", test_nesting);
        g_test_add_func("/base/jwrite/lines", test_lines);
        g_test_add_func("/base/jwrite/json", test_json);
        g_test_add_func("/base/jwrite/key-json", test_key_json);
        g_test_add_func("/base/jwrite/limit", test_limit);
        for (size_t i = 0; i < G_N_ELEMENTS(misuses); i++)
                g_test_add_data_func(misuses[i].path, &misuses[i].misuse, test_misuse);
        return g_test_run();
}
