/* The order of versions as vendors write them: `V2.8.1`, `20.011.01`, `2017 R2 SP1`, `4.0 SP2 Update 1`,
 * `15.2(7)E3`. No scheme is known, so what cannot be told is an answer. The rules are project practice
 * (docs/algorithms/matching.md). Pure functions. */
#ifndef VULN_VERSION_H
#define VULN_VERSION_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
        VERSION_LESS = -1,
        VERSION_EQUAL = 0,
        VERSION_GREATER = 1,
        VERSION_UNDECIDED = 2
} VersionOrder;

/* A series such as `8.0.x` or `R15x` is equal to every version in it. */
VersionOrder version_compare(const char *a, const char *b);
/* The same when the numbers from the left are all that is compared: is `version` within the series `8`, `8.0` or `8.0.x`? */
VersionOrder version_in_series(const char *version, const char *series);
/* Has it a number at all? Texts such as `august` have none and are not taken for versions. */
bool version_has_number(const char *text);

#endif
