/* Native operations, one JSON object a line. */
#include "base/error.h"
#include "base/jwrite.h"
#include "exchange/writer.h"
#include "model/op.h"

#include <errno.h>
#include <unistd.h>

enum { NATIVE_FLUSH = 64 << 10 };

typedef struct {
        int fd;
        Out *out;
} NativeWriter;

bool writer_flush(int fd, Out *out, GError **error)
{
        const char *data = out_data(out);
        size_t n = out_length(out);

        if (!out_check(out, error))
                return false;
        while (n > 0) {
                ssize_t got = write(fd, data, n);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0) {
                        error_set(error, ZW_ERR_STORAGE, NULL, "the file cannot be written: %s",
                                  g_strerror(errno));
                        return false;
                }
                data += got;
                n -= (size_t)got;
        }
        out_reset(out);
        return true;
}

static void *native_open(int fd, json_t *layout G_GNUC_UNUSED, Instant created G_GNUC_UNUSED,
                         GError **error G_GNUC_UNUSED)
{
        NativeWriter *w = g_new0(NativeWriter, 1);

        w->fd = fd;
        w->out = out_new(ZW_OP_BYTES_MAX * 2 + NATIVE_FLUSH);
        return w;
}

static void native_free(void *writer)
{
        NativeWriter *w = writer;

        if (w == NULL)
                return;
        out_free(w->out);
        g_free(w);
}

static bool native_put(void *writer, const json_t *op, GError **error)
{
        NativeWriter *w = writer;
        g_autoptr(JWrite) json = jwrite_new(w->out);

        jwrite_json(json, op);
        out_char(w->out, '\n');
        return out_length(w->out) < NATIVE_FLUSH || writer_flush(w->fd, w->out, error);
}

static bool native_finish(void *writer, json_t *lost G_GNUC_UNUSED, GError **error)
{
        NativeWriter *w = writer;

        return writer_flush(w->fd, w->out, error);
}

const FormatWriter writer_native = { native_open, native_put, native_finish, native_free };
