/* From a request to its answer: the table of routes (routes.def), matching, and the rules all of them share. Thread-safe. */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/jread.h"
#include "http/reply.h"
#include "model/metamodel.h"

/* Parameters of queries, by bit. */
enum {
#define PARAM(symbol, name, type, meaning) PARAM_##symbol,
#include "http/params.def"
#undef PARAM
        PARAM_COUNT
};

typedef enum { METHOD_GET } RouteMethod;
typedef enum { NO_FLAGS = 0, IN_PROJECT = 1, TAGGED = 2, QUICK = 4 } RouteFlags;
enum { BODY_NONE = 0 };
/* Permissions of the metamodel, or none. */
enum { ROUTE_PUBLIC = -1, ROUTE_READ = ZW_PERM_READ };

typedef struct Route Route;

/* What a handler works on: the request, and the input of its use case made from path and query. */
typedef struct {
        const HttpRequest *request;
        const Route *route;
        json_t *input;
} RouteCall;

typedef bool (*RouteFn)(const RouteCall *call, HttpReply *reply, GError **error);

struct Route {
        const char *pattern;
        RouteFn run;
        size_t body;
        const char *usecase;
        const char *summary;
        RouteMethod method;
        int permission;
        RouteFlags flags;
        unsigned params;
};

#define ROUTE(method, pattern, handler, permission, body, flags, usecase, params, summary) \
        bool handler(const RouteCall *call, HttpReply *reply, GError **error);
#include "http/routes.def"
#undef ROUTE

enum {
#define ROUTE(method, pattern, handler, permission, body, flags, usecase, params, summary) +1
        ROUTE_COUNT = 0
#include "http/routes.def"
#undef ROUTE
};
const Route *route_table(size_t *ret_n);

/* The route of a request, with the input made from its address; the input is to be freed when it was found. Errors:
 * NOT_FOUND, METHOD, USAGE with near names, and those of request_check and target_parse. */
const Route *route_find(const HttpRequest *request, json_t **ret_input, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Answers the request; what fails becomes a problem document. `input` is taken. */
void route_run(const Route *route, const HttpRequest *request, json_t *input, HttpReply *reply);

/* For handlers: the report of a type in a format, `html` or `json`, with the call's input. */
bool report_reply(const RouteCall *call, const char *type, const char *format, HttpReply *reply,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a use case writes for the call's input. */
json_t *route_call_json(const RouteCall *call, const char *usecase, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
