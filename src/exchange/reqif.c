/* ReqIF 1.0 to 1.2, a document (.reqif) or an archive of documents with their attachments (.reqifz). */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/reqif_tell.h"
#include "exchange/xfigures.h"
#include "exchange/zip.h"

#include <string.h>

enum { PROBLEMS_MAX = 100, REFERENCE_MAX = 4096 };

static const char *const roots[] = { "REQ-IF", NULL };

static const XFigure rows[] = {
        { XFIGURE_TEXT, "req_if_version", "REQ-IF-HEADER", "REQ-IF-VERSION", ".", NULL },
        { XFIGURE_TEXT, "tool", "REQ-IF-HEADER", "REQ-IF-TOOL-ID", ".", NULL },
        { XFIGURE_TEXT, "source_tool", "REQ-IF-HEADER", "SOURCE-TOOL-ID", ".", NULL },
        { XFIGURE_COUNT, "SPEC_OBJECT", NULL, "SPEC-OBJECT", NULL, NULL },
        { XFIGURE_COUNT, "SPEC_RELATION", NULL, "SPEC-RELATION", NULL, NULL },
        { XFIGURE_COUNT, "SPECIFICATION", NULL, "SPECIFICATION", NULL, NULL },
        { XFIGURE_COUNT, "SPEC_HIERARCHY", NULL, "SPEC-HIERARCHY", NULL, NULL },
        { XFIGURE_COUNT, "SPEC_OBJECT_TYPE", NULL, "SPEC-OBJECT-TYPE", NULL, NULL },
        { XFIGURE_COUNT, "RELATION_GROUP", NULL, "RELATION-GROUP", NULL, NULL },
        { XFIGURE_COUNT, "enum_values", NULL, "ENUM-VALUE", NULL, NULL },
        { XFIGURE_COUNT, "xhtml_objects", NULL, "object", NULL, NULL },
        { XFIGURE_COUNT, "tool_extensions", NULL, "REQ-IF-TOOL-EXTENSION", NULL, NULL },
};

static const XFormat format = { .roots = roots,
                                .what = "a document of ReqIF",
                                .rows = rows,
                                .n_rows = G_N_ELEMENTS(rows),
                                .version = "req_if_version",
                                .root_and_space = true };

/* ---- what refers to what: a second pass ---- */

typedef struct {
        Sink *sink;
        GHashTable *identifiers; /* of all elements → how often it is used, 2 for more */
        GHashTable *objects;     /* identifiers of SPEC-OBJECT → 2 when a hierarchy shows it, else 1 */
        GPtrArray *shown, *ends; /* references of hierarchies, and ends of relations */
        GPtrArray *list;         /* which of them is being read; or NULL */
        size_t problems;
} References;

static void references_clear(References *references)
{
        g_hash_table_unref(references->identifiers);
        g_hash_table_unref(references->objects);
        g_ptr_array_unref(references->shown);
        g_ptr_array_unref(references->ends);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(References, references_clear)

static References references_init(Sink *sink)
{
        return (References){ .sink = sink,
                             .identifiers = hash_table_new_text(g_free, NULL),
                             .objects = hash_table_new_text(g_free, NULL),
                             .shown = g_ptr_array_new_with_free_func(g_free),
                             .ends = g_ptr_array_new_with_free_func(g_free) };
}

static void identifier_take(References *references, Xml *xml)
{
        const char *identifier = xml_attr(xml, "IDENTIFIER");

        if (identifier == NULL)
                return;
        g_hash_table_replace(references->identifiers, g_strdup(identifier),
                             GINT_TO_POINTER(g_hash_table_contains(references->identifiers, identifier) ? 2
                                                                                                        : 1));
        if (xml_is(xml, "SPEC-OBJECT"))
                g_hash_table_replace(references->objects, g_strdup(identifier), GINT_TO_POINTER(1));
}

static bool element_take(References *references, Xml *xml, GError **error)
{
        static const char value[] = "ATTRIBUTE-VALUE-";
        char *reference = NULL;

        identifier_take(references, xml);
        if (g_str_has_prefix(xml_name(xml), value))
                sink_figure_add(references->sink, "attr_values", xml_name(xml) + strlen(value), 1);
        if (xml_is(xml, "OBJECT"))
                references->list = references->shown;
        else if (xml_is(xml, "SOURCE") || xml_is(xml, "TARGET"))
                references->list = references->ends;
        else if (references->list != NULL && xml_is(xml, "SPEC-OBJECT-REF")) {
                if (!xml_read_text(xml, REFERENCE_MAX, &reference, error))
                        return false;
                g_ptr_array_add(references->list, g_strstrip(reference));
        }
        return true;
}

static bool references_read(References *references, const Source *source, GBytes *bytes, GError **error)
{
        g_autoptr(Xml) xml = xml_new(bytes, source->depth_max, XFIGURES_ELEMENTS_MAX, error);
        XmlEvent event = XML_EVENT_OPEN;

        if (xml == NULL)
                return false;
        do {
                if (!xml_next(xml, &event, error) ||
                    (event == XML_EVENT_OPEN && !element_take(references, xml, error)))
                        return false;
                if (event == XML_EVENT_CLOSE && !xml_is(xml, "SPEC-OBJECT-REF"))
                        references->list = NULL;
        } while (event != XML_EVENT_END);
        return true;
}

static void problem(References *references, const char *identifier, const char *what)
{
        if (++references->problems <= PROBLEMS_MAX)
                sink_problem(references->sink, identifier, "%s", what);
}

/* How many of the references lead to no object. */
static int64_t dangling(References *references, const GPtrArray *list, const char *what)
{
        int64_t n = 0;

        for (guint i = 0; i < list->len; i++) {
                const char *identifier = g_ptr_array_index(list, i);
                const bool is_object = g_hash_table_contains(references->objects, identifier);

                n += !is_object;
                if (!is_object)
                        problem(references, identifier, what);
                else if (list == references->shown)
                        g_hash_table_replace(references->objects, g_strdup(identifier), GINT_TO_POINTER(2));
        }
        return n;
}

static int64_t count_value(GHashTable *table, int value)
{
        GHashTableIter iter;
        gpointer entry;
        int64_t n = 0;

        g_hash_table_iter_init(&iter, table);
        while (g_hash_table_iter_next(&iter, NULL, &entry))
                n += GPOINTER_TO_INT(entry) == value;
        return n;
}

static void references_give(References *references)
{
        Sink *sink = references->sink;
        const int64_t twice = count_value(references->identifiers, 2);

        sink_figure_map(sink, "attr_values");
        sink_figure_int(sink, "dangling_hierarchy_refs",
                        dangling(references, references->shown,
                                 "a hierarchy shows an object that is not there"));
        sink_figure_int(sink, "dangling_relation_ends",
                        dangling(references, references->ends,
                                 "a relation ends at an object that is not there"));
        sink_figure_int(sink, "objects_not_in_hierarchy", count_value(references->objects, 1));
        sink_figure_int(sink, "duplicate_identifiers", twice);
        if (twice > 0)
                sink_problem(sink, "", "%" G_GINT64_FORMAT " identifiers are used more than once", twice);
        if (references->problems > PROBLEMS_MAX)
                sink_problem(sink, "", "%zu more references that lead nowhere are not listed",
                             references->problems - PROBLEMS_MAX);
}

static bool document_read(const Source *source, GBytes *bytes, const char *name, Sink *sink, GError **error)
{
        g_auto(References) references = references_init(sink);

        if (!xfigures_read_bytes(source, bytes, sink, &format, error) ||
            !references_read(&references, source, bytes, error))
                return false;
        references_give(&references);
        return source->figures_only || reqif_tell(source, bytes, name, sink, error);
}

/* ---- archives ---- */

typedef struct {
        const Source *source;
        Sink *sink;
        int64_t entries, documents;
} Archive;

static bool is_any(const char *name G_GNUC_UNUSED)
{
        return true;
}

/* The figures of a document in an archive stand under its name. */
static bool part_take(const char *name, GBytes *part, void *data, GError **error)
{
        Archive *archive = data;
        g_autofree char *base = g_path_get_basename(name);
        bool read;

        g_strdelimit(base, " ", '_');
        archive->entries += !g_str_has_prefix(name, "__MACOSX/");
        if (!g_str_has_suffix(name, ".reqif") || g_str_has_prefix(base, "._"))
                return true;
        archive->documents++;
        sink_figures_under(archive->sink, base);
        read = document_read(archive->source, part, base, archive->sink, error);
        sink_figures_under(archive->sink, NULL);
        return read;
}

bool reqif_read(const Source *source, Sink *sink, GError **error)
{
        Archive archive = { source, sink, 0, 0 };

        if (!zip_begins(source->bytes))
                return document_read(source, source->bytes, source->name, sink, error);
        if (!zip_each(&(ZipInput){ source->bytes, -1 }, is_any, NULL, part_take, &archive, error))
                return false;
        sink_figure_int(sink, "reqif_files", archive.documents);
        sink_figure_int(sink, "zip_entries", archive.entries);
        if (archive.documents > 0)
                return true;
        error_set(error, ZW_ERR_INPUT, "archive", "the archive holds no document of ReqIF");
        return false;
}
