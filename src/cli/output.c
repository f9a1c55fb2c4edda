#include "cli/output.h"

#include "base/error.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct Output {
        char *path, *part;
        int fd;
};

static bool output_fail(const char *what, const char *path, GError **error)
{
        error_set(error, ZW_ERR_STORAGE, path, "%s: %s", what, g_strerror(errno));
        return false;
}

Output *output_open(const char *path, GError **error)
{
        g_autoptr(Output) output = g_new0(Output, 1);

        output->path = g_strdup(path);
        output->part = g_strconcat(path, ".part-XXXXXX", NULL);
        output->fd = mkostemp(output->part, O_CLOEXEC);
        if (output->fd >= 0)
                return g_steal_pointer(&output);
        output_fail("the file could not be made", path, error);
        g_clear_pointer(&output->part, g_free); /* there is nothing to remove */
        return NULL;
}

int output_fd(const Output *output)
{
        return output->fd;
}

bool output_finish(Output *output, GError **error)
{
        g_autofree char *folder = g_path_get_dirname(output->path);
        int folder_fd;
        bool ok;

        if (fsync(output->fd) != 0)
                return output_fail("the file could not be written", output->path, error);
        if (rename(output->part, output->path) != 0)
                return output_fail("the file could not be put in its place", output->path, error);
        g_clear_pointer(&output->part, g_free);
        folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        ok = folder_fd >= 0 && fsync(folder_fd) == 0;
        if (!ok)
                output_fail("the folder could not be synced", folder, error);
        if (folder_fd >= 0)
                close(folder_fd);
        return ok;
}

void output_free(Output *output)
{
        if (output == NULL)
                return;
        if (output->fd >= 0)
                close(output->fd);
        if (output->part != NULL)
                g_unlink(output->part);
        g_free(output->path);
        g_free(output->part);
        g_free(output);
}
