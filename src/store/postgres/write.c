/* The writer's transaction. Another node may write at the same time: the row of a log is locked when it is looked up, so that
 * everything read of it afterwards, each statement seeing what is committed by then, is what the commit is based on. So is the
 * row of an account, which is written whole: of two nodes that each change a part of it none undoes what the other did. */
#include "base/error.h"
#include "store/postgres/database.h"
#include "store/postgres/postgres.h"
#include "store/rows/rows.h"

StoreView *postgres_writer(BackendDb *db)
{
        return db->writer_view;
}

/* Another connection for the writer, when the one it had went. */
static bool connect_again(BackendDb *db, GError **error)
{
        PostgresConnection *conn = postgres_connect(&db->place, error);

        if (conn == NULL)
                return false;
        /* What is to be tidied up lies in the database, not in the connection. */
        conn->base.stale = db->writer->base.stale;
        postgres_disconnect(db->writer);
        db->writer = conn;
        ((RowsView *)db->writer_view)->conn = &conn->base;
        return true;
}

bool postgres_begin(BackendDb *db, GError **error)
{
        db->writer_view->log_no = 0;
        db->writer->passing = false;
        if (PQstatus(db->writer->pg) == CONNECTION_OK && postgres_script(db->writer, db->begin_write, NULL))
                return true;
        return connect_again(db, error) && postgres_script(db->writer, db->begin_write, error);
}

bool postgres_mark(BackendDb *db, GError **error)
{
        return postgres_script(db->writer, "SAVEPOINT member", error);
}

bool postgres_keep(BackendDb *db, GError **error)
{
        return postgres_script(db->writer, "RELEASE member", error);
}

bool postgres_undo(BackendDb *db, GError **error)
{
        db->writer_view->log_no = 0;
        return postgres_script(db->writer, "ROLLBACK TO member; RELEASE member", error);
}

/* The outcome is not known when the connection goes while the server commits: a request id tells. */
bool postgres_commit(BackendDb *db, GError **error)
{
        if (!postgres_node_changed(db, error))
                return false;
        /* A server that cannot commit what failed before says so by the word ROLLBACK, not by an error. */
        if (PQtransactionStatus(db->writer->pg) == PQTRANS_INTRANS) {
                g_autoptr(PGresult) result = PQexec(db->writer->pg, "COMMIT");

                if (PQresultStatus(result) == PGRES_COMMAND_OK)
                        return true;
                postgres_fail(db->writer, result,
                              "it is not known whether this was written; ask again with the same request",
                              error);
                db->writer->passing = false;
                return false;
        }
        error_set(error, ZW_ERR_STORAGE, NULL, "the database gave the transaction up");
        return false;
}

bool postgres_is_open(BackendDb *db)
{
        return postgres_is_begun(db->writer);
}

void postgres_rollback(BackendDb *db)
{
        db->writer_view->log_no = 0;
        if (postgres_is_begun(db->writer))
                PQclear(PQexec(db->writer->pg, "ROLLBACK"));
}

/* The server keeps what it said it has, whatever becomes of a connection. */
bool postgres_is_broken(BackendDb *db G_GNUC_UNUSED)
{
        return false;
}

bool postgres_may_repeat(BackendDb *db)
{
        return db->writer->passing;
}

static bool is_writing(const StoreView *view)
{
        return view == view->db->writer_view;
}

bool postgres_log_find(StoreView *view, const Id *id, LogRow *ret_row, bool *ret_found, GError **error)
{
        return rows_log_find_by(view, is_writing(view) ? SQL_LOG_LOCK : SQL_LOG_FIND, id, ret_row, ret_found,
                                error);
}

bool postgres_account_read(StoreView *view, const Id *person, StoreAccount *ret_account, bool *ret_found,
                           GError **error)
{
        return rows_account_read_by(view, is_writing(view) ? SQL_ACCOUNT_LOCK : SQL_ACCOUNT_READ, person,
                                    ret_account, ret_found, error);
}

/* Rows that were erased or replaced stay in the files of the database until it tidies up; what was erased on request is not
 * left to the time it does so by itself. */
bool postgres_tidy(BackendDb *db, bool idle, bool *ret_again, GError **error)
{
        g_autofree char *sql = NULL;

        *ret_again = db->writer->base.stale;
        if (!idle || !db->writer->base.stale)
                return true;
        sql = g_strdup_printf("VACUUM %s.secret, %s.item_rev, %s.link_rev, %s.result, %s.setting, %s.comment",
                              db->place.schema, db->place.schema, db->place.schema, db->place.schema,
                              db->place.schema, db->place.schema);
        if (!postgres_script(db->writer, sql, error))
                return false;
        db->writer->base.stale = *ret_again = false;
        return true;
}
