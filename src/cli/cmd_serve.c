/* `zw serve`: what serves is handed in by main, since the command line does not use http/. */
#include "cli/cli.h"

#include <stdio.h>

bool cmd_serve(Cli *cli, char **args, GError **error)
{
        g_autofree char *listen = NULL, *dir = NULL;
        gboolean check = FALSE, plain = FALSE;
        const GOptionEntry options[] = {
                { "listen", 0, 0, G_OPTION_ARG_STRING, &listen,
                  "address of this machine to serve on; port 0 takes a free one", "ADDR:PORT" },
                { "check-config", 0, 0, G_OPTION_ARG_NONE, &check, "judge the settings and serve nothing",
                  NULL },
                { "insecure-plain-http", 0, 0, G_OPTION_ARG_NONE, &plain,
                  "serve others than this machine without TLS", NULL },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 0, 0, &operands, error) ||
            (listen != NULL && !config_override(cli->config, ZW_CONFIG_LISTEN, listen, error)) ||
            (plain && !config_override(cli->config, ZW_CONFIG_PLAIN_HTTP, "true", error)))
                return false;
        dir = cli_data_dir(cli);
        if (!cli->serve(dir, cli->config, check, error))
                return false;
        if (check && !cli->quiet)
                puts("the settings are good");
        return true;
}
