/* Product teams: what was reported of one's own products, and the advisories that go out. */
#include "cli/cli.h"
#include "cli/files.h"

#include <stdio.h>
#include <string.h>

/* ---- what is printed ---- */

static void print_clocks(const json_t *clocks)
{
        const json_t *clock;
        size_t i;

        json_array_foreach(clocks, i, clock)
                printf("        %-11s %s %s\n", cli_text(clock, "step"), cli_text(clock, "due"),
                       jread_get_bool(clock, "done", false)      ? "done"
                       : jread_get_bool(clock, "overdue", false) ? "OVERDUE"
                                                                 : "open");
}

static void print_updates(const json_t *updates)
{
        const json_t *update;
        size_t i;

        json_array_foreach(updates, i, update) printf(
                "        update %s %s: qualified %s, documented %s, dependent %s, delivered %s, in time %s\n",
                cli_text(update, "change"), cli_text(update, "title"), cli_text(update, "sum_1"),
                cli_text(update, "sum_2"), cli_text(update, "sum_3"), cli_text(update, "sum_4"),
                cli_text(update, "sum_5"));
}

static void print_queue(const json_t *answer)
{
        const json_t *report, *key;
        size_t i, k, waiting = 0, overdue = 0;

        json_array_foreach(answer, i, report)
        {
                const json_t *clock;

                printf("%-14s %-8s %s (%s, reported %s)\n", cli_text(report, "state"),
                       cli_text(report, "key"), cli_text(report, "title"), cli_text(report, "vulnerability"),
                       cli_text(report, "reported"));
                print_clocks(json_object_get(report, "clocks"));
                json_array_foreach(json_object_get(report, "advisories"), k, key)
                        printf("        advisory %s\n", json_string_value(key));
                print_updates(json_object_get(report, "updates"));
                waiting += !json_is_null(json_object_get(report, "next"));
                json_array_foreach(json_object_get(report, "clocks"), k, clock)
                        overdue += jread_get_bool(clock, "overdue", false);
        }
        printf("%zu reports, %zu of them open, %zu steps overdue\n", json_array_size(answer), waiting,
               overdue);
}

static void print_made(const json_t *answer)
{
        const json_t *commit = json_object_get(json_object_get(answer, "changes"), "commit");

        if (json_is_integer(commit))
                printf("%s, commit %" JSON_INTEGER_FORMAT "\n", cli_text(answer, "key"),
                       json_integer_value(commit));
        else
                puts("nothing was changed");
}

/* ---- the command ---- */

typedef struct {
        char **products, **findings;
        char *reporter, *reported, *vulnerability, *severity, *cvss, *affected, *disclosure, *text, *tracking,
                *uri, *target;
        gboolean dry_run;
} PsirtOptions;

static void psirt_options_clear(PsirtOptions *o)
{
        char *const texts[] = { o->reporter, o->reported, o->vulnerability, o->severity,
                                o->cvss,     o->affected, o->disclosure,    o->text,
                                o->tracking, o->uri,      o->target };

        g_strfreev(o->products);
        g_strfreev(o->findings);
        for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
                g_free(texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PsirtOptions, psirt_options_clear)

static json_t *words_of(char **words)
{
        json_t *array = json_array();

        for (; words != NULL && *words != NULL; words++)
                json_array_append_new(array, json_string(*words));
        return array;
}

static bool intake(Cli *cli, const char *title, const PsirtOptions *o, GError **error)
{
        return cli_answer(cli, "psirt.intake",
                          json_pack("{s:s, s:o, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:b, s:s*}",
                                    "title", title, "products", words_of(o->products), "reporter",
                                    o->reporter, "reported", o->reported, "vulnerability", o->vulnerability,
                                    "severity", o->severity, "cvss", o->cvss, "affected", o->affected,
                                    "disclosure", o->disclosure, "description", o->text, "dry_run",
                                    (int)o->dry_run, "message", cli->message),
                          print_made, error);
}

static bool draft(Cli *cli, const char *title, const PsirtOptions *o, GError **error)
{
        return cli_answer(cli, "psirt.draft",
                          json_pack("{s:s, s:o, s:s*, s:s*, s:s*, s:b, s:s*}", "title", title, "findings",
                                    words_of(o->findings), "tracking", o->tracking, "uri", o->uri, "summary",
                                    o->text, "dry_run", (int)o->dry_run, "message", cli->message),
                          print_made, error);
}

static bool advisory(Cli *cli, const char *key, const PsirtOptions *o, GError **error)
{
        g_autoptr(Json) answer = cli_call(cli, "psirt.advisory", json_pack("{s:s}", "key", key), error);
        const json_t *row;
        FILE *to = o->target == NULL ? stderr : stdout;
        size_t i;

        if (answer == NULL || !cli_document_put(cli, json_object_get(answer, "document"), o->target, error))
                return false;
        if (cli->json) {
                cli_print(cli, answer, NULL);
                return true;
        }
        json_array_foreach(json_object_get(answer, "warnings"), i, row)
                fprintf(to, "warning %s: %s\n", cli_text(row, "where"), cli_text(row, "message"));
        json_array_foreach(json_object_get(answer, "lost"), i, row)
                fprintf(to, "lost %s: %s\n", cli_text(row, "where"), cli_text(row, "what"));
        fprintf(to, "%s, %s; to be published as %s\n", cli_text(answer, "tracking"),
                cli_text(answer, "status"), cli_text(answer, "file"));
        return true;
}

static bool psirt(Cli *cli, char **words, const PsirtOptions *o, GError **error)
{
        const guint n = g_strv_length(words);

        if (n == 0)
                return cli_answer(cli, "psirt.queue", json_object(), print_queue, error);
        if (n == 2 && strcmp(words[0], "intake") == 0)
                return intake(cli, words[1], o, error);
        if (n == 2 && strcmp(words[0], "draft") == 0)
                return draft(cli, words[1], o, error);
        if (n == 2 && strcmp(words[0], "advisory") == 0)
                return advisory(cli, words[1], o, error);
        return cli_wrong_words("psirt", error);
}

#define OPTION(name, type, member, what, value)                         \
        {                                                               \
                name, 0, 0, G_OPTION_ARG_##type, &o.member, what, value \
        }

bool cmd_psirt(Cli *cli, char **args, GError **error)
{
        g_auto(PsirtOptions) o = { 0 };
        const GOptionEntry options[] = {
                OPTION("product", STRING_ARRAY, products, "intake: a component that may have it", "KEY"),
                OPTION("reporter", STRING, reporter, "intake: who reported it", "NAME"),
                OPTION("reported", STRING, reported, "intake: when; today unless said", "DAY"),
                OPTION("vulnerability", STRING, vulnerability, "intake: its id, such as a CVE", "ID"),
                OPTION("severity", STRING, severity, "intake: none, low, medium, high or critical",
                       "SEVERITY"),
                OPTION("cvss", STRING, cvss, "intake: its CVSS vector", "VECTOR"),
                OPTION("affected", STRING, affected, "intake: versions that may have it", "RANGE"),
                OPTION("disclosure", STRING, disclosure, "intake: the day agreed for disclosure", "DAY"),
                OPTION("text", STRING, text, "intake: what was reported; draft: the summary", "TEXT"),
                OPTION("finding", STRING_ARRAY, findings, "draft: a finding that it is about", "KEY"),
                OPTION("tracking", STRING, tracking, "draft: its tracking id", "ID"),
                OPTION("uri", STRING, uri, "draft: the address where it will be", "URL"),
                { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.target,
                  "advisory: the file to write; else standard output", "FILE" },
                OPTION("dry-run", NONE, dry_run, "intake, draft: check everything and change nothing", NULL),
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;

        return cli_parse(cli, args, options, 0, 2, &words, error) && psirt(cli, words, &o, error);
}
