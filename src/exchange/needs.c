/* Requirements of Sphinx-Needs, needs.json: needs by version of the documentation; the current one is what counts. A need of a type
 * of tests is a test case, any other a requirement. A need links to what it comes from, a test to what it tests. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/jfigures.h"
#include "exchange/tell.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_TEXT, "current_version", "current_version", false },
        { JFIGURE_COUNT, "versions", "versions/*", false },
};

static const JFormat format = { "file of Sphinx-Needs", "versions", "current_version", rows,
                                G_N_ELEMENTS(rows),     NULL };

static void need_take(JVal need, const char *name, int64_t *links, Sink *sink)
{
        const char *type = jval_get_text(need, "type");

        *links += (int64_t)jval_count(jval_get(need, "links"));
        sink_figure_add(sink, "types", type == NULL ? "None" : type, 1);
        if (g_strcmp0(jval_get_text(need, "id"), name) != 0)
                sink_problem(sink, name, "the need has another id than the name it stands under");
}

/* ---- needs as items ---- */

static bool is_test(JVal need)
{
        const char *type = jval_get_text(need, "type");

        return type != NULL && g_ascii_strncasecmp(type, "test", strlen("test")) == 0;
}

/* Members that say how a need is shown, or again what others say; any other text is kept. */
static const char *const shown[] = {
        "id",           "title",         "description",  "content",     "type",    "full_title",
        "id_complete",  "id_parent",     "id_prefix",    "layout",      "style",   "template",
        "pre_template", "post_template", "external_css", "parent_need", "doctype", NULL
};

static json_t *extra_of(JVal need)
{
        JIter iter = jval_iter(need);
        json_t *extra = json_object();
        const char *name;
        JVal value;

        while (jiter_next_member(&iter, &name, NULL, &value))
                if (value.type == JVAL_STRING && !g_strv_contains(shown, name))
                        tell_put(extra, name, jval_text(value, NULL));
        return extra;
}

static void need_tell(Tell *tell, JVal need, const char *id)
{
        const char *text = jval_get_text(need, "content");
        g_autoptr(GPtrArray) tags = g_ptr_array_new_with_free_func(g_free);
        JIter iter = jval_iter(jval_get(need, "tags"));
        json_t *attrs = json_object();
        JVal tag;

        tell_add(tags, jval_get_text(need, "type"));
        while (jiter_next(&iter, &tag))
                tell_add(tags, jval_text(tag, NULL));
        if (!is_test(need))
                tell_put_extra(attrs, extra_of(need));
        (void)tell_item(tell, (TellItem){ id, is_test(need) ? "test_case" : "requirement", id,
                                          jval_get_text(need, "title"),
                                          text == NULL ? jval_get_text(need, "description") : text, attrs,
                                          tell_tags(tags) });
}

/* The number behind a dot names a part of a need. */
static void link_tell(const Tell *tell, GHashTable *test_ids, const char *id, const char *link)
{
        g_autofree char *whole = link == NULL ? NULL : g_strndup(link, strcspn(link, "."));
        const char *to = link != NULL && tell_has(tell, link) ? link : whole;
        const bool tests = g_hash_table_contains(test_ids, id),
                   tested = to != NULL && g_hash_table_contains(test_ids, to);

        if (to == NULL || !tell_has(tell, to) || strcmp(to, id) == 0)
                sink_problem(tell->sink, id, "a link to %.200s, which is no other need of this version",
                             link == NULL ? "what is no text" : link);
        else if (tests == tested)
                tell_link(tell, id, tests ? id : to, tests ? "relates_to" : "derives", tests ? to : id, NULL);
        else
                tell_link(tell, id, tests ? id : to, "verifies", tests ? to : id, NULL);
}

static void needs_tell(Sink *sink, JVal root, JVal needs)
{
        g_auto(Tell) tell = tell_init(sink, "sphinx-needs", jval_get_text(root, "project"));
        g_autoptr(GHashTable) test_ids = hash_table_new_text(NULL, NULL);
        JIter iter = jval_iter(needs), links;
        const char *id;
        JVal need, link;

        while (jiter_next_member(&iter, &id, NULL, &need)) {
                need_tell(&tell, need, id);
                if (is_test(need))
                        g_hash_table_add(test_ids, (gpointer)(uintptr_t)id);
        }
        iter = jval_iter(needs);
        while (jiter_next_member(&iter, &id, NULL, &need)) {
                links = jval_iter(jval_get(need, "links"));
                while (jiter_next(&links, &link))
                        link_tell(&tell, test_ids, id, jval_text(link, NULL));
        }
        sink_lost(sink, "", "other versions, links of other kinds, and how needs are shown");
}

/* What the tool itself writes into every file. */
static bool heading_check(JVal root, GError **error)
{
        static const char *const demanded[] = { "current_version", "project" };

        for (size_t i = 0; i < G_N_ELEMENTS(demanded); i++)
                if (jval_get_text(root, demanded[i]) == NULL) {
                        g_autofree char *where = g_strdup_printf("/%s", demanded[i]);

                        error_set(error, ZW_ERR_INPUT, where,
                                  "every file of Sphinx-Needs says this, and it is missing");
                        return false;
                }
        return true;
}

bool needs_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);
        const char *current, *name;
        JIter versions, needs;
        JVal version, need;
        int64_t links = 0;

        if (doc == NULL || !heading_check(jdoc_root(doc), error))
                return false;
        current = jval_get_text(jdoc_root(doc), "current_version");
        versions = jval_iter(jval_get(jdoc_root(doc), "versions"));
        while (jiter_next_member(&versions, &name, NULL, &version))
                sink_figure_add(sink, "needs_per_version", name,
                                (int64_t)jval_count(jval_get(version, "needs")));
        version = jval_get(jval_get(jdoc_root(doc), "versions"), current);
        if (version.type == JVAL_NONE)
                sink_refuse(sink, "/current_version", "there is no such version");
        needs = jval_iter(jval_get(version, "needs"));
        while (jiter_next_member(&needs, &name, NULL, &need))
                need_take(need, name, &links, sink);
        sink_figure_int(sink, "links", links);
        if (!source->figures_only)
                needs_tell(sink, jdoc_root(doc), jval_get(version, "needs"));
        return true;
}
