/* Comments on items. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void print_comments(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(answer, i, one)
        {
                const bool resolved = jread_get_bool(one, "resolved", false);

                printf("%s %s %s%s%s%s\n%s\n", cli_text(one, "id"), cli_text(one, "created"),
                       cli_text(one, "by"), cli_text(one, "edited")[0] == '\0' ? "" : ", edited",
                       resolved ? ", resolved by " : "", cli_text(one, "resolved_by"), cli_text(one, "text"));
        }
}

static void print_comment(const json_t *answer)
{
        const json_t *commit = json_object_get(json_object_get(answer, "outcome"), "commit");

        printf("%s on %s\n", cli_text(answer, "comment"), cli_text(answer, "item"));
        if (json_is_null(commit))
                puts("nothing to change");
        else
                printf("commit %" JSON_INTEGER_FORMAT "\n", json_integer_value(commit));
}

/* What each word takes, and what it says. */
static const struct {
        const char *word;
        guint operands;
        bool names_comment, has_text, sets_resolved, resolved;
} ways[] = {
        { "add", 2, .has_text = true },
        { "edit", 3, .names_comment = true, .has_text = true },
        { "resolve", 2, .names_comment = true, .sets_resolved = true, .resolved = true },
        { "reopen", 2, .names_comment = true, .sets_resolved = true },
};

bool cmd_comment(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) words = NULL;
        guint n;

        if (!cli_parse(cli, args, NULL, 2, 4, &words, error))
                return false;
        n = g_strv_length(words) - 1;
        if (strcmp(words[0], "list") == 0 && n == 1)
                return cli_answer(cli, "comment.list", json_pack("{s:s}", "key", words[1]), print_comments,
                                  error);
        for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
                json_t *input;

                if (strcmp(words[0], ways[i].word) != 0 || n != ways[i].operands)
                        continue;
                input = json_pack("{s:s, s:s*, s:s*}", "key", words[1], "comment",
                                  ways[i].names_comment ? words[2] : NULL, "text",
                                  ways[i].has_text ? words[n] : NULL);
                if (ways[i].sets_resolved)
                        json_object_set_new(input, "resolved", json_boolean(ways[i].resolved));
                return cli_answer(cli, "comment.put", input, print_comment, error);
        }
        return cli_wrong_words("comment", error);
}
