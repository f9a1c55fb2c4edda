#include "http/local.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/verify.h"
#include "http/note.h"
#include "service/running/wire.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

struct Local {
        Service *service;
        char *dir;
        int listener;
        int stop; /* eventfd: readable for good once it is time to end */
        pthread_t *threads;
        unsigned n_threads;
};

/* Waits until there is something to read, which it gives, or it is time to end. */
static bool wait_readable(const Local *local, int fd, bool *ret_stop)
{
        struct pollfd fds[] = { { .fd = fd, .events = POLLIN }, { .fd = local->stop, .events = POLLIN } };
        int n;

        do {
                n = poll(fds, G_N_ELEMENTS(fds), -1);
        } while (n < 0 && errno == EINTR);
        *ret_stop = n < 0 || fds[1].revents != 0;
        return n > 0 && fds[0].revents != 0;
}

static void note_call(const WireCall *call, const char *user, gint64 began, const GError *failure)
{
        char id[NOTE_ID], ms[NOTE_MS];

        note_id(id);
        note_ms(g_get_monotonic_time() - began, ms);
        log_event(LOG_INFO_, "call", "request", id, "user", user, "usecase",
                  jread_get_string(call->body, "usecase"), "outcome",
                  failure == NULL ? "ok" : error_symbol(failure->code), "ms", ms, NULL);
}

/* One call and its answer. False when the connection is of no more use. */
static bool serve_call(const Local *local, int fd, const Caller *caller, const char *user, GError **error)
{
        g_auto(WireCall) call = { 0 };
        g_autoptr(Out) out = out_new(ZW_WIRE_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(GError) failure = NULL;
        WireWatch watch;
        gint64 began;
        bool ok;

        if (!wire_receive_call(fd, &call, &failure)) {
                /* What cannot be read is answered too, but nothing after it can be understood. */
                if (failure != NULL && wire_send_error(fd, failure, error))
                        g_propagate_error(error, g_steal_pointer(&failure));
                return false;
        }
        began = g_get_monotonic_time();
        ok = service_call_watched(local->service, caller, jread_get_string(call.body, "usecase"),
                                  json_object_get(call.body, "input"),
                                  (ServiceFiles){ (const ServiceFile *)(void *)call.files->data,
                                                  call.files->len },
                                  wire_watch(&watch, fd, &call), w, &failure) &&
             out_check(out, &failure);
        if (!ok && failure == NULL)
                error_set(&failure, ZW_ERR_INTERNAL, NULL, "a call failed without a reason");
        note_call(&call, user, began, failure);
        return ok ? wire_send_answer(fd, out, error) : wire_send_error(fd, failure, error);
}

/* Serves a connection until the client is done, or it is time to end and nothing waits. */
static bool serve_connection(const Local *local, int fd, uid_t uid, GError **error)
{
        g_autofree char *user = service_user_name(uid);
        g_autoptr(GError) failure = NULL;
        Caller caller;
        bool stop = false;

        while (!stop && wait_readable(local, fd, &stop)) {
                /* Asked anew each time: the person may be new, and that is a write that can fail. */
                if (!service_local_caller(local->service, user, &caller, &failure))
                        return wire_send_error(fd, failure, error);
                if (!serve_call(local, fd, &caller, user, error))
                        return false;
        }
        return wire_send_bye(fd, error);
}

static void *local_run(void *payload)
{
        const Local *local = payload;
        bool stop;

        while (wait_readable(local, local->listener, &stop) && !stop) {
                g_autoptr(GError) error = NULL;
                uid_t uid;
                g_auto(Fd) fd = wire_accept(local->dir, local->listener, &uid, &error);

                if ((fd < 0 || !serve_connection(local, fd, uid, &error)) && error != NULL)
                        log_event(LOG_WARNING_, "local", "outcome", error_symbol(error->code), "message",
                                  error->message, NULL);
                /* Out of descriptors, say: trying at once again would only burn time. */
                if (fd < 0 && error != NULL)
                        g_usleep(10000);
        }
        return NULL;
}

static void stop_threads(Local *local)
{
        const uint64_t one = 1;

        if (local->stop >= 0)
                ZW_VERIFY(write(local->stop, &one, sizeof(one)) == (ssize_t)sizeof(one));
        for (unsigned i = 0; i < local->n_threads; i++)
                pthread_join(local->threads[i], NULL);
}

void local_stop(Local *local)
{
        if (local == NULL)
                return;
        stop_threads(local);
        if (local->listener >= 0)
                wire_unlisten(local->dir, local->listener);
        fd_close(local->stop);
        g_free(local->threads);
        g_free(local->dir);
        g_free(local);
}

Local *local_start(Service *service, const char *dir, unsigned threads, GError **error)
{
        g_autoptr(Local) local = g_new0(Local, 1);

        local->service = service;
        local->dir = g_strdup(dir);
        local->stop = eventfd(0, EFD_CLOEXEC);
        local->listener = wire_listen(dir, error);
        if (local->listener < 0)
                return NULL;
        local->threads = g_new0(pthread_t, threads);
        for (; local->stop >= 0 && local->n_threads < threads; local->n_threads++)
                if (pthread_create(&local->threads[local->n_threads], NULL, local_run, local) != 0)
                        break;
        if (local->n_threads == threads)
                return g_steal_pointer(&local);
        error_set(error, ZW_ERR_NETWORK, dir, "the threads of the local socket could not be made");
        return NULL;
}
