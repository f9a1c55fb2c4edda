/* zw safety interactions, attack, assess: what countermeasures do to safety, and what attacks do. */
#include "cli/safety_security.h"

#include <stdio.h>

static void print_keys(const json_t *keys, const char *between)
{
        const json_t *key;
        size_t i;

        json_array_foreach(keys, i, key) printf("%s%s", i == 0 ? "" : between, json_string_value(key));
}

/* ---- interactions ---- */

static void print_function(const json_t *function)
{
        const json_t *response = json_object_get(function, "response"),
                     *probability = json_object_get(function, "probability"), *note;
        size_t i;

        printf("%s: %s, %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT " interactions to be assessed\n",
               cli_text(function, "function"), cli_text(function, "verdict"),
               json_integer_value(json_object_get(function, "open")),
               json_integer_value(json_object_get(function, "interactions")));
        if (json_is_object(response))
                printf("  response %s: %s\n", cli_text(response, "verdict"), cli_text(response, "text"));
        if (json_is_object(probability))
                printf("  probability %s: %s\n", cli_text(probability, "verdict"),
                       cli_text(probability, "text"));
        json_array_foreach(json_object_get(function, "notes"), i, note)
                printf("  %s: %s\n", cli_text(note, "kind"), cli_text(note, "text"));
}

/* What it was judged to affect, and what it adds. */
static void print_judged(const json_t *interaction)
{
        const json_t *aspects = json_object_get(interaction, "aspects"),
                     *latency = json_object_get(interaction, "added_latency_ms"),
                     *pfd = json_object_get(interaction, "added_pfd");

        if (json_array_size(aspects) > 0) {
                fputs(" for ", stdout);
                print_keys(aspects, ", ");
        }
        if (json_is_number(latency))
                printf(", + %.10g ms", json_number_value(latency));
        if (json_is_number(pfd))
                printf(", + PFD %g", json_number_value(pfd));
}

static void print_interaction(const json_t *interaction)
{
        const json_t *cause;
        size_t i;

        printf("%s on %s: %s", cli_text(interaction, "measure"), cli_text(interaction, "function"),
               cli_text(interaction, "state"));
        print_judged(interaction);
        if (json_array_size(json_object_get(interaction, "path")) > 0) {
                fputs(", by ", stdout);
                print_keys(json_object_get(interaction, "path"), " > ");
        }
        putchar('\n');
        json_array_foreach(json_object_get(interaction, "causes"), i, cause)
                printf("  %s\n", json_string_value(cause));
}

static void print_interactions(const json_t *answer)
{
        const json_t *each;
        size_t i;

        json_array_foreach(json_object_get(answer, "functions"), i, each) print_function(each);
        json_array_foreach(json_object_get(answer, "interactions"), i, each) print_interaction(each);
        if (json_array_size(json_object_get(answer, "everywhere")) > 0) {
                fputs("deployed on a whole system, which does not say what they touch: ", stdout);
                print_keys(json_object_get(answer, "everywhere"), " ");
                putchar('\n');
        }
        json_array_foreach(json_object_get(answer, "conflicts"), i, each)
                printf("conflict (%s) %s%s%s: %s\n", cli_text(each, "kind"), cli_text(each, "function"),
                       *cli_text(each, "measure") == '\0' ? "" : " with ", cli_text(each, "measure"),
                       cli_text(each, "text"));
}

bool safety_interactions(Cli *cli, const char *key, GError **error)
{
        return cli_answer(cli, "safety.interactions", json_pack("{s:s*}", "key", key), print_interactions,
                          error);
}

/* ---- attack ---- */

static void print_reached(const json_t *function)
{
        printf("  %s %s", cli_text(function, "reached"), cli_text(function, "function"));
        if (*cli_text(function, "element") != '\0')
                printf(" at %s %s", cli_text(function, "as"), cli_text(function, "element"));
        if (json_array_size(json_object_get(function, "path")) > 0) {
                fputs(", by ", stdout);
                print_keys(json_object_get(function, "path"), " > ");
        }
        putchar('\n');
}

static void print_scenario(const json_t *scenario)
{
        const json_t *function;
        size_t i;

        printf("%s comes to %zu places\n", cli_text(scenario, "threat"),
               json_array_size(json_object_get(scenario, "places")));
        json_array_foreach(json_object_get(scenario, "functions"), i, function) print_reached(function);
}

static void print_hazard(const json_t *hazard)
{
        const json_t *share;
        size_t i;

        printf("%s: %s%s\n", cli_text(hazard, "verdict"), cli_text(hazard, "text"),
               json_is_true(json_object_get(hazard, "rated")) ? ""
                                                              : "; no risk rates what it does to safety");
        json_array_foreach(json_object_get(hazard, "shares"), i, share)
        {
                fputs("  one credit: ", stdout);
                print_keys(json_object_get(share, "layers"), " and ");
                printf(" share %s%s\n", cli_text(share, "item"), cli_text(share, "network"));
        }
}

static void print_attack(const json_t *answer)
{
        const json_t *each;
        size_t i;

        json_array_foreach(json_object_get(answer, "scenarios"), i, each) print_scenario(each);
        json_array_foreach(json_object_get(answer, "hazards"), i, each) print_hazard(each);
}

bool safety_attack(Cli *cli, const char *key, GError **error)
{
        return cli_answer(cli, "safety.attack", json_pack("{s:s*}", "key", key), print_attack, error);
}

/* ---- assess ---- */

static void print_assessed(const json_t *answer)
{
        cli_print_commit(json_object_get(answer, "changes"));
}

bool safety_assess(Cli *cli, const char *measure, const char *function, const SafetyVerdictOptions *said,
                   GError **error)
{
        json_t *input = json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:s*, s:b}", "measure", measure,
                                  "function", function, "reason", cli->message, "verdict", said->verdict,
                                  "added_latency_ms", said->latency, "added_pfd", said->pfd, "failure_effect",
                                  said->effect, "dry_run", (int)said->dry_run);

        if (said->aspects != NULL)
                json_object_set_new(input, "aspects", cli_words(said->aspects));
        return cli_answer(cli, "safety.assess", input, print_assessed, error);
}
