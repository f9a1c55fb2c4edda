/* What the program can be asked, from the table of commands and the options each one declares: as text, as a man page and
 * as a completion for bash. Also its settings and its version. */
#include "base/config.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20 };

static const char *const exits[] = {
        "0 done",        "1 the answer is no",          "2 wrong use", "3 input refused", "4 conflict",
        "5 not allowed", "6 storage or network failure"
};

typedef void (*OptionFn)(const GOptionEntry *options, void *payload);

/* The options a command declares: it is run just far enough to say them. */
static void command_options(const Command *command, OptionFn fn, void *payload)
{
        Cli cli = { .describe = fn, .describe_payload = payload };
        char *args[] = { (char *)(uintptr_t)command->name, NULL };
        g_autoptr(GError) described = NULL;

        if (command->run(&cli, args, &described))
                return;
}

/* ---- text ---- */

static void text_options(const GOptionEntry *options, void *payload)
{
        GString *text = payload;

        for (size_t i = 0; options != NULL && options[i].long_name != NULL; i++) {
                g_autofree char *name = g_strdup_printf("--%s%s%s", options[i].long_name,
                                                        options[i].arg_description == NULL ? "" : " ",
                                                        options[i].arg_description == NULL
                                                                ? ""
                                                                : options[i].arg_description);

                g_string_append_printf(text, "  %-26s %s", name, options[i].description);
                if (options[i].short_name != '\0')
                        g_string_append_printf(text, " (-%c)", options[i].short_name);
                g_string_append_c(text, '\n');
        }
}

static void help_all(GString *text)
{
        const Command *commands;
        size_t n;

        commands = cli_commands(&n);
        g_string_append(text, "Usage: zw COMMAND [OPTIONS] ...\n\n");
        for (size_t i = 0; i < n; i++)
                g_string_append_printf(text, "  %-10s %s\n", commands[i].name, commands[i].summary);
        g_string_append(text, "\nOptions of every command:\n");
        cli_each_global(text_options, text);
        g_string_append(text, "\nExit status:");
        for (size_t i = 0; i < G_N_ELEMENTS(exits); i++)
                g_string_append_printf(text, "%s %s", i == 0 ? "" : ",", exits[i]);
        g_string_append(text, ".\n`zw help COMMAND` says more of one.\n");
}

static void help_one(GString *text, const Command *command)
{
        g_autoptr(GString) options = g_string_new(NULL);

        command_options(command, text_options, options);
        g_string_append_printf(text, "Usage: zw %s%s%s%s\n\n%s\n", command->name,
                               command->operands[0] == '\0' ? "" : " ", command->operands,
                               options->len == 0 ? "" : " [OPTIONS]", command->summary);
        if (options->len > 0)
                g_string_append_printf(text, "\nOptions:\n%s", options->str);
        g_string_append(text, "\nOptions of every command:\n");
        cli_each_global(text_options, text);
}

/* ---- man page ---- */

/* Text for roff: a backslash and a hyphen would be read as something else. */
static void roff(GString *page, const char *text)
{
        for (; *text != '\0'; text++) {
                if (*text == '\\' || *text == '-')
                        g_string_append_c(page, '\\');
                g_string_append_c(page, *text);
        }
}

static void man_options(const GOptionEntry *options, void *payload)
{
        GString *page = payload;

        for (size_t i = 0; options != NULL && options[i].long_name != NULL; i++) {
                g_string_append(page, ".TP\n");
                if (options[i].short_name != '\0')
                        g_string_append_printf(page, "\\fB\\-%c\\fR, ", options[i].short_name);
                g_string_append(page, "\\fB\\-\\-");
                roff(page, options[i].long_name);
                g_string_append(page, "\\fR");
                if (options[i].arg_description != NULL) {
                        g_string_append(page, " \\fI");
                        roff(page, options[i].arg_description);
                        g_string_append(page, "\\fR");
                }
                g_string_append_c(page, '\n');
                roff(page, options[i].description);
                g_string_append_c(page, '\n');
        }
}

static void man_command(GString *page, const Command *command)
{
        g_string_append_printf(page, ".SS %s", command->name);
        if (command->operands[0] != '\0') {
                g_string_append_c(page, ' ');
                roff(page, command->operands);
        }
        g_string_append_c(page, '\n');
        roff(page, command->summary);
        g_string_append(page, ".\n");
        command_options(command, man_options, page);
}

static void man(GString *page)
{
        const Command *commands;
        size_t n;

        commands = cli_commands(&n);
        g_string_append(
                page,
                ".TH ZW 1 \"\" \"zonewright " ZW_VERSION "\" \"Zonewright\"\n.SH NAME\nzw \\- engineer and "
                "prove the IEC 62443 security of an industrial control system\n"
                ".SH SYNOPSIS\n.B zw\n.I COMMAND\n[\\fIOPTIONS\\fR] ...\n.SH OPTIONS OF EVERY COMMAND\n");
        cli_each_global(man_options, page);
        g_string_append(page, ".SH COMMANDS\n");
        for (size_t i = 0; i < n; i++)
                man_command(page, &commands[i]);
        g_string_append(page, ".SH EXIT STATUS\n");
        for (size_t i = 0; i < G_N_ELEMENTS(exits); i++)
                g_string_append_printf(page, ".TP\n.B %.1s\n%s\n", exits[i], exits[i] + 2);
        g_string_append(
                page,
                ".SH FILES\n.TP\n.I /etc/zonewright/zonewright.conf\nsettings; see \\fBzw config show\\fR\n");
}

/* ---- completion ---- */

static void completion_options(const GOptionEntry *options, void *payload)
{
        for (size_t i = 0; options != NULL && options[i].long_name != NULL; i++)
                g_string_append_printf(payload, " --%s", options[i].long_name);
}

static void completion(GString *script)
{
        const Command *commands;
        size_t n;

        commands = cli_commands(&n);
        g_string_append(script, "# Completion of zw for bash, made from its table of commands.\n_zw() {\n"
                                "        local word=${COMP_WORDS[COMP_CWORD]} command= i\n"
                                "        local commands=\"");
        for (size_t i = 0; i < n; i++)
                g_string_append_printf(script, "%s%s", i == 0 ? "" : " ", commands[i].name);
        g_string_append(script, "\"\n        local options=\"");
        cli_each_global(completion_options, script);
        g_string_append(script,
                        "\"\n        for ((i = 1; i < COMP_CWORD; i++)); do\n"
                        "                if [[ \" $commands \" == *\" ${COMP_WORDS[i]} \"* ]]; then\n"
                        "                        command=${COMP_WORDS[i]}\n                        break\n"
                        "                fi\n        done\n        case $command in\n");
        for (size_t i = 0; i < n; i++) {
                g_autoptr(GString) options = g_string_new(NULL);

                command_options(&commands[i], completion_options, options);
                if (options->len > 0)
                        g_string_append_printf(script, "        %s) options+=\"%s\" ;;\n", commands[i].name,
                                               options->str);
        }
        g_string_append(script,
                        "        '') options+=\" $commands\" ;;\n        esac\n"
                        "        if [[ $command == '' || $word == -* ]]; then\n"
                        "                mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
                        "        fi\n}\ncomplete -o default -F _zw zw\n");
}

bool cmd_help(Cli *cli, char **args, GError **error)
{
        gboolean page = FALSE, script = FALSE;
        const GOptionEntry options[] = { { "man", 0, 0, G_OPTION_ARG_NONE, &page, "as a man page", NULL },
                                         { "completion", 0, 0, G_OPTION_ARG_NONE, &script,
                                           "as a completion for bash", NULL },
                                         G_OPTION_ENTRY_NULL };
        g_autoptr(GString) text = g_string_new(NULL);
        g_auto(GStrv) operands = NULL;
        const Command *command;

        if (!cli_parse(cli, args, options, 0, 1, &operands, error))
                return false;
        if (page) {
                man(text);
        } else if (script) {
                completion(text);
        } else if (operands[0] == NULL) {
                help_all(text);
        } else {
                command = cli_find_command(operands[0], error);
                if (command == NULL)
                        return false;
                help_one(text, command);
        }
        fputs(text->str, stdout);
        return true;
}

static void print_version(const json_t *answer)
{
        printf("zonewright %s\n", cli_text(answer, "version"));
}

bool cmd_version(Cli *cli, char **args, GError **error)
{
        g_auto(GStrv) operands = NULL;
        g_autoptr(Json) answer = NULL;

        if (!cli_parse(cli, args, NULL, 0, 0, &operands, error))
                return false;
        answer = json_pack("{s:s}", "version", ZW_VERSION);
        cli_print(cli, answer, print_version);
        return true;
}

/* ---- settings ---- */

static void print_settings(const json_t *settings)
{
        const json_t *setting;
        size_t i;

        json_array_foreach(settings, i, setting)
        {
                g_autofree char *value = json_dumps(json_object_get(setting, "value"),
                                                    JSON_ENCODE_ANY | JSON_COMPACT);

                printf("%-20s %-24s %-12s %s\n", jread_get_string(setting, "name"), value,
                       jread_get_string(setting, "from"), jread_get_string(setting, "doc"));
        }
}

/* A settings file in which every setting stands as a comment, with its default. */
static void print_example(const json_t *settings)
{
        const char *group = "";
        const json_t *setting;
        size_t i;

        puts("# Settings of Zonewright. Each line that begins with \"#\" and a name shows a default; `zw config show` what holds.\n"
             "# `zw serve --check-config` judges this file.");
        json_array_foreach(settings, i, setting)
        {
                const char *name = jread_get_string(setting, "name"), *key = strchr(name, '.') + 1;
                const size_t n = (size_t)(key - name) - 1;

                if (strlen(group) <= n || strncmp(group, name, n + 1) != 0)
                        printf("\n[%.*s]\n", (int)n, name);
                group = name;
                printf("# %s%s\n#%s = %s\n", jread_get_string(setting, "doc"),
                       strcmp(jread_get_string(setting, "takes_effect"), "reload") == 0
                               ? " (taken anew at a reload)"
                               : "",
                       key, jread_get_string(setting, "default"));
        }
}

bool cmd_config(Cli *cli, char **args, GError **error)
{
        g_autoptr(Out) out = out_new(TEXT_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(Json) settings = NULL;
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, NULL, 1, 1, &operands, error))
                return false;
        if (strcmp(operands[0], "show") != 0 && strcmp(operands[0], "example") != 0) {
                error_set(error, ZW_ERR_USAGE, "config", "use `config show` or `config example`");
                return false;
        }
        config_write(cli->config, w);
        if (!out_check(out, error))
                return false;
        settings = jread_parse(out_data(out), out_length(out), error);
        if (settings == NULL)
                return false;
        if (operands[0][0] == 'e')
                print_example(settings);
        else if (cli->json)
                puts(out_data(out));
        else
                print_settings(settings);
        return true;
}
