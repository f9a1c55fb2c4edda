/* Bundles of STIX 2.0 and 2.1 that hold knowledge: ATT&CK, CAPEC and EMB3D. What they say of techniques, weaknesses and
 * mitigations enriches findings; it is no part of a project. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_COUNT, "objects", "objects/*", false },
        { JFIGURE_MAP, "types", "objects/*/type", false },
        { JFIGURE_MAP, "spec_versions", "objects/*/spec_version", false },
};

static const JFormat format = {
        "STIX bundle", "objects",          "spec_version",
        rows,          G_N_ELEMENTS(rows), "a bundle of knowledge is not imported yet"
};

typedef struct {
        int64_t techniques, mitigations, relationships, revoked, deprecated;
} Counts;

static bool is_set(JVal object, const char *key)
{
        bool yes = false;

        return jval_bool(jval_get(object, key), &yes) && yes;
}

static void object_count(JVal object, Counts *counts, Sink *sink)
{
        const char *type = jval_get_text(object, "type");
        const bool revoked = is_set(object, "revoked"), deprecated = is_set(object, "x_mitre_deprecated");
        const bool active = !revoked && !deprecated;

        counts->revoked += revoked;
        counts->deprecated += deprecated;
        counts->techniques += active && g_strcmp0(type, "attack-pattern") == 0;
        counts->mitigations += active && g_strcmp0(type, "course-of-action") == 0;
        if (g_strcmp0(type, "relationship") != 0)
                return;
        counts->relationships += active;
        if (jval_get_text(object, "relationship_type") != NULL)
                sink_figure_add(sink, "rel_types", jval_get_text(object, "relationship_type"), 1);
}

static void counts_give(const Counts *counts, Sink *sink)
{
        sink_figure_int(sink, "active_techniques", counts->techniques);
        sink_figure_int(sink, "active_mitigations", counts->mitigations);
        sink_figure_int(sink, "active_relationships", counts->relationships);
        sink_figure_int(sink, "revoked", counts->revoked);
        sink_figure_int(sink, "deprecated", counts->deprecated);
}

bool stix_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);
        const char *name = NULL;
        Counts counts = { 0 };
        size_t number = 0;
        JVal object;
        JIter iter;

        if (doc == NULL)
                return false;
        iter = jval_iter(jval_get(jdoc_root(doc), "objects"));
        for (; jiter_next(&iter, &object); number++) {
                if (jval_get_text(object, "type") == NULL || jval_get_text(object, "id") == NULL) {
                        g_autofree char *where = g_strdup_printf("/objects/%zu", number);

                        sink_refuse(sink, where, "an object has a type and an id");
                }
                object_count(object, &counts, sink);
                name = number == 0 ? jval_get_text(object, "name") : NULL;
        }
        counts_give(&counts, sink);
        if (name != NULL)
                sink_figure_text(sink, "name", name);
        return true;
}
