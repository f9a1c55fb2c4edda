/* CVE records, JSON 5.0 to 5.2: one record, or an archive of them as the CVE programme publishes it. A record holds what the
 * numbering authority (cna) says, and containers of others (adp). */
#include "exchange/readers.h"

#include "exchange/cve.h"
#include "exchange/jfigures.h"
#include "exchange/zip.h"

#include <string.h>
#include <unistd.h>

static const char *const containers[] = { "containers/cna", "containers/adp/*" };

static const JFigure rows[] = {
        { JFIGURE_TEXT, "id", "cveMetadata/cveId", false },
        { JFIGURE_TEXT, "state", "cveMetadata/state", false },
        { JFIGURE_TEXT, "dataVersion", "dataVersion", false },
        { JFIGURE_TEXT, "assigner", "cveMetadata/assignerShortName", false },
        { JFIGURE_COUNT, "affected", "containers/cna/affected/*", false },
        { JFIGURE_COUNT, "versions", "containers/cna/affected/*/versions/*", false },
        { JFIGURE_COUNT, "cna_cpes", "containers/cna/affected/*/cpes/*", false },
        { JFIGURE_COUNT, "cpeApplicability", "containers/cna/cpeApplicability/*", false },
        { JFIGURE_SORTED, "cwe_ids", "containers/cna/problemTypes/*/descriptions/*/cweId", true },
        { JFIGURE_SORTED, "cwe_ids", "containers/adp/*/problemTypes/*/descriptions/*/cweId", true },
        { JFIGURE_COUNT, "references", "containers/cna/references/*", false },
        { JFIGURE_LIST, "adp", "containers/adp/*/providerMetadata/shortName", true },
        { JFIGURE_COUNT, "adp_affected", "containers/adp/*/affected/*", false },
};

static const JFormat format = { "CVE record", "cveMetadata/cveId", "dataVersion",
                                rows,         G_N_ELEMENTS(rows),  NULL };

/* Scores by kind; beside them an entry says in which form and for which case it is given. */
static void metric_add(JVal value G_GNUC_UNUSED, const char *name, void *sink)
{
        if (name != NULL && strcmp(name, "format") != 0 && strcmp(name, "scenarios") != 0)
                sink_figure_add(sink, "metrics", name, 1);
}

static void metrics_give(JVal root, Sink *sink)
{
        for (size_t i = 0; i < G_N_ELEMENTS(containers); i++) {
                g_autofree char *path = g_strdup_printf("%s/metrics/*/*", containers[i]);

                jfigures_visit(root, path, metric_add, sink);
        }
}

/* ---- one record ---- */

static bool record_take(const Source *source, GBytes *bytes, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read_bytes(source, bytes, sink, &format, error);

        if (doc == NULL)
                return false;
        metrics_give(jdoc_root(doc), sink);
        if (!source->figures_only)
                cve_feed(jdoc_root(doc), sink);
        return true;
}

/* ---- an archive ---- */

typedef struct {
        const Source *source;
        Sink *sink;
        int64_t records;
} Archive;

/* Records are files CVE-YEAR-NUMBER.json in folders; lists of changes lie beside them. */
static bool is_record(const char *name)
{
        const char *slash = strrchr(name, '/'), *base = slash == NULL ? name : slash + 1;

        return g_str_has_prefix(base, "CVE-") && g_str_has_suffix(base, ".json");
}

/* All records of a release lie in an archive within the archive. */
static bool is_archive(const char *name)
{
        return g_str_has_suffix(name, ".zip");
}

/* One that cannot be read is refused with its name; the others go on. */
static bool part_take(const char *name, GBytes *part, void *data, GError **error)
{
        Archive *archive = data;
        g_autoptr(GError) why = NULL;
        g_autoptr(JDoc) doc = jdoc_parse(part, archive->source->depth_max, &why);
        JVal metadata = { .type = JVAL_NONE };
        const char *state;

        (void)error;
        if (doc != NULL)
                metadata = jval_get(jdoc_root(doc), "cveMetadata");
        state = jval_get_text(metadata, "state");
        archive->records++;
        if (doc != NULL && !jfigures_members_check(jdoc_root(doc), &why))
                metadata.type = JVAL_NONE;
        if (jval_get_text(metadata, "cveId") == NULL)
                sink_refuse(archive->sink, name, "%s", why == NULL ? "this is no CVE record" : why->message);
        else
                sink_figure_add(archive->sink, "states", state == NULL ? "None" : state, 1);
        if (jval_get_text(metadata, "cveId") != NULL && !archive->source->figures_only)
                cve_feed(jdoc_root(doc), archive->sink);
        return true;
}

bool cve_read(const Source *source, Sink *sink, GError **error)
{
        const ZipInput input = { source->streamed ? NULL : source->bytes, STDIN_FILENO };
        Archive archive = { source, sink, 0 };

        if (!zip_begins(source->bytes))
                return record_take(source, source->bytes, sink, error);
        if (!zip_each(&input, is_record, is_archive, part_take, &archive, error))
                return false;
        sink_figure_int(sink, "records", archive.records);
        if (archive.records > 0)
                return true;
        error_set(error, ZW_ERR_INPUT, "archive", "the archive holds no CVE record");
        return false;
}
