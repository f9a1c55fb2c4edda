/* State machines of the project. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void print_workflows(const json_t *answer)
{
        const json_t *one, *state;
        size_t i, s;

        json_array_foreach(answer, i, one)
        {
                printf("%-18s %-8s", cli_text(one, "kind"),
                       jread_get_bool(one, "own", false) ? "own" : "default");
                json_array_foreach(json_object_get(one, "states"), s, state)
                        printf(" %s%s", cli_text(state, "state"),
                               strcmp(cli_text(state, "state"), cli_text(one, "initial")) == 0 ? "*" : "");
                putchar('\n');
        }
}

static void print_set(const json_t *answer)
{
        const bool changed = json_is_integer(json_object_get(answer, "commit"));

        printf("%s: %s%s\n", cli_text(answer, "kind"),
               jread_get_bool(answer, "own", false) ? "its own state machine" : "the default state machine",
               changed ? "" : ", as before");
}

/* What `workflow show --json` gives can be given back: `kind` and `own` are said by the command. */
static json_t *workflow_file(const char *path, GError **error)
{
        json_t *value = cli_read_json(path, error);

        json_object_del(value, "kind");
        json_object_del(value, "own");
        return value;
}

static bool workflow_set(Cli *cli, const char *kind, json_t *value, GError **error)
{
        return value != NULL &&
               cli_answer(cli, "workflow.set", json_pack("{s:s, s:o}", "kind", kind, "workflow", value),
                          print_set, error);
}

bool cmd_workflow(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) words = NULL;
        guint n;

        if (!cli_parse(cli, args, NULL, 1, 3, &words, error))
                return false;
        n = g_strv_length(words);
        if (strcmp(words[0], "list") == 0 && n == 1)
                return cli_answer(cli, "workflow.list", json_object(), print_workflows, error);
        if (strcmp(words[0], "show") == 0 && n == 2)
                return cli_answer(cli, "workflow.show", json_pack("{s:s}", "kind", words[1]), NULL, error);
        if (strcmp(words[0], "set") == 0 && n == 3)
                return workflow_set(cli, words[1], workflow_file(words[2], error), error);
        if (strcmp(words[0], "reset") == 0 && n == 2)
                return workflow_set(cli, words[1], json_null(), error);
        return cli_wrong_words("workflow", error);
}
