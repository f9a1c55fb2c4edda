/* Files the service writes to and reads itself. */
#ifndef SERVICE_FILE_H
#define SERVICE_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All of the bytes. Errors: STORAGE. */
bool fd_put(int fd, const void *bytes, size_t n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
