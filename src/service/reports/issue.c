/* Issuing a report: what was written is kept by its hash with an item of kind report, which says of which commit and instant and with
 * which parameters, so that it can be signed and is read again as it was issued. */
#include "base/fd.h"
#include "service/reports/report.h"
#include "service/analyses/risk.h"

#include <inttypes.h>
#include <string.h>
#include <sys/mman.h>

/* What the report was limited to, as it was asked for; `{}` for everything in the usual period. Free it. */
static char *parameters_text(const json_t *input)
{
        static const char *const names[] = { "zone", "zones", "system", "systems", "from", "to" };
        g_autoptr(Json) kept = json_object();
        char *text, *copy;

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                json_t *value = json_object_get(input, names[i]);

                if (value != NULL && !json_is_null(value) &&
                    !(json_is_array(value) && json_array_size(value) == 0))
                        json_object_set(kept, names[i], value);
        }
        text = json_dumps(kept, JSON_COMPACT | JSON_SORT_KEYS);
        copy = g_strdup(text);
        free(text);
        return copy;
}

/* Native operations: the item, and its file. */
static json_t *issue_ops(const Call *call, GraphView view, const ReportMade *made)
{
        g_autofree char *key = g_strdup_printf("%s-%" PRIu64, kind_def(ZW_KIND_REPORT)->prefix,
                                               item_next_number(view, ZW_KIND_REPORT));
        g_autofree char *name = g_strdup_printf("%s-%s.%s", key, made->type, made->renderer->name);
        g_autofree char *parameters = parameters_text(call->input);
        const char *given = jread_get_string(call->input, "title");
        char instant[ZW_INSTANT_TEXT], hex[ZW_DIGEST_HEX];
        g_autofree char *title = NULL;

        instant_format(call->instant, instant);
        hex_encode(made->digest.b, sizeof made->digest.b, hex);
        title = given != NULL ? g_strdup(given) : g_strdup_printf("%s, %.10s", made->title, instant);
        return json_pack(
                "[{s:s, s:s, s:i, s:s, s:s, s:{s:s, s:s, s:I, s:s, s:s, s:s}}, {s:s, s:s, s:s, s:s, s:s}]",
                "op", "item", "key", key, "rev", 0, "kind", "report", "title", title, "attrs", "type",
                made->type, "hash", hex, "commit", (json_int_t)call->at, "evaluated", instant, "format",
                made->renderer->name, "parameters", parameters, "op", "attach", "item", key, "name", name,
                "digest", hex, "media", made->renderer->media);
}

/* Written to `fd` and kept among the blobs. */
static bool issue_write(Call *call, int fd, ReportMade *made, GError **error)
{
        const char *format = jread_get_string(call->input, "format");
        const ReportRenderer *renderer = report_renderer_find(format == NULL ? "pdf" : format, error);
        g_autoptr(Stream) stream = stream_new(fd, 0);
        uint64_t size;
        Digest digest;

        if (renderer == NULL || !report_of_call(call, renderer, stream, made, error))
                return false;
        if (lseek(fd, 0, SEEK_SET) < 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the report could not be read back");
                return false;
        }
        return store_blob_put_fd(call->service->store, fd, made->bytes, &digest, &size, error);
}

bool usecase_report_issue(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        g_auto(ReportMade) made = { 0 };
        g_auto(Fd) fd = memfd_create("report", MFD_CLOEXEC);
        g_autoptr(Json) ops = NULL;
        char instant[ZW_INSTANT_TEXT], hex[ZW_DIGEST_HEX];

        if (fd < 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "there is no room for the report");
                return false;
        }
        if (!graph_of_call(call, &pinned, error) || !issue_write(call, fd, &made, error))
                return false;
        ops = issue_ops(call, pinned.view, &made);
        instant_format(call->instant, instant);
        hex_encode(made.digest.b, sizeof made.digest.b, hex);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", json_string_value(json_object_get(json_array_get(ops, 0), "key")));
        jwrite_key_string(w, "type", made.type);
        jwrite_key_string(w, "format", made.renderer->name);
        jwrite_key_string(w, "media", made.renderer->media);
        jwrite_key_int(w, "commit", (int64_t)call->at);
        jwrite_key_string(w, "hash", made.hash);
        jwrite_key_string(w, "instant", instant);
        jwrite_key_int(w, "bytes", (int64_t)made.bytes);
        jwrite_key_string(w, "sha256", hex);
        if (!edit_call(call, ops, "a report is issued", w, error))
                return false;
        jwrite_object_end(w);
        return true;
}
