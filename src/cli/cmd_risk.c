/* Risks, the SL-T that follows from them, and the methods that rate them. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static void print_number(const json_t *value)
{
        if (json_is_integer(value))
                printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
        else
                putchar('?');
}

static void print_list(const json_t *list, const char *between)
{
        const json_t *one;
        size_t i;

        json_array_foreach(list, i, one)
        {
                fputs(i == 0 ? "" : between, stdout);
                if (json_is_string(one))
                        fputs(json_string_value(one), stdout);
                else
                        print_number(one);
        }
}

static void print_vector(const char *before, const json_t *vector)
{
        printf("%s{", before);
        print_list(vector, " ");
        putchar('}');
}

/* ---- zw risk list, show ---- */

static void print_risk(const json_t *risk)
{
        printf("%-7s %-6s SL ", cli_text(risk, "key"), cli_text(risk, "place"));
        print_number(json_object_get(risk, "sl"));
        printf("  FR ");
        print_list(json_object_get(risk, "frs"), " ");
        printf("  %s%s%s  %s\n", cli_text(risk, "method"),
               json_is_true(json_object_get(risk, "suspect")) ? " (suspect: a newer version)" : "",
               json_is_true(json_object_get(risk, "residual_above_tolerable")) &&
                               *cli_text(risk, "decision") == '\0'
                       ? " (residual above tolerable, undecided)"
                       : "",
               cli_text(risk, "title"));
        if (*cli_text(risk, "unknown") != '\0')
                printf("        unknown: %s\n", cli_text(risk, "unknown"));
}

static void print_risks(const json_t *answer)
{
        const json_t *risk;
        size_t i;

        json_array_foreach(answer, i, risk) print_risk(risk);
}

static void print_categories(const json_t *risk)
{
        const json_t *one;
        size_t i;

        json_array_foreach(json_object_get(risk, "categories"), i, one)
        {
                printf("  %-12s likelihood ", cli_text(one, "category"));
                print_number(json_object_get(risk, "likelihood"));
                printf(", impact ");
                print_number(json_object_get(one, "impact"));
                printf(": risk ");
                print_number(json_object_get(one, "risk"));
                printf(" against ");
                print_number(json_object_get(one, "tolerable"));
                printf(", SL ");
                print_number(json_object_get(one, "sl"));
                printf("; residual ");
                print_number(json_object_get(one, "residual"));
                putchar('\n');
        }
}

static void print_one_risk(const json_t *risk)
{
        const json_t *one;
        size_t i;

        print_risk(risk);
        print_categories(risk);
        json_array_foreach(json_object_get(risk, "unmapped"), i, one)
                printf("  technique %s maps to no row of 62443-3-3: a person has to say the FR\n",
                       json_string_value(one));
        json_array_foreach(json_object_get(risk, "countermeasures"), i, one)
                printf("  %s (effectiveness %s) %s\n", cli_text(one, "key"),
                       *cli_text(one, "effectiveness") == '\0' ? "not judged"
                                                               : cli_text(one, "effectiveness"),
                       cli_text(one, "title"));
        printf("  decision: %s%s%s\n",
               *cli_text(risk, "decision") == '\0' ? "none" : cli_text(risk, "decision"),
               *cli_text(risk, "decided_by") == '\0' ? "" : " by ", cli_text(risk, "decided_by"));
        if (*cli_text(risk, "decision_reason") != '\0')
                printf("  why: %s\n", cli_text(risk, "decision_reason"));
}

/* ---- zw risk derive ---- */

void print_derivation(const json_t *derivation)
{
        const json_t *one;
        size_t i;

        printf("%s", *cli_text(derivation, "target") == '\0' ? "nothing" : cli_text(derivation, "target"));
        print_vector(" states ", json_object_get(derivation, "stated"));
        print_vector(", the risks give ", json_object_get(derivation, "derived"));
        printf(": %s\n", cli_text(derivation, "state"));
        json_array_foreach(json_object_get(derivation, "review"), i, one)
                printf("  %s\n", json_string_value(one));
        json_array_foreach(json_object_get(derivation, "witnesses"), i, one)
        {
                if (json_array_size(one) == 0)
                        continue;
                printf("  FR %zu: %s, by ", i + 1,
                       json_string_value(json_array_get(json_object_get(derivation, "basis"), i)));
                print_list(one, ", ");
                putchar('\n');
        }
        printf("  %s\n", cli_text(derivation, "arithmetic"));
}

static void print_derivations(const json_t *answer)
{
        const json_t *place;
        size_t i;

        json_array_foreach(json_object_get(answer, "places"), i, place)
        {
                printf("%s: ", cli_text(place, "place"));
                print_derivation(place);
        }
        cli_print_commit(json_object_get(answer, "changes"));
}

/* ---- zw risk method ---- */

static void print_methods(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(answer, i, one)
        {
                printf("%-20s %c %-20s %" JSON_INTEGER_FORMAT " x %" JSON_INTEGER_FORMAT "  %s",
                       cli_text(one, "name"), json_is_true(json_object_get(one, "default")) ? '*' : ' ',
                       cli_text(one, "by"), json_integer_value(json_object_get(one, "likelihoods")),
                       json_integer_value(json_object_get(one, "impacts")), cli_text(one, "title"));
                if (*cli_text(one, "replaced_by") != '\0')
                        printf(" (replaced by %s)", cli_text(one, "replaced_by"));
                putchar('\n');
        }
}

static void print_commit(const json_t *answer)
{
        if (json_is_integer(json_object_get(answer, "commit")))
                printf("commit %" JSON_INTEGER_FORMAT "\n",
                       json_integer_value(json_object_get(answer, "commit")));
        else
                puts("as before: nothing was changed");
}

/* What `risk method show` gives can be given back. */
static json_t *method_file(const char *path, GError **error)
{
        g_autoptr(Json) given = cli_read_json(path, error);
        json_t *value = json_object_get(given, "value");

        return json_is_object(value) ? json_incref(value) : g_steal_pointer(&given);
}

static bool risk_method(Cli *cli, char **words, guint n, GError **error)
{
        GError *why = NULL;
        json_t *value;
        bool done;

        if (n == 2 && strcmp(words[1], "list") == 0)
                return cli_answer(cli, "risk.methods", json_object(), print_methods, error);
        if (n == 3 && strcmp(words[1], "show") == 0)
                return cli_answer(cli, "risk.method.show", json_pack("{s:s}", "name", words[2]), NULL, error);
        if (n == 3 && strcmp(words[1], "use") == 0)
                return cli_answer(cli, "risk.method.use", json_pack("{s:s}", "name", words[2]), print_commit,
                                  error);
        if (n == 3 && strcmp(words[1], "add") == 0) {
                value = method_file(words[2], error);
                if (value == NULL)
                        return false;
                done = cli_answer(cli, "risk.method.add", json_pack("{s:o}", "method", value), print_commit,
                                  &why);
                if (!done)
                        cli_error_in(words[2], why, error);
                return done;
        }
        return cli_wrong_words("risk", error);
}

bool cmd_risk(Cli *cli, char **args, GError **error)
{
        g_autofree char *zone = NULL;
        gboolean dry_run = FALSE;
        const GOptionEntry options[] = {
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zone, "list, derive: only this zone or conduit",
                  "KEY" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run,
                  "derive: show old and new, and change nothing", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;
        guint n;

        if (!cli_parse(cli, args, options, 1, 3, &words, error))
                return false;
        n = g_strv_length(words);
        if (n == 1 && strcmp(words[0], "derive") == 0)
                return cli_answer(cli, "risk.derive",
                                  json_pack("{s:s*, s:b}", "zone", zone, "dry_run", (int)dry_run),
                                  print_derivations, error);
        if (dry_run)
                return cli_wrong_words("risk", error);
        if (n == 1 && strcmp(words[0], "list") == 0)
                return cli_answer(cli, "risk.list", json_pack("{s:s*}", "zone", zone), print_risks, error);
        if (zone != NULL)
                return cli_wrong_words("risk", error);
        if (n == 2 && strcmp(words[0], "show") == 0)
                return cli_answer(cli, "risk.show", json_pack("{s:s}", "key", words[1]), print_one_risk,
                                  error);
        return strcmp(words[0], "method") == 0 ? risk_method(cli, words, n, error)
                                               : cli_wrong_words("risk", error);
}
