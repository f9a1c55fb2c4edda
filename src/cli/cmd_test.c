/* Tests and their results. */
#include "cli/files.h"
#include "cli/read_options.h"

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

/* What was said of the run. */
typedef struct {
        ReadOptions read;
        char *run, *ran, *stage;
        char **versions;
        gboolean dry_run, partial;
} TestOptions;

static void test_options_clear(TestOptions *options)
{
        read_options_clear(&options->read);
        g_free(options->run);
        g_free(options->ran);
        g_free(options->stage);
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
                  "ingest: development, factory, site or operation", "STAGE" },
                { "version", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.versions,
                  "ingest: the version of an asset or component that was tested", "KEY=VERSION" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &o.dry_run, "check everything and change nothing",
                  NULL },
                { "partial", 0, 0, G_OPTION_ARG_NONE, &o.partial, "ingest: commit what is not refused",
                  NULL },
                G_OPTION_ENTRY_NULL
        };
        g_autoptr(Json) input = NULL;
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 1, -1, &operands, error))
                return false;
        if (strcmp(operands[0], "ingest") == 0 && operands[1] != NULL) {
                input = ingest_input(&o, error);
                return input != NULL && ingest(cli, operands + 1, input, o.partial, error);
        }
        error_set(error, ZW_ERR_USAGE, "test", "use `test ingest FILE...`");
        return false;
}
