/* What the files of the PostgreSQL backend share: where a store's rows lie, and a connection with its statements.
 *
 * Every fault of libpq becomes an error in one place (postgres_fail), with the SQLSTATE in its message. A connection belongs
 * to one thread at a time. Every transaction names the schema it works in and what it rests on, so that a pooler between may
 * hand out another session for each. */
#ifndef STORE_POSTGRES_POSTGRES_H
#define STORE_POSTGRES_POSTGRES_H

#include "store/rows/query.h"
#include <libpq-fe.h>

/* The migrations in PostgreSQL's words, in order; migration n is at n - 1. Made by tools/gen-text.py. */
extern const char *const postgres_migrations[];
extern const size_t postgres_migrations_count;
/* server.sql: what a store on a server has besides. */
extern const char *const postgres_server[];
extern const size_t postgres_server_count;

/* ---- place.c: the file store.db of a data directory, which says where its rows lie ---- */

/* A place in a store of files that speaks S3; see bucket.c. */
typedef struct {
        char *url;    /* https://HOST/BUCKET/PREFIX; NULL: there is none */
        char *region; /* in the signature */
        char *key;    /* path of the file with ID:SECRET */
        int seconds;  /* that a content may take to be put or fetched, however often it is tried */
} PostgresBucket;

typedef struct {
        char *database; /* connection string or URI, without a password unless somebody put one there */
        char *schema;   /* of letters, digits and _ */
        Id node;        /* this data directory among those that share the store */
        bool blobs; /* content lies in the database, too; else in the bucket, or the data directories share a folder */
        PostgresBucket bucket;
        bool pooled; /* reached through a pooler that may give each transaction another session */
} PostgresPlace;
void postgres_place_clear(PostgresPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PostgresPlace, postgres_place_clear)
/* A new one in `database`, NULL: in what ZONEWRIGHT_DATABASE names. ZONEWRIGHT_DATABASE_SCHEMA says in which schema, `*` for one of
 * its own; ZONEWRIGHT_DATABASE_BLOBS says `directory`, or where a bucket is, if content is not to lie in the database, ZONEWRIGHT_DATABASE_POOLER
 * `transaction` where such a pooler stands before it. Errors: INPUT. */
bool postgres_place_new(const char *database, PostgresPlace *ret_place, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool postgres_place_write(const PostgresPlace *place, const char *path, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool postgres_place_read(const char *path, PostgresPlace *ret_place, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- bucket.c: content in a store of files that speaks S3 ---- */

enum { ZW_BUCKET_SECONDS = 300, ZW_BUCKET_SECONDS_MAX = 3600 };
/* With the region, the key and the time that the environment names. Errors: INPUT. */
bool postgres_bucket_new(const char *url, PostgresBucket *ret_bucket, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
void postgres_bucket_clear(PostgresBucket *bucket);
/* Puts what a file holds, whose hash is known; writes it to a file from its beginning, where *ret_found. Errors: STORAGE. */
bool postgres_bucket_put(const PostgresBucket *bucket, const Digest *digest, int fd, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
bool postgres_bucket_get(const PostgresBucket *bucket, const Digest *digest, int fd, bool *ret_found,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- connection.c ---- */

typedef struct {
        SqlConnection base; /* first, so that a PostgresConnection is one */
        PGconn *pg;
        bool pooled; /* see PostgresPlace: nothing is left in the session */
        bool prepared[SQL_COUNT];
        unsigned cursors; /* the number the next one gets */
        bool passing; /* what failed may be tried again: another node was in the way, or the connection went */
} PostgresConnection;

PostgresConnection *postgres_connect(const PostgresPlace *place, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void postgres_disconnect(PostgresConnection *conn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PostgresConnection, postgres_disconnect)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PGresult, PQclear)

/* Sets the error for a result (NULL: of the connection itself); always false. */
bool postgres_fail(PostgresConnection *conn, const PGresult *result, const char *what, GError **error);
/* Runs statements without parameters, whose rows but the last one's are passed over. */
bool postgres_script(PostgresConnection *conn, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same; *ret_text is the first value of the last statement that gives rows, NULL when there is none. Free it. */
bool postgres_ask(PostgresConnection *conn, const char *sql, char **ret_text, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
static inline bool postgres_is_begun(const PostgresConnection *conn)
{
        const PGTransactionStatusType status = PQtransactionStatus(conn->pg);

        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

/* ---- query.c: runs statements of rows/ on a PostgresConnection ---- */

extern const SqlDriver postgres_driver;
/* A walk through all rows of a table that the schema has. */
Query postgres_walk_table(PostgresConnection *conn, const char *table);

/* ---- migrate.c ---- */

/* Makes the schema with everything in it. Errors: EXISTS, there is a store in it. */
bool postgres_migrate_new(PostgresConnection *conn, const PostgresPlace *place, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Brings it up to date; of several nodes that want to, one does and the others wait. A later one that says it is compatible with this
 * program's is left as it is. Errors: NOT_FOUND, there is no store in it; VERSION. */
bool postgres_migrate_up(PostgresConnection *conn, const PostgresPlace *place, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Fails unless there is a store whose making was ended. Errors: NOT_FOUND. */
bool postgres_migrate_is_whole(PostgresConnection *conn, const PostgresPlace *place, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Fails when it has more than this program knows. Errors: VERSION. */
bool postgres_migrate_is_own(PostgresConnection *conn, const PostgresPlace *place, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Says that the making of a store is ended; until then it is none, and the next one takes its place. */
bool postgres_migrate_end(PostgresConnection *conn, const PostgresPlace *place, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Removes the schema of a store whose making was not ended; one that is whole stays. */
bool postgres_migrate_undo(PostgresConnection *conn, const PostgresPlace *place, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* ---- node.c ---- */

/* Makes the node known, with what it finds the database to support. Errors: STORAGE, it is not enough. */
bool postgres_node_begin(PostgresConnection *conn, const PostgresPlace *place, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* Counts, in the writer's transaction, that others have something to learn of. */
bool postgres_node_changed(BackendDb *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- watch.c: what other nodes committed ---- */

typedef struct PostgresWatch PostgresWatch;
void postgres_watch_begin(BackendDb *db);
void postgres_watch_end(BackendDb *db);

/* ---- database.c ---- */

struct BackendDb {
        Store *store;
        PostgresPlace place;
        char *begin_read, *begin_write; /* statements that begin a transaction in the schema */
        PostgresConnection *writer;
        StoreView *writer_view;
        pthread_mutex_t lock;
        GPtrArray *idle; /* under lock: views not in use, each with its connection */
        PostgresWatch *watch;
};

#endif
