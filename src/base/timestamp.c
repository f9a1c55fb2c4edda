#include "base/timestamp.h"

#include "base/error.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <time.h>

enum { NONCE_BYTES = 8 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_REQ, TS_REQ_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_RESP, TS_RESP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_MSG_IMPRINT, TS_MSG_IMPRINT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_VERIFY_CTX, TS_VERIFY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ASN1_INTEGER, ASN1_INTEGER_free)

static bool refuse(ZwErrorCode code, const char *what, GError **error)
{
        const char *why = ERR_reason_error_string(ERR_peek_last_error());

        error_set(error, code, NULL, "%s%s%s", what, why == NULL ? "" : ": ", why == NULL ? "" : why);
        ERR_clear_error();
        return false;
}

/* ---- asking ---- */

static TS_MSG_IMPRINT *imprint_new(const Digest *digest)
{
        g_autoptr(TS_MSG_IMPRINT) imprint = TS_MSG_IMPRINT_new();
        g_autoptr(X509_ALGOR) algorithm = X509_ALGOR_new();
        uint8_t bytes[ZW_DIGEST_BYTES];

        memcpy(bytes, digest->b, sizeof bytes);
        if (imprint == NULL || algorithm == NULL ||
            X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) != 1 ||
            TS_MSG_IMPRINT_set_algo(imprint, algorithm) != 1 ||
            TS_MSG_IMPRINT_set_msg(imprint, bytes, (int)sizeof bytes) != 1)
                return NULL;
        return g_steal_pointer(&imprint);
}

/* Positive, as authorities expect it. */
static ASN1_INTEGER *nonce_new(void)
{
        g_autoptr(ASN1_INTEGER) nonce = ASN1_INTEGER_new();
        uint64_t value = 0;

        random_bytes(&value, NONCE_BYTES);
        if (nonce == NULL || ASN1_INTEGER_set_uint64(nonce, value >> 1 | 1) != 1)
                return NULL;
        return g_steal_pointer(&nonce);
}

GBytes *timestamp_request(const Digest *digest, GError **error)
{
        g_autoptr(TS_REQ) request = TS_REQ_new();
        g_autoptr(TS_MSG_IMPRINT) imprint = imprint_new(digest);
        g_autoptr(ASN1_INTEGER) nonce = nonce_new();
        unsigned char *der = NULL;
        g_autoptr(GBytes) bytes = NULL;
        int n;

        if (request == NULL || imprint == NULL || nonce == NULL || TS_REQ_set_version(request, 1) != 1 ||
            TS_REQ_set_msg_imprint(request, imprint) != 1 || TS_REQ_set_nonce(request, nonce) != 1 ||
            TS_REQ_set_cert_req(request, 1) != 1 || (n = i2d_TS_REQ(request, &der)) <= 0) {
                (void)refuse(ZW_ERR_INTERNAL, "the request for a time-stamp could not be made", error);
                return NULL;
        }
        bytes = g_bytes_new(der, (size_t)n);
        OPENSSL_free(der);
        return g_steal_pointer(&bytes);
}

/* ---- checking ---- */

static X509_STORE *store_of(const char *ca, GError **error)
{
        g_autoptr(X509_STORE) store = X509_STORE_new();
        g_autoptr(BIO) bio = BIO_new_mem_buf(ca, -1);
        int n = 0;

        for (;;) {
                g_autoptr(X509) certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

                if (certificate == NULL)
                        break;
                if (X509_STORE_add_cert(store, certificate) != 1) {
                        (void)refuse(ZW_ERR_INPUT, "a certificate of the time-stamp authority cannot be used",
                                     error);
                        return NULL;
                }
                n++;
        }
        ERR_clear_error();
        if (n > 0)
                return g_steal_pointer(&store);
        error_set(error, ZW_ERR_INPUT, NULL, "there is no certificate of a time-stamp authority");
        return NULL;
}

static bool time_of(TS_RESP *response, Instant *ret_time)
{
        const ASN1_GENERALIZEDTIME *time = TS_TST_INFO_get_time(TS_RESP_get_tst_info(response));
        struct tm parts;

        if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1)
                return false;
        *ret_time = (Instant)timegm(&parts) * 1000;
        return true;
}

static TS_RESP *response_read(const void *answer, size_t n, Instant *ret_time, GError **error)
{
        const unsigned char *at = answer;
        g_autoptr(TS_RESP) response = n > ZW_TIMESTAMP_BYTES_MAX ? NULL : d2i_TS_RESP(NULL, &at, (long)n);
        const ASN1_INTEGER *status;

        if (response == NULL || at != (const unsigned char *)answer + n) {
                (void)refuse(ZW_ERR_INPUT, "the answer is no time-stamp", error);
                return NULL;
        }
        status = TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response));
        if (ASN1_INTEGER_get(status) > TS_STATUS_GRANTED_WITH_MODS ||
            TS_RESP_get_tst_info(response) == NULL) {
                error_set(error, ZW_ERR_NETWORK, NULL, "the time-stamp authority did not grant the request");
                return NULL;
        }
        if (time_of(response, ret_time))
                return g_steal_pointer(&response);
        (void)refuse(ZW_ERR_INPUT, "the time-stamp says no time", error);
        return NULL;
}

/* `context` says what is compared; the certificates are judged as of `time`. */
static bool response_check(TS_VERIFY_CTX *context, TS_RESP *response, const char *ca, Instant time,
                           GError **error)
{
        g_autoptr(X509_STORE) store = store_of(ca, error);

        if (store == NULL)
                return false;
        X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(time / 1000));
        TS_VERIFY_CTX_set_store(context, g_steal_pointer(&store));
        TS_VERIFY_CTX_add_flags(context, TS_VFY_SIGNATURE | TS_VFY_VERSION);
        ERR_clear_error();
        return TS_RESP_verify_response(context, response) == 1 ||
               refuse(ZW_ERR_DAMAGED, "the time-stamp does not hold", error);
}

bool timestamp_accept(GBytes *request, const void *answer, size_t n, const char *ca, Instant *ret_time,
                      GError **error)
{
        size_t size;
        const unsigned char *at = g_bytes_get_data(request, &size);
        g_autoptr(TS_REQ) asked = d2i_TS_REQ(NULL, &at, (long)size);
        g_autoptr(TS_RESP) response = response_read(answer, n, ret_time, error);
        g_autoptr(TS_VERIFY_CTX) context = asked == NULL ? NULL : TS_REQ_to_TS_VERIFY_CTX(asked, NULL);

        if (response == NULL)
                return false;
        if (context == NULL)
                return refuse(ZW_ERR_INTERNAL, "the request for a time-stamp cannot be read", error);
        return response_check(context, response, ca, *ret_time, error);
}

bool timestamp_verify(const Digest *digest, const void *answer, size_t n, const char *ca, Instant *ret_time,
                      GError **error)
{
        g_autoptr(TS_RESP) response = response_read(answer, n, ret_time, error);
        g_autoptr(TS_VERIFY_CTX) context = TS_VERIFY_CTX_new();

        if (response == NULL)
                return false;
        TS_VERIFY_CTX_set_flags(context, TS_VFY_IMPRINT);
        /* The context frees it. */
        TS_VERIFY_CTX_set_imprint(context, OPENSSL_memdup(digest->b, ZW_DIGEST_BYTES), ZW_DIGEST_BYTES);
        return response_check(context, response, ca, *ret_time, error);
}
