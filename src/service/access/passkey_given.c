/* What an authenticator gives: read, found among the passkeys there are, and judged. */
#include "service/access/passkey_internal.h"

#include "base/base64url.h"

#include <string.h>

static GBytes *bytes_read(const json_t *object, const char *member, GError **error)
{
        const char *text = jread_get_string(object, member);
        uint8_t *bytes;
        size_t n;

        bytes = text == NULL || strlen(text) > 2 * ZW_WEBAUTHN_BYTES_MAX ? NULL
                                                                         : base64url_decode(text, &n, NULL);
        if (bytes != NULL)
                return g_bytes_new_take(bytes, n);
        error_set(error, ZW_ERR_INPUT, "/passkey", "%s is missing or no base64url", member);
        return NULL;
}

bool passkey_answer_read(const json_t *object, bool signs, WebauthnAnswer *ret_answer, GError **error)
{
        g_auto(WebauthnAnswer) answer = { 0 };

        answer.client_data = bytes_read(object, "client_data", error);
        if (answer.client_data != NULL)
                answer.authenticator_data = bytes_read(object, "authenticator_data", error);
        if (answer.authenticator_data != NULL && signs)
                answer.signature = bytes_read(object, "signature", error);
        if (answer.authenticator_data == NULL || (signs && answer.signature == NULL))
                return false;
        *ret_answer = answer;
        answer = (WebauthnAnswer){ 0 };
        return true;
}

char *passkey_challenge_read(const WebauthnAnswer *answer, Digest *ret_challenge)
{
        gsize n;
        const char *text = g_bytes_get_data(answer->client_data, &n);
        g_autoptr(Json) data = jread_parse(text, n, NULL);
        const char *challenge = jread_get_string(data, "challenge");
        g_autofree uint8_t *bytes = NULL;
        size_t bytes_n = 0;

        bytes = challenge == NULL ? NULL : base64url_decode(challenge, &bytes_n, NULL);
        if (bytes == NULL || bytes_n != sizeof(ret_challenge->b))
                return NULL;
        for (size_t i = 0; i < bytes_n; i++)
                ret_challenge->b[i] = bytes[i];
        return g_strdup(challenge);
}

/* ---- found ---- */

void passkey_found_clear(PasskeyFound *found)
{
        g_free(found->rp);
}

static bool found_keep(const StorePasskey *passkey, void *payload, GError **error G_GNUC_UNUSED)
{
        PasskeyFound *found = payload;

        found->row = *passkey;
        found->row.rp = found->rp = g_strdup(passkey->rp);
        found->row.name = NULL;
        found->found = true;
        return true;
}

bool passkey_find(StoreView *view, const json_t *given, const char *rp, PasskeyFound *ret_found,
                  GError **error)
{
        const char *text = jread_get_string(given, "id");
        g_autofree uint8_t *id = NULL;
        size_t n = 0;

        id = text == NULL ? NULL : base64url_decode(text, &n, NULL);
        if (id == NULL || n == 0)
                return true;
        if (!store_find_passkey(view, id, n, found_keep, ret_found, error))
                return false;
        /* One for another host is as good as none. */
        ret_found->found = ret_found->found && g_strcmp0(ret_found->rp, rp) == 0;
        return true;
}

const char *passkey_verify(const PasskeyFound *found, const WebauthnExpected *expected, const json_t *given,
                           uint32_t *ret_counter)
{
        const uint32_t before = found->row.key.counter;
        g_auto(WebauthnAnswer) answer = { 0 };

        if (!found->found)
                return "unknown passkey";
        if (!passkey_answer_read(given, true, &answer, NULL) ||
            !webauthn_verify(expected, &answer, &found->row.key, ret_counter, NULL))
                return "wrong passkey";
        /* Both count, so one of them was used in between. */
        return (*ret_counter != 0 || before != 0) && *ret_counter <= before ? "a copy of the passkey" : NULL;
}
