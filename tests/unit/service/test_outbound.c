#include "service/running/outbound.h"

#include "base/error.h"
#include "base/fd.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>

/* What the name means, from one question to the next: the tests' resolver. */
static const char *const *answers; /* addresses with blanks between, one text a question */
static int questions;

static int resolve_as_told(const char *host G_GNUC_UNUSED, const char *port, const struct addrinfo *hints,
                           struct addrinfo **ret_list)
{
        g_auto(GStrv) parts = g_strsplit(answers[questions++], " ", -1);
        struct addrinfo **at = ret_list, numeric = *hints;

        numeric.ai_flags = AI_NUMERICHOST;
        for (char **part = parts; *part != NULL; part++) {
                g_assert_cmpint(getaddrinfo(*part, port, &numeric, at), ==, 0);
                at = &(*at)->ai_next;
        }
        return 0;
}

static Outbound *outbound_with(const char *allow, const char *closed)
{
        g_autoptr(Config) config = config_load(NULL, NULL);
        Outbound *outbound;

        g_assert_true(config_override(config, ZW_CONFIG_OUTBOUND_ALLOW, allow, NULL));
        g_assert_true(config_override(config, ZW_CONFIG_OUTBOUND_CLOSED, closed, NULL));
        outbound = outbound_new(config, resolve_as_told, NULL);
        g_assert_nonnull(outbound);
        questions = 0;
        return outbound;
}

static void test_urls(void)
{
        static const struct {
                const char *allow, *closed, *url;
                bool good;
        } cases[] = {
                { "a.example", "false", "https://a.example/x?y=1", true },
                { "A.example", "false", "https://a.EXAMPLE:8443/", true },
                { "*.a.example b.example", "false", "https://x.y.a.example/", true },
                { "a.example", "true", "http://a.example/", true },
                { "[::1]", "true", "http://[::1]:80/", true },
                { "", "false", "https://a.example/", false },
                { "a.example", "false", "http://a.example/", false },
                { "a.example", "false", "https://b.example/", false },
                { "a.example", "false", "https://a.example.evil/", false },
                { "*.a.example", "false", "https://a.example/", false },
                { "*.a.example", "false", "https://evila.example/", false },
                { "a.example", "true", "ftp://a.example/", false },
                { "a.example", "true", "file:///etc/passwd", false },
                { "a.example", "true", "gopher://a.example/", false },
                { "a.example", "false", "https://user@a.example/", false },
                { "a.example", "false", "https://user:word@a.example/", false },
                { "a.example", "false", "https://evil@a.example@b/", false },
                { "a.example", "false", "https://b.example\\@a.example/", false },
                { "a.example", "false", "https://a.example/#x", false },
                { "a.example", "false", "https://a.example/\r\nX: y", false },
                { "a.example", "false", "https://a.example/ x", false },
                { "a.example", "false", "a.example", false },
                { "a.example", "false", "", false },
                { "a.example", "false", "https://", false },
                { "a.example", "false", "//a.example/", false },
                { "127.0.0.1", "true", "http://2130706434/", false },
                { "a.example", "false", "https://\xc3\xa4.example/", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(Outbound) outbound = outbound_with(cases[i].allow, cases[i].closed);
                g_autoptr(GError) error = NULL;

                g_test_message("%s for %s", cases[i].url, cases[i].allow);
                g_assert_true(outbound_url_check(outbound, cases[i].url, "/url", &error) == cases[i].good);
                if (!cases[i].good)
                        g_assert_cmpstr(error_where(error), ==, "/url");
        }
}

static void test_settings(void)
{
        static const char *const bad[] = { "https://a.example", "a_b", "*", "*.", "a example/", "a.*.b" };

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_autoptr(Config) config = config_load(NULL, NULL);
                g_autoptr(GError) error = NULL;

                g_assert_true(config_override(config, ZW_CONFIG_OUTBOUND_ALLOW, bad[i], NULL));
                g_assert_null(outbound_new(config, getaddrinfo, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, "outbound.allow");
        }
}

/* Each is refused before anything is sent, whatever else the name means besides. */
static void test_addresses(void)
{
        static const char *const meanings[] = { "127.0.0.1",         "10.1.2.3",
                                                "169.254.169.254",   "::1",
                                                "::ffff:127.0.0.1",  "8.8.8.8 127.0.0.1",
                                                "127.0.0.1 8.8.8.8", "2606:4700::1 fe80::1" };

        for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++) {
                g_autoptr(Outbound) outbound = outbound_with("a.example", "false");
                g_autoptr(GError) error = NULL;
                static const char *const fields[] = { NULL };
                long status = 0;

                answers = &meanings[i];
                g_assert_false(
                        outbound_post(outbound, "https://a.example/", fields, "x", 1, &status, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_DENIED);
                g_assert_cmpint(questions, ==, 1);
        }
}

/* ---- a server that answers once ---- */

typedef struct {
        Fd fd;
        const char *answer, *body; /* what is answered, and what ends the request; NULL: its head */
        char got[4096];
} Once;

static void *once_run(void *payload)
{
        Once *once = payload;
        g_auto(Fd) peer = accept(once->fd, NULL, NULL);
        g_autofree char *end = g_strconcat("\r\n\r\n", once->body, NULL);
        size_t n = 0;

        while (peer >= 0 && strstr(once->got, end) == NULL && n < sizeof(once->got) - 1) {
                const ssize_t part = read(peer, once->got + n, sizeof(once->got) - 1 - n);

                if (part <= 0)
                        break;
                n += (size_t)part;
        }
        g_assert_cmpint(write(peer, once->answer, strlen(once->answer)), ==, (ssize_t)strlen(once->answer));
        return NULL;
}

static unsigned once_listen(Once *once)
{
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
        socklen_t n = sizeof(address);

        once->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        g_assert_cmpint(bind(once->fd, (const struct sockaddr *)(const void *)&address, n), ==, 0);
        g_assert_cmpint(listen(once->fd, 1), ==, 0);
        g_assert_cmpint(getsockname(once->fd, (struct sockaddr *)(void *)&address, &n), ==, 0);
        return ntohs(address.sin_port);
}

/* The name means something else right after it was looked at; the connection goes to what was looked at. */
static void test_name_that_changes(void)
{
        static const char *const meanings[] = { "127.0.0.1", "127.0.0.2", "127.0.0.3" };
        static const char *const fields[] = { "X-Test: yes", NULL };
        g_autoptr(Outbound) outbound = outbound_with("a.example", "true");
        g_autoptr(GError) error = NULL;
        Once once = { .body = "body", .answer = "HTTP/1.1 202 Fine\r\nContent-Length: 0\r\n\r\n" };
        g_autofree char *url = g_strdup_printf("http://a.example:%u/hook", once_listen(&once));
        pthread_t thread;
        long status = 0;

        answers = meanings;
        /* A proxy of the environment would be asked in place of the address that was judged. */
        g_setenv("http_proxy", "http://127.0.0.9:1", TRUE);
        g_assert_cmpint(pthread_create(&thread, NULL, once_run, &once), ==, 0);
        g_assert_true(outbound_post(outbound, url, fields, "body", 4, &status, &error));
        g_assert_no_error(error);
        pthread_join(thread, NULL);
        g_unsetenv("http_proxy");
        fd_close(once.fd);
        g_assert_cmpint(status, ==, 202);
        g_assert_cmpint(questions, ==, 1);
        g_assert_true(g_str_has_prefix(once.got, "POST /hook HTTP/1.1\r\nHost: a.example:"));
        g_assert_nonnull(strstr(once.got, "\r\nX-Test: yes\r\n"));
}

static void test_redirect_is_not_followed(void)
{
        static const char *const meanings[] = { "127.0.0.1", "127.0.0.2" };
        static const char *const fields[] = { NULL };
        g_autoptr(Outbound) outbound = outbound_with("a.example", "true");
        Once once = {
                .body = "body",
                .answer =
                        "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.2:1/\r\nContent-Length: 0\r\n\r\n"
        };
        g_autofree char *url = g_strdup_printf("http://a.example:%u/", once_listen(&once));
        pthread_t thread;
        long status = 0;

        answers = meanings;
        g_assert_cmpint(pthread_create(&thread, NULL, once_run, &once), ==, 0);
        g_assert_true(outbound_post(outbound, url, fields, "body", 4, &status, NULL));
        pthread_join(thread, NULL);
        fd_close(once.fd);
        g_assert_cmpint(status, ==, 307);
        g_assert_cmpint(questions, ==, 1);
}

/* What came is given back, and no more than there is room for. */
static void test_answer(void)
{
        static const char *const meanings[] = { "127.0.0.1", "127.0.0.1" };
        static const char *const fields[] = { NULL };
        static const size_t most[] = { 5, 4 };

        for (size_t i = 0; i < G_N_ELEMENTS(most); i++) {
                g_autoptr(Outbound) outbound = outbound_with("a.example", "true");
                g_autoptr(Out) answer = out_new(most[i]);
                g_autoptr(GError) error = NULL;
                Once once = { .answer = "HTTP/1.1 200 Fine\r\nContent-Length: 5\r\n\r\nhello" };
                g_autofree char *url = g_strdup_printf("http://a.example:%u/keys", once_listen(&once));
                const OutboundRequest request = { .url = url, .fields = fields, .answer = answer };
                pthread_t thread;
                long status = 0;

                answers = meanings;
                g_assert_cmpint(pthread_create(&thread, NULL, once_run, &once), ==, 0);
                g_assert_true(outbound_ask(outbound, &request, &status, &error) == (most[i] == 5));
                pthread_join(thread, NULL);
                fd_close(once.fd);
                g_assert_true(g_str_has_prefix(once.got, "GET /keys HTTP/1.1\r\n"));
                if (most[i] == 5)
                        g_assert_cmpstr(out_data(answer), ==, "hello");
                else
                        g_assert_error(error, ZW_ERROR, ZW_ERR_NETWORK);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/service/outbound/urls", test_urls);
        g_test_add_func("/service/outbound/settings", test_settings);
        g_test_add_func("/service/outbound/addresses", test_addresses);
        g_test_add_func("/service/outbound/answer", test_answer);
        g_test_add_func("/service/outbound/name-that-changes", test_name_that_changes);
        g_test_add_func("/service/outbound/redirect", test_redirect_is_not_followed);
        return g_test_run();
}
