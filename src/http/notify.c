#include "http/notify.h"

#include "base/fd.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

bool notify_send(const char *assignments)
{
        const char *path = g_getenv("NOTIFY_SOCKET");
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        g_auto(Fd) fd = -1;
        size_t n;

        /* A path, or a name in the abstract space, whose first byte is 0 and shown as @. */
        if (path == NULL || (path[0] != '/' && path[0] != '@'))
                return false;
        n = strlen(path);
        if (n < 2 || n >= sizeof(address.sun_path))
                return false;
        memcpy(address.sun_path, path, n);
        if (path[0] == '@')
                address.sun_path[0] = '\0';
        fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        return fd >= 0 && sendto(fd, assignments, strlen(assignments), MSG_NOSIGNAL | MSG_DONTWAIT,
                                 (const struct sockaddr *)(const void *)&address,
                                 (socklen_t)(G_STRUCT_OFFSET(struct sockaddr_un, sun_path) + n)) >= 0;
}

void notify_reloading(void)
{
        char text[80];

        g_snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
                   g_get_monotonic_time());
        (void)notify_send(text);
}

unsigned notify_watchdog_seconds(void)
{
        const char *usec = g_getenv("WATCHDOG_USEC"), *pid = g_getenv("WATCHDOG_PID");
        guint64 number;

        /* Meant for another process of the same unit? */
        if (pid != NULL && (!g_ascii_string_to_unsigned(pid, 10, 0, G_MAXUINT32, &number, NULL) ||
                            number != (guint64)getpid()))
                return 0;
        if (usec == NULL || !g_ascii_string_to_unsigned(usec, 10, 0, G_MAXINT64, &number, NULL))
                return 0;
        return (unsigned)MIN(number / G_USEC_PER_SEC, G_MAXUINT32);
}
