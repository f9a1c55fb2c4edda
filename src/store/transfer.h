/* The file of an exported project: the line `ZWPROJECT1`, then records of one letter, the length of what follows as eight
 * bytes, most significant first, and that many bytes:
 *
 *   P  canonical JSON: format, log, head, head_hash, root
 *   B  a blob: 32 bytes of SHA-256, content; by SHA-256
 *   C  the header of a commit; in order, each followed by its pieces
 *   S  a piece: operation as four bytes (-1 for the message), one byte 1 when erased, one byte length of the field, the
 *      field, and unless erased 32 bytes of salt and the bytes
 *   E  SHA-256 of all bytes before this record
 *
 * The same project gives the same bytes. */
#ifndef STORE_TRANSFER_H
#define STORE_TRANSFER_H

#include "store/internal.h"

#define TRANSFER_MAGIC "ZWPROJECT1\n"

enum {
        TRANSFER_FORMAT = 1,
        TRANSFER_RECORD_HEAD = 9,
        TRANSFER_PIECE_HEAD = 6,
        TRANSFER_CHUNK = 1 << 18,
        /* Most bytes of records that are held in memory; of C it is that of a header. */
        TRANSFER_PROJECT_MAX = 4096,
        TRANSFER_PIECE_MAX = TRANSFER_PIECE_HEAD + UINT8_MAX + ZW_SALT_BYTES + ZW_OP_BYTES_MAX,
};
#define TRANSFER_BYTES_MAX ((uint64_t)1 << 38) /* of a file */

#endif
