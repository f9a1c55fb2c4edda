/* Tables of others, kept beside the tree. A test that needs one skips, and says so, where it is absent. */
#ifndef TESTS_TABLE_H
#define TESTS_TABLE_H

#include <glib.h>
#include <string.h>

/* The lines of `shared/corpus/NAME`, ended by NULL; NULL, with the test marked as skipped, when it is not there. */
static inline char **table_lines(const char *name)
{
        const char *shared = g_getenv("ZONEWRIGHT_SHARED");
        g_autofree char *path = shared == NULL ? NULL : g_build_filename(shared, "corpus", name, NULL);
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;

        if (path == NULL || !g_file_test(path, G_FILE_TEST_EXISTS)) {
                g_autofree char *why = g_strdup_printf("%s is not in the shared folder", name);

                g_test_skip(why);
                return NULL;
        }
        g_assert_true(g_file_get_contents(path, &text, NULL, &error));
        g_assert_no_error(error);
        return g_strsplit(text, "\n", -1);
}

#endif
