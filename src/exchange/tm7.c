/* Models (.tm7) and templates (.tb7) of the Microsoft Threat Modeling Tool, as .NET's data contract serializer writes
 * them. Elements are told apart by local name; namespaces only decide what the root and the types are. A template comes
 * behind the threats that use its labels, so everything is read before anything is told. */
#include "exchange/tm7_model.h"

#include "base/hash.h"
#include "exchange/readers.h"
#include "exchange/xml.h"

#include <math.h>
#include <string.h>

static const char model_space[] = "http://schemas.datacontract.org/2004/07/ThreatModeling.Model";
static const char instance_space[] = "http://www.w3.org/2001/XMLSchema-instance";
static const char reference_space[] = "http://schemas.microsoft.com/2003/10/Serialization/";

/* Of the model's name in source identities; of a GUID, which has 36 in real files. */
enum { NAME_BYTES_MAX = 200, GUID_BYTES_MAX = 128 };

typedef struct {
        Xml *xml;
        Sink *sink;
        Tm7Model *model;
        GHashTable *by_reference; /* z:Id of the elements read so far */
        GHashTable *threat_ids;
        char *model_name, *version;
        size_t n_surfaces, n_threats;
} Reader;

/* ---- the document as a tree of calls ---- */

typedef bool (*Child)(Reader *r, void *data, GError **error);

/* After OPEN: gives every child, just opened, to `child`, which reads it to its close; then reads its own. */
static bool each_child(Reader *r, Child child, void *data, GError **error)
{
        XmlEvent event;

        do {
                if (!xml_next(r->xml, &event, error))
                        return false;
                if (event == XML_EVENT_OPEN && !child(r, data, error))
                        return false;
        } while (event == XML_EVENT_OPEN || event == XML_EVENT_TEXT);
        return true;
}

static bool take_text(Reader *r, char **text, GError **error)
{
        char *taken;

        if (!xml_read_text(r->xml, TM7_TEXT_MAX, &taken, error))
                return false;
        g_free(*text);
        *text = g_strstrip(taken);
        return true;
}

typedef struct {
        const char *name;
        size_t offset;
} Member;

/* Reads the element just opened into the text member of its name; *ret_taken tells whether there is one. */
static bool take_member(Reader *r, const Member *members, size_t n, void *object, bool *ret_taken,
                        GError **error)
{
        *ret_taken = false;
        for (size_t i = 0; i < n && !*ret_taken; i++)
                if (xml_is(r->xml, members[i].name)) {
                        *ret_taken = true;
                        return take_text(r, (char **)G_STRUCT_MEMBER_P(object, members[i].offset), error);
                }
        return true;
}

static bool refuse_limit(const Reader *r, const char *what, int most, GError **error)
{
        g_autofree char *where = xml_where(r->xml);

        error_set(error, ZW_ERR_LIMIT, where, "a model has at most %d %s", most, what);
        return false;
}

/* ---- properties of elements ---- */

typedef struct {
        char *type, *display, *text, *selected;
        GPtrArray *values; /* of a list */
} Property;

static void property_clear(Property *property)
{
        g_free(property->type);
        g_free(property->display);
        g_free(property->text);
        g_free(property->selected);
        g_ptr_array_unref(property->values);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Property, property_clear)

static bool property_string(Reader *r, void *data, GError **error)
{
        Property *property = data;
        char *text = NULL;

        if (!take_text(r, &text, error))
                return false;
        g_ptr_array_add(property->values, text);
        return true;
}

static bool property_child(Reader *r, void *data, GError **error)
{
        static const Member members[] = { { "DisplayName", G_STRUCT_OFFSET(Property, display) },
                                          { "Value", G_STRUCT_OFFSET(Property, text) },
                                          { "SelectedIndex", G_STRUCT_OFFSET(Property, selected) } };
        const char *type = xml_attr_ns(r->xml, instance_space, "type");
        bool taken;

        if (xml_is(r->xml, "Value") && type != NULL && g_str_has_suffix(type, ":ArrayOfstring"))
                return each_child(r, property_string, data, error);
        if (!take_member(r, members, G_N_ELEMENTS(members), data, &taken, error))
                return false;
        return taken || xml_skip(r->xml, error);
}

static const char *property_value(const Property *property)
{
        uint64_t index;

        if (property->values->len == 0)
                return property->text;
        if (!g_ascii_string_to_unsigned(property->selected, 10, 0, property->values->len - 1, &index, NULL))
                return "";
        return g_ptr_array_index(property->values, index);
}

/* What the first entries of lists say: that nobody chose. */
static bool value_says_nothing(const char *value)
{
        return value[0] == '\0' || strcmp(value, "Not Selected") == 0 || strcmp(value, "Select") == 0;
}

static void fact_add(GString *facts, const char *name, const char *value)
{
        g_autofree char *line = g_strdup_printf("- %s: %s", name, value);

        g_string_append(facts, g_strdelimit(line, "\r\n\t", ' '));
        g_string_append_c(facts, '\n');
}

static void text_set(char **text, const char *value)
{
        g_free(*text);
        *text = g_strdup(value);
}

static void property_apply(const Property *property, Tm7Element *element)
{
        const char *value = property_value(property), *name = property->display;

        if (g_str_has_suffix(property->type, "HeaderDisplayAttribute")) {
                if (element->stencil[0] == '\0') /* the first heading says what the element is */
                        text_set(&element->stencil, name);
        } else if (strcmp(name, "Name") == 0) {
                text_set(&element->name, value);
        } else if (strcmp(name, "Reason For Out Of Scope") == 0) {
                text_set(&element->reason, value);
        } else if (strcmp(name, "Out Of Scope") == 0) {
                element->out_of_scope = g_ascii_strcasecmp(value, "true") == 0;
        } else if (strcmp(name, "Dataflow Order") != 0 && !value_says_nothing(value)) {
                fact_add(element->facts, name, value);
                element->confidential |= strcmp(name, "Provides Confidentiality") == 0 &&
                                         strcmp(value, "Yes") == 0;
        }
}

static bool take_property(Reader *r, void *data, GError **error)
{
        const char *type = xml_attr_ns(r->xml, instance_space, "type");
        g_auto(Property) property = { .type = g_strdup(type == NULL ? "" : type),
                                      .display = g_strdup(""),
                                      .text = g_strdup(""),
                                      .selected = g_strdup(""),
                                      .values = g_ptr_array_new_with_free_func(g_free) };

        if (!each_child(r, property_child, &property, error))
                return false;
        property_apply(&property, data);
        return true;
}

/* ---- elements ---- */

/* An element, and what is known of it only while it is read. */
typedef struct {
        Tm7Element element;
        char *generic_type, *type;
        unsigned numbers; /* bit per row of `numbers` that was there */
} Drawn;

static void element_clear(gpointer data)
{
        Tm7Element *element = data;

        g_free(element->guid);
        g_free(element->name);
        g_free(element->stencil);
        g_free(element->reason);
        g_free(element->source);
        g_free(element->target);
        if (element->facts != NULL)
                g_string_free(element->facts, TRUE);
}

static void drawn_clear(Drawn *drawn)
{
        element_clear(&drawn->element);
        g_free(drawn->generic_type);
        g_free(drawn->type);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Drawn, drawn_clear)

static const struct {
        const char *name;
        size_t offset;
} numbers[] = {
        { "Left", G_STRUCT_OFFSET(Tm7Element, box.left) },
        { "Top", G_STRUCT_OFFSET(Tm7Element, box.top) },
        { "Width", G_STRUCT_OFFSET(Tm7Element, box.width) },
        { "Height", G_STRUCT_OFFSET(Tm7Element, box.height) },
        { "SourceX", G_STRUCT_OFFSET(Tm7Element, path[0].x) },
        { "SourceY", G_STRUCT_OFFSET(Tm7Element, path[0].y) },
        { "HandleX", G_STRUCT_OFFSET(Tm7Element, path[1].x) },
        { "HandleY", G_STRUCT_OFFSET(Tm7Element, path[1].y) },
        { "TargetX", G_STRUCT_OFFSET(Tm7Element, path[2].x) },
        { "TargetY", G_STRUCT_OFFSET(Tm7Element, path[2].y) },
};
enum { NUMBERS_OF_BOX = 0xf, NUMBERS_OF_PATH = 0x3f0 };

static bool take_number(Reader *r, Drawn *drawn, bool *ret_taken, GError **error)
{
        *ret_taken = false;
        for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
                g_autofree char *text = NULL;
                char *end;
                double number;

                if (!xml_is(r->xml, numbers[i].name))
                        continue;
                *ret_taken = true;
                if (!take_text(r, &text, error))
                        return false;
                number = g_ascii_strtod(text, &end);
                if (end == text || *end != '\0' || !isfinite(number))
                        return true; /* as if it were not there */
                *(double *)G_STRUCT_MEMBER_P(&drawn->element, numbers[i].offset) = number;
                drawn->numbers |= 1U << i;
                return true;
        }
        return true;
}

static bool element_child(Reader *r, void *data, GError **error)
{
        static const Member members[] = { { "Guid", G_STRUCT_OFFSET(Drawn, element.guid) },
                                          { "SourceGuid", G_STRUCT_OFFSET(Drawn, element.source) },
                                          { "TargetGuid", G_STRUCT_OFFSET(Drawn, element.target) },
                                          { "GenericTypeId", G_STRUCT_OFFSET(Drawn, generic_type) },
                                          { "TypeId", G_STRUCT_OFFSET(Drawn, type) } };
        Drawn *drawn = data;
        bool taken;

        if (xml_is(r->xml, "Properties"))
                return each_child(r, take_property, &drawn->element, error);
        if (!take_member(r, members, G_N_ELEMENTS(members), data, &taken, error) ||
            (!taken && !take_number(r, drawn, &taken, error)))
                return false;
        return taken || xml_skip(r->xml, error);
}

static bool class_find(const char *type, const char *generic_type, Tm7Class *ret_class)
{
        static const struct {
                const char *type;
                Tm7Class class;
        } classes[] = { { "StencilEllipse", TM7_PROCESS },     { "StencilRectangle", TM7_EXTERNAL },
                        { "StencilParallelLines", TM7_STORE }, { "Connector", TM7_FLOW },
                        { "BorderBoundary", TM7_BORDER },      { "LineBoundary", TM7_LINE } };

        for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
                if (strcmp(classes[i].type, type) == 0) {
                        *ret_class = strcmp(generic_type, "GE.A") == 0 ? TM7_ANNOTATION : classes[i].class;
                        return true;
                }
        return false;
}

/* GUIDs are compared as the tool does, without regard to case. */
static void guid_fold(char **guid)
{
        char *lower = g_ascii_strdown(*guid, -1);

        g_free(*guid);
        *guid = lower;
}

/* Names become titles, which are that long at most. */
static void name_cut(const Reader *r, char *name, const char *where)
{
        if (strlen(name) <= TM7_NAME_MAX)
                return;
        *g_utf8_find_prev_char(name, name + TM7_NAME_MAX + 1) = '\0';
        sink_lost(r->sink, where, "the name behind its first %d bytes", TM7_NAME_MAX);
}

/* Keeps the element, when it can be told apart from the others; `drawn` is emptied then. */
static void element_keep(Reader *r, Drawn *drawn, const char *reference)
{
        Tm7Element *element = &drawn->element;
        g_autofree char *where = g_strdup_printf("line %zu", element->line);
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(r->model->by_guid, element->guid));

        name_cut(r, element->name, where);
        name_cut(r, element->stencil, where);
        guid_fold(&element->source);
        guid_fold(&element->target);
        element->generic = strcmp(drawn->type, drawn->generic_type) == 0;
        element->placed = (drawn->numbers & NUMBERS_OF_BOX) == NUMBERS_OF_BOX && element->box.width >= 0 &&
                          element->box.height >= 0;
        if (element->class == TM7_FLOW || element->class == TM7_LINE)
                element->placed = (drawn->numbers & NUMBERS_OF_PATH) == NUMBERS_OF_PATH;
        if (element->guid[0] == '\0' || strlen(element->guid) > GUID_BYTES_MAX) {
                sink_refuse(r->sink, where, "the element has no Guid that could tell it from others");
        } else if (index != 0) {
                sink_refuse(r->sink, where, "the Guid %.64s is that of the element in line %zu already",
                            element->guid, g_array_index(r->model->elements, Tm7Element, index - 1).line);
        } else {
                g_array_append_val(r->model->elements, *element);
                index = r->model->elements->len;
                g_hash_table_insert(r->model->by_guid, g_strdup(element->guid), GUINT_TO_POINTER(index));
                if (reference != NULL)
                        g_hash_table_add(r->by_reference, g_strdup(reference));
                memset(element, 0, sizeof(*element));
        }
}

static bool take_element(Reader *r, const char *type, GError **error)
{
        g_autofree char *kind = g_strdup(type), *where = xml_where(r->xml),
                        *reference = g_strdup(xml_attr_ns(r->xml, reference_space, "Id"));
        g_auto(Drawn) drawn = { .generic_type = g_strdup(""), .type = g_strdup("") };
        Tm7Element *element = &drawn.element;

        sink_figure_add(r->sink, "elements", kind, 1);
        *element = (Tm7Element){ .line = xml_line(r->xml),
                                 .surface = r->n_surfaces - 1,
                                 .guid = g_strdup(""),
                                 .name = g_strdup(""),
                                 .stencil = g_strdup(""),
                                 .reason = g_strdup(""),
                                 .source = g_strdup(""),
                                 .target = g_strdup(""),
                                 .facts = g_string_new(NULL) };
        if (!each_child(r, element_child, &drawn, error))
                return false;
        if (r->model->elements->len >= TM7_ELEMENTS_MAX)
                return refuse_limit(r, "elements", TM7_ELEMENTS_MAX, error);
        guid_fold(&element->guid);
        if (class_find(kind, drawn.generic_type, &element->class))
                element_keep(r, &drawn, reference);
        else
                sink_lost(r->sink, where, "an element of the unknown type %.64s", kind);
        return true;
}

/* An entry of Borders or Lines: its key repeats the GUID. */
static bool entry_child(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        const char *type = xml_attr_ns(r->xml, instance_space, "type"),
                   *reference = xml_attr_ns(r->xml, reference_space, "Ref");
        g_autofree char *where = xml_where(r->xml);

        if (xml_is(r->xml, "Value") && reference != NULL) {
                if (g_hash_table_contains(r->by_reference, reference))
                        sink_lost(
                                r->sink, where,
                                "a second place of an element that was drawn already; the first one counts");
                else
                        sink_problem(r->sink, where, "z:Ref \"%.64s\" refers to no element before it",
                                     reference);
        } else if (xml_is(r->xml, "Value") && type != NULL)
                return take_element(r, type, error);
        return xml_skip(r->xml, error);
}

static bool take_entry(Reader *r, void *data, GError **error)
{
        return each_child(r, entry_child, data, error);
}

/* ---- diagrams ---- */

static bool surface_child(Reader *r, void *data, GError **error)
{
        if (xml_is(r->xml, "Borders") || xml_is(r->xml, "Lines"))
                return each_child(r, take_entry, NULL, error);
        if (xml_is(r->xml, "Properties"))
                return each_child(r, take_property, data, error);
        return xml_skip(r->xml, error);
}

static bool take_surface(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_auto(Drawn) drawn = { .element = { .name = g_strdup(""),
                                             .stencil = g_strdup(""),
                                             .reason = g_strdup(""),
                                             .facts = g_string_new(NULL) } };

        if (!xml_is(r->xml, "DrawingSurfaceModel"))
                return xml_skip(r->xml, error);
        if (r->n_surfaces++ >= TM7_ELEMENTS_MAX)
                return refuse_limit(r, "diagrams", TM7_ELEMENTS_MAX, error);
        if (!each_child(r, surface_child, &drawn.element, error))
                return false;
        g_ptr_array_add(r->model->surfaces, g_steal_pointer(&drawn.element.name));
        return true;
}

/* ---- threats ---- */

static void threat_clear(gpointer data)
{
        Tm7Threat *threat = data;

        g_free(threat->id);
        g_free(threat->title);
        g_free(threat->category);
        g_free(threat->description);
        g_free(threat->interaction);
        g_free(threat->mitigations);
        g_free(threat->priority);
        g_free(threat->state);
        g_free(threat->justification);
        g_free(threat->source);
        g_free(threat->target);
        g_free(threat->flow);
        g_clear_pointer(&threat->extra, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tm7Threat, threat_clear)

/* Texts of a threat. Newer files have them as properties, and nothing in the elements of these names. */
static const Member threat_texts[] = {
        { "Title", G_STRUCT_OFFSET(Tm7Threat, title) },
        { "UserThreatCategory", G_STRUCT_OFFSET(Tm7Threat, category) },
        { "UserThreatDescription", G_STRUCT_OFFSET(Tm7Threat, description) },
        { "InteractionString", G_STRUCT_OFFSET(Tm7Threat, interaction) },
        { "PossibleMitigations", G_STRUCT_OFFSET(Tm7Threat, mitigations) },
        { "Priority", G_STRUCT_OFFSET(Tm7Threat, priority) },
        { "StateInformation", G_STRUCT_OFFSET(Tm7Threat, justification) },
};
static const Member threat_members[] = {
        { "State", G_STRUCT_OFFSET(Tm7Threat, state) },
        { "SourceGuid", G_STRUCT_OFFSET(Tm7Threat, source) },
        { "TargetGuid", G_STRUCT_OFFSET(Tm7Threat, target) },
        { "FlowGuid", G_STRUCT_OFFSET(Tm7Threat, flow) },
};

typedef struct {
        char *key, *value;
} Pair;

static void pair_clear(Pair *pair)
{
        g_free(pair->key);
        g_free(pair->value);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

static bool pair_child(Reader *r, void *data, GError **error)
{
        static const Member members[] = { { "Key", G_STRUCT_OFFSET(Pair, key) },
                                          { "Value", G_STRUCT_OFFSET(Pair, value) } };
        bool taken;

        if (!take_member(r, members, G_N_ELEMENTS(members), data, &taken, error))
                return false;
        return taken || xml_skip(r->xml, error);
}

static bool threat_property(Reader *r, void *data, GError **error)
{
        g_auto(Pair) pair = { g_strdup(""), g_strdup("") };
        Tm7Threat *threat = data;

        if (!each_child(r, pair_child, &pair, error))
                return false;
        /* The explanation of the category is the template's, the same for all of its threats. */
        if (pair.value[0] == '\0' || strcmp(pair.key, "UserThreatShortDescription") == 0)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(threat_texts); i++)
                if (strcmp(pair.key, threat_texts[i].name) == 0) {
                        text_set((char **)G_STRUCT_MEMBER_P(threat, threat_texts[i].offset), pair.value);
                        return true;
                }
        g_ptr_array_add(threat->extra, g_steal_pointer(&pair.key));
        g_ptr_array_add(threat->extra, g_steal_pointer(&pair.value));
        return true;
}

static bool threat_child(Reader *r, void *data, GError **error)
{
        Tm7Threat *threat = data;
        const bool state = xml_is(r->xml, "State") && threat->state == NULL;
        bool taken;

        if (xml_is(r->xml, "Properties"))
                return each_child(r, threat_property, data, error);
        if (!take_member(r, threat_members, G_N_ELEMENTS(threat_members), data, &taken, error))
                return false;
        if (state)
                sink_figure_add(r->sink, "threat_states", threat->state, 1);
        for (size_t i = 0; i < G_N_ELEMENTS(threat_texts) && !taken; i++) {
                char **text = (char **)G_STRUCT_MEMBER_P(threat, threat_texts[i].offset);

                taken = xml_is(r->xml, threat_texts[i].name) && *text == NULL;
                if (taken && !take_text(r, text, error))
                        return false;
        }
        return taken || xml_skip(r->xml, error);
}

static bool threat_entry(Reader *r, void *data, GError **error)
{
        Tm7Threat *threat = data;

        if (xml_is(r->xml, "Key"))
                return take_text(r, &threat->id, error);
        if (xml_is(r->xml, "Value"))
                return each_child(r, threat_child, data, error);
        return xml_skip(r->xml, error);
}

static void threat_complete(Tm7Threat *threat)
{
        static const Member id[] = { { "Key", G_STRUCT_OFFSET(Tm7Threat, id) } };
        const struct {
                const Member *members;
                size_t n;
        } lists[] = { { id, 1 },
                      { threat_texts, G_N_ELEMENTS(threat_texts) },
                      { threat_members, G_N_ELEMENTS(threat_members) } };

        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
                for (size_t j = 0; j < lists[i].n; j++) {
                        char **text = (char **)G_STRUCT_MEMBER_P(threat, lists[i].members[j].offset);

                        if (*text == NULL)
                                *text = g_strdup("");
                }
        guid_fold(&threat->source);
        guid_fold(&threat->target);
        guid_fold(&threat->flow);
}

static bool take_threat(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_auto(Tm7Threat)
                threat = { .line = xml_line(r->xml), .extra = g_ptr_array_new_with_free_func(g_free) };
        g_autofree char *where = xml_where(r->xml);
        const size_t *before;

        if (r->n_threats++ >= TM7_THREATS_MAX)
                return refuse_limit(r, "threats", TM7_THREATS_MAX, error);
        if (!each_child(r, threat_entry, &threat, error))
                return false;
        threat_complete(&threat);
        name_cut(r, threat.title, where);
        before = g_hash_table_lookup(r->threat_ids, threat.id);
        if (threat.id[0] == '\0')
                sink_refuse(r->sink, where, "the threat has no Key, so it cannot be told from others");
        else if (before != NULL)
                sink_refuse(r->sink, where, "the threat has the Key of the one in line %zu", *before);
        else {
                g_hash_table_insert(r->threat_ids, g_strdup(threat.id),
                                    g_memdup2(&threat.line, sizeof(size_t)));
                g_array_append_val(r->model->threats, threat);
                memset(&threat, 0, sizeof(threat));
        }
        return true;
}

/* ---- the template ---- */

static bool label_child(Reader *r, void *data, GError **error)
{
        static const Member members[] = { { "Name", G_STRUCT_OFFSET(Pair, key) },
                                          { "Label", G_STRUCT_OFFSET(Pair, value) } };
        bool taken;

        if (!take_member(r, members, G_N_ELEMENTS(members), data, &taken, error))
                return false;
        return taken || xml_skip(r->xml, error);
}

static bool take_label(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_auto(Pair) pair = { g_strdup(""), g_strdup("") };

        if (!each_child(r, label_child, &pair, error))
                return false;
        if (pair.value[0] != '\0' && g_hash_table_size(r->model->labels) < TM7_ELEMENTS_MAX)
                g_hash_table_insert(r->model->labels, g_steal_pointer(&pair.key),
                                    g_steal_pointer(&pair.value));
        return true;
}

static bool metadata_child(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        return xml_is(r->xml, "PropertiesMetaData") ? each_child(r, take_label, NULL, error)
                                                    : xml_skip(r->xml, error);
}

static bool type_child(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        r->model->threat_types += xml_is(r->xml, "ThreatType");
        return xml_skip(r->xml, error);
}

static bool manifest_child(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        return xml_is(r->xml, "Name") ? take_text(r, &r->model->template, error) : xml_skip(r->xml, error);
}

static bool template_child(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        if (xml_is(r->xml, "ThreatMetaData"))
                return each_child(r, metadata_child, NULL, error);
        if (xml_is(r->xml, "ThreatTypes"))
                return each_child(r, type_child, NULL, error);
        if (!xml_is(r->xml, "Manifest"))
                return xml_skip(r->xml, error);
        if (xml_attr(r->xml, "name") != NULL) /* in a template by itself */
                text_set(&r->model->template, xml_attr(r->xml, "name"));
        return each_child(r, manifest_child, NULL, error);
}

/* ---- the model ---- */

static bool meta_child(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_autofree char *name = g_strdup(xml_name(r->xml)), *where = xml_where(r->xml), *text = NULL;

        if (strcmp(name, "ThreatModelName") == 0)
                return take_text(r, &r->model_name, error);
        if (strcmp(name, "Assumptions") == 0)
                return take_text(r, &r->model->assumptions, error);
        if (!take_text(r, &text, error))
                return false;
        if (text[0] != '\0')
                sink_lost(r->sink, where, "%.64s of the model", name);
        return true;
}

static bool count_child(Reader *r, void *data, GError **error)
{
        ++*(size_t *)data;
        return xml_skip(r->xml, error);
}

static bool model_child(Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_autofree char *name = g_strdup(xml_name(r->xml)), *where = xml_where(r->xml);
        size_t n = 0;

        if (strcmp(name, "DrawingSurfaceList") == 0)
                return each_child(r, take_surface, NULL, error);
        if (strcmp(name, "MetaInformation") == 0)
                return each_child(r, meta_child, NULL, error);
        if (strcmp(name, "ThreatInstances") == 0)
                return each_child(r, take_threat, NULL, error);
        if (strcmp(name, "KnowledgeBase") == 0)
                return each_child(r, template_child, NULL, error);
        if (strcmp(name, "Version") == 0)
                return take_text(r, &r->version, error);
        if (!each_child(r, count_child, &n, error))
                return false;
        if (n > 0 && (strcmp(name, "Notes") == 0 || strcmp(name, "Validations") == 0))
                sink_lost(r->sink, where, "%zu entries of %s", n, name);
        return true;
}

static void figures_tell(Reader *r, const char *root)
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
static char *system_new(const Reader *r, const char *file)
{
        const bool named = r->model_name != NULL && r->model_name[0] != '\0';
        g_autofree char *name = g_utf8_make_valid(named ? r->model_name : file, -1);

        if (!named) {
                suffix_drop(name, ".xz");
                suffix_drop(name, ".tm7");
        }
        if (strlen(name) > NAME_BYTES_MAX)
                *g_utf8_find_prev_char(name, name + NAME_BYTES_MAX + 1) = '\0';
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

        g_array_set_clear_func(model.elements, element_clear);
        g_array_set_clear_func(model.threats, threat_clear);
        return model;
}

static bool template_read(Reader *r, const Source *source, GError **error)
{
        g_autofree char *where = xml_where(r->xml);

        if (!each_child(r, template_child, NULL, error))
                return false;
        figures_tell(r, "KnowledgeBase");
        if (source->figures_only)
                return true;
        error_set(error, ZW_ERR_INPUT, where, "this is a template (.tb7), which has no model to import");
        return false;
}

static bool root_read(Reader *r, const Source *source, GError **error)
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
        if (!each_child(r, model_child, NULL, error))
                return false;
        figures_tell(r, "ThreatModel");
        r->model->system = system_new(r, source->name);
        tm7_tell(r->model, r->sink);
        return true;
}

bool tm7_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(Xml) xml = xml_new(source->bytes, source->depth_max, error);
        g_autoptr(GHashTable) references = hash_table_new_text(g_free, NULL);
        g_autoptr(GHashTable) threat_ids = hash_table_new_text(g_free, g_free);
        g_auto(Tm7Model) model = model_init();
        Reader r = { .xml = xml,
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
