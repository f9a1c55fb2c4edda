#include "http/request.h"

#include "base/error.h"
#include "base/secret.h"

#include <string.h>

enum { HEADER_BYTES_MAX = 16384, COOKIES_MAX = 64 };

static const char *const method_names[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "other" };

enum { TIMES_ONCE, TIMES_MANY };
static const struct {
        const char *name;
        bool once;
} field_rules[] = {
#define FIELD(symbol, name_, times) { .name = (name_), .once = TIMES_##times == TIMES_ONCE },
#include "http/fields.def"
#undef FIELD
};

const char *method_name(HttpMethod method)
{
        return method_names[method];
}

HttpMethod method_find(const char *name)
{
        for (int i = 0; i < HTTP_OTHER; i++)
                if (strcmp(method_names[i], name) == 0)
                        return (HttpMethod)i;
        return HTTP_OTHER;
}

HttpRequest *request_new(HttpContext *context, const char *target)
{
        HttpRequest *request = g_new0(HttpRequest, 1);

        note_id(request->id);
        request->context = context;
        request->method = HTTP_OTHER;
        request->target = g_strdup(target);
        return request;
}

void request_free(HttpRequest *request)
{
        if (request == NULL)
                return;
        g_free(request->target);
        for (int i = 0; i < FIELD_COUNT; i++) {
                if (request->fields[i] != NULL)
                        secret_wipe(request->fields[i], strlen(request->fields[i]));
                g_free(request->fields[i]);
        }
        g_free(request);
}

/* A token (RFC 9110, 5.6.2) and a value without control characters but the tab. */
static bool field_is_good(const char *name, const char *value)
{
        if (name[0] == '\0')
                return false;
        for (const char *at = name; *at != '\0'; at++)
                if (!g_ascii_isalnum(*at) && strchr("!#$%&'*+-.^_`|~", *at) == NULL)
                        return false;
        for (const char *at = value; *at != '\0'; at++)
                if (g_ascii_iscntrl(*at) && *at != '\t')
                        return false;
        return true;
}

/* Digits only: a sign, a blank or a list is read differently elsewhere. */
static bool length_read(const char *text, uint64_t *ret_length)
{
        guint64 length;

        if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text) ||
            !g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &length, NULL))
                return false;
        *ret_length = length;
        return true;
}

static void body_note(HttpRequest *request, HttpField field, const char *value)
{
        if (field == FIELD_TRANSFER_ENCODING)
                request->has_body = true;
        else if (field == FIELD_CONTENT_LENGTH && !length_read(value, &request->body_bytes))
                request->has_body = request->has_bad_field = true;
        else if (field == FIELD_CONTENT_LENGTH && strcmp(value, "0") != 0)
                request->has_body = true;
}

/* Whether a list of codings (RFC 9110, 12.5.3) holds gzip, and not with the weight 0. */
static bool list_has_gzip(const char *list)
{
        g_auto(GStrv) codings = g_strsplit(list, ",", 32);

        for (char **one = codings; *one != NULL; one++) {
                g_auto(GStrv) parts = g_strsplit(*one, ";", 2);

                if (parts[0] == NULL || g_ascii_strcasecmp(g_strstrip(parts[0]), "gzip") != 0)
                        continue;
                return parts[1] == NULL ||
                       g_ascii_strtod(g_strstrip(parts[1]) + strspn(parts[1], "qQ="), NULL) > 0;
        }
        return false;
}

bool request_takes_gzip(const HttpRequest *request)
{
        return request->fields[FIELD_ACCEPT_ENCODING] != NULL &&
               list_has_gzip(request->fields[FIELD_ACCEPT_ENCODING]);
}

void request_add_header(HttpRequest *request, const char *name, const char *value)
{
        request->has_bad_field = request->has_bad_field || !field_is_good(name, value);
        request->header_bytes += strlen(name) + strlen(value) + strlen(": \r\n");
        for (int i = 0; i < FIELD_COUNT; i++) {
                if (g_ascii_strcasecmp(name, field_rules[i].name) != 0)
                        continue;
                g_free(request->fields[i]);
                request->fields[i] = g_strdup(value);
                request->times[i]++;
                body_note(request, (HttpField)i, value);
        }
}

/* The name of `NAME`, `NAME:PORT` or `[NAME]:PORT`; NULL when it is none of them. */
static char *host_name(const char *host)
{
        const char *end = host[0] == '[' ? strchr(host, ']') : host + strcspn(host, ":");
        const char *rest;
        guint64 port;

        if (end == NULL || end == host)
                return NULL;
        rest = host[0] == '[' ? end + 1 : end;
        if (*rest != '\0' &&
            (*rest != ':' || !g_ascii_string_to_unsigned(rest + 1, 10, 0, 65535, &port, NULL)))
                return NULL;
        return host[0] == '[' ? g_strndup(host + 1, (gsize)(end - host - 1))
                              : g_strndup(host, (gsize)(end - host));
}

/* 127.0.0.0/8 in four decimal parts. */
static bool is_loopback_4(const char *name)
{
        g_auto(GStrv) parts = g_strsplit(name, ".", 5);
        guint64 number;

        if (g_strv_length(parts) != 4 || strcmp(parts[0], "127") != 0)
                return false;
        for (char **part = parts; *part != NULL; part++)
                if (!g_ascii_string_to_unsigned(*part, 10, 0, 255, &number, NULL))
                        return false;
        return true;
}

/* An address cannot be bound to another machine's, as a name of elsewhere can; it is taken where this machine has more than
 * those of loopback. */
static bool host_is_ours(const HttpRequest *request)
{
        const char *host = request->fields[FIELD_HOST];
        g_autofree char *name = host == NULL ? NULL : host_name(host);

        return name != NULL &&
               (g_ascii_strcasecmp(name, "localhost") == 0 || strcmp(name, "::1") == 0 ||
                is_loopback_4(name) || (request->context->anywhere && g_hostname_is_ip_address(name)) ||
                (request->context->host[0] != '\0' && g_ascii_strcasecmp(name, request->context->host) == 0));
}

static bool fields_check(const HttpRequest *request, GError **error)
{
        for (int i = 0; i < FIELD_COUNT; i++) {
                if (!field_rules[i].once || request->times[i] <= 1)
                        continue;
                error_set(error, ZW_ERR_USAGE, field_rules[i].name, "a request has one %s field",
                          field_rules[i].name);
                return false;
        }
        return true;
}

static bool body_check(const HttpRequest *request, GError **error)
{
        if (request->times[FIELD_TRANSFER_ENCODING] > 0) {
                error_set(error, ZW_ERR_LENGTH, "Transfer-Encoding",
                          "a body comes with its Content-Length and in one piece");
                return false;
        }
        if (request->times[FIELD_CONTENT_ENCODING] > 0 &&
            g_ascii_strcasecmp(request->fields[FIELD_CONTENT_ENCODING], "identity") != 0) {
                error_set(error, ZW_ERR_MEDIA_TYPE, "Content-Encoding", "a body comes as it is");
                return false;
        }
        return true;
}

bool request_check(const HttpRequest *request, GError **error)
{
        if (request->header_bytes > HEADER_BYTES_MAX) {
                error_set(error, ZW_ERR_HEADERS_LENGTH, NULL, "header fields have at most %d bytes",
                          HEADER_BYTES_MAX);
                return false;
        }
        if (request->has_bad_field) {
                error_set(error, ZW_ERR_USAGE, NULL, "a header field is not formed as it must be");
                return false;
        }
        if (request->times[FIELD_HOST] == 0) {
                error_set(error, ZW_ERR_USAGE, "Host", "a request has one Host field");
                return false;
        }
        if (!fields_check(request, error) || !body_check(request, error))
                return false;
        if (!host_is_ours(request)) {
                error_set(error, ZW_ERR_HOST, "Host",
                          "the server does not answer to \"%s\"; the setting server.host names one more",
                          request->fields[FIELD_HOST]);
                return false;
        }
        return true;
}

char *request_cookie(const HttpRequest *request, const char *name)
{
        const char *field = request->fields[FIELD_COOKIE];
        g_auto(GStrv) pairs = g_strsplit(field == NULL ? "" : field, ";", COOKIES_MAX);
        const size_t n = strlen(name);
        char *value = NULL;

        for (char **pair = pairs; *pair != NULL; pair++) {
                const char *one = g_strstrip(*pair);

                if (value == NULL && strncmp(one, name, n) == 0 && one[n] == '=')
                        value = g_strdup(one + n + 1);
        }
        return value;
}
