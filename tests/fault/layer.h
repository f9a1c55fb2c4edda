/* Faults under the store: it counts the steps that touch the disk, fails the n-th, or stops the machine there. Steps come
 * from SQLite (vfs.c), from the store's own calls (calls.c, put in their places by the linker) and from SQLite's
 * allocations. Below lies a model of the disk (disk.h) that knows what a crash would leave. Only files below the root are
 * watched. Thread-safe; arming and crashing only while no store is open. */
#ifndef FAULT_LAYER_H
#define FAULT_LAYER_H

#include <glib.h>
#include <stdbool.h>

typedef enum {
        STEP_OPEN, /* a file that may be made */
        STEP_WRITE,
        STEP_TRUNCATE,
        STEP_SYNC, /* of a file or directory */
        STEP_REMOVE,
        STEP_RENAME,
        STEP_MKDIR,
        STEP_READ,      /* by SQLite */
        STEP_CALL_READ, /* by the store */
        STEP_CALL_WRITE,
        STEP_ALLOC, /* memory of SQLite */
        STEP_KINDS
} StepKind;

/* Kinds of steps as a mask. What changes the disk is what a crash can come between. */
#define STEP_BIT(kind) (1U << (kind))
#define STEPS_THAT_CHANGE                                                                             \
        (STEP_BIT(STEP_OPEN) | STEP_BIT(STEP_WRITE) | STEP_BIT(STEP_TRUNCATE) | STEP_BIT(STEP_SYNC) | \
         STEP_BIT(STEP_REMOVE) | STEP_BIT(STEP_RENAME) | STEP_BIT(STEP_MKDIR) | STEP_BIT(STEP_CALL_WRITE))
#define STEPS_THAT_READ (STEP_BIT(STEP_READ) | STEP_BIT(STEP_CALL_READ))

typedef enum {
        FAULT_NONE,   /* count only */
        FAULT_EIO,    /* step n fails */
        FAULT_ENOSPC, /* step n fails for lack of space (memory, of an allocation) */
        FAULT_EIO_ON, /* step n fails and all that follow */
        FAULT_SHORT,  /* step n, a call, does a part of what was asked for */
        FAULT_EINTR,  /* step n, a call, is interrupted */
        FAULT_CRASH, /* at step n the machine stops: it and all that follow fail, and disk_crash says what is left */
        FAULT_MODES
} FaultMode;

/* Puts the layer under SQLite, once. */
void layer_begin(void);
/* What lies below `root` (absolute, NULL for nothing) is watched. */
void layer_watch(const char *root);
bool layer_watches(const char *path);
/* Counts steps of the kinds in `kinds` from 1 again; n = 0 fails none. */
void layer_arm(FaultMode mode, unsigned kinds, unsigned n);
unsigned layer_steps(void);
FaultMode layer_mode(void);
/* Whether step n came; what it was and on which file ("" for memory; borrowed until the next arming). */
bool layer_was_hit(StepKind *ret_kind, const char **ret_path);

/* For the faces of the layer. A step is taken with the lock held, so that the model sees steps in one order. */
void layer_lock(void);
void layer_unlock(void);
FaultMode layer_step(StepKind kind, const char *path); /* FAULT_NONE: do it; else how it fails */
bool layer_keeps(
        void); /* the model is kept: a crash is to come, and the machine runs, or stops at this very step */

/* Registered by layer_begin. */
void vfs_register(void);

#endif
