/* Roles in a project: given by its administrators and by operators. */
#include "service/access/access_internal.h"

#include "base/near.h"

#include <string.h>

/* ---- the list ---- */

typedef struct {
        const Call *call;
        JWrite *w;
} Listing;

static bool grant_write(const StoreGrant *grant, void *payload, GError **error)
{
        Listing *list = payload;
        g_autoptr(StorePerson) person = store_load_person(list->call->view, &grant->person, error);
        char until[ZW_INSTANT_TEXT];

        if (person == NULL)
                return false;
        instant_format(grant->until, until);
        jwrite_object_begin(list->w);
        jwrite_key_string(list->w, "name", person->name);
        jwrite_key_string(list->w, "full_name", person->full_name);
        jwrite_key_string(list->w, "role", role_def(grant->role)->name);
        jwrite_key_string(list->w, "until", grant->until == 0 ? NULL : until);
        jwrite_key(list->w, "zones");
        jwrite_array_begin(list->w);
        for (char **zone = grant->zones; zone != NULL && *zone != NULL; zone++)
                jwrite_string(list->w, *zone);
        jwrite_array_end(list->w);
        jwrite_key_bool(list->w, "provided", grant->provided);
        jwrite_key_string(list->w, "baseline", grant->baseline);
        jwrite_object_end(list->w);
        return true;
}

bool usecase_role_list(Call *call, JWrite *w, GError **error)
{
        Listing list = { call, w };
        bool ok;

        jwrite_array_begin(w);
        ok = store_each_grant(call->view, &call->project->log, NULL, grant_write, &list, error);
        jwrite_array_end(w);
        return ok;
}

/* ---- changes ---- */

typedef struct {
        Call *call;
        Id person;
        const char *name;
        unsigned roles;
        Instant until;
        char **zones;
        const char *baseline;
        Seq upto;
        bool revoke;
} RoleChange;

static bool role_change(StoreTxn *txn, const RoleChange *change, RoleId role, GError **error)
{
        const Id *log = &change->call->project->log;
        const StoreGrant grant = { .person = change->person,
                                   .role = role,
                                   .until = change->until,
                                   .zones = change->zones,
                                   .baseline = change->baseline,
                                   .upto = change->upto };
        g_autofree char *zones = change->zones == NULL ? g_strdup("") : g_strjoinv(" ", change->zones);
        g_autofree char *object = g_strdup_printf("%s %s%s%s%s%s", change->name, role_def(role)->name,
                                                  zones[0] == '\0' ? "" : " in ", zones,
                                                  change->baseline == NULL ? "" : " as of ",
                                                  change->baseline == NULL ? "" : change->baseline);

        return (change->revoke ? store_txn_drop_grant(txn, log, &change->person, role, error)
                               : store_txn_put_grant(txn, log, &grant, error)) &&
               call_audit(change->call, txn, change->revoke ? "role.revoke" : "role.grant", object, "ok",
                          error);
}

static bool roles_write(StoreTxn *txn, void *payload, GError **error)
{
        const RoleChange *change = payload;

        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (change->roles & 1U << i && !role_change(txn, change, (RoleId)i, error))
                        return false;
        return true;
}

bool access_role_read(const char *name, unsigned *roles, GError **error)
{
        const char *names[ZW_ROLE_COUNT];
        g_autofree char *near = NULL;
        RoleId role;

        if (name != NULL && role_find(name, &role)) {
                *roles |= 1U << role;
                return true;
        }
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                names[i] = role_def((RoleId)i)->name;
        near = near_names(name == NULL ? "" : name, names, ZW_ROLE_COUNT);
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/roles", "there is no role \"%s\"%s", name == NULL ? "" : name,
                  near);
        return false;
}

static bool roles_read(Call *call, RoleChange *change, GError **error)
{
        const json_t *roles = json_object_get(call->input, "roles"), *one;
        size_t i;

        json_array_foreach(roles, i, one) if (!access_role_read(json_string_value(one), &change->roles,
                                                                error)) return false;
        if (change->roles != 0)
                return true;
        error_set(error, ZW_ERR_USAGE, "/roles", "at least one role is named");
        return false;
}

static bool zone_read(Call *call, const char *key, GError **error)
{
        g_autoptr(StoreItem) item = key == NULL ? NULL
                                                : store_item_by_key(call->view, &call->project->log, key,
                                                                    ZW_SEQ_OPEN - 1, NULL);

        if (item != NULL && store_item_rev(item)->kind == ZW_KIND_ZONE)
                return true;
        error_set(error, ZW_ERR_NOT_FOUND, "/zones", "there is no zone %s in %s", key == NULL ? "" : key,
                  call->project->key);
        return false;
}

/* A limit is for roles that change content, and for auditors, whose reading it limits: that of the others is for the project as a
 * whole, and so is managing it. */
static bool limit_check(const RoleChange *change, GError **error)
{
        for (int i = 0; i < ZW_ROLE_COUNT; i++) {
                const unsigned permissions = role_def((RoleId)i)->permissions;

                if ((change->roles & 1U << i) == 0 || i == ZW_ROLE_AUDITOR ||
                    ((permissions & 1U << ZW_PERM_CHANGE) != 0 && (permissions & 1U << ZW_PERM_ADMIN) == 0))
                        continue;
                error_set(error, ZW_ERR_INPUT, "/zones", "the role %s is not limited to zones",
                          role_def((RoleId)i)->name);
                return false;
        }
        return true;
}

static bool zones_read(Call *call, RoleChange *change, GError **error)
{
        const json_t *zones = json_object_get(call->input, "zones"), *one;
        g_autoptr(GStrvBuilder) keys = g_strv_builder_new();
        size_t i;

        if (json_array_size(zones) == 0)
                return true;
        json_array_foreach(zones, i, one)
        {
                if (!zone_read(call, json_string_value(one), error))
                        return false;
                g_strv_builder_add(keys, json_string_value(one));
        }
        change->zones = g_strv_builder_end(keys);
        return limit_check(change, error);
}

/* What an auditor is to see: the commit that the baseline names now, whatever becomes of the item. */
static bool baseline_read(Call *call, RoleChange *change, GError **error)
{
        const char *key = jread_get_string(call->input, "baseline");
        g_autoptr(StoreItem) item = NULL;

        if (key == NULL)
                return true;
        if (change->roles != 1U << ZW_ROLE_AUDITOR) {
                error_set(error, ZW_ERR_INPUT, "/baseline",
                          "the role auditor, and no other, is limited to a baseline");
                return false;
        }
        item = store_item_by_key(call->view, &call->project->log, key, ZW_SEQ_OPEN - 1, NULL);
        if (item == NULL || store_item_rev(item)->kind != ZW_KIND_BASELINE) {
                error_set(error, ZW_ERR_NOT_FOUND, "/baseline", "there is no baseline %s in %s", key,
                          call->project->key);
                return false;
        }
        change->baseline = key;
        return call_find_seq(call, key, "baseline", &change->upto, error);
}

static bool until_read(Call *call, RoleChange *change, GError **error)
{
        const char *until = jread_get_string(call->input, "until");

        if (until == NULL)
                return true;
        if (!instant_parse(until, &change->until, error))
                return false;
        if (change->until > instant_now())
                return true;
        error_set(error, ZW_ERR_INPUT, "/until", "%s is in the past", until);
        return false;
}

static bool change_do(Call *call, RoleChange *change, JWrite *w, GError **error)
{
        const char *name = jread_get_string(call->input, "name");
        g_autoptr(StorePerson) person = NULL;

        if (name == NULL) {
                error_set(error, ZW_ERR_USAGE, "/name", "the login name of a person is needed");
                return false;
        }
        person = store_find_person(call->view, name, error);
        if (person == NULL || !roles_read(call, change, error) || !zones_read(call, change, error) ||
            !baseline_read(call, change, error) || !until_read(call, change, error))
                return false;
        change->person = person->id;
        change->name = person->name;
        if (!store_write(call->service->store, roles_write, change, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", person->name);
        jwrite_object_end(w);
        return true;
}

bool usecase_role_grant(Call *call, JWrite *w, GError **error)
{
        RoleChange change = { .call = call };
        bool ok = change_do(call, &change, w, error);

        g_strfreev(change.zones);
        return ok;
}

bool usecase_role_revoke(Call *call, JWrite *w, GError **error)
{
        RoleChange change = { .call = call, .revoke = true };
        bool ok = change_do(call, &change, w, error);

        g_strfreev(change.zones);
        return ok;
}
