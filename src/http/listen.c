#include "http/listen.h"

#include "base/error.h"
#include "base/fd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { DEFAULT_PORT = 62443 };

typedef union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
} Address;

static bool refuse(const char *text, GError **error)
{
        error_set(error, ZW_ERR_USAGE, text,
                  "an address to listen on is ADDR:PORT, such as 127.0.0.1:62443 or [::1]:62443");
        return false;
}

static bool address_parse(const char *text, Address *ret_address, GError **error)
{
        const char *close = text[0] == '[' ? strchr(text, ']') : NULL;
        const char *colon = strchr(close == NULL ? text : close, ':');
        size_t n = colon == NULL ? strlen(text) : (size_t)(colon - text);
        g_autofree char *host = close == NULL ? g_strndup(text, n)
                                              : g_strndup(text + 1, (gsize)(close - text - 1));
        guint64 port = DEFAULT_PORT;

        if (colon != NULL && !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL))
                return refuse(text, error);
        *ret_address = (Address){ 0 };
        if (close != NULL) {
                ret_address->six = (struct sockaddr_in6){ .sin6_family = AF_INET6,
                                                          .sin6_port = htons((uint16_t)port) };
                return (close[1] == '\0' || close[1] == ':') &&
                                       inet_pton(AF_INET6, host, &ret_address->six.sin6_addr) == 1
                               ? true
                               : refuse(text, error);
        }
        ret_address->four = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
        return inet_pton(AF_INET, host[0] == '\0' || strcmp(host, "localhost") == 0 ? "127.0.0.1" : host,
                         &ret_address->four.sin_addr) == 1
                       ? true
                       : refuse(text, error);
}

static bool is_loopback(const Address *address)
{
        if (address->any.sa_family == AF_INET6)
                return IN6_IS_ADDR_LOOPBACK(&address->six.sin6_addr);
        return (ntohl(address->four.sin_addr.s_addr) >> 24) == IN_LOOPBACKNET;
}

bool listen_check(const char *text, bool *ret_loopback, GError **error)
{
        Address address;

        if (!address_parse(text, &address, error))
                return false;
        *ret_loopback = is_loopback(&address);
        return true;
}

static char *address_text(int fd)
{
        char host[INET6_ADDRSTRLEN];
        Address address = { 0 };
        socklen_t n = sizeof(address);

        if (getsockname(fd, &address.any, &n) != 0)
                return NULL;
        if (address.any.sa_family == AF_INET6)
                return g_strdup_printf("[%s]:%u",
                                       inet_ntop(AF_INET6, &address.six.sin6_addr, host, sizeof(host)),
                                       ntohs(address.six.sin6_port));
        return g_strdup_printf("%s:%u", inet_ntop(AF_INET, &address.four.sin_addr, host, sizeof(host)),
                               ntohs(address.four.sin_port));
}

int listen_open(const char *text, char **ret_address, GError **error)
{
        const int on = 1;
        g_autofree char *bound = NULL;
        Address address;
        g_auto(Fd) fd = -1;

        if (!address_parse(text, &address, error))
                return -1;
        fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
            bind(fd, &address.any,
                 address.any.sa_family == AF_INET6 ? sizeof(address.six) : sizeof(address.four)) != 0 ||
            listen(fd, SOMAXCONN) != 0) {
                error_set(error, ZW_ERR_NETWORK, text, "the address cannot be listened on: %s",
                          g_strerror(errno));
                return -1;
        }
        bound = address_text(fd);
        if (bound == NULL) {
                error_set(error, ZW_ERR_NETWORK, text, "the address got is not known: %s", g_strerror(errno));
                return -1;
        }
        *ret_address = g_steal_pointer(&bound);
        return fd_steal(&fd);
}
