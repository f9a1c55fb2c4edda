#include "exchange/zip.h"

#include "base/hash.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <unistd.h>

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
        uint64_t left;                                                 /* bytes that may still come out */
        bool (*wanted)(const char *name), (*within)(const char *name); /* `within` may be NULL */
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

/* An entry as it comes out. A reader has only so much memory, so that it may be refused some. */
typedef struct {
        uint8_t *data;
        size_t n, room;
} Part;

static void part_clear(Part *part)
{
        g_free(part->data);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Part, part_clear)

static bool part_append(Part *part, const void *block, size_t n)
{
        const size_t room = MAX(part->n + n, 2 * part->room);

        if (part->n + n > part->room) {
                uint8_t *data = g_try_realloc(part->data, room);

                if (data == NULL)
                        return false;
                part->data = data;
                part->room = room;
        }
        if (n > 0)
                memcpy(part->data + part->n, block, n);
        part->n += n;
        return true;
}

static GBytes *part_read(Zip *zip, ZipArchive *archive, const char *name, GError **error)
{
        g_auto(Part) part = { NULL, 0, 0 };

        for (;;) {
                const void *block;
                size_t n;
                la_int64_t offset;
                int got = archive_read_data_block(archive, &block, &n, &offset);

                if (got == ARCHIVE_EOF)
                        return g_bytes_new_take(g_steal_pointer(&part.data), part.n);
                if (got != ARCHIVE_OK) {
                        (void)refuse(error, ZW_ERR_INPUT, name, "the entry is damaged or cut short");
                        return NULL;
                }
                if (n > zip->left || part.n + n > ZIP_BYTES_MAX) {
                        (void)refuse(error, ZW_ERR_LIMIT, name,
                                     "the archive unpacks to more than is allowed");
                        return NULL;
                }
                zip->left -= n;
                if (!part_append(&part, block, n)) {
                        (void)refuse(error, ZW_ERR_LIMIT, name,
                                     "the archive unpacks to more than there is memory for");
                        return NULL;
                }
        }
}

static bool entries_each(Zip *zip, ZipArchive *archive, bool outermost, GError **error);

/* ---- an archive within ---- */

static la_ssize_t within_read(ZipArchive *archive G_GNUC_UNUSED, void *outer, const void **ret_block)
{
        size_t n;
        la_int64_t offset;
        const int got = archive_read_data_block(outer, ret_block, &n, &offset);

        return got == ARCHIVE_EOF ? 0 : got == ARCHIVE_OK ? (la_ssize_t)n : -1;
}

/* It is read as it comes out of the one around it. */
static bool within_each(Zip *zip, ZipArchive *outer, const char *name, GError **error)
{
        g_autoptr(ZipArchive) archive = archive_read_new();

        if (archive == NULL || archive_read_support_format_zip_streamable(archive) != ARCHIVE_OK ||
            archive_read_open(archive, outer, NULL, within_read, NULL) != ARCHIVE_OK)
                return refuse(error, ZW_ERR_INPUT, name, "this is not a whole zip archive");
        return entries_each(zip, archive, false, error);
}

/* ---- entries ---- */

static bool entry_check(Zip *zip, struct archive_entry *entry, const char *name, GError **error)
{
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
        return true;
}

static bool entry_take(Zip *zip, ZipArchive *archive, struct archive_entry *entry, bool outermost,
                       GError **error)
{
        const char *given = archive_entry_pathname_utf8(entry);
        g_autofree char *name = g_strdup(given != NULL ? given : archive_entry_pathname(entry));
        GBytes *part = NULL;

        if (!entry_check(zip, entry, name, error))
                return false;
        if (outermost && zip->within != NULL && zip->within(name)) {
                if (!within_each(zip, archive, name, error))
                        return false;
        } else if (zip->wanted(name)) {
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

static bool entries_each(Zip *zip, ZipArchive *archive, bool outermost, GError **error)
{
        for (;;) {
                struct archive_entry *entry;
                int got = archive_read_next_header(archive, &entry);

                if (got == ARCHIVE_EOF)
                        return true;
                if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
                        return refuse(error, ZW_ERR_INPUT, NULL, "this is not a whole zip archive");
                if (!entry_take(zip, archive, entry, outermost, error))
                        return false;
        }
}

/* ---- opening ---- */

enum { BLOCK = 1 << 18 };

/* A file read in blocks. Its descriptor is shared with who opened it, so its own offset stays where it is. */
typedef struct {
        int fd;
        la_int64_t at, size;
        char *block;
} ZipFile;

static void zip_file_clear(ZipFile *file)
{
        g_free(file->block);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ZipFile, zip_file_clear)

static la_int64_t size_of(int fd)
{
        const off_t at = lseek(fd, 0, SEEK_CUR), size = lseek(fd, 0, SEEK_END);

        (void)lseek(fd, at, SEEK_SET);
        return size;
}

static la_ssize_t file_read(ZipArchive *archive G_GNUC_UNUSED, void *data, const void **ret_block)
{
        ZipFile *file = data;
        const ssize_t n = pread(file->fd, file->block, BLOCK, file->at);

        file->at += MAX(n, 0);
        *ret_block = file->block;
        return n;
}

static la_int64_t file_seek(ZipArchive *archive G_GNUC_UNUSED, void *data, la_int64_t offset, int whence)
{
        ZipFile *file = data;

        file->at = offset + (whence == SEEK_CUR ? file->at : whence == SEEK_END ? file->size : 0);
        return file->at;
}

static la_int64_t file_skip(ZipArchive *archive G_GNUC_UNUSED, void *data, la_int64_t n)
{
        ((ZipFile *)data)->at += n;
        return n;
}

static bool file_open(ZipArchive *archive, ZipFile *file)
{
        return archive_read_set_read_callback(archive, file_read) == ARCHIVE_OK &&
               archive_read_set_seek_callback(archive, file_seek) == ARCHIVE_OK &&
               archive_read_set_skip_callback(archive, file_skip) == ARCHIVE_OK &&
               archive_read_set_callback_data(archive, file) == ARCHIVE_OK &&
               archive_read_open1(archive) == ARCHIVE_OK;
}

static bool input_each(Zip *zip, const ZipInput *input, GError **error)
{
        g_auto(ZipFile) file = { .fd = input->fd };
        g_autoptr(ZipArchive) archive = archive_read_new();
        gsize n = 0;
        const void *data = input->bytes == NULL ? NULL : g_bytes_get_data(input->bytes, &n);
        bool open = archive != NULL && archive_read_support_format_zip_seekable(archive) == ARCHIVE_OK;

        if (open && input->bytes != NULL) {
                open = archive_read_open_memory(archive, data, n) == ARCHIVE_OK;
        } else if (open) {
                file.size = size_of(file.fd);
                file.block = g_malloc(BLOCK);
                open = file_open(archive, &file);
        }
        return open ? entries_each(zip, archive, true, error)
                    : refuse(error, ZW_ERR_INPUT, NULL, "this is not a whole zip archive");
}

bool zip_begins(GBytes *bytes)
{
        static const char magic[] = "PK\003\004";
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        return n >= strlen(magic) && memcmp(data, magic, strlen(magic)) == 0;
}

/* What may come out of an archive. */
static uint64_t most_of(const ZipInput *input)
{
        const uint64_t n = input->bytes == NULL ? (uint64_t)MAX(size_of(input->fd), 0)
                                                : g_bytes_get_size(input->bytes);

        return MAX(n * ZIP_RATIO_MAX, ZIP_FREE_BYTES);
}

Zip *zip_read(GBytes *bytes, bool (*wanted)(const char *name), GError **error)
{
        const ZipInput input = { bytes, -1 };
        g_autoptr(Zip) zip = g_new0(Zip, 1);

        zip->parts = hash_table_new_text(g_free, part_free);
        zip->left = MIN(most_of(&input), ZIP_BYTES_MAX);
        zip->entries_max = ZIP_ENTRIES_MAX;
        zip->wanted = wanted;
        return input_each(zip, &input, error) ? g_steal_pointer(&zip) : NULL;
}

bool zip_each(const ZipInput *input, bool (*wanted)(const char *name), bool (*within)(const char *name),
              ZipTakeFn take, void *data, GError **error)
{
        g_autoptr(Zip) zip = g_new0(Zip, 1);

        zip->parts = hash_table_new_text(g_free, part_free);
        zip->left = most_of(input);
        zip->entries_max = ZIP_RECORDS_MAX;
        zip->wanted = wanted;
        zip->within = within;
        zip->take = take;
        zip->data = data;
        return input_each(zip, input, error);
}
