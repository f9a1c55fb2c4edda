#include "service/running/wire.h"

#include "base/error.h"
#include "base/fd.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

/* A server that takes one call and gives one answer, on a thread of its own. */
typedef struct {
        int fd;
        GError *failure; /* what it answers with; NULL: with the call it got */
        bool bye;
        bool works; /* long, and tells how far it is */
        WireCall call;
        GError *error;
        bool cancelled;
} Peer;

static void peer_work(Peer *peer)
{
        WireWatch watch;
        Progress *progress = wire_watch(&watch, peer->fd, &peer->call);
        ProgressStage stage = progress_begin(progress, "working", "rows", 3);
        struct pollfd client = { .fd = peer->fd };

        progress->pause = progress->next = 0;
        for (int i = 0; i < 3; i++)
                peer->cancelled = !progress_step(&stage, 1, NULL);
        if (jread_get_bool(json_object_get(peer->call.body, "input"), "leave", false)) {
                g_assert_cmpint(poll(&client, 1, 10000), ==, 1);
                peer->cancelled = !progress_step(&stage, 0, NULL);
        }
}

static void *peer_run(void *payload)
{
        Peer *peer = payload;
        g_autoptr(Out) out = out_new(1 << 20);
        g_autoptr(JWrite) w = jwrite_new(out);

        if (peer->bye) {
                g_assert_true(wire_send_bye(peer->fd, NULL));
        } else if (wire_receive_call(peer->fd, &peer->call, &peer->error)) {
                if (peer->works)
                        peer_work(peer);
                if (peer->cancelled) {
                        close(peer->fd);
                        return NULL;
                }
                jwrite_json(w, peer->call.body);
                g_assert_true(peer->failure == NULL ? wire_send_answer(peer->fd, out, NULL)
                                                    : wire_send_error(peer->fd, peer->failure, NULL));
        }
        close(peer->fd);
        return NULL;
}

typedef struct {
        Peer peer;
        int fd;
        pthread_t thread;
} Pair;

static void pair_begin(Pair *pair, GError *failure, bool bye)
{
        int fds[2];

        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
        pair->fd = fds[0];
        pair->peer = (Peer){ .fd = fds[1], .failure = failure, .bye = bye };
        g_assert_cmpint(pthread_create(&pair->thread, NULL, peer_run, &pair->peer), ==, 0);
}

static void pair_end(Pair *pair)
{
        close(pair->fd);
        pthread_join(pair->thread, NULL);
        wire_call_clear(&pair->peer.call);
        g_clear_error(&pair->peer.error);
}

static void test_call_and_answer(void)
{
        g_autoptr(Json) input = json_loads("{\"q\":\"\xc3\xa4\\u0000\",\"n\":1.5}", JSON_ALLOW_NUL, NULL),
                        answer = NULL;
        g_autoptr(Out) out = out_new(1 << 20);
        g_autoptr(GError) error = NULL;
        Pair pair;
        bool bye;

        pair_begin(&pair, NULL, false);
        g_assert_true(
                wire_call(pair.fd, "item.list", input, (ServiceFiles){ NULL, 0 }, NULL, out, &bye, &error));
        g_assert_no_error(error);
        answer = json_loadb(out_data(out), out_length(out), JSON_ALLOW_NUL, NULL);
        g_assert_cmpstr(jread_get_string(answer, "usecase"), ==, "item.list");
        g_assert_true(json_equal(json_object_get(answer, "input"), input));
        pair_end(&pair);
}

static void hear(const ProgressState *state, void *payload)
{
        g_assert_cmpstr(state->stage, ==, "working");
        g_assert_cmpstr(state->unit, ==, "rows");
        g_assert_cmpuint(state->total, ==, 3);
        g_assert_cmpuint(state->done, ==, ++*(unsigned *)payload);
}

static void pair_begin_work(Pair *pair)
{
        int fds[2];

        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
        pair->fd = fds[0];
        pair->peer = (Peer){ .fd = fds[1], .works = true };
        g_assert_cmpint(pthread_create(&pair->thread, NULL, peer_run, &pair->peer), ==, 0);
}

/* Who asks hears how far it is; who does not gets the answer alone. */
static void test_progress(void)
{
        unsigned heard = 0;
        Progress progress;

        progress_init(&progress, hear, &heard, 0);
        for (int asks = 0; asks <= 1; asks++) {
                g_autoptr(Out) out = out_new(1 << 20);
                g_autoptr(GError) error = NULL;
                Pair pair;
                bool bye;

                pair_begin_work(&pair);
                g_assert_true(wire_call(pair.fd, "check", NULL, (ServiceFiles){ NULL, 0 },
                                        asks ? &progress : NULL, out, &bye, &error));
                g_assert_no_error(error);
                g_assert_cmpuint(heard, ==, asks ? 3 : 0);
                g_assert_false(pair.peer.cancelled);
                pair_end(&pair);
        }
}

/* Work whose client is gone is not wanted any more. */
static void test_client_gone(void)
{
        static const char call[] = "{\"usecase\":\"check\",\"input\":{\"leave\":true}}";
        const char head[] = { 'C', 0, 0, 0, (char)strlen(call) };
        Pair pair;

        pair_begin_work(&pair);
        g_assert_cmpint(send(pair.fd, head, sizeof(head), 0), ==, sizeof(head));
        g_assert_cmpint(send(pair.fd, call, strlen(call), 0), ==, (gssize)strlen(call));
        close(pair.fd);
        pair.fd = -1;
        pthread_join(pair.thread, NULL);
        g_assert_true(pair.peer.cancelled);
        wire_call_clear(&pair.peer.call);
}

static void test_no_input(void)
{
        g_autoptr(Out) out = out_new(1 << 20);
        Pair pair;
        bool bye;

        pair_begin(&pair, NULL, false);
        g_assert_true(wire_call(pair.fd, "sl", NULL, (ServiceFiles){ NULL, 0 }, NULL, out, &bye, NULL));
        g_assert_true(json_is_null(json_object_get(pair.peer.call.body, "input")));
        pair_end(&pair);
}

/* Bytes that are not UTF-8 come through: a file name may be made of them. */
static void test_files(void)
{
        enum { FILES = 600 };
        g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(ServiceFile));
        g_autoptr(Out) out = out_new(1 << 20);
        g_autoptr(GError) error = NULL;
        g_auto(Fd) null = open("/dev/null", O_RDONLY | O_CLOEXEC);
        Pair pair;
        bool bye;

        for (int i = 0; i < FILES; i++) {
                ServiceFile file = { i == 300 ? "" : i == 599 ? "b\xff" : "a", null };

                g_array_append_val(files, file);
        }
        pair_begin(&pair, NULL, false);
        g_assert_true(wire_call(pair.fd, "import", NULL,
                                (ServiceFiles){ (ServiceFile *)(void *)files->data, FILES }, NULL, out, &bye,
                                &error));
        g_assert_no_error(error);
        g_assert_cmpuint(pair.peer.call.files->len, ==, FILES);
        g_assert_cmpstr(g_array_index(pair.peer.call.files, ServiceFile, 300).name, ==, "");
        g_assert_cmpstr(g_array_index(pair.peer.call.files, ServiceFile, 599).name, ==, "b\xff");
        for (guint i = 0; i < FILES; i++) {
                int fd = g_array_index(pair.peer.call.files, ServiceFile, i).fd;

                g_assert_cmpint(fcntl(fd, F_GETFD), ==, FD_CLOEXEC);
        }
        pair_end(&pair);
}

static void test_too_many_files(void)
{
        g_autofree ServiceFile *files = g_new0(ServiceFile, ZW_WIRE_FILES_MAX + 1);
        g_autoptr(Out) out = out_new(1 << 20);
        g_autoptr(GError) error = NULL;
        bool bye;

        g_assert_false(wire_call(-1, "import", NULL, (ServiceFiles){ files, ZW_WIRE_FILES_MAX + 1 }, NULL,
                                 out, &bye, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
}

static void check_error(int code, const char *where, const char *message)
{
        g_autoptr(Out) out = out_new(1 << 20);
        g_autoptr(GError) error = NULL, failure = NULL;
        Pair pair;
        bool bye;

        error_set(&failure, (ZwErrorCode)code, where, "%s", message);
        pair_begin(&pair, failure, false);
        g_assert_false(wire_call(pair.fd, "edit", NULL, (ServiceFiles){ NULL, 0 }, NULL, out, &bye, &error));
        g_assert_error(error, ZW_ERROR, code);
        g_assert_cmpstr(error->message, ==, message);
        g_assert_cmpstr(error_where(error), ==, where);
        g_assert_false(bye);
        g_assert_cmpuint(out_length(out), ==, 0);
        pair_end(&pair);
}

static void test_errors(void)
{
        check_error(ZW_ERR_CONFLICT, "operation 2/set", "somebody was faster");
        check_error(ZW_ERR_DAMAGED, NULL, "no place");
        check_error(ZW_ERR_INPUT, "", "an empty place");
        check_error(ZW_ERR_INPUT, "bytes \xff\xfe", "that are \xc3 no text\n");
}

static void test_bye(void)
{
        g_autoptr(Out) out = out_new(1 << 20);
        g_autoptr(GError) error = NULL;
        Pair pair;
        bool bye;

        pair_begin(&pair, NULL, true);
        g_assert_false(wire_call(pair.fd, "edit", NULL, (ServiceFiles){ NULL, 0 }, NULL, out, &bye, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NETWORK);
        g_assert_true(bye);
        pair_end(&pair);
}

/* Cut off without a word: whether it happened is not known. */
static void test_cut(void)
{
        g_autoptr(Out) out = out_new(1 << 20);
        g_autoptr(GError) error = NULL;
        int fds[2];
        bool bye;

        g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
        shutdown(fds[1], SHUT_WR);
        g_assert_false(wire_call(fds[0], "edit", NULL, (ServiceFiles){ NULL, 0 }, NULL, out, &bye, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NETWORK);
        g_assert_false(bye);
        close(fds[0]);
        close(fds[1]);
}

/* ---- the socket ---- */

static void *accept_one(void *payload)
{
        const char *dir = payload;
        int listener = wire_listen(dir, NULL), fd = -1;
        uid_t uid = (uid_t)-1;

        g_assert_cmpint(listener, >=, 0);
        while (fd < 0)
                fd = wire_accept(dir, listener, &uid, NULL);
        g_assert_cmpuint(uid, ==, geteuid());
        close(fd);
        wire_unlisten(dir, listener);
        return NULL;
}

static void check_socket(const char *dir)
{
        g_autofree char *path = g_build_filename(dir, "zw.sock", NULL);
        g_autoptr(GError) error = NULL;
        pthread_t thread;
        int fd;

        g_assert_cmpint(wire_connect(dir, &error), ==, -1);
        g_assert_no_error(error);
        g_assert_cmpint(pthread_create(&thread, NULL, accept_one, (void *)(uintptr_t)dir), ==, 0);
        while ((fd = wire_connect(dir, &error)) < 0)
                g_assert_no_error(error);
        pthread_join(thread, NULL);
        close(fd);
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void test_socket(void)
{
        g_autofree char *dir = g_dir_make_tmp("zw-wire-XXXXXX", NULL),
                        *path = g_build_filename(dir, "zw.sock", NULL);
        struct stat facts;
        int listener;

        check_socket(dir);
        /* What a killed server leaves answers nobody, and is taken over. */
        listener = wire_listen(dir, NULL);
        g_assert_cmpint(g_stat(path, &facts), ==, 0);
        g_assert_cmpuint(facts.st_mode & 0777, ==, 0600);
        close(listener);
        check_socket(dir);
        rmdir(dir);
}

static void test_long_path(void)
{
        g_autofree char *top = g_dir_make_tmp("zw-wire-XXXXXX", NULL), *name = g_strnfill(120, 'a'),
                        *dir = g_build_filename(top, name, NULL);

        g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
        check_socket(dir);
        rmdir(dir);
        rmdir(top);
}

static void test_no_directory(void)
{
        g_autoptr(GError) error = NULL;

        g_assert_cmpint(wire_connect("/nonexistent", &error), ==, -1);
        g_assert_no_error(error);
        g_assert_cmpint(wire_listen("/nonexistent", &error), ==, -1);
        g_assert_error(error, ZW_ERROR, ZW_ERR_NETWORK);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/service/wire/call-and-answer", test_call_and_answer);
        g_test_add_func("/service/wire/progress", test_progress);
        g_test_add_func("/service/wire/client-gone", test_client_gone);
        g_test_add_func("/service/wire/no-input", test_no_input);
        g_test_add_func("/service/wire/files", test_files);
        g_test_add_func("/service/wire/too-many-files", test_too_many_files);
        g_test_add_func("/service/wire/errors", test_errors);
        g_test_add_func("/service/wire/bye", test_bye);
        g_test_add_func("/service/wire/cut", test_cut);
        g_test_add_func("/service/wire/socket", test_socket);
        g_test_add_func("/service/wire/long-path", test_long_path);
        g_test_add_func("/service/wire/no-directory", test_no_directory);
        return g_test_run();
}
