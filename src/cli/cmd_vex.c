/* VEX: what was decided about findings, as a document for others. */
#include "cli/cli.h"
#include "cli/files.h"

#include <stdio.h>

/* Beside the document itself, unless that is what stands on standard output. */
static void print_told(const Cli *cli, const json_t *answer, const char *target)
{
        FILE *to = target == NULL ? stderr : stdout;
        const json_t *row;
        size_t i;

        if (cli->json) {
                cli_print(cli, answer, NULL);
                return;
        }
        fprintf(to, "%" JSON_INTEGER_FORMAT " statements\n",
                json_integer_value(json_object_get(answer, "statements")));
        json_array_foreach(json_object_get(answer, "lost"), i, row)
                fprintf(to, "lost %s: %s\n", cli_text(row, "where"), cli_text(row, "what"));
        if (target != NULL)
                fprintf(to, "wrote %s\n", target);
}

/* With --json and no file the whole answer is printed, of which the document is a member. */
bool cmd_vex(Cli *cli, char **args, GError **error)
{
        g_autofree char *filter = NULL, *target = NULL;
        const GOptionEntry options[] = { { "filter", 0, 0, G_OPTION_ARG_STRING, &filter,
                                           "only findings that fit, as `zw list` takes it", "Q" },
                                         { "output", 'o', 0, G_OPTION_ARG_FILENAME, &target,
                                           "the file to write; else standard output", "FILE" },
                                         G_OPTION_ENTRY_NULL };
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) answer = NULL;

        if (!cli_parse(cli, args, options, 1, 1, &operands, error))
                return false;
        answer = cli_call(cli, "vex.export", json_pack("{s:s, s:s*}", "format", operands[0], "q", filter),
                          error);
        if (answer == NULL || !cli_document_put(cli, json_object_get(answer, "document"), target, error))
                return false;
        print_told(cli, answer, target);
        return true;
}
