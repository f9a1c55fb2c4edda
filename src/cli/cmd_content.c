/* What documents and configurations hold: `zw capture`, `zw captures`. */
#include "cli/files.h"

#include <stdio.h>
#include <string.h>

/* ---- zw capture ---- */

static void print_put(const json_t *answer)
{
        const json_t *commit = json_object_get(json_object_get(answer, "outcome"), "commit");

        if (jread_get_bool(answer, "first", false))
                printf("%s: the first content, %.12s", cli_text(answer, "key"), cli_text(answer, "sha256"));
        else if (jread_get_bool(answer, "same", false))
                printf("%s: the same in all that counts", cli_text(answer, "key"));
        else
                printf("%s: differs, %" G_GINT64_FORMAT " lines gone and %" G_GINT64_FORMAT
                       " new; what rests on it is suspect",
                       cli_text(answer, "key"), jread_get_int(answer, "gone", 0),
                       jread_get_int(answer, "new", 0));
        if (json_is_integer(commit))
                printf(", commit %" JSON_INTEGER_FORMAT, json_integer_value(commit));
        putchar('\n');
}

bool cmd_capture(Cli *cli, char **args, GError **error)
{
        g_autofree char *revision = NULL, *version = NULL, *captured = NULL;
        gboolean dry_run = FALSE;
        const GOptionEntry options[] = {
                { "revision", 0, 0, G_OPTION_ARG_STRING, &revision, "the revision of the document",
                  "REVISION" },
                { "version", 0, 0, G_OPTION_ARG_STRING, &version, "the software version it belongs to",
                  "VERSION" },
                { "captured", 0, 0, G_OPTION_ARG_STRING, &captured,
                  "when it was read from the device; now unless said", "DATE" },
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "compare and change nothing", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;
        g_autoptr(GArray) files = NULL;
        g_autoptr(Json) answer = NULL;
        g_autofree char *name = NULL;

        if (!cli_parse(cli, args, options, 2, 2, &words, error))
                return false;
        files = cli_files_open(words + 1, error);
        if (files == NULL)
                return false;
        name = g_path_get_basename(words[1]);
        answer = cli_call_files(cli, "content.put",
                                json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:b, s:b, s:s*}", "key", words[0],
                                          "name", name, "revision", revision, "version", version, "captured",
                                          captured, "dry_run", dry_run, "editorial", cli->editorial,
                                          "message", cli->message),
                                cli_files_of(files), error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_put);
        cli->no = !jread_get_bool(answer, "first", false) && !jread_get_bool(answer, "same", false);
        return true;
}

/* ---- zw captures ---- */

static void print_list(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(json_object_get(answer, "revisions"), i, one)
                printf("revision %-3" G_GINT64_FORMAT " %s %-10s %-12s %.12s %s\n",
                       jread_get_int(one, "rev", 0), cli_text(one, "time"), cli_text(one, "state"),
                       json_is_string(json_object_get(one, "revision")) ? cli_text(one, "revision")
                                                                        : cli_text(one, "version"),
                       cli_text(one, "sha256"), cli_text(one, "name"));
        json_array_foreach(json_object_get(answer, "implements"), i, one)
                printf("implements %s %s by %s%s\n", cli_text(one, "key"), cli_text(one, "title"),
                       cli_text(one, "via"), jread_get_bool(one, "suspect", false) ? " (suspect)" : "");
}

static void print_lines(const json_t *answer)
{
        static const struct {
                const char *change;
                char mark;
        } marks[] = { { "same", ' ' }, { "gone", '-' }, { "new", '+' } };
        const json_t *one;
        size_t i;

        printf("%s revision %" G_GINT64_FORMAT " against %" G_GINT64_FORMAT ": %s\n", cli_text(answer, "key"),
               jread_get_int(answer, "from", 0), jread_get_int(answer, "to", 0),
               jread_get_bool(answer, "same", false)   ? "the same in all that counts"
               : jread_get_bool(answer, "text", false) ? "differs"
                                                       : "differs, and is no text that is compared by lines");
        json_array_foreach(json_object_get(answer, "lines"), i,
                           one) for (size_t k = 0; k < G_N_ELEMENTS(marks);
                                     k++) if (strcmp(marks[k].change, cli_text(one, "change")) == 0)
                printf("%c %s\n", marks[k].mark, cli_text(one, "text"));
        if (jread_get_bool(answer, "cut", false))
                printf("and more\n");
}

static void print_status(const json_t *answer)
{
        const json_t *one;
        size_t i;

        json_array_foreach(answer, i, one)
        {
                const json_t *implements = json_object_get(one, "implements");
                const char *revision = jread_get_string(one, "revision");

                printf("%-8s %-10s %-12s %s%s", cli_text(one, "key"), cli_text(one, "state"),
                       revision != NULL ? revision : cli_text(one, "version"), cli_text(one, "title"),
                       json_array_size(implements) > 0 ? ", implements" : "");
                for (size_t k = 0; k < json_array_size(implements); k++)
                        printf(" %s", json_string_value(json_array_get(implements, k)));
                printf("%s\n", jread_get_bool(one, "suspect", false) ? " (suspect)" : "");
        }
}

bool cmd_captures(Cli *cli, char **args, GError **error)
{
        gboolean diff = FALSE;
        const GOptionEntry options[] = {
                { "diff", 0, 0, G_OPTION_ARG_NONE, &diff,
                  "what differs between two revisions, the newest and the one before it unless said", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;
        const char *from, *to;

        if (!cli_parse(cli, args, options, 0, 3, &words, error))
                return false;
        if (!diff && words[0] == NULL)
                return cli_answer(cli, "content.status", json_object(), print_status, error);
        if (!diff && words[1] == NULL)
                return cli_answer(cli, "content.list", json_pack("{s:s}", "key", words[0]), print_list,
                                  error);
        if (!diff || words[0] == NULL) {
                error_set(error, ZW_ERR_USAGE, "captures",
                          "two revisions of one item are compared with KEY --diff");
                return false;
        }
        from = words[1];
        to = from == NULL ? NULL : words[2];
        return cli_answer(cli, "content.diff",
                          json_pack("{s:s, s:s*, s:s*}", "key", words[0], "from", from, "to", to),
                          print_lines, error);
}
