/* Bytes of a file that may be packed with xz or gzip, by libarchive: bounded in size, in ratio and in the work of unpacking.
 * Pure functions. */
#ifndef EXCHANGE_UNXZ_H
#define EXCHANGE_UNXZ_H

#include "base/error.h"
#include <stdint.h>

/* True when the bytes begin as an .xz or .gz file does; the first six are enough. */
bool unxz_is_magic(const void *data, size_t n);
bool unxz_is_packed(GBytes *bytes);

/* `bytes` unpacked, or the same bytes (a new reference) when they are not packed. At most `bytes_max` come out, and at
 * most 250 times what went in, beyond the first 16 MiB. Errors: LIMIT; INPUT for damaged or truncated data. */
GBytes *unxz_bytes(GBytes *bytes, uint64_t bytes_max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All of the regular file `fd`, from its beginning, at most `bytes_max` of it; the position of the descriptor does not
 * move. Errors: LIMIT, STORAGE. */
GBytes *unxz_read_file(int fd, uint64_t bytes_max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
