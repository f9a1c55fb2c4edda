/* Signing and approving. What is signed is shown first, and its hashes go along, so that nothing else is signed. */
#include "cli/cli.h"
#include "cli/password_input.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
        char *meaning, *role, *to, *password_file, *code;
        gboolean preview;
} SignOptions;

static void sign_options_clear(SignOptions *options)
{
        g_free(options->meaning);
        g_free(options->role);
        g_free(options->to);
        g_free(options->password_file);
        g_free(options->code);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SignOptions, sign_options_clear)

/* ---- what would be signed ---- */

static void previews_show(FILE *to, const json_t *previews)
{
        const json_t *one;
        size_t i;

        json_array_foreach(previews, i, one)
                fprintf(to, "%s\nThe person is %s (%s).\n\n", cli_text(one, "manifest"),
                        cli_text(one, "person"), cli_text(one, "full_name"));
}

static void print_previews(const json_t *previews)
{
        previews_show(stdout, previews);
}

static json_t *keys_of(char **words)
{
        json_t *keys = json_array();

        for (; *words != NULL; words++)
                json_array_append_new(keys, json_string(*words));
        return keys;
}

static json_t *previews_get(Cli *cli, const char *meaning, const SignOptions *options, char **keys,
                            GError **error)
{
        return cli_call(cli, "signature.preview",
                        json_pack("{s:o, s:s, s:s*, s:s*}", "keys", keys_of(keys), "meaning", meaning, "role",
                                  options->role, "reason", cli->message),
                        error);
}

/* ---- signing ---- */

static void print_signed(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(json_object_get(answer, "signed"), i, row)
                printf("%-8s revision %" JSON_INTEGER_FORMAT " signed as %s by the role %s, %s%s%s\n",
                       cli_text(row, "key"), json_integer_value(json_object_get(row, "rev")),
                       cli_text(row, "meaning"), cli_text(row, "role"), cli_text(row, "state"),
                       cli_text(row, "missing")[0] == '\0' ? "" : "; still needed: ",
                       cli_text(row, "missing"));
}

static json_t *items_of(const json_t *previews)
{
        json_t *items = json_array();
        const json_t *one;
        size_t i;

        json_array_foreach(previews, i, one)
                json_array_append_new(items, json_pack("{s:O, s:O, s:O}", "key", json_object_get(one, "key"),
                                                       "rev", json_object_get(one, "rev"), "hash",
                                                       json_object_get(one, "hash")));
        return items;
}

static bool sign_send(Cli *cli, const char *usecase, const char *meaning, const SignOptions *options,
                      const json_t *previews, GError **error)
{
        g_autoptr(SecretText) password = password_read(options->password_file, error);
        ServiceFile file = { "password", password == NULL ? -1 : secret_text_file(password, error) };
        g_autoptr(Json) answer = NULL;

        if (file.fd < 0)
                return false;
        answer = cli_call_files(cli, usecase,
                                json_pack("{s:o, s:s*, s:s*, s:s*, s:s, s:s*}", "items", items_of(previews),
                                          "meaning", meaning, "role", options->role, "to", options->to,
                                          "reason", cli->message, "code", options->code),
                                (ServiceFiles){ &file, 1 }, error);
        close(file.fd);
        if (answer != NULL)
                cli_print(cli, answer, print_signed);
        return answer != NULL;
}

static bool sign_do(Cli *cli, const char *usecase, const SignOptions *options, char **keys, GError **error)
{
        const bool approve = strcmp(usecase, "approve") == 0;
        const char *meaning = approve ? "approved" : options->meaning;
        g_autoptr(Json) previews = NULL;

        if (meaning == NULL) {
                error_set(error, ZW_ERR_USAGE, "sign", "say with --meaning what the signature says");
                return false;
        }
        if (cli->message == NULL && !options->preview) {
                error_set(error, ZW_ERR_USAGE, usecase, "say with -m why");
                return false;
        }
        previews = previews_get(cli, meaning, options, keys, error);
        if (previews == NULL)
                return false;
        if (options->preview) {
                cli_print(cli, previews, print_previews);
                return true;
        }
        if (!cli->quiet)
                previews_show(stderr, previews);
        return sign_send(cli, usecase, approve ? NULL : meaning, options, previews, error);
}

bool cmd_sign(Cli *cli, char **args, GError **error)
{
        g_auto(SignOptions) given = { 0 };
        const GOptionEntry options[] = {
                { "meaning", 0, 0, G_OPTION_ARG_STRING, &given.meaning,
                  "authored, reviewed, approved, accepted_risk or owner_approval", "MEANING" },
                { "role", 0, 0, G_OPTION_ARG_STRING, &given.role, "the role signed in", "ROLE" },
                { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &given.password_file,
                  "read the password from a file, - is standard input", "FILE" },
                { "code", 0, 0, G_OPTION_ARG_STRING, &given.code, "one-time code, where one is asked for",
                  "CODE" },
                { "preview", 0, 0, G_OPTION_ARG_NONE, &given.preview,
                  "show what would be signed, sign nothing", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) keys = NULL;

        return cli_parse(cli, args, options, 1, -1, &keys, error) &&
               sign_do(cli, "sign", &given, keys, error);
}

bool cmd_approve(Cli *cli, char **args, GError **error)
{
        g_auto(SignOptions) given = { 0 };
        const GOptionEntry options[] = {
                { "role", 0, 0, G_OPTION_ARG_STRING, &given.role, "the role signed in", "ROLE" },
                { "to", 0, 0, G_OPTION_ARG_STRING, &given.to, "the state, where it is not the approved one",
                  "STATE" },
                { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &given.password_file,
                  "read the password from a file, - is standard input", "FILE" },
                { "code", 0, 0, G_OPTION_ARG_STRING, &given.code, "one-time code, where one is asked for",
                  "CODE" },
                { "preview", 0, 0, G_OPTION_ARG_NONE, &given.preview,
                  "show what would be signed, sign nothing", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) keys = NULL;

        return cli_parse(cli, args, options, 1, -1, &keys, error) &&
               sign_do(cli, "approve", &given, keys, error);
}

/* ---- what was signed ---- */

static void print_signatures(const json_t *answer)
{
        const json_t *one;
        size_t i;

        if (json_array_size(answer) == 0)
                puts("nothing is signed");
        json_array_foreach(answer, i, one)
                printf("%-8s revision %-3" JSON_INTEGER_FORMAT " %-14s %-12s %s %s (%s): %s%s\n",
                       cli_text(one, "key"), json_integer_value(json_object_get(one, "rev")),
                       cli_text(one, "meaning"), cli_text(one, "role"), cli_text(one, "time"),
                       cli_text(one, "person"), cli_text(one, "full_name"), cli_text(one, "reason"),
                       jread_get_bool(one, "standing", false) ? ""
                                                              : "  [SUPERSEDED: it says something else now]");
}

bool cmd_signatures(Cli *cli, char **args, GError **error)
{
        g_autofree char *person = NULL;
        const GOptionEntry options[] = {
                { "person", 0, 0, G_OPTION_ARG_STRING, &person, "only those of a person", "NAME" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) keys = NULL;

        return cli_parse(cli, args, options, 0, 1, &keys, error) &&
               cli_answer(cli, "signature.list", json_pack("{s:s*, s:s*}", "key", keys[0], "person", person),
                          print_signatures, error);
}
