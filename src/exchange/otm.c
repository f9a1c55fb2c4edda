/* The open threat model, OTM 0.1.0 and 0.2.0, JSON or YAML: trust zones are zones, components assets. */
#include "exchange/readers.h"

#include "exchange/drawn.h"
#include "exchange/jfigures.h"

static const JFigure rows[] = {
        { JFIGURE_TEXT, "otmVersion", "otmVersion", false },
        { JFIGURE_COUNT, "trustZones", "trustZones/*", false },
        { JFIGURE_COUNT, "components", "components/*", false },
        { JFIGURE_COUNT, "dataflows", "dataflows/*", false },
        { JFIGURE_COUNT, "assets", "assets/*", false },
        { JFIGURE_COUNT, "threats", "threats/*", false },
        { JFIGURE_COUNT, "mitigations", "mitigations/*", false },
        { JFIGURE_COUNT, "representations", "representations/*", false },
        { JFIGURE_COUNT, "component_threat_links", "components/*/threats/*", false },
};

static const JFormat format = { "open threat model", "otmVersion", "otmVersion", rows,
                                G_N_ELEMENTS(rows),  NULL };

enum { PARENTS_MAX = 64 };

/* The tags of an element, those of its type among them. */
static json_t *tags_of(JVal element)
{
        JIter iter = jval_iter(jval_get(element, "tags"));
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        JVal tag;

        tell_add(texts, jval_get_text(element, "type"));
        while (jiter_next(&iter, &tag))
                tell_add(texts, jval_text(tag, NULL));
        return tell_tags(texts);
}

static void zone_tell(Drawn *drawn, const DrawnElement *zone)
{
        (void)drawn_tell(drawn, DRAWN_ZONE, drawn_item(zone, NULL, tags_of(zone->value)));
}

static JVal component_find(JVal root, const char *id)
{
        JIter iter = jval_iter(jval_get(root, "components"));
        JVal component;

        while (jiter_next(&iter, &component))
                if (g_strcmp0(jval_get_text(component, "id"), id) == 0)
                        return component;
        return (JVal){ .type = JVAL_NONE };
}

/* The trust zone of a component, or of the component it is within. */
static const char *zone_of(const Drawn *drawn, JVal root, JVal component)
{
        for (int up = 0; up < PARENTS_MAX; up++) {
                JVal parent = jval_get(component, "parent");
                const char *zone = jval_get_text(parent, "trustZone"),
                           *within = jval_get_text(parent, "component");

                if (zone == NULL && within != NULL) /* most models tell it first */
                        zone = g_hash_table_lookup(drawn->zones, within);
                if (zone != NULL || within == NULL)
                        return zone;
                component = component_find(root, within);
        }
        return NULL;
}

static void zone_put(Drawn *drawn, const DrawnElement *zone)
{
        const char *id = jval_get_text(zone->value, "id"),
                   *within = jval_get_text(jval_get(zone->value, "parent"), "trustZone");

        if (id != NULL && within != NULL)
                drawn_put_into(drawn, zone->where, DRAWN_ZONE, id, within);
}

static void component_tell(Drawn *drawn, const DrawnElement *component)
{
        const DrawnItem item = drawn_item(component, NULL, tags_of(component->value));

        if (drawn_tell(drawn, DRAWN_ASSET, item))
                drawn_put_into(drawn, item.where, DRAWN_ASSET, item.id,
                               zone_of(drawn, component->root, component->value));
}

static void flow_tell(Drawn *drawn, const DrawnElement *flow)
{
        const DrawnItem item = drawn_item(flow, NULL, tags_of(flow->value));

        if (drawn_tell(drawn, DRAWN_FLOW, item))
                drawn_connect(drawn, item.where, item.id, jval_get_text(flow->value, "source"),
                              jval_get_text(flow->value, "destination"));
}

static void threat_tell(Drawn *drawn, const DrawnElement *threat)
{
        JIter iter = jval_iter(jval_get(threat->value, "categories"));
        json_t *attrs = json_object();
        JVal category;

        if (jiter_next(&iter, &category))
                tell_put(attrs, "category", jval_text(category, NULL));
        (void)drawn_tell(drawn, DRAWN_THREAT, drawn_item(threat, attrs, NULL));
}

static void measure_tell(Drawn *drawn, const DrawnElement *measure)
{
        (void)drawn_tell(drawn, DRAWN_MEASURE, drawn_item(measure, NULL, NULL));
}

/* What a component says of its threats: the threat threatens it, a mitigation mitigates the threat and stands there. */
static void component_link(Drawn *drawn, const DrawnElement *component)
{
        JIter threats = jval_iter(jval_get(component->value, "threats")), measures;
        const char *id = jval_get_text(component->value, "id"), *where = component->where;
        JVal threat, measure;

        while (id != NULL && jiter_next(&threats, &threat)) {
                const char *name = jval_get_text(threat, "threat");

                drawn_link(drawn, where, DRAWN_THREAT, name, "threatens", DRAWN_ASSET, id);
                measures = jval_iter(jval_get(threat, "mitigations"));
                while (jiter_next(&measures, &measure)) {
                        const char *mitigation = jval_get_text(measure, "mitigation");

                        drawn_link(drawn, where, DRAWN_MEASURE, mitigation, "mitigates", DRAWN_THREAT, name);
                        drawn_link(drawn, where, DRAWN_MEASURE, mitigation, "deployed_on", DRAWN_ASSET, id);
                }
        }
}

static void model_tell(JVal root, Sink *sink, const char *file)
{
        static const DrawnStep steps[] = { { "trustZones", zone_tell },      { "trustZones", zone_put },
                                           { "components", component_tell }, { "dataflows", flow_tell },
                                           { "threats", threat_tell },       { "mitigations", measure_tell },
                                           { "components", component_link } };
        const char *project = jval_get_text(jval_get(root, "project"), "id");
        g_auto(Drawn) drawn = drawn_init(sink, "otm", project, file);

        drawn_steps(&drawn, root, steps, G_N_ELEMENTS(steps));
        sink_lost(
                sink, "",
                "representations, data assets, ratings of trust and risk, states of threats, and threats of flows");
}

bool otm_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read_yaml(source, sink, &format, error);

        if (doc == NULL)
                return false;
        if (!source->figures_only)
                model_tell(jdoc_root(doc), sink, source->name);
        return true;
}
