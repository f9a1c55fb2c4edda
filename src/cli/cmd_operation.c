/* Changes and incidents: lists, one of them, the impact of a change, notifications of an incident, the policy. Their states are moved
 * like those of every item, by `zw move` and `zw approve`. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

/* ---- what both print ---- */

static void print_keys(const char *before, const json_t *items)
{
        const json_t *item;
        size_t i;

        json_array_foreach(items, i, item)
                printf("%s%s", i == 0 ? before : ", ",
                       json_is_string(item) ? json_string_value(item) : cli_text(item, "key"));
        if (json_array_size(items) > 0)
                putchar('\n');
}

static void print_head(const json_t *item)
{
        const char *owner = jread_get_string(item, "owner"), *due = jread_get_string(item, "due");

        printf("%-7s %-12s %s", cli_text(item, "key"), cli_text(item, "state"), cli_text(item, "title"));
        if (owner != NULL)
                printf(", %s", owner);
        if (due != NULL)
                printf(", due %s%s", due, jread_get_bool(item, "overdue", false) ? " (overdue)" : "");
        putchar('\n');
}

static void print_problems(const json_t *item)
{
        const json_t *problem;
        size_t i;

        json_array_foreach(json_object_get(item, "problems"), i, problem)
                printf("  ! %s\n", json_string_value(problem));
}

static void print_touched(const json_t *item)
{
        static const struct {
                const char *before, *keys, *count;
        } parts[] = { { "  touches requirements ", "requirements", "n_requirements" },
                      { "  touches risks ", "risks", "n_risks" },
                      { "  touches zones and conduits ", "places", "n_places" },
                      { "  touches safety ", "safety", "n_safety" } };

        for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
                const json_t *keys = json_object_get(item, parts[i].keys);
                const int64_t more = jread_get_int(item, parts[i].count, 0) - (int64_t)json_array_size(keys);

                print_keys(parts[i].before, keys);
                if (more > 0)
                        printf("    and %" G_GINT64_FORMAT " more\n", more);
        }
}

static void print_timeline(const json_t *item)
{
        const json_t *row;
        size_t i;

        json_array_foreach(json_object_get(item, "timeline"), i, row)
        {
                const char *by = jread_get_string(row, "by"), *state = jread_get_string(row, "state"),
                           *clock = jread_get_string(row, "clock");

                printf("  %s  %s%s%s%s%s\n", cli_text(row, "time"),
                       state != NULL ? state : cli_text(row, "what"), clock == NULL ? "" : " ",
                       clock == NULL ? "" : clock, by == NULL ? "" : " by ", by == NULL ? "" : by);
        }
}

/* ---- changes ---- */

static void print_changes(const json_t *answer)
{
        const json_t *change;
        size_t i;

        json_array_foreach(answer, i, change)
        {
                print_head(change);
                print_problems(change);
        }
}

static void print_change(const json_t *change)
{
        const json_t *test;
        size_t i;

        print_head(change);
        if (jread_get_string(change, "emergency") != NULL)
                printf("  emergency: %s\n", cli_text(change, "emergency"));
        print_keys("  concerns ", json_object_get(change, "concerns"));
        print_keys("  resolves ", json_object_get(change, "resolves"));
        if (jread_get_string(change, "impact") != NULL)
                printf("  impact: %s\n", cli_text(change, "impact"));
        print_touched(change);
        json_array_foreach(json_object_get(change, "tests"), i, test)
                printf("  test %s %s: %s\n", cli_text(test, "key"), cli_text(test, "title"),
                       jread_get_string(test, "status") == NULL ? "never run" : cli_text(test, "status"));
        print_problems(change);
        print_timeline(change);
}

static void print_change_impact(const json_t *answer)
{
        const json_t *impact = json_object_get(answer, "impact"), *reached;
        size_t i;

        printf("%s at commit %" G_GINT64_FORMAT "\n", cli_text(impact, "key"),
               jread_get_int(impact, "commit", 0));
        print_touched(impact);
        json_array_foreach(json_object_get(impact, "reached"), i, reached)
                printf("%" JSON_INTEGER_FORMAT " %s %s\n",
                       json_integer_value(json_object_get(reached, "distance")), cli_text(reached, "key"),
                       cli_text(reached, "title"));
        if (jread_get_string(answer, "attached") != NULL)
                printf("attached as %s: %s\n", cli_text(answer, "attached"), cli_text(answer, "summary"));
}

/* Proposed operations need a body: where nothing is to be attached, attaching is only tried. */
static bool change_impact(Cli *cli, const char *key, const char *what_if, bool attach, GError **error)
{
        json_t *input = json_pack("{s:s, s:s*}", "key", key, "message", cli->message), *ops;

        if (!attach && what_if == NULL)
                return cli_answer(cli, "change.impact", input, print_change_impact, error);
        if (what_if != NULL) {
                ops = cli_read_changeset(what_if, error);
                if (ops == NULL) {
                        json_decref(input);
                        return false;
                }
                json_object_set_new(input, "ops", ops);
        }
        json_object_set_new(input, "dry_run", json_boolean(!attach));
        return cli_answer(cli, "change.assess", input, print_change_impact, error);
}

static bool word_is(char **words, size_t n, const char *verb)
{
        return g_strv_length(words) == n && strcmp(words[0], verb) == 0;
}

static json_t *listing(const char *state, const char *filter)
{
        return json_pack("{s:s*, s:s*}", "state", state, "q", filter);
}

bool cmd_change(Cli *cli, char **args, GError **error)
{
        g_autofree char *state = NULL, *filter = NULL, *what_if = NULL;
        gboolean attach = FALSE;
        const GOptionEntry options[] = {
                { "state", 0, 0, G_OPTION_ARG_STRING, &state, "list: only in this state", "STATE" },
                { "filter", 0, 0, G_OPTION_ARG_STRING, &filter,
                  "list: only those that fit, as `zw list` takes it", "Q" },
                { "what-if", 0, 0, G_OPTION_ARG_FILENAME, &what_if,
                  "impact: and what the native operations in FILE would do", "FILE" },
                { "attach", 0, 0, G_OPTION_ARG_NONE, &attach, "impact: attach it to the change", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;

        if (!cli_parse(cli, args, options, 1, 2, &words, error))
                return false;
        if (word_is(words, 1, "list"))
                return cli_answer(cli, "change.list", listing(state, filter), print_changes, error);
        if (word_is(words, 2, "show"))
                return cli_answer(cli, "change.show", json_pack("{s:s}", "key", words[1]), print_change,
                                  error);
        if (word_is(words, 2, "impact"))
                return change_impact(cli, words[1], what_if, attach, error);
        error_set(error, ZW_ERR_USAGE, words[0], "change list | show KEY | impact KEY");
        return false;
}

/* ---- incidents ---- */

enum { MINUTE_S = 60, HOUR_S = 3600 };

static void print_left(const json_t *left)
{
        const json_int_t seconds = json_integer_value(left), size = seconds < 0 ? -seconds : seconds;

        if (json_is_integer(left))
                printf(", %" JSON_INTEGER_FORMAT " h %02" JSON_INTEGER_FORMAT " min %s", size / HOUR_S,
                       size % HOUR_S / MINUTE_S, seconds < 0 ? "over" : "left");
}

static void print_clocks(const json_t *incident)
{
        const json_t *clock;
        size_t i;

        json_array_foreach(json_object_get(incident, "clocks"), i, clock)
        {
                printf("  %s (%s, %s): %s", cli_text(clock, "clock"), cli_text(clock, "regime"),
                       cli_text(clock, "title"), cli_text(clock, "state"));
                if (jread_get_string(clock, "due") != NULL)
                        printf(", due %s", cli_text(clock, "due"));
                print_left(json_object_get(clock, "left_s"));
                if (jread_get_string(clock, "sent") != NULL)
                        printf(", sent %s", cli_text(clock, "sent"));
                putchar('\n');
        }
}

static void print_incidents(const json_t *answer)
{
        const json_t *incident;
        size_t i;

        json_array_foreach(answer, i, incident)
        {
                print_head(incident);
                print_clocks(incident);
                print_problems(incident);
        }
}

static void print_incident(const json_t *incident)
{
        const json_t *foreseen = json_object_get(incident, "foreseen");

        print_head(incident);
        print_keys("  affects ", json_object_get(incident, "assets"));
        print_keys("  in ", json_object_get(incident, "affected_places"));
        print_keys("  scenarios ", json_object_get(incident, "scenarios"));
        if (!json_is_boolean(foreseen))
                print_keys(
                        "  whether it was foreseen nobody has said; scenarios that threaten what it affects: ",
                        json_object_get(incident, "candidates"));
        else
                puts(json_is_true(foreseen) ? "  foreseen" : "  not foreseen");
        print_keys("  failed ", json_object_get(incident, "failed"));
        print_touched(incident);
        print_keys("  actions ", json_object_get(incident, "actions"));
        print_keys("  lessons ", json_object_get(incident, "lessons"));
        print_clocks(incident);
        print_problems(incident);
        print_timeline(incident);
}

static void print_notified(const json_t *answer)
{
        printf("%s sent %s\n", cli_text(answer, "clock"), cli_text(answer, "sent"));
}

static void print_policy(const json_t *answer)
{
        g_autofree char *text = json_dumps(answer, JSON_INDENT(4));

        puts(text);
}

static void print_policy_set(const json_t *answer)
{
        cli_print_commit(json_object_get(answer, "changes"));
}

static bool policy(Cli *cli, const char *path, GError **error)
{
        json_t *value;

        if (path == NULL)
                return cli_answer(cli, "operation.policy", json_object(), print_policy, error);
        value = strcmp(path, "default") == 0 ? json_null() : cli_read_json(path, error);
        return value != NULL && cli_answer(cli, "operation.policy.set",
                                           json_pack("{s:o, s:s*}", "policy", value, "message", cli->message),
                                           print_policy_set, error);
}

bool cmd_incident(Cli *cli, char **args, GError **error)
{
        g_autofree char *state = NULL, *filter = NULL, *sent = NULL;
        const GOptionEntry options[] = {
                { "state", 0, 0, G_OPTION_ARG_STRING, &state, "list: only in this state", "STATE" },
                { "filter", 0, 0, G_OPTION_ARG_STRING, &filter,
                  "list: only those that fit, as `zw list` takes it", "Q" },
                { "sent", 0, 0, G_OPTION_ARG_STRING, &sent, "notify: when it was sent; now unless said",
                  "TIME" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;

        if (!cli_parse(cli, args, options, 1, 3, &words, error))
                return false;
        if (word_is(words, 1, "list"))
                return cli_answer(cli, "incident.list", listing(state, filter), print_incidents, error);
        if (word_is(words, 2, "show"))
                return cli_answer(cli, "incident.show", json_pack("{s:s}", "key", words[1]), print_incident,
                                  error);
        if (word_is(words, 3, "notify"))
                return cli_answer(cli, "incident.notify",
                                  json_pack("{s:s, s:s, s:s*, s:s*}", "key", words[1], "clock", words[2],
                                            "sent", sent, "message", cli->message),
                                  print_notified, error);
        if (strcmp(words[0], "policy") == 0 && g_strv_length(words) < 3)
                return policy(cli, words[1], error);
        error_set(error, ZW_ERR_USAGE, words[0],
                  "incident list | show KEY | notify KEY CLOCK | policy [FILE|default]");
        return false;
}
