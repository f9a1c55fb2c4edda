/* What `zw safety` says of functions, layers and fault trees: list, show, lopa, cutsets. */
#ifndef CLI_SAFETY_FIGURES_H
#define CLI_SAFETY_FIGURES_H

#include "cli/cli.h"

bool safety_list(Cli *cli, GError **error);
bool safety_show(Cli *cli, const char *key, GError **error);
/* `key` (or NULL: all): a hazard. */
bool safety_lopa(Cli *cli, const char *key, GError **error);
/* `limit` (or NULL): most cut sets that are listed. */
bool safety_cutsets(Cli *cli, const char *key, const char *limit, GError **error);
/* Questions of a review. */
bool safety_checklist(Cli *cli, GError **error);

#endif
