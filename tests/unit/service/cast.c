#include "cast.h"

#include "base/error.h"
#include "base/hash.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { ANSWER_MAX = 16 << 20 };

static void open_it(Cast *cast)
{
        g_autoptr(GError) error = NULL;

        cast->service = service_open(cast->dir, &error);
        g_assert_no_error(error);
        g_assert_true(service_local_caller(cast->service, "host", &cast->local, &error));
}

void cast_set_up(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GError) error = NULL;

        hash_init();
        cast->tmp = g_dir_make_tmp("zw-cast-XXXXXX", &error);
        g_assert_no_error(error);
        cast->dir = g_build_filename(cast->tmp, "data", NULL);
        g_assert_true(service_create(cast->dir, &error));
        open_it(cast);
        json_decref(cast_do(cast, "project.create", json_of("{'key':'OWN'}")));
}

static void remove_tree(const char *path)
{
        GDir *dir = g_dir_open(path, 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *below = g_build_filename(path, name, NULL);

                remove_tree(below);
        }
        if (dir != NULL)
                g_dir_close(dir);
        g_remove(path);
}

void cast_tear_down(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        service_close(cast->service);
        remove_tree(cast->tmp);
        g_free(cast->dir);
        g_free(cast->tmp);
}

json_t *json_of(const char *format, ...)
{
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;
        json_t *json;
        va_list args;

        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        json = jread_parse(g_strdelimit(text, "'", '"'), strlen(text), &error);
        g_assert_no_error(error);
        return json;
}

static int file_of(const char *text)
{
        int fd = memfd_create("password", MFD_CLOEXEC);

        g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize)strlen(text));
        g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
        return fd;
}

json_t *cast_try(Cast *cast, const Caller *caller, const char *usecase, json_t *input, const char *file,
                 GError **error)
{
        g_autoptr(Json) owned G_GNUC_UNUSED = input;
        g_autoptr(Out) out = out_new(ANSWER_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        ServiceFile given = { "password", -1 };
        bool ok;

        if (file != NULL)
                given.fd = file_of(file);
        ok = service_call(cast->service, caller, usecase, input, (ServiceFiles){ &given, file != NULL }, w,
                          error);
        if (given.fd >= 0)
                close(given.fd);
        return ok ? jread_parse(out_data(out), out_length(out), error) : NULL;
}

json_t *cast_do(Cast *cast, const char *usecase, json_t *input)
{
        g_autoptr(GError) error = NULL;
        json_t *answer = cast_try(cast, &cast->local, usecase, input, NULL, &error);

        g_assert_no_error(error);
        g_assert_nonnull(answer);
        return answer;
}

void cast_refuse(Cast *cast, const Caller *caller, const char *usecase, json_t *input, int code)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = cast_try(cast, caller, usecase, input, NULL, &error);

        g_assert_null(answer);
        g_assert_error(error, ZW_ERROR, code);
}

Caller cast_person(Cast *cast, const char *name)
{
        Caller caller;

        json_decref(cast_do(cast, "user.add", json_of("{'name':'%s'}", name)));
        g_assert_true(service_local_caller(cast->service, name, &caller, NULL));
        caller.origin = ORIGIN_UI;
        return caller;
}

void cast_password(Cast *cast, const char *name, const char *password)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = cast_try(cast, &cast->local, "user.password",
                                          json_of("{'person':'%s'}", name), password, &error);

        g_assert_no_error(error);
        g_assert_nonnull(answer);
}

void cast_write(Cast *cast, StoreWriteFn fn, void *payload)
{
        g_autoptr(GError) error = NULL;
        Store *store;

        service_close(cast->service);
        store = store_open(cast->dir, &error);
        g_assert_no_error(error);
        g_assert_true(store_write(store, fn, payload, &error));
        store_close(store);
        open_it(cast);
}
