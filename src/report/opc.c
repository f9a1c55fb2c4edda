/* APPNOTE.TXT of PKWARE, 6.3: local headers, deflated content, central directory; no entry has 4 GiB. */
#include "report/opc.h"

#include "base/error.h"
#include "base/scratch.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum {
        BLOCK = 64 << 10,
        VERSION = 20,       /* deflate */
        DATE_1980 = 0x0021, /* the first day there is: when an entry was made says nothing */
        DEFLATED = 8,
};

typedef struct {
        const char *name;
        guint32 crc;
        guint64 size, packed, at; /* `at`: where its header stands in the archive */
} Entry;

struct Opc {
        Fd file; /* the content of all entries, one after the other */
        z_stream deflater;
        bool open; /* an entry is */
        GArray *entries;
        GError *problem;
};

Opc *opc_new(void)
{
        Opc *opc = g_new0(Opc, 1);

        opc->entries = g_array_new(FALSE, TRUE, sizeof(Entry));
        opc->file = scratch_open(g_get_tmp_dir(), &opc->problem);
        return opc;
}

void opc_free(Opc *opc)
{
        if (opc == NULL)
                return;
        if (opc->open)
                (void)deflateEnd(&opc->deflater);
        fd_close(opc->file);
        g_array_unref(opc->entries);
        g_clear_error(&opc->problem);
        g_free(opc);
}

static Entry *entry_last(Opc *opc)
{
        return &g_array_index(opc->entries, Entry, opc->entries->len - 1);
}

static void fail(Opc *opc, const char *what)
{
        if (opc->problem == NULL)
                error_set(&opc->problem, ZW_ERR_STORAGE, NULL, "the document cannot be written: %s", what);
}

static void block_write(Opc *opc, const unsigned char *block, size_t n)
{
        for (size_t at = 0; at < n && opc->problem == NULL;) {
                const ssize_t wrote = write(opc->file, block + at, n - at);

                if (wrote < 0 && errno != EINTR)
                        fail(opc, g_strerror(errno));
                at += wrote < 0 ? 0 : (size_t)wrote;
        }
        entry_last(opc)->packed += n;
}

static void deflate_on(Opc *opc, int flush)
{
        unsigned char block[BLOCK];

        do {
                opc->deflater.next_out = block;
                opc->deflater.avail_out = sizeof block;
                (void)deflate(&opc->deflater, flush); /* with room for output it cannot fail */
                block_write(opc, block, sizeof block - opc->deflater.avail_out);
        } while (opc->deflater.avail_out == 0);
}

static void entry_end(Opc *opc)
{
        if (!opc->open)
                return;
        deflate_on(opc, Z_FINISH);
        (void)deflateEnd(&opc->deflater);
        opc->open = false;
}

void opc_entry(Opc *opc, const char *name)
{
        Entry entry = { .name = name, .crc = (guint32)crc32(0, NULL, 0) };

        entry_end(opc);
        g_array_append_val(opc->entries, entry);
        opc->deflater = (z_stream){ 0 };
        opc->open = deflateInit2(&opc->deflater, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS,
                                 MAX_MEM_LEVEL - 1, Z_DEFAULT_STRATEGY) == Z_OK;
        if (!opc->open)
                fail(opc, "there is no memory to pack it");
}

void opc_bytes(Opc *opc, const char *bytes, size_t n)
{
        while (opc->open && n > 0) {
                const uInt part = (uInt)MIN(n, (size_t)BLOCK);
                Entry *entry = entry_last(opc);

                entry->crc = (guint32)crc32(entry->crc, (const Bytef *)bytes, part);
                entry->size += part;
                opc->deflater.next_in = (Bytef *)(uintptr_t)bytes;
                opc->deflater.avail_in = part;
                deflate_on(opc, Z_NO_FLUSH);
                bytes += part;
                n -= part;
        }
}

void opc_text(Opc *opc, const char *text)
{
        opc_bytes(opc, text, strlen(text));
}

/* ---- the archive ---- */

static void number_put(GString *to, guint64 number, int bytes)
{
        for (int i = 0; i < bytes; i++)
                g_string_append_c(to, (char)(number >> (8 * i) & 0xff));
}

/* What a local header and one of the directory have in common. */
static void facts_put(GString *to, const Entry *entry)
{
        number_put(to, VERSION, 2);
        number_put(to, 0, 2);
        number_put(to, DEFLATED, 2);
        number_put(to, 0, 2);
        number_put(to, DATE_1980, 2);
        number_put(to, entry->crc, 4);
        number_put(to, entry->packed, 4);
        number_put(to, entry->size, 4);
        number_put(to, strlen(entry->name), 2);
        number_put(to, 0, 2);
}

static void local_put(GString *to, const Entry *entry)
{
        g_string_append_len(to, "PK\3\4", 4);
        facts_put(to, entry);
        g_string_append(to, entry->name);
}

static void directory_put(GString *to, const Entry *entry)
{
        g_string_append_len(to, "PK\1\2", 4);
        number_put(to, VERSION, 2);
        facts_put(to, entry);
        number_put(to, 0, 2 + 2); /* comment, disk */
        number_put(to, 0, 2 + 4); /* attributes */
        number_put(to, entry->at, 4);
        g_string_append(to, entry->name);
}

static bool give(Stream *stream, const char *bytes, size_t n, GError **error)
{
        out_bytes(stream_out(stream), bytes, n);
        return stream_drain(stream, error);
}

static bool content_give(const Opc *opc, off_t from, guint64 n, Stream *stream, GError **error)
{
        char block[BLOCK];

        while (n > 0) {
                const ssize_t got = pread(opc->file, block, (size_t)MIN(n, (guint64)sizeof block), from);

                if (got <= 0) {
                        error_set(error, ZW_ERR_STORAGE, NULL, "the document cannot be read again: %s",
                                  got == 0 ? "it is shorter" : g_strerror(errno));
                        return false;
                }
                if (!give(stream, block, (size_t)got, error))
                        return false;
                from += got;
                n -= (guint64)got;
        }
        return true;
}

static bool directory_give(const Opc *opc, guint64 at, Stream *stream, GError **error)
{
        g_autoptr(GString) text = g_string_new(NULL);
        gsize n;

        for (guint i = 0; i < opc->entries->len; i++)
                directory_put(text, &g_array_index(opc->entries, Entry, i));
        n = text->len;
        g_string_append_len(text, "PK\5\6", 4);
        number_put(text, 0, 4);
        number_put(text, opc->entries->len, 2);
        number_put(text, opc->entries->len, 2);
        number_put(text, n, 4);
        number_put(text, at, 4);
        number_put(text, 0, 2);
        return give(stream, text->str, text->len, error);
}

/* Where each entry will stand; false when the archive would be too long for this format. */
static bool places_find(const Opc *opc, guint64 *ret_end)
{
        guint64 at = 0;

        for (guint i = 0; i < opc->entries->len; i++) {
                g_autoptr(GString) local = g_string_new(NULL);
                Entry *entry = &g_array_index(opc->entries, Entry, i);

                entry->at = at;
                local_put(local, entry);
                at += local->len + entry->packed;
                if (entry->size > G_MAXUINT32 || at > G_MAXUINT32)
                        return false;
        }
        *ret_end = at;
        return true;
}

bool opc_finish(Opc *opc, Stream *stream, GError **error)
{
        guint64 end;
        off_t from = 0;

        entry_end(opc);
        if (opc->problem != NULL) {
                g_propagate_error(error, g_steal_pointer(&opc->problem));
                return false;
        }
        if (!places_find(opc, &end)) {
                error_set(error, ZW_ERR_LIMIT, NULL, "the document would have 4 GiB or more");
                return false;
        }
        for (guint i = 0; i < opc->entries->len; i++) {
                const Entry *entry = &g_array_index(opc->entries, Entry, i);
                g_autoptr(GString) local = g_string_new(NULL);

                local_put(local, entry);
                if (!give(stream, local->str, local->len, error) ||
                    !content_give(opc, from, entry->packed, stream, error))
                        return false;
                from += (off_t)entry->packed;
        }
        return directory_give(opc, end, stream, error);
}
