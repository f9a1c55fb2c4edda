/* Reports: a definition applied to the commit of the call, written to the file of the call. */
#include "report/report.h"
#include "report/zones.h"
#include "service/checkpoint.h"
#include "service/feed_health.h"
#include "service/history.h"
#include "service/records.h"

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

/* What a checkpoint of the call's commit would sign; of the newest it is known. */
static bool root_of_commit(Call *call, char ret_hex[ZW_DIGEST_HEX], GError **error)
{
        Digest root = call->project->root;

        if (call->at != call->project->head) {
                g_autoptr(ProofTree) tree = checkpoint_tree(call, error);

                if (tree == NULL)
                        return false;
                root = proof_root(tree, call->at);
        }
        hex_encode(root.b, sizeof root.b, ret_hex);
        return true;
}

/* What was written. */
typedef struct {
        const char *type, *hash;
        const ReportRenderer *renderer;
        guint64 bytes;
        Digest digest;
} Written;

static void answer_write(JWrite *w, const Call *call, const Written *written, const Stream *stream)
{
        char instant[ZW_INSTANT_TEXT], sha256[ZW_DIGEST_HEX];
        size_t n;

        instant_format(call->instant, instant);
        hex_encode(written->digest.b, sizeof written->digest.b, sha256);
        jwrite_object_begin(w);
        jwrite_key_string(w, "type", written->type);
        jwrite_key_string(w, "format", written->renderer->name);
        jwrite_key_string(w, "media", written->renderer->media);
        jwrite_key_int(w, "commit", (int64_t)call->at);
        jwrite_key_string(w, "hash", written->hash);
        jwrite_key_string(w, "instant", instant);
        jwrite_key_int(w, "bytes", (int64_t)written->bytes);
        jwrite_key_string(w, "sha256", sha256);
        if (call->files.n == 0) {
                const char *text = stream_text(stream, &n);

                jwrite_key(w, "content");
                jwrite_string_n(w, text, n);
        }
        jwrite_object_end(w);
}

/* The renderer asked for; one that writes no text needs a file. */
static const ReportRenderer *renderer_of_call(const Call *call, GError **error)
{
        const char *format = jread_get_string(call->input, "format");
        const ReportRenderer *renderer = report_renderer_find(format == NULL ? "html" : format, error);

        if (renderer == NULL || !renderer->binary || call->files.n > 0)
                return renderer;
        error_set(error, ZW_ERR_USAGE, "/format", "a report as %s needs a file to be written to",
                  renderer->name);
        return NULL;
}

bool usecase_report(Call *call, JWrite *w, GError **error)
{
        const char *type = jread_get_string(call->input, "type");
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(ReportDefinition) definition = NULL;
        g_autoptr(Stream) stream = stream_new(call->files.n > 0 ? call->files.files[0].fd : -1, EMBEDDED_MAX);
        char hash[ZW_DIGEST_HEX] = "", root[ZW_DIGEST_HEX] = "";
        Written written = { .hash = hash, .renderer = renderer_of_call(call, error) };
        ReportRequest request = { .inputs = { call->project->key, call->project->title, call->at, hash, root,
                                              call->instant, NULL, ZW_VERSION },
                                  .progress = call->progress };
        g_autoptr(GArray) scope = NULL;
        g_autoptr(CallRecords) records = NULL;
        g_autoptr(FeedHealth) health = NULL;
        g_autofree char *snapshot = NULL, *because = NULL;

        if (written.renderer == NULL)
                return false;
        if (type == NULL) {
                error_set(error, ZW_ERR_USAGE, "/type",
                          "the type of a report is needed: see `zw report list`");
                return false;
        }
        definition = report_definition_load(type, error);
        if (definition == NULL || !graph_of_call(call, &pinned, error) ||
            !period_of_call(call, &request.period, error) ||
            !store_each_commit(call->view, &call->project->log, call->at, call->at, hash_of_commit, hash,
                               error))
                return false;
        scope = scope_of_call(call, pinned.view, error);
        records = scope == NULL ? NULL : records_of_call(call, pinned.view, error);
        if (records == NULL || !root_of_commit(call, root, error))
                return false;
        request.scope = (Scope){ (const ItemNo *)(const void *)scope->data, scope->len };
        health = feed_health_load(call->service, call->instant, error);
        if (health == NULL)
                return false;
        snapshot = feed_health_snapshot(health);
        because = feed_health_is_empty(health) ? NULL : feed_health_because(health);
        request.inputs.feed = snapshot;
        request.inputs.feed_because = because;
        request.view = pinned.view;
        request.records = records_view(records);
        if (!report_write(definition, written.renderer, &request, stream, error) ||
            !stream_finish(stream, &written.bytes, &written.digest, error))
                return false;
        written.type = definition->type;
        answer_write(w, call, &written, stream);
        return true;
}

bool usecase_drawing(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(CallRecords) records = NULL;
        g_autoptr(QueryContext) context = NULL;
        g_autoptr(Drawing) drawing = NULL;
        const QueryFocus focus = { .now = call->instant };
        Records view;

        if (!graph_of_call(call, &pinned, error))
                return false;
        records = records_of_call(call, pinned.view, error);
        if (records == NULL)
                return false;
        view = records_view(records);
        context = report_context_new(pinned.view, &focus, false, &view);
        drawing = report_drawing(context, error);
        if (drawing == NULL)
                return false;
        drawing_json(drawing, w);
        return true;
}
