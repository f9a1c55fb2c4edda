/* Migrations: the numbered scripts of store/migrations/, each done once by whichever node comes first; `meta` holds the number
 * of the last one done, and whether the making of the store was ended. */
#include "base/error.h"
#include "store/postgres/postgres.h"
#include <string.h>

static bool set_meta(PostgresConnection *conn, const char *name, size_t value, GError **error)
{
        g_autofree char *sql = g_strdup_printf("INSERT INTO meta VALUES ('%s', %zu) "
                                               "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                                               name, value);

        return postgres_script(conn, sql, error);
}

static bool get_meta(PostgresConnection *conn, const char *name, gint64 *ret_value, GError **error)
{
        g_autofree char *sql = g_strdup_printf("SELECT value FROM meta WHERE name = '%s'", name),
                        *text = NULL;

        if (!postgres_ask(conn, sql, &text, error))
                return false;
        if (text != NULL && g_ascii_string_to_signed(text, 10, 0, G_MAXINT, ret_value, NULL))
                return true;
        error_set(error, ZW_ERR_DAMAGED, NULL, "the database does not say which version its schema has");
        return false;
}

/* Begins a transaction in the schema; one node at a time goes on from here when it is to change it. */
static bool begin(PostgresConnection *conn, const PostgresPlace *place, bool alone, GError **error)
{
        g_autofree char *sql =
                g_strdup_printf("BEGIN; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '30s'; "
                                "SET LOCAL search_path TO %s",
                                place->schema);
        g_autofree char *lock = g_strdup_printf(
                "SELECT pg_advisory_xact_lock(hashtextextended('zonewright %s', 0))", place->schema);

        return postgres_script(conn, sql, error) && (!alone || postgres_script(conn, lock, error));
}

static bool end(PostgresConnection *conn, bool ok, GError **error)
{
        if (ok)
                return postgres_script(conn, "COMMIT", error);
        PQclear(PQexec(conn->pg, "ROLLBACK"));
        return false;
}

/* Whether the schema has a store, and whether that is whole. */
static bool find(PostgresConnection *conn, bool *ret_there, gint64 *ret_whole, GError **error)
{
        g_autofree char *table = NULL;

        if (!postgres_ask(conn, "SELECT to_regclass('meta')", &table, error))
                return false;
        *ret_there = table != NULL;
        return table == NULL || get_meta(conn, "whole", ret_whole, error);
}

static bool migrate_from(PostgresConnection *conn, size_t version, GError **error)
{
        for (size_t i = version; i < postgres_migrations_count; i++)
                if (!postgres_script(conn, postgres_migrations[i], error) ||
                    !set_meta(conn, "schema", i + 1, error))
                        return false;
        return postgres_script(conn, postgres_server[0], error);
}

static bool drop(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        g_autofree char *sql = g_strdup_printf("DROP SCHEMA IF EXISTS %s CASCADE", place->schema);

        return postgres_script(conn, sql, error);
}

static bool schema_make(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        g_autofree char *ask = g_strdup_printf("SELECT to_regnamespace('%s')", place->schema), *there = NULL;
        g_autofree char *sql = g_strdup_printf("CREATE SCHEMA %s", place->schema);

        /* One that an administrator made for a role that may make none is taken as it is. */
        return postgres_ask(conn, ask, &there, error) &&
               (there != NULL || postgres_script(conn, sql, error)) &&
               postgres_script(conn, "CREATE TABLE meta (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
                               error) &&
               set_meta(conn, "whole", 0, error) && migrate_from(conn, 0, error);
}

static bool make(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        gint64 whole = 0;
        bool there;

        if (!begin(conn, place, true, error) || !find(conn, &there, &whole, error))
                return false;
        if (there && whole == 1) {
                error_set(error, ZW_ERR_EXISTS, place->schema,
                          "there is a store in this schema of the database");
                return false;
        }
        /* One whose making was killed is none. */
        return (!there || drop(conn, place, error)) && schema_make(conn, place, error);
}

bool postgres_migrate_new(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        return end(conn, make(conn, place, error), error);
}

bool postgres_migrate_end(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        return end(conn, begin(conn, place, false, error) && set_meta(conn, "whole", 1, error), error);
}

static bool undo(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        gint64 whole = 0;
        bool there;

        if (!begin(conn, place, true, error) || !find(conn, &there, &whole, error))
                return false;
        return !there || whole == 1 || drop(conn, place, error);
}

bool postgres_migrate_undo(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        return end(conn, undo(conn, place, error), error);
}

/* The same where there has to be one. */
static bool find_store(PostgresConnection *conn, const PostgresPlace *place, gint64 *ret_whole,
                       GError **error)
{
        bool there;

        if (!find(conn, &there, ret_whole, error))
                return false;
        if (!there)
                error_set(error, ZW_ERR_NOT_FOUND, place->schema,
                          "there is no store in this schema of the database");
        return there;
}

static bool is_whole(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        gint64 whole;

        if (!begin(conn, place, false, error) || !find_store(conn, place, &whole, error))
                return false;
        if (whole != 1)
                error_set(error, ZW_ERR_NOT_FOUND, place->schema,
                          "the making of the store in this schema of the database was not ended");
        return whole == 1;
}

bool postgres_migrate_is_whole(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        return end(conn, is_whole(conn, place, error), error);
}

/* Whether a newer program, which brought the schema on, left it as one that this program can work with, too. */
static bool is_compatible(PostgresConnection *conn)
{
        gint64 oldest;

        return get_meta(conn, "compatible", &oldest, NULL) && (guint64)oldest <= postgres_migrations_count;
}

static bool version_of(PostgresConnection *conn, const PostgresPlace *place, gint64 *ret_version,
                       GError **error)
{
        gint64 whole;

        if (!find_store(conn, place, &whole, error) || !get_meta(conn, "schema", ret_version, error))
                return false;
        if (*ret_version >= 1 && ((guint64)*ret_version <= postgres_migrations_count || is_compatible(conn)))
                return true;
        error_set(error, ZW_ERR_VERSION, NULL,
                  "the database has schema %" G_GINT64_FORMAT ", this program knows up to %zu", *ret_version,
                  postgres_migrations_count);
        return false;
}

static bool is_own(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        gint64 version;

        if (!begin(conn, place, false, error) || !version_of(conn, place, &version, error))
                return false;
        if ((guint64)version > postgres_migrations_count)
                error_set(error, ZW_ERR_VERSION, NULL,
                          "a newer program brought the database to schema %" G_GINT64_FORMAT
                          ", of which this one knows a part only; use that one",
                          version);
        return (guint64)version <= postgres_migrations_count;
}

bool postgres_migrate_is_own(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        return end(conn, is_own(conn, place, error), error);
}

static bool up(PostgresConnection *conn, const PostgresPlace *place, bool alone, bool *ret_done,
               GError **error)
{
        gint64 version;

        if (!begin(conn, place, alone, error) || !version_of(conn, place, &version, error))
                return false;
        *ret_done = (guint64)version >= postgres_migrations_count;
        return *ret_done || !alone || migrate_from(conn, (size_t)version, error);
}

/* Asked without the lock first: a role that may change nothing of the schema opens one that is up to date. */
bool postgres_migrate_up(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        bool done = false;

        return end(conn, up(conn, place, false, &done, error), error) &&
               (done || end(conn, up(conn, place, true, &done, error), error));
}
