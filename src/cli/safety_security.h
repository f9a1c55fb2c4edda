/* What `zw safety` says of countermeasures and of attacks: interactions, attack, assess. */
#ifndef CLI_SAFETY_SECURITY_H
#define CLI_SAFETY_SECURITY_H

#include "cli/cli.h"

/* `key` (or NULL: all): a function or a countermeasure; a threat or a hazard. */
bool safety_interactions(Cli *cli, const char *key, GError **error);
bool safety_attack(Cli *cli, const char *key, GError **error);

/* As typed; NULL where not. */
typedef struct {
        char *verdict, *aspects, *latency, *pfd, *effect;
        gboolean dry_run;
} SafetyVerdictOptions;
bool safety_assess(Cli *cli, const char *measure, const char *function, const SafetyVerdictOptions *said,
                   GError **error);

#endif
