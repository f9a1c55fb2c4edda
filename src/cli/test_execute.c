#include "cli/test_execute.h"

#include "cli/files.h"
#include "model/steps.h"

#include <stdio.h>
#include <string.h>

static void print_done(const json_t *answer)
{
        const json_t *left_out = json_object_get(answer, "left_out"), *one, *n;
        const char *name;
        size_t i;

        json_array_foreach(left_out, i, one)
                printf("%s has no result: %s\n", cli_text(one, "case"), cli_text(one, "why"));
        if (json_object_get(answer, "counts") != NULL) {
                printf("tests:");
                json_object_foreach(json_object_get(answer, "counts"), name, n)
                        printf(" %" JSON_INTEGER_FORMAT " %s", json_integer_value(n), name);
                putchar('\n');
        }
        if (json_object_get(answer, "recorded") != NULL)
                printf("%" G_GINT64_FORMAT " steps recorded, %" G_GINT64_FORMAT " unchanged\n",
                       jread_get_int(answer, "recorded", 0), jread_get_int(answer, "unchanged", 0));
        if (json_is_null(json_object_get(answer, "commit")))
                printf("%s, nothing to change\n", cli_text(answer, "key"));
        else
                printf("%s, commit %" G_GINT64_FORMAT "\n", cli_text(answer, "key"),
                       jread_get_int(answer, "commit", 0));
}

/* ---- execute ---- */

static json_t *versions_read(char **versions, GError **error)
{
        json_t *object = json_object();

        for (char **one = versions; one != NULL && *one != NULL; one++) {
                const char *mark = strchr(*one, '=');
                g_autofree char *key = mark == NULL ? NULL : g_strndup(*one, (gsize)(mark - *one));

                if (key == NULL || key[0] == '\0' || mark[1] == '\0') {
                        json_decref(object);
                        error_set(
                                error, ZW_ERR_USAGE, "--version",
                                "a version is written KEY=VERSION, KEY being that of an asset or component");
                        return NULL;
                }
                json_object_set_new(object, key, json_string(mark + 1));
        }
        return object;
}

bool test_execute_begin(Cli *cli, char **keys, const ExecuteOptions *options, GError **error)
{
        json_t *versions = versions_read(options->versions, error), *cases = json_array();

        for (char **key = keys; *key != NULL; key++)
                json_array_append_new(cases, json_string(*key));
        if (versions == NULL) {
                json_decref(cases);
                return false;
        }
        return cli_answer(cli, "test.execute",
                          json_pack("{s:o, s:o, s:s*, s:s*, s:s*}", "cases", cases, "versions", versions,
                                    "environment", options->environment, "stage", options->stage, "message",
                                    cli->message),
                          print_done, error);
}

/* ---- show ---- */

static void print_step(const json_t *step)
{
        const char *expected = cli_text(step, "expected"), *observation = cli_text(step, "observation");

        printf("  %2" G_GINT64_FORMAT " %-8s %s\n", jread_get_int(step, "step", 0), cli_text(step, "status"),
               cli_text(step, "does"));
        if (expected[0] != '\0')
                printf("              expected: %s\n", expected);
        if (observation[0] != '\0')
                printf("              observed: %s\n", observation);
}

static void print_execution(const json_t *answer)
{
        const json_t *test_case, *step, *signature;
        size_t i, k;

        printf("%s %s, %s\n", cli_text(answer, "key"), cli_text(answer, "title"), cli_text(answer, "state"));
        json_array_foreach(json_object_get(answer, "cases"), i, test_case)
        {
                printf("%s %s: %s%s%s\n", cli_text(test_case, "key"), cli_text(test_case, "title"),
                       cli_text(test_case, "outcome"),
                       jread_get_bool(test_case, "changed", false) ? " (it changed since)" : "",
                       jread_get_bool(test_case, "retired", false) ? " (it is retired)" : "");
                json_array_foreach(json_object_get(test_case, "steps"), k, step) print_step(step);
        }
        json_array_foreach(json_object_get(answer, "signatures"), i, signature)
                printf("signed %s by %s%s\n", cli_text(signature, "meaning"), cli_text(signature, "person"),
                       jread_get_bool(signature, "standing", false) ? "" : " (superseded)");
}

bool test_execute_show(Cli *cli, const char *run, GError **error)
{
        return cli_answer(cli, "test.show", json_pack("{s:s}", "key", run), print_execution, error);
}

/* ---- record ---- */

static json_t *step_read(const char *text, GError **error)
{
        const char *mark = strchr(text, '='), *observation = "";
        g_autofree char *name = mark == NULL ? NULL : g_strndup(text, (gsize)(mark - text)), *key = NULL;
        StepStatus status;
        guint step;

        if (name == NULL || !step_name_parse(name, &key, &step) ||
            !step_said_parse(mark + 1, &status, &observation)) {
                error_set(
                        error, ZW_ERR_USAGE, text,
                        "a step is written CASE/STEP=STATUS, or CASE/STEP=\"STATUS: OBSERVATION\", the status "
                        "being passed, failed, blocked or not_run");
                return NULL;
        }
        return json_pack("{s:s, s:I, s:s, s:s}", "case", key, "step", (json_int_t)step, "status",
                         step_status_name(status), "observation", observation);
}

bool test_execute_record(Cli *cli, const char *run, char **steps, GError **error)
{
        json_t *list = json_array();

        for (char **text = steps; *text != NULL; text++) {
                json_t *step = step_read(*text, error);

                if (step == NULL) {
                        json_decref(list);
                        return false;
                }
                json_array_append_new(list, step);
        }
        return cli_answer(cli, "test.record",
                          json_pack("{s:s, s:o, s:s*}", "key", run, "steps", list, "message", cli->message),
                          print_done, error);
}

/* ---- finish ---- */

bool test_execute_finish(Cli *cli, const char *run, GError **error)
{
        return cli_answer(cli, "test.finish", json_pack("{s:s, s:s*}", "key", run, "message", cli->message),
                          print_done, error);
}

/* ---- pack ---- */

static void print_packed(const json_t *answer)
{
        printf("%" G_GINT64_FORMAT " test cases of %s as of commit %" G_GINT64_FORMAT ", page %.8s\n",
               jread_get_int(answer, "cases", 0), cli_text(answer, "of"), jread_get_int(answer, "commit", 0),
               cli_text(answer, "hash"));
}

bool test_execute_pack(Cli *cli, const char *key, const char *path, const ExecuteOptions *options,
                       GError **error)
{
        if (path == NULL) {
                error_set(error, ZW_ERR_USAGE, "test", "name the page to write with -o FILE.html");
                return false;
        }
        return cli_answer_file(cli, "test.pack",
                               json_pack("{s:s, s:s*, s:s*}", "key", key, "stage", options->stage,
                                         "environment", options->environment),
                               path, print_packed, error);
}

/* ---- merge ---- */

static void print_merged(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(json_object_get(answer, "conflicts"), i, one)
                printf("conflict: %s/%" G_GINT64_FORMAT " is \"%s\" here and \"%s\" in the file\n",
                       cli_text(one, "case"), jread_get_int(one, "step", 0), cli_text(one, "here"),
                       cli_text(one, "given"));
        json_array_foreach(json_object_get(answer, "changed"), i, one)
                printf("changed: %s was given out as revision %" G_GINT64_FORMAT ", it is %" G_GINT64_FORMAT
                       " now%s\n",
                       cli_text(one, "case"), jread_get_int(one, "given", 0), jread_get_int(one, "now", 0),
                       jread_get_bool(one, "retired", false) ? ", retired" : "");
        json_array_foreach(json_object_get(answer, "meanwhile"), i, one)
                printf("meanwhile: %s %s in %s; the file says %s\n", cli_text(one, "case"),
                       cli_text(one, "status"), cli_text(one, "run"), cli_text(one, "given"));
        if (jread_get_int(answer, "files", 0) > 0)
                printf("%" G_GINT64_FORMAT " files attached\n", jread_get_int(answer, "files", 0));
        print_done(answer);
}

bool test_execute_merge(Cli *cli, char **path, const char *keep, bool dry_run, GError **error)
{
        g_autoptr(GArray) files = cli_files_open(path, error);
        g_autoptr(Json) answer = NULL;

        if (files == NULL)
                return false;
        answer = cli_call_files(cli, "test.merge",
                                json_pack("{s:s*, s:b, s:s*}", "keep", keep, "dry_run", dry_run, "message",
                                          cli->message),
                                cli_files_of(files), error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_merged);
        cli->no = keep == NULL && json_array_size(json_object_get(answer, "conflicts")) > 0;
        return true;
}
