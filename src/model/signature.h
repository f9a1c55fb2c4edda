/* What a person signs, and the bytes of it [frozen, form 1: docs/log-format.md].
 *
 * The *content* of a revision is a canonical object of all that it says: its members but state, number, order and source,
 * and the links out of it. Its hash is what a signature binds to: it is the same as long as the item says the same, and of
 * no other item, project or content. Which link types it takes in and which attributes it leaves out (personal ones, which
 * may be erased) stands with the signature, so that a later metamodel changes nothing.
 *
 * The *manifest* is the text that is shown, in lines of a name, a blank and a value; texts of people are quoted as JSON, so
 * that none can pass for another line. Pure functions. */
#ifndef MODEL_SIGNATURE_H
#define MODEL_SIGNATURE_H

#include "model/revision.h"

enum { ZW_REASON_MAX = 4096, ZW_MANIFEST_MAX = 65536 };

/* How it was proved who signs. */
typedef enum { PROOF_PASSWORD, PROOF_PASSWORD_CODE, PROOF_PASSKEY } ProofId;
const char *proof_name(ProofId proof);
bool proof_find(const char *name, ProofId *ret_proof);

/* The types of links out of a kind that its content takes in, and the names of the attributes it leaves out, as this build
 * does; arrays of texts, sorted. */
json_t *content_links(KindId kind);
json_t *content_without(KindId kind);

/* A link as content has it. */
json_t *content_link(LinkTypeId type, const char *to, AsId as, const char *attrs);
/* The hash: SHA-256(0x04 || canonical bytes). `links` is an array of content_link in any order. Errors: INPUT, the revision
 * has no canonical form. */
bool content_hash(const Id *log, const ItemRev *rev, const json_t *links, const json_t *without,
                  Digest *ret_hash, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
        Id log, item, person;
        const char *project, *key, *kind, *title;
        uint32_t rev;
        Digest content;
        const char *meaning, *role, *reason, *proof;
        Instant time;
} Manifest;

/* Free it. Where the time is 0 or the reason NULL it says that they are given when signing: a preview. */
char *manifest_text(const Manifest *manifest);
/* SHA-256(0x03 || text). */
Digest manifest_hash(const char *text);
/* What a passkey signs for manifests that are signed at once: the hash of the one, or SHA-256(0x05 || their hashes in order). */
Digest manifests_challenge(const Digest *hashes, size_t n);

#endif
