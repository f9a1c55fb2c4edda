#include "base/config.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

typedef struct {
        char *dir, *path;
} Fixture;

static const char *const variables[] = {
#define CONFIG(symbol, group, key, env, type, fallback, least, most, when, doc) env,
#include "base/config.def"
#undef CONFIG
};

static void set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        for (size_t i = 0; i < G_N_ELEMENTS(variables); i++)
                g_unsetenv(variables[i]);
        f->dir = g_dir_make_tmp("config-XXXXXX", NULL);
        g_assert_nonnull(f->dir);
        f->path = g_build_filename(f->dir, "zonewright.conf", NULL);
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        (void)g_unlink(f->path);
        g_assert_cmpint(g_rmdir(f->dir), ==, 0);
        g_free(f->path);
        g_free(f->dir);
}

static void write_file(Fixture *f, const char *text)
{
        g_assert_true(g_file_set_contents(f->path, text, -1, NULL));
}

static void test_defaults(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Config) none = config_load(NULL, NULL), missing = config_load(f->path, NULL);

        g_assert_nonnull(none);
        g_assert_nonnull(missing);
        g_assert_cmpint(config_int(none, ZW_CONFIG_THREADS), ==, 4);
        g_assert_cmpstr(config_text(none, ZW_CONFIG_LISTEN), ==, "127.0.0.1:62443");
        g_assert_cmpstr(config_text(missing, ZW_CONFIG_DATA_DIR), ==, "");
}

static void test_file(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Config) config = NULL;

        write_file(f, "# plant 7\n[server]\nthreads = 64\n[store]\ndata=/srv/zone one\n\n[import]\n");
        config = config_load(f->path, NULL);
        g_assert_nonnull(config);
        g_assert_cmpint(config_int(config, ZW_CONFIG_THREADS), ==, 64);
        g_assert_cmpstr(config_text(config, ZW_CONFIG_DATA_DIR), ==, "/srv/zone one");
        g_assert_cmpint(config_int(config, ZW_CONFIG_IMPORT_SECONDS), ==, 120);
}

static void test_empty_file(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Config) config = NULL;

        write_file(f, "");
        config = config_load(f->path, NULL);
        g_assert_nonnull(config);
}

static void test_environment(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Config) config = NULL;

        write_file(f, "[server]\nthreads=2\n[import]\nseconds=5\n");
        g_setenv("ZONEWRIGHT_THREADS", "3", TRUE);
        g_setenv("ZONEWRIGHT_IMPORT_SECONDS", "", TRUE);
        config = config_load(f->path, NULL);
        g_assert_nonnull(config);
        g_assert_cmpint(config_int(config, ZW_CONFIG_THREADS), ==, 3);
        g_assert_cmpint(config_int(config, ZW_CONFIG_IMPORT_SECONDS), ==, 5);
}

static void test_refused_file(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *text, *where, *message;
        } cases[] = {
                { "[server]\nthread=3\n", ":2: server.thread",
                  "*no setting \"thread\", did you mean \"threads\"?" },
                { "[server]\nzzz=3\n", ":2: server.zzz", "there is no setting \"zzz\"" },
                { "[servr]\nthreads=3\n", ":1: servr",
                  "there is no group \"servr\", did you mean \"server\"?" },
                { "[empty]\n", ":1: empty", "there is no group \"empty\"" },
                { "[server]\nthreads[de]=3\n", ":2: server.threads[de]", "*no setting*" },
                { "[server]\nthreads=0\n", ":2: server.threads",
                  "must be an integer from 1 to 64, not \"0\"" },
                { "[server]\nthreads=65\n", ":2: server.threads", "*from 1 to 64*" },
                { "[server]\nthreads=4x\n", ":2: server.threads", "*from 1 to 64*" },
                { "[server]\nthreads=\n", ":2: server.threads", "*from 1 to 64*" },
                { "[server]\nthreads=0x10\n", ":2: server.threads", "*from 1 to 64*" },
                { "[server]\nthreads=99999999999999999999\n", ":2: server.threads", "*from 1 to 64*" },
                { "[store]\ndata=a\\qb\n", ":2: store.data", "*" },
                { "\n\n# x\n[server]\n\n threads = 0 \n", ":6: server.threads", "*from 1 to 64*" },
                { "threads=3\n", ":1", "*below the ?name? of its group" },
                { "[server\nthreads=3\n", ":1", "a group is written ?name?" },
                { "[]\n", ":1", "a group is written ?name?" },
                { "[server]\nthreads\n", ":2", "a setting is written name = value" },
                { "[server]\n=3\n", ":2", "a setting is written name = value" },
                { "[store]\ndata=\xff\n", ":2", "*UTF-8" },
                { "[server]\nthreads=3\n[log]\n[server]\nthreads=4\n", ":5",
                  "\"threads\" is given twice, first in line 2" },
                { "[log]\nlevel=loud\n", ":2: log.level",
                  "must be one of debug, info, warning, error, not \"loud\"" },
                { "[log]\nlevel=Info\n", ":2: log.level", "must be one of*" },
                { "[log]\nformat=xml\n", ":2: log.format", "must be one of logfmt, json, not \"xml\"" },
                { "[server]\ninsecure_plain_http=yes\n", ":2: server.insecure_plain_http",
                  "must be one of false, true*" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autofree char *where = g_strdup_printf("%s%s", f->path, cases[i].where);

                write_file(f, cases[i].text);
                g_test_message("case %zu", i);
                g_assert_null(config_load(f->path, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, where);
                g_assert_true(g_pattern_match_simple(cases[i].message, error->message));
        }
}

static void test_refused_environment(Fixture *f G_GNUC_UNUSED, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const texts[] = { "0", "65", "-1", " 4", "4 ", "four", "4.0", "\xff" };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
                g_autoptr(GError) error = NULL;

                g_setenv("ZONEWRIGHT_THREADS", texts[i], TRUE);
                g_assert_null(config_load(NULL, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, "ZONEWRIGHT_THREADS");
        }
        g_unsetenv("ZONEWRIGHT_THREADS");
}

static void test_large_file(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *text = g_strnfill(64 * 1024 + 1, '#');
        g_autoptr(Config) config = NULL;
        g_autoptr(GError) error = NULL;

        write_file(f, text);
        g_assert_null(config_load(f->path, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        write_file(f, text + 1);
        config = config_load(f->path, NULL);
        g_assert_nonnull(config);
}

static void test_many_lines(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GString) text = g_string_new("[server]\n");
        g_autoptr(GError) error = NULL;

        for (int i = 0; i < 5000; i++)
                g_string_append_printf(text, "k%d=\n", i);
        write_file(f, text->str);
        g_assert_null(config_load(f->path, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
}

static void test_named_file(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Config) config = NULL, again = NULL;
        g_autoptr(GError) error = NULL, why = NULL;

        g_setenv("ZONEWRIGHT_CONFIG", f->path, TRUE);
        g_assert_null(config_load_default(&error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_STORAGE);
        write_file(f, "[server]\nthreads=7\n[log]\nformat=json\n");
        config = config_load_default(NULL);
        g_assert_cmpint(config_int(config, ZW_CONFIG_THREADS), ==, 7);
        g_assert_cmpint(config_int(config, ZW_CONFIG_LOG_FORMAT), ==, 1);
        g_assert_true(config_override(config, ZW_CONFIG_LISTEN, "[::1]:7", NULL));
        g_assert_false(config_override(config, ZW_CONFIG_THREADS, "0", &why));
        g_assert_error(why, ZW_ERROR, ZW_ERR_INPUT);
        g_assert_cmpstr(error_where(why), ==, "server.threads");
        write_file(f,
                   "[server]\nlisten=127.0.0.1:9\nthreads=8\ninsecure_plain_http=true\n[log]\nlevel=error\n");
        again = config_reload(config, NULL);
        g_unsetenv("ZONEWRIGHT_CONFIG");
        g_assert_cmpint(config_int(again, ZW_CONFIG_THREADS), ==, 8);
        g_assert_cmpint(config_int(again, ZW_CONFIG_LOG_LEVEL), ==, 3);
        g_assert_cmpstr(config_text(again, ZW_CONFIG_LISTEN), ==, "[::1]:7");
        g_assert_true(config_flag(again, ZW_CONFIG_PLAIN_HTTP));

        g_autofree char *stale = config_stale(config, again), *same = config_stale(again, again);

        g_assert_cmpstr(stale, ==, "server.insecure_plain_http, server.threads");
        g_assert_null(same);
}

static void test_unreadable(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(config_load(f->dir, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_STORAGE);
        g_assert_cmpstr(error_where(error), ==, f->dir);
}

static void test_write(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Out) out = out_new(100000);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(Config) config = NULL;
        json_t *list, *row;
        size_t i;

        write_file(f, "[server]\nthreads=2\n");
        g_setenv("ZONEWRIGHT_LOG", "debug", TRUE);
        config = config_load(f->path, NULL);
        config_write(config, w);
        list = json_loads(out_data(out), 0, NULL);
        g_assert_cmpuint(json_array_size(list), ==, ZW_CONFIG_COUNT);
        json_array_foreach(list, i, row)
        {
                const char *from = json_string_value(json_object_get(row, "from"));

                g_assert_nonnull(json_object_get(row, "doc"));
                g_assert_nonnull(json_object_get(row, "environment"));
                if (i == ZW_CONFIG_THREADS) {
                        g_assert_cmpstr(json_string_value(json_object_get(row, "name")), ==,
                                        "server.threads");
                        g_assert_cmpint(json_integer_value(json_object_get(row, "value")), ==, 2);
                        g_assert_cmpstr(json_string_value(json_object_get(row, "default")), ==, "4");
                        g_assert_cmpstr(from, ==, "file");
                } else {
                        g_assert_cmpstr(from, ==, i == ZW_CONFIG_LOG_LEVEL ? "environment" : "default");
                }
        }
        json_decref(list);
}

int main(int argc, char **argv)
{
        static const struct {
                const char *path;
                void (*run)(Fixture *f, gconstpointer data);
        } tests[] = {
                { "/base/config/defaults", test_defaults },
                { "/base/config/file", test_file },
                { "/base/config/empty-file", test_empty_file },
                { "/base/config/environment", test_environment },
                { "/base/config/refused-file", test_refused_file },
                { "/base/config/refused-environment", test_refused_environment },
                { "/base/config/large-file", test_large_file },
                { "/base/config/many-lines", test_many_lines },
                { "/base/config/named-file", test_named_file },
                { "/base/config/unreadable", test_unreadable },
                { "/base/config/write", test_write },
        };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
        return g_test_run();
}
