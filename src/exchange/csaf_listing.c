/* What a provider of CSAF publishes beside its advisories: provider-metadata.json, which says where they are listed, the ROLIE feed,
 * `index.txt` and `changes.csv` of a folder. They name advisories and hold none, so there is nothing to import; `zw inspect` says
 * what they are, and who fetches a feed reads the operations
 *
 *     {"op":"listing_source","rolie":URL,"tlp":"WHITE"}  {"op":"listing_source","folder":URL}
 *     {"op":"listing_key","fingerprint":HEX,"url":URL}
 *     {"op":"listing","url":URL or path,"modified":TIME,"hash":URL,"signature":URL}
 */
#include "exchange/readers.h"

#include "exchange/jfigures.h"

#include <string.h>

static void put_text(json_t *op, const char *name, const char *text)
{
        if (text != NULL && g_utf8_validate(text, -1, NULL))
                json_object_set_new(op, name, json_string(text));
}

/* ---- provider-metadata.json ---- */

static void rolie_give(JVal feed, const char *name G_GNUC_UNUSED, void *sink)
{
        json_t *op = json_pack("{s:s}", "op", "listing_source");

        put_text(op, "rolie", jval_get_text(feed, "url"));
        put_text(op, "tlp", jval_get_text(feed, "tlp_label"));
        sink_op(sink, op);
}

static void distribution_give(JVal distribution, const char *name G_GNUC_UNUSED, void *sink)
{
        const char *folder = jval_get_text(distribution, "directory_url");

        jfigures_visit(distribution, "rolie/feeds/*", rolie_give, sink);
        if (folder != NULL)
                sink_op(sink, json_pack("{s:s, s:s}", "op", "listing_source", "folder", folder));
}

static void key_give(JVal key, const char *name G_GNUC_UNUSED, void *sink)
{
        json_t *op = json_pack("{s:s}", "op", "listing_key");

        put_text(op, "fingerprint", jval_get_text(key, "fingerprint"));
        put_text(op, "url", jval_get_text(key, "url"));
        sink_op(sink, op);
}

static void provider_read(JVal root, Sink *sink, int64_t *ret_entries)
{
        *ret_entries = (int64_t)jval_count(jval_get(root, "distributions"));
        sink_figure_text(sink, "root", "object");
        sink_figure_int(sink, "distributions", *ret_entries);
        jfigures_visit(root, "distributions/*", distribution_give, sink);
        jfigures_visit(root, "public_openpgp_keys/*", key_give, sink);
}

/* ---- a ROLIE feed ---- */

static void entry_give(JVal entry, Sink *sink)
{
        json_t *op = json_pack("{s:s}", "op", "listing");
        JIter links = jval_iter(jval_get(entry, "link"));
        JVal link;

        put_text(op, "url", jval_get_text(jval_get(entry, "content"), "src"));
        put_text(op, "modified", jval_get_text(entry, "updated"));
        while (jiter_next(&links, &link)) {
                const char *rel = jval_get_text(link, "rel"), *href = jval_get_text(link, "href");

                if (g_strcmp0(rel, "self") == 0 && json_object_get(op, "url") == NULL)
                        put_text(op, "url", href);
                if (g_strcmp0(rel, "hash") == 0 && json_object_get(op, "hash") == NULL)
                        put_text(op, "hash", href);
                if (g_strcmp0(rel, "signature") == 0 && json_object_get(op, "signature") == NULL)
                        put_text(op, "signature", href);
        }
        sink_op(sink, op);
}

static bool rolie_read(JVal root, Sink *sink, int64_t *ret_entries, GError **error)
{
        const JVal feed = jval_get(root, "feed");
        JIter iter = jval_iter(jval_get(feed, "entry"));
        JVal entry;

        if (feed.type != JVAL_OBJECT) {
                error_set(error, ZW_ERR_INPUT, "/feed", "this is no ROLIE feed: there is no object \"feed\"");
                return false;
        }
        *ret_entries = (int64_t)jval_count(jval_get(feed, "entry"));
        sink_figure_text(sink, "root", "object");
        sink_figure_int(sink, "feed", (int64_t)jval_count(feed));
        sink_figure_int(sink, "entries", *ret_entries);
        while (jiter_next(&iter, &entry))
                entry_give(entry, sink);
        return true;
}

static bool json_read(const Source *source, Sink *sink, int64_t *ret_entries, GError **error)
{
        g_autoptr(JDoc) doc = jdoc_parse(source->bytes, source->depth_max, error);

        if (doc == NULL)
                return false;
        if (jval_get(jdoc_root(doc), "distributions").type != JVAL_ARRAY)
                return rolie_read(jdoc_root(doc), sink, ret_entries, error);
        provider_read(jdoc_root(doc), sink, ret_entries);
        return true;
}

/* ---- lines ---- */

/* The cell at `*at`, with or without quotes, and what comes behind its comma. Free it. */
static char *cell_take(const char **at, const char *end)
{
        const char *from = *at, *to;

        if (from < end && *from == '"') {
                from++;
                to = memchr(from, '"', (size_t)(end - from));
                to = to == NULL ? end : to;
                *at = to < end ? to + 1 : end;
        } else {
                to = memchr(from, ',', (size_t)(end - from));
                to = to == NULL ? end : to;
                *at = to;
        }
        if (*at < end && **at == ',')
                (*at)++;
        return g_strndup(from, (gsize)(to - from));
}

/* One path of an advisory, in changes.csv with the time of its change. */
static bool line_read(const char *line, size_t n, int64_t number, Sink *sink, GError **error)
{
        const char *at = line;
        g_autofree char *path = cell_take(&at, line + n), *time = cell_take(&at, line + n);
        json_t *op;

        if (!g_str_has_suffix(path, ".json")) {
                g_autofree char *where = g_strdup_printf("line %" G_GINT64_FORMAT, number);

                error_set(error, ZW_ERR_INPUT, where,
                          "a list of advisories has the path of a .json file here");
                return false;
        }
        op = json_pack("{s:s}", "op", "listing");
        put_text(op, "url", path);
        put_text(op, "modified", time[0] == '\0' ? NULL : time);
        sink_op(sink, op);
        return true;
}

static bool lines_read(const Source *source, Sink *sink, int64_t *ret_entries, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(source->bytes, &n), *end = text + n;
        int64_t lines = 0, number = 0;

        while (text < end) {
                const char *stop = memchr(text, '\n', (size_t)(end - text));
                size_t length = (size_t)((stop == NULL ? end : stop) - text);

                number++;
                while (length > 0 && g_ascii_isspace(text[length - 1]))
                        length--;
                if (length > 0 && !line_read(text, length, number, sink, error))
                        return false;
                lines += length > 0;
                text = stop == NULL ? end : stop + 1;
        }
        sink_figure_int(sink, "nonempty_lines", lines);
        *ret_entries = lines;
        return true;
}

bool csaf_listing_read(const Source *source, Sink *sink, GError **error)
{
        gsize n;
        const char *text = g_bytes_get_data(source->bytes, &n);
        int64_t entries = 0;
        size_t i = 0;

        while (i < n && g_ascii_isspace(text[i]))
                i++;
        if (i < n && text[i] == '{' ? !json_read(source, sink, &entries, error)
                                    : !lines_read(source, sink, &entries, error))
                return false;
        if (!source->figures_only)
                sink_refuse(sink, "",
                            "this lists %" G_GINT64_FORMAT " advisories and holds none: import those",
                            entries);
        return true;
}
