/* The operations of the log, their bytes, and the commit header [frozen: docs/log-format.md].
 *
 * An operation is a canonical JSON object (base/canon.h) with `op` and, by operation:
 *   project     key, title, sample             the first operation of a project's log
 *   branch      key, title, log, seq           the first operation of a log that starts from commit `seq` of `log`
 *   merge       log, seq                       the last operation of a commit whose second parent is that commit
 *   create      id, key, kind, state, set      a new item; rev and subst are 1
 *   update      id, rev, subst, set            set: the members that change; null removes
 *   transition  id, rev, subst, to             a new state is a new revision
 *   link        from, type, to, as, attrs, judged     new link, or other attributes of one
 *   unlink      from, type, to, as
 *   judge       from, type, to, as, judged     a person looked: pins the substantive revisions of both ends
 *   results     run, file, n                   results of a run, as a content-addressed file (results.h)
 *   attach      id, rev, subst, name, sha256, size, media
 *   detach      id, rev, subst, name
 *   setting     name, value                    null removes
 *   comment     id, comment, text, resolved   a comment, or one that is there with this text; makes no revision
 *   sign        id, rev, meaning, role, reason, proof, person, time, content, links, without, manifest, passkey   (signature.h)
 * `id`, `from`, `to`, `run` are item ids (32 hex digits), `judged` two integers, `set` an object with any of title, body,
 * attrs, owner, tags, order, parent, source. `rev` is the number the revision gets, `subst` the last substantive one.
 *
 * The value of an attribute marked personal stands in the operation as {"personal": COMMITMENT}; its own bytes and salt
 * lie apart. Nothing else in an operation has that form, so that a verifier needs no metamodel to find what it must open.
 * Commitment = SHA-256(0x02 || 32 bytes of salt || bytes). Pure functions. */
#ifndef MODEL_OP_H
#define MODEL_OP_H

#include "base/hash.h"
#include "base/instant.h"
#include "model/metamodel.h"
#include <jansson.h>

/* Most bytes of an operation; and of a header, which holds a million commitments of 67 bytes. */
enum { ZW_LOG_FORMAT = 1, ZW_SALT_BYTES = 32, ZW_OP_BYTES_MAX = 16 << 20, ZW_HEADER_BYTES_MAX = 80 << 20 };

typedef enum { ORIGIN_UI, ORIGIN_API, ORIGIN_CLI, ORIGIN_IMPORT } Origin;
const char *origin_name(Origin origin);
bool origin_find(const char *name, Origin *ret_origin);

/* One erasable piece: the bytes of an operation (`field` empty), of a personal attribute of it (`field` = its name), or
 * of the message (`op` = -1). */
typedef struct {
        int op;
        char *field;
        uint8_t salt[ZW_SALT_BYTES];
        GBytes *bytes;
} Secret;

void secret_free(Secret *secret);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secret, secret_free)

Digest commitment(const uint8_t salt[ZW_SALT_BYTES], const void *bytes, size_t n);

typedef struct {
        Id log;
        uint64_t seq;      /* from 1 */
        Digest parents[2]; /* the commit before it in its log, or that a branch starts from; one merged in */
        int n_parents;
        Id actor;
        Instant time; /* years 1900 to 9999 */
        Origin origin;
        const char *request; /* request id of the writer, unique per log, never erased; or NULL */
        int metamodel;
        bool editorial;
        const Digest *ops; /* one commitment per operation, in order; at least one */
        size_t n_ops;
        Digest message; /* commitment of the message, which may be empty */
} CommitHeader;

/* The header's bytes. Errors: INPUT, a member is outside what is said above; LIMIT. */
GBytes *commit_header_encode(const CommitHeader *header, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* SHA-256(0x00 || header): the commit's hash and the leaf of the log's RFC 6962 tree. */
Digest commit_hash(GBytes *header);

/* Splits an operation into its bytes and the personal values taken out of it: appends to `secrets` (GPtrArray of
 * Secret) one for each personal attribute that is not null, and as the last one that of the operation, with fresh salts.
 * `n` numbers the operation. `secrets` is unchanged on failure.
 * Errors: INPUT with the JSON pointer: no canonical form, a NUL in a text, or the form of a personal value; LIMIT. */
bool op_seal(const json_t *op, KindId kind, int n, GPtrArray *secrets, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
