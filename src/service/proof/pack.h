/* Evidence packs (docs/evidence-pack.md): names of what is in them, shared by who writes and who verifies one. */
#ifndef SERVICE_PROOF_PACK_H
#define SERVICE_PROOF_PACK_H

#include "base/jwrite.h"
#include "base/progress.h"
#include "base/hash.h"

enum { ZW_PACK_FORMAT = 1, ZW_PACK_TEXT_MAX = 64 << 20 };

#define PACK_FIRST      "ZONEWRIGHT-PACK"
#define PACK_KEY        "key.txt"
#define PACK_CHECKPOINT "checkpoint.txt"
#define PACK_COMMITS    "log/commits.ndjson"
#define PACK_MANIFEST   "MANIFEST.json"
#define PACK_SEAL       "MANIFEST.note"
#define PACK_SEAL_TEXT  "zonewright.pack\n"

/* Whether a file begins as a pack does. */
bool pack_is(int fd);
/* Verifies one and writes {"ok","commits","root","problems"}. Errors: STORAGE; what is wrong with the pack is a problem. */
bool pack_verify(int fd, Progress *progress, JWrite *w, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
