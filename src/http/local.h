/* The server's side of the local socket (service/running/wire.h): a fixed number of threads, each serving one connection at a time
 * to its end; who comes when all are taken waits. The peer acts as the user it is on this machine. */
#ifndef HTTP_LOCAL_H
#define HTTP_LOCAL_H

#include "service/service.h"

typedef struct Local Local;

/* Begins to serve `service`, opened on `dir`; both must outlive it. Errors: NETWORK. */
Local *local_start(Service *service, const char *dir, unsigned threads, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Ends: calls in progress are answered, no more are taken, the socket is gone. */
void local_stop(Local *local);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Local, local_stop)

#endif
