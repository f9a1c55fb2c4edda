/* Learning of what other nodes committed. Each counts its transactions in its own row, in the transaction itself, so that the sum
 * of the others' counts changes exactly when something of theirs can be seen: nothing is tailed, and nothing can be skipped. A
 * thread waits for the server's notice, which is a wake-up and no more, and asks without one, too. */
#include "base/error.h"
#include "base/instant.h"
#include "base/verify.h"
#include "store/internal.h"
#include "store/postgres/database.h"
#include "store/postgres/postgres.h"
#include <poll.h>
#include <sys/eventfd.h>

/* How long the thread waits for a notice before it asks; what others may be late by when no notice comes. */
enum { WATCH_MS = 250 };

struct PostgresWatch {
        BackendDb *db;
        pthread_t thread;
        int stop; /* a descriptor that can be read once the thread is to end */
        pthread_mutex_t lock;
        PostgresConnection *conn; /* under lock */
        char *sum; /* under lock: of the others' counts when last asked; NULL when that failed */
};

/* The error is given up: who cannot ask takes it that something changed. */
static char *sum_on(const PostgresWatch *watch, PostgresConnection *conn)
{
        g_autofree char *sql = NULL;
        char hex[ZW_ID_HEX], *sum = NULL;

        hex_encode(watch->db->place.node.b, ZW_ID_BYTES, hex);
        sql = g_strdup_printf("SELECT coalesce(sum(changes), 0) FROM %s.node WHERE id <> '\\x%s'",
                              watch->db->place.schema, hex);
        return postgres_ask(conn, sql, &sum, NULL) ? sum : NULL;
}

static char *sum_ask(PostgresWatch *watch)
{
        if (watch->conn != NULL && PQstatus(watch->conn->pg) != CONNECTION_OK)
                g_clear_pointer(&watch->conn, postgres_disconnect);
        if (watch->conn == NULL)
                watch->conn = postgres_connect(&watch->db->place, NULL);
        return watch->conn == NULL ? NULL : sum_on(watch, watch->conn);
}

bool postgres_learn(BackendDb *db, _Atomic uint64_t *generation)
{
        PostgresWatch *watch = db->watch;
        bool changed;
        char *sum;

        pthread_mutex_lock(&watch->lock);
        sum = sum_ask(watch);
        changed = sum == NULL || g_strcmp0(sum, watch->sum) != 0;
        if (changed)
                atomic_fetch_add(generation, 2);
        g_free(watch->sum);
        watch->sum = sum;
        pthread_mutex_unlock(&watch->lock);
        return changed;
}

/* A connection that is told of commits, through a pooler one that is not; NULL while there is none. */
static PostgresConnection *listen_begin(PostgresWatch *watch)
{
        g_autoptr(PostgresConnection) conn = postgres_connect(&watch->db->place, NULL);
        g_autofree char *sql = g_strconcat("LISTEN ", watch->db->place.schema, NULL);

        if (conn == NULL || (!conn->pooled && !postgres_script(conn, sql, NULL)))
                return NULL;
        return g_steal_pointer(&conn);
}

/* Waits for a notice, or for some time; a connection that went is closed. False: it is to end. */
static bool listen_wait(PostgresConnection **conn, int stop)
{
        struct pollfd ready[] = { { .fd = stop, .events = POLLIN },
                                  { .fd = *conn == NULL ? -1 : PQsocket((*conn)->pg), .events = POLLIN } };
        PGnotify *notice;

        if (poll(ready, G_N_ELEMENTS(ready), WATCH_MS) <= 0)
                return true;
        if (*conn != NULL && ready[1].revents != 0 && PQconsumeInput((*conn)->pg) != 1)
                g_clear_pointer(conn, postgres_disconnect);
        while (*conn != NULL && (notice = PQnotifies((*conn)->pg)) != NULL)
                PQfreemem(notice);
        return ready[0].revents == 0;
}

static void *watch_main(void *data)
{
        PostgresWatch *watch = data;
        g_autofree char *sql = NULL;
        PostgresConnection *conn = NULL;
        char hex[ZW_ID_HEX];
        Instant beaten = 0;

        hex_encode(watch->db->place.node.b, ZW_ID_BYTES, hex);
        sql = g_strdup_printf(
                "UPDATE %s.node SET seen = extract(epoch FROM clock_timestamp()) * 1000 WHERE id = '\\x%s'",
                watch->db->place.schema, hex);
        /* Waiting first: a command that is over before has no need of these connections. */
        while (listen_wait(&conn, watch->stop)) {
                if (conn == NULL)
                        conn = listen_begin(watch);
                if (conn != NULL && instant_now() - beaten >= 1000) {
                        beaten = instant_now();
                        if (!postgres_script(conn, sql, NULL))
                                g_clear_pointer(&conn, postgres_disconnect);
                }
                store_learn(watch->db->store);
        }
        postgres_disconnect(conn);
        return NULL;
}

void postgres_watch_begin(BackendDb *db)
{
        PostgresWatch *watch = g_new0(PostgresWatch, 1);

        watch->db = db;
        pthread_mutex_init(&watch->lock, NULL);
        watch->sum = sum_on(watch, db->writer);
        db->watch = watch;
}

void postgres_follow(BackendDb *db)
{
        PostgresWatch *watch = db->watch;

        watch->stop = eventfd(0, EFD_CLOEXEC);
        ZW_VERIFY(watch->stop >= 0);
        ZW_VERIFY(pthread_create(&watch->thread, NULL, watch_main, watch) == 0);
}

void postgres_unfollow(BackendDb *db)
{
        ZW_VERIFY(eventfd_write(db->watch->stop, 1) == 0);
        pthread_join(db->watch->thread, NULL);
        fd_close(db->watch->stop);
}

void postgres_watch_end(BackendDb *db)
{
        PostgresWatch *watch = db->watch;

        postgres_disconnect(watch->conn);
        pthread_mutex_destroy(&watch->lock);
        g_free(watch->sum);
        g_free(watch);
}
