#include "report/stream.h"

#include "base/error.h"
#include <errno.h>
#include <unistd.h>

enum {
        BUFFER_MAX = 64 << 20, /* one row with all its reasons */
        BUFFER_FULL = 64 << 10,
};

struct Stream {
        int fd;
        Out *out;
        HashState *hash;
        guint64 bytes;
};

Stream *stream_new(int fd, size_t max)
{
        Stream *stream = g_new0(Stream, 1);

        stream->fd = fd;
        stream->out = out_new(fd < 0 ? max : BUFFER_MAX);
        stream->hash = hash_new();
        return stream;
}

void stream_free(Stream *stream)
{
        if (stream == NULL)
                return;
        out_free(stream->out);
        hash_free(stream->hash);
        g_free(stream);
}

Out *stream_out(Stream *stream)
{
        return stream->out;
}

static bool fd_write(int fd, const char *data, size_t n, GError **error)
{
        while (n > 0) {
                ssize_t written = write(fd, data, n);

                if (written < 0 && errno == EINTR)
                        continue;
                if (written < 0) {
                        error_set(error, ZW_ERR_STORAGE, NULL, "the report could not be written: %s",
                                  g_strerror(errno));
                        return false;
                }
                data += written;
                n -= (size_t)written;
        }
        return true;
}

static bool empty(Stream *stream, GError **error)
{
        size_t n = out_length(stream->out);

        if (!out_check(stream->out, error))
                return false;
        hash_update(stream->hash, out_data(stream->out), n);
        stream->bytes += n;
        if (stream->fd < 0)
                return true;
        if (!fd_write(stream->fd, out_data(stream->out), n, error))
                return false;
        out_reset(stream->out);
        return true;
}

bool stream_drain(Stream *stream, GError **error)
{
        if (stream->fd < 0 || out_length(stream->out) < BUFFER_FULL)
                return out_check(stream->out, error);
        return empty(stream, error);
}

bool stream_finish(Stream *stream, guint64 *ret_bytes, Digest *ret_digest, GError **error)
{
        if (!empty(stream, error))
                return false;
        *ret_bytes = stream->bytes;
        *ret_digest = hash_finish(stream->hash);
        return true;
}

const char *stream_text(const Stream *stream, size_t *ret_n)
{
        *ret_n = out_length(stream->out);
        return out_data(stream->out);
}
