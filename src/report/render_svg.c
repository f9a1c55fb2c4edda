/* The drawing of a report as one SVG file; all else of the report is left out. */
#include "report/render.h"

struct Renderer {
        Html *html;
};

static Renderer *svg_begin(const ReportHead *head G_GNUC_UNUSED, Stream *stream)
{
        Renderer *renderer = g_new0(Renderer, 1);

        renderer->html = html_new(stream_out(stream));
        html_raw(renderer->html, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        return renderer;
}

static void svg_drawing(Renderer *renderer, const Drawing *drawing, const char *anchor, const char *caption)
{
        drawing_svg(drawing, caption, anchor, true, renderer->html);
}

static bool svg_end(Renderer *renderer G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
        return true;
}

static void svg_free(Renderer *renderer)
{
        html_free(renderer->html);
        g_free(renderer);
}

const ReportRenderer renderer_svg = {
        .name = "svg",
        .media = "image/svg+xml",
        .drawings_only = true,
        .begin = svg_begin,
        .drawing = svg_drawing,
        .end = svg_end,
        .free = svg_free,
};
