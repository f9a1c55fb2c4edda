/* `zw serve`: what serves is handed in by main, since the command line does not use http/. */
#include "cli/cli.h"

bool cmd_serve(Cli *cli, char **args, GError **error)
{
        g_autofree char *listen = NULL, *dir = NULL;
        const GOptionEntry options[] = { { "listen", 0, 0, G_OPTION_ARG_STRING, &listen,
                                           "address of this machine to serve on; port 0 takes a free one",
                                           "ADDR:PORT" },
                                         G_OPTION_ENTRY_NULL };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 0, 0, &operands, error))
                return false;
        dir = cli_data_dir(cli);
        return cli->serve(dir, listen == NULL ? config_text(cli->config, ZW_CONFIG_LISTEN) : listen,
                          cli->config, error);
}
