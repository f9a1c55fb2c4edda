/* Signatures as the log has them, and the content they bind to (model/signature.h). Errors and thread-safety as in store.h. */
#ifndef STORE_SIGNATURE_H
#define STORE_SIGNATURE_H

#include "model/signature.h"
#include "store/store.h"

/* Texts are borrowed for the length of a call. */
typedef struct {
        ItemNo item;
        uint32_t rev; /* that was shown */
        Seq seq;
        int op; /* in the commit */
        Id person;
        Instant time;
        Digest content, manifest;
        const char *meaning, *role, *proof, *reason;
        const char *links, *without; /* JSON arrays */
        const char *passkey; /* JSON object: what proved it, see docs/log-format.md; NULL for a password */
} SignatureRev;

/* What was signed, put together from what the log holds: `rev` is a revision of the item, `title` that of the revision
 * signed. Borrows all it is given. */
Manifest signature_manifest(const SignatureRev *signature, const Id *log, const char *project,
                            const ItemRev *rev, const char *title);

typedef bool (*StoreSignatureFn)(const SignatureRev *signature, void *payload, GError **error);
/* Signatures made up to commit `seq` on one item (ZW_ITEM_NONE: on any), by item, then in the order they were made. */
bool store_each_signature(StoreView *view, const Id *log, ItemNo item, Seq seq, StoreSignatureFn fn,
                          void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The hash of the content of a revision with the links that are valid at `seq`. `links` and `without` as in a signature. */
bool store_content(StoreView *view, const Id *log, const ItemRev *rev, Seq seq, const json_t *links,
                   const json_t *without, Digest *ret_hash, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
