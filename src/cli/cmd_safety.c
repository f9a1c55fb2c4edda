/* zw safety: what safety functions achieve, and what safety and security do to each other. */
#include "cli/safety_figures.h"
#include "cli/safety_security.h"

#include <string.h>

static void verdict_options_clear(SafetyVerdictOptions *said)
{
        g_free(said->verdict);
        g_free(said->aspects);
        g_free(said->latency);
        g_free(said->pfd);
        g_free(said->effect);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SafetyVerdictOptions, verdict_options_clear)

bool cmd_safety(Cli *cli, char **args, GError **error)
{
        g_auto(SafetyVerdictOptions) said = { 0 };
        g_autofree char *limit = NULL;
        const GOptionEntry options[] = {
                { "verdict", 0, 0, G_OPTION_ARG_STRING, &said.verdict,
                  "assess: acceptable, not_acceptable or open", "VERDICT" },
                { "aspects", 0, 0, G_OPTION_ARG_STRING, &said.aspects,
                  "assess: what is affected, with commas between: availability, response_time, integrity, "
                  "independence, access, common_cause, maintenance",
                  "ASPECT,..." },
                { "added-latency-ms", 0, 0, G_OPTION_ARG_STRING, &said.latency,
                  "assess: milliseconds it adds to the loop", "MS" },
                { "added-pfd", 0, 0, G_OPTION_ARG_STRING, &said.pfd,
                  "assess: probability of failure on demand it adds", "P" },
                { "failure-effect", 0, 0, G_OPTION_ARG_STRING, &said.effect,
                  "assess: what fails when it fails", "TEXT" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &said.dry_run,
                  "assess: check everything and change nothing", NULL },
                { "limit", 0, 0, G_OPTION_ARG_STRING, &limit, "cutsets: list so many, 200 unless said", "N" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;
        guint n;

        if (!cli_parse(cli, args, options, 0, 3, &operands, error))
                return false;
        n = g_strv_length(operands);
        if (n == 0 || (n == 1 && strcmp(operands[0], "list") == 0))
                return safety_list(cli, error);
        if (n == 2 && strcmp(operands[0], "show") == 0)
                return safety_show(cli, operands[1], error);
        if (n == 1 && strchr(operands[0], '-') != NULL) /* a key: none of the words has a dash */
                return safety_show(cli, operands[0], error);
        if (n > 0 && n <= 2 && strcmp(operands[0], "lopa") == 0)
                return safety_lopa(cli, operands[1], error);
        if (n == 2 && strcmp(operands[0], "cutsets") == 0)
                return safety_cutsets(cli, operands[1], limit, error);
        if (n == 1 && strcmp(operands[0], "checklist") == 0)
                return safety_checklist(cli, error);
        if (n > 0 && n <= 2 && strcmp(operands[0], "interactions") == 0)
                return safety_interactions(cli, operands[1], error);
        if (n > 0 && n <= 2 && strcmp(operands[0], "attack") == 0)
                return safety_attack(cli, operands[1], error);
        if (n == 3 && strcmp(operands[0], "assess") == 0)
                return safety_assess(cli, operands[1], operands[2], &said, error);
        error_set(error, ZW_ERR_USAGE, "safety",
                  "use `safety [list]`, `[show] FUNCTION`, `lopa [HAZARD]`, `cutsets KEY`, `checklist`, "
                  "`interactions [KEY]`, `attack [KEY]` or `assess MEASURE FUNCTION`");
        return false;
}
