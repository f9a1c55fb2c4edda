/* The whole server: a data directory, its local socket, and HTTP. */
#ifndef HTTP_SERVE_H
#define HTTP_SERVE_H

#include "service/service.h"

/* Serves `dir` until SIGTERM or SIGINT; says on stdout when it is ready. SIGHUP has certificate, key and the settings marked so
 * read again. To be called before any other thread is made: all of them leave these signals to this one. A second signal to end
 * while it ends kills at once, which loses nothing that was acknowledged. A supervisor is told (http/notify.h).
 * With `check_only` the settings are judged as a start would, and nothing is opened. Errors: those of service_open, wire_listen,
 * listen_open and settings_check. */
bool http_serve(const char *dir, const Config *config, bool check_only, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
