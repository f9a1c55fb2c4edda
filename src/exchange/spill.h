/* Lines that are kept until all of them are there: in memory, and from some size on in a file without a name. Not thread-safe. */
#ifndef EXCHANGE_SPILL_H
#define EXCHANGE_SPILL_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct Spill Spill;

Spill *spill_new(void);
void spill_free(Spill *spill);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spill, spill_free)

/* Keeps a line of `n` bytes, none of which ends it. False when there is no place for it, with errno. */
bool spill_add(Spill *spill, const char *line, size_t n) G_GNUC_WARN_UNUSED_RESULT;

typedef bool (*SpillLineFn)(const char *line, size_t n, void *data, GError **error);
/* Gives every line in its order; borrowed for the call. Errors: STORAGE; those of `take`, which end it. */
bool spill_each(Spill *spill, SpillLineFn take, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
