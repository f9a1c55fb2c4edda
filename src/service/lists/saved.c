/* Use cases of saved views: people's own, and those that are shared in a project. */
#include "service/internal.h"
#include "store/saved.h"

#include <string.h>

typedef struct {
        const Call *call;
        JWrite *w;
        bool own_only;
} Listing;

static bool saved_write(const StoreSaved *saved, void *payload, GError **error G_GNUC_UNUSED)
{
        const Listing *listing = payload;
        JWrite *w = listing->w;

        if (listing->own_only && !id_equal(&saved->person, &listing->call->caller->person))
                return true;
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", saved->name);
        jwrite_key_string(w, "address", saved->address);
        jwrite_key_string(w, "person", saved->owner);
        jwrite_key_bool(w, "shared", saved->shared);
        jwrite_object_end(w);
        return true;
}

/* What others share may name what an auditor with a limit does not see. */
bool usecase_view_list(Call *call, JWrite *w, GError **error)
{
        Listing listing = { call, w, call->sight != NULL || rights_upto(&call->rights) != 0 };

        jwrite_array_begin(w);
        if (!store_each_saved(call->view, &call->project->log, &call->caller->person, saved_write, &listing,
                              error))
                return false;
        jwrite_array_end(w);
        return true;
}

typedef struct {
        const Call *call;
        StoreSaved saved;
} Saving;

static bool keep_write(StoreTxn *txn, void *payload, GError **error)
{
        const Saving *saving = payload;

        return store_txn_put_saved(txn, &saving->call->project->log, &saving->saved, error);
}

static bool drop_write(StoreTxn *txn, void *payload, GError **error)
{
        const Saving *saving = payload;

        return store_txn_drop_saved(txn, &saving->call->project->log, &saving->saved.person,
                                    saving->saved.name, error);
}

static bool saving_run(Saving *saving, StoreWriteFn write, JWrite *w, GError **error)
{
        if (!store_write(saving->call->service->store, write, saving, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", saving->saved.name);
        jwrite_object_end(w);
        return true;
}

static bool name_read(const Call *call, Saving *saving, GError **error)
{
        saving->saved.name = jread_get_string(call->input, "name");
        if (saving->saved.name == NULL)
                error_set(error, ZW_ERR_USAGE, "/name", "the name of a view is needed");
        return saving->saved.name != NULL;
}

bool usecase_view_keep(Call *call, JWrite *w, GError **error)
{
        const char *address = jread_get_string(call->input, "address");
        Saving saving = { .call = call,
                          .saved = { .person = call->caller->person,
                                     .address = address == NULL ? "" : address,
                                     .shared = jread_get_bool(call->input, "shared", false) } };

        if (!name_read(call, &saving, error))
                return false;
        if (!saving.saved.shared || rights_roles_with(&call->rights, ZW_PERM_CHANGE) != 0)
                return saving_run(&saving, keep_write, w, error);
        error_set(error, ZW_ERR_DENIED, "/shared", "who shares a view may change the project");
        return false;
}

typedef struct {
        const char *name, *owner;
        Id person;
        bool found;
} SharedFind;

static bool shared_find(const StoreSaved *saved, void *payload, GError **error G_GNUC_UNUSED)
{
        SharedFind *find = payload;

        if (saved->shared && strcmp(saved->name, find->name) == 0 && strcmp(saved->owner, find->owner) == 0) {
                find->person = saved->person;
                find->found = true;
        }
        return true;
}

/* One's own; what another shares goes by an administrator, too. */
bool usecase_view_drop(Call *call, JWrite *w, GError **error)
{
        Saving saving = { .call = call, .saved = { .person = call->caller->person } };
        SharedFind find = { .owner = jread_get_string(call->input, "person") };

        if (!name_read(call, &saving, error))
                return false;
        if (find.owner == NULL)
                return saving_run(&saving, drop_write, w, error);
        find.name = saving.saved.name;
        if (rights_roles_with(&call->rights, ZW_PERM_ADMIN) == 0) {
                error_set(error, ZW_ERR_DENIED, "person",
                          "what another shares is removed by an administrator");
                return false;
        }
        if (!store_each_saved(call->view, &call->project->log, &call->caller->person, shared_find, &find,
                              error))
                return false;
        if (!find.found) {
                error_set(error, ZW_ERR_NOT_FOUND, "name", "%s shares no view \"%s\"", find.owner, find.name);
                return false;
        }
        saving.saved.person = find.person;
        return saving_run(&saving, drop_write, w, error);
}
