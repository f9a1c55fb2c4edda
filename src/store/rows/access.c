/* Rows of accounts, of roles with their limits, of the setup code and the audit trail. */
#include "base/error.h"
#include "store/rows/rows.h"
#include "store/rows/query.h"

#include <string.h>

bool rows_person_read(StoreView *view, StorePersonFn fn, void *payload, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_PERSON_ALL);
        bool found;

        while (query_next(&q, &found, error)) {
                g_autofree char *name = NULL, *full = NULL;
                StorePerson person = { 0 };

                if (!found)
                        return true;
                person.name = name = g_strdup(query_get_text(&q, 1));
                person.full_name = full = g_strdup(query_get_text(&q, 2));
                if (!query_get_bytes(&q, 0, person.id.b, ZW_ID_BYTES, error) || !fn(&person, payload, error))
                        return false;
        }
        return false;
}

/* ---- Accounts ---- */

bool rows_account_read_by(StoreView *view, SqlId id, const Id *person, StoreAccount *ret_account,
                          bool *ret_found, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), id);
        StoreAccount account = { .person = *person };
        const char *password;

        query_id(&q, 1, person);
        if (!query_next(&q, ret_found, error))
                return false;
        if (!*ret_found)
                return true;
        account.disabled = query_get_int(&q, 0) != 0;
        account.is_operator = query_get_int(&q, 1) != 0;
        password = query_get_text(&q, 2);
        if (password != NULL &&
            g_strlcpy(account.password, password, sizeof(account.password)) >= sizeof(account.password)) {
                error_set(error, ZW_ERR_DAMAGED, "password", "a stored hash is too long");
                return false;
        }
        account.has_totp = !query_is_null(&q, 3);
        if (account.has_totp && !query_get_bytes(&q, 3, account.totp, sizeof(account.totp), error))
                return false;
        account.totp_confirmed = query_get_int(&q, 4) != 0;
        account.totp_step = query_get_int(&q, 5);
        account.failures = (uint32_t)query_get_int(&q, 6);
        account.locked_until = query_get_int(&q, 7);
        account.no_mail = query_get_int(&q, 8) != 0;
        *ret_account = account;
        return true;
}

bool rows_account_read(StoreView *view, const Id *person, StoreAccount *ret_account, bool *ret_found,
                       GError **error)
{
        return rows_account_read_by(view, SQL_ACCOUNT_READ, person, ret_account, ret_found, error);
}

bool rows_account_put(StoreView *view, const StoreAccount *account, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_ACCOUNT_PUT);

        query_id(&q, 1, &account->person);
        query_int(&q, 2, account->disabled);
        query_int(&q, 3, account->is_operator);
        query_text(&q, 4, account->password[0] == '\0' ? NULL : account->password);
        if (account->has_totp)
                query_bytes(&q, 5, account->totp, sizeof(account->totp));
        else
                query_bytes(&q, 5, NULL, 0);
        query_int(&q, 6, account->totp_confirmed);
        query_int(&q, 7, account->totp_step);
        query_int(&q, 8, account->failures);
        query_int(&q, 9, account->locked_until);
        query_int(&q, 10, account->no_mail);
        return query_run(&q, error);
}

bool rows_sign_in_possible(StoreView *view, bool *ret_can, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_ACCOUNT_ANY);

        return query_next(&q, ret_can, error);
}

/* ---- Roles ---- */

static bool grant_give(Query *q, StoreGrantFn fn, void *payload, GError **error)
{
        const char *name = query_get_text(q, 1), *zones = query_get_text(q, 3);
        g_auto(GStrv) keys = zones == NULL ? NULL : g_strsplit(zones, " ", -1);
        StoreGrant grant = { .row = query_get_int(q, 7),
                             .until = query_get_int(q, 2),
                             .zones = keys,
                             .provided = query_get_int(q, 4) != 0,
                             .baseline = query_get_text(q, 5),
                             .upto = (Seq)query_get_int(q, 6) };

        if (name == NULL || !role_find(name, &grant.role)) {
                error_set(error, ZW_ERR_VERSION, "role", "stored data name the role \"%s\"",
                          name == NULL ? "" : name);
                return false;
        }
        return query_get_bytes(q, 0, grant.person.b, ZW_ID_BYTES, error) && fn(&grant, payload, error);
}

bool rows_grant_read(StoreView *view, int64_t log, const Id *person, StoreGrantFn fn, void *payload,
                     GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), log == 0         ? SQL_GRANT_PERSON
                                                             : person == NULL ? SQL_GRANT_ALL
                                                                              : SQL_GRANT_READ);
        bool found;

        if (log != 0)
                query_int(&q, 1, log);
        if (person != NULL)
                query_id(&q, log == 0 ? 1 : 2, person);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!grant_give(&q, fn, payload, error))
                        return false;
        }
        return false;
}

bool rows_grant_put(StoreView *view, int64_t log, const StoreGrant *grant, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_GRANT_PUT);
        g_autofree char *zones = grant->zones == NULL ? NULL : g_strjoinv(" ", grant->zones);

        query_int(&q, 1, log);
        query_id(&q, 2, &grant->person);
        query_text(&q, 3, role_def(grant->role)->name);
        query_int(&q, 4, grant->until);
        query_text(&q, 5, zones);
        query_int(&q, 6, grant->provided);
        query_text(&q, 7, grant->baseline);
        query_int(&q, 8, (int64_t)grant->upto);
        return query_run(&q, error);
}

bool rows_grant_drop(StoreView *view, int64_t log, const Id *person, RoleId role, bool *ret_had,
                     GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_GRANT_DROP);

        query_int(&q, 1, log);
        query_id(&q, 2, person);
        query_text(&q, 3, role_def(role)->name);
        if (!query_run(&q, error))
                return false;
        *ret_had = query_changes(&q) > 0;
        return true;
}

/* ---- The setup code ---- */

bool rows_setup_put(StoreView *view, const Digest *hash, Instant expires, GError **error)
{
        g_auto(Query) clear = query_begin(view_connection(view), SQL_SETUP_CLEAR);
        g_auto(Query) q = query_begin(view_connection(view), SQL_SETUP_PUT);

        query_digest(&q, 1, hash);
        query_int(&q, 2, expires);
        return query_run(&clear, error) && query_run(&q, error);
}

bool rows_setup_take(StoreView *view, const Digest *hash, Instant now, bool *ret_taken, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_SETUP_TAKE);

        query_digest(&q, 1, hash);
        query_int(&q, 2, now);
        if (!query_run(&q, error))
                return false;
        *ret_taken = query_changes(&q) > 0;
        return true;
}

/* ---- The audit trail ---- */

bool rows_audit_insert(StoreView *view, const StoreAudit *entry, GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view), SQL_AUDIT_INSERT);

        query_int(&q, 1, entry->time);
        if (entry->person != NULL)
                query_id(&q, 2, entry->person);
        else
                query_bytes(&q, 2, NULL, 0);
        query_text(&q, 3, entry->action);
        query_text(&q, 4, entry->project);
        query_text(&q, 5, entry->object);
        query_text(&q, 6, entry->address);
        query_text(&q, 7, entry->outcome);
        return query_run(&q, error);
}

static bool audit_give(Query *q, StoreAuditFn fn, void *payload, GError **error)
{
        Id person;
        StoreAudit entry = { .no = (uint64_t)query_get_int(q, 0),
                             .time = query_get_int(q, 1),
                             .action = query_get_text(q, 3),
                             .project = query_get_text(q, 4),
                             .object = query_get_text(q, 5),
                             .address = query_get_text(q, 6),
                             .outcome = query_get_text(q, 7) };

        if (!query_is_null(q, 2)) {
                if (!query_get_bytes(q, 2, person.b, ZW_ID_BYTES, error))
                        return false;
                entry.person = &person;
        }
        return fn(&entry, payload, error);
}

bool rows_audit_read(StoreView *view, const StoreAuditQuery *query, StoreAuditFn fn, void *payload,
                     GError **error)
{
        g_auto(Query) q = query_begin(view_connection(view),
                                      query->project == NULL ? SQL_AUDIT_ALL : SQL_AUDIT_PROJECT);
        bool found;

        query_int(&q, 1,
                  query->before == 0 || query->before > INT64_MAX ? INT64_MAX : (int64_t)query->before);
        query_int(&q, 2, query->most);
        if (query->person != NULL)
                query_id(&q, 3, query->person);
        else
                query_bytes(&q, 3, NULL, 0);
        query_text(&q, 4, query->action);
        query_text(&q, 5, query->text);
        query_int(&q, 6, query->from);
        query_int(&q, 7, query->to);
        if (query->project != NULL)
                query_text(&q, 8, query->project);
        while (query_next(&q, &found, error)) {
                if (!found)
                        return true;
                if (!audit_give(&q, fn, payload, error))
                        return false;
        }
        return false;
}
