#include "base/scratch.h"

#include "base/error.h"

#include <fcntl.h>
#include <stdlib.h>

Fd scratch_open(const char *dir, GError **error)
{
        g_autofree char *path = g_build_filename(dir, "zonewright-XXXXXX", NULL);
        const Fd fd = mkostemp(path, O_CLOEXEC);
        const int why = errno;

        if (fd < 0)
                error_set(error, ZW_ERR_STORAGE, dir, "no file could be made: %s", g_strerror(why));
        else
                (void)unlink(path);
        errno = why;
        return fd;
}
