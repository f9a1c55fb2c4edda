#include "http/multipart.h"

#include "base/error.h"
#include "base/fd.h"
#include "http/body.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { BOUNDARY_MAX = 70, NAME_MAX_BYTES = 255 };

/* The body is a file of this process that nobody else can open, so it may be mapped: it cannot become shorter. */
typedef struct {
        const char *bytes;
        size_t n, at;
        char delimiter[BOUNDARY_MAX + 5]; /* CR LF - - boundary */
        size_t delimiter_n;
        unsigned part;
        const char *dir;
        GArray *files;
} Form;

static bool refuse(const Form *form, const char *why, GError **error)
{
        g_autofree char *where = g_strdup_printf("part %u", form->part);

        error_set(error, ZW_ERR_INPUT, where, "%s", why);
        return false;
}

bool multipart_is(const char *type)
{
        return type != NULL &&
               g_ascii_strncasecmp(type, "multipart/form-data", strlen("multipart/form-data")) == 0;
}

/* The value of a parameter, quoted or not, as a new text; NULL when there is none. */
static char *parameter(const char *field, const char *name)
{
        g_autofree char *wanted = g_strdup_printf("%s=", name);

        for (const char *at = strchr(field, ';'); at != NULL; at = strchr(at, ';')) {
                g_autoptr(GString) value = g_string_new(NULL);

                at++;
                at += strspn(at, " \t");
                if (g_ascii_strncasecmp(at, wanted, strlen(wanted)) != 0) {
                        at += strcspn(at, ";\"");
                        if (*at == '"') /* another one, quoted: its end */
                                for (at++; *at != '\0' && *at != '"'; at++)
                                        at += *at == '\\' && at[1] != '\0';
                        continue;
                }
                at += strlen(wanted);
                if (*at != '"')
                        return g_strndup(at, strcspn(at, "; \t"));
                for (at++; *at != '\0' && *at != '"'; at++) {
                        if (*at == '\\' && (at[1] == '"' || at[1] == '\\'))
                                at++;
                        g_string_append_c(value, *at);
                }
                return *at == '"' ? g_string_free(g_steal_pointer(&value), FALSE) : NULL;
        }
        return NULL;
}

static bool form_begin(Form *form, const char *type, GError **error)
{
        g_autofree char *boundary = parameter(type, "boundary");
        const size_t n = boundary == NULL ? 0 : strlen(boundary);

        if (n == 0 || n > BOUNDARY_MAX) {
                error_set(error, ZW_ERR_INPUT, "Content-Type",
                          "a form names its boundary, 1 to %d characters", BOUNDARY_MAX);
                return false;
        }
        form->delimiter_n = (size_t)g_snprintf(form->delimiter, sizeof(form->delimiter), "\r\n--%s",
                                               boundary);
        /* The first one has no line before it. */
        if (form->n < form->delimiter_n - 2 ||
            memcmp(form->bytes, form->delimiter + 2, form->delimiter_n - 2) != 0) {
                error_set(error, ZW_ERR_INPUT, "part 1", "the form does not begin with its boundary");
                return false;
        }
        form->at = form->delimiter_n - 2;
        return true;
}

/* After a boundary: a line break and a part, or two hyphens and the end. */
static bool form_next(Form *form, bool *ret_more, GError **error)
{
        const char *at = form->bytes + form->at;
        const size_t left = form->n - form->at;

        form->part++;
        *ret_more = left >= 2 && memcmp(at, "\r\n", 2) == 0;
        if (*ret_more) {
                form->at += 2;
                return true;
        }
        return (left >= 2 && memcmp(at, "--", 2) == 0) ||
               refuse(form, "the form ends before its last boundary", error);
}

static char *part_disposition(const char *head, size_t n)
{
        g_autofree char *text = g_strndup(head, n);
        g_auto(GStrv) lines = g_strsplit(text, "\r\n", 32);

        for (char **line = lines; *line != NULL; line++)
                if (g_ascii_strncasecmp(*line, "Content-Disposition:", strlen("Content-Disposition:")) == 0)
                        return g_strdup(*line);
        return NULL;
}

/* The last part of a path, since some clients send one; refused when nothing of it can be a name. */
static bool name_clean(const Form *form, char **name, GError **error)
{
        const char *last = *name;

        for (const char *at = *name; *at != '\0'; at++) {
                if (*at == '/' || *at == '\\')
                        last = at + 1;
                if (g_ascii_iscntrl(*at))
                        return refuse(form, "the name of the file holds a control character", error);
        }
        if (!g_utf8_validate(*name, -1, NULL) || last[0] == '\0' || strcmp(last, ".") == 0 ||
            strcmp(last, "..") == 0 || strlen(last) > NAME_MAX_BYTES)
                return refuse(form, "the file has no name that can be used", error);
        last = g_strdup(last);
        g_free(*name);
        *name = (char *)(uintptr_t)last;
        return true;
}

static bool part_keep(Form *form, char *name, const char *bytes, size_t n, GError **error)
{
        ServiceFile file = { name, -1 };

        if (form->files->len == ZW_MULTIPART_FILES_MAX) {
                error_set(error, ZW_ERR_LIMIT, NULL, "a form has at most %d files", ZW_MULTIPART_FILES_MAX);
                g_free(name);
                return false;
        }
        file.fd = body_file_of(form->dir, bytes, n, error);
        if (file.fd < 0) {
                g_free(name);
                return false;
        }
        g_array_append_val(form->files, file);
        return true;
}

static bool part_read(Form *form, GError **error)
{
        const char *head = form->bytes + form->at;
        const char *end = memmem(head, MIN(form->n - form->at, ZW_MULTIPART_HEAD_MAX), "\r\n\r\n", 4);
        g_autofree char *disposition = NULL, *name = NULL;
        const char *content, *stop;

        if (end == NULL)
                return refuse(form, "the head of the part has no end, or more than 8 KiB", error);
        content = end + 4;
        /* Empty content ends with the line break that ends the head. */
        stop = memmem(end + 2, form->n - (size_t)(end + 2 - form->bytes), form->delimiter, form->delimiter_n);
        if (stop == NULL)
                return refuse(form, "the part has no end", error);
        form->at = (size_t)(stop - form->bytes) + form->delimiter_n;
        disposition = part_disposition(head, (size_t)(end - head));
        if (disposition == NULL)
                return refuse(form, "the part has no Content-Disposition", error);
        name = parameter(disposition, "filename");
        if (name == NULL)
                return true;
        return name_clean(form, &name, error) &&
               part_keep(form, g_steal_pointer(&name), content, stop < content ? 0 : (size_t)(stop - content),
                         error);
}

static bool form_read(Form *form, const char *type, GError **error)
{
        bool more;

        if (!form_begin(form, type, error))
                return false;
        while (form_next(form, &more, error)) {
                if (!more)
                        return form->files->len > 0 || refuse(form, "the form has no file", error);
                if (!part_read(form, error))
                        return false;
        }
        return false;
}

void multipart_free(GArray *files)
{
        if (files == NULL)
                return;
        for (guint i = 0; i < files->len; i++) {
                ServiceFile *file = &g_array_index(files, ServiceFile, i);

                fd_close(file->fd);
                g_free((char *)(uintptr_t)file->name);
        }
        g_array_unref(files);
}

GArray *multipart_read(int fd, const char *type, const char *dir, GError **error)
{
        Form form = { .dir = dir };
        struct stat facts;
        void *map;
        bool ok;

        if (fstat(fd, &facts) != 0 || facts.st_size == 0) {
                error_set(error, ZW_ERR_INPUT, "part 1", "the form is empty");
                return NULL;
        }
        form.n = (size_t)facts.st_size;
        map = mmap(NULL, form.n, PROT_READ, MAP_PRIVATE, fd, 0);
        if (map == MAP_FAILED) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the form cannot be read back: %s", g_strerror(errno));
                return NULL;
        }
        form.bytes = map;
        form.files = g_array_new(FALSE, FALSE, sizeof(ServiceFile));
        ok = form_read(&form, type, error);
        munmap(map, form.n);
        if (ok)
                return form.files;
        multipart_free(form.files);
        return NULL;
}
