/* Programmes of 62443-2-1, 2-4 and 4-1. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

/* ---- what is printed ---- */

static char *level_text(const json_t *object, const char *member)
{
        const json_t *level = json_object_get(object, member);

        return json_is_integer(level) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(level))
                                      : g_strdup("?");
}

static void print_counts(const json_t *group)
{
        printf("%" G_GINT64_FORMAT " met, %" G_GINT64_FORMAT " with gaps, %" G_GINT64_FORMAT
               " not assessed, %" G_GINT64_FORMAT " without requirement, %" G_GINT64_FORMAT
               " not applicable\n",
               jread_get_int(group, "met", 0), jread_get_int(group, "gaps", 0),
               jread_get_int(group, "not_assessed", 0), jread_get_int(group, "no_requirement", 0),
               jread_get_int(group, "not_applicable", 0));
}

static void print_listed(const json_t *answer)
{
        const json_t *programme;
        size_t i;

        json_array_foreach(answer, i, programme)
        {
                g_autofree char *claimed = level_text(programme, "claimed"),
                                *verified = level_text(programme, "verified");

                printf("%-14s  claimed %s, verified %s  %s: ", cli_text(programme, "standard"), claimed,
                       verified, cli_text(programme, "organisation"));
                print_counts(programme);
        }
}

static void print_keys(const char *what, const json_t *items)
{
        const json_t *one;
        size_t i;

        json_array_foreach(items, i, one) printf("        %s %s (%s) %s\n", what, cli_text(one, "key"),
                                                 cli_text(one, "state"), cli_text(one, "title"));
}

static void print_record(const json_t *record)
{
        const json_t *one;
        size_t i;
        g_autofree char *claimed = level_text(record, "claimed"),
                        *supported = level_text(record, "supported"),
                        *verified = level_text(record, "verified");

        printf("%-14s  %-14s  %s/%s/%s  %s\n", cli_text(record, "state"), cli_text(record, "ref"), claimed,
               supported, verified, cli_text(record, "title"));
        print_keys("procedure", json_object_get(record, "procedures"));
        print_keys("record", json_object_get(record, "records"));
        json_array_foreach(json_object_get(record, "gaps"), i, one)
                printf("        gap: %s %s\n", cli_text(one, "gap"), cli_text(one, "item"));
        json_array_foreach(json_object_get(record, "mapped"), i, one)
                printf("        maps to %s: %s\n", cli_text(one, "ref"), cli_text(one, "state"));
}

static void print_group(const json_t *group)
{
        const char *name = jread_get_string(group, "group");
        g_autofree char *claimed = level_text(group, "claimed"), *verified = level_text(group, "verified");

        printf("%s: claimed %s, verified %s; ", name == NULL ? "All" : name, claimed, verified);
        print_counts(group);
}

static void print_programme(const json_t *answer)
{
        const json_t *one;
        size_t i;

        printf("%s, as row: claimed/carried by records/verified\n", cli_text(answer, "standard"));
        json_array_foreach(json_object_get(answer, "records"), i, one) print_record(one);
        json_array_foreach(json_object_get(answer, "groups"), i, one) print_group(one);
        print_group(json_object_get(answer, "total"));
}

static void print_started(const json_t *answer)
{
        const json_t *commit = json_object_get(json_object_get(answer, "changes"), "commit");

        printf("%s, %s: %" G_GINT64_FORMAT " requirements\n", cli_text(answer, "standard"),
               cli_text(answer, "organisation"), jread_get_int(answer, "added", 0));
        if (json_is_integer(commit))
                printf("commit %" JSON_INTEGER_FORMAT "\n", json_integer_value(commit));
        else
                puts("nothing was changed");
}

/* ---- the command ---- */

typedef struct {
        char *organisation, *subject;
        int target;
        gboolean dry_run;
} AssessmentOptions;

static void assessment_options_clear(AssessmentOptions *options)
{
        g_free(options->organisation);
        g_free(options->subject);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AssessmentOptions, assessment_options_clear)

static bool start(Cli *cli, const char *standard, const AssessmentOptions *o, GError **error)
{
        return cli_answer(cli, "assessment.start",
                          json_pack("{s:s, s:s*, s:s*, s:i, s:b}", "standard", standard, "organisation",
                                    o->organisation, "subject", o->subject, "target", o->target, "dry_run",
                                    (int)o->dry_run),
                          print_started, error);
}

static bool stand(Cli *cli, const char *standard, const AssessmentOptions *o, GError **error)
{
        return cli_answer(cli, "assessment",
                          json_pack("{s:s, s:s*, s:s*}", "standard", standard, "organisation",
                                    o->organisation, "subject", o->subject),
                          print_programme, error);
}

bool cmd_assessment(Cli *cli, char **args, GError **error)
{
        g_auto(AssessmentOptions) o = { 0 };
        const GOptionEntry options[] = {
                { "organisation", 0, 0, G_OPTION_ARG_STRING, &o.organisation,
                  "the programme of this organisation", "NAME" },
                { "subject", 0, 0, G_OPTION_ARG_STRING, &o.subject,
                  "for this product, system, zone or conduit", "KEY" },
                { "target", 0, 0, G_OPTION_ARG_INT, &o.target, "start: the maturity level aimed at", "1-4" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &o.dry_run, "start: count, and change nothing", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;
        guint n;

        if (!cli_parse(cli, args, options, 0, 2, &words, error))
                return false;
        n = g_strv_length(words);
        if (n == 2 && strcmp(words[0], "start") == 0)
                return start(cli, words[1], &o, error);
        if (n == 1 && strcmp(words[0], "start") != 0 && o.target == 0 && !o.dry_run)
                return stand(cli, words[0], &o, error);
        if (n == 0 && o.organisation == NULL && o.subject == NULL && o.target == 0 && !o.dry_run)
                return cli_answer(cli, "assessment.list", json_object(), print_listed, error);
        error_set(error, ZW_ERR_USAGE, "assessment",
                  "these words are not understood: see `zw help assessment`");
        return false;
}
