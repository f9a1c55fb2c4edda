/* Checkpoints and evidence packs. */
#include "cli/cli.h"

#include <stdio.h>

static void print_checkpoint(const json_t *answer)
{
        const char *key = jread_get_string(answer, "key"), *time = jread_get_string(answer, "time");

        fputs(jread_get_string(answer, "note"), stdout);
        if (key != NULL)
                printf("\nkey %s\n", key);
        if (time != NULL)
                printf("\ntime %s\n", time);
}

bool cmd_checkpoint(Cli *cli, char **args, GError **error)
{
        gboolean stamp = FALSE;
        const GOptionEntry options[] = {
                { "stamp", 0, 0, G_OPTION_ARG_NONE, &stamp,
                  "have a time-stamp authority say when, and keep that", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 0, 0, &operands, error) &&
               cli_answer(cli, stamp ? "checkpoint.stamp" : "checkpoint", json_object(), print_checkpoint,
                          error);
}

static void print_pack(const json_t *answer)
{
        const json_t *zone;
        size_t i;

        printf("%" JSON_INTEGER_FORMAT " files, %" JSON_INTEGER_FORMAT
               " bytes, the log up to commit %" JSON_INTEGER_FORMAT "\n",
               json_integer_value(json_object_get(answer, "files")),
               json_integer_value(json_object_get(answer, "bytes")),
               json_integer_value(json_object_get(answer, "commits")));
        json_array_foreach(json_object_get(answer, "zones"), i, zone)
                printf("zone %s\n", json_string_value(zone));
}

bool cmd_evidence_pack(Cli *cli, char **args, GError **error)
{
        g_autofree char *path = NULL, *zones = NULL;
        gint64 sample = 0, seed = 0;
        const GOptionEntry options[] = {
                { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
                  "the file to write, which must not be there", "FILE" },
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zones,
                  "these zones or conduits only, with commas between", "KEY" },
                { "sample", 0, 0, G_OPTION_ARG_INT64, &sample, "so many zones, chosen by the seed", "N" },
                { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "what chooses the sample; it is in the pack",
                  "S" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 0, 0, &operands, error))
                return false;
        if (path != NULL)
                return cli_answer_file(cli, "evidence.pack",
                                       json_pack("{s:o, s:I, s:I}", "zones", cli_words(zones), "sample",
                                                 (json_int_t)sample, "seed", (json_int_t)seed),
                                       path, print_pack, error);
        error_set(error, ZW_ERR_USAGE, "evidence-pack", "name the file to write with -o FILE");
        return false;
}
