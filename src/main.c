/* Zonewright: engineering and proving IEC 62443 security of industrial control systems.
 *
 * The map of the source, in reading order (each folder has a README):
 *   base/      errors, bounded output, JSON, canonical encoding, hashes, instants, settings
 *   model/     metamodel and catalogues compiled from data/, operations and commits as bytes, SL vectors, packed facts
 *   store/     the log and its projections; sqlite/ is the backend
 *   graph/     the in-memory graph of a project, read at a pinned commit; walks
 *   analysis/  need, status of claims and rows, SL-A, SL-C
 *   exchange/  file formats in and out; readers run in a sandboxed child, which begins in main below
 *   service/   the use cases: one table, one function each; the only way to change a project
 *   http/      the server: local socket, routes, pages
 *   cli/       the command line */
#include "base/hash.h"
#include "cli/cli.h"
#include "exchange/worker.h"
#include "http/client.h"
#include "http/serve.h"

#include <locale.h>

static void *remote_open(const char *url, const char *token_file, GError **error)
{
        return client_open(url, token_file, error);
}

static bool remote_call(void *remote, const char *usecase, const json_t *input, ServiceFiles files,
                        Progress *progress, Out *out, GError **error)
{
        return client_call(remote, usecase, input, files, progress, out, error);
}

static void remote_close(void *remote)
{
        client_close(remote);
}

int main(int argc, char **argv)
{
        static const SessionRemote elsewhere = { remote_open, remote_call, remote_close };

        if (worker_wanted(argc, argv))
                return worker_main(argc, argv);
        /* allow: the words of the command line are UTF-8, whatever the terminal says */
        setlocale(LC_CTYPE, "C.UTF-8");
        hash_init();
        return cli_main(argc, argv, http_serve, &elsewhere);
}
