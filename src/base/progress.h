/* How far long work is, and ending it early. Whoever asks for work may hand in a Progress: at safe points, which lie
 * before anything is made durable, the work says how far it is and learns whether it is still wanted. The work fails with
 * CANCELLED when it is not, and leaves nothing changed.
 *
 * `report` runs on the thread that works, which may be the store's writer: it must be short and must not wait. It may call
 * progress_cancel. Thread-safe: progress_cancel and progress_is_cancelled; the rest belongs to the work. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
        const char *stage; /* what is done now, for people */
        const char *unit;  /* what is counted: bytes, rows, commits, ... */
        uint64_t done;
        uint64_t total; /* 0: not known */
} ProgressState;

typedef void (*ProgressFn)(const ProgressState *state, void *payload);

typedef struct {
        ProgressFn report; /* or NULL */
        void *payload;
        gint64 pause; /* microseconds before the first report and between two */
        gint64 next;  /* monotonic time of the next one */
        gint cancelled;
} Progress;

/* The next report comes `pause` from now. */
void progress_init(Progress *progress, ProgressFn report, void *payload, gint64 pause);
void progress_cancel(Progress *progress);
bool progress_is_cancelled(const Progress *progress);

/* One stage of the work; all of it is passed over when `progress` is NULL. */
typedef struct {
        Progress *progress;
        ProgressState state;
} ProgressStage;

ProgressStage progress_begin(Progress *progress, const char *stage, const char *unit, uint64_t total);
/* `n` more are done. Errors: CANCELLED. */
bool progress_step(ProgressStage *stage, uint64_t n, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reports what somebody else says of the same work, in the members stage, unit, done and total; without the first two, or to
 * nobody, nothing. */
void progress_relay(Progress *progress, const json_t *told);

#endif
