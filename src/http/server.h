/* The HTTP server: reads requests, hands them to the routes, sends the answers. Threads that read are few and never wait; a
 * fixed pool answers. libmicrohttpd is met in server.c and nowhere else. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/request.h"
#include "http/tls.h"

typedef struct Server Server;

typedef struct {
        int listener; /* bound and listening; the server owns it from here */
        unsigned threads, connections, head_seconds;
        Tls *tls; /* or NULL; must outlive the server */
} ServerOptions;

/* Begins to serve; `context` must outlive it. Errors: NETWORK. */
Server *server_start(HttpContext *context, const ServerOptions *options, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Settings that a running server takes anew. */
void server_set_head_seconds(Server *server, unsigned seconds);
/* Cuts connections that are late; to be called about once a second. */
void server_tick(Server *server);
/* Takes no more connections, lets requests in progress end (those that read slowly for `seconds` at most), and ends. */
void server_stop(Server *server, unsigned seconds);

#endif
