/* Opening a data directory in this process or, while a server holds it, over its local socket: the same calls with the same
 * answers. Not thread-safe; one per process. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "service/service.h"

/* How a server elsewhere is asked: handed in by main, since the command line does not use http/. `open` takes the address of the
 * server and a file with a token; `call` appends what the use case writes. */
typedef struct {
        void *(*open)(const char *url, const char *token_file, GError **error);
        bool (*call)(void *remote, const char *usecase, const json_t *input, ServiceFiles files,
                     Progress *progress, Out *out, GError **error);
        void (*close)(void *remote);
} SessionRemote;

/* A service of this process, a connection to one, or a server elsewhere. */
typedef struct {
        char *dir;
        const SessionRemote *elsewhere; /* or NULL */
        void *remote;
        Service *service;
        Caller caller;
        int fd; /* -1 unless connected */
} Session;

/* Opens `dir` as the user of this process. While another process holds it without serving (another command, a server that
 * starts or ends) it waits some seconds. Errors: those of service_open and wire_connect. */
Session *session_open(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A server elsewhere. Errors: those of `open`. */
Session *session_open_remote(const SessionRemote *elsewhere, const char *url, const char *token_file,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void session_close(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_close)

/* service_call_watched, here or there; the answer is appended to `out`. */
bool session_call(Session *session, const char *usecase, const json_t *input, ServiceFiles files,
                  Progress *progress, Out *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
