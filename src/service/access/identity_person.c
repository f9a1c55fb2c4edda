/* Who comes from the provider: by issuer and subject alone, never by a name or an address of mail, which others may get. */
#include "service/access/identity_internal.h"

#include "base/hash.h"
#include "base/jtext.h"

#include <string.h>

enum { NAMES_TRIED = 100 };

/* ---- what their groups give ---- */

typedef struct {
        Id log;
        unsigned roles;
} Given;

typedef struct {
        const json_t *groups; /* a list of texts, or one text */
        GArray *given;        /* of Given */
} Giving;

static bool is_member(const json_t *groups, const char *name)
{
        const json_t *one;
        size_t i;

        if (json_is_string(groups))
                return strcmp(json_string_value(groups), name) == 0;
        json_array_foreach(groups, i, one) if (g_strcmp0(json_string_value(one), name) == 0) return true;
        return false;
}

static bool group_give(const StoreGroup *group, void *payload, GError **error G_GNUC_UNUSED)
{
        Giving *giving = payload;
        const Given fresh = { group->log, 1U << group->role };

        if (!is_member(giving->groups, group->name))
                return true;
        for (guint i = 0; i < giving->given->len; i++) {
                Given *given = &g_array_index(giving->given, Given, i);

                if (id_equal(&given->log, &group->log)) {
                        given->roles |= fresh.roles;
                        return true;
                }
        }
        g_array_append_val(giving->given, fresh);
        return true;
}

static unsigned roles_given(const GArray *given, const Id *log)
{
        for (guint i = 0; i < given->len; i++)
                if (id_equal(&g_array_index(given, Given, i).log, log))
                        return g_array_index(given, Given, i).roles;
        return 0;
}

/* ---- the roles they have ---- */

typedef struct {
        unsigned provided, by_hand;
        Instant now;
} Present;

static bool grant_note(const StoreGrant *grant, void *payload, GError **error G_GNUC_UNUSED)
{
        Present *present = payload;

        if (grant->provided)
                present->provided |= 1U << grant->role;
        else if (grant->until == 0 || grant->until > present->now)
                present->by_hand |= 1U << grant->role;
        return true;
}

/* One role more or less, with its line in the audit trail of the project. */
static bool role_change(StoreTxn *txn, const Arrival *arrival, const StorePerson *person,
                        const StoreProject *project, RoleId role, bool give, GError **error)
{
        const StoreGrant grant = { .person = person->id, .role = role, .provided = true };
        g_autofree char *object = g_strdup_printf("%s %s by groups", person->name, role_def(role)->name);
        const StoreAudit entry = { .time = arrival->now,
                                   .person = &person->id,
                                   .action = give ? "role.grant" : "role.revoke",
                                   .project = project->key,
                                   .object = object,
                                   .address = arrival->address,
                                   .outcome = "ok" };

        return (give ? store_txn_put_grant(txn, &project->log, &grant, error)
                     : store_txn_drop_grant(txn, &project->log, &person->id, role, error)) &&
               store_txn_audit(txn, &entry, error);
}

static bool roles_set_in(StoreTxn *txn, const Arrival *arrival, const StorePerson *person,
                         const StoreProject *project, unsigned wanted, GError **error)
{
        Present present = { .now = arrival->now };

        if (!store_each_grant(store_txn_view(txn), &project->log, &person->id, grant_note, &present, error))
                return false;
        /* What somebody gave by hand is theirs to take. */
        wanted &= ~present.by_hand;
        for (int i = 0; i < ZW_ROLE_COUNT; i++) {
                const bool has = (present.provided & 1U << i) != 0, wants = (wanted & 1U << i) != 0;

                if (has != wants && !role_change(txn, arrival, person, project, (RoleId)i, wants, error))
                        return false;
        }
        return true;
}

static bool roles_set(StoreTxn *txn, const Arrival *arrival, const StorePerson *person, const GArray *given,
                      GError **error)
{
        g_autoptr(GPtrArray) projects = store_load_projects(store_txn_view(txn), error);

        for (guint i = 0; projects != NULL && i < projects->len; i++) {
                const StoreProject *project = projects->pdata[i];

                if (!roles_set_in(txn, arrival, person, project, roles_given(given, &project->log), error))
                        return false;
        }
        return projects != NULL;
}

/* ---- who it is ---- */

/* A claim that may be shown as a name; NULL for one that may not. */
static const char *name_claim(const json_t *claims, const char *claim)
{
        const char *text = jread_get_string(claims, claim);

        for (const char *at = text; at != NULL && *at != '\0'; at++)
                if ((unsigned char)*at < ' ' || *at == 0x7f)
                        return NULL;
        return text == NULL || text[0] == '\0' || strlen(text) > ZW_NAME_MAX - 8 ? NULL : text;
}

/* A login name nobody has: somebody else may go by the same name here. Free it; NULL with the error set. */
static char *name_free(StoreTxn *txn, const char *wanted, GError **error)
{
        for (unsigned i = 1; i <= NAMES_TRIED; i++) {
                g_autofree char *name = i == 1 ? g_strdup(wanted) : g_strdup_printf("%s-%u", wanted, i);
                g_autoptr(GError) why = NULL;
                g_autoptr(StorePerson) taken = store_find_person(store_txn_view(txn), name, &why);

                if (taken != NULL)
                        continue;
                if (g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND))
                        return g_steal_pointer(&name);
                g_propagate_error(error, g_steal_pointer(&why));
                return NULL;
        }
        error_set(error, ZW_ERR_EXISTS, NULL, "too many people have this name");
        return NULL;
}

static bool person_make(StoreTxn *txn, const Arrival *arrival, const char *subject, Id *ret_id,
                        GError **error)
{
        const char *wanted = name_claim(arrival->claims, "preferred_username"),
                   *full = name_claim(arrival->claims, "name");
        g_autofree char *name = NULL;

        if (wanted == NULL)
                wanted = name_claim(arrival->claims, "sub");
        name = name_free(txn, wanted == NULL ? "person" : wanted, error);
        return name != NULL && store_txn_put_person(txn, name, full == NULL ? name : full, ret_id, error) &&
               store_txn_add_identity(txn, arrival->provider->issuer, subject, ret_id, arrival->now, error) &&
               access_audit(txn, ret_id, "user.add", name, arrival->address, "ok", error);
}

/* The person, made when they are new and have something to do here; else `why` is set. */
static bool person_find(StoreTxn *txn, Arrival *arrival, bool has_roles, Id *ret_id, bool *ret_known,
                        GError **error)
{
        const char *subject = jread_get_string(arrival->claims, "sub");
        StoreAccount account;

        if (!store_find_identity(store_txn_view(txn), arrival->provider->issuer, subject, ret_id, ret_known,
                                 error))
                return false;
        if (!*ret_known) {
                if (has_roles)
                        return person_make(txn, arrival, subject, ret_id, error);
                arrival->why = "nobody known, and no group of theirs has a role";
                return true;
        }
        if (!store_load_account(store_txn_view(txn), ret_id, &account, error))
                return false;
        if (account.disabled)
                arrival->why = "disabled";
        return true;
}

bool identity_arrive(StoreTxn *txn, void *payload, GError **error)
{
        Arrival *arrival = payload;
        g_autoptr(GArray) given = g_array_new(FALSE, FALSE, sizeof(Given));
        Giving giving = { json_object_get(arrival->claims, arrival->provider->claim), given };
        g_autoptr(StorePerson) person = NULL;
        bool known;
        Id id;

        arrival->why = NULL;
        if (!store_each_group(store_txn_view(txn), group_give, &giving, error) ||
            !person_find(txn, arrival, given->len > 0, &id, &known, error))
                return false;
        if (arrival->why != NULL)
                return access_audit(txn, known ? &id : NULL, "sign_in", "provider", arrival->address,
                                    arrival->why, error);
        person = store_load_person(store_txn_view(txn), &id, error);
        return person != NULL && roles_set(txn, arrival, person, given, error) &&
               access_session_add(txn, &id, arrival->session, arrival->address, arrival->now, error) &&
               access_audit(txn, &id, "sign_in", person->name, arrival->address, "ok", error);
}
