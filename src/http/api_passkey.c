/* Passkeys: which page and host they are for is said by the request itself, and by nobody else. */
#include "base/error.h"
#include "base/fd.h"
#include "http/api_write.h"

#include <string.h>

void passkey_page_set(const RouteCall *call)
{
        const char *host = call->request->fields[FIELD_HOST];
        g_autofree char *origin = sign_origin(call->request);
        /* A port is no part of it; an address of IPv6 has colons of its own. */
        const size_t n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");

        json_object_set_new(call->input, "rp", json_stringn(host, n));
        json_object_set_new(call->input, "origin", json_string(origin));
}

bool passkey_begin(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) answer = NULL;

        passkey_page_set(call);
        answer = route_call_json(call, call->route->usecase, error);
        return answer != NULL && write_reply(reply, 200, answer, error);
}

bool passkey_add(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(SecretText) present = route_secret(call->json, "present");
        g_auto(Fd) fd = present == NULL ? -1 : secret_text_file(present, error);
        const ServiceFile file = { "present", fd };
        g_autoptr(Json) answer = NULL;

        if (present != NULL && fd < 0)
                return false;
        json_object_update_missing(call->input, call->json);
        passkey_page_set(call);
        answer = route_call_with(call, call->route->usecase, call->input,
                                 (ServiceFiles){ &file, present == NULL ? 0 : 1 }, error);
        return answer != NULL && write_reply(reply, 201, answer, error);
}
