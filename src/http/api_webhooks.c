/* Webhooks of a project. */
#include "http/api_write.h"

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

/* What a tracker says: signed bytes, so they go on as they came. */
bool ticket_event(const RouteCall *call, HttpReply *reply, GError **error)
{
        char *const *fields = call->request->fields;
        g_autoptr(Json) input = write_input(call, error), answer = NULL;

        if (input == NULL)
                return false;
        json_object_update_missing(input, call->input);
        json_object_update_new(input,
                               json_pack("{s:s*, s:s*, s:s*, s:s*}", "event", fields[FIELD_WEBHOOK_ID],
                                         "timestamp", fields[FIELD_WEBHOOK_TIMESTAMP], "signature",
                                         fields[FIELD_WEBHOOK_SIGNATURE], "body", body_text(call->body)));
        answer = route_call_with(call, call->route->usecase, input, (ServiceFiles){ NULL, 0 }, error);
        if (answer == NULL || !write_reply(reply, 200, answer, error))
                return false;
        write_seq(reply, json_object_get(answer, "changes"));
        return true;
}
