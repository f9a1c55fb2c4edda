/* Models of Threat Composer, JSON. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"

static const JFigure rows[] = {
        { JFIGURE_TEXT, "schema", "schema", false },
        { JFIGURE_COUNT, "threats", "threats/*", false },
        { JFIGURE_COUNT, "mitigations", "mitigations/*", false },
        { JFIGURE_COUNT, "assumptions", "assumptions/*", false },
        { JFIGURE_COUNT, "mitigationLinks", "mitigationLinks/*", false },
        { JFIGURE_COUNT, "assumptionLinks", "assumptionLinks/*", false },
};

static const JFormat format = { "model of Threat Composer",
                                "threats",
                                "schema",
                                rows,
                                G_N_ELEMENTS(rows),
                                "a model of Threat Composer is not imported yet" };

/* Links of one list whose ends the model does not have. */
typedef struct {
        const char *list, *member, *of;
} End;

static bool has_id(JVal list, const char *id)
{
        JIter iter = jval_iter(list);
        JVal item;

        while (jiter_next(&iter, &item))
                if (g_strcmp0(jval_get_text(item, "id"), id) == 0)
                        return true;
        return false;
}

static void ends_check(JVal root, const End *end, Sink *sink)
{
        JIter iter = jval_iter(jval_get(root, end->list));
        size_t number = 0;
        JVal link;

        for (; jiter_next(&iter, &link); number++) {
                const char *id = jval_get_text(link, end->member);
                g_autofree char *where = g_strdup_printf("/%s/%zu/%s", end->list, number, end->member);

                if (id == NULL || !has_id(jval_get(root, end->of), id))
                        sink_problem(sink, where, "the link leads to nothing in %s", end->of);
        }
}

bool threat_composer_read(const Source *source, Sink *sink, GError **error)
{
        static const End ends[] = { { "mitigationLinks", "mitigationId", "mitigations" },
                                    { "assumptionLinks", "assumptionId", "assumptions" } };
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);

        if (doc == NULL)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
                ends_check(jdoc_root(doc), &ends[i], sink);
        return true;
}
