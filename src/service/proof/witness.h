/* Checkpoints that a server makes by itself, so that somebody keeps them whom the owner of the data directory does not reach
 * (docs/checkpoints.md). */
#ifndef SERVICE_PROOF_WITNESS_H
#define SERVICE_PROOF_WITNESS_H

#include "service/service.h"

/* Signs a checkpoint of each project that has commits since the last one, and calls `fn`, so that it gets known elsewhere. A log
 * that does not continue what was signed comes as `problem`, with size 0. */
typedef void (*CheckpointFn)(const char *project, uint64_t size, const char *root, const char *problem,
                             void *payload);
bool checkpoint_new_ones(Service *service, CheckpointFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
