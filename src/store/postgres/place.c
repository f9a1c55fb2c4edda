/* Where a store's rows lie: a file of a few lines of JSON that has the name of the database file of other stores. */
#include "base/canon.h"
#include "base/error.h"
#include "base/jread.h"
#include "base/newfile.h"
#include "store/internal.h"
#include "store/postgres/postgres.h"
#include <fcntl.h>
#include <string.h>

enum { PLACE_FORMAT = 1, PLACE_MAX = 16384, SCHEMA_MAX = 63 };

void postgres_place_clear(PostgresPlace *place)
{
        g_clear_pointer(&place->database, g_free);
        g_clear_pointer(&place->schema, g_free);
        postgres_bucket_clear(&place->bucket);
}

/* A name of its own, for a store that shares its database with others. */
static char *schema_new(void)
{
        char hex[ZW_ID_HEX];
        Id id = id_new();

        hex_encode(id.b, ZW_ID_BYTES, hex);
        return g_strconcat("zonewright_", hex, NULL);
}

/* Small letters, digits and _, so that it is the same with quotes and without. */
static bool schema_check(const char *schema, GError **error)
{
        const size_t n = strlen(schema);

        if (n > 0 && n <= SCHEMA_MAX && strspn(schema, "abcdefghijklmnopqrstuvwxyz0123456789_") == n &&
            !g_ascii_isdigit(schema[0]))
                return true;
        error_set(error, ZW_ERR_INPUT, "database_schema",
                  "a schema's name is made of at most %d small letters, digits and _", (int)SCHEMA_MAX);
        return false;
}

/* Where content is to lie, and what stands before the database: what is misspelt must not pass for nothing. */
static bool environment_take(PostgresPlace *place, GError **error)
{
        const char *blobs = g_getenv("ZONEWRIGHT_DATABASE_BLOBS");
        const char *pooler = g_getenv("ZONEWRIGHT_DATABASE_POOLER");

        place->blobs = blobs == NULL || blobs[0] == '\0';
        place->pooled = g_strcmp0(pooler, "transaction") == 0;
        if (pooler != NULL && pooler[0] != '\0' && !place->pooled) {
                error_set(error, ZW_ERR_INPUT, "ZONEWRIGHT_DATABASE_POOLER",
                          "\"%s\" is not known here; it is \"transaction\" or not set", pooler);
                return false;
        }
        return place->blobs || strcmp(blobs, "directory") == 0 ||
               postgres_bucket_new(blobs, &place->bucket, error);
}

bool postgres_place_new(const char *database, PostgresPlace *ret_place, GError **error)
{
        const char *schema = g_getenv("ZONEWRIGHT_DATABASE_SCHEMA");
        g_auto(PostgresPlace) place = { .node = id_new() };

        if (!environment_take(&place, error))
                return false;
        if (database == NULL)
                database = g_getenv("ZONEWRIGHT_DATABASE");
        if (database == NULL || database[0] == '\0') {
                error_set(error, ZW_ERR_INPUT, "database", "no PostgreSQL database is named");
                return false;
        }
        if (schema == NULL || schema[0] == '\0')
                schema = "zonewright";
        if (strcmp(schema, "*") != 0 && !schema_check(schema, error))
                return false;
        place.database = g_strdup(database);
        place.schema = strcmp(schema, "*") == 0 ? schema_new() : g_strdup(schema);
        *ret_place = place;
        place = (PostgresPlace){ 0 };
        return true;
}

bool postgres_place_write(const PostgresPlace *place, const char *path, GError **error)
{
        g_autoptr(NewFile) file = newfile_begin(path, NEWFILE_PRIVATE, error);
        g_autoptr(GBytes) text = NULL;
        g_autoptr(Json) json = NULL;
        char hex[ZW_ID_HEX];

        if (file == NULL)
                return false;
        hex_encode(place->node.b, ZW_ID_BYTES, hex);
        json = json_pack("{s:i, s:s, s:s, s:s, s:b, s:b, s:s*, s:s*, s:s*, s:o*}", "postgresql",
                         (int)PLACE_FORMAT, "database", place->database, "schema", place->schema, "node", hex,
                         "blobs", place->blobs, "pooled", place->pooled, "bucket", place->bucket.url,
                         "region", place->bucket.region, "key", place->bucket.key, "seconds",
                         place->bucket.url == NULL ? NULL : json_integer(place->bucket.seconds));
        text = canon_bytes(json, PLACE_MAX, error);
        return text != NULL &&
               file_write(newfile_fd(file), g_bytes_get_data(text, NULL), g_bytes_get_size(text), path,
                          error) &&
               newfile_place(file, error);
}

bool postgres_place_read(const char *path, PostgresPlace *ret_place, GError **error)
{
        g_auto(Fd) fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        g_autofree char *bytes = g_malloc(PLACE_MAX);
        g_autoptr(Json) json = NULL;
        const char *database, *schema, *node, *bucket, *region, *key;
        int64_t seconds;
        g_auto(PostgresPlace) place = { 0 };
        ssize_t n;

        if (fd < 0)
                return directory_fail(error, "the place of the store could not be read", path);
        n = file_read(fd, bytes, PLACE_MAX, path, error);
        if (n < 0)
                return false;
        json = jread_parse(bytes, (size_t)n, NULL);
        database = jread_get_string(json, "database");
        schema = jread_get_string(json, "schema");
        node = jread_get_string(json, "node");
        bucket = jread_get_string(json, "bucket");
        region = jread_get_string(json, "region");
        key = jread_get_string(json, "key");
        seconds = jread_get_int(json, "seconds", ZW_BUCKET_SECONDS);
        if (database == NULL || schema == NULL || !schema_check(schema, NULL) || node == NULL ||
            !hex_decode(node, place.node.b, ZW_ID_BYTES, NULL) ||
            (bucket != NULL && (region == NULL || key == NULL)) || seconds < 1 ||
            seconds > ZW_BUCKET_SECONDS_MAX) {
                error_set(error, ZW_ERR_DAMAGED, path, "this does not say where a store lies");
                return false;
        }
        place.database = g_strdup(database);
        place.schema = g_strdup(schema);
        place.blobs = jread_get_bool(json, "blobs", true);
        place.pooled = jread_get_bool(json, "pooled", false);
        place.bucket = (PostgresBucket){ g_strdup(bucket), g_strdup(region), g_strdup(key), (int)seconds };
        *ret_place = place;
        place = (PostgresPlace){ 0 };
        return true;
}
