/* Drawings of diagrams.net (draw.io): pages of cells, which may be packed (base64 of deflated, percent-encoded XML). */
#include "exchange/readers.h"

#include "exchange/drawio.h"
#include "exchange/xfigures.h"

#include <string.h>
#include <zlib.h>

enum { TEXT_MAX = 64 << 20, PAGE_MAX = 64 << 20, RATIO_MAX = 250, FREE_BYTES = 1 << 20 };

typedef struct {
        const Source *source;
        int64_t pages, packed, vertices, edges;
} Drawing;

static bool refuse(const char *where, ZwErrorCode code, const char *what, GError **error)
{
        error_set(error, code, where, "%s", what);
        return false;
}

/* Unpacks raw deflate, to at most 250 times the input beyond the first MiB. */
static bool inflate_all(z_stream *stream, GByteArray *plain, size_t most, const char *where, GError **error)
{
        uint8_t block[16 << 10];
        int got = Z_OK;

        while (got != Z_STREAM_END) {
                stream->next_out = block;
                stream->avail_out = sizeof(block);
                got = inflate(stream, Z_NO_FLUSH);
                if (got != Z_OK && got != Z_STREAM_END)
                        return refuse(where, ZW_ERR_INPUT, "the page is damaged: this is not deflated",
                                      error);
                if (plain->len + sizeof(block) - stream->avail_out > most)
                        return refuse(where, ZW_ERR_LIMIT, "the page unpacks to more than is allowed", error);
                g_byte_array_append(plain, block, (guint)(sizeof(block) - stream->avail_out));
        }
        return true;
}

/* NOLINTNEXTLINE(readability-non-const-parameter) ; zlib may write through it */
static GBytes *page_inflate(guchar *packed, gsize n, const char *where, GError **error)
{
        g_autoptr(GByteArray) plain = g_byte_array_new();
        z_stream stream = { .next_in = packed, .avail_in = (uInt)n };
        bool whole;

        if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) {
                (void)refuse(where, ZW_ERR_LIMIT, "there is no memory for the page", error);
                return NULL;
        }
        whole = inflate_all(&stream, plain, MIN(MAX(n * RATIO_MAX, FREE_BYTES), PAGE_MAX), where, error);
        inflateEnd(&stream);
        return whole ? g_byte_array_free_to_bytes(g_steal_pointer(&plain)) : NULL;
}

GBytes *drawio_unpack(char *text, const char *where, GError **error)
{
        g_autoptr(GBytes) encoded = NULL;
        g_autofree guchar *packed = NULL;
        g_autofree char *plain = NULL;
        const char *data;
        gsize n;

        packed = g_base64_decode(text, &n);
        encoded = n == 0 ? NULL : page_inflate(packed, n, where, error);
        if (encoded == NULL) {
                if (n == 0)
                        (void)refuse(where, ZW_ERR_INPUT, "the page is neither cells nor base64", error);
                return NULL;
        }
        data = g_bytes_get_data(encoded, &n);
        plain = g_uri_unescape_segment(data, data + n, NULL);
        if (plain == NULL) {
                (void)refuse(where, ZW_ERR_INPUT, "the page is damaged: this is not percent-encoded", error);
                return NULL;
        }
        n = strlen(plain);
        return g_bytes_new_take(g_steal_pointer(&plain), n);
}

static void cell_count(Drawing *drawing, Xml *xml)
{
        if (!xml_is(xml, "mxCell"))
                return;
        drawing->vertices += g_strcmp0(xml_attr(xml, "vertex"), "1") == 0;
        drawing->edges += g_strcmp0(xml_attr(xml, "edge"), "1") == 0;
}

static bool page_read(Drawing *drawing, GBytes *page, const char *where, GError **error)
{
        g_autoptr(Xml) xml = xml_new(page, drawing->source->depth_max, XFIGURES_ELEMENTS_MAX, error);
        XmlEvent event = XML_EVENT_OPEN;
        bool read = xml != NULL;

        while (read && event != XML_EVENT_END) {
                read = xml_next(xml, &event, error);
                if (read && event == XML_EVENT_OPEN)
                        cell_count(drawing, xml);
        }
        if (!read && error != NULL)
                error_set_where(*error, "%s", where);
        return read;
}

/* After the open event of a page: its cells, or its text unpacked. */
static bool diagram_read(Drawing *drawing, Xml *xml, GError **error)
{
        g_autofree char *where = g_strdup_printf("page %" G_GINT64_FORMAT, ++drawing->pages);
        const size_t depth = xml_depth(xml);
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GBytes) page = NULL;
        XmlEvent event;

        do {
                if (!xml_next(xml, &event, error))
                        return false;
                if (event == XML_EVENT_OPEN)
                        cell_count(drawing, xml);
                if (event == XML_EVENT_TEXT && xml_depth(xml) == depth)
                        g_string_append(text, xml_text(xml));
                if (text->len > TEXT_MAX)
                        return refuse(where, ZW_ERR_LIMIT, "the page is larger than 64 MiB", error);
        } while (event != XML_EVENT_CLOSE || xml_depth(xml) != depth);
        g_strstrip(text->str);
        if (text->str[0] == '\0')
                return true;
        drawing->packed++;
        page = drawio_unpack(text->str, where, error);
        return page != NULL && page_read(drawing, page, where, error);
}

static bool drawing_read(Drawing *drawing, Xml *xml, GError **error)
{
        XmlEvent event;

        if (!xml_root(xml, error))
                return false;
        if (xml_is(xml, "mxGraphModel"))
                return diagram_read(drawing, xml, error);
        if (!xml_is(xml, "mxfile"))
                return refuse("line 1", ZW_ERR_INPUT,
                              "the root element of a drawing is <mxfile> or <mxGraphModel>", error);
        do {
                if (!xml_next(xml, &event, error) ||
                    (event == XML_EVENT_OPEN && xml_is(xml, "diagram") && !diagram_read(drawing, xml, error)))
                        return false;
        } while (event != XML_EVENT_END);
        return true;
}

bool drawio_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(Xml) xml = xml_new(source->bytes, source->depth_max, XFIGURES_ELEMENTS_MAX, error);
        Drawing drawing = { .source = source };

        if (xml == NULL || !drawing_read(&drawing, xml, error))
                return false;
        sink_figure_int(sink, "pages", drawing.pages);
        sink_figure_int(sink, "compressed_pages", drawing.packed);
        sink_figure_int(sink, "vertices", drawing.vertices);
        sink_figure_int(sink, "edges", drawing.edges);
        return source->figures_only || drawio_tell(source, sink, error);
}
