/* Signatures of OpenPGP beside advisories (CSAF 2.0, 7.1.19), held by the sandboxed reader to the keys that the settings trust: those in
 * files of the administrator, and those that a provider names and whose fingerprints the administrator confirmed. Such ones are kept in
 * the folder feeds-keys of the data directory. Inside service/ only. Thread-safe: what is loaded never changes. */
#ifndef SERVICE_FEEDS_FEED_SIGNATURE_H
#define SERVICE_FEEDS_FEED_SIGNATURE_H

#include "base/progress.h"
#include "exchange/worker.h"
#include "service/service.h"
#include "store/feeds.h"

/* The keys that are trusted now. */
typedef struct FeedSigners FeedSigners;

/* Errors: INPUT with the name of the setting and of a file that cannot be read; LIMIT. */
FeedSigners *feed_signers_load(Service *service, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void feed_signers_free(FeedSigners *signers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FeedSigners, feed_signers_free)
/* Reads each key as the operation `openpgp_key` (exchange/openpgp.c). Errors: those of the reader and of `take`. */
bool feed_signers_each(const FeedSigners *signers, WorkerOpFn take, void *data, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* What none of them signed is not taken. */
bool feed_signers_only(const FeedSigners *signers);

/* 40 or 64 digits, in capital hexadecimal. */
bool feed_signer_is_fingerprint(const char *text);
/* The file of a word of feeds.csaf_keys, whether it is there or not. Free it. */
char *feed_signer_path(const char *data_dir, const char *word);
/* Keeps a key that a provider gave in `path` under the fingerprint that the administrator confirmed. Errors: INPUT, it is not that
 * key alone, or not revoked where the one that is kept is; STORAGE. */
bool feed_signer_keep(const char *data_dir, const char *fingerprint, const char *path, Progress *progress,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The bytes of a file of a signature. Errors: INPUT, there are too many; STORAGE. */
GBytes *feed_signature_load(const ServiceFile *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Who signed a file: nobody, where `signature` is NULL; that is not known where no key is trusted. Errors: INPUT with the name of the file, it is not what
 * the signature says; those of the reader. */
bool feed_signature_check(const FeedSigners *signers, const ServiceFile *file, GBytes *signature,
                          Progress *progress, FeedSignature *ret_signature, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
