/* The registry of file formats and what a reader gets and gives.
 *
 * A reader is a pure function from a file to a Sink. It runs in the worker (worker.h): a child process without network
 * or files, with limits. It reports in three ways: figures (what is in the file, for `zw inspect`), native operations
 * (what an import would write; the service validates them like any other changeset), and problems and losses with their
 * place. What makes the whole file unreadable is an error. Not thread-safe; one reader per process. */
#ifndef EXCHANGE_FORMAT_H
#define EXCHANGE_FORMAT_H

#include "base/error.h"
#include "base/jdoc.h"
#include "base/jread.h"
#include "base/jwrite.h"
#include "exchange/writer.h"
#include <glib.h>

typedef enum {
#define FORMAT(symbol, name, extensions, bytes, depth, reader, writer, whole, summary) ZW_FORMAT_##symbol,
#include "exchange/formats.def"
#undef FORMAT
        ZW_FORMAT_COUNT
} FormatId;

typedef struct Sink Sink;

/* What a reader gets. */
typedef struct {
        const char *name;      /* base name of the file, for messages and run identity */
        GBytes *bytes;         /* all of it, unpacked when it was .xz */
        const json_t *profile; /* column mapping or test mapping; NULL for none (docs/import.md) */
        size_t depth_max;
        bool figures_only; /* inspect: operations are not wanted, sink_op does nothing */
        bool streamed; /* `bytes` is only the beginning: the file is at STDIN_FILENO, too large for memory */
} Source;

typedef bool (*FormatReader)(const Source *source, Sink *sink, GError **error);

typedef struct {
        const char *name, *extensions, *summary;
        uint64_t bytes_max;
        size_t depth_max;
        FormatReader read;
        const FormatWriter *writer; /* or NULL */
        bool whole;                 /* a file holds all there is of its source system */
} FormatDef;

const FormatDef *format_def(FormatId format);
/* Names of all formats, in the order of the table, for suggestions. */
const char *const *format_names(size_t *ret_n);
bool format_find(const char *name, FormatId *ret_format);
/* Guesses from the content (first), the name (second). Errors: FORMAT_UNKNOWN saying what was seen. */
bool format_sniff(const char *name, GBytes *bytes, FormatId *ret_format, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* What writes XML with this root element that might be taken for one of our formats, or NULL. */
const char *format_foreign_xml(const char *root);

/* ---- The sink: NDJSON lines to the parent, within the worker's output limit ---- */

Sink *sink_new(int fd);
/* Drops operations from now on, for `zw inspect`. */
void sink_figures_only(Sink *sink);
void sink_free(Sink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sink, sink_free)

/* Writes instead of the end mark why the file cannot be read. */
void sink_error(Sink *sink, const GError *error);

/* Figures: names are those of the ground truth in the corpus. A figure is an integer, a text, a map of integers, or
 * what sink_figure_json takes. */
void sink_figure_int(Sink *sink, const char *name, int64_t value);
void sink_figure_text(Sink *sink, const char *name, const char *value);
/* A figure that is a list of texts, a real number or a yes or no; the reference is stolen. */
void sink_figure_json(Sink *sink, const char *name, json_t *value);
/* Adds `n` to one entry of a map figure; sink_figure_map makes sure that an empty map is shown. */
void sink_figure_map(Sink *sink, const char *name);
void sink_figure_add(Sink *sink, const char *name, const char *entry, int64_t n);
/* Figures from now on are members of the figure `name`, of a document within the file; NULL ends that. */
void sink_figures_under(Sink *sink, const char *name);
/* Which format is read; the worker says it first. */
void sink_format(Sink *sink, FormatId format);
/* Version of the format, as the file states it. */
void sink_version(Sink *sink, const char *version);

/* A row or element that is refused or doubtful. A refused row stops an import that is not --partial. */
void sink_refuse(Sink *sink, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
void sink_problem(Sink *sink, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* What a standard advises against and allows; told to who inspects the file. */
void sink_warning(Sink *sink, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* What the file carries and the model does not take. */
void sink_lost(Sink *sink, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* What a sheet begins with (sheet_table.h), told once at most. */
void sink_table(Sink *sink, const json_t *table);
/* One native operation; the reference is stolen. Inside a file, items are named by their `source` identity
 * ({"system":…, "id":…}): an `item` operation carries it instead of a key, and links give {"source":[system, id]} for
 * `from`/`to`. The service turns identities into keys, creating items that are new. */
void sink_op(Sink *sink, json_t *op);

/* Writes figures and the end mark. Errors: LIMIT (figures, or one operation over 16 MiB), STORAGE. */
bool sink_finish(Sink *sink, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
