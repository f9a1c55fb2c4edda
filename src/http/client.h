/* Use cases of a server elsewhere: each call becomes the request whose route names the use case, and what comes back is what
 * the use case writes here, so that `zw --server` prints what `zw --data` does. The route table says how: what stands in braces
 * comes from the input, then parameters of the query, then the body. Owned by its creator; not thread-safe. */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "base/jread.h"
#include "service/service.h"

typedef struct Client Client;

/* The server at `url`, with the token that is the only line of the file. Errors: USAGE; STORAGE, the file. */
Client *client_open(const char *url, const char *token_file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void client_close(Client *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Client, client_close)

/* service_call there; the answer is appended to `out`. Errors: those of the use case, as the server gives them; NETWORK; USAGE,
 * there is no address for it. */
bool client_call(Client *client, const char *usecase, const json_t *input, ServiceFiles files,
                 Progress *progress, Out *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
