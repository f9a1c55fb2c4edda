/* What the files of the client share. */
#ifndef HTTP_CLIENT_INTERNAL_H
#define HTTP_CLIENT_INTERNAL_H

#include "http/client.h"
#include "http/transfer.h"

/* A request whose answer is a success. Errors: those the server gives; NETWORK. */
bool client_run(Client *client, const TransferRequest *request, TransferAnswer *ret_answer, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Sets the error that a problem document tells, as the command line would have it; always false. */
bool client_problem(const json_t *problem, long status, GError **error);

/* ---- client_import.c ---- */

/* An import is a job there: hands the files over at `path`, waits for the end of the job, and appends its result. Errors: those
 * of the import; CANCELLED. */
bool client_import(Client *client, const char *path, ServiceFiles files, Progress *progress, Out *out,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Waits for the end of the job that was `accepted`, and appends its result. Errors: as above. */
bool client_job(Client *client, const Out *accepted, Progress *progress, Out *out, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
