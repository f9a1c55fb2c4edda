/* A file that appears under its name whole and on disk, or not at all. It is written beside its place and put there at the
 * end, where nobody may have taken the name meanwhile. Owned by its creator; not thread-safe. */
#ifndef BASE_NEWFILE_H
#define BASE_NEWFILE_H

#include <glib.h>
#include <stdbool.h>

typedef struct NewFile NewFile;

/* Begins a file for its owner alone (mode 0600). Errors: EXISTS, STORAGE. */
NewFile *newfile_begin(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Where to write (borrowed). */
int newfile_fd(const NewFile *file);
/* Syncs it and gives it its name. Errors: EXISTS, STORAGE. */
bool newfile_place(NewFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was not placed is gone. */
void newfile_free(NewFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NewFile, newfile_free)

#endif
