/* The address the server listens on. */
#ifndef HTTP_LISTEN_H
#define HTTP_LISTEN_H

#include <glib.h>
#include <stdbool.h>

/* Whether `text` is an address to listen on: ADDR, ADDR:PORT or :PORT, where ADDR is an IPv4 address, an IPv6 address in
 * brackets, or localhost. *ret_loopback: only this machine reaches it. Errors: USAGE. */
bool listen_check(const char *text, bool *ret_loopback, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens a listening socket on it; port 0 takes a free one. Gives the address in the form ADDR:PORT. Errors: USAGE, NETWORK. */
int listen_open(const char *text, char **ret_address, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
