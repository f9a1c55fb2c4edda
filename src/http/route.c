#include "http/route.h"

#include "base/error.h"
#include "base/near.h"
#include "http/shapes.h"

#include <string.h>

static const Param params[] = {
#define PARAM(symbol, name, type, meaning) { (name), (meaning), PARAM_##type },
#include "http/params.def"
#undef PARAM
};

#define P(param)      PARAM_BIT(PARAM_##param)
#define NO_PARAMS     ((ParamSet)0)
#define REPORT_PARAMS (P(ZONE) | P(ZONES) | P(SYSTEMS) | P(FROM) | P(TO))
static const Route routes[] = {
#define ROUTE(method_, pattern_, handler, permission_, body_, flags_, usecase_, params_, summary_) \
        { .method = HTTP_##method_,                                                                \
          .pattern = (pattern_),                                                                   \
          .run = (handler),                                                                        \
          .permission = ROUTE_##permission_,                                                       \
          .body = (body_),                                                                         \
          .flags = (flags_),                                                                       \
          .usecase = (usecase_),                                                                   \
          .params = (params_),                                                                     \
          .summary = (summary_) },
#include "http/routes.def"
#undef ROUTE
};

const Param *route_param_table(void)
{
        return params;
}

const Route *route_table(size_t *ret_n)
{
        *ret_n = G_N_ELEMENTS(routes);
        return routes;
}

/* ---- matching ---- */

/* The segments of a target that a route is to match: without /p/KEY in front. */
typedef struct {
        char *const *segments;
        size_t n;
        const char *project; /* of /p/KEY, or NULL */
} Path;

static char *const root_segments[] = { (char *)(uintptr_t) "" };

static Path path_of(const Target *target)
{
        Path path = { (char *const *)target->segments->pdata, target->segments->len, NULL };

        if (path.n < 2 || strcmp(path.segments[0], "p") != 0 || path.segments[1][0] == '\0')
                return path;
        path.project = path.segments[1];
        path.segments += 2;
        path.n -= 2;
        if (path.n == 0)
                path = (Path){ root_segments, 1, path.project };
        return path;
}

/* One part of a pattern, `n` characters, against a segment: `literal`, `{name}` or `{name}.ending`. What the name stands for
 * goes to `input` (which may be NULL). */
static bool part_matches(const char *part, size_t n, const char *segment, json_t *input)
{
        const char *brace = part[0] == '{' ? memchr(part, '}', n) : NULL;
        size_t length = strlen(segment), ending;

        if (brace == NULL)
                return length == n && strncmp(segment, part, n) == 0;
        ending = n - (size_t)(brace + 1 - part);
        if (length <= ending || strncmp(segment + length - ending, brace + 1, ending) != 0)
                return false;
        if (input != NULL)
                json_object_setn_new(input, part + 1, (size_t)(brace - part - 1),
                                     json_stringn(segment, length - ending));
        return true;
}

/* True when they match; what stands for names goes to `input` (which may be NULL). */
static bool pattern_matches(const char *pattern, const Path *path, json_t *input)
{
        size_t i = 0;

        for (const char *at = pattern; *at == '/'; i++) {
                size_t n = strcspn(at + 1, "/");

                if (i == path->n || !part_matches(at + 1, n, path->segments[i], input))
                        return false;
                at += 1 + n;
        }
        return i == path->n;
}

/* What no row before has taken is a page of the user interface only where it says so. */
static bool is_page_or_else(const Route *route, const Path *path)
{
        return !g_str_has_prefix(route->pattern, "/{page}") || app_has_page(path->segments[0]);
}

static bool route_takes(const Route *route, HttpMethod method)
{
        return route->method == method || (route->method == HTTP_GET && method == HTTP_HEAD);
}

/* The first row of the path and the method. Without one, the rows of the path say which methods there are. */
static const Route *route_match(const Path *path, HttpRequest *request, GError **error)
{
        request->allowed = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(routes); i++) {
                if (!pattern_matches(routes[i].pattern, path, NULL) || !is_page_or_else(&routes[i], path))
                        continue;
                if (path->project != NULL && (routes[i].flags & IN_PROJECT) == 0)
                        break;
                if (route_takes(&routes[i], request->method))
                        return &routes[i];
                request->allowed |= 1U << routes[i].method;
                if (routes[i].method == HTTP_GET)
                        request->allowed |= 1U << HTTP_HEAD;
        }
        if (request->allowed == 0)
                error_set(error, ZW_ERR_NOT_FOUND, NULL, "there is nothing at this address");
        else
                error_set(error, ZW_ERR_METHOD, NULL, "this address does not take the method %s",
                          method_name(request->method));
        return NULL;
}

/* ---- parameters ---- */

static const Param *param_find(const char *name, ParamSet allowed, GError **error)
{
        const char *names[PARAM_COUNT];
        g_autofree char *near = NULL;
        size_t n = 0;

        for (size_t i = 0; i < PARAM_COUNT; i++) {
                if ((allowed & PARAM_BIT(i)) == 0)
                        continue;
                if (strcmp(params[i].name, name) == 0)
                        return &params[i];
                names[n++] = params[i].name;
        }
        near = near_names(name, names, n);
        error_set(error, ZW_ERR_USAGE, name, "this address takes no parameter \"%s\"%s", name, near);
        return NULL;
}

static json_t *flag_value(const char *name, const char *text, GError **error)
{
        if (text[0] == '\0' || strcmp(text, "true") == 0)
                return json_true();
        if (strcmp(text, "false") == 0)
                return json_false();
        error_set(error, ZW_ERR_USAGE, name, "\"%s\" is neither true nor false", text);
        return NULL;
}

static json_t *number_value(const char *name, const char *text, GError **error)
{
        gint64 number;

        if (g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &number, NULL))
                return json_integer(number);
        error_set(error, ZW_ERR_USAGE, name, "\"%s\" is no number", text);
        return NULL;
}

static json_t *param_value(const Param *param, const char *text, GError **error)
{
        switch (param->type) {
        case PARAM_FLAG:
                return flag_value(param->name, text, error);
        case PARAM_NUMBER:
                return number_value(param->name, text, error);
        case PARAM_TEXT:
        case PARAM_LIST:
        default:
                return json_string(text);
        }
}

static bool param_set(json_t *input, const Param *param, const char *text, GError **error)
{
        json_t *value, *before = json_object_get(input, param->name);

        if (param->type == PARAM_LIST) {
                if (before == NULL)
                        json_object_set_new(input, param->name, before = json_array());
                json_array_append_new(before, json_string(text));
                return true;
        }
        if (before != NULL) {
                error_set(error, ZW_ERR_USAGE, param->name, "\"%s\" is given twice", param->name);
                return false;
        }
        value = param_value(param, text, error);
        return value != NULL && json_object_set_new(input, param->name, value) == 0;
}

ParamSet route_params(const Route *route)
{
        ParamSet allowed = route->params;

        if (route->flags & IN_PROJECT)
                allowed |= P(PROJECT);
        if ((route->flags & IN_PROJECT) && route->method == HTTP_GET)
                allowed |= P(AT) | P(INSTANT);
        if (route->flags & COMMITS)
                allowed |= P(MESSAGE) | P(EDITORIAL) | P(DRY_RUN);
        return allowed;
}

static json_t *input_of(const Route *route, const Path *path, const Target *target, GError **error)
{
        g_autoptr(Json) input = json_object();
        const ParamSet allowed = route_params(route);

        if (path->project != NULL)
                json_object_set_new(input, "project", json_string(path->project));
        for (guint i = 0; (route->flags & PAGE) == 0 && i < target->query->len; i++) {
                const QueryPair *pair = &g_array_index(target->query, QueryPair, i);
                const Param *param = param_find(pair->name, allowed, error);

                if (param == NULL || !param_set(input, param, pair->value, error))
                        return NULL;
        }
        (void)pattern_matches(route->pattern, path, input);
        return g_steal_pointer(&input);
}

/* ---- the request as a whole ---- */

/* What is announced of a body, before any of it is read. */
static bool body_check(const Route *route, const HttpRequest *request, GError **error)
{
        const BodyRule *rule = body_rule(route->body);

        if (rule->most == 0) {
                if (!request->has_body)
                        return true;
                error_set(error, ZW_ERR_LIMIT, NULL, "this address takes no body");
                return false;
        }
        if (request->body_bytes == 0) {
                error_set(error, ZW_ERR_USAGE, NULL, "this address takes a body");
                return false;
        }
        if (request->body_bytes > rule->most) {
                error_set(error, ZW_ERR_LIMIT, NULL,
                          "this address takes a body of at most %" G_GUINT64_FORMAT " bytes", rule->most);
                return false;
        }
        return body_type_check(route->body, request->fields[FIELD_CONTENT_TYPE], error);
}

/* Where a repetition would not be seen, nobody is to rely on it. */
static bool repeat_check(const Route *route, const HttpRequest *request, GError **error)
{
        if (request->fields[FIELD_IDEMPOTENCY_KEY] == NULL || route->method == HTTP_GET ||
            (route->flags & COMMITS))
                return true;
        error_set(error, ZW_ERR_USAGE, "Idempotency-Key", "this address takes no Idempotency-Key");
        return false;
}

const Route *route_find(HttpRequest *request, json_t **ret_input, GError **error)
{
        g_auto(Target) target = { 0 };
        const Route *route;
        Path path;

        if (!request_check(request, error) || !target_parse(request->target, &target, error))
                return NULL;
        path = path_of(&target);
        route = route_match(&path, request, error);
        if (route == NULL || !repeat_check(route, request, error) || !body_check(route, request, error))
                return NULL;
        *ret_input = input_of(route, &path, &target, error);
        return *ret_input == NULL ? NULL : route;
}

bool route_admit(const Route *route, const HttpRequest *request, Signed *ret_by, GError **error)
{
        const bool changes = route->method != HTTP_GET;

        if (route->permission == ROUTE_PUBLIC)
                return !changes || sign_origin_check(request, error);
        return sign_check(request, changes, ret_by, error);
}

/* A body from memory, or from the file that a long one lies in. */
static json_t *body_parse(Body *body, GError **error)
{
        g_autoptr(GMappedFile) mapped = NULL;
        int fd;

        if (body_text(body) != NULL)
                return jread_parse(body_text(body), (size_t)body_length(body), error);
        fd = body_fd(body, error);
        if (fd < 0)
                return NULL;
        mapped = g_mapped_file_new_from_fd(fd, false, NULL);
        if (mapped == NULL) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the body cannot be read again");
                return NULL;
        }
        return jread_parse(g_mapped_file_get_contents(mapped), g_mapped_file_get_length(mapped), error);
}

/* The object a JSON body is, of the shape the route takes. */
static bool json_read(const Shapes *shapes, const Route *route, Body *body, json_t **ret_json, GError **error)
{
        if (body == NULL || !body_rule(route->body)->is_json)
                return true;
        *ret_json = body_parse(body, error);
        if (*ret_json == NULL)
                return false;
        if (!json_is_object(*ret_json)) {
                error_set(error, ZW_ERR_INPUT, "", "the body is one object");
                return false;
        }
        return shapes_check(shapes, shapes_takes(shapes, route), *ret_json, error);
}

void route_run(const Route *route, const HttpRequest *request, const Signed *by, json_t *input, Body *body,
               HttpReply *reply)
{
        g_autoptr(Json) owned = input, json = NULL;
        g_autoptr(GError) error = NULL;
        RouteCall call = { .request = request, .route = route, .by = by, .input = owned, .body = body };

        if (json_read(request->context->shapes, route, body, &json, &error)) {
                call.json = json;
                if (route->run(&call, reply, &error)) {
                        if ((route->flags & TAGGED) && reply->status == 200 && reply->etag == NULL)
                                reply_tag(reply);
                        return;
                }
        }
        reply_problem(reply, request, error);
}
