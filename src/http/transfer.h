/* One request to a server elsewhere and its answer, by libcurl, which is met in transfer.c and nowhere else of this folder. A
 * token goes over the network by TLS only, or stays on this machine. Owned by its creator; not thread-safe. */
#ifndef HTTP_TRANSFER_H
#define HTTP_TRANSFER_H

#include "base/out.h"
#include "base/secret.h"

typedef struct Transfer Transfer;

/* To the server at `url`, `https://HOST[:PORT]` or on this machine `http://`. Errors: USAGE. */
Transfer *transfer_new(const char *url, const SecretText *token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void transfer_free(Transfer *transfer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transfer, transfer_free)

typedef struct {
        const char *method, *path; /* with its query, encoded */
        const char *type;          /* of the body, or NULL for none */
        const char *body;          /* its bytes; or NULL, and it is read from the file */
        int64_t body_bytes;
        int body_fd;
        const char *match; /* If-Match, or NULL */
        int to_fd;         /* where a body goes when all went well; -1: into the answer */
} TransferRequest;

typedef struct {
        long status;
        Out *body;
        char *next;   /* the address of the next page, or NULL */
        char *answer; /* Zonewright-Answer, or NULL */
} TransferAnswer;
void transfer_answer_clear(TransferAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TransferAnswer, transfer_answer_clear)

/* Sends it. Errors: NETWORK, STORAGE, LIMIT; what the server refuses is an answer. */
bool transfer_run(Transfer *transfer, const TransferRequest *request, TransferAnswer *ret_answer,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
