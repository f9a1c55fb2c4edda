#include "report/book.h"

#include "base/error.h"

#include <errno.h>
#include <unistd.h>

enum { COPY_BLOCK = 64 << 10 };

void book_note(Book *book, lxw_error code)
{
        if (code != LXW_NO_ERROR && book->problem == NULL)
                book->problem = lxw_strerror(code);
}

static void formats_add(Book *book)
{
        book->bold = workbook_add_format(book->file);
        format_set_bold(book->bold);
        book->wrapped = workbook_add_format(book->file);
        format_set_text_wrap(book->wrapped);
        format_set_align(book->wrapped, LXW_ALIGN_VERTICAL_TOP);
}

void book_open(Book *book, Instant created)
{
        g_autofree char *folder = NULL;
        lxw_workbook_options options = { .constant_memory = LXW_TRUE };
        lxw_doc_properties properties = { .created = (time_t)(created / 1000) };

        *book = (Book){ 0 };
        book->temporary = g_file_open_tmp("zonewright-XXXXXX.xlsx", &book->path, NULL);
        if (book->temporary >= 0) {
                folder = g_path_get_dirname(book->path);
                options.tmpdir = folder;
                book->file = workbook_new_opt(book->path, &options);
        }
        if (book->file == NULL) {
                book->problem = "there is no room for the temporary file";
                return;
        }
        (void)workbook_set_properties(book->file, &properties);
        formats_add(book);
}

lxw_worksheet *book_sheet(Book *book, const char *name)
{
        lxw_worksheet *sheet = book->file == NULL ? NULL : workbook_add_worksheet(book->file, name);

        if (sheet == NULL && book->problem == NULL)
                book->problem = "a sheet cannot be made";
        return sheet;
}

void book_text(Book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
               lxw_format *format)
{
        g_autofree char *cut = NULL;

        if (sheet == NULL || text[0] == '\0')
                return;
        if (g_utf8_strlen(text, -1) > ZW_BOOK_CELL_CHARACTERS) {
                cut = g_utf8_substring(text, 0, ZW_BOOK_CELL_CHARACTERS);
                book->problem = "a cell would hold more than 32767 characters";
        }
        if (row >= ZW_BOOK_ROWS || column >= ZW_BOOK_COLUMNS)
                book->problem = "a sheet would have more than 1048576 rows or 16384 columns";
        else
                book_note(book, worksheet_write_string(sheet, row, column, cut == NULL ? text : cut, format));
}

static bool fail(GError **error, const char *what)
{
        error_set(error, ZW_ERR_STORAGE, NULL, "the workbook cannot be written: %s", what);
        return false;
}

static bool file_read(const Book *book, Stream *stream, GError **error)
{
        char block[COPY_BLOCK];
        off_t at = 0;
        ssize_t got;

        while ((got = pread(book->temporary, block, sizeof block, at)) > 0) {
                out_bytes(stream_out(stream), block, (size_t)got);
                if (!stream_drain(stream, error))
                        return false;
                at += got;
        }
        return got == 0 || fail(error, g_strerror(errno));
}

bool book_finish(Book *book, Stream *stream, GError **error)
{
        if (book->file != NULL)
                book_note(book, workbook_close(g_steal_pointer(&book->file)));
        return book->problem == NULL ? file_read(book, stream, error) : fail(error, book->problem);
}

void book_clear(Book *book)
{
        if (book->file != NULL)
                (void)workbook_close(g_steal_pointer(&book->file));
        if (book->temporary >= 0)
                close(book->temporary);
        if (book->path != NULL)
                unlink(book->path);
        g_clear_pointer(&book->path, g_free);
}
