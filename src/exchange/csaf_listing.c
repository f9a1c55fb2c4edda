/* What a provider of CSAF publishes beside its advisories: the ROLIE feed, `index.txt` and `changes.csv` of a folder. They name
 * advisories and hold none, so there is nothing to import; `zw inspect` says what they are. */
#include "exchange/readers.h"

#include <string.h>

static bool feed_read(const Source *source, Sink *sink, int64_t *ret_entries, GError **error)
{
        g_autoptr(JDoc) doc = jdoc_parse(source->bytes, source->depth_max, error);
        JVal feed;

        if (doc == NULL)
                return false;
        feed = jval_get(jdoc_root(doc), "feed");
        if (feed.type != JVAL_OBJECT) {
                error_set(error, ZW_ERR_INPUT, "/feed", "this is no ROLIE feed: there is no object \"feed\"");
                return false;
        }
        *ret_entries = (int64_t)jval_count(jval_get(feed, "entry"));
        sink_figure_text(sink, "root", "object");
        sink_figure_int(sink, "feed", (int64_t)jval_count(feed));
        sink_figure_int(sink, "entries", *ret_entries);
        return true;
}

/* One path of an advisory a line, in changes.csv with the time of its change. */
static bool lines_read(const Source *source, Sink *sink, int64_t *ret_entries, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(source->bytes, &n), *end = text + n;
        int64_t lines = 0, number = 0;

        while (text < end) {
                const char *stop = memchr(text, '\n', (size_t)(end - text));
                size_t length = (size_t)((stop == NULL ? end : stop) - text);

                number++;
                while (length > 0 && g_ascii_isspace(text[length - 1]))
                        length--;
                if (length > 0 && g_strstr_len(text, (gssize)length, ".json") == NULL) {
                        g_autofree char *where = g_strdup_printf("line %" G_GINT64_FORMAT, number);

                        error_set(error, ZW_ERR_INPUT, where,
                                  "a list of advisories has the path of a .json file here");
                        return false;
                }
                lines += length > 0;
                text = stop == NULL ? end : stop + 1;
        }
        sink_figure_int(sink, "nonempty_lines", lines);
        *ret_entries = lines;
        return true;
}

bool csaf_listing_read(const Source *source, Sink *sink, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(source->bytes, &n);
        int64_t entries = 0;
        size_t i = 0;

        while (i < n && g_ascii_isspace(text[i]))
                i++;
        if (i < n && text[i] == '{' ? !feed_read(source, sink, &entries, error)
                                    : !lines_read(source, sink, &entries, error))
                return false;
        if (!source->figures_only)
                sink_refuse(sink, "",
                            "this lists %" G_GINT64_FORMAT " advisories and holds none: import those",
                            entries);
        return true;
}
