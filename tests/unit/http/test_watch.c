#include "http/watch.h"

#include "base/fd.h"

#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>

static bool is_cut(int other)
{
        struct pollfd poll_fd = { .fd = other, .events = POLLIN };
        char byte;

        return poll(&poll_fd, 1, 0) == 1 && recv(other, &byte, 1, 0) == 0;
}

static void test_cuts_who_is_late(void)
{
        g_autoptr(Watch) watch = watch_new();
        WatchedSocket *sockets[3];
        int fds[3][2];

        for (int i = 0; i < 3; i++)
                g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds[i]), ==, 0);
        sockets[0] = watch_add(watch, fds[0][0], 1);
        sockets[1] = watch_add(watch, fds[1][0], 60);
        sockets[2] = watch_add(watch, fds[2][0], 1);
        watch_limit(watch, sockets[2], 0);
        g_assert_cmpuint(watch_cut(watch), ==, 0);
        g_usleep(1100000);
        g_assert_cmpuint(watch_cut(watch), ==, 1);
        g_assert_cmpuint(watch_cut(watch), ==, 0);
        g_assert_true(is_cut(fds[0][1]));
        g_assert_false(is_cut(fds[1][1]));
        g_assert_false(is_cut(fds[2][1]));
        for (int i = 0; i < 3; i++) {
                watch_remove(watch, sockets[i]);
                fd_close(fds[i][0]);
                fd_close(fds[i][1]);
        }
        g_assert_cmpuint(watch_cut(watch), ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/watch/cuts-who-is-late", test_cuts_who_is_late);
        return g_test_run();
}
