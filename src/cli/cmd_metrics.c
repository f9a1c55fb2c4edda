/* How findings are dealt with. */
#include "cli/cli.h"

#include <stdio.h>

static json_int_t number_of(const json_t *object, const char *key)
{
        return json_integer_value(json_object_get(object, key));
}

static void print_share(const char *name, const json_t *share)
{
        printf("  %-22s %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT "\n", name,
               number_of(share, "part"), number_of(share, "of"));
}

static void print_mean(const char *name, const json_t *mean)
{
        json_int_t hours = number_of(mean, "mean_seconds") / 3600;

        if (json_is_null(json_object_get(mean, "mean_seconds")))
                printf("  %-22s unknown: none in the period\n", name);
        else
                printf("  %-22s %" JSON_INTEGER_FORMAT " days %" JSON_INTEGER_FORMAT
                       " hours on average, of %" JSON_INTEGER_FORMAT "\n",
                       name, hours / 24, hours % 24, number_of(mean, "findings"));
}

static void print_scope(const json_t *scope)
{
        const char *key = jread_get_string(scope, "scope"), *title = jread_get_string(scope, "title");
        const json_t *severity, *kev = json_object_get(scope, "kev");
        size_t i;

        printf("%s %s: %" JSON_INTEGER_FORMAT " findings, %" JSON_INTEGER_FORMAT " open\n",
               key == NULL ? "project" : key, title == NULL ? "" : title, number_of(scope, "findings"),
               number_of(scope, "open"));
        if (number_of(scope, "findings") == 0)
                return;
        json_array_foreach(json_object_get(scope, "severities"), i, severity)
        {
                if (number_of(severity, "open") > 0)
                        printf("  %-22s %" JSON_INTEGER_FORMAT "\n", jread_get_string(severity, "severity"),
                               number_of(severity, "open"));
        }
        print_share("acknowledged", json_object_get(scope, "acknowledged"));
        print_share("compensated", json_object_get(scope, "compensated"));
        print_share("assets patched", json_object_get(scope, "patched"));
        printf("  %-22s %" JSON_INTEGER_FORMAT " open, %" JSON_INTEGER_FORMAT " assets\n", "known exploited",
               number_of(kev, "open"), number_of(kev, "assets"));
        print_mean("to acknowledge", json_object_get(scope, "to_acknowledge"));
        print_mean("to fix", json_object_get(scope, "to_fix"));
}

static void print_metrics(const json_t *answer)
{
        const json_t *scope;
        size_t i;

        printf("from %s to %s\n", jread_get_string(answer, "from"), jread_get_string(answer, "to"));
        json_array_foreach(json_object_get(answer, "scopes"), i, scope) print_scope(scope);
}

bool cmd_metrics(Cli *cli, char **args, GError **error)
{
        g_autofree char *zones = NULL, *systems = NULL, *from = NULL, *to = NULL;
        const GOptionEntry options[] = {
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zones, "only these zones and conduits", "KEY,KEY" },
                { "environment", 0, 0, G_OPTION_ARG_STRING, &systems, "only these systems", "KEY,KEY" },
                { "from", 0, 0, G_OPTION_ARG_STRING, &from,
                  "the period begins; 90 days before its end without it", "DAY" },
                { "to", 0, 0, G_OPTION_ARG_STRING, &to,
                  "the period ends; the instant of evaluation without it", "DAY" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 0, 0, &operands, error))
                return false;
        return cli_answer(cli, "metrics.findings",
                          json_pack("{s:o, s:o, s:s*, s:s*}", "zones", cli_words(zones), "systems",
                                    cli_words(systems), "from", from, "to", to),
                          print_metrics, error);
}
