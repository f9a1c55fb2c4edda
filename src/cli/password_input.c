#include "cli/password_input.h"

#include "base/error.h"
#include "base/password.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static SecretText *ask(const char *prompt, GError **error)
{
        struct termios before, silent;
        SecretText *secret;
        int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);

        if (fd < 0 || tcgetattr(fd, &before) != 0) {
                error_set(
                        error, ZW_ERR_USAGE, "password",
                        "there is no terminal to ask at: use --password-file FILE, or - for standard input");
                if (fd >= 0)
                        close(fd);
                return NULL;
        }
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fd, TCSAFLUSH, &silent);
        dprintf(fd, "%s: ", prompt);
        secret = secret_text_read_line(fd, ZW_PASSWORD_MAX, error);
        tcsetattr(fd, TCSAFLUSH, &before);
        dprintf(fd, "\n");
        close(fd);
        return secret;
}

static SecretText *ask_twice(GError **error)
{
        g_autoptr(SecretText) first = ask("new password", error);
        g_autoptr(SecretText) second = first == NULL ? NULL : ask("once more", error);

        if (second == NULL)
                return NULL;
        if (secret_text_equal(first, second))
                return g_steal_pointer(&first);
        error_set(error, ZW_ERR_INPUT, "password", "the two are not the same");
        return NULL;
}

static SecretText *read_path(const char *path, GError **error)
{
        SecretText *secret;
        int fd;

        if (strcmp(path, "-") == 0)
                return secret_text_read(STDIN_FILENO, ZW_PASSWORD_MAX, error);
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
                error_set(error, ZW_ERR_STORAGE, path, "the file cannot be opened: %s", g_strerror(errno));
                return NULL;
        }
        secret = secret_text_read(fd, ZW_PASSWORD_MAX, error);
        close(fd);
        return secret;
}

SecretText *password_read(const char *path, GError **error)
{
        return path == NULL ? ask("password", error) : read_path(path, error);
}

SecretText *password_read_new(const char *path, GError **error)
{
        return path == NULL ? ask_twice(error) : read_path(path, error);
}
