/* Where a report goes: a buffer that is emptied into a descriptor as it fills, so that a report of any length takes
 * constant memory, hashed and counted on its way. Owned by its creator; not thread-safe. */
#ifndef REPORT_STREAM_H
#define REPORT_STREAM_H

#include "base/hash.h"
#include "base/out.h"

typedef struct Stream Stream;

/* `fd` is borrowed and written from where it stands; -1 keeps everything in memory, at most `max` bytes (stream_text). */
Stream *stream_new(int fd, size_t max);
void stream_free(Stream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Stream, stream_free)

/* What writers append to (borrowed); call stream_drain after each row. */
Out *stream_out(Stream *stream);

/* Writes the buffer out when there is enough in it. Errors: LIMIT; STORAGE, the descriptor could not be written. */
bool stream_drain(Stream *stream, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes what is left, and says how much it was. Errors: those of stream_drain. */
bool stream_finish(Stream *stream, guint64 *ret_bytes, Digest *ret_digest, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* All that was written, of a stream in memory; borrowed. */
const char *stream_text(const Stream *stream, size_t *ret_n);

#endif
