/* A file descriptor that is closed when it goes out of scope: g_auto(Fd) fd = -1; */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <errno.h>
#include <glib.h>
#include <unistd.h>

typedef int Fd;

/* Closes it, -1 being none; errno stays. */
static inline void fd_close(Fd fd)
{
        int keep = errno;

        if (fd >= 0)
                close(fd);
        errno = keep;
}
/* NOLINTNEXTLINE(readability-non-const-parameter): the parameter is the macro's */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(Fd, fd_close, -1)

static inline int fd_steal(Fd *fd)
{
        int value = *fd;

        *fd = -1;
        return value;
}

#endif
