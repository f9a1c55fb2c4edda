/* Reports: a definition applied to the commit of the call, written to the file of the call. */
#include "service/reports/report.h"

#include "report/zones.h"
#include "service/proof/checkpoint.h"
#include "service/feeds/feed_health.h"
#include "service/findings/history.h"
#include "service/reports/records.h"

enum { EMBEDDED_MAX = 64 << 20 };

/* Names of what the report can be written as. */
static void formats_write(JWrite *w, const ReportDefinition *report)
{
        size_t n;
        const ReportRenderer *const *renderers = report_renderers(&n);

        jwrite_key(w, "formats");
        jwrite_array_begin(w);
        for (size_t i = 0; i < n; i++)
                if (report->drawing || !renderers[i]->drawings_only)
                        jwrite_string(w, renderers[i]->name);
        jwrite_array_end(w);
}

bool usecase_report_list(Call *call G_GNUC_UNUSED, JWrite *w, GError **error G_GNUC_UNUSED)
{
        jwrite_array_begin(w);
        for (size_t i = 0; i < report_sources_count; i++) {
                g_autoptr(ReportDefinition) report = report_definition_of_source(i);

                jwrite_object_begin(w);
                jwrite_key_string(w, "type", report->type);
                jwrite_key_string(w, "title", report->title);
                jwrite_key_string(w, "summary", report->summary);
                formats_write(w, report);
                jwrite_key_bool(w, "period", report->period);
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
bool report_root_of_call(Call *call, char ret_hex[ZW_DIGEST_HEX], GError **error)
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

static void answer_write(JWrite *w, const Call *call, const ReportMade *made, const Stream *stream)
{
        char instant[ZW_INSTANT_TEXT], sha256[ZW_DIGEST_HEX];
        size_t n;

        instant_format(call->instant, instant);
        hex_encode(made->digest.b, sizeof made->digest.b, sha256);
        jwrite_object_begin(w);
        jwrite_key_string(w, "type", made->type);
        jwrite_key_string(w, "format", made->renderer->name);
        jwrite_key_string(w, "media", made->renderer->media);
        jwrite_key_int(w, "commit", (int64_t)call->at);
        jwrite_key_string(w, "hash", made->hash);
        jwrite_key_string(w, "instant", instant);
        jwrite_key_int(w, "bytes", (int64_t)made->bytes);
        jwrite_key_string(w, "sha256", sha256);
        if (call->files.n == 0) {
                const char *text = stream_text(stream, &n);

                jwrite_key(w, "content");
                jwrite_string_n(w, text, n);
        }
        jwrite_object_end(w);
}

void report_made_clear(ReportMade *made)
{
        g_free(made->type);
        g_free(made->title);
}

/* What the call asks for, looked up and pinned. */
static bool request_fill(Call *call, ReportRequest *request, PinnedGraph *pinned, char *hash, char *root,
                         GError **error)
{
        request->inputs = (ReportInputs){ .project = call->project->key,
                                          .project_title = call->project->title,
                                          .commit = call->at,
                                          .hash = hash,
                                          .root = root,
                                          .instant = call->instant,
                                          .version = ZW_VERSION };
        request->progress = call->progress;
        if (!graph_of_call(call, pinned, error) || !period_of_call(call, &request->period, error) ||
            !store_each_commit(call->view, &call->project->log, call->at, call->at, hash_of_commit, hash,
                               error) ||
            !report_root_of_call(call, root, error))
                return false;
        request->view = pinned->view;
        return true;
}

/* The definition that the call names, which has to be one for its caller. */
static ReportDefinition *definition_of_call(const Call *call, GError **error)
{
        const char *type = jread_get_string(call->input, "type");
        g_autoptr(ReportDefinition) definition = NULL;

        if (type == NULL) {
                error_set(error, ZW_ERR_USAGE, "/type",
                          "the type of a report is needed: see `zw report list`");
                return NULL;
        }
        definition = report_definition_load(type, error);
        if (definition == NULL || !definition->whole || call->sight == NULL)
                return g_steal_pointer(&definition);
        error_set(error, ZW_ERR_DENIED, "/type",
                  "the report %s is of the whole project: not for an auditor who is limited to zones", type);
        return NULL;
}

bool report_of_call(Call *call, const ReportRenderer *renderer, Stream *stream, ReportMade *ret_made,
                    GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(ReportDefinition) definition = definition_of_call(call, error);
        g_autoptr(CallRecords) records = NULL;
        g_autoptr(GArray) scope = NULL;
        g_autoptr(FeedHealth) health = NULL;
        g_autofree char *snapshot = NULL, *because = NULL;
        char root[ZW_DIGEST_HEX] = "";
        ReportRequest request = { 0 };

        if (definition == NULL || !request_fill(call, &request, &pinned, ret_made->hash, root, error))
                return false;
        scope = scope_of_call(call, pinned.view, error);
        records = scope == NULL ? NULL : records_of_call(call, pinned.view, error);
        health = records == NULL ? NULL : feed_health_load(call->service, call->instant, error);
        if (health == NULL)
                return false;
        request.inputs.feed = snapshot = feed_health_snapshot(health);
        request.inputs.feed_because = because = feed_health_is_empty(health) ? NULL
                                                                             : feed_health_because(health);
        request.scope = (Scope){ (const ItemNo *)(const void *)scope->data, scope->len };
        request.records = records_view(records);
        if (!report_write(definition, renderer, &request, stream, error) ||
            !stream_finish(stream, &ret_made->bytes, &ret_made->digest, error))
                return false;
        ret_made->renderer = renderer;
        ret_made->type = g_strdup(definition->type);
        ret_made->title = g_strdup(definition->title);
        return true;
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
        g_autoptr(Stream) stream = stream_new(call->files.n > 0 ? call->files.files[0].fd : -1, EMBEDDED_MAX);
        const ReportRenderer *renderer = renderer_of_call(call, error);
        g_auto(ReportMade) made = { 0 };

        if (renderer == NULL || !report_of_call(call, renderer, stream, &made, error))
                return false;
        answer_write(w, call, &made, stream);
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
