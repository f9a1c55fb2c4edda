#include "http/watch.h"

#include "base/lock.h"

#include <sys/socket.h>

struct WatchedSocket {
        int fd;
        gint64 due; /* monotonic microseconds; 0 for never */
        GList link; /* its place among all, so that it leaves at once */
};

struct Watch {
        pthread_mutex_t lock;
        GQueue sockets; /* under lock, and all they hold */
};

Watch *watch_new(void)
{
        Watch *watch = g_new0(Watch, 1);

        pthread_mutex_init(&watch->lock, NULL);
        g_queue_init(&watch->sockets);
        return watch;
}

void watch_free(Watch *watch)
{
        if (watch == NULL)
                return;
        pthread_mutex_destroy(&watch->lock);
        g_free(watch);
}

static gint64 due_in(gint64 seconds)
{
        return seconds == 0 ? 0 : g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
}

WatchedSocket *watch_add(Watch *watch, int fd, gint64 seconds)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&watch->lock);
        WatchedSocket *socket = g_new0(WatchedSocket, 1);

        socket->fd = fd;
        socket->due = due_in(seconds);
        socket->link.data = socket;
        g_queue_push_tail_link(&watch->sockets, &socket->link);
        return socket;
}

void watch_remove(Watch *watch, WatchedSocket *socket)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&watch->lock);

        g_queue_unlink(&watch->sockets, &socket->link);
        g_free(socket);
}

void watch_limit(Watch *watch, WatchedSocket *socket, gint64 seconds)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&watch->lock);

        socket->due = due_in(seconds);
}

unsigned watch_cut(Watch *watch)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&watch->lock);
        gint64 now = g_get_monotonic_time();
        unsigned cut = 0;

        for (GList *at = watch->sockets.head; at != NULL; at = at->next) {
                WatchedSocket *socket = at->data;

                if (socket->due == 0 || socket->due > now)
                        continue;
                /* The owner sees the end of the stream and closes it. */
                shutdown(socket->fd, SHUT_RDWR);
                socket->due = 0;
                cut++;
        }
        return cut;
}
