/* The CVE API 2.0 of the NVD: a page of it, a file of its feeds, which has the same shape, or one of its items. */
#include "exchange/readers.h"

#include "exchange/feed.h"
#include "exchange/jfigures.h"
#include "exchange/nvd.h"

#include <string.h>

/* Of one item; a page has them below vulnerabilities. */
static const JFigure rows[] = {
        { JFIGURE_COUNT, "cves", "cve", false },
        { JFIGURE_COUNT, "cves", "vulnerabilities/*/cve", false },
        { JFIGURE_DISTINCT, "distinct_ids", "cve/id", false },
        { JFIGURE_DISTINCT, "distinct_ids", "vulnerabilities/*/cve/id", false },
        { JFIGURE_TEXT, "first", "cve/id", false },
        { JFIGURE_TEXT, "first", "vulnerabilities/*/cve/id", false },
        { JFIGURE_MAP, "status", "cve/vulnStatus", false },
        { JFIGURE_MAP, "status", "vulnerabilities/*/cve/vulnStatus", false },
        { JFIGURE_COUNT, "configurations", "cve/configurations/*", false },
        { JFIGURE_COUNT, "configurations", "vulnerabilities/*/cve/configurations/*", false },
        { JFIGURE_COUNT, "references", "cve/references/*", false },
        { JFIGURE_COUNT, "references", "vulnerabilities/*/cve/references/*", false },
        { JFIGURE_COUNT, "weakness_entries", "cve/weaknesses/*", false },
        { JFIGURE_COUNT, "weakness_entries", "vulnerabilities/*/cve/weaknesses/*", false },
        { JFIGURE_TEXT, "apiVersion", "version", false },
        { JFIGURE_TEXT, "totalResults", "totalResults", false },
        { JFIGURE_TEXT, "startIndex", "startIndex", false },
        { JFIGURE_TEXT, "timestamp", "timestamp", false },
};

static const JFormat page = {
        "page of the CVE API of the NVD", "vulnerabilities", "version", rows, G_N_ELEMENTS(rows), NULL
};
static const JFormat item = {
        "item of the CVE API of the NVD", "cve/id", NULL, rows, G_N_ELEMENTS(rows), NULL
};

typedef struct {
        Sink *sink;
        bool wanted; /* records, not figures alone */
        int64_t of_and, matches, vulnerable, ranged;
} Counts;

static void match_count(JVal match, const char *name G_GNUC_UNUSED, void *data)
{
        static const char *const bounds[] = { "versionStartIncluding", "versionStartExcluding",
                                              "versionEndIncluding", "versionEndExcluding" };
        Counts *counts = data;
        bool yes = false, ranged = false;

        for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++)
                ranged |= jval_get(match, bounds[i]).type != JVAL_NONE;
        counts->matches++;
        counts->vulnerable += jval_bool(jval_get(match, "vulnerable"), &yes) && yes;
        counts->ranged += ranged;
}

static void item_count(JVal cve, Counts *counts)
{
        JIter metrics = jval_iter(jval_get(cve, "metrics")),
              configurations = jval_iter(jval_get(cve, "configurations"));
        const char *name;
        JVal value;

        while (jiter_next_member(&metrics, &name, NULL, &value))
                sink_figure_add(counts->sink, "metrics", name, (int64_t)jval_count(value));
        while (jiter_next(&configurations, &value))
                counts->of_and += g_strcmp0(jval_get_text(value, "operator"), "AND") == 0;
        jfigures_visit(cve, "configurations/**/cpeMatch/*", match_count, counts);
}

static void items_check(JVal items, Counts *counts)
{
        JIter iter = jval_iter(items);
        size_t number = 0;
        JVal value;

        for (; jiter_next(&iter, &value); number++) {
                JVal cve = jval_get(value, "cve");

                if (jval_get_text(cve, "id") == NULL) {
                        g_autofree char *where = g_strdup_printf("/vulnerabilities/%zu/cve/id", number);

                        sink_refuse(counts->sink, where, "an item has the number of a CVE");
                }
                item_count(cve, counts);
                if (counts->wanted && jval_get_text(cve, "id") != NULL)
                        nvd_feed(cve, counts->sink);
        }
}

/* A page holds what it says it does, and a file of a feed holds all there is. */
static void totals_check(JVal root, Sink *sink)
{
        static const char *const names[] = { "resultsPerPage", "totalResults" };
        const int64_t held = (int64_t)jval_count(jval_get(root, "vulnerabilities"));
        int64_t declared[2] = { held, held }, start = 0;

        (void)jval_int(jval_get(root, "startIndex"), &start);
        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                (void)jval_int(jval_get(root, names[i]), &declared[i]);
        if (declared[0] != held)
                sink_problem(sink, "/resultsPerPage",
                             "%" G_GINT64_FORMAT " items are declared, %" G_GINT64_FORMAT " are here",
                             declared[0], held);
        feed_end(sink, "nvd", declared[1], start + held);
        if (start + held != declared[1])
                sink_problem(sink, "/totalResults",
                             "this is a part: of %" G_GINT64_FORMAT " items in all it holds %" G_GINT64_FORMAT
                             " from %" G_GINT64_FORMAT,
                             declared[1], held, start);
}

bool nvd_read(const Source *source, Sink *sink, GError **error)
{
        const bool is_page = jfigures_has(source->bytes, "\"vulnerabilities\"");
        g_autoptr(JDoc) doc = jfigures_read(source, sink, is_page ? &page : &item, error);
        Counts counts = { .sink = sink, .wanted = !source->figures_only };
        JVal root;

        if (doc == NULL)
                return false;
        root = jdoc_root(doc);
        if (is_page) {
                items_check(jval_get(root, "vulnerabilities"), &counts);
                totals_check(root, sink);
        } else {
                item_count(jval_get(root, "cve"), &counts);
                if (counts.wanted)
                        nvd_feed(jval_get(root, "cve"), sink);
        }
        sink_figure_text(sink, "wrapper", is_page ? "api-page" : "item{cve}");
        sink_figure_int(sink, "AND_configurations", counts.of_and);
        sink_figure_int(sink, "cpeMatch", counts.matches);
        sink_figure_int(sink, "vulnerable_true", counts.vulnerable);
        sink_figure_int(sink, "with_version_range", counts.ranged);
        return true;
}
