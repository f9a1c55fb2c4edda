#include "http/reply.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/jwrite.h"

#include <string.h>

enum { PROBLEM_BYTES_MAX = 1 << 20 };

void reply_clear(HttpReply *reply)
{
        g_clear_pointer(&reply->body, g_bytes_unref);
        g_clear_pointer(&reply->etag, g_free);
        g_clear_pointer(&reply->style, g_free);
        g_clear_pointer(&reply->location, g_free);
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
        char *style = strcmp(type, REPLY_HTML) == 0 ? style_hash(out_data(out)) : NULL;
        GBytes *body = out_steal(out, error);

        if (body == NULL) {
                g_free(style);
                return false;
        }
        reply_clear(reply);
        *reply = (HttpReply){ .status = 200, .type = type, .body = body, .style = style };
        return true;
}

void reply_redirect(HttpReply *reply, const char *location)
{
        reply_clear(reply);
        *reply = (HttpReply){ .status = 307,
                              .type = REPLY_JSON,
                              .body = g_bytes_new_static("{}\n", 3),
                              .location = g_strdup(location) };
}

void reply_problem(HttpReply *reply, const HttpRequest *request, const GError *error)
{
        const int code = error != NULL && error->domain == ZW_ERROR ? error->code : ZW_ERR_INTERNAL;
        const int status = error_http_status(code);
        g_autofree char *type = g_strdup_printf("urn:zonewright:error:%d", code);
        g_autoptr(Out) out = out_new(PROBLEM_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);

        jwrite_object_begin(w);
        jwrite_key_string(w, "type", type);
        jwrite_key_string(w, "title", error_meaning(code));
        jwrite_key_int(w, "status", status);
        jwrite_key_string(w, "code", error_symbol(code));
        jwrite_key_string(w, "detail", error == NULL ? "it failed without a reason" : error->message);
        if (error != NULL && error_where(error) != NULL)
                jwrite_key_string(w, "where", error_where(error));
        jwrite_key_string(w, "request", request->id);
        jwrite_object_end(w);
        out_char(out, '\n');
        reply_clear(reply);
        *reply = (HttpReply){ .status = status,
                              .type = REPLY_PROBLEM,
                              .body = g_bytes_new(out_data(out), out_length(out)),
                              .allow = code == ZW_ERR_METHOD };
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

void reply_tag(HttpReply *reply, const HttpRequest *request)
{
        char hex[ZW_DIGEST_HEX];
        size_t n;
        const void *bytes = g_bytes_get_data(reply->body, &n);
        Digest digest = hash_sha256(bytes, n);

        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        reply->etag = g_strdup_printf("\"%.32s\"", hex);
        if (request->if_none_match == NULL || !tag_is_known(request->if_none_match, reply->etag))
                return;
        g_bytes_unref(reply->body);
        reply->body = g_bytes_new_static("", 0);
        reply->status = 304;
}

void reply_each_header(const HttpReply *reply, const HttpRequest *request, ReplyHeaderFn fn, void *payload)
{
        g_autofree char *policy =
                g_strdup_printf("default-src 'none'; style-src %s; base-uri 'none'; form-action 'none'; "
                                "frame-ancestors 'none'",
                                reply->style == NULL ? "'none'" : reply->style);

        if (reply->status != 304)
                fn("Content-Type", reply->type, payload);
        fn("Content-Security-Policy", policy, payload);
        fn("X-Content-Type-Options", "nosniff", payload);
        fn("Referrer-Policy", "no-referrer", payload);
        fn("Cross-Origin-Resource-Policy", "same-origin", payload);
        fn("Cross-Origin-Opener-Policy", "same-origin", payload);
        fn("Cache-Control", reply->etag == NULL ? "no-store" : "private, no-cache", payload);
        if (reply->etag != NULL)
                fn("ETag", reply->etag, payload);
        if (reply->location != NULL)
                fn("Location", reply->location, payload);
        if (reply->allow)
                fn("Allow", "GET, HEAD", payload);
        fn("X-Request-Id", request->id, payload);
}
