#include "http/tls.h"

#include "base/error.h"
#include "base/lock.h"

#include <gnutls/abstract.h>
#include <gnutls/x509.h>
#include <glib/gstdio.h>
#include <string.h>

enum { PEM_BYTES_MAX = 1 << 20, CHAIN_MAX = 16 };

/* One certificate with those between it and the root, and its key. */
typedef struct {
        gnutls_pcert_st chain[CHAIN_MAX];
        unsigned n;
        gnutls_privkey_t key;
        char *pem, *key_pem;
        Instant ends;
} Pair;

struct Tls {
        pthread_mutex_t lock;
        /* All there were, the newest last: a connection may still be greeted with an older one, and they change every few
         * weeks, so none is freed before the end. */
        GPtrArray *pairs; /* under lock */
};

/* The library calls back without a payload. */
static pthread_mutex_t used_lock = PTHREAD_MUTEX_INITIALIZER;
static Tls *used; /* under used_lock */

static void pair_free(gpointer pair)
{
        Pair *owned = pair;

        for (unsigned i = 0; i < owned->n; i++)
                gnutls_pcert_deinit(&owned->chain[i]);
        if (owned->key != NULL)
                gnutls_privkey_deinit(owned->key);
        g_free(owned->pem);
        if (owned->key_pem != NULL)
                explicit_bzero(owned->key_pem, strlen(owned->key_pem));
        g_free(owned->key_pem);
        g_free(owned);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pair, pair_free)

static bool refuse(const Config *config, ConfigKey key, const char *why, GError **error)
{
        error_set(error, ZW_ERR_INPUT, config_name(key), "%s: %s", config_text(config, key), why);
        return false;
}

static char *pem_read(const Config *config, ConfigKey key, GError **error)
{
        const char *path = config_text(config, key);
        g_autoptr(GError) why = NULL;
        g_autofree char *text = NULL;
        GStatBuf info;
        size_t n;

        if (g_stat(path, &info) == 0 && info.st_size > PEM_BYTES_MAX) {
                (void)refuse(config, key, "the file is larger than 1 MiB", error);
                return NULL;
        }
        if (key == ZW_CONFIG_KEY && g_stat(path, &info) == 0 && (info.st_mode & S_IROTH) != 0) {
                (void)refuse(config, key, "every user may read the key; take that away (chmod o-r)", error);
                return NULL;
        }
        if (!g_file_get_contents(path, &text, &n, &why)) {
                error_set(error, ZW_ERR_STORAGE, config_name(key), "%s", why->message);
                return NULL;
        }
        return g_steal_pointer(&text);
}

/* Both as the library reads them together, which is also how it says that they do not belong together. */
static bool pair_check(const Config *config, const gnutls_datum_t *chain, const gnutls_datum_t *key,
                       GError **error)
{
        gnutls_certificate_credentials_t both;
        int code = gnutls_certificate_allocate_credentials(&both);

        if (code != GNUTLS_E_SUCCESS)
                return refuse(config, ZW_CONFIG_CERTIFICATE, gnutls_strerror(code), error);
        code = gnutls_certificate_set_x509_key_mem(both, chain, key, GNUTLS_X509_FMT_PEM);
        gnutls_certificate_free_credentials(both);
        return code >= 0 || refuse(config, ZW_CONFIG_CERTIFICATE, gnutls_strerror(code), error);
}

static Instant pair_ends(const Pair *pair)
{
        gnutls_x509_crt_t first;
        time_t ends;

        if (gnutls_pcert_export_x509((gnutls_pcert_st *)&pair->chain[0], &first) != GNUTLS_E_SUCCESS)
                return 0;
        ends = gnutls_x509_crt_get_expiration_time(first);
        gnutls_x509_crt_deinit(first);
        return (Instant)ends * 1000;
}

static Pair *pair_load(const Config *config, GError **error)
{
        g_autoptr(Pair) pair = g_new0(Pair, 1);
        gnutls_datum_t chain, key;
        int code;

        if (config_text(config, ZW_CONFIG_KEY)[0] == '\0' ||
            config_text(config, ZW_CONFIG_CERTIFICATE)[0] == '\0') {
                (void)refuse(config, ZW_CONFIG_KEY, "certificate and key are given both or not at all",
                             error);
                return NULL;
        }
        pair->pem = pem_read(config, ZW_CONFIG_CERTIFICATE, error);
        if (pair->pem == NULL)
                return NULL;
        pair->key_pem = pem_read(config, ZW_CONFIG_KEY, error);
        if (pair->key_pem == NULL)
                return NULL;
        chain = (gnutls_datum_t){ (unsigned char *)pair->pem, (unsigned)strlen(pair->pem) };
        key = (gnutls_datum_t){ (unsigned char *)pair->key_pem, (unsigned)strlen(pair->key_pem) };
        if (!pair_check(config, &chain, &key, error))
                return NULL;
        pair->n = CHAIN_MAX;
        code = gnutls_pcert_list_import_x509_raw(pair->chain, &pair->n, &chain, GNUTLS_X509_FMT_PEM, 0);
        if (code != GNUTLS_E_SUCCESS) {
                pair->n = 0;
                (void)refuse(config, ZW_CONFIG_CERTIFICATE, gnutls_strerror(code), error);
                return NULL;
        }
        if (gnutls_privkey_init(&pair->key) != GNUTLS_E_SUCCESS ||
            gnutls_privkey_import_x509_raw(pair->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0) !=
                    GNUTLS_E_SUCCESS) {
                (void)refuse(config, ZW_CONFIG_KEY, "the key cannot be read", error);
                return NULL;
        }
        pair->ends = pair_ends(pair);
        return g_steal_pointer(&pair);
}

static const Pair *pair_newest(const Tls *tls)
{
        return tls->pairs->pdata[tls->pairs->len - 1];
}

bool tls_is_wanted(const Config *config)
{
        return config_text(config, ZW_CONFIG_CERTIFICATE)[0] != '\0' ||
               config_text(config, ZW_CONFIG_KEY)[0] != '\0';
}

Tls *tls_load(const Config *config, GError **error)
{
        Pair *pair = pair_load(config, error);
        Tls *tls;

        if (pair == NULL)
                return NULL;
        tls = g_new0(Tls, 1);
        pthread_mutex_init(&tls->lock, NULL);
        tls->pairs = g_ptr_array_new_with_free_func(pair_free);
        g_ptr_array_add(tls->pairs, pair);
        return tls;
}

bool tls_reload(Tls *tls, const Config *config, bool *ret_changed, GError **error)
{
        g_autoptr(Pair) pair = pair_load(config, error);
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&tls->lock);

        if (pair == NULL)
                return false;
        *ret_changed = strcmp(pair->pem, pair_newest(tls)->pem) != 0 ||
                       strcmp(pair->key_pem, pair_newest(tls)->key_pem) != 0;
        if (*ret_changed)
                g_ptr_array_add(tls->pairs, g_steal_pointer(&pair));
        return true;
}

Instant tls_ends(Tls *tls)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&tls->lock);

        return pair_newest(tls)->ends;
}

void tls_free(Tls *tls)
{
        if (tls == NULL)
                return;
        pthread_mutex_lock(&used_lock);
        if (used == tls)
                used = NULL;
        pthread_mutex_unlock(&used_lock);
        g_ptr_array_unref(tls->pairs);
        pthread_mutex_destroy(&tls->lock);
        g_free(tls);
}

static int on_greeting(gnutls_session_t session G_GNUC_UNUSED,
                       const gnutls_datum_t *authorities G_GNUC_UNUSED, int n_authorities G_GNUC_UNUSED,
                       const gnutls_pk_algorithm_t *algorithms G_GNUC_UNUSED, int n_algorithms G_GNUC_UNUSED,
                       gnutls_pcert_st **ret_chain, unsigned *ret_n, gnutls_privkey_t *ret_key)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&used_lock);
        g_auto(HeldLock) held_pairs G_GNUC_UNUSED = NULL;
        const Pair *pair;

        if (used == NULL)
                return -1;
        held_pairs = lock_take(&used->lock);
        pair = pair_newest(used);
        *ret_chain = (gnutls_pcert_st *)(uintptr_t)pair->chain;
        *ret_n = pair->n;
        *ret_key = pair->key;
        return 0;
}

void *tls_use(Tls *tls)
{
        g_auto(HeldLock) held G_GNUC_UNUSED = lock_take(&used_lock);

        used = tls;
        return (void *)(uintptr_t)on_greeting;
}
