/* A scratch file keeps what is written, has no name, and is closed in what a process becomes. */
#include "base/error.h"
#include "base/scratch.h"

#include <fcntl.h>
#include <sys/stat.h>

static void test_file(void)
{
        g_auto(Fd) fd = scratch_open(g_get_tmp_dir(), NULL);
        struct stat about;
        char back[4];

        g_assert_cmpint(fd, >=, 0);
        g_assert_cmpint(fstat(fd, &about), ==, 0);
        g_assert_cmpint((int)about.st_nlink, ==, 0);
        g_assert_cmpint(fcntl(fd, F_GETFD) & FD_CLOEXEC, !=, 0);
        g_assert_cmpint(write(fd, "some", 4), ==, 4);
        g_assert_cmpint(pread(fd, back, 4, 0), ==, 4);
        g_assert_true(memcmp(back, "some", sizeof(back)) == 0);
}

static void test_none(void)
{
        g_autoptr(GError) error = NULL;

        g_assert_cmpint(scratch_open("/nowhere/at/all", &error), ==, -1);
        g_assert_error(error, ZW_ERROR, ZW_ERR_STORAGE);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/scratch/file", test_file);
        g_test_add_func("/scratch/none", test_none);
        return g_test_run();
}
