/* Use cases that write a file or read one. What a use case says about its file stands in the field Zonewright-Answer, as JSON in
 * ASCII, since the file is the body. */
#include "base/error.h"
#include "base/fd.h"
#include "http/api_write.h"

#include <string.h>

enum { ANSWER_MAX = 16384 }; /* of a header field */

/* A list of what was lost may be long; the first of it tells. */
static void lost_shorten(json_t *answer)
{
        enum { ROWS = 50 };
        json_t *lost = json_object_get(answer, "lost");

        while (json_array_size(lost) > ROWS)
                json_array_remove(lost, json_array_size(lost) - 1);
}

static bool answer_header(HttpReply *reply, json_t *answer, GError **error)
{
        g_autofree char *text = json_dumps(answer, JSON_COMPACT | JSON_ENSURE_ASCII);

        if (strlen(text) > ANSWER_MAX) {
                lost_shorten(answer);
                g_free(text);
                text = json_dumps(answer, JSON_COMPACT | JSON_ENSURE_ASCII);
        }
        if (strlen(text) > ANSWER_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "the answer is longer than a header field can be");
                return false;
        }
        reply_header(reply, "Zonewright-Answer", text);
        return true;
}

static void name_header(HttpReply *reply, const char *name)
{
        g_autofree char *safe = g_strdup(name), *field = NULL;

        g_strcanon(safe, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_.", '_');
        field = g_strdup_printf("attachment; filename=\"%s\"", safe);
        reply_header(reply, "Content-Disposition", field);
}

/* The use case of the route into a file, which is the answer. */
static bool file_reply(const RouteCall *call, const char *type, const char *name, HttpReply *reply,
                       GError **error)
{
        g_auto(Fd) fd = body_file_new(call->request->context->dir, error);
        const ServiceFile file = { name, fd };
        g_autoptr(Json) answer = NULL;

        if (fd < 0)
                return false;
        answer = route_call_with(call, call->route->usecase, call->input, (ServiceFiles){ &file, 1 }, error);
        if (answer == NULL || !reply_take_file(reply, type, fd, error))
                return false;
        fd_steal(&fd);
        name_header(reply, name);
        return answer_header(reply, answer, error);
}

#define XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bool api_trace_matrix(const RouteCall *call, HttpReply *reply, GError **error)
{
        return file_reply(call, XLSX_TYPE, "trace-matrix.xlsx", reply, error);
}

bool api_export(const RouteCall *call, HttpReply *reply, GError **error)
{
        static const struct {
                const char *format, *type;
        } types[] = { { "native", "application/x-ndjson" },
                      { "csv", "text/csv; charset=utf-8" },
                      { "xlsx", XLSX_TYPE } };
        const char *format = jread_get_string(call->input, "format"), *type = "application/octet-stream";
        g_autofree char *name = g_strdup_printf("export.%s",
                                                strcmp(format, "native") == 0 ? "ndjson" : format);

        for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
                if (strcmp(types[i].format, format) == 0)
                        type = types[i].type;
        return file_reply(call, type, name, reply, error);
}

bool api_project_export(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autofree char *name = g_strdup_printf("%s.zonewright", jread_get_string(call->input, "project"));

        return file_reply(call, "application/octet-stream", name, reply, error);
}

bool api_backup(const RouteCall *call, HttpReply *reply, GError **error)
{
        return file_reply(call, "application/x-tar", "backup.tar", reply, error);
}

bool api_evidence_pack(const RouteCall *call, HttpReply *reply, GError **error)
{
        return file_reply(call, "application/x-tar", "evidence-pack.tar", reply, error);
}

bool api_test_pack(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autofree char *name = g_strdup_printf("%s.html", jread_get_string(call->input, "key"));

        return file_reply(call, "text/html; charset=utf-8", name, reply, error);
}

bool api_feed_bundle(const RouteCall *call, HttpReply *reply, GError **error)
{
        return file_reply(call, "application/octet-stream", "feeds.bundle", reply, error);
}

/* The document of an advisory as others take it, under the name that it has to have. */
bool api_advisory(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) answer = route_call_json(call, call->route->usecase, error);

        if (answer == NULL)
                return false;
        if (!write_reply(reply, 200, json_object_get(answer, "document"), error))
                return false;
        name_header(reply, jread_get_string(answer, "file"));
        return true;
}

/* The use case of the route on the body as a file. */
static bool file_take(const RouteCall *call, int status, HttpReply *reply, GError **error)
{
        const char *name = jread_get_string(call->input, "name");
        const ServiceFile file = { name == NULL ? "body" : name, body_fd(call->body, error) };
        g_autoptr(Json) answer = NULL;

        if (file.fd < 0)
                return false;
        answer = route_call_with(call, call->route->usecase, call->input, (ServiceFiles){ &file, 1 }, error);
        return answer != NULL && write_reply(reply, status, answer, error);
}

bool api_project_import(const RouteCall *call, HttpReply *reply, GError **error)
{
        return file_take(call, 201, reply, error);
}

bool api_inspect(const RouteCall *call, HttpReply *reply, GError **error)
{
        return file_take(call, 200, reply, error);
}

bool api_test_merge(const RouteCall *call, HttpReply *reply, GError **error)
{
        return file_take(call, 200, reply, error);
}

bool content_put(const RouteCall *call, HttpReply *reply, GError **error)
{
        const char *type = call->request->fields[FIELD_CONTENT_TYPE];

        if (type != NULL)
                json_object_set_new(call->input, "media", json_string(type));
        return file_take(call, 200, reply, error);
}

bool api_feed_import(const RouteCall *call, HttpReply *reply, GError **error)
{
        return file_take(call, 200, reply, error);
}
