#include "cli/cli.h"

#include "base/near.h"
#include "base/newfile.h"
#include "cli/meter.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { ANSWER_MAX = 1 << 30 };

static const Command commands[] = {
#define COMMAND(name, function, operands, summary) { (name), (function), (operands), (summary) },
#include "cli/commands.def"
#undef COMMAND
};

const Command *cli_commands(size_t *ret_n)
{
        *ret_n = G_N_ELEMENTS(commands);
        return commands;
}

enum { GLOBAL_OPTIONS = 12 };

/* With the places values go to. */
static void global_options(Cli *cli, GOptionEntry *ret_options)
{
        const GOptionEntry options[] = {
                { "data", 0, 0, G_OPTION_ARG_FILENAME, &cli->data, "data directory", "DIR" },
                { "server", 0, 0, G_OPTION_ARG_STRING, &cli->server,
                  "a server elsewhere instead of a directory", "URL" },
                { "token-file", 0, 0, G_OPTION_ARG_FILENAME, &cli->token_file,
                  "the token to ask it with, the only line of a file", "FILE" },
                { "project", 0, 0, G_OPTION_ARG_STRING, &cli->project, "project to work on", "KEY" },
                { "at", 0, 0, G_OPTION_ARG_STRING, &cli->at, "read as of then", "SEQ|DATE|BASELINE" },
                { "instant", 0, 0, G_OPTION_ARG_STRING, &cli->instant,
                  "judge evidence and waivers as of then", "TIME" },
                { "message", 'm', 0, G_OPTION_ARG_STRING, &cli->message, "why, kept with the change",
                  "TEXT" },
                { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, "print the answer as JSON", NULL },
                { "editorial", 0, 0, G_OPTION_ARG_NONE, &cli->editorial, "the change raises no suspects",
                  NULL },
                { "quiet", 'q', 0, G_OPTION_ARG_NONE, &cli->quiet, "print no notes and no progress", NULL },
                { "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose,
                  "say what is used and how long it took", NULL },
                G_OPTION_ENTRY_NULL,
        };

        memcpy(ret_options, options, sizeof(options));
}
void cli_each_global(void (*fn)(const GOptionEntry *options, void *payload), void *payload)
{
        GOptionEntry options[GLOBAL_OPTIONS];
        Cli none = { 0 };

        global_options(&none, options);
        fn(options, payload);
}

/* Near names of the first long option that there is not; the empty text when all are known. */
static char *near_option(char **args, const GOptionEntry *global, const GOptionEntry *options)
{
        const GOptionEntry *const tables[] = { global, options };
        g_autoptr(GPtrArray) names = g_ptr_array_new();

        for (size_t t = 0; t < G_N_ELEMENTS(tables); t++)
                for (size_t i = 0; tables[t] != NULL && tables[t][i].long_name != NULL; i++)
                        g_ptr_array_add(names, (gpointer)(uintptr_t)tables[t][i].long_name);
        for (char **arg = args + 1; *arg != NULL; arg++) {
                g_autofree char *name = NULL;

                if (!g_str_has_prefix(*arg, "--"))
                        continue;
                name = g_strndup(*arg + 2, strcspn(*arg + 2, "="));
                if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
                        return near_names(name, (const char *const *)names->pdata, names->len);
        }
        return g_strdup("");
}

/* Options that are texts are checked by GLib. */
static bool words_check(char **operands, GError **error)
{
        for (; *operands != NULL; operands++) {
                g_autofree char *shown = NULL;

                if (g_utf8_validate(*operands, -1, NULL))
                        continue;
                shown = g_utf8_make_valid(*operands, -1);
                error_set(error, ZW_ERR_ENCODING, shown, "the word is not UTF-8");
                return false;
        }
        return true;
}

bool cli_parse(Cli *cli, char **args, const GOptionEntry *options, int least, int most, char ***ret_operands,
               GError **error)
{
        GOptionEntry global[GLOBAL_OPTIONS];
        g_autoptr(GOptionContext) context = g_option_context_new(NULL);
        g_autoptr(GError) why = NULL;
        g_auto(GStrv) rest = g_strdupv(args);
        int n, first;

        if (cli->describe != NULL) {
                cli->describe(options, cli->describe_payload);
                error_set(error, ZW_ERR_USAGE, args[0], "described");
                return false;
        }
        global_options(cli, global);
        g_option_context_set_help_enabled(context, FALSE);
        g_option_context_add_main_entries(context, global, NULL);
        if (options != NULL)
                g_option_context_add_main_entries(context, options, NULL);
        if (!g_option_context_parse_strv(context, &rest, &why)) {
                g_autofree char *near = near_option(args, global, options);

                error_set(error, ZW_ERR_USAGE, args[0], "%s%s%s", why->message, near,
                          near[0] == '\0' &&
                                          g_error_matches(why, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION)
                                  ? "; a word with a hyphen that is no option stands after --"
                                  : "");
                return false;
        }
        first = 1 + (rest[1] != NULL &&
                     strcmp(rest[1], "--") == 0); /* GLib leaves it before words with a hyphen */
        n = (int)g_strv_length(rest) - first;
        if (n < least || (most >= 0 && n > most)) {
                error_set(error, ZW_ERR_USAGE, args[0], "%s operands: see `zw help %s`",
                          n < least ? "too few" : "too many", args[0]);
                return false;
        }
        if (!words_check(rest + first, error))
                return false;
        if (cli->at != NULL && cli->at[0] == '\0') {
                error_set(error, ZW_ERR_USAGE, "at", "a commit, a date or a baseline is needed");
                return false;
        }
        *ret_operands = g_strdupv(rest + first);
        return true;
}

bool cli_wrong_words(const char *command, GError **error)
{
        error_set(error, ZW_ERR_USAGE, command, "these words are not understood: see `zw help %s`", command);
        return false;
}

char *cli_data_dir(const Cli *cli)
{
        const char *configured = cli->data != NULL ? cli->data : config_text(cli->config, ZW_CONFIG_DATA_DIR);

        return configured[0] != '\0' ? g_strdup(configured)
                                     : g_build_filename(g_get_user_data_dir(), "zonewright", NULL);
}

char *cli_new_data_dir(const Cli *cli)
{
        char *dir = cli_data_dir(cli);
        g_autofree char *parent = g_path_get_dirname(dir);

        if (strcmp(parent, g_get_user_data_dir()) == 0)
                (void)g_mkdir_with_parents(parent, 0700); /* what fails is told by who makes the directory */
        return dir;
}

bool cli_open(Cli *cli, GError **error)
{
        g_autofree char *dir = cli_data_dir(cli);

        if (cli->session != NULL)
                return true;
        if (cli->server != NULL && cli->data != NULL) {
                error_set(error, ZW_ERR_USAGE, "server", "either --server or --data says where the data are");
                return false;
        }
        if (cli->server != NULL) {
                cli->session = session_open_remote(cli->elsewhere, cli->server, cli->token_file, error);
                return cli->session != NULL;
        }
        if (cli->verbose)
                fprintf(stderr, "zw: data directory %s\n", dir);
        cli->session = session_open(dir, error);
        return cli->session != NULL;
}

void cli_error_in(const char *path, GError *why, GError **error)
{
        g_autofree char *where = g_strdup(error_where(why));
        const bool inside = where != NULL && where[0] != '\0';

        error_set_where(why, "%s%s%s", path, inside ? ": " : "", inside ? where : "");
        g_propagate_error(error, why);
}

json_t *cli_read_json(const char *path, GError **error)
{
        g_autofree char *text = g_malloc(ZW_CLI_JSON_MAX + 1);
        FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
        bool is_read;
        size_t n;

        if (file == NULL) {
                error_set(error, ZW_ERR_INPUT, path, "%s", g_strerror(errno));
                return NULL;
        }
        n = fread(text, 1, ZW_CLI_JSON_MAX + 1, file);
        is_read = ferror(file) == 0;
        if (file != stdin)
                fclose(file);
        if (!is_read) {
                error_set(error, ZW_ERR_INPUT, path, "it cannot be read");
                return NULL;
        }
        if (n > ZW_CLI_JSON_MAX) {
                error_set(error, ZW_ERR_LIMIT, path, "it has more bytes than the %d that are read at most",
                          (int)ZW_CLI_JSON_MAX);
                return NULL;
        }
        return jread_parse(text, n, error);
}

json_t *cli_words(const char *text)
{
        g_auto(GStrv) words = g_strsplit(text == NULL ? "" : text, ",", -1);
        json_t *list = json_array();

        for (char **word = words; *word != NULL; word++)
                json_array_append_new(list, json_string(*word));
        return list;
}

json_t *cli_call(Cli *cli, const char *usecase, json_t *input, GError **error)
{
        return cli_call_files(cli, usecase, input, (ServiceFiles){ NULL, 0 }, error);
}

json_t *cli_call_files(Cli *cli, const char *usecase, json_t *input, ServiceFiles files, GError **error)
{
        g_autoptr(Json) owned G_GNUC_UNUSED = input;
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_auto(Meter) meter = { 0 };
        const char *project = cli->project != NULL ? cli->project
                                                   : config_text(cli->config, ZW_CONFIG_PROJECT);

        if (!cli_open(cli, error))
                return NULL;
        if (json_object_get(input, "project") == NULL)
                json_object_set_new(input, "project", json_string(project));
        if (cli->at != NULL)
                json_object_set_new(input, "at", json_string(cli->at));
        if (cli->instant != NULL)
                json_object_set_new(input, "instant", json_string(cli->instant));
        if (cli->message != NULL)
                json_object_set_new(input, "message", json_string(cli->message));
        if (cli->editorial)
                json_object_set_new(input, "editorial", json_true());
        if (!session_call(cli->session, usecase, input, files, meter_begin(&meter, cli->quiet), out, error))
                return NULL;
        return jread_parse(out_data(out), out_length(out), error);
}

void cli_print(const Cli *cli, const json_t *answer, CliPrint print)
{
        if (cli->json || print == NULL) {
                json_dumpf(answer, stdout, JSON_INDENT(cli->json ? 0 : 2) | (cli->json ? JSON_COMPACT : 0));
                putchar('\n');
        } else {
                print(answer);
        }
}

const char *cli_text(const json_t *object, const char *key)
{
        const char *text = jread_get_string(object, key);

        return text == NULL ? "" : text;
}

void cli_print_commit(const json_t *changes)
{
        const json_t *commit = json_object_get(changes, "commit");

        if (json_is_integer(commit))
                printf("commit %" JSON_INTEGER_FORMAT "\n", json_integer_value(commit));
        else
                puts("nothing was changed");
}

bool cli_answer_file(Cli *cli, const char *usecase, json_t *input, const char *path, CliPrint print,
                     GError **error)
{
        g_autoptr(NewFile) file = newfile_begin(path, NEWFILE_FRESH, error);
        g_autoptr(Json) owned = input, answer = NULL;
        ServiceFile product;

        if (file == NULL)
                return false;
        product = (ServiceFile){ path, newfile_fd(file) };
        answer = cli_call_files(cli, usecase, json_incref(owned), (ServiceFiles){ &product, 1 }, error);
        if (answer == NULL || !newfile_place(file, error))
                return false;
        cli_print(cli, answer, print);
        return true;
}

bool cli_answer(Cli *cli, const char *usecase, json_t *input, CliPrint print, GError **error)
{
        g_autoptr(Json) answer = cli_call(cli, usecase, input, error);

        if (answer == NULL)
                return false;
        cli_print(cli, answer, print);
        cli->no = json_is_false(json_object_get(answer, "ok"));
        return true;
}

/* Whether there are several to choose from. A branch, whose key has a dot, is worked on by who names it. */
static bool are_several(const json_t *projects)
{
        const json_t *project;
        size_t i, own = 0;

        json_array_foreach(projects, i, project)
        {
                if (strchr(cli_text(project, "key"), '.') == NULL)
                        own++;
        }
        return own > 1;
}

/* An object with what the use case answers for each of them, under its name. */
static json_t *each_call(Cli *cli, const char *usecase, const json_t *projects, GError **error)
{
        g_autoptr(Json) answers = json_array();
        const json_t *project;
        bool ok = true;
        size_t i;

        json_array_foreach(projects, i, project)
        {
                const char *key = cli_text(project, "key");
                g_autoptr(Json) answer = cli_call(cli, usecase, json_pack("{s:s}", "project", key), error);
                g_autoptr(Json) named = json_pack("{s:s}", "project", key);

                if (answer == NULL)
                        return NULL;
                ok = ok && jread_get_bool(answer, "ok", false);
                json_object_update(named, answer);
                json_array_append(answers, named);
        }
        return json_pack("{s:b, s:O, s:[]}", "ok", (int)ok, "projects", answers, "problems");
}

bool cli_answer_each(Cli *cli, const char *usecase, CliPrint print, GError **error)
{
        const char *configured = config_text(cli->config, ZW_CONFIG_PROJECT);
        g_autoptr(Json) projects = NULL, answer = NULL;

        /* A commit is one of one project. */
        if (cli->project != NULL || configured[0] != '\0' || cli->at != NULL)
                return cli_answer(cli, usecase, json_object(), print, error);
        projects = cli_call(cli, "project.list", json_object(), error);
        if (projects == NULL)
                return false;
        if (!are_several(projects))
                return cli_answer(cli, usecase, json_object(), print, error);
        answer = each_call(cli, usecase, projects, error);
        if (answer == NULL)
                return false;
        cli_print(cli, answer, print);
        cli->no = json_is_false(json_object_get(answer, "ok"));
        return true;
}

const Command *cli_find_command(const char *name, GError **error)
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
        session_close(cli->session);
        config_free(cli->config);
        g_free(cli->data);
        g_free(cli->server);
        g_free(cli->token_file);
        g_free(cli->project);
        g_free(cli->at);
        g_free(cli->instant);
        g_free(cli->message);
}

/* True for an option before the command that has its value in the next word. */
static bool takes_value(const char *word)
{
        GOptionEntry global[GLOBAL_OPTIONS];
        Cli none = { 0 }; /* where the values would go */

        if (strchr(word, '=') != NULL)
                return false;
        global_options(&none, global);
        for (size_t i = 0; global[i].long_name != NULL; i++)
                if ((g_str_has_prefix(word, "--") && strcmp(word + 2, global[i].long_name) == 0) ||
                    (word[1] == global[i].short_name && word[2] == '\0'))
                        return global[i].arg != G_OPTION_ARG_NONE;
        return false;
}

/* The words with the command first: options may stand before it, and `--help` anywhere asks for its help. NULL when there
 * is no command. */
static char **words_of(int argc, char **argv)
{
        g_autoptr(GStrvBuilder) words = g_strv_builder_new();
        int at = 1;
        bool help = false;

        while (at < argc && argv[at][0] == '-' && strcmp(argv[at], "--help") != 0 &&
               strcmp(argv[at], "--version") != 0)
                at += takes_value(argv[at]) ? 2 : 1;
        if (at >= argc)
                return NULL;
        for (int i = at + 1; i < argc; i++)
                help = help || strcmp(argv[i], "--help") == 0;
        if (help)
                g_strv_builder_add(words, "help");
        g_strv_builder_add(words, g_str_has_prefix(argv[at], "--") ? argv[at] + 2 : argv[at]);
        for (int i = 1; i < argc && !help; i++)
                if (i != at)
                        g_strv_builder_add(words, argv[i]);
        return g_strv_builder_end(words);
}

/* A disk that is full, or a reader that is gone, cuts an answer short. */
static bool printed(GError **error)
{
        if (fflush(stdout) == 0 && ferror(stdout) == 0)
                return true;
        error_set(error, ZW_ERR_STORAGE, "standard output", "what was to be printed could not be written");
        return false;
}

static bool run(Cli *cli, char **words, GError **error)
{
        const Command *command = cli_find_command(words[0], error);

        if (command == NULL)
                return false;
        cli->config = config_load_default(error);
        return cli->config != NULL && command->run(cli, words, error);
}

int cli_main(int argc, char **argv, CliServeFn serve, const SessionRemote *elsewhere)
{
        static const char *const bare[] = { "help", NULL };
        Cli cli = { .program = argv[0], .serve = serve, .elsewhere = elsewhere };
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) words = words_of(argc, argv);
        gint64 begin = g_get_monotonic_time();
        int status = 0;

        if (words == NULL && argc > 1) {
                error_set(&error, ZW_ERR_USAGE, argv[1], "there is no command: see `zw help`");
                return report(error);
        }
        if (!run(&cli, words == NULL ? (char **)(uintptr_t)bare : words, &error))
                status = report(error);
        else if (cli.refused)
                status = error_exit_code(ZW_ERR_INPUT);
        else if (!printed(&error))
                status = report(error);
        else if (cli.no)
                status = 1;
        if (cli.verbose)
                fprintf(stderr, "zw: %.3f s\n", (double)(g_get_monotonic_time() - begin) / 1e6);
        cli_finish(&cli);
        return status;
}
