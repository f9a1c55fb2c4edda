/* The parent's side of the worker. What comes from the child is as foreign as the file was: every line is parsed
 * strictly, bounded, and taken only in the shapes of sink.c. */
#include "exchange/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
        pid_t pid;
        int out;             /* our end of the child's answer */
        gint64 deadline;     /* monotonic microseconds */
        const char *stopped; /* why we killed it, or NULL */
        ProgressStage stage;
} Child;

typedef struct {
        WorkerResult *result;
        bool format_seen, ended;
        uint64_t rows; /* operations */
        GError *error; /* what the child reported */
} Answer;

void worker_result_free(WorkerResult *result)
{
        if (result == NULL)
                return;
        g_free(result->version);
        json_decref(result->figures);
        json_decref(result->ops);
        spill_free(result->lines);
        json_decref(result->refused);
        json_decref(result->problems);
        json_decref(result->warnings);
        json_decref(result->lost);
        json_decref(result->table);
        g_free(result);
}

/* ---- starting ---- */

/* The child's standard descriptors are made from these, so they must not be among them. */
static bool above_standard(int *fd)
{
        int moved;

        if (*fd > STDERR_FILENO)
                return true;
        moved = fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        if (moved < 0)
                return false;
        close(*fd);
        *fd = moved;
        return true;
}

/* Only what changes how the child runs, nothing that tells of its surroundings. */
static char **environment_new(void)
{
        static const char *const names[] = { "G_SLICE",        "G_DEBUG",       "ASAN_OPTIONS",
                                             "LSAN_OPTIONS",   "UBSAN_OPTIONS", "TSAN_OPTIONS",
                                             "LD_LIBRARY_PATH" };
        char **environment = g_new0(char *, G_N_ELEMENTS(names) + 1);
        size_t n = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (g_getenv(names[i]) != NULL)
                        environment[n++] = g_strdup_printf("%s=%s", names[i], g_getenv(names[i]));
        return environment;
}

static int spawn(pid_t *ret_pid, int in, int out, char **argv)
{
        g_auto(GStrv) environment = environment_new();
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        sigset_t all, none;
        int failed;

        sigfillset(&all);
        sigemptyset(&none);
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setsigmask(&attributes, &none);
        failed = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
        if (failed == 0)
                failed = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
        if (failed == 0)
                failed = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        if (failed == 0)
                failed = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
        if (failed == 0)
                failed = posix_spawn(ret_pid, "/proc/self/exe", &actions, &attributes, argv, environment);
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
        return failed;
}

static bool child_start(Child *child, int fd, char **argv, const WorkerLimits *limits, GError **error)
{
        int ends[2] = { -1, -1 }, in = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), failed;

        if (in < 0 || pipe2(ends, O_CLOEXEC) != 0)
                failed = errno;
        else if (!above_standard(&ends[0]) || !above_standard(&ends[1]))
                failed = errno;
        else
                failed = spawn(&child->pid, in, ends[1], argv);
        if (in >= 0)
                close(in);
        if (ends[1] >= 0)
                close(ends[1]);
        if (failed != 0) {
                if (ends[0] >= 0)
                        close(ends[0]);
                error_set(error, ZW_ERR_WORKER, NULL, "the reader cannot be started: %s", g_strerror(failed));
                return false;
        }
        child->out = ends[0];
        child->deadline = g_get_monotonic_time() +
                          (gint64)(MIN(limits->cpu_seconds, 100000) * 3 + 10) * G_USEC_PER_SEC;
        return true;
}

/* ---- listening ---- */

static void take_error(Answer *answer, const json_t *value)
{
        int code = (int)jread_get_int(value, "code", ZW_ERR_INTERNAL);
        const char *message = jread_get_string(value, "message");

        g_clear_error(&answer->error);
        error_set(&answer->error, (ZwErrorCode)code, jread_get_string(value, "where"), "%s",
                  message == NULL ? error_meaning(code) : message);
}

static bool take_end(Answer *answer, const json_t *value)
{
        json_t *figures = json_object_get(value, "figures");

        if (!json_is_object(figures))
                return false;
        json_decref(answer->result->figures);
        answer->result->figures = json_incref(figures);
        g_free(answer->result->version);
        answer->result->version = g_strdup(jread_get_string(value, "version"));
        answer->ended = true;
        return true;
}

static bool is_op(const char *line, size_t n)
{
        static const char head[] = "{\"op\":";

        return n >= strlen(head) && memcmp(line, head, strlen(head)) == 0;
}

static bool take_line(Answer *answer, const char *line, size_t n)
{
        g_autoptr(Json) object = is_op(line, n) ? NULL : jread_parse(line, n, NULL);
        WorkerResult *result = answer->result;
        const struct {
                const char *name;
                json_t *list;
        } lists[] = { { "refused", result->refused },
                      { "problem", result->problems },
                      { "warning", result->warnings },
                      { "lost", result->lost } };
        const char *format = jread_get_string(object, "format");
        json_t *value;

        if (is_op(line, n)) {
                answer->rows++;
                return spill_add(result->lines, line, n);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                value = json_object_get(object, lists[i].name);
                if (json_is_object(value))
                        return json_array_append(lists[i].list, value) == 0;
        }
        if (format != NULL)
                return answer->format_seen = format_find(format, &result->format);
        value = json_object_get(object, "table");
        if (json_is_object(value) && result->table == NULL) {
                result->table = json_incref(value);
                return true;
        }
        value = json_object_get(object, "error");
        if (json_is_object(value)) {
                take_error(answer, value);
                return true;
        }
        value = json_object_get(object, "end");
        return json_is_object(value) && take_end(answer, value);
}

/* Takes the whole lines of `buffer` out of it. */
static bool take_lines(Answer *answer, GByteArray *buffer, size_t searched)
{
        size_t from = 0;
        const uint8_t *end;

        while ((end = memchr(buffer->data + MAX(from, searched), '\n', buffer->len - MAX(from, searched))) !=
               NULL) {
                size_t to = (size_t)(end - buffer->data);

                if (!take_line(answer, (const char *)buffer->data + from, to - from))
                        return false;
                from = to + 1;
        }
        if (from > 0)
                g_byte_array_remove_range(buffer, 0, (guint)from);
        return true;
}

/* Waits for output. False when there will be none in time, or nobody wants it any more. */
static bool child_wait_readable(Child *child, GError **error)
{
        enum { ASK_MS = 100 };
        struct pollfd wanted = { .fd = child->out, .events = POLLIN };

        for (;;) {
                gint64 left = child->deadline - g_get_monotonic_time();
                int got;

                if (left <= 0)
                        child->stopped = "it took too long";
                else if (!progress_step(&child->stage, 0, error))
                        child->stopped = "it is not wanted any more";
                if (child->stopped != NULL)
                        return false;
                got = poll(&wanted, 1, (int)MIN(left / 1000 + 1, ASK_MS));
                if (got < 0 && errno != EINTR)
                        child->stopped = "its answer cannot be read";
                if (got > 0)
                        return true;
        }
}

/* Reads to the end of the child's answer; a reason to kill it is left in child->stopped, and in `error` when nobody wants
 * the answer any more. */
static void child_listen(Child *child, Answer *answer, uint64_t output_bytes, GError **error)
{
        g_autoptr(GByteArray) buffer = g_byte_array_new();
        uint8_t block[64 << 10];
        uint64_t total = 0;

        while (child->stopped == NULL) {
                size_t before = buffer->len;
                ssize_t got;

                if (!child_wait_readable(child, error))
                        return;
                got = read(child->out, block, sizeof(block));
                if (got < 0 && errno == EINTR)
                        continue;
                if (got <= 0)
                        return;
                total += (uint64_t)got;
                if (total > output_bytes) {
                        child->stopped = "what it found is larger than its limit";
                        return;
                }
                g_byte_array_append(buffer, block, (guint)got);
                if (!take_lines(answer, buffer, before))
                        child->stopped = "its answer has no known form";
                child->stage.state.done = answer->rows;
        }
}

/* Ends the child, at the latest at the deadline, and gives its status. */
static int child_end(Child *child)
{
        int status = 0;
        pid_t got;

        close(child->out);
        for (;;) {
                if (child->stopped == NULL && g_get_monotonic_time() > child->deadline)
                        child->stopped = "it took too long";
                if (child->stopped != NULL)
                        (void)kill(child->pid, SIGKILL);
                got = waitpid(child->pid, &status, child->stopped != NULL ? 0 : WNOHANG);
                if (got == child->pid || (got < 0 && errno != EINTR))
                        return got < 0 ? 0 : status;
                if (got == 0)
                        g_usleep(500);
        }
}

static const char *signal_meaning(int number)
{
        switch (number) {
        case SIGPROF:
        case SIGXCPU:
                return "it used all of its processor time";
        case SIGSYS:
                return "it made a system call that readers do not need";
        case SIGABRT:
        case SIGTRAP:
                return "it ran out of memory or met a fault of its own";
        default:
                return "it was ended by a signal";
        }
}

static bool status_check(const Child *child, int status, const Answer *answer, GError *unwanted,
                         GError **error)
{
        if (unwanted != NULL) {
                g_propagate_error(error, unwanted);
                return false;
        }
        if (child->stopped != NULL) {
                error_set(error, ZW_ERR_WORKER, NULL, "the reader was stopped: %s", child->stopped);
                return false;
        }
        if (WIFSIGNALED(status)) {
                error_set(error, ZW_ERR_WORKER, NULL, "the reader was stopped: %s (signal %d, %s)",
                          signal_meaning(WTERMSIG(status)), WTERMSIG(status), g_strsignal(WTERMSIG(status)));
                return false;
        }
        if (answer->error != NULL) {
                g_propagate_error(error, g_error_copy(answer->error));
                return false;
        }
        if (WEXITSTATUS(status) == 0 && answer->ended && answer->format_seen)
                return true;
        error_set(error, ZW_ERR_WORKER, NULL,
                  "the reader ended with status %d before its answer was complete", WEXITSTATUS(status));
        return false;
}

static bool op_keep(json_t *op, void *ops, GError **error G_GNUC_UNUSED)
{
        return json_array_append(ops, op) == 0;
}

typedef struct {
        WorkerOpFn take;
        void *data;
} Taking;

static bool op_parse(const char *line, size_t n, void *data, GError **error)
{
        const Taking *taking = data;
        g_autoptr(Json) object = jread_parse(line, n, NULL);
        json_t *op = json_object_get(object, "op");

        if (json_is_object(op))
                return taking->take(op, taking->data, error);
        error_set(error, ZW_ERR_WORKER, NULL, "the reader was stopped: its answer has no known form");
        return false;
}

/* ---- all of it ---- */

static char *profile_text(const json_t *profile, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_PROFILE_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        if (profile == NULL)
                return g_strdup("");
        jwrite_json(w, profile);
        if (!out_check(out, NULL)) {
                error_set(error, ZW_ERR_LIMIT, "profile", "a profile is at most %d bytes",
                          ZW_PROFILE_BYTES_MAX);
                return NULL;
        }
        return g_strdup(out_data(out));
}

static WorkerResult *result_new(void)
{
        WorkerResult *result = g_new0(WorkerResult, 1);

        result->figures = json_object();
        result->ops = json_array();
        result->lines = spill_new();
        result->refused = json_array();
        result->problems = json_array();
        result->warnings = json_array();
        result->lost = json_array();
        return result;
}

static bool file_check(int fd, const char *name, GError **error)
{
        struct stat facts;

        if (fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode))
                return true;
        error_set(error, ZW_ERR_INPUT, name, "this is not a regular file");
        return false;
}

/* A line is parsed only when the whole file was read: a refused file costs no trees. */
static WorkerResult *run(int fd, const char *name, const char *format, const json_t *profile,
                         bool figures_only, const WorkerLimits *limits, Progress *progress, GError **error)
{
        g_autoptr(WorkerResult) result = result_new();
        g_autofree char *order = g_strdup_printf("%s,%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT,
                                                 figures_only ? "figures" : "ops", limits->cpu_seconds,
                                                 limits->memory_bytes);
        g_autofree char *profile_json = profile_text(profile, error);
        char *argv[] = { (char *)"zonewright",
                         (char *)"--worker",
                         (char *)name,
                         (char *)(format == NULL ? "-" : format),
                         order,
                         profile_json,
                         NULL };
        Child child = { .out = -1, .stage = progress_begin(progress, "reading", "rows", 0) };
        Answer answer = { .result = result };
        GError *unwanted = NULL;
        bool good;

        if (profile_json == NULL || !file_check(fd, name, error) ||
            !child_start(&child, fd, argv, limits, error))
                return NULL;
        child_listen(&child, &answer, limits->output_bytes, &unwanted);
        good = status_check(&child, child_end(&child), &answer, unwanted, error);
        g_clear_error(&answer.error);
        return good ? g_steal_pointer(&result) : NULL;
}

bool worker_each_op(const WorkerResult *result, WorkerOpFn take, void *data, GError **error)
{
        Taking taking = { take, data };

        return spill_each(result->lines, op_parse, &taking, error);
}

WorkerResult *worker_read(int fd, const char *name, const char *format, const json_t *profile,
                          bool figures_only, const WorkerLimits *limits, Progress *progress, GError **error)
{
        g_autoptr(WorkerResult)
                result = run(fd, name, format, profile, figures_only, limits, progress, error);

        if (result == NULL || !worker_each_op(result, op_keep, result->ops, error))
                return NULL;
        g_clear_pointer(&result->lines, spill_free);
        return g_steal_pointer(&result);
}

WorkerResult *worker_read_lines(int fd, const char *name, const char *format, const json_t *profile,
                                const WorkerLimits *limits, Progress *progress, GError **error)
{
        return run(fd, name, format, profile, false, limits, progress, error);
}
