/* Time-stamps on checkpoints: that a log was so at a time is said by somebody else, too (docs/checkpoints.md). They lie beside the
 * memory of the key, one per log: the checkpoint, the answer of the authority, and the certificates it was accepted by. */
#ifndef SERVICE_PROOF_TIMESTAMP_H
#define SERVICE_PROOF_TIMESTAMP_H

#include "service/proof/checkpoint.h"

/* Whether the time-stamp of the call's log, if there is one, holds, and the log continues what was stamped; what does not is
 * reported. */
bool timestamp_check(Call *call, StoreProblemFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
