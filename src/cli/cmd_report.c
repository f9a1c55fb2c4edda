/* Reports: into a file that appears whole or not at all, or on stdout. */
#include "base/newfile.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
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

static json_t *report_to_file(Cli *cli, json_t *input, const char *name, GError **error)
{
        g_autoptr(NewFile) report = newfile_begin(name, NEWFILE_SHARED, error);
        g_autoptr(Json) answer = NULL;
        ServiceFile file = { .name = name };

        if (report == NULL) {
                json_decref(input);
                return NULL;
        }
        file.fd = newfile_fd(report);
        answer = cli_call_files(cli, "report", input, (ServiceFiles){ &file, 1 }, error);
        return answer != NULL && newfile_place(report, error) ? g_steal_pointer(&answer) : NULL;
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
        g_autofree char *zones = NULL, *systems = NULL, *from = NULL, *to = NULL, *format = NULL,
                        *name = NULL;
        const GOptionEntry options[] = {
                { "output", 'o', 0, G_OPTION_ARG_FILENAME, &name, "where to; stdout without it", "FILE" },
                { "format", 0, 0, G_OPTION_ARG_STRING, &format,
                  "html, json, pdf, xlsx or svg; else by the ending of FILE", "FORMAT" },
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zones, "only these zones and conduits", "KEY,KEY" },
                { "environment", 0, 0, G_OPTION_ARG_STRING, &systems, "only these systems", "KEY,KEY" },
                { "from", 0, 0, G_OPTION_ARG_STRING, &from,
                  "the period begins, where the report has one; 90 days before its end without it", "DAY" },
                { "to", 0, 0, G_OPTION_ARG_STRING, &to,
                  "the period ends; the instant of evaluation without it", "DAY" },
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
                            json_pack("{s:s, s:s*, s:o, s:o, s:s*, s:s*}", "type", operands[0], "format",
                                      chosen, "zones", cli_words(zones), "systems", cli_words(systems),
                                      "from", from, "to", to),
                            name, error);
}
