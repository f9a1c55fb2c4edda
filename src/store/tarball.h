/* Writing and reading the tar file of a backup (libarchive): plain entries only, deterministic, nothing extracted by a
 * name that is not expected. Not thread-safe. */
#ifndef STORE_TARBALL_H
#define STORE_TARBALL_H

#include "base/hash.h"
#include "base/progress.h"

typedef struct Tarball Tarball;

/* Writes to, or reads from, `fd` (borrowed). */
Tarball *tarball_new_write(int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
Tarball *tarball_new_read(int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tarball_free(Tarball *tarball);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tarball, tarball_free)

/* One entry with these bytes, or with the next `size` bytes of `fd`, each counted in `stage`. */
bool tarball_add_bytes(Tarball *tarball, const char *name, GBytes *bytes, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool tarball_add_fd(Tarball *tarball, const char *name, int fd, uint64_t size, ProgressStage *stage,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool tarball_end(Tarball *tarball, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The next entry: its name (borrowed until the next call) and size; *ret_name NULL at the end.
 * Errors: INPUT, also for an entry that is not a plain file. */
bool tarball_next(Tarball *tarball, const char **ret_name, uint64_t *ret_size, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The present entry as bytes, at most `max`; or into `fd` with its hash, each byte counted in `stage`. */
GBytes *tarball_load(Tarball *tarball, size_t max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool tarball_extract(Tarball *tarball, int fd, ProgressStage *stage, Digest *ret_digest, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
