/* The catalogue of known exploited vulnerabilities of CISA, JSON. */
#include "exchange/readers.h"

#include "exchange/feed.h"
#include "exchange/jfigures.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_TEXT, "catalogVersion", "catalogVersion", false },
        { JFIGURE_COUNT, "vulnerabilities", "vulnerabilities/*", false },
        { JFIGURE_DISTINCT, "distinct_cves", "vulnerabilities/*/cveID", false },
        { JFIGURE_DISTINCT, "distinct_vendors", "vulnerabilities/*/vendorProject", false },
        { JFIGURE_MAX, "max_dateAdded", "vulnerabilities/*/dateAdded", false },
};

static const JFormat format = { "catalogue of known exploited vulnerabilities",
                                "vulnerabilities",
                                "catalogVersion",
                                rows,
                                G_N_ELEMENTS(rows),
                                NULL };

static void entry_record(JVal entry, const char *id, Sink *sink)
{
        static const char *const members[] = { "dateAdded", "dueDate", "knownRansomwareCampaignUse",
                                               "vendorProject", "product" };
        json_t *facts = json_object();

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (jval_get_text(entry, members[i]) != NULL)
                        json_object_set_new(facts, members[i], json_string(jval_get_text(entry, members[i])));
        feed_record(sink, "kev", id, jval_get_text(entry, "dateAdded"), facts);
}

static void entries_give(JVal entries, Sink *sink)
{
        JIter iter = jval_iter(entries);
        int64_t ransomware = 0, with_cwes = 0;
        size_t number = 0;
        JVal entry;

        for (; jiter_next(&iter, &entry); number++) {
                const char *id = jval_get_text(entry, "cveID");

                if (id == NULL || !g_str_has_prefix(id, "CVE-")) {
                        g_autofree char *where = g_strdup_printf("/vulnerabilities/%zu/cveID", number);

                        sink_refuse(sink, where, "an entry has the number of a CVE");
                } else {
                        entry_record(entry, id, sink);
                }
                ransomware += g_strcmp0(jval_get_text(entry, "knownRansomwareCampaignUse"), "Known") == 0;
                with_cwes += jval_count(jval_get(entry, "cwes")) > 0;
        }
        sink_figure_int(sink, "ransomware_known", ransomware);
        sink_figure_int(sink, "with_cwes", with_cwes);
}

static void count_check(JVal root, Sink *sink)
{
        const int64_t held = (int64_t)jval_count(jval_get(root, "vulnerabilities"));
        int64_t declared;

        if (!jval_int(jval_get(root, "count"), &declared))
                return;
        sink_figure_int(sink, "declared_count", declared);
        feed_end(sink, "kev", declared, held);
        if (declared != held)
                sink_problem(sink, "/count",
                             "%" G_GINT64_FORMAT " entries are declared, %" G_GINT64_FORMAT " are here",
                             declared, held);
}

bool kev_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);

        if (doc == NULL)
                return false;
        entries_give(jval_get(jdoc_root(doc), "vulnerabilities"), sink);
        count_check(jdoc_root(doc), sink);
        return true;
}
