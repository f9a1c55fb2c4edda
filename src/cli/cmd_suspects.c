/* The queue of suspect links: showing and working it. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

/* A link as `confirm` and `defer` take it. */
static void print_link(const json_t *link)
{
        const char *as = cli_text(link, "as");

        printf("%s/%s/%s%s%s", cli_text(link, "from"), cli_text(link, "type"), cli_text(link, "to"),
               as[0] == '\0' ? "" : "/", as);
}

/* ---- zw suspects ---- */

static void print_suspects(const json_t *answer)
{
        const json_t *row, *field;
        size_t i, f;

        json_array_foreach(answer, i, row)
        {
                const json_t *because = json_object_get(row, "because"),
                             *deferred = json_object_get(row, "deferred");

                print_link(json_object_get(row, "link"));
                printf("  %s changed (", cli_text(because, "key"));
                json_array_foreach(json_object_get(because, "changed"), f, field)
                        printf("%s%s", f == 0 ? "" : ", ", json_string_value(field));
                printf(") %" JSON_INTEGER_FORMAT " days ago, for %s",
                       json_integer_value(json_object_get(row, "age_days")),
                       json_is_string(json_object_get(row, "owner")) ? cli_text(row, "owner") : "nobody");
                if (json_is_object(deferred))
                        printf("; deferred until %s: %s", cli_text(deferred, "until"),
                               cli_text(deferred, "reason"));
                putchar('\n');
        }
}

bool cmd_suspects(Cli *cli, char **args, GError **error)
{
        g_autofree char *filter = NULL;
        const GOptionEntry options[] = {
                { "filter", 0, 0, G_OPTION_ARG_STRING, &filter,
                  "only links with an item at an end that fits, as `zw list` takes it", "Q" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 0, 0, &operands, error) &&
               cli_answer(cli, "suspect.list", json_pack("{s:s*}", "q", filter), print_suspects, error);
}

/* ---- zw confirm, zw defer ---- */

static void print_judged(const json_t *answer)
{
        const json_t *link;
        size_t i;

        json_array_foreach(json_object_get(answer, "links"), i, link)
        {
                print_link(link);
                putchar('\n');
        }
        cli_print_commit(json_object_get(answer, "changes"));
}

/* FROM/TYPE/TO or FROM/TYPE/TO/AS: no key has a slash. */
static json_t *link_read(const char *text, GError **error)
{
        g_auto(GStrv) parts = g_strsplit(text, "/", -1);
        const guint n = g_strv_length(parts);

        if (n == 3 || n == 4)
                return json_pack("{s:s, s:s, s:s, s:s}", "from", parts[0], "type", parts[1], "to", parts[2],
                                 "as", n == 4 ? parts[3] : "");
        error_set(error, ZW_ERR_USAGE, text, "a link is FROM/TYPE/TO or FROM/TYPE/TO/AS");
        return NULL;
}

/* The input of both: the links of the operands or a filter, and why. */
static json_t *judge_input(const Cli *cli, char **operands, const char *filter, gboolean dry_run,
                           GError **error)
{
        g_autoptr(Json) input = json_pack("{s:s*, s:b, s:s*}", "reason", cli->message, "dry_run",
                                          (int)dry_run, "q", filter);
        json_t *links = json_array();

        if (*operands != NULL || filter == NULL)
                json_object_set_new(input, "links", links);
        else
                json_decref(links);
        for (; *operands != NULL; operands++) {
                json_t *link = link_read(*operands, error);

                if (link == NULL)
                        return NULL;
                json_array_append_new(links, link);
        }
        return g_steal_pointer(&input);
}

static bool judge(Cli *cli, const char *usecase, char **args, bool with_until, GError **error)
{
        g_autofree char *filter = NULL, *until = NULL;
        gboolean dry_run = FALSE;
        const GOptionEntry options[] = {
                { "filter", 0, 0, G_OPTION_ARG_STRING, &filter,
                  "all suspects with an item at an end that fits, instead of naming links", "Q" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "show which links, and change nothing",
                  NULL },
                { with_until ? "until" : NULL, 0, 0, G_OPTION_ARG_STRING, &until, "the last day of it",
                  "DATE" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;
        json_t *input;

        if (!cli_parse(cli, args, options, 0, -1, &operands, error))
                return false;
        input = judge_input(cli, operands, filter, dry_run, error);
        if (input == NULL)
                return false;
        if (until != NULL)
                json_object_set_new(input, "until", json_string(until));
        return cli_answer(cli, usecase, input, print_judged, error);
}

bool cmd_confirm(Cli *cli, char **args, GError **error)
{
        return judge(cli, "suspect.confirm", args, false, error);
}

bool cmd_defer(Cli *cli, char **args, GError **error)
{
        return judge(cli, "suspect.defer", args, true, error);
}
