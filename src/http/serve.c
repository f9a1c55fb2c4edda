#include "http/serve.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/log.h"
#include "http/answers.h"
#include "http/listen.h"
#include "http/local.h"
#include "http/metrics.h"
#include "http/notify.h"
#include "http/server.h"
#include "http/settings.h"
#include "http/shapes.h"
#include "service/access/access.h"
#include "service/operations/mail.h"
#include "service/running/events.h"
#include "service/running/jobs.h"
#include "service/running/webhooks.h"
#include "service/proof/witness.h"
#include "service/running/wire.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <syslog.h>

enum {
        LOCAL_THREADS = 16,
        HELD_SECONDS = 5, /* how long another command may hold the directory */
        HELD_TRY_MICROSECONDS = 20000,
        DRAIN_SECONDS = 10,
        LEAVE_POLL_MICROSECONDS = 50000,
        IDLE_GRAPH_SECONDS = 900,
        MAIL_SECONDS = 60,     /* between two looks whether mail is due */
        CERTIFICATE_DAYS = 21, /* before its end, when one is warned */
        KEPT_BYTES = 32 << 20, /* of answers that may be given again */
};

/* What a server runs with. */
typedef struct {
        HttpContext *context;
        const char *dir;
        const Config *config; /* as it was started */
        gint64 leave, finish; /* microseconds, by the newest settings: see server.leave_seconds */
        Tls *tls;             /* or NULL */
        sigset_t ends, signals;
} Serving;

/* ---- the process ---- */

static void signals_block(Serving *serving)
{
        sigemptyset(&serving->ends);
        sigaddset(&serving->ends, SIGTERM);
        sigaddset(&serving->ends, SIGINT);
        serving->signals = serving->ends;
        sigaddset(&serving->signals, SIGHUP);
        pthread_sigmask(SIG_BLOCK, &serving->signals, NULL);
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

/* ---- reading settings again ---- */

static void note_failure(const char *event, const GError *why)
{
        log_event(LOG_ERROR_, event, "outcome", error_symbol(why->code), "where", error_where(why), "message",
                  why->message, NULL);
}

static void note_certificate(Tls *tls)
{
        const Instant soon = CERTIFICATE_DAYS * ZW_DAY_MS, ends = tls_ends(tls);
        char text[ZW_INSTANT_TEXT];

        instant_format(ends, text);
        log_event(ends < instant_now() + soon ? LOG_WARNING_ : LOG_INFO_, "certificate", "ends", text, NULL);
}

static void set_ending(Serving *serving, const Config *config)
{
        serving->leave = config_int(config, ZW_CONFIG_LEAVE_SECONDS) * G_USEC_PER_SEC;
        serving->finish = config_int(config, ZW_CONFIG_FINISH_SECONDS) * G_USEC_PER_SEC;
}

/* All of it or nothing: what cannot be read leaves everything as it is. */
static bool reload(Serving *serving, Server *server, GError **error)
{
        g_autoptr(Config) fresh = config_reload(serving->config, error);
        g_autofree char *stale = NULL;
        bool changed = false;

        if (fresh == NULL || !settings_check(fresh, NULL, error))
                return false;
        if (serving->tls != NULL && tls_is_wanted(fresh) && !tls_reload(serving->tls, fresh, &changed, error))
                return false;
        if (!webhooks_configure(serving->context->service, fresh, error) ||
            !service_configure(serving->context->service, fresh, error))
                return false;
        settings_apply_log(fresh);
        server_set_head_seconds(server, (unsigned)config_int(fresh, ZW_CONFIG_HEAD_SECONDS));
        set_ending(serving, fresh);
        if (changed)
                note_certificate(serving->tls);
        stale = config_stale(serving->config, fresh);
        if (stale != NULL || (serving->tls != NULL) != tls_is_wanted(fresh))
                log_event(LOG_WARNING_, "reload", "outcome", "restart_needed", "settings",
                          stale == NULL ? "server.certificate" : stale, NULL);
        return true;
}

static void reload_and_tell(Serving *serving, Server *server)
{
        g_autoptr(GError) why = NULL;

        notify_reloading();
        if (reload(serving, server, &why))
                log_event(LOG_INFO_, "reload", "outcome", "ok", NULL);
        else
                note_failure("reload", why);
        (void)notify_send("READY=1");
}

/* ---- serving ---- */

/* ---- checkpoints: kept where the owner of the data directory does not reach ---- */

static void checkpoint_tell(const char *project, uint64_t size, const char *root, const char *problem,
                            void *payload)
{
        const Serving *serving = payload;
        g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, size);

        if (problem == NULL)
                log_event(LOG_INFO_, "checkpoint", "project", project, "size", number, "root", root, NULL);
        else
                log_event(LOG_ERROR_, "checkpoint", "project", project, "outcome", "refused", "message",
                          problem, NULL);
        if (config_flag(serving->config, ZW_CONFIG_CHECKPOINT_SYSLOG))
                syslog(problem == NULL ? LOG_NOTICE : LOG_CRIT, "checkpoint project=%s size=%s root=%s %s",
                       project, number, root, problem == NULL ? "" : problem);
}

/* `next` is when, by the clock that only goes on. */
static void checkpoints(const Serving *serving, gint64 *next)
{
        const gint64 seconds = config_int(serving->config, ZW_CONFIG_CHECKPOINT_SECONDS),
                     now = g_get_monotonic_time();
        g_autoptr(GError) why = NULL;

        if (seconds == 0 || now < *next)
                return;
        *next = now + seconds * G_USEC_PER_SEC;
        if (!checkpoint_new_ones(serving->context->service, checkpoint_tell, (void *)(uintptr_t)serving,
                                 &why))
                note_failure("checkpoint", why);
}

/* Whether the mail of the day is due is looked at each minute. */
static void mails(const Serving *serving, gint64 *next)
{
        const gint64 now = g_get_monotonic_time();
        g_autoptr(GError) why = NULL;

        if (now < *next)
                return;
        *next = now + (gint64)MAIL_SECONDS * G_USEC_PER_SEC;
        if (!mail_digest_due(serving->context->service, serving->config, &why))
                note_failure("mail", why);
}

/* When, by the clock that only goes on, the next of each is. */
typedef struct {
        gint64 checkpoint, mail;
} Due;

/* Each second what must not wait. The supervisor hears of it, since a server whose locks are held for good comes no further. */
static void tick(const Serving *serving, Server *server, Due *due)
{
        const Instant idle = (Instant)IDLE_GRAPH_SECONDS * 1000;

        server_tick(server);
        service_drop_idle(serving->context->service, instant_now() - idle);
        checkpoints(serving, &due->checkpoint);
        mails(serving, &due->mail);
        if (notify_watchdog_seconds() > 0)
                (void)notify_send("WATCHDOG=1");
}

static void wait_for_end(Serving *serving, Server *server)
{
        const struct timespec second = { 1, 0 };
        Due due = { .checkpoint = g_get_monotonic_time() +
                                  config_int(serving->config, ZW_CONFIG_CHECKPOINT_SECONDS) *
                                          G_USEC_PER_SEC };
        int got;

        while ((got = sigtimedwait(&serving->signals, NULL, &second)) != SIGTERM && got != SIGINT) {
                if (got == SIGHUP)
                        reload_and_tell(serving, server);
                tick(serving, server, &due);
        }
        signal(SIGTERM, SIG_DFL);
        signal(SIGINT, SIG_DFL);
        pthread_sigmask(SIG_UNBLOCK, &serving->ends, NULL);
}

/* Says that it ends, and still answers until balancers had the time to hear of it and jobs that run have ended. */
static void leave(const Serving *serving, Server *server)
{
        Service *service = serving->context->service;
        const gint64 begun = g_get_monotonic_time();
        gint64 ticked = -G_USEC_PER_SEC;

        g_atomic_int_set(&serving->context->ending, 1);
        jobs_close(service);
        for (gint64 spent = 0; spent < serving->leave || (spent < serving->finish && jobs_left(service) > 0);
             spent = g_get_monotonic_time() - begun) {
                if (spent - ticked >= G_USEC_PER_SEC) {
                        ticked = spent;
                        server_tick(server);
                        if (notify_watchdog_seconds() > 0)
                                (void)notify_send("WATCHDOG=1");
                }
                g_usleep(LEAVE_POLL_MICROSECONDS);
        }
}

/* Where it serves, and how to sign in: the code of the first start is shown here and nowhere else. */
static bool serving_say(HttpContext *context, const char *address, GError **error)
{
        g_autoptr(SecretText) code = NULL;

        if (!access_setup_code(context->service, &code, error))
                return false;
        printf("serving http%s://%s\n", context->is_tls ? "s" : "", address);
        if (code == NULL)
                printf("sign in with your name and password, or a token of `zw token create`\n");
        else
                printf("nobody can sign in yet: make the first account with the code %s (good for 24 hours)\n",
                       secret_text_reveal(code));
        fflush(stdout);
        return true;
}

static bool serve_on(Serving *serving, int listener, const char *address, GError **error)
{
        const Config *config = serving->config;
        HttpContext *context = serving->context;
        const ServerOptions options = {
                .listener = listener,
                .threads = (unsigned)config_int(config, ZW_CONFIG_THREADS),
                .connections = (unsigned)config_int(config, ZW_CONFIG_CONNECTIONS),
                .head_seconds = (unsigned)config_int(config, ZW_CONFIG_HEAD_SECONDS),
                .tls = serving->tls,
        };
        g_autoptr(Local) local = local_start(context->service, serving->dir, LOCAL_THREADS, error);
        Server *server;

        if (local == NULL) {
                fd_close(listener);
                return false;
        }
        server = server_start(context, &options, error);
        if (server == NULL)
                return false;
        log_event(LOG_INFO_, "serving", "address", address, "data", serving->dir, "version", ZW_VERSION,
                  NULL);
        if (serving->tls != NULL)
                note_certificate(serving->tls);
        if (!serving_say(context, address, error)) {
                server_stop(server, DRAIN_SECONDS);
                return false;
        }
        (void)notify_send("READY=1");
        wait_for_end(serving, server);
        (void)notify_send("STOPPING=1");
        log_event(LOG_INFO_, "ending", "address", address, NULL);
        leave(serving, server);
        server_stop(server, DRAIN_SECONDS);
        return true;
}

static bool open_and_serve(Serving *serving, GError **error)
{
        const char *listen = config_text(serving->config, ZW_CONFIG_LISTEN);
        HttpContext *context = serving->context;
        g_autofree char *address = NULL;
        bool loopback = true;
        int listener;

        if (!listen_check(listen, &loopback, error))
                return false;
        context->anywhere = !loopback;
        context->is_tls = serving->tls != NULL;
        listener = listen_open(listen, &address, error);
        return listener >= 0 && serve_on(serving, listener, address, error);
}

/* With what goes on beside requests. */
static bool serve_beside(Serving *serving, GError **error)
{
        Service *service = serving->context->service;
        const bool ok = service_configure(service, serving->config, error) &&
                        webhooks_start(service, serving->config, error) && events_start(service, error) &&
                        jobs_start(service, (unsigned)config_int(serving->config, ZW_CONFIG_JOBS), error) &&
                        open_and_serve(serving, error);

        jobs_stop(service);
        events_stop(service);
        webhooks_stop(service);
        return ok;
}

bool http_serve(const char *dir, const Config *config, bool check_only, GError **error)
{
        g_autoptr(Service) service = NULL;
        g_autoptr(Metrics) metrics = metrics_new();
        g_autoptr(Answers) answers = answers_new(KEPT_BYTES);
        g_autoptr(Shapes) shapes = shapes_new(error);
        g_autoptr(Tls) tls = NULL;
        HttpContext context = { .host = config_text(config, ZW_CONFIG_HOST),
                                .dir = dir,
                                .metrics = metrics,
                                .answers = answers,
                                .shapes = shapes };
        Serving serving = { .context = &context, .dir = dir, .config = config };

        if (shapes == NULL || !settings_check(config, &tls, error))
                return false;
        if (check_only)
                return true;
        serving.tls = tls;
        set_ending(&serving, config);
        settings_apply_log(config);
        signals_block(&serving);
        descriptors_raise();
        service = open_in_time(dir, error);
        context.service = service;
        return service != NULL && serve_beside(&serving, error);
}
