/* Reports: into a file that appears whole or not at all, or on stdout. */
#include "base/newfile.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_types(const json_t *answer)
{
        const json_t *type;
        size_t i;

        json_array_foreach(answer, i, type)
                printf("%-13s %s\n", jread_get_string(type, "type"), jread_get_string(type, "summary"));
}

static void print_report(const json_t *answer)
{
        printf("%s report of commit %" JSON_INTEGER_FORMAT ", evaluated %s: %" JSON_INTEGER_FORMAT
               " bytes, SHA-256 %s\n",
               jread_get_string(answer, "type"), json_integer_value(json_object_get(answer, "commit")),
               jread_get_string(answer, "instant"), json_integer_value(json_object_get(answer, "bytes")),
               jread_get_string(answer, "sha256"));
}

/* The format of a file name by its ending; NULL when it has none. The service knows which there are. */
static const char *format_of_name(const char *name)
{
        const char *base = strrchr(name, '/'), *dot = strrchr(base == NULL ? name : base, '.');

        return dot == NULL || dot[1] == '\0' ? NULL : dot + 1;
}

static json_t *report_to_file(Cli *cli, json_t *input, const char *name, GError **error)
{
        g_autoptr(NewFile) report = newfile_begin(name, NEWFILE_SHARED, error);
        g_autoptr(Json) answer = NULL;
        ServiceFile file = { .name = name };

        if (report == NULL) {
                json_decref(input);
                return NULL;
        }
        file.fd = newfile_fd(report);
        answer = cli_call_files(cli, "report", input, (ServiceFiles){ &file, 1 }, error);
        return answer != NULL && newfile_place(report, error) ? g_steal_pointer(&answer) : NULL;
}

static bool report_write(Cli *cli, json_t *input, const char *name, GError **error)
{
        const ServiceFile out = { "stdout", STDOUT_FILENO };
        g_autoptr(Json) answer = NULL;

        if (name == NULL || strcmp(name, "-") == 0) {
                answer = cli_call_files(cli, "report", input, (ServiceFiles){ &out, 1 }, error);
                return answer != NULL;
        }
        answer = report_to_file(cli, input, name, error);
        if (answer == NULL)
                return false;
        if (cli->json) {
                json_dumpf(answer, stdout, JSON_COMPACT);
                putchar('\n');
        } else {
                print_report(answer);
        }
        return true;
}

/* ---- issued reports ---- */

static void print_issued(const json_t *answer)
{
        printf("%s %s report of commit %" JSON_INTEGER_FORMAT ", evaluated %s, as %s: %" JSON_INTEGER_FORMAT
               " bytes, SHA-256 %s\n",
               jread_get_string(answer, "key"), jread_get_string(answer, "type"),
               json_integer_value(json_object_get(answer, "commit")), jread_get_string(answer, "instant"),
               jread_get_string(answer, "format"), json_integer_value(json_object_get(answer, "bytes")),
               jread_get_string(answer, "sha256"));
}

/* The file of an issued report, as it was issued: it is kept under the hash that the item states. */
static bool report_get(Cli *cli, const char *key, const char *name, GError **error)
{
        g_autoptr(Json) item = cli_call(cli, "item.show", json_pack("{s:s}", "key", key), error);
        const char *hash = item == NULL ? NULL : jread_get_string(json_object_get(item, "attrs"), "hash");
        ServiceFile file = { "stdout", STDOUT_FILENO };
        g_autoptr(NewFile) report = NULL;
        g_autoptr(Json) answer = NULL;

        if (item == NULL)
                return false;
        if (g_strcmp0(jread_get_string(item, "kind"), "report") != 0 || hash == NULL) {
                error_set(error, ZW_ERR_USAGE, key, "%s is no issued report", key);
                return false;
        }
        if (name != NULL && strcmp(name, "-") != 0) {
                report = newfile_begin(name, NEWFILE_SHARED, error);
                if (report == NULL)
                        return false;
                file = (ServiceFile){ name, newfile_fd(report) };
        }
        answer = cli_call_files(cli, "attachment.get", json_pack("{s:s}", "sha256", hash),
                                (ServiceFiles){ &file, 1 }, error);
        return answer != NULL && (report == NULL || newfile_place(report, error));
}

static void print_change(const json_t *finding)
{
        const char *from = jread_get_string(finding, "from"), *to = jread_get_string(finding, "to"),
                   *vulnerability = jread_get_string(finding, "vulnerability");

        printf("%-8s %-9s %s %s: %s -> %s\n", jread_get_string(finding, "key"),
               jread_get_string(finding, "change"), vulnerability == NULL ? "" : vulnerability,
               jread_get_string(finding, "title"), from == NULL ? "-" : from, to == NULL ? "-" : to);
}

static void print_compared(const json_t *answer)
{
        static const char *const shares[] = { "open", "acknowledged", "compensated", "patched" };
        const json_t *metrics = json_object_get(answer, "metrics"), *one;
        size_t i;

        print_places_compared(json_object_get(answer, "places"));
        json_array_foreach(json_object_get(answer, "findings"), i, one) print_change(one);
        for (i = 0; i < G_N_ELEMENTS(shares); i++) {
                const json_t *pair = json_object_get(metrics, shares[i]),
                             *from = json_object_get(pair, "from"), *to = json_object_get(pair, "to");

                printf("%-12s %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " -> %" G_GINT64_FORMAT
                       " of %" G_GINT64_FORMAT "\n",
                       shares[i], jread_get_int(from, "part", 0), jread_get_int(from, "of", 0),
                       jread_get_int(to, "part", 0), jread_get_int(to, "of", 0));
        }
        json_array_foreach(json_object_get(answer, "commits"), i, one)
                printf("commit %" G_GINT64_FORMAT " %s %s\n", jread_get_int(one, "commit", 0),
                       jread_get_string(one, "time"),
                       jread_get_string(one, "message") == NULL ? "" : jread_get_string(one, "message"));
}

/* ---- zw report ---- */

typedef struct {
        char *zones, *systems, *from, *to, *format, *name, *title;
} ReportOptions;

static void report_options_clear(ReportOptions *options)
{
        g_free(options->zones);
        g_free(options->systems);
        g_free(options->from);
        g_free(options->to);
        g_free(options->format);
        g_free(options->name);
        g_free(options->title);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReportOptions, report_options_clear)

static json_t *report_input(const Cli *cli, const ReportOptions *options, const char *type, bool issue)
{
        const char *format = options->format != NULL ? options->format
                             : options->name != NULL ? format_of_name(options->name)
                                                     : NULL;
        json_t *input = json_pack("{s:s, s:s*, s:o, s:o, s:s*, s:s*}", "type", type, "format", format,
                                  "zones", cli_words(options->zones), "systems", cli_words(options->systems),
                                  "from", options->from, "to", options->to);

        if (issue && options->title != NULL)
                json_object_set_new(input, "title", json_string(options->title));
        if (issue && cli->message != NULL)
                json_object_set_new(input, "message", json_string(cli->message));
        return input;
}

static bool report_issue(Cli *cli, const ReportOptions *options, const char *type, GError **error)
{
        g_autoptr(Json) answer = cli_call(cli, "report.issue", report_input(cli, options, type, true), error);

        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_issued);
        return options->name == NULL ||
               report_get(cli, jread_get_string(answer, "key"), options->name, error);
}

static bool report_compare(Cli *cli, const char *from, const char *to, GError **error)
{
        g_autoptr(Json) answer = cli_call(cli, "report.compare",
                                          json_pack("{s:s, s:s}", "from", from, "to", to), error);

        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_compared);
        cli->no = jread_get_int(answer, "differences", 0) > 0;
        return true;
}

static bool report_run(Cli *cli, char *const *operands, const ReportOptions *options, GError **error)
{
        const char *what = operands[0], *one = operands[1], *two = one == NULL ? NULL : operands[2];

        if (strcmp(what, "list") == 0 && one == NULL)
                return cli_answer(cli, "report.list", json_object(), print_types, error);
        if (strcmp(what, "issue") == 0 && one != NULL && two == NULL)
                return report_issue(cli, options, one, error);
        if (strcmp(what, "get") == 0 && one != NULL && two == NULL)
                return report_get(cli, one, options->name, error);
        if (strcmp(what, "compare") == 0 && two != NULL)
                return report_compare(cli, one, two, error);
        if (one == NULL)
                return report_write(cli, report_input(cli, options, what, false), options->name, error);
        error_set(error, ZW_ERR_USAGE, "report", "list, TYPE, issue TYPE, get KEY or compare A B");
        return false;
}

bool cmd_report(Cli *cli, char **args, GError **error)
{
        g_auto(ReportOptions) said = { 0 };
        const GOptionEntry options[] = {
                { "output", 'o', 0, G_OPTION_ARG_FILENAME, &said.name, "where to; stdout without it",
                  "FILE" },
                { "format", 0, 0, G_OPTION_ARG_STRING, &said.format,
                  "html, json, pdf, docx, xlsx or svg; else by the ending of FILE", "FORMAT" },
                { "zone", 0, 0, G_OPTION_ARG_STRING, &said.zones, "only these zones and conduits",
                  "KEY,KEY" },
                { "environment", 0, 0, G_OPTION_ARG_STRING, &said.systems, "only these systems", "KEY,KEY" },
                { "from", 0, 0, G_OPTION_ARG_STRING, &said.from,
                  "the period begins, where the report has one; 90 days before its end without it", "DAY" },
                { "to", 0, 0, G_OPTION_ARG_STRING, &said.to,
                  "the period ends; the instant of evaluation without it", "DAY" },
                { "title", 0, 0, G_OPTION_ARG_STRING, &said.title, "of a report that is issued", "TEXT" },
                G_OPTION_ENTRY_NULL
        };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 1, 3, &operands, error) &&
               report_run(cli, operands, &said, error);
}
