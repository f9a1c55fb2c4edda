#include "cli/files.h"

#include "cli/mirror.h"

#include "base/error.h"
#include "base/newfile.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MAX = 500, FOLDERS_DEPTH_MAX = 16 };

static void file_clear(gpointer data)
{
        close(((ServiceFile *)data)->fd);
}

/* Without waiting for the other end, should it be a pipe: the reader says that this is no regular file. */
static bool file_open(GArray *files, const char *path, GError **error)
{
        const char *slash = strrchr(path, '/');
        ServiceFile file = { .name = slash == NULL ? path : slash + 1,
                             .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };

        if (file.fd < 0) {
                error_set(error, ZW_ERR_INPUT, path, "%s", g_strerror(errno));
                return false;
        }
        g_array_append_val(files, file);
        return true;
}

GArray *cli_files_open(char **paths, GError **error)
{
        g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(ServiceFile));

        g_array_set_clear_func(files, file_clear);
        for (char **path = paths; *path != NULL; path++)
                if (!file_open(files, *path, error))
                        return NULL;
        return g_steal_pointer(&files);
}

ServiceFiles cli_files_of(const GArray *files)
{
        return (ServiceFiles){ (const ServiceFile *)(const void *)files->data, files->len };
}

/* ---- folders ---- */

static int by_name(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool path_expand(GPtrArray *all, const char *path, int depth, GError **error);

static bool is_beside(const char *folder, const char *name)
{
        g_autofree char *path = g_build_filename(folder, name, NULL);

        return mirror_is_beside(path);
}

static bool folder_expand(GPtrArray *all, const char *path, int depth, GError **error)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) why = NULL;
        g_autoptr(GDir) folder = g_dir_open(path, 0, &why);
        const char *name;

        if (folder == NULL || depth > FOLDERS_DEPTH_MAX) {
                error_set(error, ZW_ERR_INPUT, path, "%s",
                          why == NULL ? "folders lie too deeply in each other" : why->message);
                return false;
        }
        while ((name = g_dir_read_name(folder)) != NULL)
                if (name[0] != '.' && !is_beside(path, name))
                        g_ptr_array_add(names, g_build_filename(path, name, NULL));
        g_ptr_array_sort(names, by_name);
        for (guint i = 0; i < names->len; i++)
                if (!path_expand(all, names->pdata[i], depth + 1, error))
                        return false;
        return true;
}

static bool path_expand(GPtrArray *all, const char *path, int depth, GError **error)
{
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
                return folder_expand(all, path, depth, error);
        if (all->len >= FILES_MAX) {
                error_set(error, ZW_ERR_LIMIT, path,
                          "there are more than %d files: give them as one zip archive", FILES_MAX);
                return false;
        }
        if (depth > 0 && !mirror_check(path, error))
                return false;
        g_ptr_array_add(all, g_strdup(path));
        return true;
}

char **cli_files_expand(char **paths, GError **error)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);

        for (char **path = paths; *path != NULL; path++)
                if (!path_expand(all, *path, 0, error))
                        return NULL;
        g_ptr_array_add(all, NULL);
        return (char **)g_ptr_array_free(g_steal_pointer(&all), FALSE);
}

/* ---- documents ---- */

static bool document_write(int fd, const json_t *document, const char *name, GError **error)
{
        /* A score such as 9.8 stands there as people write it. */
        if (json_dumpfd(document, fd, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0 &&
            write(fd, "\n", 1) == 1)
                return true;
        error_set(error, ZW_ERR_STORAGE, name, "cannot be written: %s", g_strerror(errno));
        return false;
}

bool cli_document_put(const Cli *cli, const json_t *document, const char *target, GError **error)
{
        g_autoptr(NewFile) file = NULL;

        if (target == NULL)
                return cli->json || document_write(STDOUT_FILENO, document, "-", error);
        file = newfile_begin(target, NEWFILE_SHARED, error);
        return file != NULL && document_write(newfile_fd(file), document, target, error) &&
               newfile_place(file, error);
}

/* ---- folders of a command's own ---- */

static int entry_remove(const char *path, const struct stat *facts G_GNUC_UNUSED, int kind G_GNUC_UNUSED,
                        struct FTW *place G_GNUC_UNUSED)
{
        (void)remove(path);
        return 0;
}

void cli_folder_remove(const char *folder)
{
        enum { FOLDERS_AT_ONCE = 16 };

        (void)nftw(folder, entry_remove, FOLDERS_AT_ONCE, FTW_DEPTH | FTW_PHYS);
}
