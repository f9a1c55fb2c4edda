/* A text nobody may see: a password, a token, a cookie. Wiped when freed, compared in constant time, and opaque, so that no
 * format can print it. Make one as soon as a secret is read, and wipe what it was read from. One owner; not thread-safe. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct SecretText SecretText;

/* A copy of `n` bytes. */
SecretText *secret_text_new(const char *bytes, size_t n);
void secret_text_free(SecretText *secret);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SecretText, secret_text_free)

/* The bytes, ended by NUL, borrowed: for hashing and for handing to who may have it. */
const char *secret_text_reveal(const SecretText *secret);
size_t secret_text_length(const SecretText *secret);
bool secret_text_equal(const SecretText *a, const SecretText *b);

/* `n` random bytes as lower-case hex behind `prefix`. */
SecretText *secret_text_random(const char *prefix, size_t n);
/* One line read from a descriptor, without its end: at most `most` bytes. Errors: INPUT, it is empty, has more lines or a
 * NUL, or is no UTF-8; LIMIT; STORAGE, it cannot be read. */
SecretText *secret_text_read(int fd, size_t most, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of a terminal, where the end of the first line is the end. */
SecretText *secret_text_read_line(int fd, size_t most, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A file in memory with the secret, at its beginning, for who reads it with secret_text_read; -1 on failure. Errors: STORAGE. */
int secret_text_file(const SecretText *secret, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Overwrites memory in a way no compiler leaves out. */
void secret_wipe(void *bytes, size_t n);

#endif
