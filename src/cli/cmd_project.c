/* Whole projects. */
#include "base/newfile.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int open_input(const char *path, GError **error)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC);

        if (fd < 0)
                error_set(error, errno == ENOENT ? ZW_ERR_NOT_FOUND : ZW_ERR_INPUT, path, "%s",
                          g_strerror(errno));
        return fd;
}

static void print_project(const json_t *project)
{
        printf("%s, %" JSON_INTEGER_FORMAT " commits, root %s\n", jread_get_string(project, "key"),
               json_integer_value(json_object_get(project, "commits")), jread_get_string(project, "root"));
}

static bool project_export(Cli *cli, const char *key, const char *path, GError **error)
{
        g_autoptr(NewFile) output = NULL;
        g_autoptr(Json) answer = NULL;
        ServiceFile file = { .name = path };

        if (path == NULL) {
                error_set(error, ZW_ERR_USAGE, "project export", "name the file to write with -o FILE");
                return false;
        }
        if (!cli_open(cli, error)) /* before a file is made */
                return false;
        output = newfile_begin(path, NEWFILE_PRIVATE, error);
        if (output == NULL)
                return false;
        file.fd = newfile_fd(output);
        answer = cli_call_files(cli, "project.export", json_pack("{s:s*}", "project", key),
                                (ServiceFiles){ &file, 1 }, error);
        if (answer == NULL || !newfile_place(output, error))
                return false;
        cli_print(cli, answer, print_project);
        return true;
}

static bool project_import(Cli *cli, const char *path, GError **error)
{
        g_autofree char *name = g_path_get_basename(path);
        g_autoptr(Json) answer = NULL;
        ServiceFile file = { .name = name, .fd = open_input(path, error) };

        if (file.fd < 0)
                return false;
        answer = cli_call_files(cli, "project.import", json_object(), (ServiceFiles){ &file, 1 }, error);
        close(file.fd);
        if (answer != NULL)
                cli_print(cli, answer, print_project);
        return answer != NULL;
}

bool cmd_project(Cli *cli, char **args, GError **error)
{
        gboolean yes = FALSE;
        g_autofree char *path = NULL;
        const GOptionEntry options[] = {
                { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "where an export is written", "FILE" },
                { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, "delete, which cannot be undone", NULL },
                G_OPTION_ENTRY_NULL
        };
        g_auto(GStrv) operands = NULL;
        const char *verb, *first;

        if (!cli_parse(cli, args, options, 1, 3, &operands, error))
                return false;
        verb = operands[0];
        first = operands[1];
        if (strcmp(verb, "list") == 0 && first == NULL)
                return cli_answer(cli, "project.list", json_object(), NULL, error);
        if (strcmp(verb, "create") == 0 && first != NULL)
                return cli_answer(cli, "project.create",
                                  json_pack("{s:s, s:s}", "key", first, "title",
                                            operands[2] == NULL ? first : operands[2]),
                                  NULL, error);
        if (strcmp(verb, "export") == 0 && (first == NULL || operands[2] == NULL))
                return project_export(cli, first, path, error);
        if (strcmp(verb, "import") == 0 && first != NULL && operands[2] == NULL)
                return project_import(cli, first, error);
        if (strcmp(verb, "delete") == 0 && first != NULL && operands[2] == NULL)
                return cli_answer(cli, "project.delete",
                                  json_pack("{s:s, s:b}", "project", first, "yes", yes), print_project,
                                  error);
        error_set(error, ZW_ERR_USAGE, "project",
                  "use `project list`, `create KEY [TITLE]`, `export [KEY] -o FILE`, `import FILE` or "
                  "`delete KEY --yes`");
        return false;
}
