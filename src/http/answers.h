/* Answers that are kept in memory and given again, without asking who it is or what there is, while nothing was written.
 *
 * An answer is kept under the whole address and under the fields that say who asks (Authorization, Cookie), so nobody gets what
 * was made for somebody else. It is given again while the generation of the store is the one it was made in, which ends with any
 * write to content, people, roles, sessions or tokens, and until something of who asked ends by itself (access_lasts). Only routes
 * with the flag KEPT are: what they answer depends on nothing else, neither the time nor other fields of the request. The bytes are
 * bounded; what was not asked for longest goes first. Thread-safe. */
#ifndef HTTP_ANSWERS_H
#define HTTP_ANSWERS_H

#include "http/route.h"

typedef struct Answers Answers;

Answers *answers_new(size_t bytes_max);
void answers_free(Answers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Answers, answers_free)

/* The answer to the same request, when there is one that still holds; the reply must be empty. */
bool answers_find(Answers *answers, const HttpRequest *request, HttpReply *reply, const Route **ret_route);
/* Keeps what a route answered, if it may be; `generation` is that of the service before the request was let in. */
void answers_keep(Answers *answers, const HttpRequest *request, const Route *route, uint64_t generation,
                  const HttpReply *reply);

#endif
