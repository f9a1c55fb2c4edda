/* What the two files of the socket protocol share. */
#ifndef SERVICE_RUNNING_WIRE_INTERNAL_H
#define SERVICE_RUNNING_WIRE_INTERNAL_H

#include "base/fd.h"
#include "service/running/wire.h"

typedef enum {
        WIRE_HELLO = 'H',
        WIRE_FILES = 'F',
        WIRE_CALL = 'C',
        WIRE_PROGRESS = 'P',
        WIRE_ANSWER = 'A',
        WIRE_ERROR = 'E',
        WIRE_BYE = 'B',
} WireKind;

/* One frame without files. */
bool wire_send(int fd, WireKind kind, const void *bytes, size_t n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One frame, appended to `out`; files that come with it are closed. False without an error at the end of the stream. */
bool wire_receive(int fd, WireKind *ret_kind, Out *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets the error an E frame holds; always false. */
bool wire_fail(const Out *frame, GError **error);

#endif
