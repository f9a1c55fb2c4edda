/* The target of a request, taken apart strictly: what could mean two things to two readers is refused. Percent-encoding is
 * resolved once, after splitting; no segment is `.` or `..` or empty but the last, none holds a slash, a NUL or another
 * control character, and all text is UTF-8. Owned by its creator; not thread-safe. */
#ifndef HTTP_TARGET_H
#define HTTP_TARGET_H

#include <glib.h>
#include <stdbool.h>

enum { ZW_TARGET_BYTES_MAX = 8192, ZW_TARGET_PAIRS_MAX = 64 };

typedef struct {
        char *name, *value;
} QueryPair;

typedef struct {
        GPtrArray *segments; /* of char *, what stands between slashes; `/` is one empty segment */
        GArray *query;       /* of QueryPair, in order */
} Target;

/* Errors: USAGE; ENCODING; ADDRESS_LENGTH. */
bool target_parse(const char *text, Target *ret_target, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void target_clear(Target *target);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Target, target_clear)

/* How much of a target may stand in a log: all before the query. */
size_t target_path_length(const char *text);

#endif
