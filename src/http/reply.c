#include "http/reply.h"

#include "base/error.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/jwrite.h"
#include "http/stream.h"

#include <string.h>
#include <sys/stat.h>

enum { PROBLEM_BYTES_MAX = 1 << 20 };

void reply_clear(HttpReply *reply)
{
        g_clear_pointer(&reply->body, g_bytes_unref);
        if (reply->file > 0)
                fd_close(reply->file);
        g_clear_pointer(&reply->etag, g_free);
        g_clear_pointer(&reply->style, g_free);
        g_clear_pointer(&reply->more, g_ptr_array_unref);
        g_clear_pointer(&reply->stream, stream_close);
        g_clear_pointer(&reply->media, g_free);
        g_clear_pointer(&reply->extra, json_decref);
        *reply = (HttpReply){ 0 };
}

/* Text from a page is escaped, so the first style element is the page's own. */
static char *style_hash(const char *page)
{
        static const char begin[] = "<style>", end[] = "</style>";
        const char *from = strstr(page, begin);
        const char *to = from == NULL ? NULL : strstr(from, end);
        g_autofree char *text = NULL;
        Digest digest;

        if (to == NULL)
                return NULL;
        from += strlen(begin);
        digest = hash_sha256(from, (size_t)(to - from));
        text = g_base64_encode(digest.b, sizeof(digest.b));
        return g_strdup_printf("'sha256-%s'", text);
}

bool reply_take(HttpReply *reply, const char *type, Out *out, GError **error)
{
        bool styled = strcmp(type, REPLY_HTML) == 0 || strcmp(type, REPLY_SVG) == 0;
        char *style = styled ? style_hash(out_data(out)) : NULL;
        GBytes *body = out_steal(out, error);

        if (body == NULL) {
                g_free(style);
                return false;
        }
        reply_clear(reply);
        *reply = (HttpReply){ .status = 200, .type = type, .body = body, .style = style };
        return true;
}

bool reply_take_file(HttpReply *reply, const char *type, int fd, GError **error)
{
        struct stat facts;

        if (fstat(fd, &facts) != 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the file cannot be read: %s", g_strerror(errno));
                return false;
        }
        reply_clear(reply);
        *reply = (HttpReply){ .status = 200,
                              .type = type,
                              .body = g_bytes_new_static("", 0),
                              .file = fd,
                              .file_bytes = (uint64_t)facts.st_size };
        return true;
}

void reply_nothing(HttpReply *reply)
{
        reply_clear(reply);
        *reply = (HttpReply){ .status = 204, .type = REPLY_JSON, .body = g_bytes_new_static("", 0) };
}

void reply_header(HttpReply *reply, const char *name, const char *value)
{
        if (reply->more == NULL)
                reply->more = g_ptr_array_new_with_free_func(g_free);
        g_ptr_array_add(reply->more, g_strdup(name));
        g_ptr_array_add(reply->more, g_strdup(value));
}

/* Whether a list of tags holds this one; a weak one counts, since only reads are asked for. */
static bool tag_is_known(const char *list, const char *tag)
{
        g_auto(GStrv) tags = g_strsplit(list, ",", 64);

        for (char **one = tags; *one != NULL; one++) {
                const char *text = g_strstrip(*one);

                if (g_str_has_prefix(text, "W/"))
                        text += 2;
                if (strcmp(text, tag) == 0 || strcmp(text, "*") == 0)
                        return true;
        }
        return false;
}

/* ---- files and streams ---- */

void reply_stream(HttpReply *reply, Stream *stream)
{
        reply_clear(reply);
        *reply = (HttpReply){
                .status = 200, .type = REPLY_EVENTS, .body = g_bytes_new_static("", 0), .stream = stream
        };
}

/* `bytes=A-B`, `bytes=A-` or `bytes=-N`: the part of `size` bytes. False for what is not understood, which is as good as
 * none; a part that there is not is one of no length. */
static bool range_read(const char *text, uint64_t size, uint64_t *ret_from, uint64_t *ret_n)
{
        g_auto(GStrv) parts = NULL;
        guint64 from, to = size - 1;

        if (text == NULL || !g_str_has_prefix(text, "bytes=") || size == 0)
                return false;
        parts = g_strsplit(text + strlen("bytes="), "-", 3);
        if (g_strv_length(parts) != 2)
                return false;
        if (parts[0][0] == '\0') {
                if (!g_ascii_string_to_unsigned(parts[1], 10, 0, G_MAXUINT64, &to, NULL))
                        return false;
                *ret_n = MIN(to, size);
                *ret_from = size - *ret_n;
                return true;
        }
        if (!g_ascii_string_to_unsigned(parts[0], 10, 0, G_MAXINT64, &from, NULL) ||
            (parts[1][0] != '\0' && !g_ascii_string_to_unsigned(parts[1], 10, from, G_MAXINT64, &to, NULL)))
                return false;
        *ret_from = from;
        *ret_n = from >= size ? 0 : MIN(to, size - 1) - from + 1;
        return true;
}

static bool range_take(HttpReply *reply, const HttpRequest *request, uint64_t size, GError **error)
{
        const char *when = request->fields[FIELD_IF_RANGE];
        char text[80];

        reply->file_bytes = size;
        if ((when != NULL && g_strcmp0(when, reply->etag) != 0) ||
            !range_read(request->fields[FIELD_RANGE], size, &reply->file_from, &reply->file_bytes))
                return true;
        if (reply->file_bytes == 0) {
                error_set(error, ZW_ERR_RANGE, "Range", "the file has %" G_GUINT64_FORMAT " bytes", size);
                return false;
        }
        reply->status = 206;
        g_snprintf(text, sizeof(text), "bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                   reply->file_from, reply->file_from + reply->file_bytes - 1, size);
        reply_header(reply, "Content-Range", text);
        return true;
}

/* A media type as it may stand in a field, else one that means bytes. What a browser could run is bytes too. */
static char *media_safe(const char *media)
{
        const char *slash = media == NULL ? NULL : strchr(media, '/');

        if (slash == NULL || strstr(media, "html") != NULL || strstr(media, "script") != NULL ||
            strstr(media, "svg") != NULL || strlen(media) > 127)
                return g_strdup("application/octet-stream");
        for (const char *at = media; *at != '\0'; at++)
                if (!g_ascii_isalnum(*at) && strchr("/.+-_; =", *at) == NULL)
                        return g_strdup("application/octet-stream");
        return g_strdup(media);
}

/* RFC 6266: a name of plain letters, and the whole one in percent encoding. */
static char *disposition(const char *name)
{
        g_autofree char *plain = g_strdup(name), *whole = g_uri_escape_string(name, NULL, FALSE);

        for (char *at = plain; *at != '\0'; at++)
                if (!g_ascii_isalnum(*at) && strchr(".-_", *at) == NULL)
                        *at = '_';
        return g_strdup_printf("attachment; filename=\"%s\"; filename*=UTF-8''%s", plain, whole);
}

bool reply_file(HttpReply *reply, const HttpRequest *request, int fd, const char *name, const char *media,
                const char *tag, GError **error)
{
        g_autofree char *saved = disposition(name);
        struct stat facts;

        reply_clear(reply);
        *reply = (HttpReply){ .status = 200,
                              .type = REPLY_JSON,
                              .body = g_bytes_new_static("", 0),
                              .file = fd,
                              .etag = g_strdup(tag),
                              .media = media_safe(media) };
        if (fstat(fd, &facts) != 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the file cannot be read: %s", g_strerror(errno));
                return false;
        }
        reply_header(reply, "Content-Disposition", saved);
        reply_header(reply, "Accept-Ranges", "bytes");
        reply_condition(reply, request);
        if (reply->status == 304)
                return true;
        return range_take(reply, request, (uint64_t)facts.st_size, error);
}

/* ---- problems ---- */

/* A place in the body: a JSON pointer, maybe behind `operation 3` or `line 3`, which is said apart. */
static void place_write(JWrite *w, const HttpRequest *request, const char *where)
{
        const char *pointer = strchr(where, '/');

        jwrite_key_string(w, "where", where);
        if (request->has_body && pointer != NULL &&
            (pointer == where || g_str_has_prefix(where, "operation ") || g_str_has_prefix(where, "line ")))
                jwrite_key_string(w, "pointer", pointer);
}

static void problem_write(JWrite *w, const HttpRequest *request, int code, const GError *error,
                          const json_t *extra)
{
        g_autofree char *type = g_strdup_printf("urn:zonewright:error:%d", code);
        const char *name;
        json_t *value;

        jwrite_object_begin(w);
        jwrite_key_string(w, "type", type);
        jwrite_key_string(w, "title", error_meaning(code));
        jwrite_key_int(w, "status", error_http_status(code));
        jwrite_key_string(w, "code", error_symbol(code));
        jwrite_key_string(w, "detail", error == NULL ? "it failed without a reason" : error->message);
        if (error != NULL && error_where(error) != NULL)
                place_write(w, request, error_where(error));
        json_object_foreach((json_t *)(uintptr_t)extra, name, value) jwrite_key_json(w, name, value);
        jwrite_key_string(w, "request", request->id);
        jwrite_object_end(w);
}

static void allow_header(HttpReply *reply, unsigned allowed)
{
        g_autoptr(GString) methods = g_string_new(NULL);

        for (int i = 0; i < HTTP_OTHER; i++)
                if (allowed & 1U << i)
                        g_string_append_printf(methods, "%s%s", methods->len == 0 ? "" : ", ",
                                               method_name((HttpMethod)i));
        reply_header(reply, "Allow", methods->str);
}

void reply_problem(HttpReply *reply, const HttpRequest *request, const GError *error)
{
        const int code = error != NULL && error->domain == ZW_ERROR ? error->code : ZW_ERR_INTERNAL;
        g_autoptr(Json) extra = g_steal_pointer(&reply->extra);
        g_autoptr(Out) out = out_new(PROBLEM_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        problem_write(w, request, code, error, extra);
        if (!out_check(out, NULL)) { /* what it says besides is too long */
                g_autoptr(JWrite) again = jwrite_new(out);

                out_reset(out);
                problem_write(again, request, code, error, NULL);
        }
        out_char(out, '\n');
        reply_clear(reply);
        *reply = (HttpReply){ .status = error_http_status(code),
                              .type = REPLY_PROBLEM,
                              .body = g_bytes_new(out_data(out), out_length(out)) };
        if (code == ZW_ERR_METHOD)
                allow_header(reply, request->allowed);
        if (code == ZW_ERR_SIGN_IN)
                reply_header(reply, "WWW-Authenticate", "Bearer realm=\"zonewright\"");
}

void reply_tag(HttpReply *reply)
{
        reply_tag_as(reply, "");
}

void reply_tag_as(HttpReply *reply, const char *prefix)
{
        char hex[ZW_DIGEST_HEX];
        size_t n;
        const void *bytes = g_bytes_get_data(reply->body, &n);
        Digest digest = hash_sha256(bytes, n);

        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        reply->etag = g_strdup_printf("\"%s%.32s\"", prefix, hex);
}

void reply_condition(HttpReply *reply, const HttpRequest *request)
{
        const char *known = request->fields[FIELD_IF_NONE_MATCH];

        if (reply->status != 200 || reply->etag == NULL || known == NULL ||
            (request->method != HTTP_GET && request->method != HTTP_HEAD) ||
            !tag_is_known(known, reply->etag))
                return;
        reply->status = 304;
        g_bytes_unref(reply->body);
        reply->body = g_bytes_new_static("", 0);
        if (reply->file > 0)
                fd_close(reply->file);
        reply->file = 0;
}

static const char *reply_caching(const HttpReply *reply)
{
        if (reply->etag == NULL)
                return "no-store";
        return reply->immutable ? "public, max-age=31536000, immutable" : "private, no-cache";
}

void reply_each_header(const HttpReply *reply, const HttpRequest *request, ReplyHeaderFn fn, void *payload)
{
        g_autofree char *policy =
                g_strdup_printf("default-src 'none'; style-src %s; base-uri 'none'; form-action 'none'; "
                                "frame-ancestors 'none'",
                                reply->style == NULL ? "'none'" : reply->style);

        if (reply->status != 304 && reply->status != 204)
                fn("Content-Type", reply->media != NULL ? reply->media : reply->type, payload);
        fn("Content-Security-Policy", reply->policy == NULL ? policy : reply->policy, payload);
        fn("X-Content-Type-Options", "nosniff", payload);
        fn("Referrer-Policy", "no-referrer", payload);
        fn("Cross-Origin-Resource-Policy", "same-origin", payload);
        fn("Cross-Origin-Opener-Policy", "same-origin", payload);
        fn("Cache-Control", reply_caching(reply), payload);
        if (reply->encoding != NULL && reply->status != 304)
                fn("Content-Encoding", reply->encoding, payload);
        if (reply->varies)
                fn("Vary", "Accept-Encoding", payload);
        if (reply->etag != NULL)
                fn("ETag", reply->etag, payload);
        if (request->context->is_tls)
                fn("Strict-Transport-Security", "max-age=31536000", payload);
        for (guint i = 0; reply->more != NULL && i + 1 < reply->more->len; i += 2)
                fn(reply->more->pdata[i], reply->more->pdata[i + 1], payload);
        fn("X-Request-Id", request->id, payload);
}
