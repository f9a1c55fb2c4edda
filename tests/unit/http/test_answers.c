#include "http/answers.h"

#include "service/access/access.h"

#include <glib/gstdio.h>
#include <string.h>

enum { ROOM = 10000, BODY = 1000 }; /* of the answers; of one: with what it takes besides, six fit */

typedef struct {
        char *folder, *data, *cookie;
        Service *service;
        SecretText *session;
        HttpContext context;
        Answers *answers;
} Fixture;

static void set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(SecretText) code = NULL, password = secret_text_new("a long enough password", 22);
        const SignIn person = { .name = "eve", .password = password, .address = "127.0.0.1" };
        g_autoptr(GError) error = NULL;

        f->folder = g_dir_make_tmp("answers-XXXXXX", NULL);
        f->data = g_build_filename(f->folder, "data", NULL);
        g_assert_true(service_create(f->data, &error));
        f->service = service_open(f->data, &error);
        g_assert_no_error(error);
        g_assert_true(access_setup_code(f->service, &code, &error));
        g_assert_true(access_setup(f->service, code, &person, "Eve", &f->session, &error));
        f->cookie = g_strdup_printf("%s=%s", ZW_SESSION_COOKIE, secret_text_reveal(f->session));
        f->context = (HttpContext){ .host = "", .service = f->service };
        f->answers = answers_new(ROOM);
}

static void remove_all(const char *path)
{
        g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_DIR) ? g_dir_open(path, 0, NULL) : NULL;
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *below = g_build_filename(path, name, NULL);

                remove_all(below);
        }
        g_assert_cmpint(g_remove(path), ==, 0);
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        answers_free(f->answers);
        service_close(f->service);
        secret_text_free(f->session);
        remove_all(f->folder);
        g_free(f->folder);
        g_free(f->data);
        g_free(f->cookie);
}

static HttpRequest *request_for(Fixture *f, const char *target, const char *cookie)
{
        HttpRequest *request = request_new(&f->context, target);

        request->method = HTTP_GET;
        request_add_header(request, "Host", "localhost");
        request_add_header(request, "Cookie", cookie);
        return request;
}

static const Route *route_of(const char *pattern)
{
        size_t n;
        const Route *table = route_table(&n);

        for (size_t i = 0; i < n; i++)
                if (strcmp(table[i].pattern, pattern) == 0 && table[i].method == HTTP_GET)
                        return &table[i];
        g_assert_not_reached();
}

static void reply_fill(HttpReply *reply, size_t n)
{
        g_autofree char *bytes = g_strnfill(n, 'x');

        *reply = (HttpReply){ .status = 200, .type = REPLY_JSON, .body = g_bytes_new(bytes, n) };
        reply_tag(reply);
        reply_header(reply, "Zonewright-Seq", "7");
}

static void keep(Fixture *f, const char *target, size_t n)
{
        g_autoptr(HttpRequest) request = request_for(f, target, f->cookie);
        g_auto(HttpReply) reply = { 0 };

        reply_fill(&reply, n);
        answers_keep(f->answers, request, route_of("/api/v1/items/{key}"), service_generation(f->service),
                     &reply);
}

static bool is_there(Fixture *f, const char *target, const char *cookie)
{
        g_autoptr(HttpRequest) request = request_for(f, target, cookie);
        g_auto(HttpReply) reply = { 0 };
        const Route *route = NULL;

        if (!answers_find(f->answers, request, &reply, &route))
                return false;
        g_assert_cmpint(reply.status, ==, 200);
        g_assert_cmpuint(g_bytes_get_size(reply.body), >, 0);
        g_assert_nonnull(reply.etag);
        g_assert_cmpstr(reply.more->pdata[1], ==, "7");
        g_assert_true(route == route_of("/api/v1/items/{key}"));
        return true;
}

static void test_same_request_only(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        g_autofree char *more = g_strconcat(f->cookie, "; other=1", NULL);
        g_autoptr(HttpRequest) post = request_for(f, "/a", f->cookie), foreign = NULL;
        g_auto(HttpReply) reply = { 0 };
        const Route *route;

        keep(f, "/a", BODY);
        g_assert_true(is_there(f, "/a", f->cookie));
        g_assert_false(is_there(f, "/a?", f->cookie));
        g_assert_false(is_there(f, "/b", f->cookie));
        g_assert_false(is_there(f, "/a", more));
        g_assert_false(is_there(f, "/a", ""));
        post->method = HTTP_POST;
        g_assert_false(answers_find(f->answers, post, &reply, &route));
        foreign = request_new(&f->context, "/a");
        foreign->method = HTTP_GET;
        request_add_header(foreign, "Cookie", f->cookie);
        request_add_header(foreign, "Host", "evil.example");
        g_assert_false(answers_find(f->answers, foreign, &reply, &route));
}

static void test_bytes_are_bounded(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const targets[] = { "/0", "/1", "/2", "/3", "/4", "/5" };

        for (size_t i = 0; i < G_N_ELEMENTS(targets); i++)
                keep(f, targets[i], BODY);
        g_assert_true(is_there(f, "/0", f->cookie)); /* and asked for last from now on */
        keep(f, "/6", BODY);
        g_assert_true(is_there(f, "/0", f->cookie));
        g_assert_false(is_there(f, "/1", f->cookie));
        g_assert_true(is_there(f, "/6", f->cookie));
        keep(f, "/0", BODY); /* in place of itself */
        g_assert_true(is_there(f, "/2", f->cookie));
        keep(f, "/all", ROOM);
        g_assert_false(is_there(f, "/all", f->cookie));
}

static void keep_as(Fixture *f, const char *pattern, uint64_t generation, bool passing)
{
        g_autoptr(HttpRequest) request = request_for(f, "/a", f->cookie);
        g_auto(HttpReply) reply = { 0 };

        reply_fill(&reply, BODY);
        reply.passing = passing;
        answers_keep(f->answers, request, route_of(pattern), generation, &reply);
        g_assert_false(is_there(f, "/a", f->cookie));
}

static void test_what_is_not_kept(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        const uint64_t now = service_generation(f->service);
        g_autoptr(HttpRequest) nobody = request_for(f, "/a", "");
        g_auto(HttpReply) reply = { 0 };

        keep_as(f, "/api/v1/me", now, false);
        keep_as(f, "/api/v1/items/{key}", now - 2, false);
        keep_as(f, "/api/v1/items/{key}", now + 1, false);
        keep_as(f, "/api/v1/items/{key}", now, true);
        reply_fill(&reply, BODY);
        answers_keep(f->answers, nobody, route_of("/api/v1/items/{key}"), now, &reply);
        g_assert_false(is_there(f, "/a", ""));
        reply.status = 404;
        answers_keep(f->answers, nobody, route_of("/api/v1/items/{key}"), now, &reply);
        g_assert_false(is_there(f, "/a", ""));
}

static void test_ends_with_a_write(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        keep(f, "/a", BODY);
        g_assert_true(is_there(f, "/a", f->cookie));
        g_assert_true(access_sign_out(f->service, f->session, NULL));
        g_assert_false(is_there(f, "/a", f->cookie));
        keep(f, "/a", BODY); /* its session has ended */
        g_assert_false(is_there(f, "/a", f->cookie));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/http/answers/same", Fixture, NULL, set_up, test_same_request_only, tear_down);
        g_test_add("/http/answers/bounded", Fixture, NULL, set_up, test_bytes_are_bounded, tear_down);
        g_test_add("/http/answers/not-kept", Fixture, NULL, set_up, test_what_is_not_kept, tear_down);
        g_test_add("/http/answers/write", Fixture, NULL, set_up, test_ends_with_a_write, tear_down);
        return g_test_run();
}
