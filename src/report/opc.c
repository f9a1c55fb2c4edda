#include "report/opc.h"

#include "base/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

struct Opc {
        struct archive *archive;
        Stream *stream;
        GError *problem;
};

static la_ssize_t piece_take(struct archive *archive, void *data, const void *bytes, size_t n)
{
        Opc *opc = data;

        if (opc->problem == NULL) {
                out_bytes(stream_out(opc->stream), bytes, n);
                if (stream_drain(opc->stream, &opc->problem))
                        return (la_ssize_t)n;
        }
        archive_set_error(archive, EIO, "the stream took no more");
        return -1;
}

static void note(Opc *opc, bool done)
{
        if (!done && opc->problem == NULL)
                error_set(&opc->problem, ZW_ERR_STORAGE, NULL, "the document cannot be written: %s",
                          archive_error_string(opc->archive));
}

Opc *opc_new(Stream *stream)
{
        Opc *opc = g_new0(Opc, 1);

        opc->stream = stream;
        opc->archive = archive_write_new();
        if (opc->archive == NULL)
                error_set(&opc->problem, ZW_ERR_LIMIT, NULL, "there is no memory for the document");
        else /* No padding; entries of 4 GiB would need what office programs do not read. */
                note(opc,
                     archive_write_set_format_zip(opc->archive) == ARCHIVE_OK &&
                             archive_write_set_options(opc->archive, "zip:!zip64") == ARCHIVE_OK &&
                             archive_write_set_bytes_in_last_block(opc->archive, 1) == ARCHIVE_OK &&
                             archive_write_open(opc->archive, opc, NULL, piece_take, NULL) == ARCHIVE_OK);
        return opc;
}

void opc_free(Opc *opc)
{
        if (opc == NULL)
                return;
        if (opc->problem == NULL)
                error_set(&opc->problem, ZW_ERR_CANCELLED, NULL,
                          "the document is given up"); /* nothing more is taken */
        (void)archive_write_free(opc->archive);
        g_clear_error(&opc->problem);
        g_free(opc);
}

void opc_entry(Opc *opc, const char *name)
{
        enum { READABLE = 0644 };
        struct archive_entry *entry;

        if (opc->problem != NULL)
                return;
        entry = archive_entry_new();
        archive_entry_set_pathname(entry, name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, READABLE);
        note(opc, archive_write_header(opc->archive, entry) == ARCHIVE_OK);
        archive_entry_free(entry);
}

void opc_bytes(Opc *opc, const char *bytes, size_t n)
{
        if (opc->problem == NULL)
                note(opc, archive_write_data(opc->archive, bytes, n) == (la_ssize_t)n);
}

void opc_text(Opc *opc, const char *text)
{
        opc_bytes(opc, text, strlen(text));
}

bool opc_finish(Opc *opc, GError **error)
{
        if (opc->problem == NULL)
                note(opc, archive_write_close(opc->archive) == ARCHIVE_OK);
        if (opc->problem == NULL)
                return true;
        g_propagate_error(error, g_steal_pointer(&opc->problem));
        return false;
}
