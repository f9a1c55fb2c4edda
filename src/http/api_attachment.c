/* Attachments, by their hash. */
#include "service/attachments.h"

#include "base/error.h"
#include "http/route.h"

bool attachment_put(const RouteCall *call, HttpReply *reply, GError **error)
{
        const char *type = call->request->fields[FIELD_CONTENT_TYPE];
        const ServiceFile file = { jread_get_string(call->input, "name"), body_fd(call->body, error) };
        g_autofree char *location = NULL;
        g_autoptr(Out) out = NULL;
        g_autoptr(Json) answer = NULL;

        if (file.fd < 0)
                return false;
        if (type != NULL)
                json_object_set_new(call->input, "media", json_string(type));
        answer = route_call_with(call, call->route->usecase, call->input, (ServiceFiles){ &file, 1 }, error);
        if (answer == NULL)
                return false;
        out = out_new(ZW_REPLY_BYTES_MAX);
        {
                g_autoptr(JWrite) w = jwrite_new(out);

                jwrite_json(w, answer);
        }
        out_char(out, '\n');
        location = g_strdup_printf("/api/v1/attachments/%s", jread_get_string(answer, "sha256"));
        if (!reply_take(reply, REPLY_JSON, out, error))
                return false;
        reply->status = 201;
        reply_header(reply, "Location", location);
        return true;
}

bool attachment_get(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autofree char *name = NULL, *media = NULL,
                        *tag = g_strdup_printf("\"%s\"", jread_get_string(call->input, "sha256"));
        int fd = attachment_open(call->request->context->service, &call->by->caller, call->input, &name,
                                 &media, error);

        return fd >= 0 && reply_file(reply, call->request, fd, name, media, tag, error);
}
