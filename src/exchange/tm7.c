/* Models (.tm7) and templates (.tb7) of the Microsoft Threat Modeling Tool, as .NET's data contract serializer writes
 * them. Elements are told apart by local name; namespaces only decide what the root and the types are. A template comes
 * behind the threats that use its labels, so everything is read before anything is told. */
#include "base/hash.h"
#include "base/jtext.h"
#include "exchange/readers.h"
#include "exchange/tm7_xml.h"

#include <string.h>

static const char model_space[] = "http://schemas.datacontract.org/2004/07/ThreatModeling.Model";

enum { NAME_BYTES_MAX = 200 }; /* of the model's name in source identities */

/* ---- the template ---- */

static bool label_child(Tm7Reader *r, void *data, GError **error)
{
        static const Tm7Member members[] = { { "Name", G_STRUCT_OFFSET(Tm7Pair, key) },
                                             { "Label", G_STRUCT_OFFSET(Tm7Pair, value) } };
        bool taken;

        if (!tm7_take_member(r, members, G_N_ELEMENTS(members), data, &taken, error))
                return false;
        return taken || xml_skip(r->xml, error);
}

static bool take_label(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_auto(Tm7Pair) pair = { g_strdup(""), g_strdup("") };

        if (!tm7_each_child(r, label_child, &pair, error))
                return false;
        if (pair.value[0] != '\0' && g_hash_table_size(r->model->labels) < TM7_ELEMENTS_MAX)
                g_hash_table_insert(r->model->labels, g_steal_pointer(&pair.key),
                                    g_steal_pointer(&pair.value));
        return true;
}

static bool metadata_child(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        return xml_is(r->xml, "PropertiesMetaData") ? tm7_each_child(r, take_label, NULL, error)
                                                    : xml_skip(r->xml, error);
}

static bool type_child(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        r->model->threat_types += xml_is(r->xml, "ThreatType");
        return xml_skip(r->xml, error);
}

static bool manifest_child(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        return xml_is(r->xml, "Name") ? tm7_take_text(r, &r->model->template, error)
                                      : xml_skip(r->xml, error);
}

static bool template_child(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        if (xml_is(r->xml, "ThreatMetaData"))
                return tm7_each_child(r, metadata_child, NULL, error);
        if (xml_is(r->xml, "ThreatTypes"))
                return tm7_each_child(r, type_child, NULL, error);
        if (!xml_is(r->xml, "Manifest"))
                return xml_skip(r->xml, error);
        if (xml_attr(r->xml, "name") != NULL) /* in a template by itself */
                tm7_set_text(&r->model->template, xml_attr(r->xml, "name"));
        return tm7_each_child(r, manifest_child, NULL, error);
}

/* ---- the model ---- */

static bool meta_child(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_autofree char *name = g_strdup(xml_name(r->xml)), *where = xml_where(r->xml), *text = NULL;

        if (strcmp(name, "ThreatModelName") == 0)
                return tm7_take_text(r, &r->model_name, error);
        if (strcmp(name, "Assumptions") == 0)
                return tm7_take_text(r, &r->model->assumptions, error);
        if (!tm7_take_text(r, &text, error))
                return false;
        if (text[0] != '\0')
                sink_lost(r->sink, where, "%.64s of the model", name);
        return true;
}

static bool count_child(Tm7Reader *r, void *data, GError **error)
{
        ++*(size_t *)data;
        return xml_skip(r->xml, error);
}

static bool model_child(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_autofree char *name = g_strdup(xml_name(r->xml)), *where = xml_where(r->xml);
        size_t n = 0;

        if (strcmp(name, "DrawingSurfaceList") == 0)
                return tm7_each_child(r, tm7_take_surface, NULL, error);
        if (strcmp(name, "MetaInformation") == 0)
                return tm7_each_child(r, meta_child, NULL, error);
        if (strcmp(name, "ThreatInstances") == 0)
                return tm7_each_child(r, tm7_take_threat, NULL, error);
        if (strcmp(name, "KnowledgeBase") == 0)
                return tm7_each_child(r, template_child, NULL, error);
        if (strcmp(name, "Version") == 0)
                return tm7_take_text(r, &r->version, error);
        if (!tm7_each_child(r, count_child, &n, error))
                return false;
        if (n > 0 && (strcmp(name, "Notes") == 0 || strcmp(name, "Validations") == 0))
                sink_lost(r->sink, where, "%zu entries of %s", n, name);
        return true;
}

static void figures_tell(Tm7Reader *r, const char *root)
{
        sink_figure_text(r->sink, "root", root);
        if (r->version != NULL) {
                sink_figure_text(r->sink, "version", r->version);
                sink_version(r->sink, r->version);
        }
        if (r->model->template != NULL)
                sink_figure_text(r->sink, "template", r->model->template);
        sink_figure_int(r->sink, "drawing_surfaces", (int64_t)r->n_surfaces);
        sink_figure_int(r->sink, "threat_instances", (int64_t)r->n_threats);
        sink_figure_int(r->sink, "kb_threat_types", (int64_t)r->model->threat_types);
}

static void suffix_drop(char *name, const char *suffix)
{
        size_t n = strlen(name), n_suffix = strlen(suffix);

        if (n > n_suffix && g_ascii_strcasecmp(name + n - n_suffix, suffix) == 0)
                name[n - n_suffix] = '\0';
}

/* The name given to the model, else that of the file without its extensions. */
static char *system_new(const Tm7Reader *r, const char *file)
{
        const bool named = r->model_name != NULL && r->model_name[0] != '\0';
        g_autofree char *name = g_utf8_make_valid(named ? r->model_name : file, -1);

        if (!named) {
                suffix_drop(name, ".xz");
                suffix_drop(name, ".tm7");
        }
        if (strlen(name) > NAME_BYTES_MAX)
                name[utf8_prefix(name, NAME_BYTES_MAX)] = '\0';
        return g_strdup_printf("tm7:%s", name);
}

static void model_clear(Tm7Model *model)
{
        g_free(model->system);
        g_free(model->template);
        g_free(model->assumptions);
        g_ptr_array_unref(model->surfaces);
        g_array_unref(model->elements);
        g_array_unref(model->threats);
        g_hash_table_unref(model->by_guid);
        g_hash_table_unref(model->labels);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tm7Model, model_clear)

static Tm7Model model_init(void)
{
        Tm7Model model = { .surfaces = g_ptr_array_new_with_free_func(g_free),
                           .elements = g_array_new(FALSE, TRUE, sizeof(Tm7Element)),
                           .threats = g_array_new(FALSE, TRUE, sizeof(Tm7Threat)),
                           .by_guid = hash_table_new_text(g_free, NULL),
                           .labels = hash_table_new_text(g_free, g_free) };

        g_array_set_clear_func(model.elements, tm7_element_clear);
        g_array_set_clear_func(model.threats, tm7_threat_clear);
        return model;
}

static bool template_read(Tm7Reader *r, const Source *source, GError **error)
{
        g_autofree char *where = xml_where(r->xml);

        if (!tm7_each_child(r, template_child, NULL, error))
                return false;
        figures_tell(r, "KnowledgeBase");
        if (source->figures_only)
                return true;
        error_set(error, ZW_ERR_INPUT, where, "this is a template (.tb7), which has no model to import");
        return false;
}

static bool root_read(Tm7Reader *r, const Source *source, GError **error)
{
        g_autofree char *where = NULL;

        if (!xml_root(r->xml, error))
                return false;
        if (xml_is(r->xml, "KnowledgeBase") && xml_space(r->xml)[0] == '\0')
                return template_read(r, source, error);
        if (!xml_is(r->xml, "ThreatModel") || strcmp(xml_space(r->xml), model_space) != 0) {
                where = xml_where(r->xml);
                error_set(
                        error, ZW_ERR_INPUT, where,
                        "this is no model of the Microsoft Threat Modeling Tool: its root is <%.60s> in the "
                        "namespace \"%.100s\"",
                        xml_name(r->xml), xml_space(r->xml));
                return false;
        }
        if (!tm7_each_child(r, model_child, NULL, error))
                return false;
        figures_tell(r, "ThreatModel");
        r->model->system = system_new(r, source->name);
        tm7_tell(r->model, r->sink);
        return true;
}

bool tm7_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(Xml) xml = xml_new(source->bytes, source->depth_max, TM7_XML_ELEMENTS_MAX, error);
        g_autoptr(GHashTable) references = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) threat_ids = hash_table_new_text(g_free, g_free);
        g_auto(Tm7Model) model = model_init();
        Tm7Reader r = { .xml = xml,
                        .sink = sink,
                        .model = &model,
                        .by_reference = references,
                        .threat_ids = threat_ids };
        XmlEvent event = XML_EVENT_OPEN;
        bool good = xml != NULL && root_read(&r, source, error);

        /* What stands behind the root can still make the document ill-formed. */
        while (good && event != XML_EVENT_END)
                good = xml_next(xml, &event, error);
        g_free(r.model_name);
        g_free(r.version);
        return good;
}
