/* The whole server: a data directory, its local socket, and HTTP. */
#ifndef HTTP_SERVE_H
#define HTTP_SERVE_H

#include "service/service.h"

/* Serves `dir` until SIGTERM or SIGINT; says on stdout when it is ready. To be called before any other thread is made: all
 * of them leave these signals to this one. A second signal while it ends kills at once, which loses nothing that was
 * acknowledged. Errors: those of service_open, wire_listen and listen_open; INPUT for settings. */
bool http_serve(const char *dir, const char *listen, const Config *config, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
