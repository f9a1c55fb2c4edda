/* A file that appears under its name whole and on disk, or not at all: it is written beside its place and put there at the
 * end. Owned by its creator; not thread-safe. */
#ifndef BASE_NEWFILE_H
#define BASE_NEWFILE_H

#include <glib.h>
#include <stdbool.h>

typedef struct NewFile NewFile;

typedef enum {
        NEWFILE_FRESH,   /* for its owner alone, under a name that nobody may have, now and at the end */
        NEWFILE_PRIVATE, /* for its owner alone; takes the place of what has the name */
        NEWFILE_SHARED,  /* as open as other files of the user; takes the place of what has the name */
} NewFileKind;

/* Errors: EXISTS (NEWFILE_FRESH), STORAGE. */
NewFile *newfile_begin(const char *path, NewFileKind kind, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Where to write (borrowed). */
int newfile_fd(const NewFile *file);
/* Syncs it and gives it its name. Errors: EXISTS, STORAGE. */
bool newfile_place(NewFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was not placed is gone. */
void newfile_free(NewFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NewFile, newfile_free)

#endif
