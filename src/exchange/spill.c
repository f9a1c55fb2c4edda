#include "exchange/spill.h"

#include "base/error.h"
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY = 32 << 20, BLOCK = 1 << 20 };

struct Spill {
        GByteArray *lines; /* what is not in the file */
        Fd fd;             /* -1 before there is one */
};

Spill *spill_new(void)
{
        Spill *spill = g_new0(Spill, 1);

        spill->lines = g_byte_array_new();
        spill->fd = -1;
        return spill;
}

void spill_free(Spill *spill)
{
        if (spill == NULL)
                return;
        g_byte_array_unref(spill->lines);
        fd_close(spill->fd);
        g_free(spill);
}

static bool file_open(Spill *spill)
{
        g_autofree char *path = NULL;

        if (spill->fd >= 0)
                return true;
        spill->fd = g_file_open_tmp("lines-XXXXXX", &path, NULL);
        if (spill->fd >= 0)
                (void)unlink(path);
        return spill->fd >= 0;
}

static bool lines_write(Spill *spill)
{
        size_t done = 0;

        if (!file_open(spill))
                return false;
        while (done < spill->lines->len) {
                const ssize_t n = write(spill->fd, spill->lines->data + done, spill->lines->len - done);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return false;
                done += (size_t)n;
        }
        g_byte_array_set_size(spill->lines, 0);
        return true;
}

bool spill_add(Spill *spill, const char *line, size_t n)
{
        g_byte_array_append(spill->lines, (const guint8 *)line, (guint)n);
        g_byte_array_append(spill->lines, (const guint8 *)"\n", 1);
        return spill->lines->len < MEMORY || lines_write(spill);
}

/* Gives the whole lines at the beginning of `bytes` and takes them away. */
static bool lines_give(GByteArray *bytes, SpillLineFn take, void *data, GError **error)
{
        size_t from = 0;
        const guint8 *end;

        while ((end = memchr(bytes->data + from, '\n', bytes->len - from)) != NULL) {
                const size_t to = (size_t)(end - bytes->data);

                if (!take((const char *)bytes->data + from, to - from, data, error))
                        return false;
                from = to + 1;
        }
        if (from > 0)
                g_byte_array_remove_range(bytes, 0, (guint)from);
        return true;
}

static bool file_give(const Spill *spill, GByteArray *bytes, SpillLineFn take, void *data, GError **error)
{
        for (off_t at = 0;;) {
                const guint before = bytes->len;
                ssize_t n;

                g_byte_array_set_size(bytes, before + BLOCK);
                n = pread(spill->fd, bytes->data + before, BLOCK, at);
                g_byte_array_set_size(bytes, before + (guint)MAX(n, 0));
                if (n == 0)
                        return true;
                if (n < 0) {
                        error_set(error, ZW_ERR_STORAGE, NULL, "what was read cannot be read again: %s",
                                  g_strerror(errno));
                        return false;
                }
                at += n;
                if (!lines_give(bytes, take, data, error))
                        return false;
        }
}

bool spill_each(Spill *spill, SpillLineFn take, void *data, GError **error)
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();

        if (spill->fd >= 0 && !file_give(spill, bytes, take, data, error))
                return false;
        return spill->lines->len == 0 || lines_give(spill->lines, take, data, error);
}
