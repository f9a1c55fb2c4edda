/* Commands that read. */
#include "cli/cli.h"
#include "cli/meter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FILE_ANSWER_MAX = 64 << 20 };

static void print_items(const json_t *answer)
{
        const json_t *item;
        size_t i;

        json_array_foreach(answer, i, item)
                printf("%-8s %-18s %-10s %s\n", cli_text(item, "key"), cli_text(item, "kind"),
                       cli_text(item, "state"), cli_text(item, "title"));
}

bool cmd_list(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;
        g_autofree char *filter = NULL;

        if (!cli_parse(cli, args, NULL, 0, -1, &operands, error))
                return false;
        filter = g_strjoinv(" ", operands);
        return cli_answer(cli, "item.list", json_pack("{s:s}", "q", filter), print_items, error);
}

static bool call_key(Cli *cli, const char *usecase, char **args, CliPrint print, GError **error)
{
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, NULL, 1, 1, &operands, error) &&
               cli_answer(cli, usecase, json_pack("{s:s}", "key", operands[0]), print, error);
}

bool cmd_show(Cli *cli, char **args, GError **error)
{
        return call_key(cli, "item.show", args, NULL, error);
}

static void print_history(const json_t *answer)
{
        const json_t *rev;
        size_t i;

        json_array_foreach(answer, i, rev)
                printf("revision %" JSON_INTEGER_FORMAT " commit %" JSON_INTEGER_FORMAT
                       " %s %s %s: %s (%s)\n",
                       json_integer_value(json_object_get(rev, "rev")),
                       json_integer_value(json_object_get(rev, "commit")), cli_text(rev, "time"),
                       cli_text(rev, "by"), cli_text(rev, "state"), cli_text(rev, "title"),
                       cli_text(rev, "message"));
}

bool cmd_history(Cli *cli, char **args, GError **error)
{
        return call_key(cli, "item.history", args, print_history, error);
}

static void print_trace(const json_t *answer)
{
        const json_t *link;
        size_t i;

        print_items(json_object_get(answer, "items"));
        json_array_foreach(json_object_get(answer, "links"), i, link)
                printf("%s %s %s%s\n", cli_text(link, "from"), cli_text(link, "type"), cli_text(link, "to"),
                       json_is_true(json_object_get(link, "suspect")) ? " (suspect)" : "");
}

bool cmd_trace(Cli *cli, char **args, GError **error)
{
        gboolean up = FALSE, down = FALSE;
        const GOptionEntry options[] = {
                { "up", 0, 0, G_OPTION_ARG_NONE, &up, "towards the source", NULL },
                { "down", 0, 0, G_OPTION_ARG_NONE, &down, "towards the proof", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 1, 1, &operands, error) &&
               cli_answer(cli, "trace",
                          json_pack("{s:s, s:b, s:b}", "key", operands[0], "up", up, "down", down),
                          print_trace, error);
}

static void print_rows_of(const json_t *answer, const char *name)
{
        const json_t *row;
        size_t i;

        json_array_foreach(json_object_get(answer, name), i, row)
                printf("%-8s %-8s %-14s %s\n", cli_text(row, "action"), cli_text(row, "requirement"),
                       cli_text(row, "ref"), cli_text(row, "title"));
}

static void print_applied(const json_t *answer)
{
        const json_t *row;
        size_t i;

        print_rows_of(answer, "requirements");
        print_rows_of(answer, "components");
        json_array_foreach(json_object_get(answer, "not_derived"), i, row)
                printf("FR %" JSON_INTEGER_FORMAT " has no SL-T, so nothing is known to be required\n",
                       json_integer_value(row));
        json_array_foreach(json_object_get(answer, "no_longer"), i, row)
                printf("%-8s %-8s %s\n", "no more", cli_text(row, "requirement"), cli_text(row, "ref"));
        cli_print_commit(json_object_get(answer, "changes"));
}

bool cmd_catalog(Cli *cli, char **args, GError **error)
{
        g_autofree char *zone = NULL;
        gboolean dry_run = FALSE;
        const GOptionEntry options[] = {
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zone, "apply: for this zone or conduit", "KEY" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "apply: show the rows, and change nothing",
                  NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 1, 2, &operands, error))
                return false;
        if (strcmp(operands[0], "apply") == 0 && operands[1] == NULL && zone != NULL)
                return cli_answer(cli, "catalog.apply",
                                  json_pack("{s:s, s:b}", "zone", zone, "dry_run", (int)dry_run),
                                  print_applied, error);
        if (strcmp(operands[0], "list") == 0 && operands[1] == NULL && zone == NULL && !dry_run)
                return cli_answer(cli, "catalog.list", json_object(), NULL, error);
        if (strcmp(operands[0], "show") == 0 && operands[1] != NULL && zone == NULL && !dry_run)
                return cli_answer(cli, "catalog.show", json_pack("{s:s}", "standard", operands[1]), NULL,
                                  error);
        error_set(error, ZW_ERR_USAGE, "catalog",
                  "use `catalog list`, `catalog show STANDARD` or `catalog apply --zone KEY`");
        return false;
}

/* ---- differences ---- */

static void print_value(const json_t *value)
{
        g_autofree char *text = json_is_string(value) ? g_strdup(json_string_value(value))
                                : value == NULL || json_is_null(value)
                                        ? g_strdup("-")
                                        : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

        fputs(text, stdout);
}

void print_diff(const json_t *answer)
{
        const json_t *item, *field, *link;
        size_t i, f;

        json_array_foreach(json_object_get(answer, "items"), i, item)
        {
                printf("%-8s %-8s %s\n", cli_text(item, "change"), cli_text(item, "key"),
                       cli_text(item, "title"));
                json_array_foreach(json_object_get(item, "fields"), f, field)
                {
                        printf("         %s: ", cli_text(field, "field"));
                        print_value(json_object_get(field, "old"));
                        fputs(" -> ", stdout);
                        print_value(json_object_get(field, "new"));
                        putchar('\n');
                }
        }
        json_array_foreach(json_object_get(answer, "links"), i, link)
                printf("%-8s %s %s %s%s%s\n", cli_text(link, "change"), cli_text(link, "from"),
                       cli_text(link, "type"), cli_text(link, "to"),
                       cli_text(link, "as")[0] == '\0' ? "" : " as ", cli_text(link, "as"));
        printf("%" JSON_INTEGER_FORMAT " differences between commits %" JSON_INTEGER_FORMAT
               " and %" JSON_INTEGER_FORMAT "\n",
               json_integer_value(json_object_get(answer, "differences")),
               json_integer_value(json_object_get(answer, "from")),
               json_integer_value(json_object_get(answer, "to")));
}

bool cmd_diff(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, NULL, 1, 2, &operands, error) &&
               cli_answer(cli, "diff", json_pack("{s:s, s:s*}", "from", operands[0], "to", operands[1]),
                          print_diff, error);
}

/* ---- levels ---- */

static void vector_text(const json_t *vector, char *ret_text)
{
        const json_t *entry;
        size_t i;

        *ret_text++ = '{';
        json_array_foreach(vector, i, entry)
        {
                if (i > 0)
                        *ret_text++ = ' ';
                *ret_text++ = json_is_null(entry) ? '?' : (char)('0' + json_integer_value(entry));
        }
        *ret_text++ = '}';
        *ret_text = '\0';
}

/* How many rows an entry rests on: a 4 may stand on one row alone. */
static void print_capability(const json_t *answer)
{
        static const struct {
                const char *key, *label;
        } vectors[] = { { "capability", "" },
                        { "with_compensation", ", compensated or by integration" },
                        { "claimed", ", design claim" } };
        const char *key = cli_text(answer, "component")[0] != '\0' ? "component" : "system";
        const json_t *share;
        size_t i;

        for (i = 0; i < G_N_ELEMENTS(vectors); i++) {
                char text[24];

                vector_text(json_object_get(answer, vectors[i].key), text);
                printf("SL-C(%s)%s = %s\n", cli_text(answer, key), vectors[i].label, text);
        }
        printf("rows met:");
        json_array_foreach(json_object_get(answer, "rows"), i, share)
                printf(" %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT "%s",
                       json_integer_value(json_object_get(share, "met")),
                       json_integer_value(json_object_get(share, "of")), i < 6 ? "," : "\n");
        json_array_foreach(json_object_get(answer, "reasons"), i, share)
                printf("  SL %" JSON_INTEGER_FORMAT ": %s\n",
                       json_integer_value(json_object_get(share, "level")), cli_text(share, "text"));
}

static void print_places(const json_t *answer)
{
        const json_t *place;
        size_t i;

        if (json_is_object(answer)) {
                print_capability(answer);
                return;
        }
        printf("%-8s %-17s %-17s %-17s %-17s %-17s %s\n", "place", "SL-T", "SL-A verified", "design claim",
               "verified+find.", "claim+findings", "title");
        json_array_foreach(answer, i, place)
        {
                const json_t *achieved = json_object_get(place, "achieved");
                char vectors[5][24];

                vector_text(json_object_get(place, "target"), vectors[0]);
                vector_text(json_object_get(achieved, "verified"), vectors[1]);
                vector_text(json_object_get(achieved, "claimed"), vectors[2]);
                vector_text(json_object_get(achieved, "verified_with_findings"), vectors[3]);
                vector_text(json_object_get(achieved, "claimed_with_findings"), vectors[4]);
                printf("%-8s %-17s %-17s %-17s %-17s %-17s %s%s\n", cli_text(place, "place"), vectors[0],
                       vectors[1], vectors[2], vectors[3], vectors[4], cli_text(place, "title"),
                       strcmp(cli_text(json_object_get(place, "derivation"), "state"), "under_review") == 0
                               ? " (SL-T under review)"
                               : "");
        }
}

/* Each row that stops SL-A verified, once, with what its first member lacks; `zw gaps` has all of them. An entry that is not known
 * names no level. */
static void print_stops(const json_t *stops)
{
        const json_t *stop, *cause;
        const char *last = "";
        size_t i, c;

        json_array_foreach(stops, i, stop)
        {
                const gint64 level = jread_get_int(stop, "level", 0);
                g_autofree char *below = level > 0 ? g_strdup_printf("stops below %" G_GINT64_FORMAT, level)
                                                   : g_strdup("is not known");

                if (strcmp(cli_text(stop, "ref"), last) == 0)
                        continue;
                last = cli_text(stop, "ref");
                printf("  FR %" JSON_INTEGER_FORMAT " %s: %s is %s\n",
                       json_integer_value(json_object_get(stop, "fr")), below, last,
                       cli_text(stop, "status"));
                json_array_foreach(json_object_get(stop, "causes"), c, cause)
                        printf("       - %s\n", cli_text(cause, "text"));
        }
}

/* One place, with how its SL-T follows and what stops its SL-A. */
static void print_place(const json_t *answer)
{
        const json_t *place = json_array_get(answer, 0), *derivation = json_object_get(place, "derivation");

        print_places(answer);
        if (derivation != NULL)
                print_derivation(derivation);
        print_stops(json_object_get(place, "reasons"));
}

bool cmd_sl(Cli *cli, char **args, GError **error)
{
        g_autofree char *zone = NULL, *component = NULL, *system = NULL;
        const GOptionEntry options[] = {
                { "zone", 0, 0, G_OPTION_ARG_STRING, &zone, "only this zone or conduit", "KEY" },
                { "component", 0, 0, G_OPTION_ARG_STRING, &component, "SL-C of a component or a system",
                  "KEY" },
                { "system", 0, 0, G_OPTION_ARG_STRING, &system, "SL-C of a system", "KEY" },
                G_OPTION_ENTRY_NULL
        };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 0, 0, &operands, error) &&
               cli_answer(cli, "sl",
                          json_pack("{s:s*, s:s*, s:s*, s:b}", "zone", zone, "component", component, "system",
                                    system, "reasons", cli->json || zone != NULL),
                          zone == NULL ? print_places : print_place, error);
}

static void print_gaps(const json_t *answer)
{
        const json_t *gap, *cause;
        size_t i, c;

        json_array_foreach(answer, i, gap)
        {
                if (strcmp(cli_text(gap, "status"), "verified") == 0 ||
                    strcmp(cli_text(gap, "status"), "removed") == 0)
                        continue;
                printf("%-8s %-26s %-9s %s\n", cli_text(gap, "place"), cli_text(gap, "ref"),
                       cli_text(gap, "status"), cli_text(gap, "title"));
                json_array_foreach(json_object_get(gap, "causes"), c, cause)
                        printf("         - %s\n", cli_text(cause, "text"));
        }
}

bool cmd_gaps(Cli *cli, char **args, GError **error)
{
        g_autofree char *zone = NULL;
        const GOptionEntry options[] = { { "zone", 0, 0, G_OPTION_ARG_STRING, &zone,
                                           "only this zone or conduit", "KEY" },
                                         G_OPTION_ENTRY_NULL };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 0, 0, &operands, error) &&
               cli_answer(cli, "gaps", json_pack("{s:s*}", "zone", zone), print_gaps, error);
}

static void print_defect(const json_t *defect)
{
        const json_t *answer = json_object_get(defect, "answer");

        printf("%-36s %s", cli_text(defect, "rule"), cli_text(defect, "message"));
        if (json_is_object(answer))
                printf(" (answered by %s, %s: %s)", cli_text(answer, "waiver"), cli_text(answer, "by"),
                       cli_text(answer, "reason"));
        putchar('\n');
}

static void print_defects(const json_t *answer)
{
        const json_t *defect;
        size_t i;

        json_array_foreach(answer, i, defect) print_defect(defect);
}

bool cmd_lint(Cli *cli, char **args, GError **error)
{
        gboolean answered = FALSE;
        const GOptionEntry options[] = { { "answered", 0, 0, G_OPTION_ARG_NONE, &answered,
                                           "those too that a waiver answers, with its reason", NULL },
                                         G_OPTION_ENTRY_NULL };
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, options, 0, 0, &operands, error) &&
               cli_answer(cli, "lint", json_pack("{s:b}", "answered", (int)answered), print_defects, error);
}

/* ---- trust ---- */

static void print_trust(const json_t *answer)
{
        const json_t *problem;
        size_t i;

        printf("%s", json_is_true(json_object_get(answer, "ok")) ? "ok" : "NOT OK");
        if (json_is_string(json_object_get(answer, "root")))
                printf(", %" JSON_INTEGER_FORMAT " commits, root %s",
                       json_integer_value(json_object_get(answer, "commits")), cli_text(answer, "root"));
        putchar('\n');
        json_array_foreach(json_object_get(answer, "problems"), i, problem)
                printf("%s: %s\n", cli_text(problem, "where"), cli_text(problem, "message"));
}

/* Of several projects, a line of each. */
static void print_trust_of_all(const json_t *answer)
{
        const json_t *project;
        size_t i;

        print_trust(answer);
        json_array_foreach(json_object_get(answer, "projects"), i, project)
        {
                printf("%s: ", cli_text(project, "project"));
                print_trust(project);
        }
}

/* A file is verified without a data directory, wherever it came from. */
static json_t *verify_file(const Cli *cli, const char *path, GError **error)
{
        g_autoptr(Out) out = out_new(FILE_ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_auto(Meter) meter = { 0 };
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        GError *why = NULL;
        bool ok;

        if (fd < 0) {
                error_set(error, ZW_ERR_NOT_FOUND, path, "%s", g_strerror(errno));
                return NULL;
        }
        ok = service_verify_file(fd, meter_begin(&meter, cli->quiet), w, &why);
        close(fd);
        if (!ok) {
                cli_error_in(path, why, error);
                return NULL;
        }
        return out_check(out, error) ? jread_parse(out_data(out), out_length(out), error) : NULL;
}

/* A checkpoint as `zw checkpoint` printed it: the note, and the key below it unless another one is given. */
static bool note_read(const char *path, char **ret_note, char **key, GError **error)
{
        static const char below[] = "\nkey ";
        char *at;
        g_autoptr(GError) why = NULL;
        gsize n;

        if (g_file_get_contents(path, ret_note, &n, &why) && strlen(*ret_note) == n) {
                at = strstr(*ret_note, below);
                if (at != NULL && *key == NULL)
                        *key = g_strchomp(g_strdup(at + strlen(below)));
                if (at != NULL)
                        *at = '\0';
                return true;
        }
        error_set(error, ZW_ERR_INPUT, path, "%s", why == NULL ? "this is no checkpoint" : why->message);
        return false;
}

bool cmd_verify(Cli *cli, char **args, GError **error)
{
        g_autofree char *checkpoint = NULL, *key = NULL, *note = NULL;
        const GOptionEntry options[] = {
                { "checkpoint", 0, 0, G_OPTION_ARG_FILENAME, &checkpoint,
                  "the log must continue this one, too", "FILE" },
                { "key", 0, 0, G_OPTION_ARG_STRING, &key, "that signed it, when it was another installation",
                  "KEY" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) answer = NULL;

        if (!cli_parse(cli, args, options, 0, 1, &operands, error) ||
            (checkpoint != NULL && !note_read(checkpoint, &note, &key, error)))
                return false;
        if (operands[0] == NULL && note == NULL && key == NULL)
                return cli_answer_each(cli, "verify", print_trust_of_all, error);
        if (operands[0] == NULL)
                return cli_answer(cli, "verify", json_pack("{s:s*, s:s*}", "checkpoint", note, "key", key),
                                  print_trust, error);
        answer = verify_file(cli, operands[0], error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_trust_of_all);
        cli->no = json_is_false(json_object_get(answer, "ok"));
        return true;
}

bool cmd_check(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;

        return cli_parse(cli, args, NULL, 0, 0, &operands, error) &&
               cli_answer_each(cli, "check", print_trust_of_all, error);
}
