/* Imports at a server elsewhere. */
#include "base/error.h"
#include "base/fd.h"
#include "http/body.h"
#include "http/client_internal.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Waits between two questions grow from the first to the last. */
enum { ASK_FIRST_MICROSECONDS = 20000, ASK_LAST_MICROSECONDS = 1000000, CHUNK = 1 << 16, PATH_BYTES = 256 };

/* ---- the form with the files ---- */

static bool text_write(int fd, const char *text, GError **error)
{
        const size_t n = strlen(text);

        if (write(fd, text, n) == (ssize_t)n)
                return true;
        error_set(error, ZW_ERR_STORAGE, NULL, "the form cannot be written: %s", g_strerror(errno));
        return false;
}

static bool file_copy(const ServiceFile *file, int to, GError **error)
{
        g_autofree char *chunk = g_malloc(CHUNK);
        off_t at = 0;
        ssize_t n;

        while ((n = pread(file->fd, chunk, CHUNK, at)) > 0) {
                if (write(to, chunk, (size_t)n) != n)
                        break;
                at += n;
        }
        if (n != 0)
                error_set(error, ZW_ERR_STORAGE, file->name, "the file cannot be handed over: %s",
                          g_strerror(errno));
        return n == 0;
}

/* A name goes in quotes, in which a quote and a backslash have one before them. */
static char *part_head(const char *boundary, const char *name)
{
        GString *head = g_string_new(NULL);

        g_string_append_printf(head, "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"",
                               boundary);
        for (const char *at = name; *at != '\0'; at++) {
                if (*at == '"' || *at == '\\')
                        g_string_append_c(head, '\\');
                g_string_append_c(head, *at);
        }
        g_string_append(head, "\"\r\n\r\n");
        return g_string_free(head, FALSE);
}

static int form_new(ServiceFiles files, const char *boundary, GError **error)
{
        g_auto(Fd) fd = body_file_new(g_get_tmp_dir(), error);
        g_autofree char *end = g_strdup_printf("--%s--\r\n", boundary);

        for (size_t i = 0; fd >= 0 && i < files.n; i++) {
                g_autofree char *name = g_path_get_basename(files.files[i].name);
                g_autofree char *head = part_head(boundary, name);

                if (!text_write(fd, head, error) || !file_copy(&files.files[i], fd, error) ||
                    !text_write(fd, "\r\n", error))
                        return -1;
        }
        return fd >= 0 && text_write(fd, end, error) ? fd_steal(&fd) : -1;
}

/* ---- the job ---- */

/* *ret_ended once it has ended well, with the result in `out`. */
static bool job_take(const json_t *job, Out *out, bool *ret_ended, GError **error)
{
        const char *state = jread_get_string(job, "state");
        g_autoptr(JWrite) w = NULL;

        *ret_ended = false;
        if (g_strcmp0(state, "failed") == 0)
                return client_problem(json_object_get(job, "problem"), 0, error);
        if (g_strcmp0(state, "cancelled") == 0) {
                error_set(error, ZW_ERR_CANCELLED, NULL, "the work was cancelled at the server");
                return false;
        }
        if (g_strcmp0(state, "done") != 0)
                return true;
        *ret_ended = true;
        w = jwrite_new(out);
        jwrite_json(w, json_object_get(job, "result"));
        return true;
}

static bool job_wait(Client *client, const char *id, Progress *progress, Out *out, GError **error)
{
        char path[PATH_BYTES];
        gulong pause = ASK_FIRST_MICROSECONDS;
        bool ended = false;

        g_snprintf(path, sizeof(path), "/api/v1/jobs/%s", id);
        while (!ended) {
                const TransferRequest request = { .method = "GET", .path = path, .to_fd = -1 };
                g_auto(TransferAnswer) answer = { 0 };
                g_autoptr(Json) job = NULL;

                g_usleep(pause);
                pause = MIN(pause * 2, ASK_LAST_MICROSECONDS);
                if (!client_run(client, &request, &answer, error))
                        return false;
                job = jread_parse(out_data(answer.body), out_length(answer.body), error);
                if (job == NULL || !job_take(job, out, &ended, error))
                        return false;
                if (progress != NULL && g_get_monotonic_time() >= progress->next)
                        progress_relay(progress, job);
        }
        return true;
}

bool client_job(Client *client, const Out *accepted, Progress *progress, Out *out, GError **error)
{
        g_autoptr(Json) taken = jread_parse(out_data(accepted), out_length(accepted), NULL);

        if (jread_get_string(taken, "job") != NULL)
                return job_wait(client, jread_get_string(taken, "job"), progress, out, error);
        error_set(error, ZW_ERR_NETWORK, NULL, "the server did not say which job it began");
        return false;
}

bool client_import(Client *client, const char *path, ServiceFiles files, Progress *progress, Out *out,
                   GError **error)
{
        char boundary[ZW_ID_HEX];
        const Id id = id_new();
        g_autofree char *type = NULL;
        g_auto(Fd) form = -1;
        g_auto(TransferAnswer) answer = { 0 };
        TransferRequest request = { .method = "POST", .path = path, .to_fd = -1 };
        struct stat facts = { 0 };

        hex_encode(id.b, ZW_ID_BYTES, boundary);
        type = g_strdup_printf("multipart/form-data; boundary=%s", boundary);
        form = form_new(files, boundary, error);
        if (form < 0)
                return false;
        if (fstat(form, &facts) != 0) {
                error_set(error, ZW_ERR_STORAGE, NULL, "the form cannot be read: %s", g_strerror(errno));
                return false;
        }
        request.type = type;
        request.body_fd = form;
        request.body_bytes = facts.st_size;
        if (!client_run(client, &request, &answer, error))
                return false;
        return client_job(client, answer.body, progress, out, error);
}
