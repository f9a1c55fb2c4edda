#include "http/body.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/secret.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

enum { KIB = 1 << 10, MIB = 1 << 20 };

enum { FORM_RAW, FORM_JSON };

static const BodyRule rules[] = {
#define BODY(symbol, types_, most_, form) \
        { .types = (types_), .most = (uint64_t)(most_), .is_json = FORM_##form == FORM_JSON },
#include "http/bodies.def"
#undef BODY
};

const BodyRule *body_rule(BodyKind kind)
{
        return &rules[kind];
}

/* ---- media types ---- */

/* Parameters of a type: none, or a charset that is UTF-8. */
static bool parameters_are_good(const char *text)
{
        g_auto(GStrv) parts = g_strsplit(text, ";", 8);

        for (char **part = parts + 1; *parts != NULL && *part != NULL; part++) {
                const char *one = g_strstrip(*part);

                if (g_ascii_strncasecmp(one, "charset=", strlen("charset=")) == 0 &&
                    g_ascii_strcasecmp(one + strlen("charset="), "utf-8") != 0 &&
                    g_ascii_strcasecmp(one + strlen("charset="), "\"utf-8\"") != 0)
                        return false;
        }
        return true;
}

bool body_type_check(BodyKind kind, const char *type, GError **error)
{
        g_auto(GStrv) taken = g_strsplit(rules[kind].types, " ", -1);
        g_autofree char *bare = g_strndup(type == NULL ? "" : type, type == NULL ? 0 : strcspn(type, ";"));

        if (strcmp(rules[kind].types, "*") == 0)
                return true;
        g_strstrip(bare);
        for (char **one = taken; *one != NULL; one++)
                if (g_ascii_strcasecmp(*one, bare) == 0 && parameters_are_good(type == NULL ? "" : type))
                        return true;
        error_set(error, ZW_ERR_MEDIA_TYPE, "Content-Type", "this address takes a body of type %s in UTF-8",
                  rules[kind].types);
        return false;
}

/* ---- what arrives ---- */

struct Body {
        uint64_t length, got;
        char *bytes; /* NULL when it lies in a file */
        Fd fd;       /* -1 when it lies in memory and nobody asked for it as a file */
};

int body_file_new(const char *dir, GError **error)
{
        g_autofree char *path = NULL;
        int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

        if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
                path = g_build_filename(dir, "body-XXXXXX", NULL);
                fd = g_mkstemp_full(path, O_RDWR | O_CLOEXEC, 0600);
                if (fd >= 0)
                        unlink(path);
        }
        if (fd < 0)
                error_set(error, ZW_ERR_STORAGE, NULL, "there is no room for a file: %s", g_strerror(errno));
        return fd;
}

static bool limit_check(BodyKind kind, uint64_t length, GError **error)
{
        if (length <= rules[kind].most)
                return true;
        if (rules[kind].most == 0)
                error_set(error, ZW_ERR_LIMIT, NULL, "this address takes no body");
        else
                error_set(error, ZW_ERR_LIMIT, NULL,
                          "this address takes a body of at most %" G_GUINT64_FORMAT
                          " bytes, this one has %" G_GUINT64_FORMAT,
                          rules[kind].most, length);
        return false;
}

Body *body_new(BodyKind kind, const char *dir, uint64_t length, GError **error)
{
        g_autoptr(Body) body = g_new0(Body, 1);

        body->fd = -1;
        body->length = length;
        if (!limit_check(kind, length, error))
                return NULL;
        if (rules[kind].most > ZW_BODY_MEMORY_MAX && (!rules[kind].is_json || length > ZW_BODY_MEMORY_MAX)) {
                body->fd = body_file_new(dir, error);
                return body->fd < 0 ? NULL : g_steal_pointer(&body);
        }
        body->bytes = g_try_malloc((gsize)length + 1);
        if (body->bytes == NULL) {
                error_set(error, ZW_ERR_LIMIT, NULL, "there is no memory for the body");
                return NULL;
        }
        body->bytes[length] = '\0';
        return g_steal_pointer(&body);
}

void body_free(Body *body)
{
        if (body == NULL)
                return;
        if (body->bytes != NULL)
                secret_wipe(body->bytes, (size_t)body->length);
        g_free(body->bytes);
        fd_close(body->fd);
        g_free(body);
}

static bool write_all(int fd, const char *bytes, size_t n, GError **error)
{
        while (n > 0) {
                ssize_t wrote = write(fd, bytes, n);

                if (wrote < 0 && errno == EINTR)
                        continue;
                if (wrote <= 0) {
                        error_set(error, ZW_ERR_STORAGE, NULL, "there is no room for the body: %s",
                                  g_strerror(errno));
                        return false;
                }
                bytes += wrote;
                n -= (size_t)wrote;
        }
        return true;
}

int body_file_of(const char *dir, const char *bytes, size_t n, GError **error)
{
        g_auto(Fd) fd = body_file_new(dir, error);

        if (fd < 0 || !write_all(fd, bytes, n, error))
                return -1;
        if (lseek(fd, 0, SEEK_SET) == 0)
                return fd_steal(&fd);
        error_set(error, ZW_ERR_STORAGE, NULL, "the file cannot be read again: %s", g_strerror(errno));
        return -1;
}

bool body_add(Body *body, const char *bytes, size_t n, GError **error)
{
        if (n > body->length - body->got) {
                error_set(error, ZW_ERR_LIMIT, NULL, "the body is longer than its Content-Length");
                return false;
        }
        if (body->bytes == NULL && !write_all(body->fd, bytes, n, error))
                return false;
        if (body->bytes != NULL)
                /* allow: the room was checked above */
                memcpy(body->bytes + body->got, bytes, n);
        body->got += n;
        return true;
}

bool body_is_whole(const Body *body)
{
        return body->got == body->length;
}

uint64_t body_length(const Body *body)
{
        return body->got;
}

const char *body_text(const Body *body)
{
        return body->bytes;
}

int body_fd(Body *body, GError **error)
{
        if (body->fd < 0) {
                body->fd = memfd_create("body", MFD_CLOEXEC);
                if (body->fd < 0) {
                        error_set(error, ZW_ERR_STORAGE, NULL, "there is no room for the body: %s",
                                  g_strerror(errno));
                        return -1;
                }
                if (!write_all(body->fd, body->bytes, (size_t)body->got, error)) {
                        fd_close(fd_steal(&body->fd));
                        return -1;
                }
        }
        if (lseek(body->fd, 0, SEEK_SET) == 0)
                return body->fd;
        error_set(error, ZW_ERR_STORAGE, NULL, "the body cannot be read again: %s", g_strerror(errno));
        return -1;
}
