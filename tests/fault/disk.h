/* A model of a disk: what of each file and directory is on it for sure, and what was written or named since. Writes reach
 * the disk by a sync of their file, names by one of their directory; until then a crash may keep any of them, none, or of
 * a write some sectors. The caller holds the lock of the layer. */
#ifndef FAULT_DISK_H
#define FAULT_DISK_H

#include <glib.h>
#include <stdbool.h>

typedef struct DiskFile DiskFile;

/* Takes notice of what lies there under this name, before it is changed. */
void disk_look(const char *path);
/* The file of this name, taken to be on the disk as it lies there when it is first asked for; made when `make` and there
 * is none, NULL otherwise. A reference. */
DiskFile *disk_open(const char *path, bool make);
void disk_close(DiskFile *file);
void disk_write(DiskFile *file, gint64 at, const void *bytes, gsize n);
void disk_truncate(DiskFile *file, gint64 size);
void disk_sync(DiskFile *file);
void disk_sync_names(const char *folder);
void disk_sync_all(void);
void disk_rename(const char *from, const char *to);
void disk_remove(const char *path);
void disk_make_folder(const char *path);

typedef enum {
        CRASH_DROP,   /* nothing that was not synced is left */
        CRASH_KEEP,   /* all is left, as when only the process dies */
        CRASH_RANDOM, /* of each write all, nothing, or some sectors; of each name the old or the new */
        CRASH_KINDS
} CrashKind;

/* Makes the real files what a crash would have left. Can be asked again, also for another kind. */
void disk_crash(CrashKind kind, GRand *chance);
/* Forgets everything. A disk that lies says of each sync that it is done and does nothing: what looks at the store must
 * find that out. */
void disk_reset(bool lies);

#endif
