/* Diagrams of a TM7 model: what is drawn on them, and what its properties say. */
#include "exchange/tm7_xml.h"

#include <math.h>
#include <string.h>

static const char reference_space[] = "http://schemas.microsoft.com/2003/10/Serialization/";

enum { GUID_BYTES_MAX = 128 }; /* 36 in real files */

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

static bool property_string(Tm7Reader *r, void *data, GError **error)
{
        Property *property = data;
        char *text = NULL;

        if (!tm7_take_text(r, &text, error))
                return false;
        g_ptr_array_add(property->values, text);
        return true;
}

static bool property_child(Tm7Reader *r, void *data, GError **error)
{
        static const Tm7Member members[] = { { "DisplayName", G_STRUCT_OFFSET(Property, display) },
                                             { "Value", G_STRUCT_OFFSET(Property, text) },
                                             { "SelectedIndex", G_STRUCT_OFFSET(Property, selected) } };
        const char *type = xml_attr_ns(r->xml, tm7_instance_space, "type");
        bool taken;

        if (xml_is(r->xml, "Value") && type != NULL && g_str_has_suffix(type, ":ArrayOfstring"))
                return tm7_each_child(r, property_string, data, error);
        if (!tm7_take_member(r, members, G_N_ELEMENTS(members), data, &taken, error))
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

static void property_apply(const Property *property, Tm7Element *element)
{
        const char *value = property_value(property), *name = property->display;

        if (g_str_has_suffix(property->type, "HeaderDisplayAttribute")) {
                if (element->stencil[0] == '\0') /* the first heading says what the element is */
                        tm7_set_text(&element->stencil, name);
        } else if (strcmp(name, "Name") == 0) {
                tm7_set_text(&element->name, value);
        } else if (strcmp(name, "Reason For Out Of Scope") == 0) {
                tm7_set_text(&element->reason, value);
        } else if (strcmp(name, "Out Of Scope") == 0) {
                element->out_of_scope = g_ascii_strcasecmp(value, "true") == 0;
        } else if (strcmp(name, "Dataflow Order") != 0 && !value_says_nothing(value)) {
                fact_add(element->facts, name, value);
                element->confidential |= strcmp(name, "Provides Confidentiality") == 0 &&
                                         strcmp(value, "Yes") == 0;
        }
}

static bool take_property(Tm7Reader *r, void *data, GError **error)
{
        const char *type = xml_attr_ns(r->xml, tm7_instance_space, "type");
        g_auto(Property) property = { .type = g_strdup(type == NULL ? "" : type),
                                      .display = g_strdup(""),
                                      .text = g_strdup(""),
                                      .selected = g_strdup(""),
                                      .values = g_ptr_array_new_with_free_func(g_free) };

        if (!tm7_each_child(r, property_child, &property, error))
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

void tm7_element_clear(gpointer data)
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
        tm7_element_clear(&drawn->element);
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

static bool take_number(Tm7Reader *r, Drawn *drawn, bool *ret_taken, GError **error)
{
        *ret_taken = false;
        for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
                g_autofree char *text = NULL;
                char *end;
                double number;

                if (!xml_is(r->xml, numbers[i].name))
                        continue;
                *ret_taken = true;
                if (!tm7_take_text(r, &text, error))
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

static bool element_child(Tm7Reader *r, void *data, GError **error)
{
        static const Tm7Member members[] = { { "Guid", G_STRUCT_OFFSET(Drawn, element.guid) },
                                             { "SourceGuid", G_STRUCT_OFFSET(Drawn, element.source) },
                                             { "TargetGuid", G_STRUCT_OFFSET(Drawn, element.target) },
                                             { "GenericTypeId", G_STRUCT_OFFSET(Drawn, generic_type) },
                                             { "TypeId", G_STRUCT_OFFSET(Drawn, type) } };
        Drawn *drawn = data;
        bool taken;

        if (xml_is(r->xml, "Properties"))
                return tm7_each_child(r, take_property, &drawn->element, error);
        if (!tm7_take_member(r, members, G_N_ELEMENTS(members), data, &taken, error) ||
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

/* Keeps the element, when it can be told apart from the others; `drawn` is emptied then. */
static void element_keep(Tm7Reader *r, Drawn *drawn, const char *reference)
{
        Tm7Element *element = &drawn->element;
        g_autofree char *where = g_strdup_printf("line %zu", element->line);
        guint index = GPOINTER_TO_UINT(g_hash_table_lookup(r->model->by_guid, element->guid));

        tm7_cut_name(r, element->name, where);
        tm7_cut_name(r, element->stencil, where);
        tm7_fold_guid(&element->source);
        tm7_fold_guid(&element->target);
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

static bool take_element(Tm7Reader *r, const char *type, GError **error)
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
        if (!tm7_each_child(r, element_child, &drawn, error))
                return false;
        if (r->model->elements->len >= TM7_ELEMENTS_MAX)
                return tm7_refuse_limit(r, "elements", TM7_ELEMENTS_MAX, error);
        tm7_fold_guid(&element->guid);
        if (class_find(kind, drawn.generic_type, &element->class))
                element_keep(r, &drawn, reference);
        else
                sink_lost(r->sink, where, "an element of the unknown type %.64s", kind);
        return true;
}

/* An entry of Borders or Lines: its key repeats the GUID. */
static bool entry_child(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        const char *type = xml_attr_ns(r->xml, tm7_instance_space, "type"),
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

static bool take_entry(Tm7Reader *r, void *data, GError **error)
{
        return tm7_each_child(r, entry_child, data, error);
}

/* ---- diagrams ---- */

static bool surface_child(Tm7Reader *r, void *data, GError **error)
{
        if (xml_is(r->xml, "Borders") || xml_is(r->xml, "Lines"))
                return tm7_each_child(r, take_entry, NULL, error);
        if (xml_is(r->xml, "Properties"))
                return tm7_each_child(r, take_property, data, error);
        return xml_skip(r->xml, error);
}

bool tm7_take_surface(Tm7Reader *r, void *data G_GNUC_UNUSED, GError **error)
{
        g_auto(Drawn) drawn = { .element = { .name = g_strdup(""),
                                             .stencil = g_strdup(""),
                                             .reason = g_strdup(""),
                                             .facts = g_string_new(NULL) } };

        if (!xml_is(r->xml, "DrawingSurfaceModel"))
                return xml_skip(r->xml, error);
        if (r->n_surfaces++ >= TM7_ELEMENTS_MAX)
                return tm7_refuse_limit(r, "diagrams", TM7_ELEMENTS_MAX, error);
        if (!tm7_each_child(r, surface_child, &drawn.element, error))
                return false;
        g_ptr_array_add(r->model->surfaces, g_steal_pointer(&drawn.element.name));
        return true;
}
