/* Reviews: items sent to reviewers, and what they decide. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static json_int_t number_of(const json_t *object, const char *key)
{
        return json_integer_value(json_object_get(object, key));
}

static void print_head(const json_t *review)
{
        const char *due = jread_get_string(review, "due");

        printf("%-8s %-12s %" JSON_INTEGER_FORMAT " items, %" JSON_INTEGER_FORMAT " decisions open",
               cli_text(review, "key"), cli_text(review, "state"), number_of(review, "n_items"),
               number_of(review, "open"));
        if (number_of(review, "moved_on") > 0)
                printf(", %" JSON_INTEGER_FORMAT " moved on", number_of(review, "moved_on"));
        if (due != NULL)
                printf(", due %s%s", due, jread_get_bool(review, "overdue", false) ? " (overdue)" : "");
        printf("  %s\n", cli_text(review, "title"));
}

static void print_reviews(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(answer, i, one) print_head(one);
}

static void print_review(const json_t *review)
{
        const json_t *item, *decision;
        size_t i, d;

        print_head(review);
        json_array_foreach(json_object_get(review, "items"), i, item)
        {
                printf("%s revision %" JSON_INTEGER_FORMAT, cli_text(item, "key"), number_of(item, "sent"));
                if (jread_get_bool(item, "moved_on", false))
                        printf(" (now %" JSON_INTEGER_FORMAT ")", number_of(item, "rev"));
                printf("  %s\n", cli_text(item, "title"));
                json_array_foreach(json_object_get(item, "decisions"), d, decision)
                {
                        const char *said = jread_get_string(decision, "decision");

                        printf("    %-16s %s%s\n", cli_text(decision, "by"), said == NULL ? "-" : said,
                               said != NULL && !jread_get_bool(decision, "stands", false)
                                       ? ", before the item changed"
                                       : "");
                }
        }
        json_array_foreach(json_object_get(review, "signatures"), i, item)
                printf("signed %s by %s%s\n", cli_text(item, "meaning"), cli_text(item, "person"),
                       jread_get_bool(item, "standing", false) ? "" : " (superseded)");
}

static void print_done(const json_t *answer)
{
        printf("%s, commit %" JSON_INTEGER_FORMAT "\n", cli_text(answer, "key"), number_of(answer, "commit"));
}

static json_t *keys_of(char **words)
{
        json_t *keys = json_array();

        for (; *words != NULL; words++)
                json_array_append_new(keys, json_string(*words));
        return keys;
}

bool cmd_review(Cli *cli, char **args, GError **error)
{
        g_autofree char *to = NULL, *due = NULL, *filter = NULL;
        g_auto(GStrv) words = NULL;
        const GOptionEntry options[] = {
                { "to", 0, 0, G_OPTION_ARG_STRING, &to, "who is asked, with commas between", "NAME,..." },
                { "due", 0, 0, G_OPTION_ARG_STRING, &due, "the last day of it", "DATE" },
                { "filter", 0, 0, G_OPTION_ARG_STRING, &filter, "the items that fit, beside those named",
                  "Q" },
                G_OPTION_ENTRY_NULL,
        };
        const char *word;
        guint n;

        if (!cli_parse(cli, args, options, 1, -1, &words, error))
                return false;
        word = words[0];
        n = g_strv_length(words);
        if (strcmp(word, "list") == 0 && n == 1)
                return cli_answer(cli, "review.list", json_object(), print_reviews, error);
        if (strcmp(word, "show") == 0 && n == 2)
                return cli_answer(cli, "review.show", json_pack("{s:s}", "key", words[1]), print_review,
                                  error);
        if (strcmp(word, "create") == 0 && n >= 2)
                return cli_answer(cli, "review.create",
                                  json_pack("{s:s, s:o, s:o, s:s*, s:s*, s:s*}", "title", words[1], "items",
                                            keys_of(words + 2), "reviewers", cli_words(to), "due", due, "q",
                                            filter, "message", cli->message),
                                  print_done, error);
        if (strcmp(word, "decide") == 0 && n == 4)
                return cli_answer(cli, "review.decide",
                                  json_pack("{s:s, s:s, s:s, s:s*}", "key", words[1], "item", words[2],
                                            "decision", words[3], "text", cli->message),
                                  print_done, error);
        if (strcmp(word, "finish") == 0 && n == 2)
                return cli_answer(cli, "review.finish",
                                  json_pack("{s:s, s:s*}", "key", words[1], "message", cli->message),
                                  print_done, error);
        return cli_wrong_words("review", error);
}
