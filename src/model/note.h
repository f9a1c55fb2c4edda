/* Signed notes (docs/checkpoints.md): a text of lines, an empty line, and one Ed25519 signature, as transparency logs have them;
 * and the two kinds there are: a checkpoint of a log, and the seal of an evidence pack. Pure functions. */
#ifndef MODEL_NOTE_H
#define MODEL_NOTE_H

#include "base/ed25519.h"
#include "base/hash.h"

enum { ZW_NOTE_BYTES_MAX = 4096 };

/* `text` (ended by a line feed) with a signature below it. Free it. */
char *note_sign(const Ed25519Key *key, const char *text);
/* The text of a note that the key has signed, or NULL with an error. Errors: DAMAGED. Free it. */
char *note_open(const uint8_t public[ZW_ED25519_PUBLIC], const char *note, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* How a public key is written, `zonewright+HASH+BASE64`, and read. Free it. Errors: INPUT. */
char *note_key_format(const uint8_t public[ZW_ED25519_PUBLIC]);
bool note_key_parse(const char *text, uint8_t ret_public[ZW_ED25519_PUBLIC], GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* What a log was when a checkpoint was made. */
typedef struct {
        Id log;
        uint64_t size;
        Digest root;
} Checkpoint;
/* Three lines: `zonewright.log/LOG`, the size, the root in base64. Free it. */
char *checkpoint_format(const Checkpoint *checkpoint);
/* Errors: INPUT. */
bool checkpoint_parse(const char *text, Checkpoint *ret_checkpoint, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
