/* Vulnerability feeds, and matching. */
#include "base/fd.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/mirror.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SIGNATURE_MAX = 64 << 10 };

/* ---- zw feed import ---- */

static void print_rows(const char *what, const json_t *rows, const char *member)
{
        const json_t *row;
        size_t i;

        json_array_foreach(rows, i, row)
                printf("%s %s: %s\n", what, cli_text(row, "where"), cli_text(row, member));
}

static void print_imported(const json_t *answer)
{
        const char *source;
        json_t *counts;

        print_rows("refused", json_object_get(answer, "refused"), "reason");
        print_rows("problem", json_object_get(answer, "problems"), "message");
        json_object_foreach(json_object_get(answer, "sources"), source, counts)
                printf("%s: %" G_GINT64_FORMAT " added, %" G_GINT64_FORMAT " updated, %" G_GINT64_FORMAT
                       " unchanged\n",
                       source, jread_get_int(counts, "added", 0), jread_get_int(counts, "updated", 0),
                       jread_get_int(counts, "unchanged", 0));
        if (!jread_get_bool(answer, "imported", false))
                puts("refused: nothing was changed");
}

/* A signature that lies beside a file of the list. */
static bool is_of_one(char **files, const char *path)
{
        g_autofree char *of = g_str_has_suffix(path, ".asc") ? g_strndup(path, strlen(path) - strlen(".asc"))
                                                             : NULL;
        g_autofree char *signature = of == NULL ? NULL : mirror_signature(of);

        return signature != NULL && g_strv_contains((const char *const *)files, of);
}

/* The files but the signatures of others among them. Free it. */
static char **files_but_signatures(char **paths, GError **error)
{
        g_auto(GStrv) files = cli_files_expand(paths, error);
        g_autoptr(GStrvBuilder) all = g_strv_builder_new();

        if (files == NULL)
                return NULL;
        for (char **file = files; *file != NULL; file++)
                if (!is_of_one(files, *file))
                        g_strv_builder_add(all, *file);
        return g_strv_builder_end(all);
}

/* A signature in base64, or null where none lies beside the file. NULL on failure. */
static json_t *signature_read(const char *path, GError **error)
{
        g_autofree char *beside = mirror_signature(path), *base64 = NULL;
        g_auto(Fd) fd = beside == NULL ? -1 : open(beside, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        guchar bytes[SIGNATURE_MAX];
        ssize_t n;

        if (beside == NULL)
                return json_null();
        n = fd < 0 ? -1 : pread(fd, bytes, SIGNATURE_MAX, 0);
        if (n <= 0 || n == SIGNATURE_MAX) {
                error_set(error, ZW_ERR_INPUT, beside,
                          "a signature has less than %d bytes, and more than none", SIGNATURE_MAX);
                return NULL;
        }
        base64 = g_base64_encode(bytes, (gsize)n);
        return json_string(base64);
}

/* Signatures are a part of the question, so that they take no descriptors; a server takes one file at a time. */
static bool signatures_take(char **files, json_t *input, GError **error)
{
        g_autoptr(Json) all = json_array();

        for (char **file = files; *file != NULL; file++) {
                json_t *signature = signature_read(*file, error);

                if (signature == NULL || json_array_append_new(all, signature) != 0)
                        return false;
        }
        if (json_array_size(all) > 1)
                return json_object_set(input, "signatures", all) == 0;
        if (json_is_string(json_array_get(all, 0)))
                json_object_set(input, "signature", json_array_get(all, 0));
        return true;
}

static bool feed_import(Cli *cli, char **paths, const char *format, const char *trust, bool partial,
                        GError **error)
{
        g_auto(GStrv) expanded = files_but_signatures(paths, error);
        g_autoptr(GArray) files = expanded == NULL ? NULL : cli_files_open(expanded, error);
        g_autoptr(Json) input = json_pack("{s:s*, s:s*, s:b}", "format", format, "trust", trust, "partial",
                                          (int)partial);
        g_autoptr(Json) answer = NULL;

        if (files == NULL || !signatures_take(expanded, input, error))
                return false;
        answer = cli_call_files(cli, "feed.import", json_incref(input), cli_files_of(files), error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_imported);
        cli->refused = !jread_get_bool(answer, "imported", false);
        return true;
}

/* ---- zw feed sync ---- */

static void print_synced(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(json_object_get(answer, "feeds"), i, row)
        {
                const int64_t missing = jread_get_int(row, "missing", 0);

                printf("%s: %s, %" G_GINT64_FORMAT " added, %" G_GINT64_FORMAT " updated, %" G_GINT64_FORMAT
                       " unchanged, %" G_GINT64_FORMAT " forgotten",
                       cli_text(row, "source"), cli_text(row, "state"), jread_get_int(row, "added", 0),
                       jread_get_int(row, "updated", 0), jread_get_int(row, "unchanged", 0),
                       jread_get_int(row, "forgotten", 0));
                if (missing > 0)
                        printf(", %" G_GINT64_FORMAT " missing", missing);
                putchar('\n');
                if (cli_text(row, "problem")[0] != '\0')
                        fprintf(stderr, "%s: %s\n", cli_text(row, "url"), cli_text(row, "problem"));
        }
}

/* The answer is "no" where a server could not be asked, or had less than it says. */
static bool feed_sync(Cli *cli, char **feeds, GError **error)
{
        g_autoptr(Json) names = json_array();
        g_autoptr(Json) answer = NULL;
        const json_t *row;
        size_t i;

        for (; *feeds != NULL; feeds++)
                json_array_append_new(names, json_string(*feeds));
        answer = cli_call(cli, "feed.sync", json_pack("{s:O}", "feeds", names), error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_synced);
        cli->no = !jread_get_bool(answer, "complete", false);
        json_array_foreach(json_object_get(answer, "feeds"), i, row)
                cli->no |= jread_get_int(row, "missing", 0) > 0;
        return true;
}

/* ---- zw feed bundle ---- */

static void print_bundle(const json_t *answer)
{
        const char *source;
        json_t *facts;

        json_object_foreach(json_object_get(answer, "sources"), source, facts)
                printf("%s: %" G_GINT64_FORMAT " records, newest %s\n", source,
                       jread_get_int(facts, "records", 0), cli_text(facts, "newest"));
        printf("signed with the key %s\n", cli_text(answer, "key"));
}

/* ---- zw feed status ---- */

static void print_signed(const json_t *counts)
{
        const int64_t withdrawn = jread_get_int(counts, "withdrawn", 0);

        printf(", %" G_GINT64_FORMAT " signed by a trusted key, %" G_GINT64_FORMAT
               " by an unknown one, %" G_GINT64_FORMAT " by none",
               jread_get_int(counts, "trusted", 0), jread_get_int(counts, "unknown", 0),
               jread_get_int(counts, "none", 0));
        if (withdrawn > 0)
                printf(", %" G_GINT64_FORMAT " by one that is trusted no longer", withdrawn);
}

static void print_status(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(answer, i, row)
        {
                printf("%s: %s, %" G_GINT64_FORMAT " records", cli_text(row, "source"),
                       cli_text(row, "state"), jread_get_int(row, "records", 0));
                if (json_is_integer(json_object_get(row, "age_days")))
                        printf(", newest %s, %" G_GINT64_FORMAT " days old", cli_text(row, "newest"),
                               jread_get_int(row, "age_days", 0));
                if (json_object_get(row, "signed") != NULL)
                        print_signed(json_object_get(row, "signed"));
                putchar('\n');
        }
}

/* The answer is "no" where a source is empty, partial or stale: what rests on it is not known. */
static bool feed_status(Cli *cli, GError **error)
{
        g_autoptr(Json) answer = cli_call(cli, "feed.status", json_object(), error);
        const json_t *row;
        size_t i;

        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_status);
        json_array_foreach(answer, i, row) cli->no |= strcmp(cli_text(row, "state"), "fresh") != 0;
        return true;
}

bool cmd_feed(Cli *cli, char **args, GError **error)
{
        g_autofree char *format = NULL, *trust = NULL;
        gboolean partial = FALSE;
        const GOptionEntry options[] = {
                { "format", 0, 0, G_OPTION_ARG_STRING, &format, "import: read as this format", "FORMAT" },
                { "trust", 0, 0, G_OPTION_ARG_STRING, &trust, "import: take a bundle signed with this key",
                  "KEY" },
                { "partial", 0, 0, G_OPTION_ARG_NONE, &partial, "import: take what is not refused", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 1, -1, &operands, error))
                return false;
        if (strcmp(operands[0], "import") == 0 && operands[1] != NULL)
                return feed_import(cli, operands + 1, format, trust, partial, error);
        if (strcmp(operands[0], "bundle") == 0 && operands[1] != NULL && operands[2] == NULL)
                return cli_answer_file(cli, "feed.bundle", json_object(), operands[1], print_bundle, error);
        if (strcmp(operands[0], "sync") == 0 && format == NULL && !partial)
                return feed_sync(cli, operands + 1, error);
        if (strcmp(operands[0], "status") == 0 && operands[1] == NULL && format == NULL && !partial)
                return feed_status(cli, error);
        error_set(error, ZW_ERR_USAGE, "feed",
                  "use `feed import FILE...`, `feed sync [FEED...]`, `feed bundle FILE` or `feed status`");
        return false;
}

/* ---- zw match ---- */

void cli_note_feeds(const json_t *answer)
{
        const json_t *feeds = json_object_get(answer, "feeds");

        if (strcmp(cli_text(feeds, "state"), "unknown") == 0)
                fprintf(stderr, "vulnerabilities are unknown: %s\n", cli_text(feeds, "because"));
}

static void print_matched(const json_t *answer)
{
        static const char *const counts[] = { "created", "updated", "unchanged" };
        const json_t *commit = json_object_get(answer, "commit");

        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
                if (jread_get_int(json_object_get(answer, counts[i]), "finding", 0) > 0)
                        printf("%s %" G_GINT64_FORMAT " finding\n", counts[i],
                               jread_get_int(json_object_get(answer, counts[i]), "finding", 0));
        if (json_is_integer(commit))
                printf("commit %" JSON_INTEGER_FORMAT "\n", json_integer_value(commit));
        else
                puts(jread_get_bool(answer, "dry_run", false) ? "dry run: nothing was changed"
                                                              : "nothing to change");
        cli_note_feeds(answer);
}

static void print_queue(const json_t *answer)
{
        const json_t *rows = json_object_get(answer, "rows"), *row;
        const char *next = jread_get_string(answer, "next");
        g_autofree char *word = next == NULL ? NULL : g_shell_quote(next);
        size_t i;

        if (json_array_size(rows) == 0)
                puts("nothing waits for a person");
        json_array_foreach(rows, i, row)
                printf("%-16s  %s: %s %s: %s\n", cli_text(row, "vulnerability"), cli_text(row, "vendor"),
                       cli_text(row, "product"), cli_text(row, "range"), cli_text(row, "title"));
        if (next != NULL)
                printf("%zu of %" JSON_INTEGER_FORMAT "; the next with --after %s\n", json_array_size(rows),
                       json_integer_value(json_object_get(answer, "count")), word);
        cli_note_feeds(answer);
}

/* What is not known is not clean: the answer is "no" then. */
static bool queue_show(Cli *cli, int limit, const char *after, GError **error)
{
        g_autoptr(Json) answer = NULL;

        if (limit < 0) {
                error_set(error, ZW_ERR_USAGE, "--limit", "a page has 1 row or more");
                return false;
        }
        answer = cli_call(cli, "match.queue",
                          json_pack("{s:o*, s:s*}", "limit", limit == 0 ? NULL : json_integer(limit), "after",
                                    after),
                          error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_queue);
        cli->no = strcmp(cli_text(json_object_get(answer, "feeds"), "state"), "known") != 0;
        return true;
}

static bool match_all(Cli *cli, bool dry_run, GError **error)
{
        g_autoptr(Json)
                answer = cli_call(cli, "match",
                                  json_pack("{s:b, s:s*}", "dry_run", (int)dry_run, "message", cli->message),
                                  error);

        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_matched);
        cli->no = strcmp(cli_text(json_object_get(answer, "feeds"), "state"), "known") != 0;
        return true;
}

bool cmd_match(Cli *cli, char **args, GError **error)
{
        gboolean dry_run = FALSE, queue = FALSE;
        gint limit = 0;
        g_autofree char *after = NULL;
        const GOptionEntry options[] = {
                { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "say what would be found, and change nothing",
                  NULL },
                { "queue", 0, 0, G_OPTION_ARG_NONE, &queue,
                  "what vendors of the inventory have and no source names by CPE", NULL },
                { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "rows of the queue on a page (200)", "N" },
                { "after", 0, 0, G_OPTION_ARG_STRING, &after, "the page of the queue behind this row",
                  "ROW" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 0, 0, &operands, error))
                return false;
        if (queue)
                return queue_show(cli, limit, after, error);
        return match_all(cli, dry_run, error);
}
