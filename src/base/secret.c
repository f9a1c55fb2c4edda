#include "base/secret.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/jtext.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct SecretText {
        size_t n;
        char bytes[];
};

enum { RANDOM_MAX = 64, PREFIX_MAX = 16 };

void secret_wipe(void *bytes, size_t n)
{
        sodium_memzero(bytes, n);
}

static SecretText *secret_make(size_t n)
{
        SecretText *secret = g_malloc0(sizeof(*secret) + n + 1);

        secret->n = n;
        return secret;
}

SecretText *secret_text_new(const char *bytes, size_t n)
{
        SecretText *secret = secret_make(n);

        for (size_t i = 0; i < n; i++)
                secret->bytes[i] = bytes[i];
        return secret;
}

void secret_text_free(SecretText *secret)
{
        if (secret == NULL)
                return;
        sodium_memzero(secret, sizeof(*secret) + secret->n);
        g_free(secret);
}

const char *secret_text_reveal(const SecretText *secret)
{
        return secret->bytes;
}

size_t secret_text_length(const SecretText *secret)
{
        return secret->n;
}

bool secret_text_equal(const SecretText *a, const SecretText *b)
{
        return a->n == b->n && sodium_memcmp(a->bytes, b->bytes, a->n) == 0;
}

SecretText *secret_text_random(const char *prefix, size_t n)
{
        const size_t before = strlen(prefix);
        SecretText *secret = secret_make(before + 2 * n);
        uint8_t bytes[RANDOM_MAX];

        g_return_val_if_fail(n <= RANDOM_MAX && before <= PREFIX_MAX, secret);
        random_bytes(bytes, n);
        for (size_t i = 0; i < before; i++)
                secret->bytes[i] = prefix[i];
        hex_encode(bytes, n, secret->bytes + before);
        sodium_memzero(bytes, sizeof(bytes));
        return secret;
}

static bool line_check(const SecretText *secret, GError **error)
{
        if (secret->n == 0)
                error_set(error, ZW_ERR_INPUT, NULL, "the secret is empty");
        else if (strcspn(secret->bytes, "\r\n") != secret->n)
                error_set(error, ZW_ERR_INPUT, NULL, "a secret is one line without NUL");
        else if (!utf8_valid(secret->bytes, secret->n))
                error_set(error, ZW_ERR_INPUT, NULL, "the secret is not valid UTF-8");
        else
                return true;
        return false;
}

static SecretText *read_until(int fd, size_t most, bool line, GError **error)
{
        g_autoptr(SecretText) secret = secret_make(most + 3); /* an end of line, and one byte too many */
        size_t n = 0;
        ssize_t got = 1;

        while (got != 0 && n < secret->n && !(line && n > 0 && secret->bytes[n - 1] == '\n')) {
                got = read(fd, secret->bytes + n, secret->n - n);
                if (got < 0 && errno != EINTR) {
                        error_set(error, ZW_ERR_STORAGE, NULL, "the secret cannot be read: %s",
                                  g_strerror(errno));
                        return NULL;
                }
                n += got > 0 ? (size_t)got : 0;
        }
        if (n > 0 && secret->bytes[n - 1] == '\n')
                n--;
        if (n > 0 && n <= most + 1 && secret->bytes[n - 1] == '\r')
                n--;
        if (n > most) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a secret has at most %zu bytes", most);
                return NULL;
        }
        sodium_memzero(secret->bytes + n, secret->n - n);
        secret->n = n;
        return line_check(secret, error) ? g_steal_pointer(&secret) : NULL;
}

SecretText *secret_text_read(int fd, size_t most, GError **error)
{
        return read_until(fd, most, false, error);
}

SecretText *secret_text_read_line(int fd, size_t most, GError **error)
{
        return read_until(fd, most, true, error);
}

int secret_text_file(const SecretText *secret, GError **error)
{
        const ssize_t n = (ssize_t)secret_text_length(secret);
        int fd = memfd_create("secret", MFD_CLOEXEC);

        if (fd >= 0 && write(fd, secret_text_reveal(secret), (size_t)n) == n && lseek(fd, 0, SEEK_SET) == 0)
                return fd;
        if (fd >= 0)
                close(fd);
        error_set(error, ZW_ERR_STORAGE, NULL, "no memory for a secret: %s", g_strerror(errno));
        return -1;
}
