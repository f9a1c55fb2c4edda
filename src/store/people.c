/* People and their roles. */
#include "base/error.h"
#include "base/jtext.h"
#include "store/internal.h"
#include <string.h>

void store_person_free(StorePerson *person)
{
        if (person == NULL)
                return;
        g_free(person->name);
        g_free(person->full_name);
        g_free(person);
}

static bool person_keep(const StorePerson *person, void *payload, GError **error G_GNUC_UNUSED)
{
        StorePerson **ret_person = payload;
        StorePerson *copy = g_new0(StorePerson, 1);

        copy->id = person->id;
        copy->name = g_strdup(person->name);
        copy->full_name = g_strdup(person->full_name);
        *ret_person = copy;
        return true;
}

static StorePerson *person_load(StoreView *view, const char *name, const Id *id, const char *what,
                                GError **error)
{
        g_autoptr(StorePerson) person = NULL;

        if (!view->backend->person_find(view, name, id, person_keep, &person, error))
                return NULL;
        if (person == NULL)
                error_set(error, ZW_ERR_NOT_FOUND, what, "there is no person %s", what);
        return g_steal_pointer(&person);
}

StorePerson *store_find_person(StoreView *view, const char *name, GError **error)
{
        return person_load(view, name, NULL, name, error);
}

StorePerson *store_load_person(StoreView *view, const Id *id, GError **error)
{
        char hex[ZW_ID_HEX];

        hex_encode(id->b, ZW_ID_BYTES, hex);
        return person_load(view, NULL, id, hex, error);
}

static bool name_check(const char *name, const char *where, bool may_be_empty, GError **error)
{
        size_t n = strlen(name);
        bool fine = n <= ZW_NAME_MAX && (n > 0 || may_be_empty) && utf8_valid(name, n);

        for (size_t i = 0; fine && i < n; i++)
                fine = (unsigned char)name[i] >= ' ' && name[i] != 0x7f;
        if (!fine)
                error_set(error, ZW_ERR_INPUT, where, "a name has %d to %d bytes of text in one line",
                          may_be_empty ? 0 : 1, (int)ZW_NAME_MAX);
        return fine;
}

static bool put_person(StoreTxn *txn, const char *name, const char *full_name, Id *ret_id, GError **error)
{
        g_autoptr(StorePerson) old = NULL;
        StorePerson person;

        if (!name_check(name, "name", false, error) || !name_check(full_name, "full_name", true, error) ||
            !txn->view->backend->person_find(txn->view, name, NULL, person_keep, &old, error))
                return false;
        person.id = old == NULL ? id_new() : old->id;
        person.name = (char *)name;
        person.full_name = (char *)full_name;
        if (!txn->view->backend->person_put(txn->view, &person, error))
                return false;
        *ret_id = person.id;
        return true;
}

bool store_txn_put_person(StoreTxn *txn, const char *name, const char *full_name, Id *ret_id, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && put_person(txn, name, full_name, ret_id, &local);

        return txn_result(txn, ok, local, error);
}

bool store_load_roles(StoreView *view, const Id *log, const Id *person, unsigned *ret_roles, GError **error)
{
        g_autoptr(StorePerson) known = store_load_person(view, person, error);
        int64_t no;

        return known != NULL && view_log_no(view, log, &no, error) &&
               view->backend->role_read(view, no, person, ret_roles, error);
}

static bool put_roles(StoreTxn *txn, const Id *log, const Id *person, unsigned roles, GError **error)
{
        g_autoptr(StorePerson) known = store_load_person(txn->view, person, error);
        int64_t no;

        if (known == NULL || !view_log_no(txn->view, log, &no, error))
                return false;
        if (roles >> ZW_ROLE_COUNT != 0) {
                error_set(error, ZW_ERR_INPUT, "roles", "there are %d roles", (int)ZW_ROLE_COUNT);
                return false;
        }
        return txn->view->backend->role_put(txn->view, no, person, roles, error);
}

bool store_txn_put_roles(StoreTxn *txn, const Id *log, const Id *person, unsigned roles, GError **error)
{
        GError *local = NULL;
        bool ok = txn_check(txn, &local) && put_roles(txn, log, person, roles, &local);

        return txn_result(txn, ok, local, error);
}
