/* What a token of the provider claims (OpenID Connect Core 1.0, part 3.1.3.7), after its signature was verified. */
#include "service/access/identity_internal.h"

#include <string.h>

enum { SKEW_MS = 60 * 1000 };

/* A date in seconds, as an instant; 0 when there is none. */
static Instant date_of(const json_t *claims, const char *name)
{
        const json_t *value = json_object_get(claims, name);
        const double seconds = json_number_value(value);

        return seconds >= 1 && seconds < 1e11 ? (Instant)(seconds * 1000) : 0;
}

/* Who a token is for: one, or a list that has this one; then the one that asked has to be said. */
static bool audience_is(const json_t *claims, const char *client)
{
        const json_t *audience = json_object_get(claims, "aud"), *one;
        const char *party = jread_get_string(claims, "azp");
        bool found = false;
        size_t i;

        if (json_object_get(claims, "azp") != NULL && g_strcmp0(party, client) != 0)
                return false;
        if (json_is_string(audience))
                return strcmp(json_string_value(audience), client) == 0;
        json_array_foreach(audience, i, one) found |= g_strcmp0(json_string_value(one), client) == 0;
        return found && (json_array_size(audience) == 1 || party != NULL);
}

static bool nonce_is(const json_t *claims, const char *nonce)
{
        const char *given = jread_get_string(claims, "nonce");
        g_autoptr(SecretText) ours = secret_text_new(nonce, strlen(nonce)),
                              theirs = given == NULL ? NULL : secret_text_new(given, strlen(given));

        return theirs != NULL && secret_text_equal(ours, theirs);
}

const char *identity_judge(const json_t *claims, const IdentityExpected *expected)
{
        const char *subject = jread_get_string(claims, "sub");
        const Instant issued = date_of(claims, "iat");

        if (g_strcmp0(jread_get_string(claims, "iss"), expected->issuer) != 0)
                return "wrong issuer";
        if (!audience_is(claims, expected->client))
                return "wrong audience";
        if (!nonce_is(claims, expected->nonce))
                return "wrong nonce";
        if (date_of(claims, "exp") + SKEW_MS <= expected->now)
                return "expired";
        if (issued == 0 || issued - SKEW_MS > expected->now ||
            date_of(claims, "nbf") - SKEW_MS > expected->now)
                return "not yet good";
        if (subject == NULL || subject[0] == '\0' || strlen(subject) > ZW_SUBJECT_MAX)
                return "no subject";
        return NULL;
}
