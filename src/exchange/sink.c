/* The sink: one JSON object a line, in a bounded buffer that is written when it is full. Lines:
 *   {"format":"csv"}  {"op":{…}}  {"refused":{"where","reason"}}  {"problem":{"where","message"}}  {"warning":{"where","message"}}  {"lost":{"where","what"}}
 *   {"table":{…}}  {"end":{"version","figures":{…}}} or {"error":{"code","where","message"}}, the last line. */
#include "base/hash.h"
#include "exchange/format.h"
#include "model/op.h"

#include <errno.h>
#include <unistd.h>

enum { SINK_FLUSH = 64 << 10, FIGURES_MAX = 100000, OPS_MAX = 1000000 /* of one commit */ };

struct Sink {
        int fd;
        bool figures_only;
        Out *out;
        JWrite *w;
        json_t *all;     /* figures of the file */
        json_t *figures; /* where figures go: `all`, or one of its members */
        size_t n_figures, n_ops;
        char *version;
        GError *error; /* the first failure, given by sink_finish */
};

Sink *sink_new(int fd)
{
        Sink *sink = g_new0(Sink, 1);

        sink->fd = fd;
        sink->out = out_new(ZW_OP_BYTES_MAX + SINK_FLUSH + 4096);
        sink->w = jwrite_new(sink->out);
        sink->all = sink->figures = json_object();
        return sink;
}

void sink_figures_only(Sink *sink)
{
        sink->figures_only = true;
}

void sink_free(Sink *sink)
{
        if (sink == NULL)
                return;
        jwrite_free(sink->w);
        out_free(sink->out);
        json_decref(sink->all);
        g_clear_error(&sink->error);
        g_free(sink->version);
        g_free(sink);
}

static void flush(Sink *sink)
{
        const char *data = out_data(sink->out);
        size_t n = out_length(sink->out);

        if (sink->error == NULL && !out_check(sink->out, &sink->error))
                n = 0;
        while (n > 0 && sink->error == NULL) {
                ssize_t got = write(sink->fd, data, n);

                if (got < 0 && errno == EINTR)
                        continue;
                if (got < 0) {
                        error_set(&sink->error, ZW_ERR_STORAGE, NULL, "the answer cannot be written: %s",
                                  g_strerror(errno));
                        break;
                }
                data += got;
                n -= (size_t)got;
        }
        out_reset(sink->out);
}

/* The writer makes one document; each line is a document of its own. */
static void line_begin(Sink *sink, const char *what)
{
        jwrite_free(sink->w);
        sink->w = jwrite_new(sink->out);
        jwrite_object_begin(sink->w);
        jwrite_key(sink->w, what);
}

static void line_end(Sink *sink)
{
        jwrite_object_end(sink->w);
        out_char(sink->out, '\n');
        if (out_length(sink->out) >= SINK_FLUSH)
                flush(sink);
}

static bool figure_is_new(Sink *sink)
{
        if (sink->n_figures < FIGURES_MAX)
                return ++sink->n_figures > 0;
        if (sink->error == NULL)
                error_set(&sink->error, ZW_ERR_LIMIT, NULL, "the file has more than %d kinds of things",
                          FIGURES_MAX);
        return false;
}

/* Figures are shown as JSON, so a text that is not UTF-8 is made so. */
static json_t *text_new(const char *value)
{
        g_autofree char *valid = g_utf8_make_valid(value, -1);

        return json_string(valid);
}

void sink_figure_int(Sink *sink, const char *name, int64_t value)
{
        if (figure_is_new(sink))
                json_object_set_new(sink->figures, name, json_integer(value));
}

void sink_figure_text(Sink *sink, const char *name, const char *value)
{
        if (figure_is_new(sink))
                json_object_set_new(sink->figures, name, text_new(value));
}

void sink_figure_json(Sink *sink, const char *name, json_t *value)
{
        if (figure_is_new(sink))
                json_object_set_new(sink->figures, name, value);
        else
                json_decref(value);
}

void sink_figure_map(Sink *sink, const char *name)
{
        if (!json_is_object(json_object_get(sink->figures, name)) && figure_is_new(sink))
                json_object_set_new(sink->figures, name, json_object());
}

void sink_figure_add(Sink *sink, const char *name, const char *entry, int64_t n)
{
        g_autofree char *valid = g_utf8_make_valid(entry, -1);
        json_t *map, *old;

        sink_figure_map(sink, name);
        map = json_object_get(sink->figures, name);
        old = json_object_get(map, valid);
        if (old != NULL)
                json_integer_set(old, json_integer_value(old) + n);
        else if (map != NULL && figure_is_new(sink))
                json_object_set_new(map, valid, json_integer(n));
}

void sink_figures_under(Sink *sink, const char *name)
{
        sink->figures = sink->all;
        if (name == NULL)
                return;
        sink_figure_map(sink, name);
        if (json_is_object(json_object_get(sink->all, name)))
                sink->figures = json_object_get(sink->all, name);
}

void sink_format(Sink *sink, FormatId format)
{
        line_begin(sink, "format");
        jwrite_string(sink->w, format_def(format)->name);
        line_end(sink);
}

void sink_version(Sink *sink, const char *version)
{
        g_free(sink->version);
        sink->version = g_strdup(version);
}

static void report(Sink *sink, const char *what, const char *member, const char *where, const char *text)
{
        line_begin(sink, what);
        jwrite_object_begin(sink->w);
        jwrite_key_string(sink->w, "where", where);
        jwrite_key_string(sink->w, member, text);
        jwrite_object_end(sink->w);
        line_end(sink);
}

G_GNUC_PRINTF(5, 0)
static void report_format(Sink *sink, const char *line, const char *member, const char *where,
                          const char *format, va_list args)
{
        g_autofree char *text = g_strdup_vprintf(format, args);

        report(sink, line, member, where, text);
}

void sink_refuse(Sink *sink, const char *where, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        report_format(sink, "refused", "reason", where, format, args);
        va_end(args);
}

void sink_problem(Sink *sink, const char *where, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        report_format(sink, "problem", "message", where, format, args);
        va_end(args);
}

void sink_warning(Sink *sink, const char *where, const char *format, ...)
{
        va_list args;

        va_start(args, format);
        report_format(sink, "warning", "message", where, format, args);
        va_end(args);
}

void sink_lost(Sink *sink, const char *where, const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        report(sink, "lost", "what", where, text);
}

void sink_table(Sink *sink, const json_t *table)
{
        line_begin(sink, "table");
        jwrite_json(sink->w, table);
        line_end(sink);
}

void sink_op(Sink *sink, json_t *op)
{
        if (!sink->figures_only && ++sink->n_ops > OPS_MAX) {
                if (sink->error == NULL)
                        error_set(&sink->error, ZW_ERR_LIMIT, NULL,
                                  "the file gives more than %d items, links and results", OPS_MAX);
        } else if (!sink->figures_only) {
                line_begin(sink, "op");
                jwrite_json(sink->w, op);
                line_end(sink);
        }
        json_decref(op);
}

void sink_error(Sink *sink, const GError *error)
{
        line_begin(sink, "error");
        jwrite_object_begin(sink->w);
        jwrite_key_int(sink->w, "code", error->code);
        jwrite_key_string(sink->w, "where", error_where(error));
        jwrite_key_string(sink->w, "message", error->message);
        jwrite_object_end(sink->w);
        line_end(sink);
        flush(sink);
}

bool sink_finish(Sink *sink, GError **error)
{
        line_begin(sink, "end");
        jwrite_object_begin(sink->w);
        jwrite_key_string(sink->w, "version", sink->version);
        jwrite_key_json(sink->w, "figures", sink->all);
        jwrite_object_end(sink->w);
        line_end(sink);
        flush(sink);
        if (sink->error == NULL)
                return true;
        g_propagate_error(error, g_steal_pointer(&sink->error));
        return false;
}
