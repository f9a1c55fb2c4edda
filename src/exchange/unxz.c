/* Unpacking in memory. The bombs of these formats are small files of zeros: 7,000 to 1. Real ones, even of the most
 * repetitive documents, stay below 100 to 1. */
#include "exchange/unxz.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { UNXZ_RATIO_MAX = 250, UNXZ_FREE_BYTES = 16 << 20, CHUNK = 1 << 20 };

typedef struct archive Archive;

static void archive_close_free(Archive *archive)
{
        archive_read_free(archive);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Archive, archive_close_free)

bool unxz_is_magic(const void *data, size_t n)
{
        static const uint8_t xz[] = { 0xfd, '7', 'z', 'X', 'Z', 0 }, gzip[] = { 0x1f, 0x8b, 8 };

        return (n >= sizeof(xz) && memcmp(data, xz, sizeof(xz)) == 0) ||
               (n >= sizeof(gzip) && memcmp(data, gzip, sizeof(gzip)) == 0);
}

bool unxz_is_packed(GBytes *bytes)
{
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        return unxz_is_magic(data, n);
}

static uint64_t most_of(gsize packed, uint64_t bytes_max)
{
        uint64_t most = (uint64_t)packed * UNXZ_RATIO_MAX;

        return MIN(MAX(most, UNXZ_FREE_BYTES), bytes_max);
}

static bool fill(Archive *archive, GByteArray *plain, uint64_t most, GError **error)
{
        for (;;) {
                const void *block;
                size_t n;
                la_int64_t offset;
                int got = archive_read_data_block(archive, &block, &n, &offset);

                if (got == ARCHIVE_EOF)
                        return true;
                if (got != ARCHIVE_OK) {
                        g_autofree char *where = g_strdup_printf("byte %u of the unpacked text", plain->len);

                        error_set(error, ZW_ERR_INPUT, where, "the packed data are damaged or cut short");
                        return false;
                }
                if (n > most - plain->len) {
                        error_set(error, ZW_ERR_LIMIT, NULL,
                                  "the file unpacks to more than %" G_GUINT64_FORMAT " bytes", most);
                        return false;
                }
                g_byte_array_append(plain, block, (guint)n);
        }
}

GBytes *unxz_bytes(GBytes *bytes, uint64_t bytes_max, GError **error)
{
        g_autoptr(Archive) archive = NULL;
        g_autoptr(GByteArray) plain = NULL;
        struct archive_entry *entry;
        gsize n;
        const void *data = g_bytes_get_data(bytes, &n);

        if (!unxz_is_packed(bytes))
                return g_bytes_ref(bytes);
        archive = archive_read_new();
        if (archive == NULL || archive_read_support_filter_xz(archive) != ARCHIVE_OK ||
            archive_read_support_filter_gzip(archive) != ARCHIVE_OK ||
            archive_read_support_format_raw(archive) != ARCHIVE_OK ||
            archive_read_open_memory(archive, data, n) != ARCHIVE_OK ||
            archive_read_next_header(archive, &entry) != ARCHIVE_OK) {
                error_set(error, ZW_ERR_INPUT, "byte 0", "the packed data are damaged or cut short");
                return NULL;
        }
        plain = g_byte_array_new();
        /* GByteArray counts in 32 bits and may ask for twice what it holds. */
        if (!fill(archive, plain, MIN(most_of(n, bytes_max), G_MAXUINT / 4), error))
                return NULL;
        return g_byte_array_free_to_bytes(g_steal_pointer(&plain));
}

/* Appends what one read gives; *ret_end at the end of the file. */
static bool read_some(int fd, GByteArray *all, bool *ret_end, GError **error)
{
        const guint before = all->len;
        ssize_t got;

        g_byte_array_set_size(all, before + CHUNK);
        do
                got = pread(fd, all->data + before, CHUNK, (off_t)before);
        while (got < 0 && errno == EINTR);
        if (got < 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the file cannot be read: %s", g_strerror(errno));
                return false;
        }
        g_byte_array_set_size(all, before + (guint)got);
        *ret_end = got == 0;
        return true;
}

GBytes *unxz_read_file(int fd, uint64_t bytes_max, GError **error)
{
        g_autoptr(GByteArray) all = g_byte_array_new();
        const uint64_t most = MIN(bytes_max, G_MAXUINT / 4);
        bool end = false;

        while (!end) {
                if (!read_some(fd, all, &end, error))
                        return NULL;
                if (all->len > most) {
                        error_set(error, ZW_ERR_LIMIT, NULL,
                                  "the file is larger than %" G_GUINT64_FORMAT " bytes", most);
                        return NULL;
                }
        }
        return g_byte_array_free_to_bytes(g_steal_pointer(&all));
}
