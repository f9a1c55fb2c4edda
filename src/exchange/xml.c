/* libxml2's text reader behind the events of xml.h. No option loads, substitutes or defaults anything; what would need
 * it is refused when the reader shows it. */
#include "exchange/xml.h"

#include <libxml/parser.h>
#include <libxml/xmlreader.h>
#include <limits.h>
#include <string.h>

/* Each nesting level costs the parser one step of its own stack; libxml2 itself stops at 256. */
enum { XML_DEPTH_MAX = 255 };

struct Xml {
        xmlTextReader *reader;
        GBytes *bytes;
        size_t depth_max, depth;
        XmlEvent event;
        bool close_pending; /* an empty element was opened, and its close is still to be given */
        bool ended;
        size_t line;
        GPtrArray *kept; /* attribute values given out for the present event */
        char *message;   /* first complaint of the parser */
        size_t message_line;
        ZwErrorCode code; /* of that complaint */
};

/* What the library says of a document goes into its Xml; beside that it prints of encodings, which nobody reads. */
static void keep_quiet(void *data G_GNUC_UNUSED, const char *format G_GNUC_UNUSED, ...)
{
}

void xml_init(void)
{
        xmlInitParser();
        xmlSetGenericErrorFunc(NULL, keep_quiet);
}

/* The library's words, where they say what is wrong with the file. */
static const char *complaint_of(const xmlError *fault, ZwErrorCode *ret_code)
{
        const xmlParserCtxt *parser = fault->ctxt;
        const char *message = fault->message == NULL ? "not well-formed" : fault->message;

        *ret_code = ZW_ERR_INPUT;
        switch (fault->code) {
        case XML_ERR_DOCUMENT_EMPTY: /* said of everything that does not begin as XML does */
                return "this is not an XML document";
        case XML_ERR_DOCUMENT_END:
                return parser != NULL && parser->nameNr > 0 ? "the document ends within an element" : message;
        case XML_ERR_INVALID_CHAR:
        case XML_ERR_INVALID_ENCODING:
        case XML_ERR_UNKNOWN_ENCODING:
        case XML_ERR_UNSUPPORTED_ENCODING:
                *ret_code = ZW_ERR_ENCODING;
                return message;
        default:
                /* Limits of the library have no code of their own. */
                if (strstr(message, "uge input lookup") == NULL && strstr(message, "uge text node") == NULL)
                        return message;
                *ret_code = ZW_ERR_LIMIT;
                return "a text, an attribute or a name is larger than 10 MB";
        }
}

static void keep_complaint(void *data, xmlErrorPtr fault)
{
        Xml *xml = data;

        if (xml->message != NULL || fault == NULL || fault->level == XML_ERR_WARNING)
                return;
        xml->message = g_utf8_make_valid(complaint_of(fault, &xml->code), -1);
        xml->message[strcspn(xml->message, "\r\n")] = '\0';
        xml->message_line = fault->line > 0 ? (size_t)fault->line : 1;
}

/* Documents that parse in no time are not looked at twice: the parser says best what is wrong with them. */
enum { SURVEY_BYTES = 2 << 20 };

static char *line_at(const char *text, size_t n)
{
        size_t lines = 1;

        for (const char *at = text; (at = memchr(at, '\n', (size_t)(text + n - at))) != NULL; at++)
                lines++;
        return g_strdup_printf("line %zu", lines);
}

bool xml_count_check(GBytes *bytes, const char *name, uint64_t max, GError **error)
{
        g_autofree char *where = NULL;
        gsize n;
        const char *text = g_bytes_get_data(bytes, &n);
        XmlSurvey found;

        if (n < SURVEY_BYTES || !xml_survey(text, n, name, max, &found) || found.named <= max)
                return true;
        where = line_at(text, found.at);
        error_set(error, ZW_ERR_LIMIT, where,
                  "the document has more than %" G_GUINT64_FORMAT " elements <%s>", max, name);
        return false;
}

static bool survey_check(const char *text, size_t n, uint64_t elements_max, GError **error)
{
        g_autofree char *where = NULL;
        XmlSurvey found;

        if (n < SURVEY_BYTES || !xml_survey(text, n, NULL, 0, &found))
                return true;
        if (found.elements > elements_max) {
                error_set(error, ZW_ERR_LIMIT, NULL,
                          "the document has %" G_GUINT64_FORMAT " elements, at most %" G_GUINT64_FORMAT
                          " are read",
                          found.elements, elements_max);
                return false;
        }
        if (found.open == 0)
                return true;
        where = line_at(text, n);
        error_set(error, ZW_ERR_INPUT, where, "the document ends within an element");
        return false;
}

Xml *xml_new(GBytes *bytes, size_t depth_max, uint64_t elements_max, GError **error)
{
        g_autoptr(Xml) xml = g_new0(Xml, 1);
        gsize n;
        const char *text = g_bytes_get_data(bytes, &n);

        if (n > INT_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "the document is larger than 2 GiB");
                return NULL;
        }
        if (!survey_check(text, n, elements_max, error))
                return NULL;
        xml->bytes = g_bytes_ref(bytes);
        xml->depth_max = MIN(depth_max, XML_DEPTH_MAX);
        xml->line = 1;
        xml->kept = g_ptr_array_new_with_free_func(xmlFree);
        if (n > 0)
                xml->reader = xmlReaderForMemory(text, (int)n, NULL, NULL,
                                                 XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_BIG_LINES);
        if (xml->reader == NULL) {
                error_set(error, n == 0 ? ZW_ERR_INPUT : ZW_ERR_LIMIT, "line 1",
                          n == 0 ? "the document is empty" : "there is no memory for the document");
                return NULL;
        }
        xmlTextReaderSetStructuredErrorHandler(xml->reader, (xmlStructuredErrorFunc)keep_complaint, xml);
        return g_steal_pointer(&xml);
}

void xml_free(Xml *xml)
{
        if (xml == NULL)
                return;
        if (xml->reader != NULL)
                xmlFreeTextReader(xml->reader);
        g_clear_pointer(&xml->kept, g_ptr_array_unref);
        g_clear_pointer(&xml->bytes, g_bytes_unref);
        g_free(xml->message);
        g_free(xml);
}

char *xml_where(const Xml *xml)
{
        return g_strdup_printf("line %zu", xml->line);
}

static bool refuse(Xml *xml, GError **error, ZwErrorCode code, const char *message)
{
        g_autofree char *where = xml_where(xml);

        error_set(error, code, where, "%s", message);
        return false;
}

static bool not_well_formed(Xml *xml, GError **error)
{
        if (xml->message_line > 0)
                xml->line = xml->message_line;
        return refuse(xml, error, xml->message == NULL ? ZW_ERR_INPUT : xml->code,
                      xml->message == NULL
                              ? "the document is not well-formed, or not in the encoding it names"
                              : xml->message);
}

/* The line where the node begins; the parser's own line is ahead of it. */
static size_t line_of(Xml *xml)
{
        xmlNode *node = xmlTextReaderCurrentNode(xml->reader);
        long line = node == NULL ? 0 : xmlGetLineNo(node);

        return line > 0 ? (size_t)line : xml->line;
}

static bool opened(Xml *xml, GError **error)
{
        xml->event = XML_EVENT_OPEN;
        xml->depth++;
        xml->close_pending = xmlTextReaderIsEmptyElement(xml->reader) == 1;
        if (xml->depth <= xml->depth_max)
                return true;
        return refuse(xml, error, ZW_ERR_LIMIT, "elements are nested too deeply");
}

/* `<!DOCTYPE name>` and nothing more, as nmap writes it, defines nothing and leads nowhere. */
static bool doctype_is_bare(Xml *xml)
{
        const xmlDtd *type = (const xmlDtd *)xmlTextReaderCurrentNode(xml->reader);

        return type != NULL && type->children == NULL && type->ExternalID == NULL && type->SystemID == NULL;
}

/* Gives false without an error where the node is to be passed over (*ret_taken false). */
static bool take_node(Xml *xml, bool *ret_taken, GError **error)
{
        *ret_taken = true;
        switch (xmlTextReaderNodeType(xml->reader)) {
        case XML_READER_TYPE_ELEMENT:
                return opened(xml, error);
        case XML_READER_TYPE_END_ELEMENT:
                xml->event = XML_EVENT_CLOSE;
                return true;
        case XML_READER_TYPE_TEXT:
        case XML_READER_TYPE_CDATA:
        case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        case XML_READER_TYPE_WHITESPACE:
                xml->event = XML_EVENT_TEXT;
                return true;
        case XML_READER_TYPE_DOCUMENT_TYPE:
                *ret_taken = false;
                return doctype_is_bare(xml) || refuse(xml, error, ZW_ERR_INPUT,
                                                      "a document type declaration (DOCTYPE) is not allowed");
        case XML_READER_TYPE_ENTITY_REFERENCE:
        case XML_READER_TYPE_ENTITY:
        case XML_READER_TYPE_END_ENTITY:
                return refuse(xml, error, ZW_ERR_INPUT, "an entity of its own is not allowed");
        default:
                *ret_taken = false;
                return true;
        }
}

bool xml_next(Xml *xml, XmlEvent *ret_event, GError **error)
{
        bool taken = false;

        g_ptr_array_set_size(xml->kept, 0);
        if (xml->event == XML_EVENT_CLOSE)
                xml->depth--;
        if (xml->close_pending) {
                xml->close_pending = false;
                *ret_event = xml->event = XML_EVENT_CLOSE;
                return true;
        }
        while (!taken && !xml->ended) {
                int got = xmlTextReaderRead(xml->reader);

                if (got < 0 || xml->message != NULL)
                        return not_well_formed(xml, error);
                xml->ended = got == 0;
                if (xml->ended)
                        break;
                xml->line = line_of(xml);
                if (!take_node(xml, &taken, error))
                        return false;
        }
        if (!taken)
                xml->event = XML_EVENT_END;
        *ret_event = xml->event;
        return true;
}

static const char *text_or_empty(const xmlChar *text)
{
        return text == NULL ? "" : (const char *)text;
}

const char *xml_name(const Xml *xml)
{
        return text_or_empty(xmlTextReaderConstLocalName(xml->reader));
}

const char *xml_space(const Xml *xml)
{
        return text_or_empty(xmlTextReaderConstNamespaceUri(xml->reader));
}

const char *xml_text(const Xml *xml)
{
        return xml->event == XML_EVENT_TEXT ? text_or_empty(xmlTextReaderConstValue(xml->reader)) : "";
}

size_t xml_depth(const Xml *xml)
{
        return xml->depth;
}

size_t xml_line(const Xml *xml)
{
        return xml->line;
}

bool xml_is(const Xml *xml, const char *name)
{
        return (xml->event == XML_EVENT_OPEN || xml->event == XML_EVENT_CLOSE) &&
               strcmp(xml_name(xml), name) == 0;
}

static const char *kept(Xml *xml, xmlChar *value)
{
        if (value != NULL)
                g_ptr_array_add(xml->kept, value);
        return (const char *)value;
}

const char *xml_attr(Xml *xml, const char *name)
{
        if (xml->event != XML_EVENT_OPEN)
                return NULL;
        return kept(xml, xmlTextReaderGetAttribute(xml->reader, (const xmlChar *)name));
}

const char *xml_attr_ns(Xml *xml, const char *space, const char *name)
{
        if (xml->event != XML_EVENT_OPEN)
                return NULL;
        return kept(xml,
                    xmlTextReaderGetAttributeNs(xml->reader, (const xmlChar *)name, (const xmlChar *)space));
}

XmlAttrs xml_attrs(const Xml *xml)
{
        const xmlNode *node = xml->event == XML_EVENT_OPEN ? xmlTextReaderCurrentNode(xml->reader) : NULL;

        return (XmlAttrs){ node == NULL ? NULL : node->properties };
}

bool xml_attrs_next(Xml *xml, XmlAttrs *attrs, const char **ret_space, const char **ret_name,
                    const char **ret_value)
{
        const xmlAttr *attr = attrs->next;
        const char *value;

        if (attr == NULL)
                return false;
        value = kept(xml, xmlNodeListGetString(attr->doc, attr->children, 1));
        *ret_space = attr->ns == NULL ? "" : text_or_empty(attr->ns->href);
        *ret_name = text_or_empty(attr->name);
        *ret_value = value == NULL ? "" : value;
        attrs->next = attr->next;
        return true;
}

bool xml_skip(Xml *xml, GError **error)
{
        const size_t depth = xml->depth;
        XmlEvent event = XML_EVENT_OPEN;

        while (!(event == XML_EVENT_CLOSE && xml->depth == depth) && event != XML_EVENT_END)
                if (!xml_next(xml, &event, error))
                        return false;
        return true;
}

bool xml_read_text(Xml *xml, size_t max, char **ret_text, GError **error)
{
        g_autoptr(GString) text = g_string_new(NULL);
        const size_t depth = xml->depth;
        XmlEvent event = XML_EVENT_OPEN;

        while (!(event == XML_EVENT_CLOSE && xml->depth == depth) && event != XML_EVENT_END) {
                if (!xml_next(xml, &event, error))
                        return false;
                if (event != XML_EVENT_TEXT)
                        continue;
                if (strlen(xml_text(xml)) > max - text->len)
                        return refuse(xml, error, ZW_ERR_LIMIT, "the text of an element is too long");
                g_string_append(text, xml_text(xml));
        }
        *ret_text = g_string_free(g_steal_pointer(&text), FALSE);
        return true;
}

bool xml_each_child(Xml *xml, XmlChildFn child, void *data, GError **error)
{
        XmlEvent event;

        do {
                if (!xml_next(xml, &event, error))
                        return false;
                if (event == XML_EVENT_OPEN && !child(xml, data, error))
                        return false;
        } while (event == XML_EVENT_OPEN || event == XML_EVENT_TEXT);
        return true;
}

bool xml_root(Xml *xml, GError **error)
{
        XmlEvent event;

        do {
                if (!xml_next(xml, &event, error))
                        return false;
        } while (event == XML_EVENT_TEXT);
        return event == XML_EVENT_OPEN || refuse(xml, error, ZW_ERR_INPUT, "the document has no element");
}
