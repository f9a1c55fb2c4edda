#include "exchange/zip.h"

#include "base/hash.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

enum {
        ZIP_ENTRIES_MAX = 10000,
        ZIP_BYTES_MAX = 256 << 20,
        ZIP_RATIO_MAX = 250,
        ZIP_FREE_BYTES = 16 << 20,
        ZIP_RECORDS_MAX = 1000000
};

typedef struct archive ZipArchive;

static void archive_close_free(ZipArchive *archive)
{
        archive_read_free(archive);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ZipArchive, archive_close_free)

struct Zip {
        GHashTable *parts; /* name → GBytes; NULL bytes for entries that were not wanted */
        size_t entries, entries_max;
        uint64_t left;  /* bytes that may still come out */
        ZipTakeFn take; /* gets each part, which is then not kept; or NULL */
        void *data;
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
                if (n > zip->left || part->len + n > ZIP_BYTES_MAX) {
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

        if (++zip->entries > zip->entries_max) {
                error_set(error, ZW_ERR_LIMIT, "archive", "the archive has more than %s entries",
                          zip->take == NULL ? "10,000" : "1,000,000");
                return false;
        }
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
        if (zip->take != NULL && part != NULL) {
                g_autoptr(GBytes) taken = g_steal_pointer(&part);

                if (!zip->take(name, taken, zip->data, error))
                        return false;
        }
        g_hash_table_insert(zip->parts, g_steal_pointer(&name), part);
        return true;
}

static bool entries_read(Zip *zip, GBytes *bytes, bool (*wanted)(const char *), GError **error)
{
        g_autoptr(ZipArchive) archive = archive_read_new();
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        if (archive == NULL || archive_read_support_format_zip_seekable(archive) != ARCHIVE_OK ||
            archive_read_open_memory(archive, data, n) != ARCHIVE_OK)
                return refuse(error, ZW_ERR_INPUT, NULL, "this is not a whole zip archive");
        for (;;) {
                struct archive_entry *entry;
                int got = archive_read_next_header(archive, &entry);

                if (got == ARCHIVE_EOF)
                        return true;
                if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
                        return refuse(error, ZW_ERR_INPUT, NULL, "this is not a whole zip archive");
                if (!entry_take(zip, archive, entry, wanted, error))
                        return false;
        }
}

bool zip_begins(GBytes *bytes)
{
        static const char magic[] = "PK\003\004";
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        return n >= strlen(magic) && memcmp(data, magic, strlen(magic)) == 0;
}

/* What may come out of so many bytes. */
static uint64_t most_of(GBytes *bytes)
{
        return MAX((uint64_t)g_bytes_get_size(bytes) * ZIP_RATIO_MAX, ZIP_FREE_BYTES);
}

Zip *zip_read(GBytes *bytes, bool (*wanted)(const char *name), GError **error)
{
        g_autoptr(Zip) zip = g_new0(Zip, 1);

        zip->parts = hash_table_new_text(g_free, part_free);
        zip->left = MIN(most_of(bytes), ZIP_BYTES_MAX);
        zip->entries_max = ZIP_ENTRIES_MAX;
        return entries_read(zip, bytes, wanted, error) ? g_steal_pointer(&zip) : NULL;
}

bool zip_each(GBytes *bytes, bool (*wanted)(const char *name), ZipTakeFn take, void *data, GError **error)
{
        g_autoptr(Zip) zip = g_new0(Zip, 1);

        zip->parts = hash_table_new_text(g_free, part_free);
        zip->left = most_of(bytes);
        zip->entries_max = ZIP_RECORDS_MAX;
        zip->take = take;
        zip->data = data;
        return entries_read(zip, bytes, wanted, error);
}
