/* Reports: a definition applied to the commit of the call, written to the file of the call. */
#include "report/report.h"
#include "service/origins.h"

enum { EMBEDDED_MAX = 64 << 20 };

bool usecase_report_list(Call *call G_GNUC_UNUSED, JWrite *w, GError **error G_GNUC_UNUSED)
{
        jwrite_array_begin(w);
        for (size_t i = 0; i < report_sources_count; i++) {
                g_autoptr(ReportDefinition) report = report_definition_of_source(i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "type", report->type);
                jwrite_key_string(w, "title", report->title);
                jwrite_key_string(w, "summary", report->summary);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        return true;
}

static bool hash_of_commit(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        hex_encode(commit->hash.b, sizeof commit->hash.b, payload);
        return true;
}

/* The zone or conduit named by `zone`, or ZW_ITEM_NONE. */
static bool place_of_call(const Call *call, GraphView view, ItemNo *ret_place, GError **error)
{
        KindId kind;

        *ret_place = ZW_ITEM_NONE;
        if (jread_get_string(call->input, "zone") == NULL)
                return true;
        if (!call_item(call, view, "zone", ret_place, error))
                return false;
        kind = graph_kind(view, *ret_place);
        if ((kind == ZW_KIND_ZONE || kind == ZW_KIND_CONDUIT) && graph_is_live(view, *ret_place))
                return true;
        error_set(error, ZW_ERR_USAGE, "/zone", "%s is neither a zone nor a conduit of this commit",
                  graph_key(view, *ret_place));
        return false;
}

static void answer_write(JWrite *w, const Call *call, const char *type, const char *format, const char *hash,
                         guint64 bytes, const Digest *digest, const Stream *stream)
{
        char instant[ZW_INSTANT_TEXT], sha256[ZW_DIGEST_HEX];
        size_t n;

        instant_format(call->instant, instant);
        hex_encode(digest->b, sizeof digest->b, sha256);
        jwrite_object_begin(w);
        jwrite_key_string(w, "type", type);
        jwrite_key_string(w, "format", format);
        jwrite_key_int(w, "commit", (int64_t)call->at);
        jwrite_key_string(w, "hash", hash);
        jwrite_key_string(w, "instant", instant);
        jwrite_key_int(w, "bytes", (int64_t)bytes);
        jwrite_key_string(w, "sha256", sha256);
        if (call->files.n == 0) {
                const char *text = stream_text(stream, &n);

                jwrite_key(w, "content");
                jwrite_string_n(w, text, n);
        }
        jwrite_object_end(w);
}

bool usecase_report(Call *call, JWrite *w, GError **error)
{
        const char *type = jread_get_string(call->input, "type");
        const char *format = jread_get_string(call->input, "format");
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(ReportDefinition) definition = NULL;
        g_autoptr(Stream) stream = stream_new(call->files.n > 0 ? call->files.files[0].fd : -1, EMBEDDED_MAX);
        const ReportRenderer *renderer = report_renderer_find(format == NULL ? "html" : format, error);
        char hash[ZW_DIGEST_HEX] = "";
        ReportRequest request = { { call->project->key, call->project->title, call->at, hash, call->instant,
                                    NULL, ZW_VERSION },
                                  { 0 },
                                  ZW_ITEM_NONE,
                                  NULL,
                                  call->progress };
        g_autoptr(GArray) origins = NULL;
        LintOrigins seen;
        guint64 bytes;
        Digest digest;

        if (renderer == NULL)
                return false;
        if (type == NULL) {
                error_set(error, ZW_ERR_USAGE, "/type",
                          "the type of a report is needed: see `zw report list`");
                return false;
        }
        definition = report_definition_load(type, error);
        if (definition == NULL || !graph_of_call(call, &pinned, error) ||
            !place_of_call(call, pinned.view, &request.place, error) ||
            !store_each_commit(call->view, &call->project->log, call->at, call->at, hash_of_commit, hash,
                               error))
                return false;
        origins = origins_of_call(call, error);
        if (origins == NULL)
                return false;
        seen = origins_view(origins);
        request.view = pinned.view;
        request.origins = &seen;
        if (!report_write(definition, renderer, &request, stream, error) ||
            !stream_finish(stream, &bytes, &digest, error))
                return false;
        answer_write(w, call, definition->type, renderer->name, hash, bytes, &digest, stream);
        return true;
}
