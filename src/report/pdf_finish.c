/* The file of a document, and what Cairo 1.16 does not say: its language, the words of its figures, an identifier. It is appended
 * as an incremental update (ISO 32000-1, 7.5.6): objects that stand in the place of those before, and their table. So qpdf looks
 * at those few alone, and the tags of every cell are written once and never read. */
#include "report/pdf_internal.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/scratch.h"

#include <qpdf/qpdf-c.h>
#include <string.h>

enum { BYTES_MAX = 512 << 20, BLOCK = 64 << 10, TAIL = 64, DEPTH_MAX = 16 };

/* ---- the file ---- */

struct PdfFile {
        Fd fd;
        guint64 size;         /* of what the file holds */
        size_t n;             /* bytes of the block */
        uint8_t block[BLOCK]; /* not written yet */
};

PdfFile *pdf_file_new(void)
{
        PdfFile *file = g_new0(PdfFile, 1);

        file->fd = scratch_open(g_get_tmp_dir(), NULL);
        return file;
}

void pdf_file_free(PdfFile *file)
{
        fd_close(file->fd);
        g_free(file);
}

static bool block_write(PdfFile *file)
{
        size_t done = 0;

        while (done < file->n) {
                const ssize_t n = write(file->fd, file->block + done, file->n - done);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return false;
                done += (size_t)n;
        }
        file->size += file->n;
        file->n = 0;
        return true;
}

cairo_status_t pdf_file_take(void *closure, const unsigned char *data, unsigned n)
{
        PdfFile *file = closure;

        if (file->size + file->n + n > BYTES_MAX)
                return CAIRO_STATUS_WRITE_ERROR;
        while (n > 0) {
                const size_t part = MIN(n, BLOCK - file->n);

                memcpy(file->block + file->n, data, part);
                file->n += part;
                data += part;
                n -= (unsigned)part;
                if (file->n == BLOCK && !block_write(file))
                        return CAIRO_STATUS_WRITE_ERROR;
        }
        return CAIRO_STATUS_SUCCESS;
}

static bool fail(GError **error, const char *what)
{
        error_set(error, ZW_ERR_STORAGE, NULL, "the PDF cannot be made: %s", what);
        return false;
}

/* Gives the whole file, and its digest to come. */
static bool file_give(const PdfFile *file, Stream *stream, HashState *hash, GError **error)
{
        g_autofree uint8_t *block = g_new(uint8_t, BLOCK);

        for (guint64 at = 0; at < file->size;) {
                const ssize_t n = pread(file->fd, block, BLOCK, (off_t)at);

                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return fail(error, n < 0 ? g_strerror(errno) : "a part of it is gone");
                hash_update(hash, block, (size_t)n);
                out_bytes(stream_out(stream), block, (size_t)n);
                if (!stream_drain(stream, error))
                        return false;
                at += (guint64)n;
        }
        return true;
}

/* ---- the update ---- */

typedef struct {
        qpdf_data qpdf;
        guint64 at;    /* where it begins in the document */
        GString *text; /* objects, as they are to be */
        GString *table;
        const GPtrArray *words;
        guint said; /* of the words */
} Update;

static void object_put(Update *update, qpdf_oh object)
{
        const int number = qpdf_oh_get_object_id(update->qpdf, object);

        g_string_append_printf(update->table, "%d 1\n%010" G_GUINT64_FORMAT " 00000 n \n", number,
                               update->at + update->text->len);
        g_string_append_printf(update->text, "%d 0 obj\n%s\nendobj\n", number,
                               qpdf_oh_unparse_resolved(update->qpdf, object));
}

static void figure_say(Update *update, qpdf_oh figure)
{
        const char *words = g_ptr_array_index(update->words, update->said++);

        qpdf_oh_replace_key(update->qpdf, figure, "/Alt", qpdf_oh_new_unicode_string(update->qpdf, words));
        object_put(update, figure);
}

/* Whether it is an element of this kind. */
static bool is_tag(qpdf_data qpdf, qpdf_oh element, const char *name)
{
        qpdf_oh tag = qpdf_oh_get_key(qpdf, element, "/S");

        return qpdf_oh_is_name(qpdf, tag) && strcmp(qpdf_oh_get_name(qpdf, tag), name) == 0;
}

/* Figures come in the order of the document, and none lies inside of a table. */
static void figures_say(Update *update, qpdf_oh element, int depth)
{
        qpdf_data qpdf = update->qpdf;
        qpdf_oh kids;

        if (depth == DEPTH_MAX || update->said == update->words->len ||
            !qpdf_oh_is_dictionary(qpdf, element) || is_tag(qpdf, element, "/Table") ||
            is_tag(qpdf, element, "/P"))
                return;
        if (is_tag(qpdf, element, "/Figure")) {
                figure_say(update, element);
                return;
        }
        kids = qpdf_oh_get_key(qpdf, element, "/K");
        if (!qpdf_oh_is_array(qpdf, kids)) {
                figures_say(update, kids, depth + 1);
                return;
        }
        for (int i = 0; i < qpdf_oh_get_array_n_items(qpdf, kids); i++) {
                qpdf_oh kid = qpdf_oh_get_array_item(qpdf, kids, i);

                figures_say(update, kid, depth + 1);
                qpdf_oh_release(qpdf, kid);
        }
}

/* The catalogue says the language, and that the title is what a reader shows. */
static void catalogue_complete(Update *update)
{
        qpdf_data qpdf = update->qpdf;
        qpdf_oh root = qpdf_get_root(qpdf), preferences = qpdf_oh_new_dictionary(qpdf);

        qpdf_oh_replace_key(qpdf, preferences, "/DisplayDocTitle", qpdf_oh_new_bool(qpdf, QPDF_TRUE));
        qpdf_oh_replace_key(qpdf, root, "/Lang", qpdf_oh_new_unicode_string(qpdf, "en"));
        qpdf_oh_replace_key(qpdf, root, "/ViewerPreferences", preferences);
        object_put(update, root);
        figures_say(update, qpdf_oh_get_key(qpdf, root, "/StructTreeRoot"), 0);
}

/* Where the table of Cairo's objects is, as its last lines say: `startxref`, a number, `%%EOF`. */
static bool table_place(const char *bytes, size_t n, guint64 *ret_place)
{
        g_autofree char *tail = g_strndup(bytes + n - MIN(n, TAIL), MIN(n, TAIL));
        const char *start = g_strrstr(tail, "startxref\n");
        g_auto(GStrv) lines = start == NULL ? NULL : g_strsplit(start, "\n", 3);

        return lines != NULL && g_strv_length(lines) == 3 &&
               g_ascii_string_to_unsigned(lines[1], 10, 1, n, ret_place, NULL);
}

/* All of the update but its table; and the trailer with a place for the identifier, which is the digest of what is before it. */
static bool update_make(Update *update, const char *bytes, size_t n, char **ret_trailer)
{
        qpdf_data qpdf = update->qpdf;
        guint64 before = 0;
        qpdf_oh trailer;

        qpdf_set_suppress_warnings(qpdf, QPDF_TRUE);
        qpdf_silence_errors(qpdf);
        if ((qpdf_read_memory(qpdf, "report", bytes, n, NULL) & QPDF_ERRORS) ||
            !table_place(bytes, n, &before))
                return false;
        catalogue_complete(update);
        trailer = qpdf_get_trailer(qpdf);
        qpdf_oh_replace_key(qpdf, trailer, "/Prev", qpdf_oh_new_integer(qpdf, (long long)before));
        *ret_trailer = g_strdup(qpdf_oh_unparse(qpdf, trailer));
        return update->said == update->words->len && !qpdf_has_error(qpdf) &&
               g_str_has_suffix(*ret_trailer, ">>");
}

/* The whole document: Cairo's file, the objects of the update, their table. */
static bool update_give(const PdfFile *file, const Update *update, char *trailer, Stream *stream,
                        GError **error)
{
        g_autoptr(HashState) hash = hash_new();
        Out *out = stream_out(stream);
        char id[ZW_ID_HEX];
        Digest digest;

        if (!file_give(file, stream, hash, error))
                return false;
        hash_update(hash, update->text->str, update->text->len);
        digest = hash_finish(hash);
        hex_encode(digest.b, ZW_ID_BYTES, id);
        trailer[strlen(trailer) - 2] = '\0';
        out_bytes(out, update->text->str, update->text->len);
        out_format(out, "xref\n%strailer\n%s /ID [<%s><%s>] >>\nstartxref\n%" G_GUINT64_FORMAT "\n%%%%EOF\n",
                   update->table->str, trailer, id, id, update->at + update->text->len);
        return stream_drain(stream, error);
}

static bool complete(const PdfFile *file, const GPtrArray *words, Stream *stream, GError **error)
{
        g_autoptr(GMappedFile) map = g_mapped_file_new_from_fd(file->fd, FALSE, NULL);
        Update update = { .at = file->size, .words = words };
        g_autofree char *trailer = NULL;
        bool ok;

        if (map == NULL)
                return fail(error, "it cannot be read again");
        update.qpdf = qpdf_init();
        update.text = g_string_new(NULL);
        update.table = g_string_new(NULL);
        ok = update_make(&update, g_mapped_file_get_contents(map), g_mapped_file_get_length(map), &trailer);
        qpdf_cleanup(&update.qpdf);
        ok = ok ? update_give(file, &update, trailer, stream, error)
                : fail(error, "its parts do not fit together");
        g_string_free(update.text, TRUE);
        g_string_free(update.table, TRUE);
        return ok;
}

bool pdf_finish(Pdf *pdf, Stream *stream, GError **error)
{
        cairo_status_t status;

        if (pdf->page > PAGES_MAX) {
                error_set(error, ZW_ERR_LIMIT, "format",
                          "the report has more than %d pages: take fewer zones, or XLSX or HTML",
                          (int)PAGES_MAX);
                return false;
        }
        cairo_tag_end(pdf->cr, "Document");
        cairo_show_page(pdf->cr);
        status = cairo_status(pdf->cr);
        cairo_surface_finish(pdf->surface);
        if (status == CAIRO_STATUS_SUCCESS)
                status = cairo_surface_status(pdf->surface);
        if (status == CAIRO_STATUS_SUCCESS && !block_write(pdf->file))
                status = CAIRO_STATUS_WRITE_ERROR;
        if (status != CAIRO_STATUS_SUCCESS)
                return fail(error, cairo_status_to_string(status));
        return complete(pdf->file, pdf->figures, stream, error);
}
