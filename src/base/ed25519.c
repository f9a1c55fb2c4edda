#include "base/ed25519.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/newfile.h"
#include "base/secret.h"
#include "base/verify.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

enum { SEED_BYTES = crypto_sign_SEEDBYTES, SEED_HEX = 2 * SEED_BYTES };

struct Ed25519Key {
        uint8_t public[ZW_ED25519_PUBLIC];
        uint8_t secret[crypto_sign_SECRETKEYBYTES];
};

static Ed25519Key *key_of_seed(const uint8_t seed[SEED_BYTES])
{
        Ed25519Key *key = g_new0(Ed25519Key, 1);

        hash_init();
        ZW_VERIFY(crypto_sign_seed_keypair(key->public, key->secret, seed) == 0);
        return key;
}

static bool seed_make(const char *path, uint8_t ret_seed[SEED_BYTES], GError **error)
{
        g_autoptr(NewFile) file = newfile_begin(path, NEWFILE_FRESH, error);
        char text[SEED_HEX + 1];
        bool ok;

        if (file == NULL)
                return false;
        random_bytes(ret_seed, SEED_BYTES);
        hex_encode(ret_seed, SEED_BYTES, text);
        ok = write(newfile_fd(file), text, SEED_HEX) == SEED_HEX;
        secret_wipe(text, sizeof(text));
        if (!ok)
                error_set(error, ZW_ERR_STORAGE, path, "the key could not be written: %s", g_strerror(errno));
        return ok && newfile_place(file, error);
}

static bool seed_read(const char *path, int fd, uint8_t ret_seed[SEED_BYTES], GError **error)
{
        g_autoptr(SecretText) text = secret_text_read(fd, SEED_HEX, error);

        if (text == NULL)
                return false;
        if (hex_decode(secret_text_reveal(text), ret_seed, SEED_BYTES, NULL))
                return true;
        error_set(error, ZW_ERR_INPUT, path, "this is no key");
        return false;
}

static bool seed_open(const char *path, uint8_t seed[SEED_BYTES], GError **error)
{
        g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

        if (fd >= 0)
                return seed_read(path, fd, seed, error);
        error_set(error, errno == ENOENT ? ZW_ERR_NOT_FOUND : ZW_ERR_STORAGE, path, "%s", g_strerror(errno));
        return false;
}

/* Of several that make one at once the first does, and the others take that. */
static bool seed_take(const char *path, bool make, uint8_t seed[SEED_BYTES], GError **error)
{
        g_autoptr(GError) why = NULL;

        if (seed_open(path, seed, &why))
                return true;
        if (make && g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                g_clear_error(&why);
                if (seed_make(path, seed, &why))
                        return true;
                if (g_error_matches(why, ZW_ERROR, ZW_ERR_EXISTS))
                        return seed_open(path, seed, error);
        }
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}

Ed25519Key *ed25519_open(const char *path, bool make, GError **error)
{
        uint8_t seed[SEED_BYTES];
        Ed25519Key *key = seed_take(path, make, seed, error) ? key_of_seed(seed) : NULL;

        secret_wipe(seed, sizeof(seed));
        return key;
}

void ed25519_free(Ed25519Key *key)
{
        if (key == NULL)
                return;
        secret_wipe(key, sizeof(*key));
        g_free(key);
}

void ed25519_public(const Ed25519Key *key, uint8_t ret_public[ZW_ED25519_PUBLIC])
{
        memcpy(ret_public, key->public, ZW_ED25519_PUBLIC);
}

void ed25519_sign(const Ed25519Key *key, const void *bytes, size_t n,
                  uint8_t ret_signature[ZW_ED25519_SIGNATURE])
{
        ZW_VERIFY(crypto_sign_detached(ret_signature, NULL, bytes, n, key->secret) == 0);
}

bool ed25519_fits(const uint8_t public[ZW_ED25519_PUBLIC], const void *bytes, size_t n,
                  const uint8_t signature[ZW_ED25519_SIGNATURE])
{
        return crypto_sign_verify_detached(signature, bytes, n, public) == 0;
}
