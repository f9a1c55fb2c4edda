/* Processes that share a store: each has a row, in which it counts what others must learn of, and what it found the database to
 * support when it started. */
#include "base/canon.h"
#include "base/error.h"
#include "base/jread.h"
#include "base/instant.h"
#include "store/postgres/postgres.h"
#include <string.h>

enum { FACTS_MAX = 65536 };

/* What the promises of a store rest on, as the server has it for this session. */
static json_t *facts_ask(PostgresConnection *conn, GError **error)
{
        static const char *const names[] = { "server_version",
                                             "server_encoding",
                                             "fsync",
                                             "full_page_writes",
                                             "synchronous_commit",
                                             "synchronous_standby_names",
                                             "data_checksums",
                                             "transaction_isolation",
                                             "default_transaction_isolation",
                                             "ssl" };
        g_autoptr(Json) facts = json_object();

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_autofree char *sql = g_strdup_printf("SELECT current_setting('%s', true)", names[i]),
                                *value = NULL;

                if (!postgres_ask(conn, sql, &value, error))
                        return NULL;
                json_object_set_new(facts, names[i], value == NULL ? json_null() : json_string(value));
        }
        json_object_set_new(facts, "tls", json_boolean(PQsslInUse(conn->pg)));
        return g_steal_pointer(&facts);
}

/* Without these a commit that was acknowledged may be lost, or a text be another. */
static bool facts_check(const json_t *facts, GError **error)
{
        static const struct {
                const char *name, *is;
        } needs[] = { { "server_encoding", "UTF8" }, { "synchronous_commit", "on" } };

        for (size_t i = 0; i < G_N_ELEMENTS(needs); i++) {
                const char *found = jread_get_string(facts, needs[i].name);

                if (g_strcmp0(found, needs[i].is) != 0) {
                        error_set(error, ZW_ERR_STORAGE, needs[i].name,
                                  "the database has %s where %s is needed", found == NULL ? "nothing" : found,
                                  needs[i].is);
                        return false;
                }
        }
        return true;
}

static bool node_put(PostgresConnection *conn, const PostgresPlace *place, GBytes *facts, GError **error)
{
        g_autofree char *sql = g_strdup_printf(
                "INSERT INTO %s.node (id, started, seen, changes, program, facts) "
                "VALUES ($1, $2, extract(epoch FROM clock_timestamp()) * 1000, 0, $3, $4) "
                "ON CONFLICT (id) DO UPDATE SET "
                "started = excluded.started, seen = excluded.seen, program = excluded.program, "
                "facts = excluded.facts",
                place->schema);
        g_autofree char *text = g_strndup(g_bytes_get_data(facts, NULL), g_bytes_get_size(facts));
        const uint64_t now = GUINT64_TO_BE((uint64_t)instant_now());
        const char *const values[] = { (const char *)place->node.b, (const char *)&now, ZW_VERSION, text };
        const int lengths[] = { ZW_ID_BYTES, sizeof now, (int)strlen(ZW_VERSION), (int)strlen(text) };
        const int binary[] = { 1, 1, 1, 1 };
        g_autoptr(PGresult) result = PQexecParams(conn->pg, sql, 4, NULL, values, lengths, binary, 0);

        return PQresultStatus(result) == PGRES_COMMAND_OK ||
               postgres_fail(conn, result, "the node could not be made known", error);
}

bool postgres_node_begin(PostgresConnection *conn, const PostgresPlace *place, GError **error)
{
        g_autoptr(Json) facts = facts_ask(conn, error);
        g_autoptr(GBytes) text = NULL;

        if (facts == NULL || !facts_check(facts, error))
                return false;
        text = canon_bytes(facts, FACTS_MAX, error);
        return text != NULL && node_put(conn, place, text, error);
}

bool postgres_node_changed(BackendDb *db, GError **error)
{
        g_auto(Query) q = query_begin(&db->writer->base, SQL_NODE_CHANGED);
        bool counted;

        query_id(&q, 1, &db->place.node);
        query_text(&q, 2, db->place.schema);
        query_int(&q, 3, (int64_t)postgres_migrations_count);
        if (!query_next(&q, &counted, error))
                return false;
        /* What is not counted the others would not learn of; and an older program must not write into a schema that is no more for
         * it. */
        if (!counted)
                error_set(
                        error, ZW_ERR_STORAGE, "node",
                        "the database does not know this server any more, or only newer programs may write to it; "
                        "start it again");
        return counted;
}
