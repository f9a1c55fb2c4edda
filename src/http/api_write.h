/* What the routes that change something share. */
#ifndef HTTP_API_WRITE_H
#define HTTP_API_WRITE_H

#include "http/route.h"

/* The input of a use case that commits: project, message, editorial, dry_run, and the id of the request. Errors: USAGE, the
 * Idempotency-Key; STORAGE. */
json_t *write_input(const RouteCall *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Runs native operations (the reference is stolen) as one commit and gives what `edit` writes. The place of an error of the
 * only operation is the member. */
json_t *write_edit(const RouteCall *call, json_t *ops, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The commit of an answer as a header field, if it made one. */
void write_seq(HttpReply *reply, const json_t *outcome);
/* Answers with JSON. */
bool write_reply(HttpReply *reply, int status, const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
