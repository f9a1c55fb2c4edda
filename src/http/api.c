/* Use cases as JSON: what the command line prints with --json. */
#include "http/route.h"

#include <string.h>

static bool call_write(const RouteCall *call, const char *usecase, const json_t *input, ServiceFiles files,
                       Out *out, GError **error)
{
        g_autoptr(JWrite) w = jwrite_new(out);

        return service_call(call->request->context->service, &call->by->caller, usecase, input, files, w,
                            error) &&
               out_check(out, error);
}

json_t *route_call_with(const RouteCall *call, const char *usecase, const json_t *input, ServiceFiles files,
                        GError **error)
{
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);

        return call_write(call, usecase, input, files, out, error)
                       ? jread_parse(out_data(out), out_length(out), error)
                       : NULL;
}

json_t *route_call_json(const RouteCall *call, const char *usecase, GError **error)
{
        return route_call_with(call, usecase, call->input, (ServiceFiles){ NULL, 0 }, error);
}

SecretText *route_secret(json_t *body, const char *name)
{
        const char *text = jread_get_string(body, name);
        SecretText *secret;

        if (text == NULL)
                return NULL;
        secret = secret_text_new(text, strlen(text));
        secret_wipe((char *)(uintptr_t)text, strlen(text));
        json_object_del(body, name);
        return secret;
}

bool api_read(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);

        if (!call_write(call, call->route->usecase, call->input, (ServiceFiles){ NULL, 0 }, out, error))
                return false;
        out_char(out, '\n');
        return reply_take(reply, REPLY_JSON, out, error);
}
