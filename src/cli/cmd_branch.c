/* Variants of a project: making, listing, merging and dropping them. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static json_int_t number_of(const json_t *object, const char *key)
{
        return json_integer_value(json_object_get(object, key));
}

static void print_made(const json_t *answer)
{
        printf("%s, from commit %" JSON_INTEGER_FORMAT "\n", cli_text(answer, "key"),
               number_of(answer, "from"));
}

static void print_dropped(const json_t *answer)
{
        printf("%s is gone\n", cli_text(answer, "key"));
}

static void print_branches(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(answer, i, row)
                printf("%-24s from commit %" JSON_INTEGER_FORMAT ", %" JSON_INTEGER_FORMAT
                       " to merge, %" JSON_INTEGER_FORMAT " behind  %s\n",
                       cli_text(row, "key"), number_of(row, "from"), number_of(row, "ahead"),
                       number_of(row, "behind"), cli_text(row, "title"));
}

/* ---- what a merge does ---- */

static void print_value(const char *side, const json_t *value)
{
        g_autofree char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS);

        printf("    %-8s %s\n", side, text == NULL ? "" : text);
}

static void print_items(const json_t *items)
{
        const json_t *row, *field;
        size_t i, f;

        json_array_foreach(items, i, row)
        {
                printf("%s %s", cli_text(row, "what"), cli_text(row, "item"));
                json_array_foreach(json_object_get(row, "fields"), f, field)
                        printf("%s%s", f == 0 ? ": " : ", ", json_string_value(field));
                putchar('\n');
        }
}

static void print_conflicts(const json_t *conflicts)
{
        const json_t *row;
        size_t i;

        json_array_foreach(conflicts, i, row)
        {
                const char *take = jread_get_string(row, "take");

                printf("conflict %s%s%s\n", cli_text(row, "conflict"),
                       take == NULL ? "" : ", decided: ", take == NULL ? "" : take);
                print_value("base", json_object_get(row, "base"));
                print_value("project", json_object_get(row, "project"));
                print_value("branch", json_object_get(row, "branch"));
        }
}

static void print_merge(const json_t *answer)
{
        const json_t *row, *commit = json_object_get(answer, "commit");
        size_t i;

        print_items(json_object_get(answer, "items"));
        json_array_foreach(json_object_get(answer, "links"), i, row)
                printf("link %s %s %s %s\n", cli_text(row, "what"), cli_text(row, "from"),
                       cli_text(row, "type"), cli_text(row, "to"));
        json_array_foreach(json_object_get(answer, "settings"), i, row)
                printf("setting %s\n", json_string_value(row));
        json_array_foreach(json_object_get(answer, "renamed"), i, row)
                printf("%s becomes %s\n", cli_text(row, "item"), cli_text(row, "becomes"));
        json_array_foreach(json_object_get(answer, "left"), i, row)
                printf("stays in the branch: %" JSON_INTEGER_FORMAT " %s\n", number_of(row, "n"),
                       cli_text(row, "what"));
        print_conflicts(json_object_get(answer, "conflicts"));
        if (json_is_integer(commit))
                printf("commit %" JSON_INTEGER_FORMAT "\n", json_integer_value(commit));
        else
                printf("nothing was changed; %" JSON_INTEGER_FORMAT " conflicts are open\n",
                       number_of(answer, "open"));
}

/* CONFLICT=project, CONFLICT=branch, or CONFLICT==VALUE: a text, or other JSON. */
static bool choice_add(json_t *choices, const char *text, GError **error)
{
        const char *at = strchr(text, '=');
        g_autofree char *name = at == NULL ? NULL : g_strndup(text, (size_t)(at - text));
        json_t *value;

        if (at == NULL) {
                error_set(error, ZW_ERR_USAGE, text, "a choice is CONFLICT=project, =branch or ==VALUE");
                return false;
        }
        if (at[1] != '=') {
                json_object_set_new(choices, name, json_string(at + 1));
                return true;
        }
        value = json_loads(at + 2, JSON_DECODE_ANY, NULL);
        json_object_set_new(choices, name,
                            json_pack("{s:o}", "value", value == NULL ? json_string(at + 2) : value));
        return true;
}

static bool branch_merge(Cli *cli, const char *name, char **takes, gboolean dry_run, GError **error)
{
        g_autoptr(Json) choices = json_object();

        for (char **take = takes; take != NULL && *take != NULL; take++)
                if (!choice_add(choices, *take, error))
                        return false;
        return cli_answer(cli, "branch.merge",
                          json_pack("{s:s, s:O, s:b, s:s*}", "name", name, "choices", choices, "dry_run",
                                    (int)dry_run, "message", cli->message),
                          print_merge, error);
}

bool cmd_branch(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) takes = NULL, words = NULL;
        g_autofree char *title = NULL;
        gboolean dry_run = FALSE, yes = FALSE;
        const GOptionEntry options[] = {
                { "title", 0, 0, G_OPTION_ARG_STRING, &title, "of a new branch; its name when left out",
                  "TEXT" },
                { "take", 0, 0, G_OPTION_ARG_STRING_ARRAY, &takes,
                  "which side holds in a conflict, or another value of a field; may be given several times",
                  "CONFLICT=project|branch|=VALUE" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run,
                  "show what a merge would do, and change nothing", NULL },
                { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, "drop what was not merged, too", NULL },
                G_OPTION_ENTRY_NULL,
        };
        const char *word;
        guint n;

        if (!cli_parse(cli, args, options, 1, 2, &words, error))
                return false;
        word = words[0];
        n = g_strv_length(words);
        if (strcmp(word, "list") == 0 && n == 1)
                return cli_answer(cli, "branch.list", json_object(), print_branches, error);
        if (strcmp(word, "create") == 0 && n == 2)
                return cli_answer(cli, "branch.create",
                                  json_pack("{s:s, s:s*}", "name", words[1], "title", title), print_made,
                                  error);
        if (strcmp(word, "merge") == 0 && n == 2)
                return branch_merge(cli, words[1], takes, dry_run, error);
        if (strcmp(word, "drop") == 0 && n == 2)
                return cli_answer(cli, "branch.drop",
                                  json_pack("{s:s, s:b}", "name", words[1], "yes", (int)yes), print_dropped,
                                  error);
        return cli_wrong_words("branch", error);
}
