/* Passwords from the terminal without echo, or from a file; to a use case they go as an open file (secret_text_file): never
 * through an argument, the environment or JSON. */
#ifndef CLI_PASSWORD_INPUT_H
#define CLI_PASSWORD_INPUT_H

#include "base/secret.h"

/* From the file, `-` for standard input, or asked for on the terminal when `path` is NULL: the present one, or a new one
 * twice. Errors: USAGE, there is no terminal; INPUT; STORAGE. */
SecretText *password_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
SecretText *password_read_new(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
#endif
