/* The address the server listens on. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include <glib.h>
#include <stdbool.h>

/* Opens a listening socket on `text`: ADDR, ADDR:PORT or :PORT, where ADDR is an IPv4 address, an IPv6 address in brackets,
 * or localhost; port 0 takes a free one. Gives the address in the form ADDR:PORT. Errors: USAGE, also for an address
 * that is not of loopback: without sign-in everybody who reaches it would read everything; NETWORK. */
int listen_open(const char *text, char **ret_address, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
