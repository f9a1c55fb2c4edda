/* Requirements of Sphinx-Needs, needs.json: needs by version of the documentation; the current one is what counts. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"

static const JFigure rows[] = {
        { JFIGURE_TEXT, "current_version", "current_version", false },
        { JFIGURE_COUNT, "versions", "versions/*", false },
};

static const JFormat format = { "file of Sphinx-Needs", "versions",
                                "current_version",      rows,
                                G_N_ELEMENTS(rows),     "requirements of Sphinx-Needs are not imported yet" };

static void need_take(JVal need, const char *name, int64_t *links, Sink *sink)
{
        const char *type = jval_get_text(need, "type");

        *links += (int64_t)jval_count(jval_get(need, "links"));
        sink_figure_add(sink, "types", type == NULL ? "None" : type, 1);
        if (g_strcmp0(jval_get_text(need, "id"), name) != 0)
                sink_problem(sink, name, "the need has another id than the name it stands under");
}

/* What the tool itself writes into every file. */
static bool heading_check(JVal root, GError **error)
{
        static const char *const demanded[] = { "current_version", "project" };

        for (size_t i = 0; i < G_N_ELEMENTS(demanded); i++)
                if (jval_get_text(root, demanded[i]) == NULL) {
                        g_autofree char *where = g_strdup_printf("/%s", demanded[i]);

                        error_set(error, ZW_ERR_INPUT, where, "a file of Sphinx-Needs has this text");
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
        return true;
}
