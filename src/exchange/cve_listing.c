/* What the CVE programme publishes beside its records: a release of the list, which names the archives of all records and of the
 * changes of a day, and the log of changes. They name records and hold none: who fetches the feed reads them. */
#include "exchange/readers.h"

#include "exchange/jfigures.h"

#include <string.h>

static void op_add_text(json_t *op, const char *name, const char *text)
{
        if (text != NULL && g_utf8_validate(text, -1, NULL))
                json_object_set_new(op, name, json_string(text));
}

/* An archive of a release: where it is, and how long it has to be. */
static void asset_give(JVal asset, const char *name G_GNUC_UNUSED, void *sink)
{
        json_t *op = json_pack("{s:s}", "op", "listing");
        int64_t size;

        op_add_text(op, "name", jval_get_text(asset, "name"));
        op_add_text(op, "url", jval_get_text(asset, "browser_download_url"));
        if (jval_int(jval_get(asset, "size"), &size))
                json_object_set_new(op, "size", json_integer(size));
        sink_op(sink, op);
}

typedef struct {
        Sink *sink;
        const char *fetched; /* of the entry of the log */
        int64_t changes;
} Log;

static void change_give(JVal change, const char *name G_GNUC_UNUSED, void *data)
{
        Log *log = data;
        json_t *op = json_pack("{s:s}", "op", "listing");

        op_add_text(op, "name", jval_get_text(change, "cveId"));
        op_add_text(op, "url", jval_get_text(change, "githubLink"));
        op_add_text(op, "modified", log->fetched);
        sink_op(log->sink, op);
        log->changes++;
}

/* An entry says when it was made, and how many changes it has. */
static void entry_give(JVal entry, size_t number, Log *log)
{
        const int64_t before = log->changes;
        g_autofree char *where = g_strdup_printf("/%zu", number);
        int64_t declared;

        log->fetched = jval_get_text(entry, "fetchTime");
        if (log->fetched == NULL) {
                sink_refuse(log->sink, where, "an entry of the log of changes has a fetchTime");
                return;
        }
        jfigures_visit(entry, "new/*", change_give, log);
        jfigures_visit(entry, "updated/*", change_give, log);
        sink_op(log->sink, json_pack("{s:s, s:s}", "op", "listing_entry", "modified", log->fetched));
        if (jval_int(jval_get(entry, "numberOfChanges"), &declared) && declared > log->changes - before)
                sink_problem(log->sink, where,
                             "%" G_GINT64_FORMAT " changes are declared, %" G_GINT64_FORMAT " are here",
                             declared, log->changes - before);
}

bool cve_listing_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jdoc_parse(source->bytes, source->depth_max, error);
        Log log = { .sink = sink };
        size_t entries = 0;
        JVal root, entry;
        JIter iter;

        if (doc == NULL)
                return false;
        root = jdoc_root(doc);
        if (root.type == JVAL_OBJECT && jval_get(root, "assets").type == JVAL_ARRAY) {
                sink_figure_int(sink, "assets", (int64_t)jval_count(jval_get(root, "assets")));
                jfigures_visit(root, "assets/*", asset_give, sink);
        } else if (root.type == JVAL_ARRAY) {
                for (iter = jval_iter(root); jiter_next(&iter, &entry); entries++)
                        entry_give(entry, entries, &log);
                sink_figure_int(sink, "entries", (int64_t)entries);
                sink_figure_int(sink, "changes", log.changes);
        } else {
                error_set(error, ZW_ERR_INPUT, NULL,
                          "this is neither a release of the list of CVE records nor the log of its changes");
                return false;
        }
        if (!source->figures_only)
                sink_refuse(sink, "", "this lists CVE records and holds none: import those");
        return true;
}
