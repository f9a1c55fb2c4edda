/* State machines, column mappings, signatures and baselines over HTTP: bodies become the input of the use cases that the command line calls. */
#include "base/error.h"
#include "base/fd.h"
#include "http/route.h"

#include <string.h>

/* The members of the body beside those of path and query, which are not for a body to say. Errors: INPUT. */
static bool body_merge(const RouteCall *call, GError **error)
{
        const char *name;
        json_t *value;

        json_object_foreach(call->json, name, value)
        {
                if (json_object_get(call->input, name) != NULL || strcmp(name, "project") == 0) {
                        g_autofree char *where = g_strdup_printf("/%s", name);

                        error_set(error, ZW_ERR_INPUT, where, "\"%s\" is said by the address", name);
                        return false;
                }
                json_object_set(call->input, name, value);
        }
        return true;
}

/* What the use case writes, with the number of the commit it made. */
static bool answer(const RouteCall *call, ServiceFiles files, int status, HttpReply *reply, GError **error)
{
        g_autoptr(Json) made = route_call_with(call, call->route->usecase, call->input, files, error);
        g_autoptr(Out) out = out_new(ZW_REPLY_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        const json_t *seq = json_object_get(made, "commit");
        g_autofree char *number = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(seq));

        if (made == NULL)
                return false;
        jwrite_json(w, made);
        out_char(out, '\n');
        if (!reply_take(reply, REPLY_JSON, out, error))
                return false;
        reply->status = status;
        if (json_is_integer(seq))
                reply_header(reply, "Zonewright-Seq", number);
        return true;
}

/* ---- state machines ---- */

bool workflow_put(const RouteCall *call, HttpReply *reply, GError **error)
{
        json_t *machine = json_deep_copy(call->json);

        /* As it was read; the address says of which kind. */
        json_object_del(machine, "kind");
        json_object_del(machine, "own");
        json_object_set_new(call->input, "workflow", machine);
        return answer(call, (ServiceFiles){ NULL, 0 }, 200, reply, error);
}

bool workflow_delete(const RouteCall *call, HttpReply *reply, GError **error)
{
        json_object_set_new(call->input, "workflow", json_null());
        return answer(call, (ServiceFiles){ NULL, 0 }, 200, reply, error);
}

/* ---- column mappings ---- */

bool profile_put(const RouteCall *call, HttpReply *reply, GError **error)
{
        json_object_set(call->input, "profile", call->json);
        return answer(call, (ServiceFiles){ NULL, 0 }, 200, reply, error);
}

bool profile_delete(const RouteCall *call, HttpReply *reply, GError **error)
{
        json_object_set_new(call->input, "profile", json_null());
        return answer(call, (ServiceFiles){ NULL, 0 }, 200, reply, error);
}

/* ---- signatures ---- */

/* The password out of the body, which holds it no more. */
static SecretText *password_take(json_t *body, GError **error)
{
        const char *text = jread_get_string(body, "password");

        if (text != NULL && text[0] != '\0')
                return route_secret(body, "password");
        error_set(error, ZW_ERR_INPUT, "/password", "who signs gives their password anew");
        return NULL;
}

/* What was shown to who signs, and what there is now, for the page to show again. */
static json_t *both_sides(const RouteCall *call)
{
        g_autoptr(Json)
                ask = json_pack("{s:O*, s:O*, s:O*}", "project", json_object_get(call->input, "project"),
                                "key", json_object_get(call->input, "on"), "meaning",
                                json_object_get(call->input, "meaning"));
        g_autoptr(Json) now = json_object_get(ask, "key") == NULL
                                      ? NULL
                                      : route_call_with(call, "signature.preview", ask,
                                                        (ServiceFiles){ NULL, 0 }, NULL);

        return now == NULL ? NULL
                           : json_pack("{s:{s:O*, s:O*}, s:O}", "yours", "rev",
                                       json_object_get(call->input, "rev"), "hash",
                                       json_object_get(call->input, "hash"), "theirs", now);
}

bool signature_ask(const RouteCall *call, HttpReply *reply, GError **error)
{
        if (!body_merge(call, error))
                return false;
        passkey_page_set(call);
        return answer(call, (ServiceFiles){ NULL, 0 }, 200, reply, error);
}

bool signature_post(const RouteCall *call, HttpReply *reply, GError **error)
{
        const bool by_passkey = json_object_get(call->json, "passkey") != NULL;
        g_autoptr(SecretText) password = by_passkey ? NULL : password_take(call->json, error);
        g_auto(Fd) fd = password == NULL ? -1 : secret_text_file(password, error);
        const ServiceFile file = { "password", fd };
        GError *why = NULL;

        if ((!by_passkey && fd < 0) || !body_merge(call, error))
                return false;
        if (by_passkey)
                passkey_page_set(call);
        if (answer(call, (ServiceFiles){ &file, by_passkey ? 0 : 1 }, 201, reply, &why))
                return true;
        if (g_error_matches(why, ZW_ERROR, ZW_ERR_STALE))
                reply->extra = both_sides(call);
        g_propagate_error(error, why);
        return false;
}

/* ---- baselines ---- */

bool baseline_post(const RouteCall *call, HttpReply *reply, GError **error)
{
        return body_merge(call, error) && answer(call, (ServiceFiles){ NULL, 0 }, 201, reply, error);
}
