/* A request as the handlers see it, free of the library that read it; and what all requests share.
 * A request belongs to one thread at a time; the context is constant but for its atomic members. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/body.h"
#include "http/note.h"
#include "http/target.h"
#include "service/service.h"

typedef struct Answers Answers;
typedef struct Metrics Metrics;
typedef struct Shapes Shapes;
typedef struct Streams Streams;

/* What every request is answered from. */
typedef struct {
        Service *service;
        const char *host; /* a host name to answer to besides those of loopback; "" for none */
        bool anywhere;    /* others than this machine reach it, so that it answers to addresses as well */
        const char *dir;  /* where large bodies lie while they are read: the data directory */
        bool is_tls;      /* the server itself speaks TLS */
        Metrics *metrics;
        Answers *answers;
        const Shapes *shapes;
        Streams *streams;
        int ending; /* atomic: the server drains */
} HttpContext;

typedef enum { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OTHER } HttpMethod;
const char *method_name(HttpMethod method);
HttpMethod method_find(const char *name);

/* Header fields of fields.def. */
typedef enum {
#define FIELD(symbol, name, times) FIELD_##symbol,
#include "http/fields.def"
#undef FIELD
        FIELD_COUNT
} HttpField;

typedef struct {
        char id[NOTE_ID];
        HttpContext *context;
        HttpMethod method;
        char *target;                    /* as it came */
        char address[ZW_CALLER_ADDRESS]; /* of the client; "" when it is not known */
        char *fields[FIELD_COUNT];       /* the last value of each, or NULL */
        unsigned times[FIELD_COUNT];     /* how often it came */
        size_t header_bytes;
        uint64_t body_bytes; /* what Content-Length says */
        unsigned allowed;    /* bit per HttpMethod that the address takes, once it was looked for */
        bool has_body;
        bool takes_gzip;    /* an answer may be packed */
        bool has_bad_field; /* one that another reader may take for something else */
} HttpRequest;

HttpRequest *request_new(HttpContext *context, const char *target);
void request_free(HttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRequest, request_free)

/* Takes one header field, as the request came with it. */
void request_add_header(HttpRequest *request, const char *name, const char *value);

/* Whether an answer may be packed. */
bool request_takes_gzip(const HttpRequest *request) G_GNUC_WARN_UNUSED_RESULT;

/* What must hold whatever the address: one Host field that names this machine (a page of elsewhere whose name was bound to
 * this address would send its own), a body whose length is said once and in one way, so that no other reader of the same bytes
 * sees the next request elsewhere, and not too much. Errors: HOST, USAGE, HEADERS_LENGTH, LENGTH, MEDIA_TYPE. */
bool request_check(const HttpRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The value of a cookie, or NULL; free it. */
char *request_cookie(const HttpRequest *request, const char *name);

#endif
