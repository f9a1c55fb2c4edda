#include "base/newfile.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
        char *dir, *path;
} Fixture;

static void set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        f->dir = g_dir_make_tmp("zw-newfile-XXXXXX", NULL);
        f->path = g_build_filename(f->dir, "file", NULL);
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_unlink(f->path);
        g_assert_cmpint(g_rmdir(f->dir), ==, 0); /* nothing else is left behind */
        g_free(f->dir);
        g_free(f->path);
}

static NewFile *begin(const Fixture *f)
{
        NewFile *file = newfile_begin(f->path, NEWFILE_FRESH, NULL);

        g_assert_nonnull(file);
        g_assert_cmpint(write(newfile_fd(file), "abc", 3), ==, 3);
        return file;
}

static void test_placed(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(NewFile) file = begin(f);
        g_autofree char *text = NULL;
        struct stat facts;

        g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
        g_assert_true(newfile_place(file, NULL));
        g_assert_true(g_file_get_contents(f->path, &text, NULL, NULL));
        g_assert_cmpstr(text, ==, "abc");
        g_assert_cmpint(g_stat(f->path, &facts), ==, 0);
        g_assert_cmpuint(facts.st_mode & 0777, ==, 0600);
}

static void test_given_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        newfile_free(begin(f));
        newfile_free(NULL);
        g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
}

static void test_taken(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(NewFile) file = begin(f);
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;

        g_assert_true(g_file_set_contents(f->path, "other", -1, NULL));
        g_assert_false(newfile_place(file, &error)); /* somebody took the name meanwhile */
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_clear_error(&error);
        g_assert_null(newfile_begin(f->path, NEWFILE_FRESH, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_EXISTS);
        g_assert_cmpstr(error_where(error), ==, f->path);
        g_assert_true(g_file_get_contents(f->path, &text, NULL, NULL));
        g_assert_cmpstr(text, ==, "other");
}

static void test_replaced(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                NewFileKind kind;
                mode_t mode;
        } cases[] = { { NEWFILE_PRIVATE, 0600 }, { NEWFILE_SHARED, 0644 } };
        mode_t mask = umask(022);

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(NewFile) file = NULL;
                g_autofree char *text = NULL;
                struct stat facts;

                g_assert_true(g_file_set_contents(f->path, "old", -1, NULL));
                file = newfile_begin(f->path, cases[i].kind, NULL);
                g_assert_nonnull(file);
                g_assert_cmpint(write(newfile_fd(file), "new", 3), ==, 3);
                g_assert_true(g_file_get_contents(f->path, &text, NULL, NULL));
                g_assert_cmpstr(text, ==, "old");
                g_assert_true(newfile_place(file, NULL));
                g_free(g_steal_pointer(&text));
                g_assert_true(g_file_get_contents(f->path, &text, NULL, NULL));
                g_assert_cmpstr(text, ==, "new");
                g_assert_cmpint(g_stat(f->path, &facts), ==, 0);
                g_assert_cmpuint(facts.st_mode & 0777, ==, cases[i].mode);
        }
        umask(mask);
}

static void test_no_directory(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *path = g_build_filename(f->dir, "none", "file", NULL);
        g_autoptr(GError) error = NULL;

        g_assert_null(newfile_begin(path, NEWFILE_FRESH, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_STORAGE);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/base/newfile/placed", Fixture, NULL, set_up, test_placed, tear_down);
        g_test_add("/base/newfile/given-up", Fixture, NULL, set_up, test_given_up, tear_down);
        g_test_add("/base/newfile/taken", Fixture, NULL, set_up, test_taken, tear_down);
        g_test_add("/base/newfile/replaced", Fixture, NULL, set_up, test_replaced, tear_down);
        g_test_add("/base/newfile/no-directory", Fixture, NULL, set_up, test_no_directory, tear_down);
        return g_test_run();
}
