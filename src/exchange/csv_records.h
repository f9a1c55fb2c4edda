/* The records of delimited text: RFC 4180 with the usual freedoms (other delimiters, LF or CRLF, a byte order mark, UTF-16 and
 * Latin-1). A cell is copied once, into the text of its record. Not thread-safe. */
#ifndef EXCHANGE_CSV_RECORDS_H
#define EXCHANGE_CSV_RECORDS_H

#include "exchange/format.h"

/* A file as UTF-8, and how it is written. */
typedef struct {
        GBytes *bytes;
        const char *encoding; /* static */
        char delimiter;
} CsvText;

/* `encoding` is utf-8, utf-16 or latin-1, `delimiter` a sign or `tab`; NULL: as the file looks. Clear it. Errors: INPUT, ENCODING
 * with the byte, LIMIT. */
bool csv_text_read(GBytes *bytes, const char *encoding, const char *delimiter, CsvText *ret_text,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void csv_text_clear(CsvText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CsvText, csv_text_clear)

/* Where the reading is. */
typedef struct {
        const char *p, *end;
        char delimiter;
        size_t line;      /* of `p`, from 1 */
        size_t record;    /* number of the record last read, from 1, blank ones counted */
        size_t multiline; /* cells with a line break in them */
        bool stray;       /* the record has text after a closing quote */
        GString *text;    /* the cells of the record, each ended by NUL */
        GArray *starts;   /* size_t offsets into `text` */
        GPtrArray *cells; /* pointers into `text`, without the apostrophes that guard against formulas */
} Csv;

/* From the beginning of `text`, which stays. */
Csv csv_begin(const CsvText *text);
void csv_clear(Csv *csv);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Csv, csv_clear)
/* The next record that is not blank; false at the end, without an error, and where the text is wrong. Errors: INPUT, LIMIT, with
 * row and line. */
bool csv_next(Csv *csv, GError **error);

/* How many records there are, counted no further than one beyond `most`, so that a file without an end costs no more than this;
 * fewer where the text is wrong. */
size_t csv_count(const CsvText *text, size_t most);

/* What is told of a file, record by record. */
typedef struct {
        size_t records, columns, ragged;
} CsvShape;

/* Takes the record that was read; what is odd about it is a problem. */
void csv_shape_take(CsvShape *shape, const Csv *csv, Sink *sink);
/* The figures of a file that was read to its end. */
void csv_shape_tell(const CsvShape *shape, const Csv *csv, const CsvText *text, Sink *sink);

#endif
