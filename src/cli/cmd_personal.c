/* Personal values: where they are, and erasing them. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void print_places(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(answer, i, row)
                printf("%-10s %-20s commit %" JSON_INTEGER_FORMAT "\n", jread_get_string(row, "item"),
                       jread_get_string(row, "field"), json_integer_value(json_object_get(row, "commit")));
}

static void print_erased(const json_t *answer)
{
        printf("erased: %s, %" JSON_INTEGER_FORMAT " pieces\n", jread_get_string(answer, "erased"),
               json_integer_value(json_object_get(answer, "pieces")));
}

bool cmd_personal(Cli *cli, char **args, GError **error)
{
        gint64 commit = 0;
        gboolean yes = FALSE;
        const GOptionEntry options[] = {
                { "commit", 0, 0, G_OPTION_ARG_INT64, &commit,
                  "the message of this commit, instead of values of an item", "N" },
                { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, "it is meant: it cannot be brought back", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;
        g_autoptr(Json) input = NULL;
        guint n;

        if (!cli_parse(cli, args, options, 1, 3, &words, error))
                return false;
        n = g_strv_length(words);
        if (strcmp(words[0], "list") == 0 && n <= 2)
                return cli_answer(cli, "personal.list", json_pack("{s:s*}", "key", words[1]), print_places,
                                  error);
        if (strcmp(words[0], "erase") != 0)
                return cli_wrong_words("personal", error);
        input = json_pack("{s:s*, s:s*, s:b}", "key", words[1], "field", n > 2 ? words[2] : NULL, "yes",
                          (int)yes);
        if (commit > 0)
                json_object_set_new(input, "commit", json_integer(commit));
        return cli_answer(cli, "personal.erase", json_incref(input), print_erased, error);
}
