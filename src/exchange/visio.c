/* Drawings of Visio (.vsdx): pages of shapes, and which shape is connected to which. */
#include "exchange/readers.h"

#include "exchange/visio.h"
#include "exchange/xfigures.h"
#include "exchange/zip.h"

#include <string.h>

static const char *const roots[] = { "PageContents", NULL };

typedef struct {
        const Source *source;
        Sink *sink;
        int64_t pages, shapes, connects;
} Drawing;

/* Pages are visio/pages/page1.xml and so on; pages.xml beside them is the list of them. */
static bool is_page(const char *name)
{
        static const char page[] = "visio/pages/page";

        return g_str_has_prefix(name, page) && g_ascii_isdigit(name[strlen(page)]) &&
               g_str_has_suffix(name, ".xml");
}

static void element_count(Xml *xml, const char *parent G_GNUC_UNUSED, void *data)
{
        Drawing *drawing = data;

        drawing->shapes += xml_is(xml, "Shape");
        drawing->connects += xml_is(xml, "Connect");
}

static bool page_take(const char *name, GBytes *part, void *data, GError **error)
{
        Drawing *drawing = data;
        const XFormat page = {
                .roots = roots, .what = "a page of Visio", .open = element_count, .data = drawing
        };

        drawing->pages++;
        if (xfigures_read_bytes(drawing->source, part, drawing->sink, &page, error))
                return true;
        g_prefix_error(error, "%s: ", name);
        return false;
}

bool visio_read(const Source *source, Sink *sink, GError **error)
{
        Drawing drawing = { .source = source, .sink = sink };

        if (!zip_each(&(ZipInput){ source->bytes, -1 }, is_page, NULL, page_take, &drawing, error))
                return false;
        if (drawing.pages == 0) {
                error_set(error, ZW_ERR_INPUT, "archive", "the archive holds no page of Visio");
                return false;
        }
        sink_figure_int(sink, "pages", drawing.pages);
        sink_figure_int(sink, "Shape", drawing.shapes);
        sink_figure_int(sink, "Connect", drawing.connects);
        return source->figures_only || visio_tell(source, sink, error);
}
