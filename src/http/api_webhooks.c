/* Webhooks of a project. */
#include "base/error.h"
#include "http/route.h"

#include <string.h>

bool webhook_add(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(Json) answer = NULL;
        const char *name;
        json_t *value;

        json_object_foreach(call->json, name, value)
        {
                if (strcmp(name, "url") != 0 && strcmp(name, "events") != 0) {
                        g_autofree char *where = g_strdup_printf("/%s", name);

                        error_set(error, ZW_ERR_INPUT, where, "a webhook has the members url and events");
                        return false;
                }
                json_object_set(call->input, name, value);
        }
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
