/* Models of Threagile, YAML or JSON: trust boundaries are zones, technical assets assets, risks of its own categories and cases of
 * abuse threats, security requirements requirements. */
#include "exchange/readers.h"

#include "exchange/drawn.h"
#include "exchange/jfigures.h"
#include "exchange/yamljson.h"

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

/* Members of an object of the model: their names are what people read. */
typedef void (*MemberFn)(Drawn *drawn, const char *name, JVal value, const char *where);

static void members_each(Drawn *drawn, JVal object, const char *place, MemberFn tell)
{
        JIter iter = jval_iter(object);
        const char *name;
        JVal value;
        size_t n;

        while (jiter_next_member(&iter, &name, &n, &value)) {
                g_autofree char *where = g_strdup_printf("%s/%.200s", place, name);

                tell(drawn, name, value, where);
        }
}

static json_t *tags_of(JVal value)
{
        static const char *const words[] = { "type", "technology" };
        json_t *tags = json_array();

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                if (jval_get_text(value, words[i]) != NULL)
                        json_array_append_new(tags, json_string(jval_get_text(value, words[i])));
        return tags;
}

static void boundary_tell(Drawn *drawn, const char *name, JVal value, const char *where)
{
        (void)drawn_tell(drawn, DRAWN_ZONE,
                         (DrawnItem){ where, jval_get_text(value, "id"), name,
                                      jval_get_text(value, "description"), NULL, tags_of(value) });
}

static void asset_tell(Drawn *drawn, const char *name, JVal value, const char *where)
{
        (void)drawn_tell(drawn, DRAWN_ASSET,
                         (DrawnItem){ where, jval_get_text(value, "id"), name,
                                      jval_get_text(value, "description"), NULL, tags_of(value) });
}

/* What is within a boundary is told by the boundary. */
static void boundary_fill(Drawn *drawn, const char *name G_GNUC_UNUSED, JVal value, const char *where)
{
        const char *id = jval_get_text(value, "id");
        JIter assets = jval_iter(jval_get(value, "technical_assets_inside")),
              zones = jval_iter(jval_get(value, "trust_boundaries_nested"));
        JVal inner;

        while (id != NULL && jiter_next(&assets, &inner))
                if (jval_text(inner, NULL) != NULL)
                        drawn_put_into(drawn, where, DRAWN_ASSET, jval_text(inner, NULL), id);
        while (id != NULL && jiter_next(&zones, &inner))
                if (jval_text(inner, NULL) != NULL)
                        drawn_put_into(drawn, where, DRAWN_ZONE, jval_text(inner, NULL), id);
}

/* `source>name`: links have no id of their own. */
static void links_tell(Drawn *drawn, const char *name G_GNUC_UNUSED, JVal asset, const char *where)
{
        JIter iter = jval_iter(jval_get(asset, "communication_links"));
        const char *source = jval_get_text(asset, "id"), *link;
        JVal value;
        size_t n;

        while (source != NULL && jiter_next_member(&iter, &link, &n, &value)) {
                g_autofree char *id = g_strdup_printf("%s>%s", source, link);
                json_t *attrs = json_object();

                tell_put(attrs, "protocol", jval_get_text(value, "protocol"));
                if (drawn_tell(drawn, DRAWN_FLOW,
                               (DrawnItem){ where, id, link, jval_get_text(value, "description"), attrs,
                                            NULL }))
                        drawn_connect(drawn, where, id, source, jval_get_text(value, "target"));
        }
}

static void risk_tell(Drawn *drawn, const char *name, JVal value, const char *where)
{
        const char *id = jval_get_text(value, "id"), *asset;
        JIter iter = jval_iter(jval_get(value, "risks_identified"));
        json_t *attrs = json_object();
        JVal risk;

        tell_put(attrs, "category", jval_get_text(value, "stride"));
        if (!drawn_tell(drawn, DRAWN_THREAT,
                        (DrawnItem){ where, id, name, jval_get_text(value, "description"), attrs, NULL }))
                return;
        while (jiter_next(&iter, &risk)) {
                asset = jval_get_text(risk, "most_relevant_technical_asset");
                if (asset != NULL)
                        drawn_link(drawn, where, DRAWN_THREAT, id, "threatens", DRAWN_ASSET, asset);
        }
}

static void abuse_tell(Drawn *drawn, const char *name, JVal value, const char *where)
{
        g_autofree char *id = g_strconcat("abuse:", name, NULL);

        (void)drawn_tell(drawn, DRAWN_THREAT,
                         (DrawnItem){ where, id, name, jval_text(value, NULL), NULL, NULL });
}

static void requirement_tell(Drawn *drawn, const char *name, JVal value, const char *where)
{
        g_autofree char *id = g_strconcat("requirement:", name, NULL);

        (void)tell_item(&drawn->tell, (TellItem){ where, "requirement", id, name, jval_text(value, NULL),
                                                  json_pack("{s:s}", "discipline", "security"), NULL });
}

static void model_tell(JVal root, Sink *sink, const char *file)
{
        static const struct {
                const char *member;
                MemberFn tell;
        } steps[] = { { "trust_boundaries", boundary_tell },        { "technical_assets", asset_tell },
                      { "trust_boundaries", boundary_fill },        { "technical_assets", links_tell },
                      { "individual_risk_categories", risk_tell },  { "abuse_cases", abuse_tell },
                      { "security_requirements", requirement_tell } };
        const char *title = jval_get_text(root, "title");
        g_auto(Drawn) drawn = drawn_init(sink, "threagile", title == NULL ? file : title);

        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
                g_autofree char *place = g_strconcat("/", steps[i].member, NULL);

                members_each(&drawn, jval_get(root, steps[i].member), place, steps[i].tell);
        }
        sink_lost(sink, "",
                  "data assets, shared runtimes, ratings, tracking of risks, questions and summaries");
}

bool threagile_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(GBytes) json = yaml_or_json(source->bytes, source->depth_max, error);
        g_autoptr(JDoc) doc = json == NULL ? NULL : jfigures_read_bytes(source, json, sink, &format, error);

        if (doc == NULL)
                return false;
        if (!source->figures_only)
                model_tell(jdoc_root(doc), sink, source->name);
        return true;
}
