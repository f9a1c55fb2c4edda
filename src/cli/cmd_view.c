/* Saved views. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void print_views(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(answer, i, one) printf("%-28s %-7s %-12s %s\n", cli_text(one, "name"),
                                                  jread_get_bool(one, "shared", false) ? "shared" : "own",
                                                  cli_text(one, "person"), cli_text(one, "address"));
}

static void print_name(const json_t *answer)
{
        puts(cli_text(answer, "name"));
}

bool cmd_view(Cli *cli, char **args, GError **error)
{
        gboolean shared = FALSE;
        g_autofree char *person = NULL;
        const GOptionEntry options[] = {
                { "shared", 0, 0, G_OPTION_ARG_NONE, &shared, "everybody in the project sees it", NULL },
                { "person", 0, 0, G_OPTION_ARG_STRING, &person, "whose it is, when not one's own", "NAME" },
                G_OPTION_ENTRY_NULL
        };
        g_auto(GStrv) words = NULL;
        guint n;

        if (!cli_parse(cli, args, options, 1, 3, &words, error))
                return false;
        n = g_strv_length(words);
        if (strcmp(words[0], "list") == 0 && n == 1 && !shared && person == NULL)
                return cli_answer(cli, "view.list", json_object(), print_views, error);
        if (strcmp(words[0], "keep") == 0 && n == 3 && person == NULL)
                return cli_answer(cli, "view.keep",
                                  json_pack("{s:s, s:s, s:b}", "name", words[1], "address", words[2],
                                            "shared", (int)shared),
                                  print_name, error);
        if (strcmp(words[0], "drop") == 0 && n == 2 && !shared)
                return cli_answer(cli, "view.drop",
                                  json_pack("{s:s, s:s*}", "name", words[1], "person", person), print_name,
                                  error);
        return cli_wrong_words("view", error);
}
