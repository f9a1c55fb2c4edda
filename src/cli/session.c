#include "cli/session.h"

#include "base/error.h"
#include "base/fd.h"
#include "service/running/wire.h"

/* How long to wait for a directory that is held without a server, and between two tries. */
enum { HELD_SECONDS = 5, HELD_TRY_MICROSECONDS = 20000 };

/* True when it is open here or there. False without an error: it is held, and nobody answers. */
static bool open_once(Session *session, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autofree char *user = NULL;

        session->service = service_open(session->dir, &why);
        if (session->service != NULL) {
                user = service_user_name(geteuid());
                return service_local_caller(session->service, user, &session->caller, error);
        }
        if (!g_error_matches(why, ZW_ERROR, ZW_ERR_LOCKED)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        session->fd = wire_connect(session->dir, error);
        return session->fd >= 0;
}

static bool open_in_time(Session *session, GError **error)
{
        const gint64 end = g_get_monotonic_time() + HELD_SECONDS * G_USEC_PER_SEC;

        for (;;) {
                g_autoptr(GError) why = NULL;

                if (open_once(session, &why))
                        return true;
                if (why != NULL) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                if (g_get_monotonic_time() > end)
                        break;
                g_usleep(HELD_TRY_MICROSECONDS);
        }
        error_set(error, ZW_ERR_LOCKED, session->dir,
                  "another process has held the data directory for %d seconds and does not serve it",
                  HELD_SECONDS);
        return false;
}

Session *session_open(const char *dir, GError **error)
{
        g_autoptr(Session) session = g_new0(Session, 1);

        session->dir = g_strdup(dir);
        session->fd = -1;
        return open_in_time(session, error) ? g_steal_pointer(&session) : NULL;
}

Session *session_open_remote(const SessionRemote *elsewhere, const char *url, const char *token_file,
                             GError **error)
{
        g_autoptr(Session) session = g_new0(Session, 1);

        session->fd = -1;
        session->elsewhere = elsewhere;
        session->remote = elsewhere->open(url, token_file, error);
        return session->remote == NULL ? NULL : g_steal_pointer(&session);
}

void session_close(Session *session)
{
        if (session == NULL)
                return;
        if (session->remote != NULL)
                session->elsewhere->close(session->remote);
        service_close(session->service);
        fd_close(session->fd);
        g_free(session->dir);
        g_free(session);
}

static bool call_here(Session *session, const char *usecase, const json_t *input, ServiceFiles files,
                      Progress *progress, Out *out, GError **error)
{
        g_autoptr(JWrite) w = jwrite_new(out);

        return service_call_watched(session->service, &session->caller, usecase, input, files, progress, w,
                                    error) &&
               out_check(out, error);
}

bool session_call(Session *session, const char *usecase, const json_t *input, ServiceFiles files,
                  Progress *progress, Out *out, GError **error)
{
        if (session->remote != NULL)
                return session->elsewhere->call(session->remote, usecase, input, files, progress, out, error);
        for (;;) {
                g_autoptr(GError) why = NULL;
                bool bye;

                if (session->service != NULL)
                        return call_here(session, usecase, input, files, progress, out, error);
                if (wire_call(session->fd, usecase, input, files, progress, out, &bye, &why))
                        return true;
                if (!bye) {
                        g_propagate_error(error, g_steal_pointer(&why));
                        return false;
                }
                /* The server ends: the directory is free soon, or another one serves it. */
                fd_close(fd_steal(&session->fd));
                if (!open_in_time(session, error))
                        return false;
        }
}
