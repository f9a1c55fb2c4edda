/* A file the command line writes: made under a name of its own beside the target, and given the target's name when it is
 * whole and on disk, so that nobody ever sees half of it. Not thread-safe. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <glib.h>
#include <stdbool.h>

typedef struct Output Output;

/* Errors: STORAGE with the path. */
Output *output_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
int output_fd(const Output *output); /* to write to; borrowed */
/* Takes the place of what the target was before. */
bool output_finish(Output *output, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was not finished is removed. */
void output_free(Output *output);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Output, output_free)

#endif
