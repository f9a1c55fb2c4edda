/* Webhooks of a project. */
#include "http/route.h"

bool webhook_add(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(Json) answer = NULL;
        const char *name;
        json_t *value;

        json_object_foreach(call->json, name, value) json_object_set(call->input, name, value);
        answer = route_call_json(call, call->route->usecase, error);
        if (answer == NULL)
                return false;
        jwrite_json(w, answer);
        out_char(out, '\n');
        if (!reply_take(reply, REPLY_JSON, out, error))
                return false;
        reply->status = 201;
        return true;
}

bool webhook_drop(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) answer = route_call_json(call, call->route->usecase, error);

        if (answer == NULL)
                return false;
        reply_nothing(reply);
        return true;
}
