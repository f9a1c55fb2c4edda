/* The database as a whole, and the views of it. */
#include "base/error.h"
#include "store/postgres/database.h"
#include "store/postgres/postgres.h"

/* ---- Making one ---- */

bool postgres_create(const char *path, const char *database, GError **error)
{
        g_auto(PostgresPlace) place = { 0 };
        g_autoptr(PostgresConnection) conn = NULL;

        if (!postgres_place_new(database, &place, error))
                return false;
        conn = postgres_connect(&place, error);
        return conn != NULL && postgres_migrate_new(conn, &place, error) &&
               postgres_place_write(&place, path, error);
}

bool postgres_join(const char *path, const char *database, GError **error)
{
        g_auto(PostgresPlace) place = { 0 };
        g_autoptr(PostgresConnection) conn = NULL;

        if (!postgres_place_new(database, &place, error))
                return false;
        conn = postgres_connect(&place, error);
        return conn != NULL && postgres_migrate_is_whole(conn, &place, error) &&
               postgres_migrate_up(conn, &place, error) && postgres_place_write(&place, path, error);
}

bool postgres_settle(const char *path, GError **error)
{
        g_auto(PostgresPlace) place = { 0 };
        g_autoptr(PostgresConnection) conn = NULL;

        if (!postgres_place_read(path, &place, error))
                return false;
        conn = postgres_connect(&place, error);
        return conn != NULL && postgres_migrate_end(conn, &place, error);
}

void postgres_discard(const char *path)
{
        g_auto(PostgresPlace) place = { 0 };
        g_autoptr(PostgresConnection) conn = NULL;
        g_autoptr(GError) why = NULL;

        if (!postgres_place_read(path, &place, NULL))
                return;
        conn = postgres_connect(&place, &why);
        /* What stays is marked as not whole, and the next making in the schema takes its place. */
        if (conn == NULL || !postgres_migrate_undo(conn, &place, &why))
                g_debug("what was not ended stays in the database: %s", why->message);
}

/* ---- Opening ---- */

BackendDb *postgres_open(Store *store, const char *path, bool scratch G_GNUC_UNUSED, GError **error)
{
        g_auto(PostgresPlace) place = { 0 };
        g_autoptr(PostgresConnection) conn = NULL;
        BackendDb *db;

        if (!postgres_place_read(path, &place, error))
                return NULL;
        conn = postgres_connect(&place, error);
        if (conn == NULL || !postgres_migrate_up(conn, &place, error) ||
            !postgres_node_begin(conn, &place, error))
                return NULL;
        db = g_new0(BackendDb, 1);
        db->store = store;
        db->begin_read = g_strdup_printf(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path TO %s; "
                "SELECT 1 FROM log LIMIT 1",
                place.schema);
        /* The locks of a node that is stopped or cut off are not held against the others for good. */
        db->begin_write =
                g_strdup_printf("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; "
                                "SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '30s'; "
                                "SET LOCAL idle_in_transaction_session_timeout = '60s'; "
                                "SET LOCAL search_path TO %s",
                                place.schema);
        db->place = place;
        place = (PostgresPlace){ 0 };
        db->writer = g_steal_pointer(&conn);
        db->writer_view = &rows_view_new(&store_postgres, store, db, &db->writer->base)->base;
        db->idle = g_ptr_array_new_with_free_func((GDestroyNotify)rows_view_free);
        pthread_mutex_init(&db->lock, NULL);
        postgres_watch_begin(db);
        return db;
}

void postgres_close(BackendDb *db)
{
        if (db == NULL)
                return;
        postgres_watch_end(db);
        g_ptr_array_unref(db->idle);
        rows_view_free((RowsView *)db->writer_view);
        pthread_mutex_destroy(&db->lock);
        g_free(db->begin_read);
        g_free(db->begin_write);
        postgres_place_clear(&db->place);
        g_free(db);
}

/* ---- Views ---- */

static PostgresConnection *connection_of(StoreView *view)
{
        return (PostgresConnection *)view_connection(view);
}

static bool view_begin(RowsView *view, GError **error)
{
        return postgres_script((PostgresConnection *)view->conn, view->base.db->begin_read, error);
}

static void view_end(RowsView *view)
{
        PostgresConnection *conn = (PostgresConnection *)view->conn;

        view->base.log_no = 0;
        if (postgres_is_begun(conn))
                PQclear(PQexec(conn->pg, "ROLLBACK"));
}

/* One that was kept, if its server is there still: what a restart left behind is thrown away here. */
static RowsView *view_kept(BackendDb *db)
{
        for (;;) {
                RowsView *view = NULL;

                pthread_mutex_lock(&db->lock);
                if (db->idle->len > 0)
                        view = g_ptr_array_steal_index_fast(db->idle, db->idle->len - 1);
                pthread_mutex_unlock(&db->lock);
                if (view == NULL || view_begin(view, NULL))
                        return view;
                rows_view_free(view);
        }
}

StoreView *postgres_view_open(BackendDb *db, GError **error)
{
        RowsView *view = view_kept(db);
        PostgresConnection *conn;

        if (view != NULL)
                return &view->base;
        conn = postgres_connect(&db->place, error);
        if (conn == NULL)
                return NULL;
        view = rows_view_new(&store_postgres, db->store, db, &conn->base);
        if (view_begin(view, error))
                return &view->base;
        rows_view_free(view);
        return NULL;
}

/* A view is one connection for its life, so one that went is made again behind it. */
bool postgres_view_refresh(StoreView *view, GError **error)
{
        RowsView *own = (RowsView *)view;
        PostgresConnection *conn;

        view_end(own);
        if (PQstatus(connection_of(view)->pg) == CONNECTION_OK && view_begin(own, NULL))
                return true;
        conn = postgres_connect(&view->db->place, error);
        if (conn == NULL)
                return false;
        postgres_disconnect((PostgresConnection *)own->conn);
        own->conn = &conn->base;
        return view_begin(own, error);
}

void postgres_view_rest(StoreView *view)
{
        view_end((RowsView *)view);
}

void postgres_view_close(StoreView *view)
{
        enum { IDLE_MAX = 16 };
        RowsView *own = (RowsView *)view;
        BackendDb *db;

        if (view == NULL)
                return;
        db = view->db;
        view_end(own);
        pthread_mutex_lock(&db->lock);
        if (db->idle->len < IDLE_MAX && PQtransactionStatus(connection_of(view)->pg) == PQTRANS_IDLE) {
                g_ptr_array_add(db->idle, own);
                own = NULL;
        }
        pthread_mutex_unlock(&db->lock);
        rows_view_free(own);
}

/* Asked apart from the view, which is in a transaction already: that may have begun before a newer program came. */
static bool schema_is_own(const BackendDb *db, GError **error)
{
        g_autoptr(PostgresConnection) conn = postgres_connect(&db->place, error);

        return conn != NULL && postgres_migrate_is_own(conn, &db->place, error);
}

/* The server checks its own pages; what can be asked of it here is whether it holds what it was told to. */
bool postgres_inspect(StoreView *view, StoreProblemFn fn, void *payload, GError **error)
{
        static const char sql[] =
                "SELECT 'the index ' || c.relname || ' is not valid' FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
                "WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace UNION ALL "
                "SELECT 'the constraint ' || conname || ' was not checked' FROM pg_constraint "
                "WHERE NOT convalidated AND connamespace = current_schema()::regnamespace";
        PostgresConnection *conn = connection_of(view);
        g_autoptr(PGresult) result = NULL;

        if (!schema_is_own(view->db, error))
                return false;
        result = PQexec(conn->pg, sql);
        if (PQresultStatus(result) != PGRES_TUPLES_OK)
                return postgres_fail(conn, result, "the database could not be checked", error);
        for (int i = 0; i < PQntuples(result); i++)
                fn("database", PQgetvalue(result, i, 0), payload);
        return true;
}
