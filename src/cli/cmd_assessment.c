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
        printf("%s, %s: %" G_GINT64_FORMAT " requirements\n", cli_text(answer, "standard"),
               cli_text(answer, "organisation"), jread_get_int(answer, "added", 0));
        cli_print_commit(json_object_get(answer, "changes"));
}

static void print_triggers(const json_t *answer)
{
        const json_t *trigger, *key;
        size_t i, k;

        json_array_foreach(answer, i, trigger)
        {
                const char *ends = jread_get_string(trigger, "ends");

                printf("%-20s  %-8s %s%s%s:", cli_text(trigger, "reason"), cli_text(trigger, "because"),
                       cli_text(trigger, "title"), ends == NULL ? "" : ", until ", ends == NULL ? "" : ends);
                json_array_foreach(json_object_get(trigger, "items"), k, key)
                        printf(" %s", json_string_value(key));
                putchar('\n');
        }
        printf("%zu reasons to assess anew\n", json_array_size(answer));
}

static void print_audits(const json_t *answer)
{
        const json_t *audit, *one;
        size_t i, k;

        json_array_foreach(answer, i, audit)
        {
                printf("%-8s %s (%s): %" G_GINT64_FORMAT " of %zu looked at, %" G_GINT64_FORMAT
                       " nonconformities open%s\n",
                       cli_text(audit, "key"), cli_text(audit, "title"), cli_text(audit, "state"),
                       jread_get_int(audit, "looked_at", 0),
                       json_array_size(json_object_get(audit, "sample")), jread_get_int(audit, "open", 0),
                       jread_get_bool(audit, "complete", false) ? ", complete" : "");
                json_array_foreach(json_object_get(audit, "sample"), k, one)
                        printf("        %-8s %zu records  %s\n", cli_text(one, "key"),
                               json_array_size(json_object_get(one, "records")), cli_text(one, "title"));
                json_array_foreach(json_object_get(audit, "nonconformities"), k, one)
                        printf("        %s (%s) %s\n", cli_text(one, "key"), cli_text(one, "state"),
                               cli_text(one, "title"));
        }
}

static void print_drawn(const json_t *answer)
{
        const json_t *key;
        size_t i;

        printf("%zu of %" G_GINT64_FORMAT ":", json_array_size(json_object_get(answer, "sample")),
               jread_get_int(answer, "population", 0));
        json_array_foreach(json_object_get(answer, "sample"), i, key) printf(" %s", json_string_value(key));
        putchar('\n');
}

/* ---- the command ---- */

typedef struct {
        char *organisation, *subject, *of;
        int target, n;
        gint64 seed;
        gboolean dry_run;
} AssessmentOptions;

static void assessment_options_clear(AssessmentOptions *options)
{
        g_free(options->organisation);
        g_free(options->subject);
        g_free(options->of);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AssessmentOptions, assessment_options_clear)

static bool start(Cli *cli, const char *standard, const AssessmentOptions *o, GError **error)
{
        return cli_answer(cli, "assessment.start",
                          json_pack("{s:s, s:s*, s:s*, s:i, s:b, s:s*}", "standard", standard, "organisation",
                                    o->organisation, "subject", o->subject, "target", o->target, "dry_run",
                                    (int)o->dry_run, "message", cli->message),
                          print_started, error);
}

static bool stand(Cli *cli, const char *standard, const AssessmentOptions *o, GError **error)
{
        return cli_answer(cli, "assessment",
                          json_pack("{s:s, s:s*, s:s*}", "standard", standard, "organisation",
                                    o->organisation, "subject", o->subject),
                          print_programme, error);
}

static bool sample(Cli *cli, const char *audit, const AssessmentOptions *o, GError **error)
{
        return cli_answer(cli, "assessment.sample",
                          json_pack("{s:s, s:s*, s:i, s:I, s:b, s:s*}", "audit", audit, "of", o->of, "n",
                                    o->n, "seed", (json_int_t)o->seed, "dry_run", (int)o->dry_run, "message",
                                    cli->message),
                          print_drawn, error);
}

static bool assessment(Cli *cli, char **words, const AssessmentOptions *o, GError **error)
{
        const guint n = g_strv_length(words);
        const bool narrowed = o->organisation != NULL || o->subject != NULL,
                   draws = o->of != NULL || o->n != 0 || o->seed != 0;

        if (n == 2 && strcmp(words[0], "start") == 0 && !draws)
                return start(cli, words[1], o, error);
        if (n == 2 && strcmp(words[0], "sample") == 0 && !narrowed && o->target == 0)
                return sample(cli, words[1], o, error);
        if (n > 1 || draws || o->target != 0 || o->dry_run || (narrowed && n == 0))
                return cli_wrong_words("assessment", error);
        if (n == 0)
                return cli_answer(cli, "assessment.list", json_object(), print_listed, error);
        if (strcmp(words[0], "triggers") == 0)
                return cli_answer(cli, "assessment.triggers", json_object(), print_triggers, error);
        if (strcmp(words[0], "audits") == 0)
                return cli_answer(cli, "assessment.audits", json_object(), print_audits, error);
        return stand(cli, words[0], o, error);
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
                { "of", 0, 0, G_OPTION_ARG_STRING, &o.of,
                  "sample: the items it is drawn from, as `zw list` takes it", "FILTER" },
                { "n", 0, 0, G_OPTION_ARG_INT, &o.n, "sample: so many items", "N" },
                { "seed", 0, 0, G_OPTION_ARG_INT64, &o.seed, "sample: what chooses them; 0 unless said",
                  "N" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &o.dry_run, "start, sample: show, and change nothing",
                  NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;

        return cli_parse(cli, args, options, 0, 2, &words, error) && assessment(cli, words, &o, error);
}
