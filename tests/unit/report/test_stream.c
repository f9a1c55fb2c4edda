/* The stream: memory stays small, the digest is that of what was written, and failures are told. */
#include "base/error.h"
#include "report/stream.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void fill(Out *out, size_t n)
{
        static const char line[] = "0123456789abcdef";

        for (size_t i = 0; i < n; i += 16)
                out_bytes(out, line, 16);
}

static void test_file(void)
{
        enum { ROWS = 3000, ROW = 4096 };
        g_autofree char *name = g_build_filename(g_get_tmp_dir(), "stream.XXXXXX", NULL);
        int fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
        g_autoptr(Stream) stream = stream_new(fd, 0);
        g_autofree char *content = NULL;
        g_autoptr(GError) error = NULL;
        size_t n, most = 0;
        guint64 bytes;
        Digest digest, expected;

        g_assert_cmpint(fd, >=, 0);
        for (int i = 0; i < ROWS; i++) {
                fill(stream_out(stream), ROW);
                g_assert_true(stream_drain(stream, &error));
                most = MAX(most, out_length(stream_out(stream)));
        }
        g_assert_true(stream_finish(stream, &bytes, &digest, &error));
        g_assert_cmpuint(most, <, 1 << 17);
        g_assert_cmpuint(bytes, ==, (guint64)ROWS * ROW);
        g_assert_true(g_file_get_contents(name, &content, &n, &error));
        g_assert_cmpuint(n, ==, bytes);
        expected = hash_sha256(content, n);
        g_assert_true(digest_equal(&digest, &expected));
        close(fd);
        unlink(name);
}

static void test_memory(void)
{
        g_autoptr(Stream) stream = stream_new(-1, 1000);
        g_autoptr(GError) error = NULL;
        guint64 bytes;
        Digest digest;
        size_t n;

        out_text(stream_out(stream), "abc");
        g_assert_true(stream_drain(stream, &error));
        g_assert_true(stream_finish(stream, &bytes, &digest, &error));
        g_assert_cmpstr(stream_text(stream, &n), ==, "abc");
        g_assert_cmpuint(n, ==, 3);
        g_assert_cmpuint(bytes, ==, 3);
        fill(stream_out(stream), 2000);
        g_assert_false(stream_drain(stream, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
}

static void test_full(void)
{
        int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
        g_autoptr(Stream) stream = stream_new(fd, 0);
        g_autoptr(GError) error = NULL;
        guint64 bytes;
        Digest digest;

        g_assert_cmpint(fd, >=, 0);
        out_text(stream_out(stream), "abc");
        g_assert_false(stream_finish(stream, &bytes, &digest, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_STORAGE);
        close(fd);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/report/stream/file", test_file);
        g_test_add_func("/report/stream/memory", test_memory);
        g_test_add_func("/report/stream/full", test_full);
        return g_test_run();
}
