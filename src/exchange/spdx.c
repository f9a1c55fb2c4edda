/* SPDX 2.2 and 2.3 bills of materials as JSON, YAML, tag and value, or XML, and 3.0 as JSON-LD. */
#include "exchange/readers.h"

#include "exchange/encoding.h"
#include "exchange/jfigures.h"
#include "exchange/spdx.h"
#include "exchange/xfigures.h"

#include <string.h>

/* ---- JSON ---- */

static const JFigure rows_2[] = {
        { JFIGURE_TEXT, "spdxVersion", "spdxVersion", false },
        { JFIGURE_TEXT, "spdxVersion", "SPDXVersion", false },
        { JFIGURE_COUNT, "packages", "packages/*", false },
        { JFIGURE_COUNT, "files", "files/*", false },
        { JFIGURE_COUNT, "snippets", "snippets/*", true },
        { JFIGURE_COUNT, "relationships", "relationships/*", false },
        { JFIGURE_MAP, "relTypes", "relationships/*/relationshipType", false },
        { JFIGURE_COUNT, "documentDescribes", "documentDescribes/*", true },
};

static const JFigure rows_3[] = {
        { JFIGURE_COUNT, "elements", "@graph/*", false },
        { JFIGURE_MAP, "types", "@graph/*/type", false },
};

static const JFormat format_2 = { "SPDX document", "packages",           "spdxVersion",
                                  rows_2,          G_N_ELEMENTS(rows_2), NULL };
static const JFormat format_3 = { "SPDX document", "@graph", NULL, rows_3, G_N_ELEMENTS(rows_3), NULL };

typedef struct {
        int64_t purls, cpes;
} References;

static void reference_count(JVal type, const char *name G_GNUC_UNUSED, void *data)
{
        References *references = data;
        const char *text = jval_text(type, NULL);

        references->purls += g_strcmp0(text, "purl") == 0;
        references->cpes += text != NULL && g_str_has_prefix(text, "cpe");
}

static bool json_2(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read_yaml(source, sink, &format_2, error);
        References references = { 0 };

        if (doc == NULL)
                return false;
        jfigures_visit(jdoc_root(doc), "packages/*/externalRefs/*/referenceType", reference_count,
                       &references);
        sink_figure_int(sink, "purl_refs", references.purls);
        sink_figure_int(sink, "cpe_refs", references.cpes);
        if (!source->figures_only)
                spdx_tell_json_2(jdoc_root(doc), sink, source->name);
        return true;
}

/* `https://spdx.org/rdf/3.0.1/spdx-context.jsonld` is version 3.0.1; it is told as the series. */
static void context_version(JVal root, Sink *sink)
{
        const char *context = jval_get_text(root, "@context");
        const char *from = context == NULL ? NULL : strstr(context, "/rdf/");
        g_autofree char *version = from == NULL ? g_strdup("3.0")
                                                : g_strndup(from + 5, strcspn(from + 5, "/"));
        g_auto(GStrv) parts = g_strsplit(version, ".", 3);
        g_autofree char *series = g_strv_length(parts) < 2 ? g_strdup(version)
                                                           : g_strdup_printf("%s.%s", parts[0], parts[1]);

        sink_version(sink, version);
        sink_figure_text(sink, "spdx", series);
}

static bool json_3(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format_3, error);

        if (doc == NULL)
                return false;
        context_version(jdoc_root(doc), sink);
        if (!source->figures_only)
                spdx_tell_json_3(jdoc_root(doc), sink, source->name);
        return true;
}

/* ---- XML: the elements of the JSON, or RDF ---- */

static const char *const roots[] = { "Document", "RDF", "SpdxDocument", NULL };

static const XFigure elements[] = {
        { XFIGURE_COUNT, "Package", "Document", "packages", NULL, NULL },
        { XFIGURE_COUNT, "Package", NULL, "Package", NULL, NULL },
        { XFIGURE_COUNT, "File", "Document", "files", NULL, NULL },
        { XFIGURE_COUNT, "File", NULL, "File", NULL, NULL },
        { XFIGURE_COUNT, "Relationship", "Document", "relationships", NULL, NULL },
        { XFIGURE_COUNT, "Relationship", NULL, "Relationship", NULL, NULL },
        { XFIGURE_TEXT, "spdxVersion", NULL, "spdxVersion", ".", NULL },
        { XFIGURE_TEXT, "spdxVersion", NULL, "specVersion", ".", NULL },
};

static const char *const proofs[] = { "spdxVersion", "SPDXID", "specVersion", "SpdxDocument", NULL };

static const XFormat format_xml = { .roots = roots,
                                    .what = "an SPDX document",
                                    .proofs = proofs,
                                    .rows = elements,
                                    .n_rows = G_N_ELEMENTS(elements),
                                    .version = "spdxVersion",
                                    .root_and_space = true };

static bool xml_read(const Source *source, Sink *sink, GError **error)
{
        static const char *const passed_over[] = { "files", "snippets", "hasExtractedLicensingInfos", NULL };
        g_autoptr(XTree) tree = NULL;

        if (!xfigures_read(source, sink, &format_xml, error))
                return false;
        if (source->figures_only)
                return true;
        tree = xtree_load(source->bytes, source->depth_max, passed_over, error);
        if (tree == NULL)
                return false;
        if (strcmp(xtree_root(tree)->name, "Document") == 0)
                spdx_tell_xml(xtree_root(tree), sink, source->name);
        else
                sink_refuse(sink, "line 1",
                            "of SPDX as RDF only figures are read: import it as JSON, YAML, XML "
                            "or tag and value");
        return true;
}

/* ---- tag and value ---- */

static const char *const tags[] = { "PackageName", "FileName", "Relationship" };
static const char *const tag_figures[] = { "packages", "files", "relationships" };

typedef struct {
        int64_t counts[G_N_ELEMENTS(tags)];
        char *version;
        bool within; /* a text that goes over lines */
        size_t line;
} TagValue;

static bool tag_is(const char *line, size_t n, const char *tag)
{
        const size_t length = strlen(tag);

        return n > length && memcmp(line, tag, length) == 0 && line[length] == ':';
}

static bool line_take(TagValue *document, const char *line, size_t n, GError **error)
{
        static const char begin[] = "<text>", end[] = "</text>";
        const bool begins = g_strstr_len(line, (gssize)n, begin) != NULL,
                   ends = g_strstr_len(line, (gssize)n, end) != NULL;
        g_autofree char *where = g_strdup_printf("line %zu", ++document->line);

        if (document->within) {
                document->within = !ends;
                return true;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
                document->counts[i] += tag_is(line, n, tags[i]);
        if (tag_is(line, n, "SPDXVersion") && document->version == NULL)
                document->version = g_strstrip(
                        g_strndup(line + strlen("SPDXVersion:"), n - strlen("SPDXVersion:")));
        document->within = begins && !ends;
        if (n == 0 || line[0] == '#' || memchr(line, ':', n) != NULL)
                return true;
        error_set(error, ZW_ERR_INPUT, where, "a line is a tag, a colon and a value");
        return false;
}

static bool tag_value(const Source *source, Sink *sink, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(source->bytes, &n), *stop = text + n;
        TagValue document = { 0 };
        g_autofree char *version = NULL;

        for (const char *at = text + encoding_mark(text, n); at < stop;) {
                const char *eol = memchr(at, '\n', (size_t)(stop - at));
                size_t length = (size_t)((eol == NULL ? stop : eol) - at);

                while (length > 0 && g_ascii_isspace(at[length - 1]))
                        length--;
                if (!line_take(&document, at, length, error)) {
                        g_free(document.version);
                        return false;
                }
                at = eol == NULL ? stop : eol + 1;
        }
        version = document.version;
        if (document.within || version == NULL) {
                error_set(error, ZW_ERR_INPUT, NULL, "%s",
                          version == NULL ? "there is no tag SPDXVersion" : "a text does not end");
                return false;
        }
        sink_figure_text(sink, "form", "tag-value");
        sink_figure_text(sink, "spdxVersion", version);
        sink_version(sink, version);
        for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
                sink_figure_int(sink, tag_figures[i], document.counts[i]);
        if (!source->figures_only)
                spdx_tell_tags(source->bytes, sink, source->name);
        return true;
}

bool spdx_read(const Source *source, Sink *sink, GError **error)
{
        if (xml_begins(source->bytes))
                return xml_read(source, sink, error);
        if (jfigures_has(source->bytes, "\"@graph\""))
                return json_3(source, sink, error);
        /* JSON and YAML call it spdxVersion. */
        if (jfigures_has(source->bytes, "SPDXVersion:"))
                return tag_value(source, sink, error);
        return json_2(source, sink, error);
}
