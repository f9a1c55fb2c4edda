/* Reads of the use cases, as JSON: what the command line prints with --json. */
#include "http/route.h"

json_t *route_call_json(const RouteCall *call, const char *usecase, GError **error)
{
        const HttpContext *context = call->request->context;
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        if (!service_call(context->service, &context->caller, usecase, call->input, (ServiceFiles){ NULL, 0 },
                          w, error) ||
            !out_check(out, error))
                return NULL;
        return jread_parse(out_data(out), out_length(out), error);
}

bool api_read(const RouteCall *call, HttpReply *reply, GError **error)
{
        const HttpContext *context = call->request->context;
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        if (!service_call(context->service, &context->caller, call->route->usecase, call->input,
                          (ServiceFiles){ NULL, 0 }, w, error))
                return false;
        out_char(out, '\n');
        return reply_take(reply, REPLY_JSON, out, error);
}
