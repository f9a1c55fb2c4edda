#include "http/notify.h"

#include "base/fd.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* A socket that listens as a supervisor does; `name` as NOTIFY_SOCKET has it. */
static int supervisor(const char *name)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

        g_strlcpy(address.sun_path, name, sizeof(address.sun_path));
        if (name[0] == '@')
                address.sun_path[0] = '\0';
        g_assert_cmpint(bind(fd, (const struct sockaddr *)(const void *)&address,
                             (socklen_t)(G_STRUCT_OFFSET(struct sockaddr_un, sun_path) + strlen(name))),
                        ==, 0);
        return fd;
}

static void assert_heard(int fd, const char *pattern)
{
        char text[200] = "";

        g_assert_cmpint(recv(fd, text, sizeof(text) - 1, 0), >, 0);
        g_assert_true(g_pattern_match_simple(pattern, text));
}

static void test_heard(void)
{
        g_autofree char *dir = g_dir_make_tmp("notify-XXXXXX", NULL),
                        *path = g_build_filename(dir, "s", NULL);
        g_autofree char *abstract = g_strdup_printf("@%s", path);
        const char *const names[] = { path, abstract };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_auto(Fd) fd = supervisor(names[i]);

                g_setenv("NOTIFY_SOCKET", names[i], TRUE);
                g_assert_true(notify_send("READY=1"));
                assert_heard(fd, "READY=1");
                notify_reloading();
                assert_heard(fd, "RELOADING=1\nMONOTONIC_USEC=*");
        }
        g_assert_cmpint(g_unlink(path), ==, 0);
        g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static void test_nobody(void)
{
        static const char *const names[] = { "", "relative", "/nowhere/at/all", "/", "@" };
        g_autofree char *lengthy = g_strnfill(300, '/');

        g_unsetenv("NOTIFY_SOCKET");
        g_assert_false(notify_send("READY=1"));
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_setenv("NOTIFY_SOCKET", names[i], TRUE);
                g_assert_false(notify_send("READY=1"));
        }
        g_setenv("NOTIFY_SOCKET", lengthy, TRUE);
        g_assert_false(notify_send("READY=1"));
}

static void test_watchdog(void)
{
        g_autofree char *own = g_strdup_printf("%d", (int)getpid());
        const struct {
                const char *usec, *pid;
                unsigned seconds;
        } cases[] = { { NULL, NULL, 0 },      { "30000000", NULL, 30 }, { "30000000", own, 30 },
                      { "30000000", "1", 0 }, { "x", NULL, 0 },         { "-1", NULL, 0 },
                      { "30000000", "x", 0 }, { "500000", NULL, 0 } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_unsetenv("WATCHDOG_USEC");
                g_unsetenv("WATCHDOG_PID");
                if (cases[i].usec != NULL)
                        g_setenv("WATCHDOG_USEC", cases[i].usec, TRUE);
                if (cases[i].pid != NULL)
                        g_setenv("WATCHDOG_PID", cases[i].pid, TRUE);
                g_assert_cmpuint(notify_watchdog_seconds(), ==, cases[i].seconds);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/http/notify/heard", test_heard);
        g_test_add_func("/http/notify/nobody", test_nobody);
        g_test_add_func("/http/notify/watchdog", test_watchdog);
        return g_test_run();
}
