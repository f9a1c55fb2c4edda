#include "cli/cli.h"

#include "base/near.h"
#include <stdio.h>
#include <string.h>

enum { ANSWER_MAX = 1 << 30 };

typedef struct {
        const char *name;
        bool (*run)(Cli *cli, char **args, GError **error);
        const char *operands, *summary;
} Command;

static const Command commands[] = {
#define COMMAND(name, function, operands, summary) { (name), (function), (operands), (summary) },
#include "cli/commands.def"
#undef COMMAND
};

static void help(FILE *file)
{
        fputs("Usage: zw COMMAND [OPTIONS] ...\n\n", file);
        for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
                fprintf(file, "  %-8s %-34s %s\n", commands[i].name, commands[i].operands,
                        commands[i].summary);
        fputs("\nOptions of every command: --data DIR, --project KEY, --at SEQ|DATE|BASELINE, --json, -m MESSAGE,\n"
              "--editorial. Exit: 0 done, 1 the answer is no, 2 wrong use, 3 input refused, 4 conflict, 5 not allowed,\n"
              "6 storage failure.\n",
              file);
}

bool cli_parse(Cli *cli, char **args, const GOptionEntry *options, int least, int most, char ***ret_operands,
               GError **error)
{
        const GOptionEntry global[] = {
                { "data", 0, 0, G_OPTION_ARG_FILENAME, &cli->data, "Data directory", "DIR" },
                { "project", 0, 0, G_OPTION_ARG_STRING, &cli->project, "Project", "KEY" },
                { "at", 0, 0, G_OPTION_ARG_STRING, &cli->at, "Read as of then", "SEQ" },
                { "message", 'm', 0, G_OPTION_ARG_STRING, &cli->message, "Why", "MESSAGE" },
                { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, "Print JSON", NULL },
                { "editorial", 0, 0, G_OPTION_ARG_NONE, &cli->editorial, "Raises no suspects", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_autoptr(GOptionContext) context = g_option_context_new(NULL);
        g_autoptr(GError) why = NULL;
        g_auto(GStrv) rest = g_strdupv(args);
        int n;

        g_option_context_set_help_enabled(context, FALSE);
        g_option_context_add_main_entries(context, global, NULL);
        if (options != NULL)
                g_option_context_add_main_entries(context, options, NULL);
        if (!g_option_context_parse_strv(context, &rest, &why)) {
                error_set(error, ZW_ERR_USAGE, args[0], "%s", why->message);
                return false;
        }
        n = (int)g_strv_length(rest) - 1;
        if (n < least || (most >= 0 && n > most)) {
                error_set(error, ZW_ERR_USAGE, args[0], "%s operands: see `zw help`",
                          n < least ? "too few" : "too many");
                return false;
        }
        *ret_operands = g_strdupv(rest + 1);
        return true;
}

static char *data_dir(const Cli *cli)
{
        const char *configured = cli->data != NULL ? cli->data : config_text(cli->config, ZW_CONFIG_DATA_DIR);

        return configured[0] != '\0' ? g_strdup(configured)
                                     : g_build_filename(g_get_user_data_dir(), "zonewright", NULL);
}

bool cli_open(Cli *cli, GError **error)
{
        g_autofree char *dir = data_dir(cli);

        if (cli->service != NULL)
                return true;
        cli->service = service_open(dir, error);
        return cli->service != NULL &&
               service_local_caller(cli->service, g_get_user_name(), &cli->caller, error);
}

json_t *cli_call(Cli *cli, const char *usecase, json_t *input, GError **error)
{
        return cli_call_files(cli, usecase, input, (ServiceFiles){ NULL, 0 }, error);
}

json_t *cli_call_files(Cli *cli, const char *usecase, json_t *input, ServiceFiles files, GError **error)
{
        g_autoptr(Json) owned G_GNUC_UNUSED = input;
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        const char *project = cli->project != NULL ? cli->project
                                                   : config_text(cli->config, ZW_CONFIG_PROJECT);

        if (!cli_open(cli, error))
                return NULL;
        if (json_object_get(input, "project") == NULL)
                json_object_set_new(input, "project", json_string(project));
        if (cli->at != NULL)
                json_object_set_new(input, "at", json_string(cli->at));
        if (cli->message != NULL)
                json_object_set_new(input, "message", json_string(cli->message));
        if (cli->editorial)
                json_object_set_new(input, "editorial", json_true());
        if (!service_call(cli->service, &cli->caller, usecase, input, files, w, error) ||
            !out_check(out, error))
                return NULL;
        return jread_parse(out_data(out), out_length(out), error);
}

bool cli_answer(Cli *cli, const char *usecase, json_t *input, CliPrint print, GError **error)
{
        g_autoptr(Json) answer = cli_call(cli, usecase, input, error);
        const json_t *ok = json_object_get(answer, "ok");

        if (answer == NULL)
                return false;
        if (cli->json || print == NULL) {
                json_dumpf(answer, stdout, JSON_INDENT(cli->json ? 0 : 2) | (cli->json ? JSON_COMPACT : 0));
                putchar('\n');
        } else {
                print(answer);
        }
        cli->no = json_is_false(ok);
        return true;
}

static const Command *command_find(const char *name, GError **error)
{
        const char *names[G_N_ELEMENTS(commands)];
        g_autofree char *near = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
                names[i] = commands[i].name;
                if (strcmp(commands[i].name, name) == 0)
                        return &commands[i];
        }
        near = near_names(name, names, G_N_ELEMENTS(names));
        error_set(error, ZW_ERR_USAGE, name, "there is no command \"%s\"%s", name, near);
        return NULL;
}

static int report(const GError *error)
{
        const char *where = error_where(error);

        if (where == NULL)
                fprintf(stderr, "zw: %s\n", error->message);
        else
                fprintf(stderr, "zw: %s: %s\n", where, error->message);
        return error_exit_code(error->domain == ZW_ERROR ? error->code : ZW_ERR_INTERNAL);
}

static void cli_finish(Cli *cli)
{
        service_close(cli->service);
        config_free(cli->config);
        g_free(cli->data);
        g_free(cli->project);
        g_free(cli->at);
        g_free(cli->message);
}

int cli_main(int argc, char **argv)
{
        Cli cli = { .program = argv[0] };
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) args = g_ptr_array_new();
        const Command *command;
        int at = 1, status = 0;

        /* Options may stand before the command: the first word that is neither one nor the value of one is its name. */
        while (at < argc && argv[at][0] == '-')
                at += strchr(argv[at], '=') != NULL || strcmp(argv[at], "--json") == 0 ||
                                      strcmp(argv[at], "--editorial") == 0 || strcmp(argv[at], "--help") == 0
                              ? 1
                              : 2;
        if (at >= argc || strcmp(argv[at], "help") == 0) {
                help(at >= argc && argc > 1 && strcmp(argv[1], "--help") != 0 ? stderr : stdout);
                return at < argc || argc == 1 || strcmp(argv[1], "--help") == 0 ? 0 : 2;
        }
        g_ptr_array_add(args, argv[at]);
        for (int i = 1; i < argc; i++)
                if (i != at)
                        g_ptr_array_add(args, argv[i]);
        g_ptr_array_add(args, NULL);
        command = command_find(argv[at], &error);
        cli.config = command == NULL ? NULL : config_load("/etc/zonewright/zonewright.conf", &error);
        if (cli.config == NULL || !command->run(&cli, (char **)args->pdata, &error))
                status = report(error);
        else if (cli.no)
                status = 1;
        cli_finish(&cli);
        return status;
}
