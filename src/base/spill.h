/* Lines that are kept to be read again, once or several times: in memory, and from some size on in a file without a name.
 * Not thread-safe. */
#ifndef BASE_SPILL_H
#define BASE_SPILL_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Spill Spill;

Spill *spill_new(void);
void spill_free(Spill *spill);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spill, spill_free)

/* Keeps a line of `n` bytes, none of which ends it. False when there is no place for it, with errno. */
bool spill_add(Spill *spill, const char *line, size_t n) G_GNUC_WARN_UNUSED_RESULT;
size_t spill_count(const Spill *spill);
/* Where the next line will begin, in bytes. */
guint64 spill_end(const Spill *spill);

/* The line that begins at `at`. Errors: STORAGE. */
bool spill_line(const Spill *spill, guint64 at, GByteArray *ret_line, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

typedef bool (*SpillLineFn)(const char *line, size_t n, void *data, GError **error);
/* Gives every line in its order; borrowed for the call, which adds none. Errors: STORAGE; those of `take`, which end it. */
bool spill_each(const Spill *spill, SpillLineFn take, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same with a JSON value as a line, which is parsed each time it is asked for. Errors: STORAGE; those of `take`. */
bool spill_add_json(Spill *spill, const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *spill_json(const Spill *spill, guint64 at, GError **error) G_GNUC_WARN_UNUSED_RESULT;
typedef bool (*SpillJsonFn)(json_t *value, void *data, GError **error);
bool spill_each_json(const Spill *spill, SpillJsonFn take, void *data, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
