/* Records of feeds, an operation a line, as a part of a signed bundle has them (docs/feeds.md): taken as they are. */
#include "exchange/readers.h"

#include <string.h>

/* A line that is no record ends it: who signed the bundle did not mean that. */
static bool line_take(const char *line, size_t n, int64_t number, Sink *sink, GError **error)
{
        g_autoptr(Json) op = jread_parse(line, n, NULL);
        g_autofree char *where = NULL;

        if (g_strcmp0(jread_get_string(op, "op"), "feed") == 0 && jread_get_string(op, "source") != NULL &&
            jread_get_string(op, "id") != NULL && json_is_object(json_object_get(op, "body"))) {
                sink_op(sink, g_steal_pointer(&op));
                return true;
        }
        where = g_strdup_printf("line %" G_GINT64_FORMAT, number);
        error_set(error, ZW_ERR_INPUT, where, "this is no record of a feed");
        return false;
}

bool feed_records_read(const Source *source, Sink *sink, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(source->bytes, &n), *end = text + n;
        int64_t number = 0;

        while (text < end) {
                const char *stop = memchr(text, '\n', (size_t)(end - text));
                const size_t length = (size_t)((stop == NULL ? end : stop) - text);

                if (!line_take(text, length, ++number, sink, error))
                        return false;
                text += length + (stop == NULL ? 0 : 1);
        }
        sink_figure_int(sink, "records", number);
        return true;
}
