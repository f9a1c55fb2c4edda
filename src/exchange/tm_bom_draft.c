/* A component says what it is by the property `cdx:model:type`: a boundary is a zone, a dataflow a flow, anything that runs an asset.
 * Components that hold others (diagrams, repositories) only order them. The draft has no lists for threats and controls, so those
 * are read as components of these types, and a property that names another component is a link to it. */
#include "exchange/tm_bom.h"

#include "base/hash.h"
#include "exchange/drawn.h"

#include <string.h>

#define PREFIX "cdx:model:"

typedef enum {
        PART_HOLDER,
        PART_ZONE,
        PART_ASSET,
        PART_FLOW,
        PART_THREAT,
        PART_MEASURE,
        PART_DATA,
        PART_CODE
} PartClass;

static const struct {
        const char *type;
        PartClass class;
} types[] = { { "boundary", PART_ZONE },      { "trustzone", PART_ZONE },  { "zone", PART_ZONE },
              { "dataflow", PART_FLOW },      { "flow", PART_FLOW },       { "threat", PART_THREAT },
              { "mitigation", PART_MEASURE }, { "control", PART_MEASURE }, { "countermeasure", PART_MEASURE },
              { "asset", PART_DATA },         { "data", PART_DATA },       { "diagram", PART_HOLDER },
              { "repository", PART_CODE },    { "code", PART_CODE } };

/* Properties that are told in their own way; any other is kept. */
static const char *const known[] = { "type",
                                     "inBoundary",
                                     "tag",
                                     "inScope",
                                     "dataflow:source",
                                     "dataflow:destination",
                                     "dataflow:protocol",
                                     "dataflow:port:destination",
                                     "dataflow:isEncrypted",
                                     "dataflow:data",
                                     NULL };

typedef struct {
        JVal component;
        char *id, *where; /* owned */
        PartClass class;
} Part;

typedef struct {
        Drawn drawn;
        GArray *parts;     /* of Part, outer before inner */
        GHashTable *names; /* id of a part → name */
        GHashTable *data; /* id of an asset → object: what it does → names of the data it does that with */
} Model;

static void part_clear(gpointer data)
{
        Part *part = data;

        g_free(part->id);
        g_free(part->where);
}

/* ---- properties ---- */

/* The name of a property of the model behind its prefix, or NULL. */
static const char *property_name(JVal property)
{
        const char *name = jval_get_text(property, "name");

        return name != NULL && g_str_has_prefix(name, PREFIX) ? name + strlen(PREFIX) : NULL;
}

static const char *property_of(JVal component, const char *name)
{
        JIter iter = jval_iter(jval_get(component, "properties"));
        JVal property;

        while (jiter_next(&iter, &property))
                if (g_strcmp0(property_name(property), name) == 0)
                        return jval_get_text(property, "value");
        return NULL;
}

static void texts_of(JVal component, const char *name, GPtrArray *texts)
{
        JIter iter = jval_iter(jval_get(component, "properties"));
        JVal property;

        while (jiter_next(&iter, &property))
                if (g_strcmp0(property_name(property), name) == 0)
                        tell_add(texts, jval_get_text(property, "value"));
}

static json_t *tags_of(JVal component)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

        tell_add(texts, property_of(component, "type"));
        texts_of(component, "tag", texts);
        if (g_strcmp0(property_of(component, "inScope"), "false") == 0)
                tell_add(texts, "out-of-scope");
        return tell_tags(texts);
}

/* Adds to what is kept; another part is called by its name. */
static void extra_add(const Model *model, json_t *extra, const char *name, const char *value)
{
        const char *called = g_hash_table_lookup(model->names, value),
                   *before = jread_get_string(extra, name);
        g_autofree char *all = g_strdup_printf("%s%s%s", before == NULL ? "" : before,
                                               before == NULL ? "" : ", ", called == NULL ? value : called);

        tell_put(extra, name, all);
}

/* Places on the drawing are of no use without it. */
static bool is_place(const char *name)
{
        return g_str_has_prefix(name, "shape") || g_str_has_prefix(name, "diagram:");
}

static json_t *extra_of(const Model *model, const Part *part)
{
        JIter iter = jval_iter(jval_get(part->component, "properties"));
        json_t *data = part->id == NULL ? NULL : g_hash_table_lookup(model->data, part->id);
        json_t *extra = data == NULL ? json_object() : json_copy(data);
        JVal property;

        while (jiter_next(&iter, &property)) {
                const char *name = property_name(property), *value = jval_get_text(property, "value");

                if (name != NULL && value != NULL && !is_place(name) && !g_strv_contains(known, name))
                        extra_add(model, extra, name, value);
        }
        return extra;
}

/* ---- parts ---- */

static PartClass class_of(JVal component)
{
        const char *type = property_of(component, "type");

        for (size_t i = 0; type != NULL && i < G_N_ELEMENTS(types); i++)
                if (g_ascii_strcasecmp(type, types[i].type) == 0)
                        return types[i].class;
        return type == NULL && jval_count(jval_get(component, "components")) > 0 ? PART_HOLDER : PART_ASSET;
}

static void name_note(const Model *model, const Part *part)
{
        const char *name = jval_get_text(part->component, "name");

        if (part->id != NULL && name != NULL)
                g_hash_table_insert(model->names, g_strdup(part->id), g_strdup(name));
}

static void parts_find(Model *model, JVal holder, const char *place)
{
        JIter iter = jval_iter(jval_get(holder, "components"));
        JVal component;

        for (size_t i = 0; jiter_next(&iter, &component); i++) {
                g_autofree char *where = g_strdup_printf("%s/components/%zu", place, i);
                const char *ref = jval_get_text(component, "bom-ref"),
                           *id = ref == NULL || ref[0] == '\0' ? jval_get_text(component, "name") : ref;
                Part part = { component, g_strdup(id), g_strdup(where), class_of(component) };

                if (g_strcmp0(jval_get_text(component, "type"), "threat-model") == 0) {
                        g_array_append_val(model->parts, part);
                        name_note(model, &part);
                } else {
                        part_clear(&part);
                        sink_lost(model->drawn.tell.sink, where,
                                  "a component that is no part of a threat model");
                }
                parts_find(model, component, where);
        }
}

static DrawnItem item_of(const Part *part, json_t *attrs)
{
        return (DrawnItem){ part->where,
                            part->id,
                            jval_get_text(part->component, "name"),
                            jval_get_text(part->component, "description"),
                            attrs,
                            tags_of(part->component) };
}

static void part_lose(const Model *model, const Part *part, const char *why)
{
        const char *name = jval_get_text(part->component, "name");

        sink_lost(model->drawn.tell.sink, part->where, "%.200s: %s", name == NULL ? part->id : name, why);
}

/* ---- telling, in steps: what is named comes before what names it ---- */

/* Which assets have to do with data is said of the data. */
static void data_take(Model *model, const Part *part)
{
        static const char *const says[][2] = { { "processedBy", "processes" }, { "storedBy", "stores" } };
        JIter iter = jval_iter(jval_get(part->component, "properties"));
        JVal property;

        part_lose(model, part, "data are no item; what processes, stores or carries them names them");
        while (part->id != NULL && jiter_next(&iter, &property)) {
                const char *asset = jval_get_text(property, "value");

                for (size_t i = 0; asset != NULL && i < G_N_ELEMENTS(says); i++) {
                        json_t *of = g_hash_table_lookup(model->data, asset);

                        if (g_strcmp0(property_name(property), says[i][0]) != 0)
                                continue;
                        if (of == NULL) {
                                of = json_object();
                                g_hash_table_insert(model->data, g_strdup(asset), of);
                        }
                        extra_add(model, of, says[i][1], part->id);
                }
        }
}

static void things_lose(Model *model, const Part *part)
{
        if (part->class == PART_DATA)
                data_take(model, part);
        else if (part->class == PART_CODE)
                part_lose(model, part, "code is not installed anywhere by itself");
}

static void zone_take(Model *model, const Part *part)
{
        if (part->class == PART_ZONE)
                (void)drawn_tell(&model->drawn, DRAWN_ZONE, item_of(part, NULL));
}

static void asset_take(Model *model, const Part *part)
{
        json_t *attrs;

        if (part->class != PART_ASSET)
                return;
        attrs = json_object();
        tell_put_extra(attrs, extra_of(model, part));
        (void)drawn_tell(&model->drawn, DRAWN_ASSET, item_of(part, attrs));
}

static void place_take(Model *model, const Part *part)
{
        const char *zone = property_of(part->component, "inBoundary");
        const DrawnKind kind = part->class == PART_ZONE ? DRAWN_ZONE : DRAWN_ASSET;

        if (zone != NULL && (part->class == PART_ZONE || part->class == PART_ASSET) &&
            drawn_has(&model->drawn, kind, part->id))
                drawn_put_into(&model->drawn, part->where, kind, part->id, zone);
}

static json_t *flow_attrs(const Model *model, const Part *part)
{
        const char *port = property_of(part->component, "dataflow:port:destination"),
                   *encrypted = property_of(part->component, "dataflow:isEncrypted");
        g_autoptr(GPtrArray) data = g_ptr_array_new_with_free_func(g_free);
        json_t *attrs = json_object(), *extra = extra_of(model, part);
        guint64 number;

        texts_of(part->component, "dataflow:data", data);
        for (guint i = 0; i < data->len; i++)
                extra_add(model, extra, "data", data->pdata[i]);
        tell_put(attrs, "protocol", property_of(part->component, "dataflow:protocol"));
        if (port != NULL && g_ascii_string_to_unsigned(port, 10, 0, 65535, &number, NULL))
                json_object_set_new(attrs, "port", json_integer((json_int_t)number));
        else
                tell_put(extra, "port", port);
        if (encrypted != NULL)
                json_object_set_new(attrs, "encrypted", json_boolean(strcmp(encrypted, "true") == 0));
        tell_put_extra(attrs, extra);
        return attrs;
}

static void flow_take(Model *model, const Part *part)
{
        if (part->class == PART_FLOW &&
            drawn_tell(&model->drawn, DRAWN_FLOW, item_of(part, flow_attrs(model, part))))
                drawn_connect(&model->drawn, part->where, part->id,
                              property_of(part->component, "dataflow:source"),
                              property_of(part->component, "dataflow:destination"));
}

static void threat_take(Model *model, const Part *part)
{
        json_t *attrs;

        if (part->class != PART_THREAT && part->class != PART_MEASURE)
                return;
        attrs = json_object();
        tell_put_extra(attrs, extra_of(model, part));
        (void)drawn_tell(&model->drawn, part->class == PART_THREAT ? DRAWN_THREAT : DRAWN_MEASURE,
                         item_of(part, attrs));
}

/* A property of a threat or a control that names another part. */
static void links_take(Model *model, const Part *part)
{
        static const struct {
                PartClass class;
                DrawnKind from, to;
                const char *type;
        } links[] = { { PART_THREAT, DRAWN_THREAT, DRAWN_ASSET, "threatens" },
                      { PART_MEASURE, DRAWN_MEASURE, DRAWN_THREAT, "mitigates" },
                      { PART_MEASURE, DRAWN_MEASURE, DRAWN_ASSET, "deployed_on" } };
        JIter iter = jval_iter(jval_get(part->component, "properties"));
        JVal property;

        while (jiter_next(&iter, &property)) {
                const char *value = jval_get_text(property, "value");

                for (size_t i = 0; property_name(property) != NULL && i < G_N_ELEMENTS(links); i++)
                        if (part->class == links[i].class && drawn_has(&model->drawn, links[i].to, value))
                                drawn_link(&model->drawn, part->where, links[i].from, part->id, links[i].type,
                                           links[i].to, value);
        }
}

static void rest_tell(JVal root, Sink *sink)
{
        static const char *const taken[] = { "$schema", "bomFormat",  "specVersion", "serialNumber",
                                             "version", "components", NULL };
        JIter members = jval_iter(root);
        const char *name;
        JVal value;

        while (jiter_next_member(&members, &name, NULL, &value)) {
                g_autofree char *where = g_strdup_printf("/%.200s", name);

                if (!g_strv_contains(taken, name) && jval_count(value) > 0)
                        sink_lost(sink, where, "no item of the model is made of this");
        }
        sink_lost(sink, "", "the drawings themselves: places and shapes");
}

void tm_bom_draft_tell(JVal root, Sink *sink, const char *file)
{
        static void (*const steps[])(Model * model, const Part *part) = { things_lose, zone_take, asset_take,
                                                                          place_take,  flow_take, threat_take,
                                                                          links_take };
        const char *name = jval_get_text(jval_get(jval_get(root, "metadata"), "component"), "name");
        g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(Part));
        g_autoptr(GHashTable) names = hash_table_new_text(g_free, g_free);
        g_autoptr(GHashTable) data = hash_table_new_text(g_free, (GDestroyNotify)json_decref);
        Model model = { drawn_init(sink, "tm-bom", name, file), parts, names, data };

        g_array_set_clear_func(parts, part_clear);
        parts_find(&model, root, "");
        for (size_t step = 0; step < G_N_ELEMENTS(steps); step++)
                for (guint i = 0; i < parts->len; i++)
                        steps[step](&model, &g_array_index(parts, Part, i));
        rest_tell(root, sink);
        drawn_clear(&model.drawn);
}
