/* Bundles of STIX 2.0 and 2.1 that hold knowledge: ATT&CK, CAPEC and EMB3D. What they call their techniques and patterns becomes
 * records of the feeds, which name them where findings and advisories do; it is no part of a project. */
#include "exchange/readers.h"

#include "exchange/feed.h"
#include "exchange/jfigures.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_COUNT, "objects", "objects/*", false },
        { JFIGURE_MAP, "types", "objects/*/type", false },
        { JFIGURE_MAP, "spec_versions", "objects/*/spec_version", false },
};

static const JFormat format = { "STIX bundle", "objects", "spec_version", rows, G_N_ELEMENTS(rows), NULL };

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

/* Where an id of our vocabulary comes from, by the name of the source that gives it. */
static const struct {
        const char *given, *source;
} sources[] = { { "mitre-attack", "attack-ics" },
                { "mitre-ics-attack", "attack-ics" },
                { "capec", "capec" } };

static const char *source_of(JVal reference)
{
        const char *given = jval_get_text(reference, "source_name");

        for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
                if (g_strcmp0(given, sources[i].given) == 0)
                        return sources[i].source;
        return NULL;
}

/* ATT&CK has other domains, whose techniques may have the same numbers. */
static bool is_of_industry(JVal object)
{
        JIter iter = jval_iter(jval_get(object, "x_mitre_domains"));
        bool any = false;
        JVal domain;

        while (jiter_next(&iter, &domain)) {
                any = true;
                if (g_strcmp0(jval_text(domain, NULL), "ics-attack") == 0)
                        return true;
        }
        return !any;
}

static void tactic_add(JVal phase, const char *name G_GNUC_UNUSED, void *tactics)
{
        if (jval_get_text(phase, "phase_name") != NULL)
                json_array_append_new(tactics, json_string(jval_get_text(phase, "phase_name")));
}

static void name_give(JVal object, const char *source, const char *id, Sink *sink)
{
        json_t *body = json_pack("{s:s, s:[]}", "name", jval_get_text(object, "name"), "tactics");

        jfigures_visit(object, "kill_chain_phases/*", tactic_add, json_object_get(body, "tactics"));
        feed_record(sink, source, id, jval_get_text(object, "modified"), body);
}

/* A technique, pattern or threat that is in force, by the first id that its own catalogue gives it. */
static void object_give(JVal object, Sink *sink)
{
        const char *type = jval_get_text(object, "type"), *name = jval_get_text(object, "name"),
                   *threat = jval_get_text(object, "x_mitre_emb3d_threat_id");
        JIter iter = jval_iter(jval_get(object, "external_references"));
        JVal reference;

        if ((g_strcmp0(type, "attack-pattern") != 0 && g_strcmp0(type, "vulnerability") != 0) ||
            name == NULL || is_set(object, "revoked") || is_set(object, "x_mitre_deprecated"))
                return;
        while (jiter_next(&iter, &reference)) {
                const char *source = source_of(reference), *id = jval_get_text(reference, "external_id");

                if (source == NULL || id == NULL)
                        continue;
                if (strcmp(source, "attack-ics") != 0 || is_of_industry(object))
                        name_give(object, source, id, sink);
                return;
        }
        if (threat != NULL)
                name_give(object, "emb3d", threat, sink);
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
                if (!source->figures_only)
                        object_give(object, sink);
                name = number == 0 ? jval_get_text(object, "name") : NULL;
        }
        counts_give(&counts, sink);
        if (name != NULL)
                sink_figure_text(sink, "name", name);
        return true;
}
