/* Commands for people and access. Passwords come from the terminal without echo, or from a file, and go to the use case as
 * an open file: never through an argument, the environment or JSON. */
#include "base/password.h"
#include "cli/cli.h"
#include "cli/password_input.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- passwords ---- */

static bool password_set(Cli *cli, const char *name, const SecretText *password, GError **error)
{
        ServiceFile file = { "password", secret_text_file(password, error) };
        g_autoptr(Json) answer = NULL;

        if (file.fd < 0)
                return false;
        answer = cli_call_files(cli, "user.password", json_pack("{s:s*}", "person", name),
                                (ServiceFiles){ &file, 1 }, error);
        close(file.fd);
        return answer != NULL;
}

/* ---- printing ---- */

/* The texts of an array, a comma between. Free it. */
static char *texts_of(const json_t *object, const char *key)
{
        GString *text = g_string_new(NULL);
        const json_t *one;
        size_t i;

        json_array_foreach(json_object_get(object, key), i, one)
                g_string_append_printf(text, "%s%s", i == 0 ? "" : ",", json_string_value(one));
        return g_string_free(text, FALSE);
}

static void print_name(const json_t *answer)
{
        printf("done for %s\n", cli_text(answer, "name"));
}

static void print_users(const json_t *answer)
{
        const json_t *user;
        size_t i;

        json_array_foreach(answer, i, user)
                printf("%-20s %-9s %-9s %-9s %-5s %s\n", cli_text(user, "name"), cli_text(user, "state"),
                       jread_get_bool(user, "operator", false) ? "operator" : "-",
                       jread_get_bool(user, "password", false) ? "password" : "-",
                       jread_get_bool(user, "totp", false) ? "totp" : "-", cli_text(user, "full_name"));
}

static void print_roles(const json_t *answer)
{
        const json_t *grant;
        size_t i;

        json_array_foreach(answer, i, grant)
        {
                g_autofree char *zones = texts_of(grant, "zones");

                printf("%-20s %-22s %s%s%s%s%s%s\n", cli_text(grant, "name"), cli_text(grant, "role"),
                       zones[0] == '\0' ? "" : "in ", zones,
                       cli_text(grant, "baseline")[0] == '\0' ? "" : "as of ", cli_text(grant, "baseline"),
                       cli_text(grant, "until")[0] == '\0' ? "" : " until ", cli_text(grant, "until"));
        }
}

static void print_tokens(const json_t *answer)
{
        const json_t *token;
        size_t i;

        json_array_foreach(answer, i, token)
        {
                g_autofree char *scope = texts_of(token, "scope");

                printf("%s %-20s %-20s %-12s %s %s\n", cli_text(token, "id"), cli_text(token, "name"), scope,
                       cli_text(token, "project")[0] == '\0' ? "*" : cli_text(token, "project"),
                       cli_text(token, "expires"), cli_text(token, "revoked")[0] == '\0' ? "" : "revoked");
        }
}

static void print_token(const json_t *answer)
{
        fprintf(stderr, "good until %s; it is shown this once\n", cli_text(answer, "expires"));
        puts(cli_text(answer, "token"));
}

static void print_sessions(const json_t *answer)
{
        const json_t *session;
        size_t i;

        json_array_foreach(answer, i, session)
                printf("%s %-40s %s\n", cli_text(session, "id"), cli_text(session, "address"),
                       cli_text(session, "seen"));
}

static void print_passkeys(const json_t *answer)
{
        const json_t *passkey;
        size_t i;

        json_array_foreach(answer, i, passkey)
                printf("%s %-20s %-24s %s\n", cli_text(passkey, "id"), cli_text(passkey, "name"),
                       cli_text(passkey, "host"), cli_text(passkey, "used"));
}

static void print_ended(const json_t *answer)
{
        printf("ended %" JSON_INTEGER_FORMAT "\n", json_integer_value(json_object_get(answer, "ended")));
}

static void print_address(const json_t *answer)
{
        puts(cli_text(answer, "address"));
}

static bool words_are(char **words, const char *first, guint least, guint most)
{
        const guint n = g_strv_length(words);

        return strcmp(words[0], first) == 0 && n >= least && n <= most;
}

static json_t *array_of(char *const *texts)
{
        json_t *array = json_array();

        for (; texts != NULL && *texts != NULL; texts++)
                json_array_append_new(array, json_string(*texts));
        return array;
}

/* ---- zw user ---- */

typedef struct {
        char *full_name, *password_file;
        gboolean operator_on, operator_off;
} UserOptions;

static void user_options_clear(UserOptions *options)
{
        g_free(options->full_name);
        g_free(options->password_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UserOptions, user_options_clear)

static json_t *user_input(const char *name, const UserOptions *options)
{
        json_t *input = json_pack("{s:s, s:s*}", "name", name, "full_name", options->full_name);

        if (options->operator_on || options->operator_off)
                json_object_set_new(input, "operator", json_boolean(options->operator_on));
        return input;
}

static bool user_add(Cli *cli, const char *name, const UserOptions *options, GError **error)
{
        g_autoptr(SecretText) password = NULL;
        g_autoptr(Json) answer = NULL;

        /* Checked first, so that a bad one leaves no person without a password behind. */
        if (options->password_file != NULL) {
                password = password_read_new(options->password_file, error);
                if (password == NULL || !password_check(password, name, error))
                        return false;
        }
        answer = cli_call(cli, "user.add", user_input(name, options), error);
        if (answer == NULL || (password != NULL && !password_set(cli, name, password, error)))
                return false;
        cli_print(cli, answer, print_name);
        return true;
}

static bool user_password(Cli *cli, const char *name, const UserOptions *options, GError **error)
{
        g_autoptr(SecretText) password = password_read_new(options->password_file, error);

        if (password == NULL || !password_set(cli, name, password, error))
                return false;
        puts("the password is set; sessions have ended");
        return true;
}

static bool user_totp(Cli *cli, char **words, GError **error)
{
        if (words_are(words, "enrol", 1, 1))
                return cli_answer(cli, "totp.enrol", json_object(), print_address, error);
        if (words_are(words, "confirm", 2, 2))
                return cli_answer(cli, "totp.confirm", json_pack("{s:s}", "code", words[1]), print_name,
                                  error);
        if (words_are(words, "remove", 1, 2))
                return cli_answer(cli, "totp.remove", json_pack("{s:s*}", "person", words[1]), print_name,
                                  error);
        return cli_wrong_words("user", error);
}

static bool user_do(Cli *cli, char **words, const UserOptions *options, GError **error)
{
        if (words_are(words, "list", 1, 1))
                return cli_answer(cli, "user.list", json_object(), print_users, error);
        if (words_are(words, "me", 1, 1))
                return cli_answer(cli, "user.me", json_object(), NULL, error);
        if (words_are(words, "add", 2, 2))
                return user_add(cli, words[1], options, error);
        if (words_are(words, "set", 2, 2))
                return cli_answer(cli, "user.set", user_input(words[1], options), print_name, error);
        if (words_are(words, "disable", 2, 2) || words_are(words, "enable", 2, 2))
                return cli_answer(cli, "user.set",
                                  json_pack("{s:s, s:b}", "name", words[1], "disabled",
                                            strcmp(words[0], "disable") == 0),
                                  print_name, error);
        if (words_are(words, "mail", 2, 2) && (strcmp(words[1], "on") == 0 || strcmp(words[1], "off") == 0))
                return cli_answer(cli, "user.mail", json_pack("{s:b}", "on", strcmp(words[1], "on") == 0),
                                  print_name, error);
        if (words_are(words, "password", 1, 2))
                return user_password(cli, words[1], options, error);
        if (words_are(words, "passkeys", 1, 2))
                return cli_answer(cli, "passkey.list", json_pack("{s:s*}", "person", words[1]),
                                  print_passkeys, error);
        if (words_are(words, "passkey-remove", 2, 3))
                return cli_answer(cli, "passkey.remove",
                                  json_pack("{s:s, s:s*}", "id", words[1], "person", words[2]), print_name,
                                  error);
        if (words_are(words, "totp", 2, 3))
                return user_totp(cli, words + 1, error);
        return cli_wrong_words("user", error);
}

bool cmd_user(Cli *cli, char **args, GError **error)
{
        g_auto(UserOptions) given = { 0 };
        const GOptionEntry options[] = {
                { "full-name", 0, 0, G_OPTION_ARG_STRING, &given.full_name, "the name people read", "NAME" },
                { "operator", 0, 0, G_OPTION_ARG_NONE, &given.operator_on,
                  "manages people and projects of the installation", NULL },
                { "no-operator", 0, 0, G_OPTION_ARG_NONE, &given.operator_off, "does not", NULL },
                { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &given.password_file,
                  "read the password from a file, - is standard input", "FILE" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;

        return cli_parse(cli, args, options, 1, 3, &words, error) && user_do(cli, words, &given, error);
}

/* ---- zw role ---- */

static bool role_do(Cli *cli, char **words, char **zones, const char *until, const char *baseline,
                    GError **error)
{
        const bool grant = words_are(words, "grant", 3, G_MAXUINT);

        if (words_are(words, "list", 1, 1))
                return cli_answer(cli, "role.list", json_object(), print_roles, error);
        if (!grant && !words_are(words, "revoke", 3, G_MAXUINT))
                return cli_wrong_words("role", error);
        return cli_answer(cli, grant ? "role.grant" : "role.revoke",
                          json_pack("{s:s, s:o, s:o, s:s*, s:s*}", "name", words[1], "roles",
                                    array_of(words + 2), "zones", array_of(zones), "until", until, "baseline",
                                    baseline),
                          print_name, error);
}

bool cmd_role(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) zones = NULL, words = NULL;
        g_autofree char *until = NULL, *baseline = NULL;
        const GOptionEntry options[] = {
                { "zone", 0, 0, G_OPTION_ARG_STRING_ARRAY, &zones,
                  "change only what lies in it; may be repeated", "KEY" },
                { "until", 0, 0, G_OPTION_ARG_STRING, &until, "the role ends then", "DATE" },
                { "baseline", 0, 0, G_OPTION_ARG_STRING, &baseline,
                  "an auditor sees the project as of this baseline, and nothing later", "KEY" },
                G_OPTION_ENTRY_NULL,
        };

        return cli_parse(cli, args, options, 1, -1, &words, error) &&
               role_do(cli, words, zones, until, baseline, error);
}

/* ---- zw token, zw session ---- */

static bool end_one_or_all(Cli *cli, const char *usecase, const char *id, const char *person, GError **error)
{
        json_t *input = json_pack("{s:s*}", "person", person);

        if (strcmp(id, "all") == 0)
                json_object_set_new(input, "all", json_true());
        else
                json_object_set_new(input, "id", json_string(id));
        return cli_answer(cli, usecase, input, print_ended, error);
}

bool cmd_token(Cli *cli, char **args, GError **error)
{
        g_autofree char *person = NULL, *scope = NULL;
        gint days = 90;
        const GOptionEntry options[] = {
                { "scope", 0, 0, G_OPTION_ARG_STRING, &scope, "permissions, a comma between", "LIST" },
                { "days", 0, 0, G_OPTION_ARG_INT, &days, "how long it is good for", "N" },
                { "person", 0, 0, G_OPTION_ARG_STRING, &person, "whose it is, when not your own", "NAME" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL, permissions = NULL;

        if (!cli_parse(cli, args, options, 1, 2, &words, error))
                return false;
        if (words_are(words, "list", 1, 1))
                return cli_answer(cli, "token.list", json_pack("{s:s*}", "person", person), print_tokens,
                                  error);
        if (words_are(words, "revoke", 2, 2))
                return end_one_or_all(cli, "token.revoke", words[1], person, error);
        if (!words_are(words, "create", 2, 2))
                return cli_wrong_words("token", error);
        permissions = g_strsplit(scope == NULL ? "read" : scope, ",", -1);
        return cli_answer(cli, "token.create",
                          json_pack("{s:s, s:o, s:i, s:s*, s:s*}", "name", words[1], "scope",
                                    array_of(permissions), "days", (int)days, "person", person, "only",
                                    cli->project),
                          print_token, error);
}

bool cmd_session(Cli *cli, char **args, GError **error)
{
        g_autofree char *person = NULL;
        const GOptionEntry options[] = {
                { "person", 0, 0, G_OPTION_ARG_STRING, &person, "whose they are, when not your own", "NAME" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;

        if (!cli_parse(cli, args, options, 1, 2, &words, error))
                return false;
        if (words_are(words, "list", 1, 1))
                return cli_answer(cli, "session.list", json_pack("{s:s*}", "person", person), print_sessions,
                                  error);
        if (words_are(words, "end", 2, 2))
                return end_one_or_all(cli, "session.end", words[1], person, error);
        return cli_wrong_words("session", error);
}

/* ---- zw audit ---- */
