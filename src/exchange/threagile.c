/* Models of Threagile, YAML or JSON: trust boundaries are zones, technical assets assets, risks of its own categories and cases of
 * abuse threats, security requirements requirements. */
#include "exchange/readers.h"

#include "exchange/drawn.h"
#include "exchange/jfigures.h"

static const JFigure rows[] = {
        { JFIGURE_TEXT, "threagile_version", "threagile_version", false },
        { JFIGURE_COUNT, "data_assets", "data_assets/*", false },
        { JFIGURE_COUNT, "technical_assets", "technical_assets/*", false },
        { JFIGURE_COUNT, "communication_links", "technical_assets/*/communication_links/*", false },
        { JFIGURE_COUNT, "trust_boundaries", "trust_boundaries/*", false },
        { JFIGURE_COUNT, "shared_runtimes", "shared_runtimes/*", false },
        { JFIGURE_COUNT, "individual_risk_categories", "individual_risk_categories/*", false },
        { JFIGURE_COUNT, "risk_tracking", "risk_tracking/*", false },
};

static const JFormat format = { "model of Threagile", "threagile_version",
                                "threagile_version",  rows,
                                G_N_ELEMENTS(rows),   NULL };

static json_t *tags_of(JVal value)
{
        static const char *const words[] = { "type", "technology" };
        json_t *tags = json_array();

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                if (jval_get_text(value, words[i]) != NULL)
                        json_array_append_new(tags, json_string(jval_get_text(value, words[i])));
        return tags;
}

static void boundary_tell(Drawn *drawn, const DrawnElement *boundary)
{
        (void)drawn_tell(drawn, DRAWN_ZONE, drawn_item(boundary, NULL, tags_of(boundary->value)));
}

static void asset_tell(Drawn *drawn, const DrawnElement *asset)
{
        (void)drawn_tell(drawn, DRAWN_ASSET, drawn_item(asset, NULL, tags_of(asset->value)));
}

/* What is within a boundary is told by the boundary. */
static void boundary_fill(Drawn *drawn, const DrawnElement *boundary)
{
        static const struct {
                const char *list;
                DrawnKind kind;
        } inside[] = { { "technical_assets_inside", DRAWN_ASSET },
                       { "trust_boundaries_nested", DRAWN_ZONE } };
        const char *id = jval_get_text(boundary->value, "id");

        for (size_t i = 0; id != NULL && i < G_N_ELEMENTS(inside); i++) {
                JIter iter = jval_iter(jval_get(boundary->value, inside[i].list));
                JVal inner;

                while (jiter_next(&iter, &inner))
                        if (jval_text(inner, NULL) != NULL)
                                drawn_put_into(drawn, boundary->where, inside[i].kind, jval_text(inner, NULL),
                                               id);
        }
}

/* `source>name`: links have no id of their own. */
static void links_tell(Drawn *drawn, const DrawnElement *asset)
{
        JIter iter = jval_iter(jval_get(asset->value, "communication_links"));
        const char *source = jval_get_text(asset->value, "id"), *link;
        JVal value;

        while (source != NULL && jiter_next_member(&iter, &link, NULL, &value)) {
                g_autofree char *id = g_strdup_printf("%s>%s", source, link);
                json_t *attrs = json_object();

                tell_put(attrs, "protocol", jval_get_text(value, "protocol"));
                if (drawn_tell(drawn, DRAWN_FLOW,
                               (DrawnItem){ asset->where, id, link, jval_get_text(value, "description"),
                                            attrs, NULL }))
                        drawn_connect(drawn, asset->where, id, source, jval_get_text(value, "target"));
        }
}

static void risk_tell(Drawn *drawn, const DrawnElement *category)
{
        JIter iter = jval_iter(jval_get(category->value, "risks_identified"));
        json_t *attrs = json_object();
        DrawnItem item;
        JVal risk;

        tell_put(attrs, "category", jval_get_text(category->value, "stride"));
        item = drawn_item(category, attrs, NULL);
        if (!drawn_tell(drawn, DRAWN_THREAT, item))
                return;
        while (jiter_next(&iter, &risk)) {
                const char *asset = jval_get_text(risk, "most_relevant_technical_asset");

                if (asset != NULL)
                        drawn_link(drawn, item.where, DRAWN_THREAT, item.id, "threatens", DRAWN_ASSET, asset);
        }
}

static void abuse_tell(Drawn *drawn, const DrawnElement *abuse)
{
        g_autofree char *id = abuse->name == NULL ? NULL : g_strconcat("abuse:", abuse->name, NULL);

        (void)drawn_tell(drawn, DRAWN_THREAT,
                         (DrawnItem){ abuse->where, id, abuse->name, jval_text(abuse->value, NULL), NULL,
                                      NULL });
}

static void requirement_tell(Drawn *drawn, const DrawnElement *requirement)
{
        (void)drawn_tell(drawn, DRAWN_REQUIREMENT,
                         (DrawnItem){ requirement->where, requirement->name, requirement->name,
                                      jval_text(requirement->value, NULL),
                                      json_pack("{s:s}", "discipline", "security"), NULL });
}

static void model_tell(JVal root, Sink *sink, const char *file)
{
        static const DrawnStep steps[] = {
                { "trust_boundaries", boundary_tell },        { "technical_assets", asset_tell },
                { "trust_boundaries", boundary_fill },        { "technical_assets", links_tell },
                { "individual_risk_categories", risk_tell },  { "abuse_cases", abuse_tell },
                { "security_requirements", requirement_tell }
        };
        g_auto(Drawn) drawn = drawn_init(sink, "threagile", jval_get_text(root, "title"), file);

        drawn_steps(&drawn, root, steps, G_N_ELEMENTS(steps));
        sink_lost(sink, "",
                  "data assets, shared runtimes, ratings, tracking of risks, questions and summaries");
}

bool threagile_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read_yaml(source, sink, &format, error);

        if (doc == NULL)
                return false;
        if (!source->figures_only)
                model_tell(jdoc_root(doc), sink, source->name);
        return true;
}
