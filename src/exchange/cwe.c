/* The list of weaknesses of CWE, XML, alone or in the zip archive it is published in: names for the feeds. */
#include "exchange/readers.h"

#include "exchange/feed.h"
#include "exchange/xfigures.h"
#include "exchange/zip.h"

static const char *const roots[] = { "Weakness_Catalog", NULL };

static const XFigure rows[] = {
        { XFIGURE_TEXT, "version", NULL, "Weakness_Catalog", "Version", NULL },
        { XFIGURE_TEXT, "date", NULL, "Weakness_Catalog", "Date", NULL },
        { XFIGURE_COUNT, "Weakness", NULL, "Weakness", NULL, NULL },
        { XFIGURE_MAP, "status", NULL, "Weakness", "Status", NULL },
        { XFIGURE_COUNT, "Category", NULL, "Category", NULL, NULL },
        { XFIGURE_COUNT, "View", NULL, "View", NULL, NULL },
        { XFIGURE_COUNT, "Related_Weakness", NULL, "Related_Weakness", NULL, NULL },
        { XFIGURE_COUNT, "Observed_Example", NULL, "Observed_Example", NULL, NULL },
};

static void element_open(Xml *xml, const char *parent G_GNUC_UNUSED, void *sink)
{
        g_autofree char *number = NULL, *name = NULL, *id = NULL;

        if (!xml_is(xml, "Weakness"))
                return;
        number = g_strdup(xml_attr(xml, "ID"));
        name = g_strdup(xml_attr(xml, "Name"));
        if (number == NULL || name == NULL)
                return;
        id = g_strconcat("CWE-", number, NULL);
        feed_record(sink, "cwe", id, NULL,
                    json_pack("{s:s, s:s*}", "name", name, "abstraction", xml_attr(xml, "Abstraction")));
}

static const XFormat format_table = { .roots = roots,
                                      .what = "a list of CWE",
                                      .rows = rows,
                                      .n_rows = G_N_ELEMENTS(rows),
                                      .version = "version",
                                      .open = element_open,
                                      .root_and_space = true };

typedef struct {
        const Source *source;
        Sink *sink;
        bool found;
} Archive;

static bool is_xml(const char *name)
{
        return g_str_has_suffix(name, ".xml");
}

/* The table, with where the records go. */
static XFormat format_of(Sink *sink)
{
        XFormat format = format_table;

        format.data = sink;
        return format;
}

static bool part_take(const char *name, GBytes *part, void *data, GError **error)
{
        Archive *archive = data;
        const XFormat format = format_of(archive->sink);

        if (archive->found) {
                error_set(error, ZW_ERR_INPUT, name, "the archive holds more than one document");
                return false;
        }
        archive->found = true;
        sink_figure_text(archive->sink, "inner", name);
        sink_figure_int(archive->sink, "inner_bytes", (int64_t)g_bytes_get_size(part));
        return xfigures_read_bytes(archive->source, part, archive->sink, &format, error);
}

bool cwe_read(const Source *source, Sink *sink, GError **error)
{
        Archive archive = { source, sink, false };
        const XFormat format = format_of(sink);

        if (!zip_begins(source->bytes))
                return xfigures_read(source, sink, &format, error);
        if (!zip_each(&(ZipInput){ source->bytes, -1 }, is_xml, NULL, part_take, &archive, error))
                return false;
        if (archive.found)
                return true;
        error_set(error, ZW_ERR_INPUT, "archive", "the archive holds no list of CWE");
        return false;
}
