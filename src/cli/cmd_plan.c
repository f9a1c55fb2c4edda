/* The cheapest actions that bring zones and conduits to SL-T. */
#include "cli/cli.h"

#include <stdio.h>

static json_int_t number_of(const json_t *object, const char *key)
{
        return json_integer_value(json_object_get(object, key));
}

static void print_keys(const char *head, const json_t *keys)
{
        const json_t *key;
        size_t i;

        if (json_array_size(keys) == 0)
                return;
        printf("     %s", head);
        json_array_foreach(keys, i, key) printf(" %s", json_string_value(key));
        putchar('\n');
}

static void print_gain(const json_t *gain)
{
        if (number_of(gain, "rows") > 0)
                printf("     %s FR %" JSON_INTEGER_FORMAT ": rows met %" JSON_INTEGER_FORMAT
                       ", SL-A %" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT "\n",
                       cli_text(gain, "place"), number_of(gain, "fr"), number_of(gain, "rows"),
                       number_of(gain, "from"), number_of(gain, "to"));
}

static void print_step(const json_t *step, size_t number)
{
        const json_t *gain, *other;
        size_t i;

        printf("%3zu. %s (%s)\n", number, cli_text(step, "text"), cli_text(step, "cost_class"));
        printf("     closes %zu of the needs\n", json_array_size(json_object_get(step, "closes")));
        json_array_foreach(json_object_get(step, "gains"), i, gain) print_gain(gain);
        print_keys("touches", json_object_get(step, "touches"));
        print_keys("safety functions:", json_object_get(step, "safety_functions"));
        json_array_foreach(json_object_get(step, "alternatives"), i, other)
                printf("     or %s (%s)\n", cli_text(other, "text"), cli_text(other, "cost_class"));
}

static void print_unmet(const json_t *need)
{
        const char *member = cli_text(need, "member");

        printf("no action: %s %s%s%s is %s\n", cli_text(need, "place"), cli_text(need, "ref"),
               *member == '\0' ? "" : " on ", member, cli_text(need, "need"));
}

static void print_plan(const json_t *answer)
{
        const json_t *steps = json_object_get(answer, "steps"), *each;
        size_t i;

        printf("%zu actions for %" JSON_INTEGER_FORMAT " needs, cost %" JSON_INTEGER_FORMAT "\n",
               json_array_size(steps), number_of(answer, "needs"), number_of(answer, "cost"));
        printf("costs are %s\n", cli_text(answer, "costs"));
        json_array_foreach(steps, i, each) print_step(each, i + 1);
        json_array_foreach(json_object_get(answer, "unmet"), i, each) print_unmet(each);
        cli_note_feeds(answer);
}

/* One operation a line, for zw import. */
static void print_ops(const json_t *answer)
{
        const json_t *step, *op;
        size_t i, k;

        json_array_foreach(json_object_get(answer, "steps"), i, step)
        {
                json_array_foreach(json_object_get(step, "ops"), k, op)
                {
                        json_dumpf(op, stdout, JSON_COMPACT);
                        putchar('\n');
                }
        }
}

/* Errors: USAGE, anything but SL-T. */
static bool target_check(const char *target, GError **error)
{
        if (target == NULL || g_ascii_strcasecmp(target, "SL-T") == 0)
                return true;
        error_set(error, ZW_ERR_USAGE, "plan", "a plan reaches SL-T, not \"%s\"", target);
        return false;
}

bool cmd_plan(Cli *cli, char **args, GError **error)
{
        g_autofree char *zone = NULL, *target = NULL;
        gboolean ops = FALSE;
        const GOptionEntry options[] = {
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zone, "only this zone or conduit", "KEY" },
                { "target", 0, 0, G_OPTION_ARG_STRING, &target, "what is to be reached: SL-T, also unsaid",
                  "SL-T" },
                { "ops", 0, 0, G_OPTION_ARG_NONE, &ops,
                  "the steps as operations of the native format, which zw import enters as work", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 0, 0, &operands, error) && target_check(target, error) &&
               cli_answer(cli, "plan", json_pack("{s:s*}", "zone", zone), ops ? print_ops : print_plan,
                          error);
}
