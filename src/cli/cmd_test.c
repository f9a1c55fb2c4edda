/* Tests and their results. */
#include "cli/files.h"
#include "cli/read_options.h"
#include "cli/test_execute.h"
#include "cli/test_plan.h"

#include <stdio.h>
#include <string.h>

/* ---- zw test ingest ---- */

static void print_ingested(const json_t *answer)
{
        const json_t *totals = json_object_get(answer, "totals"), *n;
        const char *name;

        print_imported(answer);
        printf("tests:");
        json_object_foreach((json_t *)(uintptr_t)totals, name, n)
                printf(" %" JSON_INTEGER_FORMAT " %s", json_integer_value(n), name);
        putchar('\n');
}

static bool ingest(Cli *cli, char **paths, json_t *input, bool partial, GError **error)
{
        g_autoptr(GArray) files = cli_files_open(paths, error);
        g_autoptr(Json) answer = files == NULL ? NULL
                                               : cli_call_files(cli, "test.ingest", json_incref(input),
                                                                cli_files_of(files), error);

        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_ingested);
        import_judge(cli, answer, partial);
        return true;
}

static void text_set(json_t *input, const char *name, const char *value)
{
        if (value != NULL)
                json_object_set_new(input, name, json_string(value));
}

/* ---- zw test status ---- */

static const char *text_of(const json_t *object, const char *key, const char *none)
{
        const char *text = jread_get_string(object, key);

        return text == NULL ? none : text;
}

static void print_status(const json_t *answer)
{
        const json_t *cases = json_object_get(answer, "cases"), *one;
        size_t i, never = 0, flaky = 0, failed = 0;

        json_array_foreach(cases, i, one)
        {
                const bool is_flaky = jread_get_bool(one, "flaky", false);
                const char *status = text_of(one, "status", "never run");

                printf("%-9s %-8s %-24s %s%s\n", status, text_of(one, "key", ""), text_of(one, "at", ""),
                       text_of(one, "title", ""), is_flaky ? " (flaky)" : "");
                never += json_is_null(json_object_get(one, "status"));
                failed += strcmp(status, "failed") == 0;
                flaky += is_flaky;
        }
        printf("%zu test cases: %zu failed, %zu never run, %zu flaky; %zu runs\n", json_array_size(cases),
               failed, never, flaky, json_array_size(json_object_get(answer, "runs")));
}

/* ---- zw test matrix ---- */

static void print_matrix(const json_t *answer)
{
        const json_t *requirement, *test, *n;
        const char *name;
        size_t i, k;

        json_array_foreach(json_object_get(answer, "requirements"), i, requirement)
        {
                printf("%-8s %-8s %-14s %s\n", text_of(requirement, "state", ""),
                       text_of(requirement, "key", ""), text_of(requirement, "ref", ""),
                       text_of(requirement, "title", ""));
                json_array_foreach(json_object_get(requirement, "tests"), k, test)
                        printf("         %-9s %-8s %s\n", text_of(test, "status", "never run"),
                               text_of(test, "case", ""), text_of(test, "title", ""));
        }
        printf("requirements:");
        json_object_foreach(json_object_get(answer, "totals"), name, n)
                printf(" %" JSON_INTEGER_FORMAT " %s", json_integer_value(n), name);
        putchar('\n');
}

static bool matrix(Cli *cli, const char *zone, GError **error)
{
        json_t *input = zone == NULL ? json_object() : json_pack("{s:s}", "zone", zone);

        return cli_answer(cli, "verification", input, print_matrix, error);
}

/* ---- zw test evidence ---- */

static void print_evidence(const json_t *answer)
{
        const json_t *one, *n;
        const char *name;
        size_t i;

        json_array_foreach(json_object_get(answer, "evidence"), i, one)
                printf("%-13s %-8s %-10s %s\n", text_of(one, "state", ""), text_of(one, "key", ""),
                       text_of(one, "valid_until", "-"), text_of(one, "title", ""));
        printf("evidence:");
        json_object_foreach(json_object_get(answer, "totals"), name, n)
                printf(" %" JSON_INTEGER_FORMAT " %s", json_integer_value(n), name);
        putchar('\n');
}

/* ---- zw test run ---- */

static void print_run(const json_t *answer)
{
        if (json_object_get(answer, "totals") != NULL)
                print_ingested(answer);
        printf("%" G_GINT64_FORMAT " run, %" G_GINT64_FORMAT " to be done by hand, %" G_GINT64_FORMAT
               " not approved\n",
               jread_get_int(answer, "run", 0), jread_get_int(answer, "manual", 0),
               jread_get_int(answer, "unapproved", 0));
}

static bool run(Cli *cli, const char *plan, const TestPlanOptions *options, json_t *input, GError **error)
{
        g_autoptr(Json) answer = test_plan_run(cli, plan, options, input, error);
        const json_t *totals = json_object_get(answer, "totals");

        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_run);
        import_judge(cli, answer, false);
        cli->no = jread_get_int(totals, "failed", 0) + jread_get_int(totals, "error", 0) > 0;
        return true;
}

/* ---- the command ---- */

/* What was said of the run. */
typedef struct {
        ReadOptions read;
        char *run, *ran, *stage, *zone, *environment, *output, *keep;
        char **versions;
        gboolean dry_run, partial, list, drafts;
} TestOptions;

static void test_options_clear(TestOptions *options)
{
        read_options_clear(&options->read);
        g_free(options->run);
        g_free(options->ran);
        g_free(options->stage);
        g_free(options->zone);
        g_free(options->environment);
        g_free(options->output);
        g_free(options->keep);
        g_strfreev(options->versions);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TestOptions, test_options_clear)

static json_t *ingest_input(const TestOptions *options, GError **error)
{
        json_t *input = read_options_input(&options->read, error), *versions = json_array();

        for (char **version = options->versions; version != NULL && *version != NULL; version++)
                json_array_append_new(versions, json_string(*version));
        if (input == NULL) {
                json_decref(versions);
                return NULL;
        }
        text_set(input, "run", options->run);
        text_set(input, "ran", options->ran);
        text_set(input, "stage", options->stage);
        json_object_set_new(input, "versions", versions);
        json_object_set_new(input, "dry_run", json_boolean(options->dry_run));
        json_object_set_new(input, "partial", json_boolean(options->partial));
        return input;
}

static bool run_word(Cli *cli, char **operands, const TestOptions *o, GError **error)
{
        g_autoptr(Json) input = ingest_input(o, error);

        return input != NULL && run(cli, operands[0], &(TestPlanOptions){ o->list, o->drafts }, input, error);
}

static bool ingest_word(Cli *cli, char **operands, const TestOptions *o, GError **error)
{
        g_autoptr(Json) input = ingest_input(o, error);

        return input != NULL && ingest(cli, operands, input, o->partial, error);
}

static bool status_word(Cli *cli, char **operands G_GNUC_UNUSED, const TestOptions *o G_GNUC_UNUSED,
                        GError **error)
{
        return cli_answer(cli, "test.status", json_object(), print_status, error);
}

static bool matrix_word(Cli *cli, char **operands G_GNUC_UNUSED, const TestOptions *o, GError **error)
{
        return matrix(cli, o->zone, error);
}

static bool evidence_word(Cli *cli, char **operands G_GNUC_UNUSED, const TestOptions *o G_GNUC_UNUSED,
                          GError **error)
{
        return cli_answer(cli, "evidence.status", json_object(), print_evidence, error);
}

static bool execute_word(Cli *cli, char **operands, const TestOptions *o, GError **error)
{
        return test_execute_begin(cli, operands, &(ExecuteOptions){ o->environment, o->stage, o->versions },
                                  error);
}

static bool show_word(Cli *cli, char **operands, const TestOptions *o G_GNUC_UNUSED, GError **error)
{
        return test_execute_show(cli, operands[0], error);
}

static bool record_word(Cli *cli, char **operands, const TestOptions *o G_GNUC_UNUSED, GError **error)
{
        return test_execute_record(cli, operands[0], operands + 1, error);
}

static bool finish_word(Cli *cli, char **operands, const TestOptions *o G_GNUC_UNUSED, GError **error)
{
        return test_execute_finish(cli, operands[0], error);
}

static bool pack_word(Cli *cli, char **operands, const TestOptions *o, GError **error)
{
        return test_execute_pack(cli, operands[0], o->output,
                                 &(ExecuteOptions){ o->environment, o->stage, NULL }, error);
}

static bool merge_word(Cli *cli, char **operands, const TestOptions *o, GError **error)
{
        return test_execute_merge(cli, operands, o->keep, o->dry_run, error);
}

static const struct {
        const char *word;
        guint least, most; /* operands after it */
        bool (*run)(Cli *cli, char **operands, const TestOptions *options, GError **error);
} words[] = { { "ingest", 1, G_MAXUINT, ingest_word },
              { "run", 1, 1, run_word },
              { "status", 0, 0, status_word },
              { "matrix", 0, 0, matrix_word },
              { "evidence", 0, 0, evidence_word },
              { "execute", 1, G_MAXUINT, execute_word },
              { "show", 1, 1, show_word },
              { "record", 2, G_MAXUINT, record_word },
              { "finish", 1, 1, finish_word },
              { "pack", 1, 1, pack_word },
              { "merge", 1, 1, merge_word } };

static bool word_run(Cli *cli, char **operands, const TestOptions *o, GError **error)
{
        const guint n = g_strv_length(operands) - 1;
        g_autoptr(GString) names = g_string_new(NULL);

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
                if (strcmp(words[i].word, operands[0]) == 0 && n >= words[i].least && n <= words[i].most)
                        return words[i].run(cli, operands + 1, o, error);
                g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", words[i].word);
        }
        error_set(error, ZW_ERR_USAGE, "test", "use one of %s, with what it takes: see `zw help test`",
                  names->str);
        return false;
}

bool cmd_test(Cli *cli, char **args, GError **error)
{
        g_auto(TestOptions) o = { 0 };
        const GOptionEntry options[] = {
                { "format", 0, 0, G_OPTION_ARG_STRING, &o.read.format, "ingest: read as this format",
                  "FORMAT" },
                { "profile", 0, 0, G_OPTION_ARG_STRING, &o.read.profile,
                  "ingest: which result is for which test case: a name or a file", "NAME|FILE.json" },
                { "run", 0, 0, G_OPTION_ARG_STRING, &o.run,
                  "ingest: what identifies the run, such as the number of a job", "ID" },
                { "ran", 0, 0, G_OPTION_ARG_STRING, &o.ran,
                  "ingest: when it ran, where the file says no time", "TIME" },
                { "stage", 0, 0, G_OPTION_ARG_STRING, &o.stage,
                  "ingest, execute, pack: development, factory, site or operation", "STAGE" },
                { "environment", 0, 0, G_OPTION_ARG_STRING, &o.environment, "execute, pack: where it is done",
                  "TEXT" },
                { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output, "pack: the page to write",
                  "FILE.html" },
                { "keep", 0, 0, G_OPTION_ARG_STRING, &o.keep,
                  "merge: what counts where the file and the run differ", "file|here" },
                { "version", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.versions,
                  "ingest, execute: the version of an asset or component that is tested", "KEY=VERSION" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &o.dry_run, "check everything and change nothing",
                  NULL },
                { "partial", 0, 0, G_OPTION_ARG_NONE, &o.partial, "ingest: commit what is not refused",
                  NULL },
                { "zone", 0, 0, G_OPTION_ARG_STRING, &o.zone, "matrix: requirements of this zone or conduit",
                  "KEY" },
                { "list", 0, 0, G_OPTION_ARG_NONE, &o.list, "run: only say which commands would be run",
                  NULL },
                { "drafts", 0, 0, G_OPTION_ARG_NONE, &o.drafts,
                  "run: also the commands of test cases that nobody approved", NULL },
                G_OPTION_ENTRY_NULL
        };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 1, -1, &operands, error) && word_run(cli, operands, &o, error);
}
