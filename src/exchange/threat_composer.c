/* Models of Threat Composer, JSON: threats, mitigations and assumptions, which links join. Assets are only named by the threats that
 * hurt them. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/drawn.h"
#include "exchange/jfigures.h"
#include "exchange/sheet.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_TEXT, "schema", "schema", false },
        { JFIGURE_COUNT, "threats", "threats/*", false },
        { JFIGURE_COUNT, "mitigations", "mitigations/*", false },
        { JFIGURE_COUNT, "assumptions", "assumptions/*", false },
        { JFIGURE_COUNT, "mitigationLinks", "mitigationLinks/*", false },
        { JFIGURE_COUNT, "assumptionLinks", "assumptionLinks/*", false },
};

static const JFormat format = { "model of Threat Composer", "threats", "schema", rows,
                                G_N_ELEMENTS(rows),         NULL };

/* ---- links ---- */

/* Ends of the links of one list; `type` is what the link says the end is, NULL where all are alike. */
typedef struct {
        const char *list, *member, *of, *type;
} End;

static const End ends[] = { { "mitigationLinks", "mitigationId", "mitigations", NULL },
                            { "mitigationLinks", "linkedId", "threats", NULL },
                            { "assumptionLinks", "assumptionId", "assumptions", NULL },
                            { "assumptionLinks", "linkedId", "threats", "Threat" },
                            { "assumptionLinks", "linkedId", "mitigations", "Mitigation" } };

static bool end_is(const End *end, JVal link)
{
        return end->type == NULL || g_strcmp0(jval_get_text(link, "type"), end->type) == 0;
}

/* The ids of a list, as a set. */
static GHashTable *ids_of(JVal list)
{
        GHashTable *ids = hash_table_new_text(NULL, NULL);
        JIter iter = jval_iter(list);
        JVal item;

        while (jiter_next(&iter, &item)) {
                const char *id = jval_get_text(item, "id");

                if (id != NULL)
                        g_hash_table_add(ids, (gpointer)(uintptr_t)id);
        }
        return ids;
}

/* Links whose ends the model does not have. */
static void ends_check(JVal root, const End *end, Sink *sink)
{
        g_autoptr(GHashTable) ids = ids_of(jval_get(root, end->of));
        JIter iter = jval_iter(jval_get(root, end->list));
        size_t number = 0;
        JVal link;

        for (; jiter_next(&iter, &link); number++) {
                const char *id = jval_get_text(link, end->member);
                g_autofree char *where = g_strdup_printf("/%s/%zu/%s", end->list, number, end->member);

                if (end_is(end, link) && (id == NULL || !g_hash_table_contains(ids, id)))
                        sink_problem(sink, where, "the link leads to nothing in %s", end->of);
        }
}

/* ---- what entries have in common ---- */

static void texts_add(GPtrArray *texts, JVal list)
{
        JIter iter = jval_iter(list);
        JVal text;

        tell_add(texts, jval_text(list, NULL));
        while (jiter_next(&iter, &text))
                tell_add(texts, jval_text(text, NULL));
}

/* A text, or the texts of a list with commas between. NULL when there are none; free it. */
static char *texts_join(JVal list)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

        texts_add(texts, list);
        if (texts->len == 0)
                return NULL;
        g_ptr_array_add(texts, NULL);
        return g_strjoinv(", ", (char **)texts->pdata);
}

static json_t *tags_of(JVal entry)
{
        g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
        const char *status = jval_get_text(entry, "status");
        g_autofree char *state = status == NULL || status[0] == '\0'
                                         ? NULL
                                         : g_strconcat("threat-composer:", status, NULL);

        texts_add(texts, jval_get(entry, "tags"));
        tell_add(texts, state);
        return tell_tags(texts);
}

/* The letters of STRIDE as words. */
static char *category_of(JVal letters)
{
        static const char *const words[] = { "Spoofing",          "Tampering",
                                             "Repudiation",       "Information disclosure",
                                             "Denial of service", "Elevation of privilege" };
        g_autofree char *given = texts_join(letters);
        g_autoptr(GString) category = g_string_new(NULL);

        for (size_t i = 0; given != NULL && i < G_N_ELEMENTS(words); i++)
                for (const char *p = given; *p != '\0'; p++)
                        if (*p == words[i][0] && (p[1] == '\0' || p[1] == ','))
                                g_string_append_printf(category, "%s%s", category->len > 0 ? ", " : "",
                                                       words[i]);
        return category->len == 0 ? g_steal_pointer(&given) : g_strdup(category->str);
}

/* An entry as it is made: the body, attributes and what has no attribute of its own. */
typedef struct {
        GString *body;
        json_t *attrs, *extra;
} Entry;

static Entry entry_new(JVal entry)
{
        Entry made = { g_string_new(NULL), json_object(), json_object() };
        int64_t number = 0;

        if (jval_int(jval_get(entry, "numericId"), &number))
                json_object_set_new(made.extra, "number", json_sprintf("%" G_GINT64_FORMAT, number));
        return made;
}

/* Comments are part of the body, priority and STRIDE attributes of threats; any other name is kept. */
static void metadata_take(Entry *made, JVal entry, bool is_threat)
{
        JIter iter = jval_iter(jval_get(entry, "metadata"));
        JVal row;

        while (jiter_next(&iter, &row)) {
                const char *key = jval_get_text(row, "key");
                g_autofree char *value = texts_join(jval_get(row, "value"));

                if (key == NULL || value == NULL)
                        continue;
                if (strcmp(key, "Comments") == 0)
                        tell_paragraph(made->body, NULL, value);
                else if (is_threat && strcmp(key, "Priority") == 0)
                        tell_put(made->attrs, "priority", value);
                else if (is_threat && strcmp(key, "STRIDE") == 0) {
                        g_autofree char *category = category_of(jval_get(row, "value"));

                        tell_put(made->attrs, "category", category);
                } else
                        tell_put(made->extra, key, value);
        }
}

/* Tells the entry and ends it. */
static void entry_tell(Drawn *drawn, DrawnKind kind, const DrawnElement *entry, const char *title,
                       Entry *made)
{
        tell_put_extra(made->attrs, made->extra);
        (void)drawn_tell(drawn, kind,
                         (DrawnItem){ entry->where, jval_get_text(entry->value, "id"), title, made->body->str,
                                      made->attrs, tags_of(entry->value) });
        g_string_free(made->body, TRUE);
}

/* ---- entries ---- */

/* The one of all assets that are called so. Free it. */
static char *asset_id(const char *name)
{
        g_autofree char *folded = g_utf8_casefold(name, -1);

        return g_strdup(g_strstrip(folded));
}

/* What a threat hurts. */
static void assets_tell(Drawn *drawn, const DrawnElement *threat)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

        texts_add(names, jval_get(threat->value, "impactedAssets"));
        for (guint i = 0; i < names->len; i++) {
                g_autofree char *id = asset_id(names->pdata[i]);

                if (drawn_has(drawn, DRAWN_ASSET, id))
                        continue;
                (void)drawn_tell(drawn, DRAWN_ASSET,
                                 (DrawnItem){ threat->where, id, names->pdata[i], NULL, NULL,
                                              json_pack("[s]", "threat-composer:impacted") });
        }
}

/* A title that can be read in a list: long statements have one of who can do what. Free it. */
static char *threat_title(JVal threat)
{
        const char *statement = jval_get_text(threat, "statement"),
                   *who = jval_get_text(threat, "threatSource"),
                   *what = jval_get_text(threat, "threatAction");
        g_autofree char *title = sheet_title(statement, "");
        const bool whole = statement != NULL && strcmp(title, statement) == 0;
        g_autofree char *parts = NULL;

        if (whole || who == NULL || what == NULL || who[0] == '\0' || what[0] == '\0')
                return g_steal_pointer(&title);
        parts = g_strdup_printf("%s can %s", who, what);
        return sheet_title(parts, "");
}

static void threat_tell(Drawn *drawn, const DrawnElement *threat)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
        g_autofree char *title = threat_title(threat->value),
                        *goal = texts_join(jval_get(threat->value, "impactedGoal"));
        const char *id = jval_get_text(threat->value, "id");
        Entry made = entry_new(threat->value);

        tell_paragraph(made.body, NULL, jval_get_text(threat->value, "statement"));
        metadata_take(&made, threat->value, true);
        tell_put(made.attrs, "actor", jval_get_text(threat->value, "threatSource"));
        tell_put(made.attrs, "vector", jval_get_text(threat->value, "prerequisites"));
        tell_put(made.extra, "action", jval_get_text(threat->value, "threatAction"));
        tell_put(made.extra, "impact", jval_get_text(threat->value, "threatImpact"));
        tell_put(made.extra, "impacted goal", goal);
        entry_tell(drawn, DRAWN_THREAT, threat, title, &made);
        texts_add(names, jval_get(threat->value, "impactedAssets"));
        for (guint i = 0; id != NULL && i < names->len; i++) {
                g_autofree char *asset = asset_id(names->pdata[i]);

                drawn_link(drawn, threat->where, DRAWN_THREAT, id, "threatens", DRAWN_ASSET, asset);
        }
}

/* What has a content and little else. */
static void content_tell(Drawn *drawn, DrawnKind kind, const DrawnElement *entry)
{
        const char *content = jval_get_text(entry->value, "content");
        g_autofree char *title = sheet_title(content, "");
        Entry made = entry_new(entry->value);

        if (g_strcmp0(title, content) != 0)
                tell_paragraph(made.body, NULL, content);
        metadata_take(&made, entry->value, false);
        entry_tell(drawn, kind, entry, title, &made);
}

static void mitigation_tell(Drawn *drawn, const DrawnElement *entry)
{
        content_tell(drawn, DRAWN_MEASURE, entry);
}

static void assumption_tell(Drawn *drawn, const DrawnElement *entry)
{
        content_tell(drawn, DRAWN_ASSUMPTION, entry);
}

/* Ends that are not there were told by ends_check. */
static void mitigation_link(Drawn *drawn, const DrawnElement *link)
{
        const char *from = jval_get_text(link->value, "mitigationId"),
                   *to = jval_get_text(link->value, "linkedId");

        if (drawn_has(drawn, DRAWN_MEASURE, from) && drawn_has(drawn, DRAWN_THREAT, to))
                drawn_link(drawn, link->where, DRAWN_MEASURE, from, "mitigates", DRAWN_THREAT, to);
}

static void assumption_link(Drawn *drawn, const DrawnElement *link)
{
        const char *from = jval_get_text(link->value, "assumptionId"),
                   *to = jval_get_text(link->value, "linkedId"), *type = jval_get_text(link->value, "type");
        const DrawnKind kind = g_strcmp0(type, "Mitigation") == 0 ? DRAWN_MEASURE : DRAWN_THREAT;

        if (drawn_has(drawn, DRAWN_ASSUMPTION, from) && drawn_has(drawn, kind, to))
                drawn_link(drawn, link->where, DRAWN_ASSUMPTION, from, "relates_to", kind, to);
}

/* ---- the model ---- */

static bool says_anything(JVal value)
{
        const char *text = jval_text(value, NULL);

        return text != NULL ? text[0] != '\0' : jval_count(value) > 0;
}

/* What has no place: descriptions of the whole, pictures, and members that are not known here. */
static void rest_tell(JVal root, Sink *sink)
{
        static const char *const taken[] = { "schema",      "threats",         "mitigations",
                                             "assumptions", "mitigationLinks", "assumptionLinks",
                                             NULL };
        JIter members = jval_iter(root), inner;
        const char *name, *part;
        JVal value, content;

        while (jiter_next_member(&members, &name, NULL, &value)) {
                const bool whole = strcmp(name, "applicationInfo") == 0;

                if (g_strv_contains(taken, name))
                        continue;
                if (value.type != JVAL_OBJECT && says_anything(value)) {
                        g_autofree char *where = g_strdup_printf("/%.200s", name);

                        sink_lost(sink, where, "no item of the model is made of this");
                }
                inner = jval_iter(value.type == JVAL_OBJECT ? value : (JVal){ .type = JVAL_NONE });
                while (jiter_next_member(&inner, &part, NULL, &content)) {
                        g_autofree char *where = g_strdup_printf("/%.200s/%.200s", name, part);

                        if (says_anything(content) && !(whole && strcmp(part, "name") == 0))
                                sink_lost(sink, where, "no item of the model is made of this");
                }
        }
}

static void model_tell(JVal root, Sink *sink, const char *file)
{
        static const DrawnStep steps[] = { { "threats", assets_tell },
                                           { "threats", threat_tell },
                                           { "mitigations", mitigation_tell },
                                           { "assumptions", assumption_tell },
                                           { "mitigationLinks", mitigation_link },
                                           { "assumptionLinks", assumption_link } };
        const char *name = jval_get_text(jval_get(root, "applicationInfo"), "name");
        g_auto(Drawn) drawn = drawn_init(sink, "threat-composer", name, file);

        drawn_steps(&drawn, root, steps, G_N_ELEMENTS(steps));
        rest_tell(root, sink);
}

bool threat_composer_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);

        if (doc == NULL)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
                ends_check(jdoc_root(doc), &ends[i], sink);
        if (!source->figures_only)
                model_tell(jdoc_root(doc), sink, source->name);
        return true;
}
