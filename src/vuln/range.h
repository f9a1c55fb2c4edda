/* Ranges of versions as advisories state them: `vers:generic/>=1.0|<2.0`, `<V2.8.1`, `>= 7.4x | <= 8.0x`, `1.1 | 1.2`,
 * `All versions prior to 2019`, `V5.0 and earlier`, `all versions`. What cannot be read, and a version that cannot be
 * ordered against it, is undecided. Immutable after parsing; thread-safe. */
#ifndef VULN_RANGE_H
#define VULN_RANGE_H

#include <glib.h>
#include <stdbool.h>

typedef enum { RANGE_OUTSIDE, RANGE_INSIDE, RANGE_UNDECIDED } RangeAnswer;

typedef struct Range Range;

/* Reads a range; never NULL. What it cannot read is a range that decides nothing. */
Range *range_parse(const char *text);
/* Bounds that are given apart: "since" and "before" may be NULL. */
Range *range_between(const char *least, bool least_inside, const char *most, bool most_inside);
void range_free(Range *range);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Range, range_free)

RangeAnswer range_contains(const Range *range, const char *version);
/* Every version is inside, also one that is not known. */
bool range_is_all(const Range *range);
/* It names single versions, not stretches. */
bool range_is_list(const Range *range);
/* A range that names what it counts, `< Sentinel LDK RTE 7.55`: the name, and the range without it, to be freed. False for others. */
bool range_named(const char *text, char **ret_name, char **ret_range);
/* It could not be read: every answer is undecided. */
bool range_is_unread(const Range *range);

#endif
