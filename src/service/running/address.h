/* Whether a network address is one of the open Internet, by the special-purpose registries (RFC 6890 and its updates). Pure. */
#ifndef SERVICE_RUNNING_ADDRESS_H
#define SERVICE_RUNNING_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* False for loopback, link-local, private, shared, multicast, reserved and documentation addresses, for what stands for one of
 * them inside another (IPv4 in IPv6), and for other families. */
bool address_is_public(const struct sockaddr *address);

#endif
