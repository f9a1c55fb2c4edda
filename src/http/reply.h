/* An answer, free of the library that sends it. Owned by its creator; not thread-safe. */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "base/jread.h"
#include "base/out.h"
#include "http/request.h"

#define REPLY_JSON    "application/json"
#define REPLY_PROBLEM "application/problem+json"
#define REPLY_HTML    "text/html; charset=utf-8"
#define REPLY_SVG     "image/svg+xml"
#define REPLY_EVENTS  "text/event-stream; charset=utf-8"
#define REPLY_METRICS "text/plain; version=0.0.4; charset=utf-8"

enum { ZW_REPLY_BYTES_MAX = 256 << 20 };

typedef struct {
        int status;
        const char *type; /* one of the above, or of an asset */
        GBytes *body;
        int file;                       /* the body instead, when it has bytes: owned; 0 is none */
        uint64_t file_bytes, file_from; /* the part of it that is sent */
        char *media;                    /* type of the file, in place of `type`, or NULL */
        struct Stream *stream;          /* what it goes on with, owned; then there is no body */
        char *etag;                     /* or NULL: then it is not to be stored */
        char *style;                    /* the hash of the style a page brings along, or NULL */
        GPtrArray *more;      /* names and values of further header fields, one after the other, or NULL */
        json_t *extra;        /* what a problem document says besides, should it become one, or NULL */
        bool immutable;       /* the address says which bytes these are, so they may be kept for good */
        bool varies;          /* by what the request takes */
        bool passing;         /* it says what holds now only, whatever its route: it is not given again */
        const char *encoding; /* of the body, or NULL for as it is */
        const char *policy;   /* of content security, or NULL for that of a page without scripts */
} HttpReply;

void reply_clear(HttpReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HttpReply, reply_clear)

/* 200 with what `out` holds. A page may bring one `<style>` element along, its first; its hash is allowed. Errors: LIMIT. */
bool reply_take(HttpReply *reply, const char *type, Out *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* 200 with what a file holds, which is sent as it is read. The descriptor is taken when it succeeds. Errors: STORAGE. */
bool reply_take_file(HttpReply *reply, const char *type, int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A file as the body: `fd` is taken, from its beginning to its end or what a Range of the request asks for, then 206. `tag` is
 * that of its content, with the quotes, or NULL. It is saved as `name`, never shown. Errors: STORAGE; RANGE. */
bool reply_file(HttpReply *reply, const HttpRequest *request, int fd, const char *name, const char *media,
                const char *tag, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Server-sent events, without an end: the stream is taken. */
void reply_stream(HttpReply *reply, struct Stream *stream);
/* 204. */
void reply_nothing(HttpReply *reply);
/* Adds a header field; the value is of this program, or checked. */
void reply_header(HttpReply *reply, const char *name, const char *value);
/* Replaces what there is by a problem document (RFC 9457) made from the error and `extra`: status and code are those of
 * errors.def. A place in the body becomes its `pointer`. */
void reply_problem(HttpReply *reply, const HttpRequest *request, const GError *error);
/* Gives it its tag, the hash of its bytes: whatever they depend on, the same tag means the same bytes. */
void reply_tag(HttpReply *reply);
/* The same with something in front of the hash, such as a revision. */
void reply_tag_as(HttpReply *reply, const char *prefix);
/* Makes a 200 a 304 when who reads has what that tag means already (If-None-Match). */
void reply_condition(HttpReply *reply, const HttpRequest *request);

/* Calls `fn` with each header field but those about length and connection. */
typedef void (*ReplyHeaderFn)(const char *name, const char *value, void *payload);
void reply_each_header(const HttpReply *reply, const HttpRequest *request, ReplyHeaderFn fn, void *payload);

#endif
