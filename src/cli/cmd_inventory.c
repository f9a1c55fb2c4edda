/* As built against as drawn. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void print_rows(const json_t *answer)
{
        const json_t *rows = json_object_get(answer, "differences"), *row, *action;
        size_t i, k;

        if (jread_get_int(answer, "seen", 0) == 0)
                puts("no inventory was imported: what is built is unknown");
        else if (json_array_size(rows) == 0)
                puts("no differences between what was seen and the case");
        json_array_foreach(rows, i, row)
        {
                printf("%-24s  %s\n", cli_text(row, "id"), cli_text(row, "message"));
                if (jread_get_string(row, "accepted") != NULL)
                        printf("%26saccepted: %s\n", "", cli_text(row, "accepted"));
                json_array_foreach(json_object_get(row, "actions"), k, action)
                        printf("%26s%s: %s\n", "", cli_text(action, "name"), cli_text(action, "title"));
        }
}

static bool differences(Cli *cli, bool accepted, GError **error)
{
        g_autoptr(Json) answer = cli_call(cli, "inventory.differences",
                                          json_pack("{s:b}", "accepted", accepted), error);

        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_rows);
        return true;
}

/* The operations of an action of a difference (borrowed). Errors: NAME_UNKNOWN. */
static const json_t *action_find(const json_t *rows, const char *id, const char *name, GError **error)
{
        const json_t *row, *action;
        size_t i, k;

        json_array_foreach(rows, i, row)
        {
                if (strcmp(cli_text(row, "id"), id) != 0)
                        continue;
                json_array_foreach(json_object_get(row, "actions"), k,
                                   action) if (strcmp(cli_text(action, "name"), name) ==
                                               0) return json_object_get(action, "ops");
                error_set(error, ZW_ERR_NAME_UNKNOWN, "inventory", "%s cannot be settled by \"%s\"", id,
                          name);
                return NULL;
        }
        error_set(error, ZW_ERR_NAME_UNKNOWN, "inventory", "there is no difference \"%s\"", id);
        return NULL;
}

/* The reason stands behind the colon of the last text of the list. */
static bool reason_put(json_t *ops, const char *reason, GError **error)
{
        json_t *reasons = json_object_get(json_object_get(json_array_get(ops, 0), "attrs"),
                                          "accepted_differences");
        const size_t last = json_array_size(reasons) - 1;

        if (reasons == NULL)
                return true;
        if (reason == NULL || reason[strspn(reason, " \t")] == '\0') {
                error_set(error, ZW_ERR_USAGE, "--reason", "accepting a difference takes a reason");
                return false;
        }
        json_array_set_new(reasons, last,
                           json_sprintf("%s%s", json_string_value(json_array_get(reasons, last)), reason));
        return true;
}

static bool settle(Cli *cli, const char *id, const char *action, const char *reason, bool dry_run,
                   GError **error)
{
        g_autoptr(Json) answer = cli_call(cli, "inventory.differences", json_object(), error), ops = NULL;
        const json_t *found = answer == NULL ? NULL
                                             : action_find(json_object_get(answer, "differences"), id, action,
                                                           error);

        if (found == NULL)
                return false;
        ops = json_deep_copy(found);
        if (!reason_put(ops, reason, error))
                return false;
        return cli_answer(cli, "edit", json_pack("{s:O, s:b}", "ops", ops, "dry_run", dry_run),
                          cli_print_commit, error);
}

bool cmd_inventory(Cli *cli, char **args, GError **error)
{
        gboolean accepted = FALSE, dry_run = FALSE;
        g_autofree char *reason = NULL;
        const GOptionEntry options[] = {
                { "accepted", 0, 0, G_OPTION_ARG_NONE, &accepted, "those that somebody accepted as well",
                  NULL },
                { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, "why a difference is accepted", "TEXT" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "go all the way and change nothing", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 1, 3, &operands, error))
                return false;
        if (strcmp(operands[0], "diff") == 0 && operands[1] == NULL)
                return differences(cli, accepted, error);
        if (strcmp(operands[0], "settle") == 0 && operands[1] != NULL && operands[2] != NULL)
                return settle(cli, operands[1], operands[2], reason, dry_run, error);
        error_set(error, ZW_ERR_USAGE, "inventory", "diff, or settle DIFFERENCE ACTION");
        return false;
}
