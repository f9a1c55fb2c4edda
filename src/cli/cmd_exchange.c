/* Commands on foreign files. */
#include "base/newfile.h"
#include "cli/files.h"
#include "cli/read_options.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 30, ROWS_SHOWN = 20 };

void read_options_clear(ReadOptions *options)
{
        g_free(options->format);
        g_free(options->profile);
}

static json_t *profile_load(const char *path, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autofree char *text = NULL, *where = NULL;
        json_t *profile;
        gsize n;

        if (!g_file_get_contents(path, &text, &n, &why)) {
                error_set(error, ZW_ERR_INPUT, path, "%s", why->message);
                return NULL;
        }
        profile = jread_parse(text, n, &why);
        if (profile == NULL) {
                where = g_strdup(error_where(why) == NULL ? "" : error_where(why));
                error_set_where(why, "%s %s", path, where);
                g_propagate_error(error, g_steal_pointer(&why));
        }
        return profile;
}

json_t *read_options_input(const ReadOptions *options, GError **error)
{
        const char *profile = options->profile;
        g_autoptr(Json) input = json_object();
        json_t *value;

        if (options->format != NULL)
                json_object_set_new(input, "format", json_string(options->format));
        if (profile == NULL)
                return g_steal_pointer(&input);
        value = strchr(profile, '/') != NULL || g_str_has_suffix(profile, ".json")
                        ? profile_load(profile, error)
                        : json_string(profile);
        if (value == NULL)
                return NULL;
        json_object_set_new(input, "profile", value);
        return g_steal_pointer(&input);
}

/* ---- inspect ---- */

void print_rows(const char *label, const json_t *rows, const char *member)
{
        const json_t *row;
        size_t i;

        json_array_foreach(rows, i, row)
        {
                if (i == ROWS_SHOWN) {
                        printf("%s: %zu more, which --json lists\n", label, json_array_size(rows) - i);
                        return;
                }
                printf("%s %s: %s\n", label, cli_text(row, "where"), cli_text(row, member));
        }
}

static void print_figure(const char *name, const json_t *value)
{
        const char *entry;
        const json_t *n;

        printf("  %-24s", name);
        if (json_is_integer(value))
                printf(" %" JSON_INTEGER_FORMAT, json_integer_value(value));
        else if (json_is_string(value))
                printf(" %s", json_string_value(value));
        json_object_foreach((json_t *)(uintptr_t)value, entry, n)
                printf(" %s:%" JSON_INTEGER_FORMAT, entry, json_integer_value(n));
        putchar('\n');
}

static void print_inspected(const json_t *answer)
{
        const char *name;
        const json_t *value;
        size_t i;

        json_array_foreach(answer, i, value) print_inspected(value);
        if (json_is_array(answer))
                return;
        if (json_object_get(answer, "refused") != NULL)
                printf("%s: refused\n", cli_text(answer, "file"));
        else
                printf("%s: %s %s\n", cli_text(answer, "file"), cli_text(answer, "format"),
                       cli_text(answer, "version"));
        json_object_foreach(json_object_get(answer, "figures"), name, value) print_figure(name, value);
        print_rows("refused", json_object_get(answer, "refused"), "reason");
        print_rows("problem", json_object_get(answer, "problems"), "message");
        print_rows("warning", json_object_get(answer, "warnings"), "message");
        print_rows("lost", json_object_get(answer, "lost"), "what");
}

static bool has_refusal(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(answer, i, one)
        {
                if (json_object_get(one, "refused") != NULL)
                        return true;
        }
        return false;
}

/* Without a data directory, so it is not asked for. */
static json_t *inspect(const json_t *input, ServiceFiles files, GError **error)
{
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        if (!service_inspect(input, files, w, error) || !out_check(out, error))
                return NULL;
        return jread_parse(out_data(out), out_length(out), error);
}

bool cmd_inspect(Cli *cli, char **args, GError **error)
{
        g_auto(ReadOptions) read = { 0 };
        const GOptionEntry options[] = { { "format", 0, 0, G_OPTION_ARG_STRING, &read.format,
                                           "read as this format", "FORMAT" },
                                         { "profile", 0, 0, G_OPTION_ARG_STRING, &read.profile,
                                           "column mapping: a name or a file", "NAME|FILE.json" },
                                         G_OPTION_ENTRY_NULL };
        g_autoptr(Json) input = NULL, answer = NULL;
        g_autoptr(GArray) files = NULL;
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 1, -1, &operands, error))
                return false;
        input = read_options_input(&read, error);
        files = input == NULL ? NULL : cli_files_open(operands, error);
        answer = files == NULL ? NULL : inspect(input, cli_files_of(files), error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_inspected);
        cli->refused = has_refusal(answer);
        return true;
}

/* ---- import ---- */

static void print_counts(const json_t *answer, const char *what)
{
        const char *kind;
        json_t *n;

        json_object_foreach(json_object_get(answer, what), kind, n)
                printf("%s %" JSON_INTEGER_FORMAT " %s\n", what, json_integer_value(n), kind);
}

static void print_kept(const json_t *rows)
{
        const json_t *row;
        size_t i;

        json_array_foreach(rows, i, row)
        {
                if (i == ROWS_SHOWN) {
                        printf("kept: %zu more, which --json lists\n", json_array_size(rows) - i);
                        return;
                }
                if (json_object_get(row, "item") != NULL)
                        printf("kept %s: %s of %s as it is here\n", cli_text(row, "where"),
                               cli_text(row, "member"), cli_text(row, "item"));
                else
                        printf("kept %s: %s %s %s as it is here (%s)\n", cli_text(row, "where"),
                               cli_text(row, "from"), cli_text(row, "link"), cli_text(row, "to"),
                               cli_text(row, "here"));
        }
}

void print_imported(const json_t *answer)
{
        static const char *const counts[] = { "created", "updated",  "unchanged",
                                              "links",   "attached", "missing" };
        const bool stopped = json_array_size(json_object_get(answer, "refused")) > 0;
        const json_t *commit = json_object_get(answer, "commit");

        print_rows("refused", json_object_get(answer, "refused"), "reason");
        print_rows("problem", json_object_get(answer, "problems"), "message");
        print_rows("lost", json_object_get(answer, "lost"), "what");
        print_rows("unmatched", json_object_get(answer, "unmatched"), "what");
        print_kept(json_object_get(answer, "kept"));
        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
                print_counts(answer, counts[i]);
        if (json_object_get(answer, "results") != NULL)
                printf("results %" JSON_INTEGER_FORMAT "\n",
                       json_integer_value(json_object_get(answer, "results")));
        if (!json_is_null(commit))
                printf("commit %" JSON_INTEGER_FORMAT "\n", json_integer_value(commit));
        else if (jread_get_bool(answer, "dry_run", false))
                puts("dry run: nothing was changed");
        else
                puts(stopped ? "refused: nothing was changed" : "nothing to change");
}

static bool has_accepted(const json_t *answer)
{
        static const char *const counts[] = { "created", "updated", "unchanged" };

        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
                if (json_object_size(json_object_get(answer, counts[i])) > 0)
                        return true;
        return false;
}

static void report_refused(const json_t *rows)
{
        const json_t *first = json_array_get(rows, 0);
        size_t n = json_array_size(rows);

        fprintf(stderr, "zw: %s: %s (%zu refused; nothing was changed)\n", cli_text(first, "where"),
                cli_text(first, "reason"), n);
}

void import_judge(Cli *cli, const json_t *answer, bool partial)
{
        const json_t *refused = json_object_get(answer, "refused");

        cli->refused = json_array_size(refused) > 0 && !(partial && has_accepted(answer));
        if (cli->refused)
                report_refused(refused);
}

bool cmd_import(Cli *cli, char **args, GError **error)
{
        g_auto(ReadOptions) read = { 0 };
        gboolean dry_run = FALSE, partial = FALSE;
        const GOptionEntry options[] = {
                { "format", 0, 0, G_OPTION_ARG_STRING, &read.format, "read as this format", "FORMAT" },
                { "profile", 0, 0, G_OPTION_ARG_STRING, &read.profile, "column mapping: a name or a file",
                  "NAME|FILE.json" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "check everything and change nothing", NULL },
                { "partial", 0, 0, G_OPTION_ARG_NONE, &partial, "commit what is not refused", NULL },
                G_OPTION_ENTRY_NULL
        };
        g_autoptr(Json) input = NULL, answer = NULL;
        g_autoptr(GArray) files = NULL;
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 1, -1, &operands, error))
                return false;
        input = read_options_input(&read, error);
        files = input == NULL ? NULL : cli_files_open(operands, error);
        if (files == NULL)
                return false;
        json_object_set_new(input, "dry_run", json_boolean(dry_run));
        json_object_set_new(input, "partial", json_boolean(partial));
        answer = cli_call_files(cli, "import", json_incref(input), cli_files_of(files), error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_imported);
        import_judge(cli, answer, partial);
        return true;
}

/* ---- export ---- */

/* What was written, and what was not, beside the file itself. */
static void print_exported(const Cli *cli, const json_t *answer, const char *target)
{
        FILE *to = target == NULL ? stderr : stdout;
        const char *kind;
        const json_t *row, *n;
        size_t i;

        if (cli->json && target != NULL) {
                cli_print(cli, answer, NULL);
                return;
        }
        json_object_foreach(json_object_get(answer, "items"), kind, n)
                fprintf(to, "%" JSON_INTEGER_FORMAT " %s\n", json_integer_value(n), kind);
        json_array_foreach(json_object_get(answer, "lost"), i, row)
                fprintf(to, "lost %s: %s\n", cli_text(row, "where"), cli_text(row, "what"));
        if (target != NULL)
                fprintf(to, "wrote %s\n", target);
}

bool cmd_export(Cli *cli, char **args, GError **error)
{
        g_autofree char *filter = NULL, *profile = NULL, *target = NULL;
        const GOptionEntry options[] = { { "filter", 0, 0, G_OPTION_ARG_STRING, &filter,
                                           "only items that fit", "Q" },
                                         { "profile", 0, 0, G_OPTION_ARG_STRING, &profile,
                                           "the requirements of this sheet, laid out as it was", "NAME" },
                                         { "output", 'o', 0, G_OPTION_ARG_FILENAME, &target,
                                           "the file to write; else standard output", "FILE" },
                                         G_OPTION_ENTRY_NULL };
        g_autoptr(NewFile) product = NULL;
        g_autoptr(Json) input = NULL, answer = NULL;
        g_auto(GStrv) operands = NULL;
        ServiceFile file = { "-", STDOUT_FILENO };

        if (!cli_parse(cli, args, options, 1, 1, &operands, error))
                return false;
        input = json_pack("{s:s}", "format", operands[0]);
        if (filter != NULL)
                json_object_set_new(input, "filter", json_string(filter));
        if (profile != NULL)
                json_object_set_new(input, "profile", json_string(profile));
        product = target == NULL ? NULL : newfile_begin(target, NEWFILE_SHARED, error);
        if (target != NULL) {
                if (product == NULL)
                        return false;
                file = (ServiceFile){ target, newfile_fd(product) };
        }
        answer = cli_call_files(cli, "export", json_incref(input), (ServiceFiles){ &file, 1 }, error);
        if (answer == NULL || (product != NULL && !newfile_place(product, error)))
                return false;
        print_exported(cli, answer, target);
        return true;
}
