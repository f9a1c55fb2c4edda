/* The content-addressed file of a `results` operation: one canonical JSON object a line,
 * {"at":"2026-03-01T10:00:00.000Z","case":"<32 hex digits>","message":"...","status":"passed"}, message only when there is
 * one; lines sorted by case, then time [frozen: docs/log-format.md]. Pure functions. */
#ifndef MODEL_RESULTS_H
#define MODEL_RESULTS_H

#include "model/revision.h"

enum { ZW_RESULTS_MAX = 1000000, ZW_RESULTS_BYTES_MAX = 1 << 30 };

typedef struct {
        Id test_case;
        ResultStatus status;
        Instant at;
        char *message; /* or NULL */
} ResultLine;

/* An array of ResultLine that frees its messages. */
GArray *results_new(void);

/* Sorts `lines` and writes the file. Errors: LIMIT. */
GBytes *results_encode(GArray *lines, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Errors: DAMAGED with the line. */
GArray *results_decode(GBytes *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
