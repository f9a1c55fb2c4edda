/* Baselines: commits that have a name. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void print_baseline(const json_t *answer)
{
        printf("%s names commit %" JSON_INTEGER_FORMAT " %s\n", cli_text(answer, "key"),
               json_integer_value(json_object_get(answer, "seq")), cli_text(answer, "hash"));
}

static void print_baselines(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(answer, i, one)
                printf("%-8s commit %-6" JSON_INTEGER_FORMAT " %-10s %" JSON_INTEGER_FORMAT
                       " of %" JSON_INTEGER_FORMAT " signatures stand, %" JSON_INTEGER_FORMAT
                       " items changed since  %s\n",
                       cli_text(one, "key"), json_integer_value(json_object_get(one, "seq")),
                       cli_text(one, "state"), json_integer_value(json_object_get(one, "standing")),
                       json_integer_value(json_object_get(one, "signatures")),
                       json_integer_value(json_object_get(one, "changed_since")), cli_text(one, "title"));
}

static void print_compared(const json_t *answer)
{
        const json_t *stage;
        size_t i;

        print_places_compared(json_object_get(answer, "places"));
        json_array_foreach(json_object_get(answer, "coverage"), i, stage)
                printf("%-16s %6" JSON_INTEGER_FORMAT " -> %" JSON_INTEGER_FORMAT "\n",
                       cli_text(stage, "stage"), json_integer_value(json_object_get(stage, "old")),
                       json_integer_value(json_object_get(stage, "new")));
        print_diff(answer);
}

static bool baseline_compare(Cli *cli, char **words, const char *kinds, const char *zone, GError **error)
{
        const bool now = words[1] == NULL || strcmp(words[1], "now") == 0;

        return cli_answer(cli, "diff",
                          json_pack("{s:s, s:s*, s:o, s:s*, s:b}", "from", words[0], "to",
                                    now ? NULL : words[1], "kinds", cli_words(kinds), "zone", zone,
                                    "analyses", 1),
                          print_compared, error);
}

bool cmd_baseline(Cli *cli, char **args, GError **error)
{
        g_autofree char *commit = NULL, *kinds = NULL, *zone = NULL;
        const GOptionEntry options[] = {
                { "commit", 0, 0, G_OPTION_ARG_STRING, &commit, "name this commit, and not the newest",
                  "SEQ|DATE|BASELINE" },
                { "kinds", 0, 0, G_OPTION_ARG_STRING, &kinds,
                  "compare: only items of these kinds, with commas between", "KIND" },
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zone,
                  "compare: only what is in or about this zone or conduit", "KEY" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;
        guint n;

        if (!cli_parse(cli, args, options, 1, 3, &words, error))
                return false;
        n = g_strv_length(words);
        if (strcmp(words[0], "list") == 0 && n == 1)
                return cli_answer(cli, "baseline.list", json_object(), print_baselines, error);
        if (strcmp(words[0], "create") == 0 && n == 2)
                return cli_answer(cli, "baseline.create",
                                  json_pack("{s:s, s:s*}", "title", words[1], "commit", commit),
                                  print_baseline, error);
        if (strcmp(words[0], "compare") == 0 && n >= 2)
                return baseline_compare(cli, words + 1, kinds, zone, error);
        return cli_wrong_words("baseline", error);
}
