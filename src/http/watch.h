/* Time limits of connections. The library that reads requests counts idle time only, which a client that sends or takes one
 * byte a second never uses up; here each connection has an instant by which its present step must be done. Thread-safe. */
#ifndef HTTP_WATCH_H
#define HTTP_WATCH_H

#include <glib.h>

typedef struct Watch Watch;
typedef struct WatchedSocket WatchedSocket;

Watch *watch_new(void);
/* All sockets must have been removed. */
void watch_free(Watch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watch, watch_free)

/* Watches a socket, which must be removed before it is closed. */
WatchedSocket *watch_add(Watch *watch, int fd, gint64 seconds);
void watch_remove(Watch *watch, WatchedSocket *socket);
/* The step it is in has so many seconds from now, 0 for no limit. */
void watch_limit(Watch *watch, WatchedSocket *socket, gint64 seconds);
/* Cuts those that are late; gives how many. */
unsigned watch_cut(Watch *watch);

#endif
