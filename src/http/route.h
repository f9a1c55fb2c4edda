/* From a request to its answer: the table of routes (routes.def), matching, and the rules all of them share. Thread-safe. */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "base/jread.h"
#include "http/reply.h"
#include "http/sign.h"
#include "model/metamodel.h"

/* Parameters of queries, and sets of them. */
enum {
#define PARAM(symbol, name, type, meaning) PARAM_##symbol,
#include "http/params.def"
#undef PARAM
        PARAM_COUNT
};
typedef unsigned __int128 ParamSet;
#define PARAM_BIT(param) ((ParamSet)1 << (param))
G_STATIC_ASSERT(PARAM_COUNT <= 128);

typedef enum { PARAM_TEXT, PARAM_FLAG, PARAM_NUMBER, PARAM_LIST } ParamType;
typedef struct {
        const char *name, *meaning;
        ParamType type;
} Param;

/* IN_PROJECT and the others are told in routes.def; CREATES: what is done makes something, 201; COMMITS: it makes a commit,
 * and takes a message, editorial, dry_run and an Idempotency-Key; ENDLESS: events, until the client goes; PAGE: of the user
 * interface; KEPT: the answer depends on nothing but the address, who asks and what is in the store, so that it may be given
 * again while nothing is written (answers.h): not on the time, and no secret is in it; PROBE: asked by machines every few
 * seconds, so that the log has it at debug unless it fails. */
typedef enum {
        NO_FLAGS = 0,
        IN_PROJECT = 1,
        TAGGED = 2,
        QUICK = 4,
        CREATES = 8,
        COMMITS = 16,
        ENDLESS = 32,
        PAGE = 64,
        KEPT = 128,
        PROBE = 256
} RouteFlags;
/* Permissions of the metamodel, or none. */
enum {
        ROUTE_PUBLIC = -1,
        ROUTE_READ = ZW_PERM_READ,
        ROUTE_AUDIT = ZW_PERM_AUDIT,
        ROUTE_CHANGE = ZW_PERM_CHANGE,
        ROUTE_IMPORT = ZW_PERM_IMPORT,
        ROUTE_ADMIN = ZW_PERM_ADMIN,
        ROUTE_TEST = ZW_PERM_TEST,
        ROUTE_SIGN = ZW_PERM_SIGN,
        ROUTE_COMMENT = ZW_PERM_COMMENT,
};

typedef struct Route Route;

/* What a handler works on: the request, who asks, the input of its use case made from path and query, and the body. */
typedef struct {
        const HttpRequest *request;
        const Route *route;
        const Signed *by; /* nobody in particular for a public route */
        json_t *input;    /* may be added to */
        Body *body;       /* or NULL */
        json_t *json;     /* the body when it is an object of JSON, else NULL; may be changed */
} RouteCall;

typedef bool (*RouteFn)(const RouteCall *call, HttpReply *reply, GError **error);

struct Route {
        const char *pattern;
        RouteFn run;
        BodyKind body;
        const char *usecase;
        const char *summary;
        HttpMethod method;
        int permission;
        RouteFlags flags;
        ParamSet params;
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

/* The rows of params.def. */
const Param *route_param_table(void);
/* Parameters a route takes, those of its flags too: bits of the enumeration above. */
ParamSet route_params(const Route *route);
/* The route of a request, with the input made from its address; the input is to be freed when it was found. What methods the
 * address takes is noted in the request. Errors: NOT_FOUND, METHOD, USAGE with near names, LIMIT and MEDIA_TYPE for the body
 * that is announced, and those of request_check and target_parse. */
const Route *route_find(HttpRequest *request, json_t **ret_input, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Who asks, before anything of the body is read; nobody in particular for a public route. Errors: those of sign_check. */
bool route_admit(const Route *route, const HttpRequest *request, Signed *ret_by, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Answers the request; what fails becomes a problem document. `input` is taken; `body` (or NULL) is not. */
void route_run(const Route *route, const HttpRequest *request, const Signed *by, json_t *input, Body *body,
               HttpReply *reply);

/* Whether the user interface has pages whose address begins with this segment. */
bool app_has_page(const char *name) G_GNUC_WARN_UNUSED_RESULT;
/* For handlers: the report of a type in a format, with the call's input. */
bool report_reply(const RouteCall *call, const char *type, const char *format, HttpReply *reply,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a use case writes for the call's input, or for another. */
json_t *route_call_json(const RouteCall *call, const char *usecase, GError **error) G_GNUC_WARN_UNUSED_RESULT;
json_t *route_call_with(const RouteCall *call, const char *usecase, const json_t *input, ServiceFiles files,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds to the input which host and page passkeys of this request are for. */
void passkey_page_set(const RouteCall *call);
/* Sets the cookie of a session. */
void sign_cookie_set(HttpReply *reply, const SecretText *session);
/* A text out of a body, which holds it no more, wiped there; NULL when there is none. */
SecretText *route_secret(json_t *body, const char *name);

#endif
