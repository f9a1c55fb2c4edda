/* Parts of an office document (a zip archive) held in memory, by libarchive: bounded in number, size and ratio; nothing
 * is ever written to a path. Not thread-safe. */
#ifndef EXCHANGE_ZIP_H
#define EXCHANGE_ZIP_H

#include "base/error.h"

typedef struct Zip Zip;

/* Whether the bytes begin as an archive does. */
bool zip_begins(GBytes *bytes);

/* Unpacks the entries whose names `wanted` accepts. At most 10,000 entries, 256 MiB of what is wanted, and 250 times the
 * archive beyond the first 16 MiB. Errors: INPUT for damaged archives, encrypted or doubled entries and names that lead
 * out of the archive; LIMIT. */
Zip *zip_read(GBytes *bytes, bool (*wanted)(const char *name), GError **error) G_GNUC_WARN_UNUSED_RESULT;
void zip_free(Zip *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Zip, zip_free)

/* An archive: its bytes, or where those are NULL the file at a descriptor, of which only pieces are in memory. */
typedef struct {
        GBytes *bytes;
        int fd;
} ZipInput;
/* Gives every entry that `wanted` accepts to `take`, one after the other, without keeping any: archives of records, of up to
 * 1,000,000 entries, each of at most 256 MiB. An entry that `within` accepts is an archive itself, whose entries are given
 * like those beside it, while it is unpacked; `within` may be NULL. Errors: as above, and those of `take`. */
typedef bool (*ZipTakeFn)(const char *name, GBytes *part, void *data, GError **error);
bool zip_each(const ZipInput *input, bool (*wanted)(const char *name), bool (*within)(const char *name),
              ZipTakeFn take, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The content of a wanted entry (borrowed), or NULL. */
GBytes *zip_part(const Zip *zip, const char *name);

#endif
