/* Triage: decisions about findings, the policy, and the decisions there are. */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- deciding ---- */

static void print_triaged(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(json_object_get(answer, "rows"), i, row)
        {
                const json_t *before = json_object_get(row, "before"), *after = json_object_get(row, "after");

                if (json_object_get(row, "refused") != NULL)
                        printf("%s refused: %s\n", cli_text(row, "key"), cli_text(row, "refused"));
                else
                        printf("%s  %s -> %s\n", cli_text(row, "key"), cli_text(before, "state"),
                               cli_text(after, "state"));
        }
        json_array_foreach(json_object_get(answer, "unmatched"), i, row)
                printf("%s of the document, on %s, is about no finding\n", cli_text(row, "where"),
                       cli_text(row, "vulnerability"));
        cli_print_commit(json_object_get(answer, "changes"));
}

/* What the options say, by the member of the input that each is. */
typedef struct {
        char *filter, *state, *reason, *owner, *ticket, *due, *treatment, *treatment_reason, *window,
                *measure, *until, *of, *versions, *zone, *vex;
        char **rows;
        gboolean confirm, dry_run;
} TriageOptions;

static void triage_options_clear(TriageOptions *options)
{
        char *texts[] = { options->filter,   options->state,   options->reason,    options->owner,
                          options->ticket,   options->due,     options->treatment, options->treatment_reason,
                          options->window,   options->measure, options->until,     options->of,
                          options->versions, options->zone,    options->vex };

        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                g_free(texts[i]);
        g_strfreev(options->rows);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TriageOptions, triage_options_clear)

static json_t *texts_json(char *const *texts)
{
        json_t *list = json_array();

        for (; texts != NULL && *texts != NULL; texts++)
                json_array_append_new(list, json_string(*texts));
        return list;
}

static json_t *triage_input(const Cli *cli, const TriageOptions *options, char *const *keys)
{
        json_t *input =
                json_pack("{s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:b}",
                          "q", options->filter, "state", options->state, "reason", options->reason, "owner",
                          options->owner, "ticket", options->ticket, "due", options->due, "treatment",
                          options->treatment, "treatment_reason", options->treatment_reason, "window",
                          options->window, "countermeasure", options->measure, "until", options->until,
                          "message", cli->message, "dry_run", (int)options->dry_run);

        if (*keys != NULL)
                json_object_set_new(input, "items", texts_json(keys));
        if (options->confirm)
                json_object_set_new(input, "broken", json_true());
        else if (options->rows != NULL)
                json_object_set_new(input, "broken", texts_json(options->rows));
        if (options->of != NULL || options->versions != NULL || options->zone != NULL)
                json_object_set_new(input, "scope",
                                    json_pack("{s:s*, s:s*, s:s*}", "of", options->of, "versions",
                                              options->versions, "zone", options->zone));
        return input;
}

/* ---- the policy, the decisions ---- */

static void print_json(const json_t *answer)
{
        char *text = json_dumps(answer, JSON_INDENT(4));

        puts(text);
        free(text);
}

static void print_policy_set(const json_t *answer)
{
        cli_print_commit(json_object_get(answer, "changes"));
}

static bool policy(Cli *cli, const char *path, GError **error)
{
        json_t *value;

        if (path == NULL)
                return cli_answer(cli, "triage.policy", json_object(), print_json, error);
        value = strcmp(path, "default") == 0 ? json_null() : cli_read_json(path, error);
        return value != NULL && cli_answer(cli, "triage.policy.set",
                                           json_pack("{s:o, s:s*}", "policy", value, "message", cli->message),
                                           print_policy_set, error);
}

static void print_decisions(const json_t *answer)
{
        const json_t *row, *value;
        const char *name;
        size_t i;

        json_array_foreach(answer, i, row)
        {
                printf("%s  %s %s (%s)", cli_text(row, "id"), cli_text(row, "vulnerability"),
                       cli_text(row, "state"), cli_text(row, "finding"));
                json_object_foreach(json_object_get(row, "scope"), name, value)
                        printf(" %s=%s", name, json_string_value(value));
                printf(": %s\n", cli_text(row, "reason"));
        }
}

bool cmd_triage(Cli *cli, char **args, GError **error)
{
        g_auto(TriageOptions) o = { 0 };
        const GOptionEntry options[] = {
                { "filter", 0, 0, G_OPTION_ARG_STRING, &o.filter,
                  "all findings that fit, as `zw list` takes it", "Q" },
                { "state", 0, 0, G_OPTION_ARG_STRING, &o.state, "move them there, over the states between",
                  "STATE" },
                { "reason", 0, 0, G_OPTION_ARG_STRING, &o.reason, "why; with a state this is a decision",
                  "TEXT" },
                { "of", 0, 0, G_OPTION_ARG_STRING, &o.of,
                  "the decision is of the `subject` or its whole `product` line", "SCOPE" },
                { "versions", 0, 0, G_OPTION_ARG_STRING, &o.versions,
                  "the decision is for these versions only", "RANGE" },
                { "zone", 0, 0, G_OPTION_ARG_STRING, &o.zone, "the decision is for this zone or conduit only",
                  "KEY" },
                { "until", 0, 0, G_OPTION_ARG_STRING, &o.until, "the last day of the decision", "DATE" },
                { "confirm", 0, 0, G_OPTION_ARG_NONE, &o.confirm,
                  "they break the rows they are proposed to break", NULL },
                { "breaks", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.rows,
                  "they break this row; may be given several times", "REF" },
                { "owner", 0, 0, G_OPTION_ARG_STRING, &o.owner, "who works on them", "NAME" },
                { "ticket", 0, 0, G_OPTION_ARG_STRING, &o.ticket, "where the work is followed", "URL" },
                { "due", 0, 0, G_OPTION_ARG_STRING, &o.due, "another day than the policy says", "DATE" },
                { "treatment", 0, 0, G_OPTION_ARG_STRING, &o.treatment, "now, next_window or never", "WHEN" },
                { "treatment-reason", 0, 0, G_OPTION_ARG_STRING, &o.treatment_reason, "why then, or never",
                  "TEXT" },
                { "window", 0, 0, G_OPTION_ARG_STRING, &o.window, "first day of the maintenance window",
                  "DATE" },
                { "countermeasure", 0, 0, G_OPTION_ARG_STRING, &o.measure, "what mitigates them", "KEY" },
                { "vex", 0, 0, G_OPTION_ARG_FILENAME, &o.vex,
                  "what a document of OpenVEX, CSAF or CycloneDX says of them", "FILE" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &o.dry_run, "show what would become of them", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) answer = NULL, input = NULL, vex = NULL;

        if (!cli_parse(cli, args, options, 0, -1, &operands, error))
                return false;
        if (g_strcmp0(operands[0], "policy") == 0)
                return policy(cli, operands[1], error);
        if (g_strcmp0(operands[0], "decisions") == 0)
                return cli_answer(cli, "decision.list", json_object(), print_decisions, error);
        input = triage_input(cli, &o, operands);
        if (o.vex != NULL) {
                vex = cli_read_json(o.vex, error);
                if (vex == NULL)
                        return false;
                json_object_set(input, "vex", vex);
        }
        answer = cli_call(cli, "finding.triage", json_incref(input), error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_triaged);
        cli->refused = jread_get_int(answer, "refused", 0) > 0;
        return true;
}
