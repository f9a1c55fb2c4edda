/* Findings: the list, and what one of them does to the security case. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

/* ---- the list ---- */

static void print_findings(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(answer, i, row)
                printf("%s  %s on %s, %s, %s, %s\n", cli_text(row, "key"), cli_text(row, "vulnerability"),
                       cli_text(row, "on"), cli_text(row, "confidence"), cli_text(row, "severity"),
                       cli_text(row, "state"));
}

/* ---- one ---- */

static void print_vector(const char *before, const json_t *vector)
{
        const json_t *entry;
        size_t i;

        printf("%s{", before);
        json_array_foreach(vector, i, entry)
        {
                fputs(i == 0 ? "" : " ", stdout);
                if (json_is_integer(entry))
                        printf("%" JSON_INTEGER_FORMAT, json_integer_value(entry));
                else
                        putchar('?');
        }
        putchar('}');
}

static void print_rows(const json_t *answer)
{
        const json_t *row;
        size_t i;

        if (jread_get_bool(answer, "unmapped", false))
                puts("  unmapped: nothing says which rows it may break");
        json_array_foreach(json_object_get(answer, "rows"), i, row)
                printf("  %s %s  %s: %s\n",
                       jread_get_bool(answer, "confirmed", false) ? "broken" : "proposed",
                       cli_text(row, "ref"), cli_text(row, "basis"), cli_text(row, "reason"));
}

static void print_place(const json_t *place)
{
        const json_t *verified = json_object_get(place, "verified"), *row;
        size_t i;

        printf("  %s %s\n", cli_text(place, "key"), cli_text(place, "title"));
        print_vector("    SL-T ", json_object_get(place, "target"));
        print_vector("  SL-A without findings ", json_object_get(verified, "without_findings"));
        print_vector("  now ", json_object_get(verified, "now"));
        print_vector("\n    if it is cleared ", json_object_get(verified, "if_cleared"));
        print_vector("  if its rows are confirmed ", json_object_get(verified, "if_confirmed"));
        fputs("\n    at stake:", stdout);
        json_array_foreach(json_object_get(place, "rows"), i, row)
                printf("%s %s on %s (%s)", i == 0 ? "" : ",", cli_text(row, "ref"), cli_text(row, "member"),
                       cli_text(row, "status"));
        putchar('\n');
}

static void print_names(const json_t *names)
{
        const json_t *name;
        size_t i;

        json_array_foreach(names, i, name) printf("%s%s", i == 0 ? "" : ", ", json_string_value(name));
}

static void print_clearing(const json_t *clears)
{
        const json_t *measure;
        size_t i;

        printf("  %s; cleared by ", jread_get_bool(clears, "cleared", false) ? "cleared" : "not cleared");
        print_names(json_object_get(clears, "states"));
        fputs(" or a verified countermeasure, not by ", stdout);
        print_names(json_object_get(clears, "not_states"));
        putchar('\n');
        json_array_foreach(json_object_get(clears, "countermeasures"), i, measure)
                printf("  %s %s %s: %s\n", cli_text(measure, "key"),
                       jread_get_bool(measure, "clears", false) ? "clears it" : "does not clear it",
                       cli_text(measure, "title"), cli_text(measure, "why"));
}

static void print_note(const json_t *note)
{
        if (!json_is_object(note))
                return;
        printf("  noted: %s\n", cli_text(note, "text"));
        if (!jread_get_bool(note, "current", false))
                puts("  the impact is another one since");
}

static void print_impact(const json_t *answer)
{
        const json_t *each;
        size_t i;

        printf("%s  %s, %s\n", cli_text(answer, "key"), cli_text(answer, "title"), cli_text(answer, "state"));
        print_rows(answer);
        json_array_foreach(json_object_get(answer, "places"), i, each) print_place(each);
        print_clearing(json_object_get(answer, "clears"));
        print_note(json_object_get(answer, "note"));
        json_array_foreach(json_object_get(answer, "scenarios"), i, each)
                printf("  scenario %s %s%s%s\n", cli_text(each, "key"), cli_text(each, "title"),
                       jread_get_bool(each, "linked", false) ? "" : ", possible through ",
                       cli_text(each, "target"));
        json_array_foreach(json_object_get(answer, "functions"), i, each)
                printf("  safety %s %s: %s as %s\n", cli_text(each, "key"), cli_text(each, "title"),
                       cli_text(each, "element"), cli_text(each, "as"));
}

static void print_noted(const json_t *answer)
{
        printf("noted on %s, about the impact %s\nsign it: zw sign %s --meaning reviewed\n",
               cli_text(answer, "key"), cli_text(answer, "hash"), cli_text(answer, "key"));
}

/* What one does, or what is said of that. */
static bool finding_one(Cli *cli, const char *key, const char *note, GError **error)
{
        if (note == NULL)
                return cli_answer(cli, "finding.impact", json_pack("{s:s}", "key", key), print_impact, error);
        return cli_answer(cli, "finding.note",
                          json_pack("{s:s, s:s, s:s*}", "key", key, "text", note, "message", cli->message),
                          print_noted, error);
}

bool cmd_findings(Cli *cli, char **args, GError **error)
{
        g_autofree char *zone = NULL, *state = NULL, *filter = NULL, *sort = NULL, *note = NULL;
        const GOptionEntry options[] = {
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zone, "only on assets of this zone or conduit", "KEY" },
                { "state", 0, 0, G_OPTION_ARG_STRING, &state, "only in this state", "STATE" },
                { "filter", 0, 0, G_OPTION_ARG_STRING, &filter, "only those that fit, as `zw list` takes it",
                  "Q" },
                { "sort", 0, 0, G_OPTION_ARG_STRING, &sort, "order, such as -severity,key", "NAMES" },
                { "note", 0, 0, G_OPTION_ARG_STRING, &note,
                  "say this of the impact of the finding, bound to it by its hash and ready to be signed",
                  "TEXT" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) health = NULL;

        if (!cli_parse(cli, args, options, 0, 1, &operands, error))
                return false;
        if (operands[0] != NULL)
                return finding_one(cli, operands[0], note, error);
        if (note != NULL) {
                error_set(error, ZW_ERR_USAGE, "--note", "a note is of one finding: name its key");
                return false;
        }
        if (!cli_answer(cli, "finding.list",
                        json_pack("{s:s*, s:s*, s:s*, s:s*}", "zone", zone, "state", state, "q", filter,
                                  "sort", sort),
                        print_findings, error))
                return false;
        health = cli_call(cli, "feed.health", json_object(), error);
        cli_note_feeds(health);
        return health != NULL;
}
