/* Runs every seed and every past find through its target once: `make test` without libFuzzer. */
#include "target.h"

#include <glib.h>
#include <string.h>

static const char *const folders[] = { "seeds", "regressions" };

static int by_name(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The files of a target in one folder, in the order of their names. */
static GPtrArray *files_of(const char *folder, const char *target)
{
        GPtrArray *files = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *path = g_build_filename(g_getenv("ZONEWRIGHT_SOURCE"), "tests", "fuzz", folder,
                                                 target, NULL);
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
                g_ptr_array_add(files, g_build_filename(path, name, NULL));
        g_ptr_array_sort(files, by_name);
        return files;
}

static void test_replay(gconstpointer data)
{
        const size_t target = GPOINTER_TO_SIZE(data);
        guint n_seeds = 0;

        target_run(target, NULL, 0);
        for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
                g_autoptr(GPtrArray) files = files_of(folders[i], target_name(target));

                n_seeds += i == 0 ? files->len : 0;
                for (guint j = 0; j < files->len; j++) {
                        g_autoptr(GError) error = NULL;
                        g_autofree char *bytes = NULL;
                        gsize n;

                        g_test_message("%s", (const char *)g_ptr_array_index(files, j));
                        g_file_get_contents(g_ptr_array_index(files, j), &bytes, &n, &error);
                        g_assert_no_error(error);
                        target_run(target, (const uint8_t *)bytes, n);
                        /* Cut short it is another file. */
                        for (size_t part = 1; part < 8; part++)
                                target_run(target, (const uint8_t *)bytes, n * part / 8);
                }
        }
        g_assert_cmpuint(n_seeds, >, 0); /* a format without a seed is not fuzzed in earnest */
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        target_init();
        for (size_t i = 0; target_name(i) != NULL; i++) {
                g_autofree char *path = g_strdup_printf("/fuzz/replay/%s", target_name(i));

                g_test_add_data_func(path, GSIZE_TO_POINTER(i), test_replay);
        }
        return g_test_run();
}
