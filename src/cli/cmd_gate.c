/* Pass or fail for who builds and commissions: exit 1 when a place falls short. */
#include "cli/cli.h"

#include <stdio.h>

static void print_level(const json_t *level)
{
        if (json_is_integer(level))
                printf("%" JSON_INTEGER_FORMAT, json_integer_value(level));
        else
                printf("unknown");
}

static void print_fail(const json_t *fail)
{
        const json_t *ref;
        size_t i;

        printf("  FR %" JSON_INTEGER_FORMAT ": demanded ", json_integer_value(json_object_get(fail, "fr")));
        print_level(json_object_get(fail, "demanded"));
        printf(", achieved ");
        print_level(json_object_get(fail, "achieved"));
        json_array_foreach(json_object_get(fail, "refs"), i, ref)
                printf("%s%s", i == 0 ? ": " : ", ", json_string_value(ref));
        putchar('\n');
}

static void print_gate(const json_t *answer)
{
        const json_t *place, *fail;
        size_t i, k;

        json_array_foreach(json_object_get(answer, "places"), i, place)
        {
                printf("%-7s %s\n", cli_text(place, "place"),
                       json_is_true(json_object_get(place, "met")) ? "passes" : "FAILS");
                json_array_foreach(json_object_get(place, "fails"), k, fail) print_fail(fail);
        }
        cli_note_feeds(answer);
}

/* Errors: USAGE, a level and the target at once. */
static bool level_check(int level, bool target, GError **error)
{
        if (level == 0 || !target)
                return true;
        error_set(error, ZW_ERR_USAGE, "gate", "--sl and --target exclude each other");
        return false;
}

bool cmd_gate(Cli *cli, char **args, GError **error)
{
        g_autofree char *zone = NULL;
        gboolean target = FALSE, findings = FALSE;
        int level = 0;
        const GOptionEntry options[] = {
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zone, "only this zone or conduit", "KEY" },
                { "sl", 0, 0, G_OPTION_ARG_INT, &level, "each entry has to reach this level", "N" },
                { "target", 0, 0, G_OPTION_ARG_NONE, &target,
                  "each entry has to reach its SL-T (so unless --sl is said)", NULL },
                { "findings", 0, 0, G_OPTION_ARG_NONE, &findings, "confirmed findings count against a level",
                  NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) answer = NULL;
        json_t *input;

        if (!cli_parse(cli, args, options, 0, 0, &operands, error) || !level_check(level, target, error))
                return false;
        input = json_pack("{s:s*, s:b}", "zone", zone, "findings", (int)findings);
        if (level != 0)
                json_object_set_new(input, "sl", json_integer(level));
        answer = cli_call(cli, "gate", input, error);
        if (answer == NULL)
                return false;
        cli->no = !json_is_true(json_object_get(answer, "met"));
        cli_print(cli, answer, print_gate);
        return true;
}
