/* Connections, and faults to errors. */
#include "base/error.h"
#include "store/postgres/postgres.h"
#include <string.h>

/* Settings that promises rest on, whatever the role or the database has: what is acknowledged is on disk, and texts are what
 * they seem. They go in the words of a connection string, which the server takes before anything else; a pooler, whose sessions
 * are not ours to set, takes none: there they are the server's defaults, or the role's. */
#define SESSION_SETTINGS \
        "-c synchronous_commit=on -c standard_conforming_strings=on -c client_min_messages=error -c lock_timeout=30s"

/* Databases that speak as PostgreSQL does and are none: what they say of themselves when a session begins. docs/postgresql.md tells
 * what a store needs that they do not have, or are not known to have; none has been put to its tests. */
static bool product_check(const PGconn *pg, GError **error)
{
        static const struct {
                const char *parameter, *part, *product;
        } others[] = { { "crdb_version", "", "CockroachDB" }, { "server_version", "-YB-", "YugabyteDB" } };

        for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
                const char *said = PQparameterStatus(pg, others[i].parameter);

                if (said == NULL || strstr(said, others[i].part) == NULL)
                        continue;
                error_set(
                        error, ZW_ERR_STORAGE, "database",
                        "this is %s (%s), on which a store is not known to keep its promises; PostgreSQL is needed",
                        others[i].product, said);
                return false;
        }
        return true;
}

PostgresConnection *postgres_connect(const PostgresPlace *place, GError **error)
{
        /* What stands before the address it may say otherwise: how long a server that was cut off without a word is waited for. */
        static const char *const names[] = { "connect_timeout",
                                             "keepalives_idle",
                                             "keepalives_interval",
                                             "keepalives_count",
                                             "tcp_user_timeout",
                                             "dbname",
                                             "application_name",
                                             "client_encoding",
                                             "options",
                                             NULL };
        const char *const values[] = { "10",         "30",    "10",
                                       "3",          "60000", place->database,
                                       "zonewright", "UTF8",  place->pooled ? NULL : SESSION_SETTINGS,
                                       NULL };
        g_autoptr(PostgresConnection) conn = g_new0(PostgresConnection, 1);

        conn->base.driver = &postgres_driver;
        conn->pooled = place->pooled;
        conn->pg = PQconnectdbParams(names, values, 1);
        if (conn->pg == NULL || PQstatus(conn->pg) != CONNECTION_OK) {
                postgres_fail(conn, NULL, "the database could not be reached", error);
                return NULL;
        }
        return product_check(conn->pg, error) ? g_steal_pointer(&conn) : NULL;
}

void postgres_disconnect(PostgresConnection *conn)
{
        if (conn == NULL)
                return;
        PQfinish(conn->pg);
        g_free(conn);
}

/* Faults that pass: serialization, a deadlock that another node won, a lock not had in time, a server that stops or starts. */
static bool is_passing(const char *state)
{
        static const char *const states[] = { "40001", "40P01", "55P03", "57P01", "57P02", "57P03" };

        for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
                if (strcmp(state, states[i]) == 0)
                        return true;
        return g_str_has_prefix(state, "08");
}

bool postgres_fail(PostgresConnection *conn, const PGresult *result, const char *what, GError **error)
{
        const char *state = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const char *said = result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
        g_autofree char *lost = NULL;
        ZwErrorCode code = ZW_ERR_STORAGE;

        if (conn->pg == NULL) {
                error_set(error, ZW_ERR_STORAGE, NULL, "no memory for a database connection");
                return false;
        }
        if (said == NULL)
                said = lost = g_strchomp(g_strdup(PQerrorMessage(conn->pg)));
        if (state == NULL)
                state = "-";
        if (PQstatus(conn->pg) == CONNECTION_BAD || is_passing(state))
                conn->passing = true;
        if (strcmp(state, "23505") == 0)
                code = ZW_ERR_EXISTS;
        else if (strcmp(state, "XX001") == 0 || strcmp(state, "XX002") == 0)
                code = ZW_ERR_DAMAGED;
        error_set(error, code, NULL, "%s: %s (SQLSTATE %s)", what, said, state);
        return false;
}

bool postgres_ask(PostgresConnection *conn, const char *sql, char **ret_text, GError **error)
{
        g_autoptr(PGresult) result = PQexec(conn->pg, sql);
        const ExecStatusType status = PQresultStatus(result);

        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
                return postgres_fail(conn, result, "a statement failed", error);
        if (ret_text != NULL)
                *ret_text = status == PGRES_TUPLES_OK && PQntuples(result) > 0 && !PQgetisnull(result, 0, 0)
                                    ? g_strdup(PQgetvalue(result, 0, 0))
                                    : NULL;
        return true;
}

bool postgres_script(PostgresConnection *conn, const char *sql, GError **error)
{
        return postgres_ask(conn, sql, NULL, error);
}
