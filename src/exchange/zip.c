#include "exchange/zip.h"

#include "base/hash.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

enum { ZIP_ENTRIES_MAX = 10000, ZIP_BYTES_MAX = 256 << 20, ZIP_RATIO_MAX = 250, ZIP_FREE_BYTES = 16 << 20 };

typedef struct archive ZipArchive;

static void archive_close_free(ZipArchive *archive)
{
        archive_read_free(archive);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZipArchive, archive_close_free)

struct Zip {
        GHashTable *parts; /* name → GBytes; NULL bytes for entries that were not wanted */
        size_t entries;
        uint64_t left; /* bytes that may still come out */
};

static void part_free(gpointer data)
{
        if (data != NULL)
                g_bytes_unref(data);
}

void zip_free(Zip *zip)
{
        if (zip == NULL)
                return;
        g_hash_table_unref(zip->parts);
        g_free(zip);
}

GBytes *zip_part(const Zip *zip, const char *name)
{
        return g_hash_table_lookup(zip->parts, name);
}

static bool refuse(GError **error, ZwErrorCode code, const char *name, const char *what)
{
        error_set(error, code, name == NULL ? "archive" : name, "%s", what);
        return false;
}

/* An entry that would be unpacked outside of where it should, were it ever unpacked. */
static bool name_escapes(const char *name)
{
        g_auto(GStrv) parts = g_strsplit_set(name, "/\\", -1);

        return name[0] == '/' || name[0] == '\\' || g_strv_contains((const char *const *)parts, "..");
}

static GBytes *part_read(Zip *zip, ZipArchive *archive, const char *name, GError **error)
{
        g_autoptr(GByteArray) part = g_byte_array_new();

        for (;;) {
                const void *block;
                size_t n;
                la_int64_t offset;
                int got = archive_read_data_block(archive, &block, &n, &offset);

                if (got == ARCHIVE_EOF)
                        return g_byte_array_free_to_bytes(g_steal_pointer(&part));
                if (got != ARCHIVE_OK) {
                        (void)refuse(error, ZW_ERR_INPUT, name, "the entry is damaged or cut short");
                        return NULL;
                }
                if (n > zip->left) {
                        (void)refuse(error, ZW_ERR_LIMIT, name,
                                     "the archive unpacks to more than is allowed");
                        return NULL;
                }
                zip->left -= n;
                g_byte_array_append(part, block, (guint)n);
        }
}

static bool entry_take(Zip *zip, ZipArchive *archive, struct archive_entry *entry,
                       bool (*wanted)(const char *), GError **error)
{
        const char *given = archive_entry_pathname_utf8(entry);
        g_autofree char *name = g_strdup(given != NULL ? given : archive_entry_pathname(entry));
        GBytes *part = NULL;

        if (++zip->entries > ZIP_ENTRIES_MAX)
                return refuse(error, ZW_ERR_LIMIT, NULL, "the archive has more than 10,000 entries");
        if (name == NULL || name_escapes(name))
                return refuse(error, ZW_ERR_INPUT, name, "the name of an entry leads out of the archive");
        if (archive_entry_is_encrypted(entry))
                return refuse(error, ZW_ERR_INPUT, name, "the entry is encrypted");
        if (g_hash_table_contains(zip->parts, name))
                return refuse(error, ZW_ERR_INPUT, name, "the archive has this entry twice");
        if (wanted(name)) {
                part = part_read(zip, archive, name, error);
                if (part == NULL)
                        return false;
        }
        g_hash_table_insert(zip->parts, g_steal_pointer(&name), part);
        return true;
}

Zip *zip_read(GBytes *bytes, bool (*wanted)(const char *name), GError **error)
{
        g_autoptr(Zip) zip = g_new0(Zip, 1);
        g_autoptr(ZipArchive) archive = archive_read_new();
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);
        uint64_t most = MAX((uint64_t)n * ZIP_RATIO_MAX, ZIP_FREE_BYTES);

        zip->parts = hash_table_new_text(g_free, part_free);
        zip->left = MIN(most, ZIP_BYTES_MAX);
        if (archive == NULL || archive_read_support_format_zip_seekable(archive) != ARCHIVE_OK ||
            archive_read_open_memory(archive, data, n) != ARCHIVE_OK) {
                (void)refuse(error, ZW_ERR_INPUT, NULL, "this is not a whole zip archive");
                return NULL;
        }
        for (;;) {
                struct archive_entry *entry;
                int got = archive_read_next_header(archive, &entry);

                if (got == ARCHIVE_EOF)
                        return g_steal_pointer(&zip);
                if (got != ARCHIVE_OK && got != ARCHIVE_WARN) {
                        (void)refuse(error, ZW_ERR_INPUT, NULL, "this is not a whole zip archive");
                        return NULL;
                }
                if (!entry_take(zip, archive, entry, wanted, error))
                        return NULL;
        }
}
