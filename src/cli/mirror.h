/* Folders as a provider of advisories publishes them (CSAF 2.0, section 7): beside the advisories lie lists, signatures and hashes,
 * which are no records themselves. Thread-safe. */
#ifndef CLI_MIRROR_H
#define CLI_MIRROR_H

#include "base/error.h"

/* What tells of the folder (`changes.csv`, `index.txt`, `provider-metadata.json`), or the signature or hash of a file that lies beside it. */
bool mirror_is_beside(const char *path);
/* The signature that lies beside a file, or NULL. Free it. */
char *mirror_signature(const char *path);
/* The file is what the hashes beside it say, where there are any. Errors: INPUT. */
bool mirror_check(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
