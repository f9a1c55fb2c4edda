/* Passkeys (Web Authentication, level 2): what an authenticator made for us, and what it signs, by libfido2, which is met in
 * webauthn.c and nowhere else. An authenticator signs a challenge for one host (the relying party) and one page; that somebody
 * was there and proved who they are (user presence and verification) is always asked for. Attestation is not: whose make it is
 * does not matter here. Thread-safe: pure functions. */
#ifndef BASE_WEBAUTHN_H
#define BASE_WEBAUTHN_H

#include "base/hash.h"

enum {
        ZW_WEBAUTHN_BYTES_MAX = 16 * 1024,
        ZW_PASSKEY_ID_MAX = 1023,
        ZW_PASSKEY_KEY_MAX = 1024,
        /* Algorithms, by their COSE numbers. */
        ZW_COSE_ES256 = -7,
        ZW_COSE_EDDSA = -8,
        ZW_COSE_RS256 = -257,
};

typedef struct {
        const char *rp;        /* host name */
        const char *origin;    /* of the page; NULL: any, for what was judged before */
        const char *challenge; /* base64url */
} WebauthnExpected;

typedef struct {
        uint8_t id[ZW_PASSKEY_ID_MAX];
        size_t id_n;
        uint8_t key[ZW_PASSKEY_KEY_MAX]; /* as libfido2 has it: of ES256 the two coordinates */
        size_t key_n;
        int algorithm;
        uint32_t counter; /* of signatures; 0 for who does not count */
} WebauthnKey;

/* What an authenticator gives, as bytes. */
typedef struct {
        GBytes *client_data; /* JSON of the browser */
        GBytes *authenticator_data;
        GBytes *signature; /* NULL when it makes a key */
} WebauthnAnswer;
void webauthn_answer_clear(WebauthnAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebauthnAnswer, webauthn_answer_clear)

/* A key that was made for us just now. Errors: INPUT, with the reason. */
bool webauthn_take_key(const WebauthnExpected *expected, const WebauthnAnswer *answer, int algorithm,
                       WebauthnKey *ret_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the challenge was signed with the key; gives the counter. Errors: INPUT, with the reason. */
bool webauthn_verify(const WebauthnExpected *expected, const WebauthnAnswer *answer, const WebauthnKey *key,
                     uint32_t *ret_counter, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
