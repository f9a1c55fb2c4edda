/* How far the work of 62443-3-2 has come. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

enum { BRIEF = 3 }; /* lines of what is missing, where nobody asked for one row */

static void print_missing(const json_t *missing)
{
        const char *field = jread_get_string(missing, "field");

        printf("            %s%s%s%s\n", cli_text(missing, "text"),
               field == NULL ? "" : " (enter: ", field == NULL ? "" : field, field == NULL ? "" : ")");
}

static void print_row(const json_t *row, size_t most)
{
        const json_t *missing = json_object_get(row, "missing"), *one;
        size_t i;

        printf("%-8s  %-7s  %s: %s\n", cli_text(row, "id"), cli_text(row, "status"), cli_text(row, "title"),
               cli_text(row, "text"));
        json_array_foreach(missing, i, one)
        {
                if (i == most) {
                        printf("            and %zu more: zw zcr '%s'\n", json_array_size(missing) - i,
                               cli_text(row, "id"));
                        break;
                }
                print_missing(one);
        }
}

static void print_brief(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(answer, i, row) print_row(row, BRIEF);
}

static void print_whole(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(answer, i, row) print_row(row, SIZE_MAX);
}

/* Does somebody mean this row by `ZCR 5.8`, or by `5.8`? */
static bool is_named(const char *row, const char *name)
{
        static const char prefix[] = "ZCR ";

        return g_ascii_strcasecmp(row, name) == 0 ||
               (g_str_has_prefix(row, prefix) && strcmp(row + sizeof(prefix) - 1, name) == 0);
}

/* The rows of that id. Errors: NAME_UNKNOWN. */
static json_t *rows_named(const json_t *rows, const char *id, GError **error)
{
        g_autoptr(Json) named = json_array();
        const json_t *row;
        size_t i;

        json_array_foreach(rows, i, row) if (is_named(cli_text(row, "id"), id))
                json_array_append(named, (json_t *)(uintptr_t)row);
        if (json_array_size(named) > 0)
                return g_steal_pointer(&named);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "zcr",
                  "there is no row \"%s\" of 62443-3-2: ZCR 1.1 to ZCR 7.1", id);
        return NULL;
}

bool cmd_zcr(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) answer = NULL, named = NULL;

        if (!cli_parse(cli, args, NULL, 0, 1, &operands, error))
                return false;
        answer = cli_call(cli, "zcr", json_object(), error);
        if (answer == NULL)
                return false;
        if (operands[0] == NULL) {
                cli_print(cli, answer, print_brief);
                return true;
        }
        named = rows_named(answer, operands[0], error);
        if (named == NULL)
                return false;
        cli_print(cli, named, print_whole);
        return true;
}
