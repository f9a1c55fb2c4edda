/* A file layer under SQLite that fails or dies at the n-th step that changes a file (opening for writing, write,
 * truncation, sync, removal). It becomes SQLite's default; what goes past it is passed on, but for syncs, which only it
 * believes in: it knows what of each file would be left by a crash. Blobs and directories are not below it.
 * Thread-safe; arming and images only while no store is open. */
#ifndef FAULT_VFS_H
#define FAULT_VFS_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
        FAULT_NONE,   /* count steps */
        FAULT_EIO,    /* step n fails */
        FAULT_ENOSPC, /* step n fails; a write for lack of space */
        FAULT_EIO_ON, /* step n fails and all that follow */
        FAULT_CRASH, /* at step n the machine stops: it and all that follow fail, and crash_apply says what is left */
} FaultMode;

typedef enum { STEP_OPEN, STEP_WRITE, STEP_TRUNCATE, STEP_SYNC, STEP_REMOVE, STEP_KINDS } StepKind;

void fault_register(void);
/* Counts steps from 1 again. */
void fault_arm(FaultMode mode, unsigned n);
unsigned fault_steps(void);
/* Whether step n came, and what it was. */
bool fault_was_hit(StepKind *ret_kind);
/* Steps of this thread are neither counted nor failed while it looks around. */
void fault_spare_thread(bool spared);

typedef enum {
        CRASH_DROP,   /* nothing that was not synced is left */
        CRASH_KEEP,   /* all that was written is left, as when only the process dies */
        CRASH_RANDOM, /* of each unsynced write all, nothing, or some sectors of 512 bytes */
        CRASH_KINDS
} CrashKind;

/* Makes the files what the crash left, and forgets them. */
void crash_apply(CrashKind kind, GRand *chance);

#endif
