/* Long work tells how far it is and can be ended at every place where it says so: what was there before is there after. */
#include "cast.h"

#include "base/error.h"
#include "base/fd.h"
#include "exchange/worker.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ANSWER_MAX = 64 << 20, RUNS_MAX = 20000 };

typedef struct {
        Progress progress;
        unsigned reports, cancel_at;
} Watch;

static void watch_hear(const ProgressState *state, void *payload)
{
        Watch *watch = payload;

        g_assert_nonnull(state->stage);
        g_assert_nonnull(state->unit);
        g_assert_true(state->total == 0 || state->done <= state->total);
        if (++watch->reports == watch->cancel_at)
                progress_cancel(&watch->progress);
}

/* A file with these bytes; empty when NULL. */
static int file_new(const char *text)
{
        int fd = memfd_create("file.ndjson", MFD_CLOEXEC);

        g_assert_cmpint(fd, >=, 0);
        if (text != NULL)
                g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize)strlen(text));
        g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
        return fd;
}

/* True when it went to its end before the report at which it was to be ended. */
static bool call_until(Cast *cast, const char *usecase, const json_t *input, int fd, unsigned cancel_at,
                       unsigned *ret_reports)
{
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(GError) error = NULL;
        const ServiceFile file = { "file.ndjson", fd };
        Watch watch = { .cancel_at = cancel_at };
        bool ok;

        progress_init(&watch.progress, watch_hear, &watch, 0);
        ok = service_call_watched(cast->service, &cast->local, usecase, input,
                                  (ServiceFiles){ &file, fd >= 0 }, &watch.progress, w, &error);
        if (ret_reports != NULL)
                *ret_reports = watch.reports;
        if (!ok)
                g_assert_error(error, ZW_ERROR, ZW_ERR_CANCELLED);
        g_assert_cmpint(ok, ==, cancel_at == 0 || watch.reports < cancel_at);
        return ok;
}

/* What there is: every project with its newest commit and hash. */
static char *state_of(Cast *cast)
{
        g_autoptr(Json) projects = cast_do(cast, "project.list", json_of("{}"));

        return json_dumps(projects, JSON_COMPACT);
}

static void fill(Cast *cast)
{
        g_autofree char *lines = NULL;
        GString *ops = g_string_new("{'project':'OWN','ops':[");

        for (int i = 1; i <= 20; i++)
                g_string_append_printf(ops,
                                       "%s{'op':'item','kind':'zone','key':'ZN-%d','title':'Zone %d'},"
                                       "{'op':'item','kind':'asset','title':'A %d'}",
                                       i == 1 ? "" : ",", i, i, i);
        g_string_append(ops, "]}");
        lines = g_string_free(ops, FALSE);
        json_decref(cast_do(cast, "edit", json_of("%s", lines)));
}

/* Ends the work at each of its first reports in turn, then at ever later ones; nothing may have changed. At last it runs
 * to its end. */
static void check_work(Cast *cast, const char *usecase, const json_t *input, const char *content, bool file,
                       unsigned most)
{
        g_autofree char *before = state_of(cast);
        unsigned reports, step, runs = 0;

        for (unsigned at = 1;; at += step) {
                g_auto(Fd) fd = file ? file_new(content) : -1;
                g_autofree char *after = NULL;

                step = at < most ? 1 : at;
                if (call_until(cast, usecase, input, fd, at, &reports))
                        break;
                after = state_of(cast);
                g_assert_cmpstr(after, ==, before);
                g_assert_cmpuint(++runs, <, RUNS_MAX);
        }
        g_assert_cmpuint(runs, >, 0);
        g_test_message("%s: %u reports, %u runs ended", usecase, reports, runs);
}

static void test_edit(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Json) input = json_of("{'project':'OWN','ops':[{'op':'item','kind':'zone','title':'a'},"
                                        "{'op':'item','kind':'zone','title':'b'}]}");

        check_work(cast, "edit", input, NULL, false, 100);
}

static void test_import(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Json) input = json_of("{'project':'OWN'}");
        GString *lines = g_string_new(NULL);
        g_autofree char *text = NULL;

        for (int i = 0; i < 5; i++)
                g_string_append_printf(
                        lines,
                        "{\"op\":\"item\",\"kind\":\"zone\",\"key\":\"ZN-%d\",\"title\":\"Zone %d\"}\n",
                        i + 1, i);
        text = g_string_free(lines, FALSE);
        check_work(cast, "import", input, text, true, 30);
}

static void test_trust(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Json) input = json_of("{'project':'OWN','type':'gap'}"), none = json_object();

        fill(cast);
        check_work(cast, "verify", input, NULL, false, 10);
        check_work(cast, "check", input, NULL, false, 10);
        check_work(cast, "backup", none, NULL, true, 10);
        check_work(cast, "report", input, NULL, true, 10);
}

static void test_project(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Json) input = json_of("{'project':'OWN'}"), none = json_object();
        g_autofree char *before = NULL, *after = NULL;
        g_auto(Fd) file = -1;
        bool done = false;

        fill(cast);
        check_work(cast, "project.export", input, NULL, true, 10);
        file = file_new(NULL);
        g_assert_true(call_until(cast, "project.export", input, file, 0, NULL));
        json_decref(cast_do(cast, "project.delete", json_of("{'project':'OWN','yes':true}")));
        before = state_of(cast);
        for (unsigned at = 1; !done; at = at < 10 ? at + 1 : at * 2) {
                g_assert_cmpint(lseek(file, 0, SEEK_SET), ==, 0);
                done = call_until(cast, "project.import", none, file, at, NULL);
                g_clear_pointer(&after, g_free);
                after = state_of(cast);
                if (!done)
                        g_assert_cmpstr(after, ==, before);
        }
        g_assert_nonnull(strstr(after, "OWN"));
}

/* Many commits, of which none stays. */
static void test_generate(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(Json) input = json_of("{'size':'S','key':'GEN'}");
        g_autofree char *before = state_of(cast), *after = NULL, *made = NULL;

        g_assert_false(call_until(cast, "bench.generate", input, -1, 1, NULL));
        g_assert_false(call_until(cast, "bench.generate", input, -1, 21000, NULL));
        after = state_of(cast);
        g_assert_cmpstr(after, ==, before);
        g_assert_true(call_until(cast, "bench.generate", input, -1, 0, NULL));
        made = state_of(cast);
        g_assert_nonnull(strstr(made, "GEN"));
}

int main(int argc, char **argv)
{
        if (worker_wanted(argc, argv))
                return worker_main(argc, argv);
        g_test_init(&argc, &argv, NULL);
        g_test_add("/service/progress/edit", Cast, NULL, cast_set_up, test_edit, cast_tear_down);
        g_test_add("/service/progress/import", Cast, NULL, cast_set_up, test_import, cast_tear_down);
        g_test_add("/service/progress/trust", Cast, NULL, cast_set_up, test_trust, cast_tear_down);
        g_test_add("/service/progress/project", Cast, NULL, cast_set_up, test_project, cast_tear_down);
        g_test_add("/service/progress/generate", Cast, NULL, cast_set_up, test_generate, cast_tear_down);
        return g_test_run();
}
