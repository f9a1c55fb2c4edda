#include "http/server.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/lock.h"
#include "base/log.h"
#include "http/answers.h"
#include "http/metrics.h"
#include "http/pool.h"
#include "http/reply.h"
#include "http/route.h"
#include "http/stream.h"
#include "http/watch.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

enum {
        READERS = 2,              /* threads that read and send */
        WAITING_MAX = 256,        /* requests that wait for a thread of the pool */
        CONNECTION_BYTES = 32768, /* memory a connection reads into, wiped by the library for each request */
        IDLE_SECONDS = 60,        /* between two requests of a connection */
        SEND_SECONDS = 30,        /* for an answer, and one second more for each so many bytes: */
        SEND_BYTES_A_SECOND = 32768,
        STREAM_BLOCK = 16384,
        BODY_SECONDS = 20, /* for a body, and one second more for each so many bytes: */
        BODY_BYTES_A_SECOND = 32768,
};

struct Server {
        HttpContext *context;
        struct MHD_Daemon *daemon;
        int listener; /* the library's */
        Pool *pool;
        Watch *watch;
        Streams *streams;
        int head_seconds; /* atomic */
        pthread_mutex_t lock;
        pthread_cond_t changed;
        unsigned in_progress; /* under lock: requests that were read and not yet sent */
};

/* Where a request is: its head was read; the pool finds out who asks, before a body is read; the body arrives; the pool
 * answers; there is an answer. */
typedef enum {
        EXCHANGE_HEAD,
        EXCHANGE_ADMITTING,
        EXCHANGE_ADMITTED,
        EXCHANGE_BODY,
        EXCHANGE_RUNNING,
        EXCHANGE_ANSWERED
} ExchangeStage;

/* One request on its way. It belongs to the reading thread, but from push to resume to the pool. */
typedef struct {
        Server *server;
        struct MHD_Connection *connection;
        WatchedSocket *socket;
        int fd; /* of the connection, for looking only */
        HttpRequest *request;
        const Route *route;
        json_t *input;
        Signed by;
        Body *body;
        HttpReply reply;
        gint64 began, body_began;
        ExchangeStage stage;
        bool counted, failed; /* failed: what arrives of the body is thrown away */
} Exchange;

/* ---- counting what is in progress ---- */

static void progress_add(Server *server, int n)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&server->lock);

        server->in_progress += (unsigned)n;
        if (server->in_progress == 0)
                pthread_cond_broadcast(&server->changed);
}

static void progress_wait(Server *server, unsigned seconds)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&server->lock);
        struct timespec end;

        clock_gettime(CLOCK_REALTIME, &end);
        end.tv_sec += seconds;
        while (server->in_progress > 0)
                if (pthread_cond_timedwait(&server->changed, &server->lock, &end) != 0)
                        return;
}

/* ---- one request ---- */

static void *on_target(void *payload, const char *target, struct MHD_Connection *connection)
{
        Exchange *exchange = g_new0(Exchange, 1);

        exchange->server = payload;
        exchange->connection = connection;
        exchange->request = request_new(exchange->server->context, target);
        exchange->began = g_get_monotonic_time();
        return exchange;
}

static enum MHD_Result on_header(void *payload, enum MHD_ValueKind kind G_GNUC_UNUSED, const char *name,
                                 const char *value)
{
        request_add_header(payload, name, value == NULL ? "" : value);
        return MHD_YES;
}

static void address_read(Exchange *exchange)
{
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->connection,
                                                                       MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        HttpRequest *request = exchange->request;
        socklen_t n;

        if (info == NULL || info->client_addr == NULL)
                return;
        n = info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                     : sizeof(struct sockaddr_in);
        if (getnameinfo(info->client_addr, n, request->address, sizeof(request->address), NULL, 0,
                        NI_NUMERICHOST) != 0)
                request->address[0] = '\0';
}

static void exchange_limit(const Exchange *exchange, gint64 seconds)
{
        if (exchange->socket != NULL)
                watch_limit(exchange->server->watch, exchange->socket, seconds);
}

/* Completes the request from what the library has read. */
static void exchange_read(Exchange *exchange, const char *method)
{
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->connection,
                                                                       MHD_CONNECTION_INFO_SOCKET_CONTEXT);

        exchange->socket = info == NULL ? NULL : info->socket_context;
        info = MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        exchange->fd = info == NULL ? -1 : info->connect_fd;
        exchange->request->method = method_find(method);
        address_read(exchange);
        MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, on_header, exchange->request);
        progress_add(exchange->server, 1);
        exchange->counted = true;
        exchange_limit(exchange, 0);
}

static void add_header(const char *name, const char *value, void *payload)
{
        (void)MHD_add_response_header(payload, name, value);
}

static void free_body(void *payload)
{
        g_bytes_unref(payload);
}

/* ---- streams ---- */

static void stream_park(void *payload)
{
        Exchange *exchange = payload;

        exchange_limit(exchange, 0);
        MHD_suspend_connection(exchange->connection);
}

static void stream_wake(void *payload)
{
        Exchange *exchange = payload;

        MHD_resume_connection(exchange->connection);
}

/* The library does not look at connections that are suspended. */
static bool stream_is_gone(void *payload)
{
        const Exchange *exchange = payload;
        struct pollfd one = { .fd = exchange->fd, .events = POLLRDHUP };

        return exchange->fd >= 0 && poll(&one, 1, 0) > 0 &&
               (one.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

static ssize_t on_stream(void *payload, uint64_t at G_GNUC_UNUSED, char *bytes, size_t n)
{
        Exchange *exchange = payload;
        const StreamSender sender = { stream_park, stream_wake, stream_is_gone, exchange };
        const ssize_t got = stream_read(exchange->reply.stream, &sender, bytes, n);

        if (got > 0)
                exchange_limit(exchange, SEND_SECONDS);
        return got < 0 ? MHD_CONTENT_READER_END_OF_STREAM : got;
}

static struct MHD_Response *response_of(Exchange *exchange)
{
        HttpReply *reply = &exchange->reply;
        size_t n;
        const void *bytes = g_bytes_get_data(reply->body, &n);
        struct MHD_Response *response;

        if (reply->stream != NULL)
                return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, on_stream, exchange,
                                                         NULL);
        if (reply->file > 0) {
                response = MHD_create_response_from_fd_at_offset64(reply->file_bytes, reply->file,
                                                                   reply->file_from);
                if (response != NULL)
                        reply->file = 0; /* the library closes it */
                return response;
        }
        return MHD_create_response_from_buffer_with_free_callback_cls(n, (void *)(uintptr_t)bytes, free_body,
                                                                      g_bytes_ref(reply->body));
}

static enum MHD_Result exchange_send(Exchange *exchange)
{
        HttpReply *reply = &exchange->reply;
        /* After a body that was not read to its end, or a field another reader may take for something else, the next request
         * could be seen elsewhere. */
        const bool last = (exchange->request->has_body &&
                           (exchange->body == NULL || !body_is_whole(exchange->body))) ||
                          exchange->request->has_bad_field || exchange->failed ||
                          g_atomic_int_get(&exchange->server->context->ending) != 0;
        struct MHD_Response *response;
        enum MHD_Result result;
        uint64_t n;

        reply_condition(reply, exchange->request);
        n = reply->file > 0 ? reply->file_bytes : g_bytes_get_size(reply->body);
        response = response_of(exchange);
        if (response == NULL)
                return MHD_NO;
        reply_each_header(reply, exchange->request, add_header, response);
        if (last)
                add_header("Connection", "close", response);
        result = MHD_queue_response(exchange->connection, (unsigned)reply->status, response);
        MHD_destroy_response(response);
        exchange_limit(exchange, SEND_SECONDS + (gint64)(n / SEND_BYTES_A_SECOND));
        return result;
}

static void exchange_answer(Exchange *exchange)
{
        log_set_request(exchange->request->id);
        route_run(exchange->route, exchange->request, &exchange->by, g_steal_pointer(&exchange->input),
                  exchange->body, &exchange->reply);
        log_set_request(NULL);
        exchange->stage = EXCHANGE_ANSWERED;
}

/* By what is kept of an answer to the same request. */
static bool exchange_answer_again(Exchange *exchange)
{
        HttpContext *context = exchange->server->context;

        if (!answers_find(context->answers, exchange->request, &exchange->reply, &exchange->route))
                return false;
        metrics_count_kept(context->metrics);
        exchange->stage = EXCHANGE_ANSWERED;
        return true;
}

static void exchange_refuse(Exchange *exchange, const GError *error)
{
        reply_problem(&exchange->reply, exchange->request, error);
        exchange->stage = EXCHANGE_ANSWERED;
}

/* In the pool. */
static void exchange_run(void *payload)
{
        Exchange *exchange = payload;
        const bool running = exchange->stage == EXCHANGE_RUNNING;
        HttpContext *context = exchange->server->context;
        const uint64_t generation = service_generation(context->service);
        g_autoptr(GError) error = NULL;

        if (running && exchange->body != NULL) {
                exchange_answer(exchange); /* who asks was found out before the body came */
        } else if (!route_admit(exchange->route, exchange->request, &exchange->by, &error)) {
                exchange_refuse(exchange, error);
        } else if (running) {
                exchange_answer(exchange);
                answers_keep(context->answers, exchange->request, exchange->route, generation,
                             &exchange->reply);
        } else {
                exchange->stage = EXCHANGE_ADMITTED;
        }
        MHD_resume_connection(exchange->connection);
}

/* Hands the request to the pool; the library calls on_request again when it is done there. */
static enum MHD_Result exchange_hand_over(Exchange *exchange, ExchangeStage stage)
{
        g_autoptr(GError) error = NULL;

        exchange->stage = stage;
        MHD_suspend_connection(exchange->connection);
        if (pool_push(exchange->server->pool, exchange))
                return MHD_YES;
        if (g_atomic_int_get(&exchange->server->context->ending) != 0)
                error_set(&error, ZW_ERR_BUSY, NULL, "the server is ending");
        else
                error_set(&error, ZW_ERR_BUSY, NULL, "%d requests are waiting already", WAITING_MAX);
        exchange_refuse(exchange, error);
        MHD_resume_connection(exchange->connection);
        return MHD_YES;
}

static bool exchange_route(Exchange *exchange)
{
        g_autoptr(GError) error = NULL;

        exchange->route = route_find(exchange->request, &exchange->input, &error);
        if (exchange->route != NULL)
                return true;
        exchange_refuse(exchange, error);
        return false;
}

/* At the head. What is answered here makes the library close the connection: right for a body, which is never read, and for
 * what is unclear. Without a body the library calls again, and the connection may stay. */
static enum MHD_Result exchange_begin(Exchange *exchange, const char *method)
{
        exchange_read(exchange, method);
        if (!exchange->request->has_body && !exchange->request->has_bad_field)
                return MHD_YES;
        return exchange_route(exchange) ? exchange_hand_over(exchange, EXCHANGE_ADMITTING)
                                        : exchange_send(exchange);
}

static enum MHD_Result exchange_whole(Exchange *exchange)
{
        exchange_limit(exchange, 0);
        if (exchange->route == NULL && (exchange_answer_again(exchange) || !exchange_route(exchange)))
                return exchange_send(exchange);
        if ((exchange->route->flags & QUICK) == 0)
                return exchange_hand_over(exchange, EXCHANGE_RUNNING);
        exchange_answer(exchange);
        return exchange_send(exchange);
}

/* Room for the body of a request that was let in. */
static enum MHD_Result exchange_expect(Exchange *exchange)
{
        g_autoptr(GError) error = NULL;

        exchange->body = body_new(exchange->route->body, exchange->server->context->dir,
                                  exchange->request->body_bytes, &error);
        if (exchange->body == NULL) {
                exchange_refuse(exchange, error);
                return exchange_send(exchange);
        }
        exchange->stage = EXCHANGE_BODY;
        exchange->body_began = g_get_monotonic_time();
        exchange_limit(exchange, BODY_SECONDS);
        return MHD_YES;
}

/* A piece of the body. Each gives some time for the next, so that the rate counts and not the length. */
static enum MHD_Result exchange_take(Exchange *exchange, const char *bytes, size_t *n)
{
        const gint64 spent = (g_get_monotonic_time() - exchange->body_began) / G_USEC_PER_SEC;
        gint64 allowed;
        g_autoptr(GError) error = NULL;

        if (!exchange->failed && !body_add(exchange->body, bytes, *n, &error)) {
                exchange->failed = true;
                reply_problem(&exchange->reply, exchange->request, error);
        }
        *n = 0;
        allowed = BODY_SECONDS + (gint64)(body_length(exchange->body) / BODY_BYTES_A_SECOND);
        exchange_limit(exchange, MAX(allowed - spent, 1));
        return MHD_YES;
}

/* Called when the head was read, when a resume follows, for each piece of a body, and at its end. */
static enum MHD_Result on_request(void *payload G_GNUC_UNUSED,
                                  struct MHD_Connection *connection G_GNUC_UNUSED,
                                  const char *url G_GNUC_UNUSED, const char *method,
                                  const char *version G_GNUC_UNUSED, const char *upload, size_t *upload_size,
                                  void **of_request)
{
        Exchange *exchange = *of_request;

        if (*upload_size > 0 && exchange->stage == EXCHANGE_BODY)
                return exchange_take(exchange, upload, upload_size);
        if (exchange->failed)
                exchange->stage = EXCHANGE_ANSWERED;
        switch (exchange->stage) {
        case EXCHANGE_ANSWERED:
                return exchange_send(exchange);
        case EXCHANGE_ADMITTED:
                return exchange_expect(exchange);
        case EXCHANGE_HEAD:
                if (!exchange->counted)
                        return exchange_begin(exchange, method);
                return exchange_whole(exchange);
        case EXCHANGE_BODY:
                return exchange_whole(exchange);
        case EXCHANGE_ADMITTING:
        case EXCHANGE_RUNNING:
        default:
                return MHD_NO;
        }
}

/* What is asked every few seconds and goes well would hide all else. */
static LogLevel level_of(const Exchange *exchange, bool whole)
{
        const bool well = whole && exchange->stage == EXCHANGE_ANSWERED && exchange->reply.status < 400;

        return well && exchange->route != NULL && (exchange->route->flags & PROBE) != 0 ? LOG_DEBUG_
                                                                                        : LOG_INFO_;
}

/* The query may hold what a person looks for, so it stays out. */
static void exchange_note(const Exchange *exchange, bool whole)
{
        const HttpRequest *request = exchange->request;
        g_autofree char *path = g_strndup(request->target, target_path_length(request->target));
        char status[16], ms[NOTE_MS];

        note_ms(g_get_monotonic_time() - exchange->began, ms);
        g_snprintf(status, sizeof(status), "%d", exchange->reply.status);
        log_event(level_of(exchange, whole), "request", "request", request->id, "method",
                  method_name(request->method), "path", path, "status",
                  exchange->stage == EXCHANGE_ANSWERED ? status : "none", "outcome", whole ? "sent" : "cut",
                  "ms", ms, NULL);
}

static void on_completed(void *payload, struct MHD_Connection *connection G_GNUC_UNUSED, void **of_request,
                         enum MHD_RequestTerminationCode code)
{
        Server *server = payload;
        Exchange *exchange = *of_request;

        if (exchange == NULL)
                return;
        exchange_note(exchange, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
        if (exchange->stage == EXCHANGE_ANSWERED)
                metrics_count(server->context->metrics, exchange->route, exchange->reply.status,
                              g_get_monotonic_time() - exchange->began);
        exchange_limit(exchange, IDLE_SECONDS);
        if (exchange->counted)
                progress_add(server, -1);
        reply_clear(&exchange->reply); /* first: a stream looks at the request */
        request_free(exchange->request);
        json_decref(exchange->input);
        signed_clear(&exchange->by);
        body_free(exchange->body);
        g_free(exchange);
        *of_request = NULL;
}

static void on_connection(void *payload, struct MHD_Connection *connection, void **of_socket,
                          enum MHD_ConnectionNotificationCode code)
{
        Server *server = payload;
        const union MHD_ConnectionInfo *info;

        if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
                if (*of_socket != NULL)
                        watch_remove(server->watch, *of_socket);
                *of_socket = NULL;
                return;
        }
        info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        if (info != NULL)
                *of_socket = watch_add(server->watch, info->connect_fd,
                                       g_atomic_int_get(&server->head_seconds));
}

/* Targets are taken apart by target.c alone. */
static size_t on_unescape(void *payload G_GNUC_UNUSED, struct MHD_Connection *connection G_GNUC_UNUSED,
                          char *text)
{
        return strlen(text);
}

static void G_GNUC_PRINTF(2, 0)
        on_library_message(void *payload G_GNUC_UNUSED, const char *format, va_list args)
{
        char text[512];

        g_vsnprintf(text, sizeof(text), format, args);
        log_event(LOG_DEBUG_, "http", "message", g_strchomp(text), NULL);
}

/* ---- the server ---- */

static void server_free(Server *server)
{
        pool_free(server->pool);
        watch_free(server->watch);
        streams_free(server->streams);
        pthread_cond_destroy(&server->changed);
        pthread_mutex_destroy(&server->lock);
        g_free(server);
}

static struct MHD_Daemon *daemon_start(Server *server, const ServerOptions *options)
{
        const struct MHD_OptionItem with_tls[] = {
                { MHD_OPTION_HTTPS_CERT_CALLBACK, 0, options->tls == NULL ? NULL : tls_use(options->tls) },
                { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)ZW_TLS_PRIORITIES },
                { MHD_OPTION_END, 0, NULL },
        };
        const struct MHD_OptionItem without[] = { { MHD_OPTION_END, 0, NULL } };

        return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                                        (options->tls == NULL ? 0U : (unsigned)MHD_USE_TLS),
                                0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER,
                                on_library_message, NULL, MHD_OPTION_LISTEN_SOCKET, options->listener,
                                MHD_OPTION_THREAD_POOL_SIZE, (unsigned)READERS, MHD_OPTION_CONNECTION_LIMIT,
                                options->connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                (size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT,
                                (unsigned)IDLE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT, 1,
                                MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_UNESCAPE_CALLBACK,
                                on_unescape, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
                                MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_ARRAY,
                                options->tls == NULL ? without : with_tls, MHD_OPTION_END);
}

Server *server_start(HttpContext *context, const ServerOptions *options, GError **error)
{
        Server *server = g_new0(Server, 1);

        server->context = context;
        server->listener = options->listener;
        server->head_seconds = (int)options->head_seconds;
        pthread_mutex_init(&server->lock, NULL);
        pthread_cond_init(&server->changed, NULL);
        server->watch = watch_new();
        /* The other half is for requests that end. */
        server->streams = streams_new(options->connections / 2);
        context->streams = server->streams;
        server->pool = pool_new(options->threads, WAITING_MAX, exchange_run);
        server->daemon = server->pool == NULL ? NULL : daemon_start(server, options);
        if (server->daemon != NULL)
                return server;
        fd_close(options->listener);
        server_free(server);
        error_set(error, ZW_ERR_NETWORK, NULL, "the threads of the server could not be made");
        return NULL;
}

void server_set_head_seconds(Server *server, unsigned seconds)
{
        g_atomic_int_set(&server->head_seconds, (int)seconds);
}

void server_tick(Server *server)
{
        unsigned cut = watch_cut(server->watch);
        char text[16];

        streams_tick(server->streams);
        if (cut == 0)
                return;
        g_snprintf(text, sizeof(text), "%u", cut);
        log_event(LOG_INFO_, "late", "connections", text, NULL);
}

/* Whoever connects now is refused. The descriptor stays, as one on which nothing ever happens, since the threads of the library
 * look at it; its own way to take it from them (MHD_quiesce_daemon of 0.9.75) aborts when one of them is faster. */
static void listener_close(int listener)
{
        g_auto(Fd) nothing = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

        if (nothing < 0 || dup3(nothing, listener, O_CLOEXEC) < 0)
                shutdown(listener, SHUT_RDWR);
}

void server_stop(Server *server, unsigned seconds)
{
        if (server == NULL)
                return;
        listener_close(server->listener);
        streams_end(server->streams);
        progress_wait(server, seconds);
        /* The library must not be stopped while it has suspended connections; who resumes them is the pool. It stays, ended, for
         * what still comes over connections that are open: that is refused. */
        pool_end(server->pool);
        progress_wait(server, 1);
        MHD_stop_daemon(server->daemon); /* which closes the descriptor */
        server_free(server);
}
