#include "http/request.h"

#include "base/error.h"

#include <string.h>

enum { HEADER_BYTES_MAX = 16384 };

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
        g_free(request->host);
        g_free(request->if_none_match);
        g_free(request);
}

bool request_is_last(const HttpRequest *request)
{
        return request->has_body || request->has_bad_field;
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

void request_add_header(HttpRequest *request, const char *name, const char *value)
{
        request->has_bad_field = request->has_bad_field || !field_is_good(name, value);
        request->header_bytes += strlen(name) + strlen(value) + strlen(": \r\n");
        if (g_ascii_strcasecmp(name, "Host") == 0) {
                g_free(request->host);
                request->host = g_strdup(value);
                request->hosts++;
        } else if (g_ascii_strcasecmp(name, "If-None-Match") == 0) {
                g_free(request->if_none_match);
                request->if_none_match = g_strdup(value);
        } else if (g_ascii_strcasecmp(name, "Transfer-Encoding") == 0 ||
                   (g_ascii_strcasecmp(name, "Content-Length") == 0 && strcmp(value, "0") != 0)) {
                request->has_body = true;
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

static bool host_is_ours(const HttpRequest *request)
{
        g_autofree char *name = request->hosts == 1 ? host_name(request->host) : NULL;

        return name != NULL &&
               (g_ascii_strcasecmp(name, "localhost") == 0 || strcmp(name, "::1") == 0 ||
                is_loopback_4(name) ||
                (request->context->host[0] != '\0' && g_ascii_strcasecmp(name, request->context->host) == 0));
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
        if (request->hosts != 1) {
                error_set(error, ZW_ERR_USAGE, "Host", "a request has one Host field");
                return false;
        }
        if (!host_is_ours(request)) {
                error_set(error, ZW_ERR_HOST, "Host",
                          "the server does not answer to \"%s\"; the setting server.host names one more",
                          request->host);
                return false;
        }
        return true;
}
