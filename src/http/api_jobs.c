/* Jobs: long work is asked for, watched, cancelled, and its file fetched. Imports are jobs. */
#include "service/running/jobs.h"

#include "base/error.h"
#include "base/fd.h"
#include "http/multipart.h"
#include "http/route.h"

#include <fcntl.h>

enum { ANSWER_BYTES = 4096 };

/* 202 with the id, and where to look. */
static bool accepted(HttpReply *reply, const char *id, GError **error)
{
        g_autofree char *location = g_strdup_printf("/api/v1/jobs/%s", id);
        g_autoptr(Out) out = out_new(ANSWER_BYTES);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_object_begin(w);
        jwrite_key_string(w, "job", id);
        jwrite_object_end(w);
        out_char(out, '\n');
        if (!reply_take(reply, REPLY_JSON, out, error))
                return false;
        reply->status = 202;
        reply_header(reply, "Location", location);
        return true;
}

bool job_start(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) answer = route_call_with(call, call->route->usecase, call->json,
                                                 (ServiceFiles){ NULL, 0 }, error);

        return answer != NULL && accepted(reply, jread_get_string(answer, "job"), error);
}

bool job_file(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autofree char *name = NULL, *media = NULL;
        int fd = jobs_open_file(call->request->context->service, &call->by->caller,
                                jread_get_string(call->input, "id"), &name, &media, error);

        return fd >= 0 && reply_file(reply, call->request, fd, name, media, NULL, error);
}

/* What the body says, as a job of the use case of the route. */
bool feed_sync_start(const RouteCall *call, HttpReply *reply, GError **error)
{
        const JobOrder order = { .usecase = call->route->usecase,
                                 .input = call->json,
                                 .request = call->request->id };
        char hex[ZW_ID_HEX];
        Id id;

        if (!jobs_submit(call->request->context->service, &call->by->caller, &order, &id, error))
                return false;
        hex_encode(id.b, ZW_ID_BYTES, hex);
        return accepted(reply, hex, error);
}

/* ---- imports ---- */

/* The body as one file, named by the parameter `name`. */
static GArray *body_as_file(const RouteCall *call, GError **error)
{
        const char *given = jread_get_string(call->input, "name");
        int fd = body_fd(call->body, error);
        ServiceFile file = { NULL, -1 };
        GArray *files;

        if (fd < 0)
                return NULL;
        if (given != NULL && (given[0] == '\0' || strlen(given) > 255 || strchr(given, '/') != NULL)) {
                error_set(error, ZW_ERR_USAGE, "name", "the name of a file has 1 to 255 bytes and no slash");
                return NULL;
        }
        file.fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (file.fd < 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "too many files are open");
                return NULL;
        }
        file.name = g_strdup(given == NULL ? "body" : given);
        files = g_array_new(FALSE, FALSE, sizeof(ServiceFile));
        g_array_append_val(files, file);
        return files;
}

static GArray *files_of(const RouteCall *call, GError **error)
{
        const char *type = call->request->fields[FIELD_CONTENT_TYPE];
        int fd;

        if (!multipart_is(type))
                return body_as_file(call, error);
        fd = body_fd(call->body, error);
        return fd < 0 ? NULL : multipart_read(fd, type, call->request->context->dir, error);
}

bool import_start(const RouteCall *call, HttpReply *reply, GError **error)
{
        Service *service = call->request->context->service;
        GArray *files = jobs_may(service, &call->by->caller, call->route->usecase, call->input, error)
                                ? files_of(call, error)
                                : NULL;
        JobOrder order = { .usecase = call->route->usecase,
                           .input = call->input,
                           .request = call->request->id };
        char hex[ZW_ID_HEX];
        bool ok;
        Id id;

        if (files == NULL)
                return false;
        json_object_del(call->input, "name");
        order.files = (const ServiceFile *)(void *)files->data;
        order.n = files->len;
        ok = jobs_submit(service, &call->by->caller, &order, &id, error);
        for (guint i = 0; i < files->len; i++) /* the job has the descriptors */
                g_array_index(files, ServiceFile, i).fd = -1;
        multipart_free(files);
        if (!ok)
                return false;
        hex_encode(id.b, ZW_ID_BYTES, hex);
        return accepted(reply, hex, error);
}
