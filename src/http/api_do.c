/* Use cases that take a body and write JSON, and those that read a secret. */
#include "base/error.h"
#include "base/fd.h"
#include "http/api_write.h"

#include <string.h>

/* The use case of the route with what address, query and body say. */
bool api_do(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_autoptr(Json) answer = NULL;

        if (call->json != NULL)
                json_object_update_missing(call->input, call->json);
        answer = route_call_json(call, call->route->usecase, error);
        return answer != NULL &&
               write_reply(reply, (call->route->flags & CREATES) ? 201 : 200, answer, error);
}

/* ---- projects ---- */

bool api_project_new(const RouteCall *call, HttpReply *reply, GError **error)
{
        const bool sample = jread_get_bool(call->json, "sample", false);
        g_autoptr(Json) answer = route_call_with(call, sample ? "sample.create" : "project.create",
                                                 call->json, (ServiceFiles){ NULL, 0 }, error);

        return answer != NULL && write_reply(reply, 201, answer, error);
}

/* ---- secrets: they reach a use case as open files ---- */

enum { SECRETS_MAX = 2 };

typedef struct {
        ServiceFile files[SECRETS_MAX];
        size_t n;
} Secrets;

static void secrets_clear(Secrets *secrets)
{
        for (size_t i = 0; i < secrets->n; i++)
                fd_close(secrets->files[i].fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Secrets, secrets_clear)

/* Moves a member of the body into a file in memory. */
static bool secret_take(Secrets *secrets, json_t *body, const char *name, GError **error)
{
        g_autoptr(SecretText) secret = route_secret(body, name);
        int fd;

        if (secret == NULL)
                return true;
        fd = secret_text_file(secret, error);
        if (fd < 0)
                return false;
        secrets->files[secrets->n++] = (ServiceFile){ name, fd };
        return true;
}

static bool secret_call(const RouteCall *call, const Secrets *secrets, HttpReply *reply, GError **error)
{
        g_autoptr(Json) answer = NULL;

        json_object_update_missing(call->input, call->json);
        answer = route_call_with(call, call->route->usecase, call->input,
                                 (ServiceFiles){ secrets->files, secrets->n }, error);
        return answer != NULL && write_reply(reply, 200, answer, error);
}

bool api_password(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_auto(Secrets) secrets = { .n = 0 };

        return secret_take(&secrets, call->json, "password", error) &&
               secret_take(&secrets, call->json, "present", error) &&
               secret_call(call, &secrets, reply, error);
}

bool provider_put(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_auto(Secrets) secrets = { .n = 0 };

        return secret_take(&secrets, call->json, "secret", error) &&
               secret_call(call, &secrets, reply, error);
}

bool api_totp_remove(const RouteCall *call, HttpReply *reply, GError **error)
{
        g_auto(Secrets) secrets = { .n = 0 };

        return secret_take(&secrets, call->json, "present", error) &&
               secret_call(call, &secrets, reply, error);
}
