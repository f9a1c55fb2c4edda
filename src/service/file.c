#include "service/file.h"

#include "base/error.h"
#include <errno.h>
#include <unistd.h>

bool fd_put(int fd, const void *bytes, size_t n, GError **error)
{
        const char *at = bytes;

        while (n > 0) {
                const ssize_t done = write(fd, at, n);

                if (done < 0 && errno == EINTR)
                        continue;
                if (done <= 0) {
                        error_set(error, ZW_ERR_STORAGE, NULL, "a file could not be written: %s",
                                  g_strerror(errno));
                        return false;
                }
                at += done;
                n -= (size_t)done;
        }
        return true;
}
