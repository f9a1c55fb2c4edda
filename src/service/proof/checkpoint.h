/* Checkpoints of a log (docs/checkpoints.md): what it was, signed with the key of this data directory, which remembers outside the
 * database what it last signed of each log and signs nothing that does not continue it. */
#ifndef SERVICE_PROOF_CHECKPOINT_H
#define SERVICE_PROOF_CHECKPOINT_H

#include "model/note.h"
#include "model/proof.h"
#include "service/internal.h"
#include "service/proof/witness.h"

/* All commits of the call's project up to its head, from the bytes of their headers. Errors: DAMAGED, one is missing. */
ProofTree *checkpoint_tree(Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The key of the data directory, made when it has none. */
Ed25519Key *checkpoint_key(Call *call, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A signed note of the first `size` commits; what is remembered moves on with the head. Free it. Errors: DAMAGED, the log is not
 * the one that was signed before, or an older state of it. */
char *checkpoint_sign(Call *call, const ProofTree *tree, uint64_t size, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Whether the log continues what was signed last; what does not is reported, and is no error. */
bool checkpoint_verify(Call *call, StoreProblemFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* Whether the log continues a checkpoint somebody kept: the note is signed by this data directory's key or by `key` (as
 * note_key_format writes it, or NULL), and the log proves consistent with it. What does not hold is reported as `where`. */
bool checkpoint_continues(Call *call, const ProofTree *tree, const char *note, const char *key,
                          const char *where, StoreProblemFn fn, void *payload, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* A file beside the key; free it. Errors: STORAGE. */
char *checkpoint_path(const Call *call, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The path of a proof as an array of digests. */
void proof_write(JWrite *w, const Proof *proof);

#endif
