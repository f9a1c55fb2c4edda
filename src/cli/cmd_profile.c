/* Column mappings of sheets. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void print_profiles(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(answer, i, one)
                printf("%-20s %s\n", jread_get_string(one, "name"),
                       jread_get_bool(one, "own", false) ? "own" : "of the program");
}

static void print_set(const json_t *answer)
{
        const json_t *commit = json_object_get(answer, "commit");

        if (json_is_integer(commit))
                printf("commit %" JSON_INTEGER_FORMAT "\n", json_integer_value(commit));
        else
                puts("nothing to change");
}

static bool profile_show(Cli *cli, const char *name, GError **error)
{
        g_autoptr(Json) all = cli_call(cli, "profile.list", json_object(), error);
        const json_t *one;
        size_t i;

        if (all == NULL)
                return false;
        json_array_foreach(all, i, one)
        {
                if (strcmp(jread_get_string(one, "name"), name) == 0) {
                        cli_print(cli, json_object_get(one, "profile"), NULL);
                        return true;
                }
        }
        error_set(error, ZW_ERR_NAME_UNKNOWN, name, "there is no profile of this name");
        return false;
}

static bool profile_set(Cli *cli, const char *name, json_t *profile, GError **error)
{
        return profile != NULL &&
               cli_answer(cli, "profile.set", json_pack("{s:s, s:o}", "name", name, "profile", profile),
                          print_set, error);
}

bool cmd_profile(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) words = NULL;
        guint n;

        if (!cli_parse(cli, args, NULL, 1, 3, &words, error))
                return false;
        n = g_strv_length(words);
        if (strcmp(words[0], "list") == 0 && n == 1)
                return cli_answer(cli, "profile.list", json_object(), print_profiles, error);
        if (strcmp(words[0], "show") == 0 && n == 2)
                return profile_show(cli, words[1], error);
        if (strcmp(words[0], "set") == 0 && n == 3)
                return profile_set(cli, words[1], cli_read_json(words[2], error), error);
        if (strcmp(words[0], "drop") == 0 && n == 2)
                return profile_set(cli, words[1], json_null(), error);
        return cli_wrong_words("profile", error);
}
