/* Trust zones are zones, a boundary the conduit between two of them; actors, components and stores are assets; a risk assesses its
 * threats. Names are apart by kind: a flow says of which kind its ends are. */
#include "exchange/tm_bom.h"

#include "exchange/drawn.h"
#include "exchange/sheet.h"

#include <string.h>

enum { PARENTS_MAX = 64 };

static const char *name_of(JVal element)
{
        return jval_get_text(element, "symbolic_name");
}

/* Texts of a list, each behind a prefix, among the others. */
static void texts_add(GPtrArray *texts, JVal list, const char *prefix)
{
        JIter iter = jval_iter(list);
        JVal text;

        while (jiter_next(&iter, &text)) {
                g_autofree char *full = jval_text(text, NULL) == NULL
                                                ? NULL
                                                : g_strconcat(prefix, jval_text(text, NULL), NULL);

                tell_add(texts, full);
        }
}

/* Numbers of entries in a list of CWE or CAPEC, such as CWE-79. */
static void numbers_add(GPtrArray *texts, JVal list, const char *member, const char *prefix)
{
        JIter iter = jval_iter(list);
        int64_t number;
        JVal entry;

        while (jiter_next(&iter, &entry))
                if (jval_int(jval_get(entry, member), &number)) {
                        g_autofree char *text = g_strdup_printf("%s-%" G_GINT64_FORMAT, prefix, number);

                        tell_add(texts, text);
                }
}

static char *texts_join(JVal list)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

        texts_add(texts, list, "");
        g_ptr_array_add(texts, NULL);
        return g_strjoinv(", ", (char **)texts->pdata);
}

static json_t *tag_of(JVal element, const char *member, const char *prefix)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        const char *text = jval_get_text(element, member);
        g_autofree char *tag = text == NULL ? NULL : g_strconcat(prefix, text, NULL);

        tell_add(texts, tag);
        return tell_tags(texts);
}

static DrawnItem item_of(const DrawnElement *element, const char *id, json_t *attrs, json_t *tags)
{
        return (DrawnItem){ element->where,
                            id,
                            jval_get_text(element->value, "title"),
                            jval_get_text(element->value, "description"),
                            attrs,
                            tags };
}

/* The members of an element that are texts or numbers, as what is kept. */
static json_t *extra_of(JVal element, const char *const *members)
{
        json_t *extra = json_object();

        for (size_t i = 0; members[i] != NULL; i++) {
                JVal value = jval_get(element, members[i]);
                int64_t number;
                bool yes;

                if (jval_int(value, &number))
                        json_object_set_new(extra, members[i], json_sprintf("%" G_GINT64_FORMAT, number));
                else if (jval_bool(value, &yes))
                        tell_put(extra, members[i], yes ? "yes" : "no");
                else
                        tell_put(extra, members[i], jval_text(value, NULL));
        }
        return extra;
}

/* ---- zones and what stands in them ---- */

static void zone_tell(Drawn *drawn, const DrawnElement *element)
{
        (void)drawn_tell(drawn, DRAWN_ZONE, item_of(element, name_of(element->value), NULL, NULL));
}

static void boundary_tell(Drawn *drawn, const DrawnElement *element)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *enforcement = NULL;
        json_t *attrs = json_object();

        texts_add(texts, jval_get(element->value, "access_control_methods"), "access control: ");
        texts_add(texts, jval_get(element->value, "authentication_methods"), "authentication: ");
        g_ptr_array_add(texts, NULL);
        enforcement = g_strjoinv(", ", (char **)texts->pdata);
        tell_put(attrs, "enforcement", enforcement);
        drawn_join(drawn, element->where, jval_get_text(element->value, "trust_zone_a"),
                   jval_get_text(element->value, "trust_zone_b"), NULL, attrs);
}

/* What stands in zones, and the types by which flows name it. */
typedef enum { THING_ACTOR, THING_COMPONENT, THING_STORE, ZW_THINGS } Thing;
static const char *const things[ZW_THINGS] = { "actor", "component", "data-store" };

static char *thing_id(Thing thing, const char *name)
{
        return name == NULL ? NULL : g_strdup_printf("%s:%s", things[thing], name);
}

static JVal component_find(JVal root, const char *name)
{
        JIter iter = jval_iter(jval_get(root, "components"));
        JVal component;

        while (jiter_next(&iter, &component))
                if (g_strcmp0(name_of(component), name) == 0)
                        return component;
        return (JVal){ .type = JVAL_NONE };
}

/* The zone of an element, or of what it is part of. */
static const char *zone_of(const Drawn *drawn, JVal root, JVal element)
{
        for (int up = 0; up < PARENTS_MAX; up++) {
                const char *zone = jval_get_text(element, "trust_zone"),
                           *parent = jval_get_text(element, "parent_component");
                g_autofree char *id = thing_id(THING_COMPONENT, parent);

                if (zone == NULL && id != NULL) /* most models tell it first */
                        zone = g_hash_table_lookup(drawn->zones, id);
                if (zone != NULL || parent == NULL)
                        return zone;
                element = component_find(root, parent);
        }
        return NULL;
}

static void thing_tell(Drawn *drawn, const DrawnElement *element, Thing thing)
{
        static const char *const kept[] = { "vendor",           "product",   "permissions",
                                            "parent_component", "repo_link", NULL };
        g_autofree char *id = thing_id(thing, name_of(element->value));
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        json_t *attrs = json_object();

        tell_add(texts, things[thing]);
        tell_add(texts, jval_get_text(element->value, "type"));
        tell_put_extra(attrs, extra_of(element->value, kept));
        if (drawn_tell(drawn, DRAWN_ASSET, item_of(element, id, attrs, tell_tags(texts))))
                drawn_put_into(drawn, element->where, DRAWN_ASSET, id,
                               zone_of(drawn, element->root, element->value));
}

static void actor_tell(Drawn *drawn, const DrawnElement *element)
{
        thing_tell(drawn, element, THING_ACTOR);
}

static void component_tell(Drawn *drawn, const DrawnElement *element)
{
        thing_tell(drawn, element, THING_COMPONENT);
}

static void store_tell(Drawn *drawn, const DrawnElement *element)
{
        thing_tell(drawn, element, THING_STORE);
}

/* An end of a flow is {"type","object"}; the type may be written as a reference of the schema. Free it. */
static char *end_of(JVal end)
{
        const char *type = jval_get_text(end, "type"), *slash = type == NULL ? NULL : strrchr(type, '/');
        g_autofree char *name = g_strdup(slash != NULL ? slash + 1 : type == NULL ? "component" : type);

        g_strdelimit(name, "_", '-');
        for (Thing thing = 0; thing < ZW_THINGS; thing++)
                if (strcmp(name, things[thing]) == 0)
                        return thing_id(thing, jval_get_text(end, "object"));
        return g_strdup(jval_get_text(end, "object"));
}

static void flow_tell(Drawn *drawn, const DrawnElement *element)
{
        static const char *const kept[] = { "has_sensitive_data", NULL };
        g_autofree char *source = end_of(jval_get(element->value, "source")),
                        *sink = end_of(jval_get(element->value, "destination"));
        json_t *attrs = json_object();
        bool encrypted;

        if (jval_bool(jval_get(element->value, "encrypted"), &encrypted))
                json_object_set_new(attrs, "encrypted", json_boolean(encrypted));
        tell_put_extra(attrs, extra_of(element->value, kept));
        if (drawn_tell(drawn, DRAWN_FLOW, item_of(element, name_of(element->value), attrs, NULL)))
                drawn_connect(drawn, element->where, name_of(element->value), source, sink);
}

/* ---- threats, controls, risks, assumptions ---- */

/* The title of the persona, else what names it. */
static const char *persona_of(JVal root, JVal threat)
{
        const char *name = jval_get_text(threat, "threat_persona");
        JIter iter = jval_iter(jval_get(root, "threat_personas"));
        JVal persona;

        while (jiter_next(&iter, &persona))
                if (g_strcmp0(name_of(persona), name) == 0 && jval_get_text(persona, "title") != NULL)
                        return jval_get_text(persona, "title");
        return name;
}

static void threat_tell(Drawn *drawn, const DrawnElement *element)
{
        g_autofree char *category = texts_join(jval_get(element->value, "sources"));
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        JIter iter = jval_iter(jval_get(element->value, "components_affected"));
        json_t *attrs = json_object();
        JVal affected;

        numbers_add(texts, jval_get(element->value, "weaknesses"), "cwe_id", "CWE");
        numbers_add(texts, jval_get(element->value, "attack_mechanisms"), "capec_id", "CAPEC");
        tell_put(attrs, "actor", persona_of(element->root, element->value));
        tell_put(attrs, "vector", jval_get_text(element->value, "event"));
        tell_put(attrs, "category", category);
        if (!drawn_tell(drawn, DRAWN_THREAT,
                        item_of(element, name_of(element->value), attrs, tell_tags(texts))))
                return;
        while (jiter_next(&iter, &affected)) {
                g_autofree char *component = thing_id(THING_COMPONENT, jval_text(affected, NULL)),
                                *store = thing_id(THING_STORE, jval_text(affected, NULL));
                const bool stores = drawn_has(drawn, DRAWN_ASSET, store);

                drawn_link(drawn, element->where, DRAWN_THREAT, name_of(element->value), "threatens",
                           DRAWN_ASSET, stores ? store : component);
        }
}

/* Links to each threat that an element lists. */
static void threats_link(Drawn *drawn, const DrawnElement *element, DrawnKind kind, const char *type)
{
        JIter iter = jval_iter(jval_get(element->value, "threats"));
        JVal threat;

        while (jiter_next(&iter, &threat))
                drawn_link(drawn, element->where, kind, name_of(element->value), type, DRAWN_THREAT,
                           jval_text(threat, NULL));
}

static void control_tell(Drawn *drawn, const DrawnElement *element)
{
        static const char *const kept[] = { "priority", NULL };
        JVal boundary = jval_get(element->value, "trust_boundary");
        json_t *attrs = json_object(), *extra = extra_of(element->value, kept);

        if (boundary.type == JVAL_OBJECT) {
                const char *a = jval_get_text(boundary, "trust_zone_a"),
                           *b = jval_get_text(boundary, "trust_zone_b");
                g_autofree char *between = g_strdup_printf("%s, %s", a == NULL ? "" : a, b == NULL ? "" : b);

                tell_put(extra, "trust_boundary", between);
        }
        tell_put_extra(attrs, extra);
        if (drawn_tell(drawn, DRAWN_MEASURE,
                       item_of(element, name_of(element->value), attrs,
                               tag_of(element->value, "status", "tm-bom:"))))
                threats_link(drawn, element, DRAWN_MEASURE, "mitigates");
}

/* The method of a project has classes of its own, so what the file rates is kept as it says. */
static void risk_tell(Drawn *drawn, const DrawnElement *element)
{
        static const char *const kept[] = { "likelihood", "impact", "impact_description",
                                            "score",      "level",  NULL };
        json_t *attrs = json_object();

        tell_put_extra(attrs, extra_of(element->value, kept));
        if (drawn_tell(drawn, DRAWN_RISK, item_of(element, name_of(element->value), attrs, NULL)))
                threats_link(drawn, element, DRAWN_RISK, "assesses");
}

/* Assumptions have no names: they are known by what they say. */
static void assumption_tell(Drawn *drawn, const DrawnElement *element)
{
        const char *text = jval_get_text(element->value, "description"),
                   *validity = jval_get_text(element->value, "validity");
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *title = sheet_title(text, ""),
                        *tag = validity == NULL ? NULL : g_strconcat("tm-bom:", validity, NULL);

        texts_add(texts, jval_get(element->value, "topics"), "");
        tell_add(texts, tag);
        (void)drawn_tell(drawn, DRAWN_ASSUMPTION,
                         (DrawnItem){ element->where, text, title, g_strcmp0(title, text) == 0 ? NULL : text,
                                      NULL, tell_tags(texts) });
}

static void rest_tell(JVal root, Sink *sink)
{
        static const char *const lost[][2] = {
                { "diagrams", "the drawings themselves" },
                { "data_sets", "data are no item" },
                { "threat_personas", "what is said of who attacks but the title, which threats name" },
                { "mitigation_plans", "plans: a control mitigates the threats it names" },
                { "description", "the description of the whole" },
                { "extensions", "extensions" }
        };

        for (size_t i = 0; i < G_N_ELEMENTS(lost); i++) {
                g_autofree char *where = g_strconcat("/", lost[i][0], NULL);
                JVal value = jval_get(root, lost[i][0]);

                if (jval_count(value) > 0 ||
                    (jval_text(value, NULL) != NULL && jval_text(value, NULL)[0] != '\0'))
                        sink_lost(sink, where, "%s", lost[i][1]);
        }
}

void tm_bom_library_tell(JVal root, Sink *sink, const char *file)
{
        static const DrawnStep steps[] = {
                { "trust_zones", zone_tell },  { "trust_boundaries", boundary_tell },
                { "actors", actor_tell },      { "components", component_tell },
                { "data_stores", store_tell }, { "data_flows", flow_tell },
                { "threats", threat_tell },    { "controls", control_tell },
                { "risks", risk_tell },        { "assumptions", assumption_tell }
        };
        const char *title = jval_get_text(jval_get(root, "scope"), "title");
        g_auto(Drawn) drawn = drawn_init(sink, "tm-bom", title, file);

        drawn_steps(&drawn, root, steps, G_N_ELEMENTS(steps));
        rest_tell(root, sink);
}
