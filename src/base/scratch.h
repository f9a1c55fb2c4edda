/* A file without a name, for what is too much to keep in memory meanwhile: it is gone when its descriptor is closed.
 * Thread-safe. */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include "base/fd.h"

/* In the directory `dir`, read and written by its owner alone; -1, with errno, when there is none to be had. Errors: STORAGE. */
Fd scratch_open(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
