/* Finding each other: the socket file, who is at the other end, and the greeting. */
#include "service/running/wire.h"

#include "base/error.h"
#include "service/running/wire_internal.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define SOCKET_NAME "zw.sock"

enum { HELLO_MAX = 4096 };

/* A socket address holds 107 bytes of path; a longer one goes by the descriptor of its directory. */
typedef struct {
        struct sockaddr_un un;
        Fd dir;
} SocketAddress;

static void socket_address_clear(SocketAddress *address)
{
        fd_close(address->dir);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SocketAddress, socket_address_clear)

static bool socket_address_init(SocketAddress *address, const char *dir, GError **error)
{
        char *path = address->un.sun_path;
        const gulong most = sizeof(address->un.sun_path);

        address->un.sun_family = AF_UNIX;
        if ((gulong)g_snprintf(path, most, "%s/" SOCKET_NAME, dir) < most)
                return true;
        address->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (address->dir < 0) {
                error_set(error, ZW_ERR_NETWORK, dir,
                          "the directory of the local socket could not be opened: %s", g_strerror(errno));
                return false;
        }
        g_snprintf(path, most, "/proc/self/fd/%d/" SOCKET_NAME, address->dir);
        return true;
}

static bool socket_fail(GError **error, const char *what, const char *dir)
{
        error_set(error, ZW_ERR_NETWORK, dir, "%s: %s", what, g_strerror(errno));
        return false;
}

/* The owner of the directory, and who is at the other end. */
static bool peer_of(const char *dir, int fd, uid_t *ret_owner, uid_t *ret_peer, GError **error)
{
        struct ucred peer;
        socklen_t n = sizeof(peer);
        struct stat facts;

        if (stat(dir, &facts) != 0 || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) != 0)
                return socket_fail(error, "who is at the other end of the local socket is not known", dir);
        *ret_owner = facts.st_uid;
        *ret_peer = peer.uid;
        return true;
}

static void socket_set_timeouts(int fd, int receive)
{
        const struct timeval in = { receive, 0 }, out = { ZW_WIRE_SECONDS, 0 };

        /* Without them a peer that stops costs patience, not safety. */
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &in, sizeof(in));
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &out, sizeof(out));
}

/* ---- server ---- */

int wire_listen(const char *dir, GError **error)
{
        g_auto(SocketAddress) address = { .dir = -1 };
        g_auto(Fd) fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

        if (!socket_address_init(&address, dir, error))
                return -1;
        if (fd < 0 || (unlink(address.un.sun_path) != 0 && errno != ENOENT) ||
            bind(fd, (const struct sockaddr *)&address.un, sizeof(address.un)) != 0 ||
            chmod(address.un.sun_path, 0600) != 0 || listen(fd, SOMAXCONN) != 0) {
                socket_fail(error, "the local socket could not be opened", dir);
                return -1;
        }
        return fd_steal(&fd);
}

void wire_unlisten(const char *dir, int listener)
{
        g_auto(SocketAddress) address = { .dir = -1 };

        if (socket_address_init(&address, dir, NULL))
                unlink(address.un.sun_path);
        fd_close(listener);
}

static bool say_hello(int fd, GError **error)
{
        g_autoptr(Out) out = out_new(HELLO_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_object_begin(w);
        jwrite_key_int(w, "protocol", ZW_WIRE_PROTOCOL);
        jwrite_key_string(w, "version", ZW_VERSION);
        jwrite_object_end(w);
        return wire_send(fd, WIRE_HELLO, out_data(out), out_length(out), error);
}

int wire_accept(const char *dir, int listener, uid_t *ret_uid, GError **error)
{
        g_auto(Fd) fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        g_autoptr(GError) denied = NULL;
        uid_t owner, peer;

        if (fd < 0) {
                if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR && errno != ECONNABORTED)
                        socket_fail(error, "a connection to the local socket could not be taken", dir);
                return -1;
        }
        socket_set_timeouts(fd, ZW_WIRE_SECONDS);
        if (!peer_of(dir, fd, &owner, &peer, error))
                return -1;
        if (peer != owner && peer != 0) {
                error_set(&denied, ZW_ERR_DENIED, NULL,
                          "only the owner of the data directory and root may use its socket, not user %u",
                          peer);
                if (wire_send_error(fd, denied, error))
                        g_propagate_error(error, g_steal_pointer(&denied));
                return -1;
        }
        if (!say_hello(fd, error))
                return -1;
        *ret_uid = peer;
        return fd_steal(&fd);
}

/* ---- client ---- */

/* False without an error when the server ends, or stays silent, before it greets: nothing has happened then. */
static bool hear_hello(const char *dir, int fd, GError **error)
{
        g_autoptr(Out) frame = out_new(HELLO_MAX);
        g_autoptr(Json) hello = NULL;
        WireKind kind;

        if (!wire_receive(fd, &kind, frame, NULL))
                return false;
        if (kind == WIRE_ERROR)
                return wire_fail(frame, error);
        hello = json_loadb(out_data(frame), out_length(frame), 0, NULL);
        if (kind == WIRE_HELLO && jread_get_int(hello, "protocol", 0) == ZW_WIRE_PROTOCOL)
                return true;
        error_set(error, ZW_ERR_VERSION, dir,
                  "the server that holds the data directory is of another version (%s)",
                  jread_get_string(hello, "version") == NULL ? "unknown"
                                                             : jread_get_string(hello, "version"));
        return false;
}

int wire_connect(const char *dir, GError **error)
{
        g_auto(SocketAddress) address = { .dir = -1 };
        g_auto(Fd) fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        uid_t owner, peer;

        if (!socket_address_init(&address, dir, error))
                return -1;
        if (fd < 0 || connect(fd, (const struct sockaddr *)&address.un, sizeof(address.un)) != 0) {
                if (errno != ENOENT && errno != ECONNREFUSED && errno != ECONNRESET)
                        socket_fail(error, "the local socket could not be reached", dir);
                return -1;
        }
        socket_set_timeouts(fd, ZW_WIRE_SECONDS);
        if (!peer_of(dir, fd, &owner, &peer, error))
                return -1;
        if (peer != owner && peer != 0) {
                error_set(error, ZW_ERR_DENIED, dir,
                          "the local socket is not of the owner of the data directory");
                return -1;
        }
        if (!hear_hello(dir, fd, error))
                return -1;
        socket_set_timeouts(fd, 0); /* an answer takes as long as it takes */
        return fd_steal(&fd);
}
