/* A request as the handlers see it, free of the library that read it; and what all requests share.
 * A request belongs to one thread at a time; the context is constant but for its atomic members. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "http/note.h"
#include "http/target.h"
#include "service/service.h"

typedef struct Metrics Metrics;

/* What every request is answered from. */
typedef struct {
        Service *service;
        Caller caller;    /* as whom requests are answered */
        const char *host; /* a host name to answer to besides those of loopback; "" for none */
        Metrics *metrics;
        int ending; /* atomic: the server drains */
} HttpContext;

typedef enum { HTTP_GET, HTTP_HEAD, HTTP_OTHER } HttpMethod;

typedef struct {
        char id[NOTE_ID];
        HttpContext *context;
        HttpMethod method;
        char *target;        /* as it came */
        char *host;          /* of the one Host field, else NULL */
        char *if_none_match; /* or NULL */
        unsigned hosts;      /* how many Host fields there were */
        size_t header_bytes;
        bool has_body;
        bool has_bad_field; /* one that another reader may take for something else */
} HttpRequest;

HttpRequest *request_new(HttpContext *context, const char *target);
void request_free(HttpRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpRequest, request_free)

/* True when another reader of the same bytes could see the next request elsewhere: the connection ends with this one. */
bool request_is_last(const HttpRequest *request);

/* Takes one header field, as the request came with it. */
void request_add_header(HttpRequest *request, const char *name, const char *value);

/* What must hold whatever the address: one Host field that names this machine (a page of elsewhere whose name was bound to
 * this address would send its own), and not too much. Errors: HOST, USAGE, HEADERS_LENGTH. */
bool request_check(const HttpRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
