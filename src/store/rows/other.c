/* Rows of settings, attachments and names of blobs, people and their roles. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

bool rows_setting_put(StoreView *view, int64_t log, const char *name, const char *value, Seq seq,
                      GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SETTING_PUT);

        query_int(&q, 1, log);
        query_text(&q, 2, name);
        query_text(&q, 3, value);
        query_int(&q, 4, (int64_t)seq);
        return query_run(&q, error);
}

static bool setting_close(StoreView *view, SqlId id, int64_t log, const char *name, Seq seq, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), id);

        query_int(&q, 1, log);
        query_text(&q, 2, name);
        query_int(&q, 3, (int64_t)seq);
        return query_run(&q, error);
}

bool rows_setting_end(StoreView *view, int64_t log, const char *name, Seq seq, GError **error)
{
        return setting_close(view, SQL_SETTING_END, log, name, seq, error);
}

bool rows_setting_drop(StoreView *view, int64_t log, const char *name, Seq from_seq, GError **error)
{
        return setting_close(view, SQL_SETTING_DROP, log, name, from_seq, error);
}

static bool settings_give(StoreView *view, SqlId id, int64_t log, const char *name, Seq seq, SettingFn fn,
                          void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), id);
        bool found;

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_text(&q, 3, name);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!fn(query_get_text(&q, 0), query_get_text(&q, 1), payload, error))
                        return false;
        }
        return false;
}

bool rows_setting_read(StoreView *view, int64_t log, const char *name, Seq seq, SettingFn fn, void *payload,
                       GError **error)
{
        return settings_give(view, SQL_SETTING_READ, log, name, seq, fn, payload, error);
}

bool rows_setting_each(StoreView *view, int64_t log, const char *prefix, Seq seq, SettingFn fn, void *payload,
                       GError **error)
{
        return settings_give(view, SQL_SETTING_EACH, log, prefix, seq, fn, payload, error);
}

/* ---- Attachments and files of results ---- */

bool rows_attachment_put(StoreView *view, int64_t log, ItemNo no, const AttachmentRow *row, Seq seq,
                         GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_ATTACHMENT_PUT);

        query_int(&q, 1, log);
        query_int(&q, 2, no);
        query_text(&q, 3, row->name);
        query_int(&q, 4, (int64_t)seq);
        query_text(&q, 5, row->sha256);
        query_int(&q, 6, (int64_t)row->size);
        query_text(&q, 7, row->media);
        return query_run(&q, error);
}

bool rows_attachment_find(StoreView *view, int64_t log, const char *sha256, StoreAttachmentFn fn,
                          void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_ATTACHMENT_FIND);
        bool found;

        query_int(&q, 1, log);
        query_text(&q, 2, sha256);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!fn(query_get_text(&q, 0), query_get_text(&q, 1), payload, error))
                        return false;
        }
        return false;
}

bool rows_attachment_end(StoreView *view, int64_t log, ItemNo no, const char *name, Seq seq, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_ATTACHMENT_END);

        query_int(&q, 1, log);
        query_int(&q, 2, no);
        query_text(&q, 3, name);
        query_int(&q, 4, (int64_t)seq);
        return query_run(&q, error);
}

bool rows_result_file_insert(StoreView *view, int64_t log, Seq seq, int op, ItemNo run, const char *sha256,
                             GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_RESULT_FILE_INSERT);

        query_int(&q, 1, log);
        query_int(&q, 2, (int64_t)seq);
        query_int(&q, 3, op);
        query_int(&q, 4, run);
        query_text(&q, 5, sha256);
        return query_run(&q, error);
}

bool rows_result_file_seen(StoreView *view, int64_t log, ItemNo run, const char *sha256, bool *ret_seen,
                           GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_RESULT_FILE_SEEN);

        query_int(&q, 1, log);
        query_int(&q, 2, run);
        query_text(&q, 3, sha256);
        return query_next(&q, ret_seen, error);
}

bool rows_blob_read(StoreView *view, int64_t log, BlobNameFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_BLOB_READ);
        bool found;

        query_int(&q, 1, log);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!fn(query_get_text(&q, 0), (Seq)query_get_int(&q, 1), payload, error))
                        return false;
        }
        return false;
}

/* ---- People ---- */

bool rows_person_find(StoreView *view, const char *name, const Id *id, PersonFn fn, void *payload,
                      GError **error)
{
        g_auto(Query)
                q = query_begin(view_connection(view), name != NULL ? SQL_PERSON_BY_NAME : SQL_PERSON_BY_ID);
        g_autofree char *login = NULL, *full = NULL;
        StorePerson person;
        bool found;

        if (name != NULL)
                query_text(&q, 1, name);
        else
                query_id(&q, 1, id);
        if (!query_next(&q, &found, error))
                return false;
        if (!found)
                return true;
        person.name = login = g_strdup(query_get_text(&q, 1));
        person.full_name = full = g_strdup(query_get_text(&q, 2));
        return query_get_bytes(&q, 0, person.id.b, ZW_ID_BYTES, error) && fn(&person, payload, error);
}

bool rows_person_put(StoreView *view, const StorePerson *person, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PERSON_PUT);

        query_id(&q, 1, &person->id);
        query_text(&q, 2, person->name);
        query_text(&q, 3, person->full_name);
        return query_run(&q, error);
}

bool rows_role_read(StoreView *view, int64_t log, const Id *person, unsigned *ret_roles, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_ROLE_READ);
        unsigned roles = 0;
        bool found;

        query_int(&q, 1, log);
        query_id(&q, 2, person);
        while (query_next(&q, &found, error)) {
                const char *name;
                RoleId role;

                if (!found) {
                        *ret_roles = roles;
                        return true;
                }
                name = query_get_text(&q, 0);
                if (name == NULL || !role_find(name, &role)) {
                        error_set(error, ZW_ERR_VERSION, "role", "stored data name the role \"%s\"",
                                  name == NULL ? "" : name);
                        return false;
                }
                roles |= 1U << role;
        }
        return false;
}

bool rows_role_put(StoreView *view, int64_t log, const Id *person, unsigned roles, GError **error)
{
        SqlConnection *conn = view_connection(view);
        g_auto(Query) clear = query_begin(conn, SQL_ROLE_DELETE);

        query_int(&clear, 1, log);
        query_id(&clear, 2, person);
        if (!query_run(&clear, error))
                return false;
        for (int role = 0; role < ZW_ROLE_COUNT; role++) {
                g_auto(Query) add = query_begin(conn, SQL_ROLE_INSERT);

                if ((roles & 1U << role) == 0)
                        continue;
                query_int(&add, 1, log);
                query_id(&add, 2, person);
                query_text(&add, 3, role_def((RoleId)role)->name);
                if (!query_run(&add, error))
                        return false;
        }
        return true;
}
