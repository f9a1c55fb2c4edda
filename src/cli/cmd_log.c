/* Who did what, when, from where and why: the log of a project, and the trail of access beside it. */
#include "cli/cli.h"

#include <stdio.h>

/* ---- zw log ---- */

static void print_names(const json_t *names)
{
        const json_t *name;
        size_t i;

        json_array_foreach(names, i, name) printf("%s%s", i == 0 ? ": " : ", ", json_string_value(name));
}

static void print_changes(const json_t *changes)
{
        const json_t *change;
        size_t i;

        json_array_foreach(changes, i, change)
        {
                g_autofree char *old = json_dumps(json_object_get(change, "old"), JSON_ENCODE_ANY),
                                *new = json_dumps(json_object_get(change, "new"), JSON_ENCODE_ANY);

                printf("    %s: %s -> %s\n", cli_text(change, "field"), old, new);
        }
}

static void print_act(const json_t *act)
{
        const json_t *signed_as = json_object_get(act, "signed");

        printf("  %s %s", cli_text(act, "what"),
               json_object_get(act, "from") != NULL ? cli_text(act, "from") : cli_text(act, "key"));
        if (json_object_get(act, "type") != NULL)
                printf(" %s", cli_text(act, "type"));
        if (json_object_get(act, "to") != NULL)
                printf(" %s", cli_text(act, "to"));
        if (json_object_get(act, "meaning") != NULL)
                printf(" %s as %s: %s", cli_text(act, "meaning"), cli_text(act, "role"),
                       cli_text(act, "reason"));
        if (json_object_get(act, "title") != NULL)
                printf(" (%s)", cli_text(act, "title"));
        if (json_object_get(act, "changes") == NULL)
                print_names(json_object_get(act, "fields"));
        putchar('\n');
        print_changes(json_object_get(act, "changes"));
        if (signed_as != NULL) {
                g_autofree char *attrs = json_dumps(signed_as, JSON_SORT_KEYS);

                printf("    on %s\n", attrs);
        }
}

static void print_log(const json_t *answer)
{
        const json_t *entry, *act;
        size_t i, k;

        json_array_foreach(answer, i, entry)
        {
                printf("commit %" JSON_INTEGER_FORMAT " %s %s (%s)%s%s\n",
                       json_integer_value(json_object_get(entry, "commit")), cli_text(entry, "time"),
                       json_is_string(json_object_get(entry, "by")) ? cli_text(entry, "by") : "somebody",
                       cli_text(entry, "origin"),
                       json_is_true(json_object_get(entry, "editorial")) ? " editorial" : "",
                       cli_text(entry, "message")[0] == '\0' ? "" : ":");
                if (cli_text(entry, "message")[0] != '\0')
                        printf("  %s\n", cli_text(entry, "message"));
                json_array_foreach(json_object_get(entry, "acts"), k, act) print_act(act);
        }
}

bool cmd_log(Cli *cli, char **args, GError **error)
{
        g_autofree char *person = NULL, *action = NULL, *since = NULL, *text = NULL, *after = NULL;
        gint most = 100;
        const GOptionEntry options[] = {
                { "person", 0, 0, G_OPTION_ARG_STRING, &person, "commits of this person", "NAME" },
                { "action", 0, 0, G_OPTION_ARG_STRING, &action,
                  "an operation, the meaning of a signature, a state gone to, or a field that was set",
                  "WHAT" },
                { "since", 0, 0, G_OPTION_ARG_STRING, &since, "after this commit, date or baseline",
                  "COMMIT" },
                { "text", 0, 0, G_OPTION_ARG_STRING, &text, "with this in the message or the reason",
                  "TEXT" },
                { "most", 0, 0, G_OPTION_ARG_INT, &most, "how many commits, newest first", "N" },
                { "after", 0, 0, G_OPTION_ARG_STRING, &after, "commits before this one", "COMMIT" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) keys = NULL;
        g_autoptr(Json) list = json_array(), answer = NULL;

        if (!cli_parse(cli, args, options, 0, -1, &keys, error))
                return false;
        for (char **key = keys; *key != NULL; key++)
                json_array_append_new(list, json_string(*key));
        answer = cli_call(cli, "log.list",
                          json_pack("{s:O, s:s*, s:s*, s:s*, s:s*, s:s*, s:i}", "keys", list, "person",
                                    person, "action", action, "since", since, "q", text, "after", after,
                                    "limit", (int)most),
                          error);
        if (answer == NULL)
                return false;
        /* a server elsewhere says in header fields what is to say of the page */
        cli_print(cli, json_is_array(answer) ? answer : json_object_get(answer, "items"), print_log);
        return true;
}

/* ---- zw audit ---- */

static void print_audit(const json_t *answer)
{
        const json_t *entry;
        size_t i;

        json_array_foreach(answer, i, entry)
                printf("%s %-16s %-14s %-10s %-24s %s\n", cli_text(entry, "time"), cli_text(entry, "person"),
                       cli_text(entry, "action"), cli_text(entry, "project"), cli_text(entry, "outcome"),
                       cli_text(entry, "object"));
}

bool cmd_audit(Cli *cli, char **args, GError **error)
{
        g_autofree char *person = NULL, *action = NULL, *text = NULL, *from = NULL, *to = NULL;
        gboolean all = FALSE;
        gint most = 100;
        gint64 before = 0;
        const GOptionEntry options[] = {
                { "all", 0, 0, G_OPTION_ARG_NONE, &all, "of the whole installation, with sign-ins", NULL },
                { "person", 0, 0, G_OPTION_ARG_STRING, &person, "of this person", "NAME" },
                { "action", 0, 0, G_OPTION_ARG_STRING, &action, "of this action, such as view or role.grant",
                  "WHAT" },
                { "text", 0, 0, G_OPTION_ARG_STRING, &text, "with this in the object, address or outcome",
                  "TEXT" },
                { "from", 0, 0, G_OPTION_ARG_STRING, &from, "from this day or time", "DATE" },
                { "to", 0, 0, G_OPTION_ARG_STRING, &to, "up to and with this day or time", "DATE" },
                { "most", 0, 0, G_OPTION_ARG_INT, &most, "how many entries, newest first", "N" },
                { "before", 0, 0, G_OPTION_ARG_INT64, &before, "only entries before this number", "N" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;

        return cli_parse(cli, args, options, 0, 0, &words, error) &&
               cli_answer(cli, all ? "audit.all" : "audit.list",
                          json_pack("{s:i, s:I, s:s*, s:s*, s:s*, s:s*, s:s*}", "most", (int)most, "before",
                                    (json_int_t)before, "person", person, "action", action, "q", text, "from",
                                    from, "to", to),
                          print_audit, error);
}
