/* `zw test run PLAN`: runs the commands of a plan's automated cases on this host, and posts the results like those of any other tool:
 * as a JUnit report, which is attached to the run with all that the commands wrote. */
#include "cli/test_plan.h"

#include "base/fd.h"
#include "cli/test_runner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { REPORT_MAX = 128 << 20 };

typedef struct {
        GString *cases; /* elements of the report */
        size_t n, counts[RESULT_SKIPPED + 1], n_manual, n_unapproved;
} Report;

static char *escaped(const char *text)
{
        return g_markup_escape_text(text == NULL ? "" : text, -1);
}

static void report_add(Report *report, const char *key, const char *title, const TestRun *run)
{
        static const char *const children[] = { [RESULT_PASSED] = NULL,
                                                [RESULT_FAILED] = "failure",
                                                [RESULT_ERROR] = "error",
                                                [RESULT_SKIPPED] = "skipped" };
        g_autofree char *message = escaped(run->message), *output = escaped(run->output),
                        *name = escaped(title);
        char at[ZW_INSTANT_TEXT];

        instant_format(run->began, at);
        report->n++;
        report->counts[run->status]++;
        g_string_append_printf(report->cases,
                               "<testcase classname=\"%s\" name=\"%s\" time=\"%.3f\" timestamp=\"%s\">"
                               "<properties><property name=\"test_case\" value=\"%s\"/></properties>",
                               key, name, run->seconds, at, key);
        if (children[run->status] != NULL)
                g_string_append_printf(report->cases, "<%s message=\"%s\"/>", children[run->status], message);
        g_string_append_printf(report->cases, "<system-out>%s</system-out></testcase>\n", output);
}

static GString *report_text(const Report *report, const char *plan)
{
        GString *text = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        g_autofree char *name = escaped(plan), *host = escaped(g_get_host_name());

        g_string_append_printf(
                text,
                "<testsuites name=\"%s\">\n<testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
                "skipped=\"%zu\" hostname=\"%s\">\n%s</testsuite>\n</testsuites>\n",
                name, name, report->n, report->counts[RESULT_FAILED], report->counts[RESULT_ERROR],
                report->counts[RESULT_SKIPPED], host, report->cases->str);
        return text;
}

/* NULL when the case has no command. */
static char **argv_of(const json_t *test)
{
        const json_t *command = json_object_get(test, "command"), *word;
        GPtrArray *argv = g_ptr_array_new();
        size_t i;

        json_array_foreach(command, i, word) g_ptr_array_add(argv, g_strdup(json_string_value(word)));
        g_ptr_array_add(argv, NULL);
        if (json_array_size(command) == 0) {
                g_strfreev((char **)g_ptr_array_free(argv, FALSE));
                return NULL;
        }
        return (char **)g_ptr_array_free(argv, FALSE);
}

static bool case_run(const Cli *cli, const json_t *test, const TestPlanOptions *options, Report *report,
                     GError **error)
{
        const char *key = jread_get_string(test, "key"), *title = jread_get_string(test, "title");
        g_auto(GStrv) argv = argv_of(test);
        g_auto(TestRun) run = { 0 };
        g_autofree char *line = NULL;

        if (argv == NULL) {
                report->n_manual++;
                return true;
        }
        line = g_strjoinv(" ", argv);
        if (!options->drafts && !jread_get_bool(test, "approved", false)) {
                report->n_unapproved++;
                fprintf(stderr, "%s is not approved, so its command is not run: %s\n", key, line);
                return true;
        }
        if (options->list) {
                printf("%s %s\n", key, line);
                return true;
        }
        if (!test_run(key, argv, jread_get_int(test, "time_limit", 60), &run, error))
                return false;
        report_add(report, key, title, &run);
        if (!cli->quiet)
                fprintf(stderr, "%-8s %s %s%s%s\n", result_status_name(run.status), key, title,
                        run.message == NULL ? "" : ": ", run.message == NULL ? "" : run.message);
        return true;
}

/* The report as a file that is gone when it is closed. */
static int report_file(const GString *text, GError **error)
{
        g_auto(Fd) fd = memfd_create("zw-test-run", MFD_CLOEXEC);

        for (size_t at = 0; fd >= 0 && at < text->len;) {
                const ssize_t n = write(fd, text->str + at, text->len - at);

                if (n < 0 && errno != EINTR)
                        break;
                at += n < 0 ? 0 : (size_t)n;
        }
        if (fd < 0 || lseek(fd, 0, SEEK_CUR) != (off_t)text->len || lseek(fd, 0, SEEK_SET) != 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the report cannot be written: %s", g_strerror(errno));
                return -1;
        }
        return fd_steal(&fd);
}

json_t *test_plan_run(Cli *cli, const char *plan, const TestPlanOptions *options, json_t *input,
                      GError **error)
{
        g_autoptr(Json) planned = cli_call(cli, "test.plan", json_pack("{s:s}", "key", plan), error);
        g_autoptr(GString) cases = g_string_new(NULL), text = NULL;
        g_autofree char *name = g_strdup_printf("%s.xml", plan);
        Report report = { .cases = cases };
        const json_t *test;
        json_t *answer;
        ServiceFile file;
        size_t i;

        if (planned == NULL)
                return NULL;
        json_array_foreach(json_object_get(planned, "cases"), i, test)
        {
                if (!case_run(cli, test, options, &report, error))
                        return NULL;
                if (cases->len > REPORT_MAX) {
                        error_set(error, ZW_ERR_LIMIT, plan, "the tests write more than %d MiB",
                                  REPORT_MAX >> 20);
                        return NULL;
                }
        }
        if (options->list || report.n == 0)
                return json_pack("{s:I, s:I, s:I}", "run", (json_int_t)0, "manual",
                                 (json_int_t)report.n_manual, "unapproved", (json_int_t)report.n_unapproved);
        text = report_text(&report, jread_get_string(planned, "title"));
        file = (ServiceFile){ name, report_file(text, error) };
        if (file.fd < 0)
                return NULL;
        json_object_set_new(input, "format", json_string("junit"));
        answer = cli_call_files(cli, "test.ingest", json_incref(input), (ServiceFiles){ &file, 1 }, error);
        fd_close(file.fd);
        if (answer == NULL)
                return NULL;
        json_object_set_new(answer, "run", json_integer((json_int_t)report.n));
        json_object_set_new(answer, "manual", json_integer((json_int_t)report.n_manual));
        json_object_set_new(answer, "unapproved", json_integer((json_int_t)report.n_unapproved));
        return answer;
}
