/* The open threat model, OTM 0.1.0 and 0.2.0, JSON or YAML: trust zones are zones, components assets. */
#include "exchange/readers.h"

#include "exchange/drawn.h"
#include "exchange/jfigures.h"
#include "exchange/yamljson.h"

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

static void zone_tell(Drawn *drawn, JVal root G_GNUC_UNUSED, JVal element, const char *where)
{
        (void)drawn_tell(drawn, DRAWN_ZONE,
                         (DrawnItem){ where, jval_get_text(element, "id"), jval_get_text(element, "name"),
                                      jval_get_text(element, "description"), NULL, tags_of(element) });
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

static void zone_put(Drawn *drawn, JVal root G_GNUC_UNUSED, JVal element, const char *where)
{
        const char *id = jval_get_text(element, "id"),
                   *within = jval_get_text(jval_get(element, "parent"), "trustZone");

        if (id != NULL && within != NULL)
                drawn_put_into(drawn, where, DRAWN_ZONE, id, within);
}

static void component_tell(Drawn *drawn, JVal root, JVal element, const char *where)
{
        const char *id = jval_get_text(element, "id");

        if (drawn_tell(drawn, DRAWN_ASSET,
                       (DrawnItem){ where, id, jval_get_text(element, "name"),
                                    jval_get_text(element, "description"), NULL, tags_of(element) }))
                drawn_put_into(drawn, where, DRAWN_ASSET, id, zone_of(drawn, root, element));
}

static void flow_tell(Drawn *drawn, JVal root G_GNUC_UNUSED, JVal element, const char *where)
{
        const char *id = jval_get_text(element, "id");

        if (drawn_tell(drawn, DRAWN_FLOW,
                       (DrawnItem){ where, id, jval_get_text(element, "name"),
                                    jval_get_text(element, "description"), NULL, tags_of(element) }))
                drawn_connect(drawn, where, id, jval_get_text(element, "source"),
                              jval_get_text(element, "destination"));
}

static void threat_tell(Drawn *drawn, JVal root G_GNUC_UNUSED, JVal element, const char *where)
{
        JIter iter = jval_iter(jval_get(element, "categories"));
        json_t *attrs = json_object();
        JVal category;

        if (jiter_next(&iter, &category))
                tell_put(attrs, "category", jval_text(category, NULL));
        (void)drawn_tell(drawn, DRAWN_THREAT,
                         (DrawnItem){ where, jval_get_text(element, "id"), jval_get_text(element, "name"),
                                      jval_get_text(element, "description"), attrs, NULL });
}

static void measure_tell(Drawn *drawn, JVal root G_GNUC_UNUSED, JVal element, const char *where)
{
        (void)drawn_tell(drawn, DRAWN_MEASURE,
                         (DrawnItem){ where, jval_get_text(element, "id"), jval_get_text(element, "name"),
                                      jval_get_text(element, "description"), NULL, NULL });
}

/* What a component says of its threats: the threat threatens it, a mitigation mitigates the threat and stands there. */
static void component_link(Drawn *drawn, JVal root G_GNUC_UNUSED, JVal element, const char *where)
{
        JIter threats = jval_iter(jval_get(element, "threats")), measures;
        const char *id = jval_get_text(element, "id");
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
        static const struct {
                const char *list;
                DrawnElementFn tell;
        } steps[] = { { "trustZones", zone_tell },      { "trustZones", zone_put },
                      { "components", component_tell }, { "dataflows", flow_tell },
                      { "threats", threat_tell },       { "mitigations", measure_tell },
                      { "components", component_link } };
        const char *project = jval_get_text(jval_get(root, "project"), "id");
        g_auto(Drawn) drawn = drawn_init(sink, "otm", project == NULL ? file : project);

        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
                drawn_each(&drawn, root, steps[i].list, steps[i].tell);
        sink_lost(
                sink, "",
                "representations, data assets, ratings of trust and risk, states of threats, and threats of flows");
}

bool otm_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GBytes) json = yaml_or_json(source->bytes, source->depth_max, error);
        g_autoptr(JDoc) doc = json == NULL ? NULL : jfigures_read_bytes(source, json, sink, &format, error);

        if (doc == NULL)
                return false;
        if (!source->figures_only)
                model_tell(jdoc_root(doc), sink, source->name);
        return true;
}
