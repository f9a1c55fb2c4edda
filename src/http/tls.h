/* The certificate of the server, which can be replaced while it runs. GnuTLS is met in tls.c and nowhere else. Thread-safe. */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include "base/config.h"
#include "base/instant.h"

/* TLS 1.2 and 1.3, with forward secrecy and authenticated encryption only. */
#define ZW_TLS_PRIORITIES                                                                                 \
        "NONE:+VERS-TLS1.3:+VERS-TLS1.2:+AEAD:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:+ECDHE-ECDSA:" \
        "+ECDHE-RSA:+SIGN-ALL:-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:+COMP-NULL:+GROUP-X25519:+GROUP-SECP256R1:" \
        "+GROUP-SECP384R1:+CTYPE-X509:%SERVER_PRECEDENCE"

typedef struct Tls Tls;

/* Whether the settings ask for TLS. */
bool tls_is_wanted(const Config *config);
/* Reads certificate and key. Errors: INPUT, one of the two settings is missing, a file is not what it should be, they do not
 * belong together, or everybody may read the key; STORAGE. */
Tls *tls_load(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes what the files hold now; on failure the one in use stays. *ret_changed: it is another one. */
bool tls_reload(Tls *tls, const Config *config, bool *ret_changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The end of its validity. */
Instant tls_ends(Tls *tls);
/* After the server that uses it. */
void tls_free(Tls *tls);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tls, tls_free)

/* Makes it the one that new connections get, until it is freed; the function is for the library (a
 * gnutls_certificate_retrieve_function2), which hands no payload along: one server a process. */
void *tls_use(Tls *tls);

#endif
