#include "base/spill.h"

#include "base/error.h"
#include "base/jread.h"
#include "base/scratch.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY = 8 << 20, BLOCK = 256 << 10, LINE = 4 << 10 };

struct Spill {
        GByteArray *lines; /* whole lines: those that are not in the file */
        Fd fd;             /* -1 before there is one */
        guint64 written;   /* bytes in the file */
        size_t count;
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
        if (spill->fd < 0)
                spill->fd = scratch_open(g_get_tmp_dir(), NULL);
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
        spill->written += done;
        g_byte_array_set_size(spill->lines, 0);
        return true;
}

bool spill_add(Spill *spill, const char *line, size_t n)
{
        g_byte_array_append(spill->lines, (const guint8 *)line, (guint)n);
        g_byte_array_append(spill->lines, (const guint8 *)"\n", 1);
        spill->count++;
        return spill->lines->len < MEMORY || lines_write(spill);
}

size_t spill_count(const Spill *spill)
{
        return spill->count;
}

guint64 spill_end(const Spill *spill)
{
        return spill->written + spill->lines->len;
}

/* Appends at most `n` bytes of the file from `at`. */
static bool file_read(const Spill *spill, guint64 at, size_t n, GByteArray *bytes, GError **error)
{
        const guint before = bytes->len;
        ssize_t got;

        g_byte_array_set_size(bytes, before + (guint)n);
        do
                got = pread(spill->fd, bytes->data + before, n, (off_t)at);
        while (got < 0 && errno == EINTR);
        g_byte_array_set_size(bytes, before + (guint)MAX(got, 0));
        if (got > 0)
                return true;
        error_set(error, ZW_ERR_STORAGE, NULL, "what was read cannot be read again: %s",
                  got < 0 ? g_strerror(errno) : "a part of it is gone");
        return false;
}

bool spill_line(const Spill *spill, guint64 at, GByteArray *ret_line, GError **error)
{
        const guint8 *end;

        g_byte_array_set_size(ret_line, 0);
        if (at >= spill->written) {
                const guint8 *from = spill->lines->data + (at - spill->written);

                end = memchr(from, '\n', spill->lines->len - (size_t)(at - spill->written));
                g_byte_array_append(ret_line, from, (guint)(end - from));
                return true;
        }
        do {
                const guint before = ret_line->len;

                if (!file_read(spill, at + before, LINE, ret_line, error))
                        return false;
                end = memchr(ret_line->data + before, '\n', ret_line->len - before);
        } while (end == NULL);
        g_byte_array_set_size(ret_line, (guint)(end - ret_line->data));
        return true;
}

/* Gives the whole lines at the beginning of `bytes` and says how long they are. */
static bool lines_give(const GByteArray *bytes, guint *ret_given, SpillLineFn take, void *data,
                       GError **error)
{
        guint from = 0;
        const guint8 *end;

        while (from < bytes->len && (end = memchr(bytes->data + from, '\n', bytes->len - from)) != NULL) {
                const guint to = (guint)(end - bytes->data);

                if (!take((const char *)bytes->data + from, to - from, data, error))
                        return false;
                from = to + 1;
        }
        *ret_given = from;
        return true;
}

static bool file_give(const Spill *spill, SpillLineFn take, void *data, GError **error)
{
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        guint given;

        for (guint64 at = 0; at < spill->written;) {
                const guint before = bytes->len;

                if (!file_read(spill, at, BLOCK, bytes, error))
                        return false;
                at += bytes->len - before;
                if (!lines_give(bytes, &given, take, data, error))
                        return false;
                g_byte_array_remove_range(bytes, 0, given);
        }
        return true;
}

bool spill_each(const Spill *spill, SpillLineFn take, void *data, GError **error)
{
        guint given;

        return file_give(spill, take, data, error) && lines_give(spill->lines, &given, take, data, error);
}

/* ---- values ---- */

static int bytes_append(const char *text, size_t n, void *data)
{
        g_byte_array_append(data, (const guint8 *)text, (guint)n);
        return 0;
}

bool spill_add_json(Spill *spill, const json_t *value, GError **error)
{
        g_autoptr(GByteArray) line = g_byte_array_new();

        json_dump_callback(value, bytes_append, line, JSON_COMPACT | JSON_ENCODE_ANY);
        if (spill_add(spill, (const char *)line->data, line->len))
                return true;
        error_set(error, ZW_ERR_STORAGE, NULL, "there is no place for what is kept meanwhile: %s",
                  g_strerror(errno));
        return false;
}

/* What was written here needs none of the limits of what comes from outside. */
static json_t *value_parse(const char *line, size_t n, GError **error)
{
        json_t *value = json_loadb(line, n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

        if (value == NULL)
                error_set(error, ZW_ERR_STORAGE, NULL, "what was kept is not there as it was written");
        return value;
}

json_t *spill_json(const Spill *spill, guint64 at, GError **error)
{
        g_autoptr(GByteArray) line = g_byte_array_new();

        return spill_line(spill, at, line, error) ? value_parse((const char *)line->data, line->len, error)
                                                  : NULL;
}

typedef struct {
        SpillJsonFn take;
        void *data;
} Taking;

static bool value_give(const char *line, size_t n, void *data, GError **error)
{
        const Taking *taking = data;
        g_autoptr(Json) value = value_parse(line, n, error);

        return value != NULL && taking->take(value, taking->data, error);
}

bool spill_each_json(const Spill *spill, SpillJsonFn take, void *data, GError **error)
{
        Taking taking = { take, data };

        return spill_each(spill, value_give, &taking, error);
}
