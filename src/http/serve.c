#include "http/serve.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/log.h"
#include "http/listen.h"
#include "http/local.h"
#include "http/metrics.h"
#include "http/server.h"
#include "http/shapes.h"
#include "service/access.h"
#include "service/wire.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

enum {
        LOCAL_THREADS = 16,
        HELD_SECONDS = 5, /* how long another command may hold the directory */
        HELD_TRY_MICROSECONDS = 20000,
        DRAIN_SECONDS = 10,
        IDLE_GRAPH_SECONDS = 900,
};

/* ---- the process ---- */

static void signals_block(sigset_t *ret_ends)
{
        sigemptyset(ret_ends);
        sigaddset(ret_ends, SIGTERM);
        sigaddset(ret_ends, SIGINT);
        pthread_sigmask(SIG_BLOCK, ret_ends, NULL);
        /* A client that goes away is an error of its connection, not the end of all. */
        signal(SIGPIPE, SIG_IGN);
}

static void descriptors_raise(void)
{
        struct rlimit limit;

        /* Connections and files of calls take descriptors; what the system allows is used. */
        if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
                limit.rlim_cur = limit.rlim_max;
                (void)setrlimit(RLIMIT_NOFILE, &limit);
        }
}

/* ---- the data directory ---- */

static bool is_served(const char *dir)
{
        int fd = wire_connect(dir, NULL);

        fd_close(fd);
        return fd >= 0;
}

/* Waits for a command that holds the directory; not for another server. */
static Service *open_in_time(const char *dir, GError **error)
{
        const gint64 end = g_get_monotonic_time() + HELD_SECONDS * G_USEC_PER_SEC;

        for (;;) {
                g_autoptr(GError) why = NULL;
                Service *service = service_open(dir, &why);

                if (service != NULL)
                        return service;
                if (!g_error_matches(why, ZW_ERROR, ZW_ERR_LOCKED) || g_get_monotonic_time() > end ||
                    is_served(dir)) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return NULL;
                }
                g_usleep(HELD_TRY_MICROSECONDS);
        }
}

/* ---- serving ---- */

static void wait_for_end(Service *service, Server *server, const sigset_t *ends)
{
        const struct timespec second = { 1, 0 };
        const Instant idle = (Instant)IDLE_GRAPH_SECONDS * 1000;

        while (sigtimedwait(ends, NULL, &second) < 0) {
                server_tick(server);
                service_drop_idle(service, instant_now() - idle);
        }
        signal(SIGTERM, SIG_DFL);
        signal(SIGINT, SIG_DFL);
        pthread_sigmask(SIG_UNBLOCK, ends, NULL);
}

/* Where it serves, and how to sign in: the code of the first start is shown here and nowhere else. */
static bool serving_say(HttpContext *context, const char *address, GError **error)
{
        g_autoptr(SecretText) code = NULL;

        if (!access_setup_code(context->service, &code, error))
                return false;
        printf("serving http://%s\n", address);
        if (code == NULL)
                printf("sign in with your name and password, or a token of `zw token create`\n");
        else
                printf("nobody can sign in yet: make the first account with the code %s (good for 24 hours)\n",
                       secret_text_reveal(code));
        fflush(stdout);
        return true;
}

static bool serve_on(HttpContext *context, const char *dir, int listener, const char *address,
                     const Config *config, const sigset_t *ends, GError **error)
{
        const ServerOptions options = { .listener = listener,
                                        .threads = (unsigned)config_int(config, ZW_CONFIG_THREADS),
                                        .connections = (unsigned)config_int(config, ZW_CONFIG_CONNECTIONS),
                                        .head_seconds = (unsigned)config_int(config,
                                                                             ZW_CONFIG_HEAD_SECONDS) };
        g_autoptr(Local) local = local_start(context->service, dir, LOCAL_THREADS, error);
        Server *server;

        if (local == NULL) {
                fd_close(listener);
                return false;
        }
        server = server_start(context, &options, error);
        if (server == NULL)
                return false;
        log_event(LOG_INFO_, "serving", "address", address, "data", dir, "version", ZW_VERSION, NULL);
        if (!serving_say(context, address, error)) {
                server_stop(server, DRAIN_SECONDS);
                return false;
        }
        wait_for_end(context->service, server, ends);
        log_event(LOG_INFO_, "ending", "address", address, NULL);
        g_atomic_int_set(&context->ending, 1);
        server_stop(server, DRAIN_SECONDS);
        return true;
}

static bool level_set(const Config *config, GError **error)
{
        LogLevel level;

        if (!log_level_parse(config_text(config, ZW_CONFIG_LOG_LEVEL), &level, error)) {
                if (error != NULL)
                        error_set_where(*error, "log.level");
                return false;
        }
        log_set_level(level);
        return true;
}

static bool open_and_serve(HttpContext *context, const char *dir, const char *listen, const Config *config,
                           const sigset_t *ends, GError **error)
{
        char *address;
        int listener;
        bool ok;

        listener = listen_open(listen, &address, error);
        if (listener < 0)
                return false;
        ok = serve_on(context, dir, listener, address, config, ends, error);
        g_free(address);
        return ok;
}

bool http_serve(const char *dir, const char *listen, const Config *config, GError **error)
{
        g_autoptr(Service) service = NULL;
        g_autoptr(Metrics) metrics = metrics_new();
        g_autoptr(Shapes) shapes = shapes_new(error);
        HttpContext context = {
                .host = config_text(config, ZW_CONFIG_HOST), .dir = dir, .metrics = metrics, .shapes = shapes
        };
        sigset_t ends;

        if (shapes == NULL || !level_set(config, error))
                return false;
        signals_block(&ends);
        descriptors_raise();
        service = open_in_time(dir, error);
        context.service = service;
        return service != NULL && open_and_serve(&context, dir, listen, config, &ends, error);
}
