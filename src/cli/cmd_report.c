/* Reports: into a file that appears whole or not at all, or on stdout. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void print_types(const json_t *answer)
{
        const json_t *type;
        size_t i;

        json_array_foreach(answer, i, type)
                printf("%-13s %s\n", jread_get_string(type, "type"), jread_get_string(type, "summary"));
}

static void print_report(const json_t *answer)
{
        printf("%s report of commit %" JSON_INTEGER_FORMAT ", evaluated %s: %" JSON_INTEGER_FORMAT
               " bytes, SHA-256 %s\n",
               jread_get_string(answer, "type"), json_integer_value(json_object_get(answer, "commit")),
               jread_get_string(answer, "instant"), json_integer_value(json_object_get(answer, "bytes")),
               jread_get_string(answer, "sha256"));
}

/* The format of a file name by its ending; NULL when it has none. The service knows which there are. */
static const char *format_of_name(const char *name)
{
        const char *base = strrchr(name, '/'), *dot = strrchr(base == NULL ? name : base, '.');

        return dot == NULL || dot[1] == '\0' ? NULL : dot + 1;
}

static bool file_error(const char *name, GError **error)
{
        error_set(error, ZW_ERR_STORAGE, name, "%s", g_strerror(errno));
        return false;
}

/* mkstemp makes files that only their owner reads; a report is as open as any file of the user. */
static bool file_finish(int fd, const char *temporary, const char *name, GError **error)
{
        mode_t mask = umask(0);

        umask(mask);
        if (fchmod(fd, 0666 & ~mask) != 0 || fsync(fd) != 0 || g_rename(temporary, name) != 0)
                return file_error(name, error);
        return true;
}

static json_t *report_to_file(Cli *cli, json_t *input, const char *name, GError **error)
{
        g_autofree char *temporary = g_strconcat(name, ".XXXXXX", NULL);
        int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0600);
        const ServiceFile file = { name, fd };
        json_t *answer;

        if (fd < 0) {
                json_decref(input);
                (void)file_error(name, error);
                return NULL;
        }
        answer = cli_call_files(cli, "report", input, (ServiceFiles){ &file, 1 }, error);
        if (answer != NULL && !file_finish(fd, temporary, name, error))
                g_clear_pointer(&answer, json_decref);
        if (answer == NULL)
                g_unlink(temporary);
        close(fd);
        return answer;
}

static bool report_write(Cli *cli, json_t *input, const char *name, GError **error)
{
        const ServiceFile out = { "stdout", STDOUT_FILENO };
        g_autoptr(Json) answer = NULL;

        if (name == NULL || strcmp(name, "-") == 0) {
                answer = cli_call_files(cli, "report", input, (ServiceFiles){ &out, 1 }, error);
                return answer != NULL;
        }
        answer = report_to_file(cli, input, name, error);
        if (answer == NULL)
                return false;
        if (cli->json) {
                json_dumpf(answer, stdout, JSON_COMPACT);
                putchar('\n');
        } else {
                print_report(answer);
        }
        return true;
}

bool cmd_report(Cli *cli, char **args, GError **error)
{
        g_autofree char *zone = NULL, *format = NULL, *name = NULL;
        const GOptionEntry options[] = {
                { "output", 'o', 0, G_OPTION_ARG_FILENAME, &name, "where to; stdout without it", "FILE" },
                { "format", 0, 0, G_OPTION_ARG_STRING, &format, "html or json; else by the ending of FILE",
                  "FORMAT" },
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zone, "only this zone or conduit", "KEY" },
                G_OPTION_ENTRY_NULL
        };
        g_auto(GStrv) operands = NULL;
        const char *chosen;

        if (!cli_parse(cli, args, options, 1, 1, &operands, error))
                return false;
        if (strcmp(operands[0], "list") == 0)
                return cli_answer(cli, "report.list", json_object(), print_types, error);
        chosen = format != NULL ? format : name != NULL ? format_of_name(name) : NULL;
        return report_write(cli,
                            json_pack("{s:s, s:s*, s:s*}", "type", operands[0], "format", chosen, "zone",
                                      zone),
                            name, error);
}
