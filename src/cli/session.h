/* Opening a data directory in this process or, while a server holds it, over its local socket: the same calls with the same
 * answers. Not thread-safe; one per process. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "service/service.h"

/* Either a service of this process, or a connection to one. */
typedef struct {
        char *dir;
        Service *service;
        Caller caller;
        int fd; /* -1 unless connected */
} Session;

/* Opens `dir` as the user of this process. While another process holds it without serving (another command, a server that
 * starts or ends) it waits some seconds. Errors: those of service_open and wire_connect. */
Session *session_open(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void session_close(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_close)

/* service_call_watched, here or there; the answer is appended to `out`. */
bool session_call(Session *session, const char *usecase, const json_t *input, ServiceFiles files,
                  Progress *progress, Out *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
