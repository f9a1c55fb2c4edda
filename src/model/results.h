/* The content-addressed file of a `results` operation [frozen: docs/log-format.md]: one canonical JSON object a line,
 * {"at":"2026-03-01T10:00:00.000Z","case":"<32 hex digits>","message":"...","status":"passed"}, message only when there is
 * one. Lines are sorted by case, then time; at one time passed, skipped, error, failed, then by message. The last line of
 * a case says its result, so that of several at one time the one that proves least counts. Pure functions. */
#ifndef MODEL_RESULTS_H
#define MODEL_RESULTS_H

#include "model/revision.h"

enum { ZW_RESULTS_MAX = 1000000, ZW_RESULTS_BYTES_MAX = 1 << 30 };

typedef struct {
        Id test_case;
        ResultStatus status;
        Instant at;    /* years 1900 to 9999 */
        char *message; /* or NULL; empty is the same */
} ResultLine;

/* An array of ResultLine that frees its messages. */
GArray *results_new(void);

/* Sorts `lines` and writes the file. Errors: INPUT with the line, a message is not UTF-8, or a time is out of
 * range; LIMIT. */
GBytes *results_encode(GArray *lines, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes only what results_encode writes, byte for byte. Errors: DAMAGED with the line; LIMIT. */
GArray *results_decode(GBytes *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
