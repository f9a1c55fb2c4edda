/* What traces to what, what lies around an item, and why two items belong together. */
#include "cli/cli.h"

#include <stdio.h>

enum { PAGE_ROWS = 10000 };

/* ---- zw trace-matrix ---- */

static void print_cells(const json_t *answer, const json_t *row, const char *how)
{
        const json_t *columns = json_object_get(answer, "columns"), *cells = json_object_get(row, how), *cell;
        size_t i;

        if (json_array_size(cells) == 0)
                return;
        printf("  %s:", how);
        json_array_foreach(cells, i, cell)
                printf(" %s", cli_text(json_array_get(columns, (size_t)json_integer_value(cell)), "key"));
        putchar('\n');
}

static void print_matrix(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(json_object_get(answer, "rows"), i, row)
        {
                printf("%-8s %s\n", cli_text(row, "key"), cli_text(row, "title"));
                print_cells(answer, row, "direct");
                print_cells(answer, row, "derived");
                print_cells(answer, row, "suspect");
        }
        printf("%zu of %" JSON_INTEGER_FORMAT " rows, %zu columns\n", i,
               json_integer_value(json_object_get(answer, "count")),
               json_array_size(json_object_get(answer, "columns")));
}

static void print_written(const json_t *answer)
{
        printf("%" JSON_INTEGER_FORMAT " rows, %" JSON_INTEGER_FORMAT " columns, %" JSON_INTEGER_FORMAT
               " bytes\n",
               json_integer_value(json_object_get(answer, "rows")),
               json_integer_value(json_object_get(answer, "columns")),
               json_integer_value(json_object_get(answer, "bytes")));
}

bool cmd_trace_matrix(Cli *cli, char **args, GError **error)
{
        g_autofree char *rows = NULL, *columns = NULL, *gaps = NULL, *after = NULL, *path = NULL;
        const GOptionEntry options[] = {
                { "filter", 0, 0, G_OPTION_ARG_STRING, &rows,
                  "only rows of items that fit, as `zw list` takes it", "Q" },
                { "columns", 0, 0, G_OPTION_ARG_STRING, &columns, "only columns of items that fit", "Q" },
                { "gaps", 0, 0, G_OPTION_ARG_STRING, &gaps, "only those that trace to nothing",
                  "rows|columns" },
                { "after", 0, 0, G_OPTION_ARG_STRING, &after, "rows after this one, where there are many",
                  "KEY" },
                { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path,
                  "all of it as a workbook, into a file that must not be there", "FILE.xlsx" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) kinds = NULL;
        json_t *input;

        if (!cli_parse(cli, args, options, 2, 2, &kinds, error))
                return false;
        input = json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:i}", "from", kinds[0], "to", kinds[1], "q",
                          rows, "filter", columns, "gaps", gaps, "after", after, "limit", PAGE_ROWS);
        return path != NULL ? cli_answer_file(cli, "trace.matrix", input, path, print_written, error)
                            : cli_answer(cli, "trace.matrix", input, print_matrix, error);
}

/* ---- zw neighbourhood, zw why ---- */

static void print_links(const json_t *answer)
{
        const json_t *link;
        size_t i;

        json_array_foreach(json_object_get(answer, "links"), i, link)
                printf("%s %s %s%s%s%s\n", cli_text(link, "from"), cli_text(link, "type"),
                       cli_text(link, "to"), cli_text(link, "as")[0] == '\0' ? "" : " as ",
                       cli_text(link, "as"),
                       json_is_true(json_object_get(link, "suspect")) ? " (suspect)" : "");
}

static void print_nodes(const json_t *answer)
{
        const json_t *node;
        size_t i;

        json_array_foreach(json_object_get(answer, "items"), i, node)
                printf("%" JSON_INTEGER_FORMAT " %-8s %-18s %s\n",
                       json_integer_value(json_object_get(node, "distance")), cli_text(node, "key"),
                       cli_text(node, "kind"), cli_text(node, "title"));
        print_links(answer);
        if (json_is_true(json_object_get(answer, "more")))
                puts("and more that is not shown");
}

bool cmd_neighbourhood(Cli *cli, char **args, GError **error)
{
        g_autofree char *links = NULL;
        gint depth = 1;
        const GOptionEntry options[] = {
                { "depth", 0, 0, G_OPTION_ARG_INT, &depth, "so many links from the item, 1 to 4", "N" },
                { "links", 0, 0, G_OPTION_ARG_STRING, &links,
                  "only over links of these types, with commas between", "TYPE" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) keys = NULL;

        return cli_parse(cli, args, options, 1, 1, &keys, error) &&
               cli_answer(cli, "neighbourhood",
                          json_pack("{s:s, s:i, s:o}", "key", keys[0], "depth", depth, "links",
                                    cli_words(links)),
                          print_nodes, error);
}

static void print_connection(const json_t *answer)
{
        if (json_is_true(json_object_get(answer, "ok")))
                print_nodes(answer);
        else
                puts("nothing connects them");
}

bool cmd_why(Cli *cli, char **args, GError **error)
{
        g_autofree char *links = NULL;
        gboolean up = FALSE, down = FALSE;
        const GOptionEntry options[] = {
                { "up", 0, 0, G_OPTION_ARG_NONE, &up, "over the chain, towards the source", NULL },
                { "down", 0, 0, G_OPTION_ARG_NONE, &down, "over the chain, towards the proof", NULL },
                { "links", 0, 0, G_OPTION_ARG_STRING, &links,
                  "only over links of these types, with commas between", "TYPE" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) keys = NULL;

        return cli_parse(cli, args, options, 2, 2, &keys, error) &&
               cli_answer(cli, "connection",
                          json_pack("{s:s, s:s, s:b, s:b, s:o}", "key", keys[0], "to", keys[1], "up", up,
                                    "down", down, "links", cli_words(links)),
                          print_connection, error);
}
