/* Frames and calls. */
#include "service/running/wire.h"

#include "base/error.h"
#include "service/running/wire_internal.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { HEADER_BYTES = 5, FILES_PER_FRAME = 250 /* the kernel takes 253 */ };

typedef struct {
        uint8_t b[HEADER_BYTES];
} FrameHeader;

static bool io_fail(GError **error, const char *what)
{
        if (errno == EAGAIN || errno == EWOULDBLOCK)
                error_set(error, ZW_ERR_NETWORK, NULL, "%s: the other side of the socket did not go on",
                          what);
        else
                error_set(error, ZW_ERR_NETWORK, NULL, "%s: %s", what, g_strerror(errno));
        return false;
}

/* ---- sending ---- */

static bool send_rest(int fd, const char *bytes, size_t n, GError **error)
{
        while (n > 0) {
                ssize_t done = send(fd, bytes, n, MSG_NOSIGNAL);

                if (done < 0 && errno == EINTR)
                        continue;
                if (done < 0)
                        return io_fail(error, "sending over the local socket");
                bytes += done;
                n -= (size_t)done;
        }
        return true;
}

/* The first byte takes the descriptors along. */
static bool send_header(int fd, const FrameHeader *header, const int *fds, size_t n_fds, GError **error)
{
        union {
                struct cmsghdr align;
                char bytes[CMSG_SPACE(FILES_PER_FRAME * sizeof(int))];
        } control = { 0 };
        struct iovec io = { (void *)(uintptr_t)header->b, HEADER_BYTES };
        struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1 };
        ssize_t done;

        if (n_fds > 0) {
                message.msg_control = &control;
                message.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
                control.align = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
                                                  .cmsg_type = SCM_RIGHTS,
                                                  .cmsg_len = CMSG_LEN(n_fds * sizeof(int)) };
                memcpy(CMSG_DATA(&control.align), fds, n_fds * sizeof(int));
        }
        do {
                done = sendmsg(fd, &message, MSG_NOSIGNAL);
        } while (done < 0 && errno == EINTR);
        if (done <= 0)
                return io_fail(error, "sending over the local socket");
        return send_rest(fd, (const char *)header->b + done, HEADER_BYTES - (size_t)done, error);
}

static bool send_with_files(int fd, WireKind kind, const void *bytes, size_t n, const int *fds, size_t n_fds,
                            GError **error)
{
        const FrameHeader header = { { (uint8_t)kind, (uint8_t)(n >> 24), (uint8_t)(n >> 16),
                                       (uint8_t)(n >> 8), (uint8_t)n } };

        if (n > ZW_WIRE_BYTES_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "the local socket takes at most %d bytes at once",
                          ZW_WIRE_BYTES_MAX);
                return false;
        }
        return send_header(fd, &header, fds, n_fds, error) && send_rest(fd, bytes, n, error);
}

bool wire_send(int fd, WireKind kind, const void *bytes, size_t n, GError **error)
{
        return send_with_files(fd, kind, bytes, n, NULL, 0, error);
}

/* ---- receiving ---- */

/* Puts the descriptors of a message into `ret_fds`. */
static bool take_files(struct msghdr *message, GArray *ret_fds)
{
        for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL; part = CMSG_NXTHDR(message, part))
                if (part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS)
                        g_array_append_vals(ret_fds, CMSG_DATA(part),
                                            (guint)((part->cmsg_len - CMSG_LEN(0)) / sizeof(int)));
        return (message->msg_flags & MSG_CTRUNC) == 0;
}

/* False without an error when the peer has ended before the first byte. */
static bool receive_header(int fd, FrameHeader *ret_header, GArray *ret_fds, GError **error)
{
        size_t got = 0;

        while (got < HEADER_BYTES) {
                union {
                        struct cmsghdr align;
                        char bytes[CMSG_SPACE(FILES_PER_FRAME * sizeof(int))];
                } control;
                struct iovec io = { ret_header->b + got, HEADER_BYTES - got };
                struct msghdr message = { .msg_iov = &io,
                                          .msg_iovlen = 1,
                                          .msg_control = &control,
                                          .msg_controllen = sizeof(control) };
                ssize_t done = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);

                if (done < 0 && errno == EINTR)
                        continue;
                if (done == 0 && got == 0)
                        return false;
                if (done == 0)
                        errno = ECONNRESET;
                if (done <= 0)
                        return io_fail(error, "reading from the local socket");
                if (!take_files(&message, ret_fds)) {
                        error_set(error, ZW_ERR_LIMIT, NULL, "not all files came over the local socket");
                        return false;
                }
                got += (size_t)done;
        }
        return true;
}

static bool receive_body(int fd, size_t n, Out *out, GError **error)
{
        enum { CHUNK = 1 << 16 };
        g_autofree char *chunk = g_malloc(CHUNK);

        /* Memory grows with what came, not with what was announced. */
        while (n > 0) {
                ssize_t done = recv(fd, chunk, MIN(n, (size_t)CHUNK), 0);

                if (done < 0 && errno == EINTR)
                        continue;
                if (done == 0)
                        errno = ECONNRESET;
                if (done <= 0)
                        return io_fail(error, "reading from the local socket");
                out_bytes(out, chunk, (size_t)done);
                n -= (size_t)done;
        }
        return out_check(out, error);
}

static bool receive_with_files(int fd, WireKind *ret_kind, Out *out, GArray *ret_fds, GError **error)
{
        FrameHeader header;
        size_t n;

        if (!receive_header(fd, &header, ret_fds, error))
                return false;
        n = (size_t)header.b[1] << 24 | (size_t)header.b[2] << 16 | (size_t)header.b[3] << 8 | header.b[4];
        if (n > ZW_WIRE_BYTES_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a frame of %zu bytes is announced", n);
                return false;
        }
        *ret_kind = (WireKind)header.b[0];
        return receive_body(fd, n, out, error);
}

static void close_files(GArray *fds)
{
        for (guint i = 0; i < fds->len; i++)
                fd_close(g_array_index(fds, int, i));
        g_array_set_size(fds, 0);
}

bool wire_receive(int fd, WireKind *ret_kind, Out *out, GError **error)
{
        g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
        bool ok = receive_with_files(fd, ret_kind, out, fds, error);

        close_files(fds); /* nothing that this takes has any */
        return ok;
}

/* ---- the client's side of a call ---- */

static bool send_files(int fd, ServiceFiles files, GError **error)
{
        for (size_t at = 0; at < files.n; at += FILES_PER_FRAME) {
                size_t n = MIN(files.n - at, (size_t)FILES_PER_FRAME);
                g_autoptr(GString) names = g_string_new(NULL);
                int fds[FILES_PER_FRAME];

                for (size_t i = 0; i < n; i++) {
                        g_string_append_len(names, files.files[at + i].name,
                                            (gssize)strlen(files.files[at + i].name) + 1);
                        fds[i] = files.files[at + i].fd;
                }
                if (!send_with_files(fd, WIRE_FILES, names->str, names->len, fds, n, error))
                        return false;
        }
        return true;
}

static bool send_call(int fd, const char *usecase, const json_t *input, bool progress, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_WIRE_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_object_begin(w);
        jwrite_key_string(w, "usecase", usecase);
        jwrite_key(w, "input");
        if (input == NULL)
                jwrite_null(w);
        else
                jwrite_json(w, input);
        if (progress)
                jwrite_key_bool(w, "progress", true);
        jwrite_object_end(w);
        return out_check(out, error) && wire_send(fd, WIRE_CALL, out_data(out), out_length(out), error);
}

/* An E frame as the error it was. */
bool wire_fail(const Out *frame, GError **error)
{
        const uint8_t *bytes = (const uint8_t *)out_data(frame);
        size_t n = out_length(frame);
        const char *message, *where;

        if (n < 5 || bytes[n - 1] != '\0') {
                error_set(error, ZW_ERR_NETWORK, NULL, "the server sent an error that cannot be read");
                return false;
        }
        message = (const char *)bytes + 4;
        where = message + strlen(message) + 1;
        error_set(error,
                  (ZwErrorCode)((uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
                                (uint32_t)bytes[2] << 8 | bytes[3]),
                  where < (const char *)bytes + n ? where : NULL, "%s", message);
        return false;
}

static void frame_relay(Progress *progress, const Out *frame)
{
        g_autoptr(Json) told = jread_parse(out_data(frame), out_length(frame), NULL);

        progress_relay(progress, told);
}

/* The frame that ends a call. */
static bool receive_last(int fd, Progress *progress, WireKind *ret_kind, Out *frame, GError **error)
{
        do {
                out_reset(frame);
                if (!wire_receive(fd, ret_kind, frame, error))
                        return false;
                if (*ret_kind == WIRE_PROGRESS)
                        frame_relay(progress, frame);
        } while (*ret_kind == WIRE_PROGRESS);
        return true;
}

static bool receive_answer(int fd, Progress *progress, Out *out, bool *ret_bye, GError **error)
{
        g_autoptr(Out) frame = out_new(ZW_WIRE_BYTES_MAX);
        g_autoptr(GError) why = NULL;
        WireKind kind = WIRE_ERROR;

        if (!receive_last(fd, progress, &kind, frame, &why)) {
                error_set(
                        error, ZW_ERR_NETWORK, NULL,
                        "the server ended before it answered (%s); whether it made a change, the history tells",
                        why == NULL ? "it closed the socket" : why->message);
                return false;
        }
        if (kind == WIRE_ERROR)
                return wire_fail(frame, error);
        if (kind != WIRE_ANSWER) {
                *ret_bye = kind == WIRE_BYE;
                error_set(error, ZW_ERR_NETWORK, NULL, "the server ended before it took the call");
                return false;
        }
        out_bytes(out, out_data(frame), out_length(frame));
        return out_check(out, error);
}

bool wire_call(int fd, const char *usecase, const json_t *input, ServiceFiles files, Progress *progress,
               Out *out, bool *ret_bye, GError **error)
{
        g_autoptr(GError) unsent = NULL;

        *ret_bye = false;
        if (files.n > ZW_WIRE_FILES_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "at most %d files go through the server at once",
                          ZW_WIRE_FILES_MAX);
                return false;
        }
        if (send_files(fd, files, &unsent) && send_call(fd, usecase, input, progress != NULL, &unsent))
                return receive_answer(fd, progress, out, ret_bye, error);
        if (unsent->code == ZW_ERR_LIMIT) {
                g_propagate_error(error, g_steal_pointer(&unsent));
                return false;
        }
        /* Who closes before it has read all has said why. */
        return receive_answer(fd, progress, out, ret_bye, error);
}

/* ---- the server's side ---- */

void wire_call_clear(WireCall *call)
{
        for (guint i = 0; call->files != NULL && i < call->files->len; i++)
                fd_close(g_array_index(call->files, ServiceFile, i).fd);
        g_clear_pointer(&call->files, g_array_unref);
        g_clear_pointer(&call->names, g_ptr_array_unref);
        g_clear_pointer(&call->body, json_decref);
}

/* Pairs the names of an F frame with its descriptors, which the call owns from here. */
static bool call_add_files(WireCall *call, const Out *names, GArray *fds, GError **error)
{
        const char *at = out_data(names), *end = at + out_length(names);
        bool named = at == end || end[-1] == '\0';

        for (guint i = 0; i < fds->len; i++) {
                ServiceFile file = { "", g_array_index(fds, int, i) };

                named = named && at < end;
                if (named) {
                        g_ptr_array_add(call->names, g_strdup(at));
                        file.name = g_ptr_array_index(call->names, call->names->len - 1);
                        at += strlen(at) + 1;
                }
                g_array_append_val(call->files, file);
        }
        g_array_set_size(fds, 0);
        if (named && at == end && call->files->len <= ZW_WIRE_FILES_MAX)
                return true;
        error_set(error, ZW_ERR_INPUT, NULL, "the files of a call and their names do not match");
        return false;
}

static bool call_parse(WireCall *call, const Out *frame, GError **error)
{
        /* Not jread_parse: an operation may be nested as deep as that allows, and here it lies in a call. */
        call->body = json_loadb(out_data(frame), out_length(frame), JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
                                NULL);
        if (jread_get_string(call->body, "usecase") != NULL)
                return true;
        error_set(error, ZW_ERR_INPUT, NULL, "a call that is no JSON object with a use case");
        return false;
}

bool wire_receive_call(int fd, WireCall *ret_call, GError **error)
{
        g_autoptr(GArray) fds = g_array_new(FALSE, FALSE, sizeof(int));
        g_autoptr(Out) frame = out_new(ZW_WIRE_BYTES_MAX);
        WireKind kind = WIRE_FILES;
        bool ok = true;

        *ret_call = (WireCall){ .names = g_ptr_array_new_with_free_func(g_free),
                                .files = g_array_new(FALSE, FALSE, sizeof(ServiceFile)) };
        while (ok && kind == WIRE_FILES) {
                out_reset(frame);
                ok = receive_with_files(fd, &kind, frame, fds, error);
                if (!ok)
                        break;
                if (kind != WIRE_FILES && kind != WIRE_CALL) {
                        error_set(error, ZW_ERR_INPUT, NULL, "a frame of an unknown kind");
                        ok = false;
                } else if (kind == WIRE_FILES || fds->len > 0) {
                        ok = call_add_files(ret_call, frame, fds, error);
                }
        }
        close_files(fds);
        return ok && call_parse(ret_call, frame, error);
}

static bool progress_send(int fd, const ProgressState *state)
{
        enum { FRAME_MAX = 1 << 10 };
        g_autoptr(Out) out = out_new(FRAME_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_object_begin(w);
        jwrite_key_string(w, "stage", state->stage);
        jwrite_key_string(w, "unit", state->unit);
        jwrite_key_int(w, "done", (int64_t)state->done);
        jwrite_key_int(w, "total", (int64_t)state->total);
        jwrite_object_end(w);
        return out_check(out, NULL) && wire_send(fd, WIRE_PROGRESS, out_data(out), out_length(out), NULL);
}

/* Who works must not wait for a client that does not read: what has no room is not told. */
static void watch_report(const ProgressState *state, void *payload)
{
        WireWatch *watch = payload;
        struct pollfd peer = { .fd = watch->fd, .events = POLLOUT };

        if (poll(&peer, 1, 0) <= 0)
                return;
        if ((peer.revents & (POLLHUP | POLLERR)) != 0 ||
            (watch->tell && (peer.revents & POLLOUT) != 0 && !progress_send(watch->fd, state)))
                progress_cancel(&watch->progress);
}

Progress *wire_watch(WireWatch *watch, int fd, const WireCall *call)
{
        enum { PAUSE_MICROSECONDS = 200000 };

        watch->fd = fd;
        watch->tell = jread_get_bool(call->body, "progress", false);
        progress_init(&watch->progress, watch_report, watch, PAUSE_MICROSECONDS);
        return &watch->progress;
}

bool wire_send_answer(int fd, const Out *answer, GError **error)
{
        return wire_send(fd, WIRE_ANSWER, out_data(answer), out_length(answer), error);
}

bool wire_send_bye(int fd, GError **error)
{
        return wire_send(fd, WIRE_BYE, "", 0, error);
}

bool wire_send_error(int fd, const GError *failure, GError **error)
{
        uint32_t code = failure->domain == ZW_ERROR ? (uint32_t)failure->code : ZW_ERR_INTERNAL;
        const uint8_t head[4] = { (uint8_t)(code >> 24), (uint8_t)(code >> 16), (uint8_t)(code >> 8),
                                  (uint8_t)code };
        const char *where = error_where(failure);
        g_autoptr(GString) bytes = g_string_new_len((const char *)head, sizeof(head));

        g_string_append_len(bytes, failure->message, (gssize)strlen(failure->message) + 1);
        if (where != NULL)
                g_string_append_len(bytes, where, (gssize)strlen(where) + 1);
        return wire_send(fd, WIRE_ERROR, bytes->str, bytes->len, error);
}
