/* What waits for who asks, and for everybody by mail. */
#include "cli/cli.h"

#include <stdio.h>

static void print_row(const json_t *row)
{
        const char *key = jread_get_string(row, "key"), *due = jread_get_string(row, "due");

        printf("  %-10s %-7s %s%s%s", cli_text(row, "why"), key == NULL ? "-" : key, cli_text(row, "title"),
               key == NULL ? "" : ": ", cli_text(row, "text"));
        if (due != NULL)
                printf(", due %s%s", due, jread_get_bool(row, "overdue", false) ? " (overdue)" : "");
        putchar('\n');
}

static void print_project(const json_t *project)
{
        const json_t *row;
        size_t i;

        printf("%s %s\n", cli_text(project, "project"), cli_text(project, "title"));
        json_array_foreach(json_object_get(project, "rows"), i, row) print_row(row);
        if (jread_get_bool(project, "more", false))
                puts("  and more");
}

static void print_work(const json_t *answer)
{
        const json_t *project;
        size_t i;

        json_array_foreach(answer, i, project) print_project(project);
}

bool cmd_work(Cli *cli, char **args, GError **error)
{
        const GOptionEntry options[] = { G_OPTION_ENTRY_NULL };
        g_auto(GStrv) words = NULL;

        if (!cli_parse(cli, args, options, 0, 0, &words, error))
                return false;
        if (cli->project != NULL)
                return cli_answer(cli, "work.project", json_object(), print_project, error);
        return cli_answer(cli, "work", json_object(), print_work, error);
}

/* ---- by mail ---- */

static void print_sent(const json_t *answer)
{
        const json_t *one;
        size_t i;

        printf("%" G_GINT64_FORMAT " sent, nothing to say to %" G_GINT64_FORMAT "\n",
               jread_get_int(answer, "sent", 0), jread_get_int(answer, "skipped", 0));
        json_array_foreach(json_object_get(answer, "failed"), i, one)
                printf("%s: %s\n", cli_text(one, "name"), cli_text(one, "why"));
}

bool cmd_mail(Cli *cli, char **args, GError **error)
{
        const GOptionEntry options[] = { G_OPTION_ENTRY_NULL };
        g_auto(GStrv) words = NULL;

        return cli_parse(cli, args, options, 0, 0, &words, error) &&
               cli_answer(cli, "mail.digest", json_object(), print_sent, error);
}
