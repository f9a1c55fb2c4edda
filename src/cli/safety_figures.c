/* zw safety list, show, lopa, cutsets: what safety functions achieve, layers of protection, fault trees. */
#include "cli/safety_figures.h"

#include <math.h>
#include <stdio.h>

enum { SHOWN = 20 }; /* bytes for a number */

/* A figure of four digits, or all of a large one: times of milliseconds and hours are read as they were stated. Or `unknown`. */
static const char *number_text(const json_t *object, const char *key, char *ret_text)
{
        const json_t *value = json_object_get(object, key);

        if (!json_is_number(value))
                return "unknown";
        g_snprintf(ret_text, SHOWN, fabs(json_number_value(value)) < 1e4 ? "%.4g" : "%.10g",
                   json_number_value(value));
        return ret_text;
}

static void print_notes(const json_t *object)
{
        const json_t *note;
        size_t i;

        json_array_foreach(json_object_get(object, "notes"), i, note)
                printf("  %s: %s\n", cli_text(note, "kind"), cli_text(note, "text"));
}

/* ---- functions ---- */

static void print_head(const json_t *function)
{
        const json_t *response = json_object_get(function, "response");
        char value[SHOWN], target[SHOWN], achieved[SHOWN], total[SHOWN], budget[SHOWN];

        printf("%s  SIL %s of %s, %s; %s %s (%s); response %s of %s ms, %s  %s\n", cli_text(function, "key"),
               number_text(function, "sil_achieved", achieved), number_text(function, "sil_target", target),
               cli_text(function, "integrity"), cli_text(function, "figure"),
               number_text(function, "value", value), cli_text(function, "basis"),
               number_text(response, "total_ms", total), number_text(response, "budget_ms", budget),
               cli_text(response, "verdict"), cli_text(function, "title"));
}

static void print_list(const json_t *answer)
{
        const json_t *function;
        size_t i;

        json_array_foreach(answer, i, function) print_head(function);
}

static void print_part(const json_t *part)
{
        char value[SHOWN], rate[SHOWN], interval[SHOWN], hardware[SHOWN], systematic[SHOWN], response[SHOWN];
        const json_t *element;
        size_t i;

        printf("  %s %s: %s%s%s; SIL %s by tolerance, SIL %s by capability; %s ms\n", cli_text(part, "as"),
               cli_text(part, "vote"), number_text(part, "value", value),
               json_is_string(json_object_get(part, "formula")) ? " by " : "", cli_text(part, "formula"),
               number_text(part, "sil_hardware", hardware), number_text(part, "sil_systematic", systematic),
               number_text(part, "response_ms", response));
        json_array_foreach(json_object_get(part, "elements"), i, element)
                printf("    %s: lambda DU %s per h, tested each %s h  %s\n", cli_text(element, "key"),
                       number_text(element, "lambda_du_per_h", rate),
                       number_text(element, "proof_test_interval_h", interval), cli_text(element, "title"));
}

static void print_function(const json_t *answer)
{
        const json_t *function = json_array_get(answer, 0), *response = json_object_get(function, "response"),
                     *part;
        char time[SHOWN], lag[SHOWN], margin[SHOWN], budget[SHOWN];
        size_t i;

        print_head(function);
        json_array_foreach(json_object_get(function, "parts"), i, part) print_part(part);
        printf("  budget: %s ms process safety time - %s ms lag - %s ms margin = %s ms\n",
               number_text(response, "process_safety_time_ms", time),
               number_text(response, "process_lag_ms", lag), number_text(response, "margin_ms", margin),
               number_text(response, "budget_ms", budget));
        print_notes(function);
}

bool safety_list(Cli *cli, GError **error)
{
        return cli_answer(cli, "safety.functions", json_object(), print_list, error);
}

bool safety_show(Cli *cli, const char *key, GError **error)
{
        return cli_answer(cli, "safety.functions", json_pack("{s:s}", "key", key), print_function, error);
}

/* ---- layers ---- */

static void print_layer(const json_t *layer)
{
        char pfd[SHOWN];

        printf("  %s: PFD %s, %s", cli_text(layer, "key"), number_text(layer, "pfd", pfd),
               json_is_true(json_object_get(layer, "credited")) ? "credited" : "no credit");
        if (json_is_string(json_object_get(layer, "shares_with")))
                printf(": shares %s with %s", cli_text(layer, "shared"), cli_text(layer, "shares_with"));
        printf("  %s\n", cli_text(layer, "title"));
}

/* What it is under every answer on independence that nobody gave. */
static void print_range(const json_t *hazard)
{
        char least[SHOWN], most[SHOWN];

        if (json_is_null(json_object_get(hazard, "mitigated_per_y")) &&
            json_is_number(json_object_get(hazard, "mitigated_least_per_y")) &&
            json_is_number(json_object_get(hazard, "mitigated_most_per_y")))
                printf("  from %s to %s per year, by which of its layers are independent\n",
                       number_text(hazard, "mitigated_least_per_y", least),
                       number_text(hazard, "mitigated_most_per_y", most));
}

static void print_hazards(const json_t *answer)
{
        char first[SHOWN], modifiers[SHOWN], bare[SHOWN], after[SHOWN], tolerable[SHOWN], reduction[SHOWN],
                sil[SHOWN];
        const json_t *hazard, *layer;
        size_t i, k;

        json_array_foreach(answer, i, hazard)
        {
                printf("%s  %s  %s\n  %s per year x %s = %s unmitigated; %s with all credits, %s tolerable; "
                       "safety functions have to reduce by %s (SIL %s)\n",
                       cli_text(hazard, "key"), cli_text(hazard, "verdict"), cli_text(hazard, "title"),
                       number_text(hazard, "initiating_per_y", first),
                       number_text(hazard, "modifiers", modifiers),
                       number_text(hazard, "unmitigated_per_y", bare),
                       number_text(hazard, "mitigated_per_y", after),
                       number_text(hazard, "tolerable_per_y", tolerable),
                       number_text(hazard, "reduction_needed", reduction),
                       number_text(hazard, "sil_needed", sil));
                print_range(hazard);
                json_array_foreach(json_object_get(hazard, "layers"), k, layer) print_layer(layer);
                print_notes(hazard);
        }
}

bool safety_lopa(Cli *cli, const char *key, GError **error)
{
        return cli_answer(cli, "safety.lopa", json_pack("{s:s*}", "key", key), print_hazards, error);
}

/* ---- cut sets ---- */

static void print_set(const json_t *set)
{
        char probability[SHOWN];
        const json_t *event;
        size_t i;

        printf("  %s ", number_text(set, "probability", probability));
        json_array_foreach(json_object_get(set, "events"), i, event)
        {
                printf(" %s", cli_text(event, "name"));
                if (json_is_string(json_object_get(event, "element")))
                        printf(" (%s)", cli_text(event, "element"));
        }
        putchar('\n');
}

static void print_cutsets(const json_t *answer)
{
        char probability[SHOWN];
        const json_t *set, *size;
        size_t i;

        printf("%s: %.0f minimal cut sets, probability %s  %s\n", cli_text(answer, "key"),
               json_number_value(json_object_get(answer, "count")),
               number_text(answer, "probability", probability), cli_text(answer, "title"));
        json_array_foreach(json_object_get(answer, "sizes"), i, size)
                printf("  %.0f of %" JSON_INTEGER_FORMAT " events\n",
                       json_number_value(json_object_get(size, "count")),
                       json_integer_value(json_object_get(size, "size")));
        json_array_foreach(json_object_get(answer, "sets"), i, set) print_set(set);
        if (json_is_true(json_object_get(answer, "more")))
                puts("  and more: --limit");
        print_notes(answer);
}

bool safety_cutsets(Cli *cli, const char *key, const char *limit, GError **error)
{
        return cli_answer(cli, "safety.cutsets", json_pack("{s:s, s:s*}", "key", key, "limit", limit),
                          print_cutsets, error);
}

/* ---- the checklist ---- */

static void print_checklist(const json_t *answer)
{
        const json_t *question;
        size_t i;

        json_array_foreach(answer, i, question)
                printf("[ ] %s: %s (%s; %s)\n", cli_text(question, "key"), cli_text(question, "question"),
                       cli_text(question, "when"), cli_text(question, "source"));
}

bool safety_checklist(Cli *cli, GError **error)
{
        return cli_answer(cli, "safety.checklist", json_object(), print_checklist, error);
}
