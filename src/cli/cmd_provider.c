/* The command for signing in elsewhere. */
#include "cli/cli.h"
#include "cli/password_input.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_provider(const json_t *answer)
{
        const json_t *provider = json_object_get(answer, "provider"), *row;
        size_t i;

        if (json_is_null(provider)) {
                puts("nobody signs in elsewhere");
                return;
        }
        printf("%s\nissuer    %s\nclient    %s%s\nscope     %s\ngroups in %s\n", cli_text(provider, "title"),
               cli_text(provider, "issuer"), cli_text(provider, "client_id"),
               jread_get_bool(provider, "secret", false) ? ", with a secret" : "",
               cli_text(provider, "scope"), cli_text(provider, "groups"));
        json_array_foreach(json_object_get(answer, "map"), i, row)
                printf("%-32s %-12s %s\n", cli_text(row, "group"), cli_text(row, "project"),
                       cli_text(row, "role"));
}

static void print_set(const json_t *answer)
{
        printf("people sign in at %s\n", cli_text(answer, "issuer"));
}

static void print_removed(const json_t *answer G_GNUC_UNUSED)
{
        puts("nobody signs in elsewhere, and roles that groups gave have ended");
}

static void print_mapped(const json_t *answer)
{
        printf("done for %s\n", cli_text(answer, "group"));
}

typedef struct {
        char *title, *scope, *groups, *secret_file;
} ProviderOptions;

static void provider_options_clear(ProviderOptions *options)
{
        g_free(options->title);
        g_free(options->scope);
        g_free(options->groups);
        g_free(options->secret_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ProviderOptions, provider_options_clear)

static bool provider_set(Cli *cli, char *const *names, const ProviderOptions *options, GError **error)
{
        json_t *input = json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "issuer", names[0], "client_id", names[1],
                                  "title", options->title, "scope", options->scope, "groups",
                                  options->groups);
        g_autoptr(SecretText) secret = NULL;
        g_autoptr(Json) answer = NULL;
        ServiceFile file = { "secret", -1 };

        if (options->secret_file != NULL) {
                secret = password_read(options->secret_file, error);
                file.fd = secret == NULL ? -1 : secret_text_file(secret, error);
                if (file.fd < 0) {
                        json_decref(input);
                        return false;
                }
        }
        answer = cli_call_files(cli, "provider.set", input, (ServiceFiles){ &file, file.fd < 0 ? 0 : 1 },
                                error);
        if (file.fd >= 0)
                close(file.fd);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print_set);
        return true;
}

static bool provider_do(Cli *cli, char **words, const ProviderOptions *options, GError **error)
{
        const guint n = g_strv_length(words);
        json_t *roles;

        if (strcmp(words[0], "show") == 0 && n == 1)
                return cli_answer(cli, "provider.show", json_object(), print_provider, error);
        if (strcmp(words[0], "set") == 0 && n == 3)
                return provider_set(cli, words + 1, options, error);
        if (strcmp(words[0], "remove") == 0 && n == 1)
                return cli_answer(cli, "provider.remove", json_object(), print_removed, error);
        if (strcmp(words[0], "map") == 0 && n >= 2) {
                roles = json_array();
                for (char **role = words + 2; *role != NULL; role++)
                        json_array_append_new(roles, json_string(*role));
                return cli_answer(cli, "provider.map",
                                  json_pack("{s:s, s:o}", "group", words[1], "roles", roles), print_mapped,
                                  error);
        }
        return cli_wrong_words("provider", error);
}

bool cmd_provider(Cli *cli, char **args, GError **error)
{
        g_auto(ProviderOptions) given = { 0 };
        const GOptionEntry options[] = {
                { "title", 0, 0, G_OPTION_ARG_STRING, &given.title, "what people know it by", "NAME" },
                { "secret-file", 0, 0, G_OPTION_ARG_FILENAME, &given.secret_file,
                  "read the secret of the client from a file, - is standard input", "FILE" },
                { "scope", 0, 0, G_OPTION_ARG_STRING, &given.scope,
                  "what is asked for; openid profile unless said", "WORDS" },
                { "groups", 0, 0, G_OPTION_ARG_STRING, &given.groups,
                  "the member of its tokens that lists groups; groups unless said", "NAME" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) words = NULL;

        return cli_parse(cli, args, options, 1, -1, &words, error) && provider_do(cli, words, &given, error);
}
