/* A report as a document to be worked with: Office Open XML (ECMA-376, transitional), headings, a list of contents that leads to them,
 * and tables whose heads stand on each page. Figures are told in words: what they show stands in the tables. */
#include "report/render_text.h"
#include "report/opc.h"

#include <string.h>

enum {
        PAGE_W = 16838, /* A4 landscape, in twentieths of a point */
        PAGE_H = 11906,
        MARGIN = 850,
};

#define W_NAMESPACE "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define R_NAMESPACE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define XML_HEAD    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"

struct Renderer {
        const ReportHead *head;
        Opc *package;
        GString *text;       /* what is not in the archive yet */
        GHashTable *anchors; /* anchor → number of its bookmark */
        const TableDef *table;
};

/* ---- text ---- */

/* What XML does not allow becomes a sign that something stood there. */
static void escape(GString *to, const char *text)
{
        for (const char *c = text; *c != '\0'; c = g_utf8_next_char(c)) {
                const gunichar letter = g_utf8_get_char(c);

                if (letter == '&')
                        g_string_append(to, "&amp;");
                else if (letter == '<')
                        g_string_append(to, "&lt;");
                else if (letter == '>')
                        g_string_append(to, "&gt;");
                else if (letter == '"')
                        g_string_append(to, "&quot;");
                else if ((letter < ' ' && letter != '\t') || letter == 0xfffe || letter == 0xffff)
                        g_string_append(to, "\xef\xbf\xbd");
                else
                        g_string_append_unichar(to, letter);
        }
}

static void run_put(GString *to, const char *text)
{
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        g_string_append(to, "<w:r>");
        for (char **line = lines; *line != NULL; line++) {
                g_string_append(to, line == lines ? "<w:t xml:space=\"preserve\">"
                                                  : "<w:br/><w:t xml:space=\"preserve\">");
                escape(to, g_strchomp(*line));
                g_string_append(to, "</w:t>");
        }
        g_string_append(to, "</w:r>");
}

static void flush(Renderer *renderer)
{
        opc_bytes(renderer->package, renderer->text->str, renderer->text->len);
        g_string_truncate(renderer->text, 0);
}

static void paragraph_begin(GString *to, const char *style)
{
        g_string_append_printf(to, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>", style);
}

static void paragraph_put(GString *to, const char *style, const char *text)
{
        paragraph_begin(to, style);
        run_put(to, text);
        g_string_append(to, "</w:p>");
}

static void say(Renderer *renderer, const char *style, const char *text)
{
        paragraph_put(renderer->text, style, text);
        flush(renderer);
}

static unsigned bookmark_of(Renderer *renderer, const char *anchor)
{
        unsigned number = GPOINTER_TO_UINT(g_hash_table_lookup(renderer->anchors, anchor));

        if (number == 0) {
                number = g_hash_table_size(renderer->anchors) + 1;
                g_hash_table_insert(renderer->anchors, g_strdup(anchor), GUINT_TO_POINTER(number));
        }
        return number;
}

/* ---- the parts beside the text ---- */

static void parts_put(Opc *package)
{
        opc_entry(package, "[Content_Types].xml");
        opc_text(
                package, XML_HEAD
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                "<Override PartName=\"/word/document.xml\" ContentType=\"application/"
                "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
                "<Override PartName=\"/word/styles.xml\" ContentType=\"application/"
                "vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>"
                "<Override PartName=\"/word/footer1.xml\" ContentType=\"application/"
                "vnd.openxmlformats-officedocument.wordprocessingml.footer+xml\"/>"
                "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/"
                "vnd.openxmlformats-package.core-properties+xml\"/></Types>");
        opc_entry(package, "_rels/.rels");
        opc_text(
                package, XML_HEAD
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                "<Relationship Id=\"rId1\" Type=\"" R_NAMESPACE
                "/officeDocument\" Target=\"word/document.xml\"/>"
                "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                "core-properties\" Target=\"docProps/core.xml\"/></Relationships>");
        opc_entry(package, "word/_rels/document.xml.rels");
        opc_text(package, XML_HEAD
                 "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
                 "<Relationship Id=\"rId1\" Type=\"" R_NAMESPACE "/styles\" Target=\"styles.xml\"/>"
                 "<Relationship Id=\"rId2\" Type=\"" R_NAMESPACE
                 "/footer\" Target=\"footer1.xml\"/></Relationships>");
}

static void styles_put(Opc *package)
{
        static const struct {
                const char *id, *name, *paragraph;
                int half_points;
                bool bold;
        } styles[] = {
                { "Title", "Title", "<w:spacing w:after=\"120\"/>", 40, true },
                { "Heading1", "heading 1",
                  "<w:keepNext/><w:spacing w:before=\"360\" w:after=\"120\"/><w:outlineLvl w:val=\"0\"/>", 30,
                  true },
                { "Heading2", "heading 2",
                  "<w:keepNext/><w:spacing w:before=\"240\" w:after=\"80\"/><w:outlineLvl w:val=\"1\"/>", 24,
                  true },
                { "Heading3", "heading 3",
                  "<w:keepNext/><w:spacing w:before=\"200\" w:after=\"60\"/><w:outlineLvl w:val=\"2\"/>", 20,
                  true },
                { "Caption", "caption", "<w:keepNext/><w:spacing w:before=\"160\" w:after=\"60\"/>", 18,
                  true },
                { "TableText", "Table text", "<w:spacing w:after=\"0\"/>", 16, false },
                { "TableHead", "Table head", "<w:keepNext/><w:spacing w:after=\"0\"/>", 16, true },
                { "TOC1", "toc 1", "<w:spacing w:after=\"20\"/>", 18, false },
                { "TOC2", "toc 2", "<w:spacing w:after=\"20\"/><w:ind w:left=\"284\"/>", 18, false },
                { "TOC3", "toc 3", "<w:spacing w:after=\"20\"/><w:ind w:left=\"568\"/>", 18, false },
                { "Footer", "footer", "<w:spacing w:after=\"0\"/>", 14, false },
        };

        opc_entry(package, "word/styles.xml");
        opc_text(
                package, XML_HEAD
                "<w:styles xmlns:w=\"" W_NAMESPACE "\"><w:docDefaults><w:rPrDefault><w:rPr>"
                "<w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:cs=\"Arial\"/><w:sz w:val=\"18\"/><w:lang w:val=\"en\"/>"
                "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after=\"100\"/></w:pPr></w:pPrDefault>"
                "</w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/></w:style>");
        for (size_t i = 0; i < G_N_ELEMENTS(styles); i++) {
                g_autofree char *style = g_strdup_printf(
                        "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:basedOn w:val=\"Normal\"/>"
                        "<w:pPr>%s</w:pPr><w:rPr>%s<w:sz w:val=\"%d\"/></w:rPr></w:style>",
                        styles[i].id, styles[i].name, styles[i].paragraph, styles[i].bold ? "<w:b/>" : "",
                        styles[i].half_points);

                opc_text(package, style);
        }
        opc_text(package, "</w:styles>");
}

/* What each page says at its foot, and what the document says of itself: made when it was evaluated, so that it is the same again. */
static void facts_put(const Renderer *renderer)
{
        const ReportHead *head = renderer->head;
        g_autofree char *inputs = inputs_text(head->inputs);
        g_autoptr(GString) text = g_string_new(XML_HEAD "<w:ftr xmlns:w=\"" W_NAMESPACE "\">");
        char instant[ZW_INSTANT_TEXT];

        paragraph_begin(text, "Footer");
        run_put(text, inputs);
        run_put(text, "  Page ");
        g_string_append(text,
                        "<w:fldSimple w:instr=\"PAGE\"><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>");
        opc_entry(renderer->package, "word/footer1.xml");
        opc_text(renderer->package, text->str);

        g_string_assign(
                text, XML_HEAD
                "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/"
                "core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/"
                "dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
        escape(text, head->definition->title);
        g_string_append(text, ": ");
        escape(text, head->inputs->project_title);
        g_string_append(
                text,
                "</dc:title><dc:creator>Zonewright</dc:creator><dcterms:created xsi:type=\"dcterms:W3CDTF\">");
        instant_format(head->inputs->instant, instant);
        g_string_append_printf(text, "%.19sZ</dcterms:created></cp:coreProperties>", instant);
        opc_entry(renderer->package, "docProps/core.xml");
        opc_text(renderer->package, text->str);
}

/* ---- the document ---- */

static Renderer *docx_begin(const ReportHead *head, Stream *stream)
{
        Renderer *renderer = g_new0(Renderer, 1);
        g_autofree char *inputs = inputs_text(head->inputs);

        renderer->head = head;
        renderer->package = opc_new(stream);
        renderer->text = g_string_new(NULL);
        renderer->anchors = hash_table_new_text(g_free, NULL);
        parts_put(renderer->package);
        styles_put(renderer->package);
        facts_put(renderer);
        opc_entry(renderer->package, "word/document.xml");
        opc_text(renderer->package,
                 XML_HEAD "<w:document xmlns:w=\"" W_NAMESPACE "\" xmlns:r=\"" R_NAMESPACE "\"><w:body>");
        say(renderer, "Title", head->definition->title);
        say(renderer, "Normal", head->definition->summary);
        say(renderer, "Normal", head->inputs->project_title);
        if (head->place != NULL)
                say(renderer, "Normal", head->place);
        if (head->period != NULL)
                say(renderer, "Normal", head->period);
        say(renderer, "Normal", inputs);
        return renderer;
}

static void docx_content(Renderer *renderer, int level, const char *anchor, const char *title)
{
        g_autofree char *style = g_strdup_printf("TOC%d", CLAMP(level, 1, 3));

        paragraph_begin(renderer->text, style);
        g_string_append_printf(renderer->text, "<w:hyperlink w:anchor=\"part%u\">",
                               bookmark_of(renderer, anchor));
        run_put(renderer->text, title);
        g_string_append(renderer->text, "</w:hyperlink></w:p>");
        flush(renderer);
}

static void docx_section_begin(Renderer *renderer, int level, const char *anchor, const char *title)
{
        g_autofree char *style = g_strdup_printf("Heading%d", CLAMP(level, 1, 3));
        const unsigned number = bookmark_of(renderer, anchor);

        paragraph_begin(renderer->text, style);
        g_string_append_printf(renderer->text, "<w:bookmarkStart w:id=\"%u\" w:name=\"part%u\"/>", number,
                               number);
        run_put(renderer->text, title);
        g_string_append_printf(renderer->text, "<w:bookmarkEnd w:id=\"%u\"/></w:p>", number);
        flush(renderer);
}

static void docx_section_end(Renderer *renderer G_GNUC_UNUSED)
{
}

static void docx_paragraph(Renderer *renderer, const char *text)
{
        say(renderer, "Normal", text);
}

static void docx_drawing(Renderer *renderer, const Drawing *drawing G_GNUC_UNUSED,
                         const char *anchor G_GNUC_UNUSED, const char *caption)
{
        g_autofree char *text = g_strconcat(
                caption, ": see the tables; the drawing is in the formats html, pdf and svg", NULL);

        say(renderer, "Normal", text);
}

static void docx_figure(Renderer *renderer, const Chart *chart)
{
        g_autofree char *words = chart_words(chart);

        say(renderer, "Normal", words);
}

static void docx_chart(Renderer *renderer, const Chart *chart, gint64 rows G_GNUC_UNUSED)
{
        docx_figure(renderer, chart);
}

/* ---- tables ---- */

static unsigned column_width(const TableDef *table)
{
        return (PAGE_W - 2 * MARGIN) / MAX(table->columns->len, 1);
}

static void cell_begin(GString *to, unsigned width, guint span)
{
        g_string_append_printf(to, "<w:tc><w:tcPr><w:tcW w:w=\"%u\" w:type=\"dxa\"/>", width);
        if (span > 1)
                g_string_append_printf(to, "<w:gridSpan w:val=\"%u\"/>", span);
        g_string_append(to, "</w:tcPr>");
}

static void wide_put(Renderer *renderer, const char *style, const char *text)
{
        const guint n = renderer->table->columns->len;

        g_string_append(renderer->text, "<w:tr>");
        cell_begin(renderer->text, column_width(renderer->table) * n, n);
        paragraph_put(renderer->text, style, text);
        g_string_append(renderer->text, "</w:tc></w:tr>");
        flush(renderer);
}

static void heads_put(GString *to, const TableDef *table)
{
        g_string_append(to, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        for (guint i = 0; i < table->columns->len; i++) {
                cell_begin(to, column_width(table), 1);
                paragraph_put(to, "TableHead", g_array_index(table->columns, ColumnDef, i).title);
                g_string_append(to, "</w:tc>");
        }
        g_string_append(to, "</w:tr>");
}

static void docx_table_begin(Renderer *renderer, const TableDef *table, const char *anchor G_GNUC_UNUSED,
                             const char *caption)
{
        static const char *const borders[] = { "top", "left", "bottom", "right", "insideH", "insideV" };

        renderer->table = table;
        say(renderer, "Caption", caption);
        if (table->text != NULL)
                say(renderer, "Normal", table->text);
        g_string_append(renderer->text,
                        "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>");
        for (size_t i = 0; i < G_N_ELEMENTS(borders); i++)
                g_string_append_printf(renderer->text,
                                       "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"808080\"/>",
                                       borders[i]);
        g_string_append(renderer->text, "</w:tblBorders></w:tblPr><w:tblGrid>");
        for (guint i = 0; i < table->columns->len; i++)
                g_string_append_printf(renderer->text, "<w:gridCol w:w=\"%u\"/>", column_width(table));
        g_string_append(renderer->text, "</w:tblGrid>");
        heads_put(renderer->text, table);
        flush(renderer);
}

static void docx_group(Renderer *renderer, const char *anchor G_GNUC_UNUSED, const char *title)
{
        if (title != NULL)
                wide_put(renderer, "TableHead", title);
}

static void docx_row(Renderer *renderer, const RenderRow *row)
{
        const TableDef *table = renderer->table;

        g_string_append(renderer->text, "<w:tr>");
        for (guint i = 0; i < table->columns->len; i++) {
                const ColumnDef *column = &g_array_index(table->columns, ColumnDef, i);
                g_autofree char *text = cell_text(renderer->head->view, row->cells[i], column->show);

                cell_begin(renderer->text, column_width(table), 1);
                paragraph_put(renderer->text, column->heading ? "TableHead" : "TableText", text);
                g_string_append(renderer->text, "</w:tc>");
        }
        g_string_append(renderer->text, "</w:tr>");
        flush(renderer);
}

static void docx_table_end(Renderer *renderer, gint64 rows, gint64 more)
{
        g_autofree char *left = g_strdup_printf("and %" G_GINT64_FORMAT " more rows that are not shown here",
                                                more);

        if (rows == 0)
                wide_put(renderer, "TableText", renderer->table->empty);
        g_string_append(renderer->text, "</w:tbl>");
        /* Without a paragraph between them two tables would be one. */
        say(renderer, "Normal", more > 0 ? left : "");
}

/* ---- the end ---- */

static bool docx_end(Renderer *renderer, GError **error)
{
        g_string_append_printf(
                renderer->text,
                "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/>"
                "<w:pgSz w:w=\"%d\" w:h=\"%d\" w:orient=\"landscape\"/><w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" "
                "w:left=\"%d\" w:header=\"400\" w:footer=\"400\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>",
                PAGE_W, PAGE_H, MARGIN, MARGIN, MARGIN, MARGIN);
        flush(renderer);
        return opc_finish(renderer->package, error);
}

static void docx_free(Renderer *renderer)
{
        opc_free(renderer->package);
        g_string_free(renderer->text, TRUE);
        g_hash_table_unref(renderer->anchors);
        g_free(renderer);
}

const ReportRenderer renderer_docx = {
        .name = "docx",
        .media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        .binary = true,
        .begin = docx_begin,
        .content = docx_content,
        .section_begin = docx_section_begin,
        .section_end = docx_section_end,
        .paragraph = docx_paragraph,
        .drawing = docx_drawing,
        .chart = docx_chart,
        .figure = docx_figure,
        .table_begin = docx_table_begin,
        .group = docx_group,
        .row = docx_row,
        .table_end = docx_table_end,
        .end = docx_end,
        .free = docx_free,
};
