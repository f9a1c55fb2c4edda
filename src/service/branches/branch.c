/* Branches of a project: made from any commit of it, listed, dropped. Merging: merge.c. */
#include "service/proof/retention.h"

#include <string.h>

static char *branch_key(const Call *call)
{
        const char *name = jread_get_string(call->input, "name");

        return g_strdup_printf("%s.%s", call->project->key, name == NULL ? "" : name);
}

StoreProject *call_branch(const Call *call, StoreView *view, GError **error)
{
        const char *name = jread_get_string(call->input, "name");
        g_autofree char *key = branch_key(call);
        g_autoptr(GError) why = NULL;
        g_autoptr(StoreProject) branch = store_find_project(view, key, &why);

        if (branch == NULL && !g_error_matches(why, ZW_ERROR, ZW_ERR_NOT_FOUND)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return NULL;
        }
        if (branch != NULL && branch->is_branch && id_equal(&branch->parent, &call->project->log))
                return g_steal_pointer(&branch);
        error_set(error, ZW_ERR_NOT_FOUND, "/name", "there is no branch \"%s\" of %s",
                  name == NULL ? "" : name, call->project->key);
        return NULL;
}

/* ---- making one ---- */

typedef struct {
        Call *call;
        const char *key, *title;
        Seq from;
        Id log;
} BranchMake;

static bool branch_write(StoreTxn *txn, void *payload, GError **error)
{
        BranchMake *make = payload;
        const Caller *caller = make->call->caller;
        const StorePlace from = { make->call->project->log, make->from };

        return store_txn_create_branch(txn, &from, make->key, make->title, &caller->person, caller->origin,
                                       &make->log, error) &&
               call_audit(make->call, txn, "branch.create", make->key, "ok", error);
}

bool usecase_branch_create(Call *call, JWrite *w, GError **error)
{
        const char *title = jread_get_string(call->input, "title"),
                   *name = jread_get_string(call->input, "name");
        g_autofree char *key = branch_key(call);
        BranchMake make = { .call = call,
                            .key = key,
                            .title = title == NULL || title[0] == '\0' ? name : title,
                            .from = call->at };
        char id[ZW_ID_HEX];

        if (name == NULL || strchr(name, '.') != NULL) {
                error_set(error, ZW_ERR_USAGE, "/name", "a branch has a name of A-Z a-z 0-9 - _");
                return false;
        }
        if (!store_write(call->service->store, branch_write, &make, error))
                return false;
        hex_encode(make.log.b, ZW_ID_BYTES, id);
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", name);
        jwrite_key_string(w, "key", key);
        jwrite_key_string(w, "title", make.title);
        jwrite_key_int(w, "from", (int64_t)make.from);
        jwrite_key_string(w, "log", id);
        jwrite_object_end(w);
        return true;
}

/* ---- those there are ---- */

static bool branch_say(Call *call, JWrite *w, const StoreProject *branch, GError **error)
{
        char changed[ZW_INSTANT_TEXT], id[ZW_ID_HEX];
        Seq merged_in, merged;

        if (!store_merge_last(call->view, &call->project->log, &branch->log, &merged_in, &merged, error))
                return false;
        instant_format(branch->changed, changed);
        hex_encode(branch->log.b, ZW_ID_BYTES, id);
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", strrchr(branch->key, '.') + 1);
        jwrite_key_string(w, "key", branch->key);
        jwrite_key_string(w, "title", branch->title);
        jwrite_key_int(w, "from", (int64_t)branch->parent_seq);
        jwrite_key_string(w, "log", id);
        jwrite_key_int(w, "commits", (int64_t)branch->head);
        jwrite_key_int(w, "ahead", (int64_t)(branch->head - MAX(merged, 1)));
        jwrite_key_int(w, "behind", (int64_t)(call->project->head - MAX(merged_in, branch->parent_seq)));
        if (merged_in == 0)
                jwrite_key_null(w, "merged");
        else
                jwrite_key_int(w, "merged", (int64_t)merged_in);
        jwrite_key_string(w, "changed", changed);
        jwrite_object_end(w);
        return true;
}

bool usecase_branch_list(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GPtrArray) projects = store_load_projects(call->view, error);

        if (projects == NULL)
                return false;
        jwrite_array_begin(w);
        for (guint i = 0; i < projects->len; i++) {
                const StoreProject *project = projects->pdata[i];

                if (project->is_branch && id_equal(&project->parent, &call->project->log) &&
                    !branch_say(call, w, project, error))
                        return false;
        }
        jwrite_array_end(w);
        return true;
}

/* ---- dropping ---- */

typedef struct {
        Call *call;
        const char *key;
        bool unmerged; /* what was not merged may go */
        StoreProject *branch;
} BranchDrop;

/* Who made it, or an administrator of the project. */
static bool may_drop(const BranchDrop *drop, StoreView *view, GError **error)
{
        Id actor;

        if (rights_roles_with(&drop->call->rights, ZW_PERM_ADMIN) != 0)
                return true;
        if (!store_commit_actor(view, &drop->branch->log, 1, &actor, error))
                return false;
        if (id_equal(&actor, &drop->call->caller->person))
                return true;
        error_set(error, ZW_ERR_DENIED, "/name", "%s is dropped by who made it, or by an administrator",
                  drop->key);
        return false;
}

static bool drop_check(BranchDrop *drop, StoreView *view, GError **error)
{
        Seq seq, merged;

        if (!store_merge_last(view, &drop->call->project->log, &drop->branch->log, &seq, &merged, error))
                return false;
        if (MAX(merged, 1) == drop->branch->head || drop->unmerged)
                return true;
        error_set(error, ZW_ERR_STATE, "/yes",
                  "%" G_GUINT64_FORMAT
                  " commits of %s are not merged; dropping them cannot be undone: say --yes",
                  drop->branch->head - MAX(merged, 1), drop->key);
        return false;
}

static bool drop_write(StoreTxn *txn, void *payload, GError **error)
{
        BranchDrop *drop = payload;
        StoreView *view = store_txn_view(txn);

        store_project_free(drop->branch);
        drop->branch = call_branch(drop->call, view, error);
        return drop->branch != NULL && drop_check(drop, view, error) && may_drop(drop, view, error) &&
               retention_check(view, drop->branch, error) &&
               store_txn_delete_project(txn, &drop->branch->log, error) &&
               call_audit(drop->call, txn, "branch.drop", drop->key, "ok", error);
}

bool usecase_branch_drop(Call *call, JWrite *w, GError **error)
{
        g_autofree char *key = branch_key(call);
        BranchDrop drop = { .call = call, .key = key, .unmerged = jread_get_bool(call->input, "yes", false) };
        g_autoptr(StoreProject) branch = NULL;
        const bool ok = store_write(call->service->store, drop_write, &drop, error);

        branch = drop.branch;
        if (!ok)
                return false;
        service_forget_graph(call->service, &branch->log);
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", key);
        jwrite_key_int(w, "commits", (int64_t)branch->head);
        jwrite_object_end(w);
        return true;
}
