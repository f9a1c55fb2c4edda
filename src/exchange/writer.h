/* Writing a format: native operations go in, one by one, a file comes out. Writers run in the process that calls, since what
 * they are given is the project's own. Memory is bounded, whatever the number of operations. Not thread-safe.
 *
 * A writer of sheets takes `item` operations of requirements with the members `id` and `parents` besides, and a layout
 * (layout.h); the native writer takes any and needs no layout. */
#ifndef EXCHANGE_WRITER_H
#define EXCHANGE_WRITER_H

#include "base/instant.h"
#include "base/jread.h"
#include "base/out.h"

typedef struct {
        /* Writes to `fd` (borrowed) from where it stands. `layout` may be NULL where none is needed; `created` is the
         * time the file says it was made. */
        void *(*open)(int fd, json_t *layout, Instant created, GError **error);
        bool (*put)(void *writer, const json_t *op, GError **error);
        /* Completes the file, and appends {"where","what"} for all that found no place in it. */
        bool (*finish)(void *writer, json_t *lost, GError **error);
        void (*free)(void *writer); /* also without finish: the file is then not complete */
} FormatWriter;

extern const FormatWriter writer_native, writer_csv, writer_xlsx;

/* For writers: writes out what the buffer holds and empties it. Errors: STORAGE; LIMIT. */
bool writer_flush(int fd, Out *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
