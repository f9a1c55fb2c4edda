#include "http/client_internal.h"

#include "base/error.h"
#include "base/fd.h"
#include "http/markup.h"
#include "http/route.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_MAX_BYTES = 1 << 16, BODY_MAX_BYTES = 1 << 28, TOKEN_MAX = 256, SECRET_MAX = 4096 };

struct Client {
        Transfer *transfer;
};

Client *client_open(const char *url, const char *token_file, GError **error)
{
        g_autoptr(Client) client = g_new0(Client, 1);
        g_autoptr(SecretText) token = NULL;
        g_auto(Fd) fd = token_file == NULL ? -1 : open(token_file, O_RDONLY | O_CLOEXEC);

        if (fd < 0) {
                error_set(error, token_file == NULL ? ZW_ERR_USAGE : ZW_ERR_STORAGE,
                          token_file == NULL ? "token-file" : token_file, "%s",
                          token_file == NULL ? "a server is asked with a token: --token-file FILE"
                                             : g_strerror(errno));
                return NULL;
        }
        token = secret_text_read(fd, TOKEN_MAX, error);
        client->transfer = token == NULL ? NULL : transfer_new(url, token, error);
        return client->transfer == NULL ? NULL : g_steal_pointer(&client);
}

void client_close(Client *client)
{
        if (client == NULL)
                return;
        transfer_free(client->transfer);
        g_free(client);
}

/* ---- which route ---- */

/* Use cases that more than one route, or another, has. */
static const struct {
        const char *usecase, *method, *pattern;
} chosen[] = { { "item.list", "GET", "/api/v1/items" },  { "suspect.list", "GET", "/api/v1/suspects" },
               { "edit", "POST", "/api/v1/changes" },    { "project.list", "GET", "/api/v1/projects" },
               { "user.me", "GET", "/api/v1/users/me" }, { "sample.create", "POST", "/api/v1/projects" } };

/* Use cases that take a member of their input as the whole body; without it, it is taken away by another method. */
static const struct {
        const char *usecase, *member;
} wholes[] = { { "workflow.set", "workflow" }, { "profile.set", "profile" } };

static const char *whole_of(const char *usecase)
{
        for (size_t i = 0; i < G_N_ELEMENTS(wholes); i++)
                if (strcmp(wholes[i].usecase, usecase) == 0)
                        return wholes[i].member;
        return NULL;
}

/* How many names in braces the pattern has; -1 when the input lacks one of them. */
static int braces_of(const char *pattern, const json_t *input)
{
        int n = 0;

        for (const char *at = strchr(pattern, '{'); at != NULL; at = strchr(at + 1, '{'), n++) {
                g_autofree char *name = g_strndup(at + 1, strcspn(at + 1, "}"));
                const char *value = jread_get_string(input, name);

                if (value == NULL || value[0] == '\0')
                        return -1;
        }
        return n;
}

static bool route_is_chosen(const Route *route, const char *usecase, bool *ret_other)
{
        *ret_other = false;
        for (size_t i = 0; i < G_N_ELEMENTS(chosen); i++) {
                if (strcmp(chosen[i].usecase, usecase) != 0)
                        continue;
                *ret_other = true;
                return strcmp(method_name(route->method), chosen[i].method) == 0 &&
                       strcmp(route->pattern, chosen[i].pattern) == 0;
        }
        return route->usecase != NULL && strcmp(route->usecase, usecase) == 0;
}

/* What is a whole body is taken away by another method, and a report has its format in its name. */
static bool route_suits(const Route *route, const char *usecase, const json_t *input)
{
        const char *format = jread_get_string(input, "format");
        g_autofree char *ending = g_strconcat("/reports/{type}.", format == NULL ? "html" : format, NULL);

        if (strcmp(usecase, "report") == 0)
                return strcmp(route->pattern, ending) == 0;
        if (whole_of(usecase) != NULL)
                return (route->method == HTTP_DELETE) ==
                       json_is_null(json_object_get(input, whole_of(usecase)));
        return true;
}

/* The route of the use case with the most names the input has. */
static const Route *route_of(const char *usecase, const json_t *input, GError **error)
{
        const Route *best = NULL;
        int most = -1;
        size_t n;
        const Route *routes = route_table(&n);

        for (size_t i = 0; i < n; i++) {
                bool other;
                int braces;

                if ((routes[i].flags & ENDLESS) || !route_is_chosen(&routes[i], usecase, &other) ||
                    !route_suits(&routes[i], usecase, input))
                        continue;
                braces = braces_of(routes[i].pattern, input);
                if (braces > most) {
                        most = braces;
                        best = &routes[i];
                }
        }
        if (best == NULL)
                error_set(error, ZW_ERR_USAGE, usecase, "a server elsewhere cannot be asked for this");
        return best;
}

/* ---- the request ---- */

typedef struct {
        const Route *route;
        Out *path;
        json_t *body; /* or NULL */
        char separator;
} Asking;

static void asking_clear(Asking *asking)
{
        out_free(asking->path);
        json_decref(asking->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asking, asking_clear)

static void path_write(Asking *asking, const json_t *input)
{
        for (const char *at = asking->route->pattern; *at != '\0'; at++) {
                if (*at == '{') {
                        g_autofree char *name = g_strndup(at + 1, strcspn(at + 1, "}"));

                        markup_url(asking->path, jread_get_string(input, name));
                        at += strcspn(at, "}");
                } else {
                        out_char(asking->path, *at);
                }
        }
}

static void pair_write(Asking *asking, const char *name, const json_t *value)
{
        g_autofree char *other = json_is_integer(value) || json_is_object(value)
                                         ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY)
                                         : NULL;
        const json_t *one;
        size_t i;

        json_array_foreach(value, i, one) pair_write(asking, name, one);
        if (json_is_array(value))
                return;
        out_format(asking->path, "%c%s=", asking->separator, name);
        asking->separator = '&';
        markup_url(asking->path, json_is_string(value) ? json_string_value(value)
                                 : other != NULL       ? other
                                 : json_is_true(value) ? "true"
                                                       : "false");
}

static bool is_param(const Route *route, const char *name)
{
        const Param *params = route_param_table();
        const ParamSet taken = route_params(route);

        for (int i = 0; i < PARAM_COUNT; i++)
                if ((taken & PARAM_BIT(i)) != 0 && strcmp(params[i].name, name) == 0)
                        return true;
        return false;
}

/* Says nothing: what is left out means the same. */
static bool is_empty(const json_t *value)
{
        return json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0) ||
               (json_is_string(value) && json_string_length(value) == 0);
}

/* What every command hands over, whether its use case takes it or not. */
static bool is_common(const char *name)
{
        static const char *const names[] = { "project", "at", "instant", "message", "editorial", NULL };

        return g_strv_contains(names, name);
}

static void members_place(Asking *asking, const json_t *input)
{
        const bool takes_json = body_rule(asking->route->body)->is_json;
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)input, name, value)
        {
                g_autofree char *braced = g_strdup_printf("{%s}", name);

                if (strstr(asking->route->pattern, braced) != NULL)
                        continue;
                if (is_param(asking->route, name)) {
                        if (!is_empty(value))
                                pair_write(asking, name, value);
                } else if (takes_json && !is_common(name) && !json_is_null(value)) {
                        json_object_set(asking->body, name, value);
                }
        }
}

/* Secrets are in files here, and in the body on their way. */
static bool secrets_place(Asking *asking, ServiceFiles files, GError **error)
{
        for (size_t i = 0; i < files.n; i++) {
                g_autoptr(SecretText) secret = secret_text_read(files.files[i].fd, SECRET_MAX, error);

                if (secret == NULL)
                        return false;
                json_object_set_new(asking->body, files.files[i].name,
                                    json_string(secret_text_reveal(secret)));
        }
        return true;
}

/* ---- the answer ---- */

bool client_problem(const json_t *problem, long status, GError **error)
{
        const char *symbol = jread_get_string(problem, "code"), *where = jread_get_string(problem, "where"),
                   *detail = jread_get_string(problem, "detail");
        g_autofree char *place = NULL;
        ZwErrorCode code;

        if (symbol == NULL || detail == NULL || !error_find(symbol, &code)) {
                error_set(error, ZW_ERR_NETWORK, NULL, "the server answered with status %ld and no reason",
                          status);
                return false;
        }
        /* Operations go one a line; with a column it is a place in a file. */
        place = where != NULL && g_str_has_prefix(where, "line ") && strchr(where, ',') == NULL
                        ? g_strconcat("operation ", where + strlen("line "), NULL)
                        : g_strdup(where);
        error_set(error, code, place, "%s", detail);
        return false;
}

bool client_run(Client *client, const TransferRequest *request, TransferAnswer *ret_answer, GError **error)
{
        g_autoptr(Json) problem = NULL;

        if (!transfer_run(client->transfer, request, ret_answer, error))
                return false;
        if (ret_answer->status / 100 == 2)
                return true;
        problem = jread_parse(out_data(ret_answer->body), out_length(ret_answer->body), NULL);
        return client_problem(problem, ret_answer->status, error);
}

/* All pages of a list, as one. */
static bool pages_read(Client *client, Asking *asking, Out *out, GError **error)
{
        g_autoptr(Json) all = json_array();
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autofree char *path = NULL;

        out_format(asking->path, "%climit=10000", asking->separator);
        path = g_strdup(out_data(asking->path));
        while (path != NULL) {
                g_auto(TransferAnswer) answer = { 0 };
                const TransferRequest request = { .method = "GET", .path = path, .to_fd = -1 };
                g_autoptr(Json) page = NULL;

                if (!client_run(client, &request, &answer, error))
                        return false;
                page = jread_parse(out_data(answer.body), out_length(answer.body), error);
                if (page == NULL)
                        return false;
                json_array_extend(all, page);
                g_free(path);
                path = g_steal_pointer(&answer.next);
        }
        jwrite_json(w, all);
        return true;
}

/* The body of the request: operations one a line, a file as it is, or the members that are left. */
static GBytes *body_make(const Asking *asking, const json_t *input, GError **error)
{
        g_autoptr(Out) out = out_new(BODY_MAX_BYTES);
        g_autoptr(JWrite) w = jwrite_new(out);
        const json_t *op;
        size_t i;

        if (body_rule(asking->route->body)->is_json) {
                const char *whole = whole_of(asking->route->usecase);

                jwrite_json(w, whole != NULL ? json_object_get(input, whole) : asking->body);
                return out_steal(out, error);
        }
        json_array_foreach(json_object_get(input, "ops"), i, op)
        {
                g_autoptr(JWrite) line = jwrite_new(out);

                jwrite_json(line, op);
                out_char(out, '\n');
        }
        return out_steal(out, error);
}

static bool ask(Client *client, const Asking *asking, const json_t *input, ServiceFiles files, Out *out,
                GError **error)
{
        const BodyRule *rule = body_rule(asking->route->body);
        const bool sends_file = strcmp(rule->types, "*") == 0,
                   gets_file = rule->most == 0 && files.n == 1 && asking->route->method == HTTP_GET;
        TransferRequest request = { .method = method_name(asking->route->method),
                                    .path = out_data(asking->path),
                                    .to_fd = gets_file ? files.files[0].fd : -1 };
        g_auto(TransferAnswer) answer = { 0 };
        g_autoptr(GBytes) body = NULL;
        struct stat facts;
        gsize n;

        if (sends_file) {
                if (files.n != 1 || fstat(files.files[0].fd, &facts) != 0) {
                        error_set(error, ZW_ERR_USAGE, "file", "one file that can be read is expected");
                        return false;
                }
                request.type = "application/octet-stream";
                request.body_fd = files.files[0].fd;
                request.body_bytes = facts.st_size;
        } else if (rule->most > 0) {
                body = body_make(asking, input, error);
                if (body == NULL)
                        return false;
                request.type = rule->types;
                request.body = g_bytes_get_data(body, &n);
                request.body_bytes = (int64_t)n;
        }
        if (!client_run(client, &request, &answer, error))
                return false;
        if (gets_file && answer.answer == NULL) {
                error_set(error, ZW_ERR_NETWORK, NULL, "the server did not say what is in its file");
                return false;
        }
        if (gets_file)
                out_text(out, answer.answer);
        else
                out_bytes(out, out_data(answer.body), out_length(answer.body));
        return true;
}

/* ---- a call ---- */

/* An address that has the project in it cannot leave it out; the only one is meant then. A branch, whose key has a dot, is worked on by
 * who names it. */
static bool project_find(Client *client, json_t *input, GError **error)
{
        g_autoptr(Out) out = out_new(BODY_MAX_BYTES);
        g_autoptr(Json) projects = NULL, nothing = json_object();
        json_t *project, *key = NULL;
        size_t i, own = 0;

        if (!client_call(client, "project.list", nothing, (ServiceFiles){ NULL, 0 }, NULL, out, error))
                return false;
        projects = jread_parse(out_data(out), out_length(out), error);
        if (projects == NULL)
                return false;
        json_array_foreach(projects, i, project)
        {
                const char *name = jread_get_string(project, "key");

                if (name == NULL || strchr(name, '.') != NULL)
                        continue;
                key = json_object_get(project, "key");
                own++;
        }
        if (own != 1) {
                error_set(error, ZW_ERR_USAGE, "/project", "there are %zu projects: name one with --project",
                          own);
                return false;
        }
        return json_object_set(input, "project", key) == 0;
}

bool client_call(Client *client, const char *usecase, const json_t *given, ServiceFiles files,
                 Progress *progress, Out *out, GError **error)
{
        g_auto(Asking) asking = { .path = out_new(PATH_MAX_BYTES), .body = json_object(), .separator = '?' };
        g_autoptr(Json) input = json_copy((json_t *)(uintptr_t)given);
        const char *project = jread_get_string(input, "project");

        if ((strcmp(usecase, "project.export") == 0 || strcmp(usecase, "project.delete") == 0) &&
            (project == NULL || project[0] == '\0') && !project_find(client, input, error))
                return false;
        if (strcmp(usecase, "sample.create") == 0)
                json_object_set_new(input, "sample", json_true());
        asking.route = route_of(usecase, input, error);
        if (asking.route == NULL)
                return false;
        path_write(&asking, input);
        members_place(&asking, input);
        if (!out_check(asking.path, error))
                return false;
        if (strcmp(usecase, "item.list") == 0 || strcmp(usecase, "suspect.list") == 0)
                return pages_read(client, &asking, out, error);
        if (strcmp(usecase, "import") == 0 || strcmp(usecase, "test.ingest") == 0)
                return client_import(client, out_data(asking.path), files, progress, out, error);
        if (body_rule(asking.route->body)->is_json && !secrets_place(&asking, files, error))
                return false;
        if (strcmp(usecase, "feed.sync") == 0) { /* a job there */
                g_autoptr(Out) accepted = out_new(PATH_MAX_BYTES);

                return ask(client, &asking, input, files, accepted, error) &&
                       client_job(client, accepted, progress, out, error);
        }
        return ask(client, &asking, input, files, out, error);
}
