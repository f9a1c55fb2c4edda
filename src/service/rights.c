#include "service/rights.h"

#include "base/error.h"

void rights_clear(Rights *rights)
{
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                g_clear_pointer(&rights->zones[i], g_strfreev);
}

bool rights_load_account(StoreView *view, const Caller *caller, Rights *ret_rights, GError **error)
{
        /* Whoever reaches the data directory itself manages the installation, whatever is written in it. */
        const bool is_local = caller->origin == ORIGIN_CLI;
        StoreAccount account;

        if (!store_load_account(view, &caller->person, &account, error))
                return false;
        if (account.disabled && !is_local) {
                error_set(error, ZW_ERR_DENIED, NULL, "the account is disabled");
                return false;
        }
        *ret_rights = (Rights){ .limit = caller->by_token ? caller->permissions : ~0U };
        ret_rights->is_operator = (account.is_operator || is_local) && !caller->has_project &&
                                  (ret_rights->limit & 1U << ZW_PERM_ADMIN) != 0;
        return true;
}

typedef struct {
        Rights *rights;
        Instant now;
        bool is_branch;
} GrantRead;

static bool grant_read(const StoreGrant *grant, void *payload, GError **error G_GNUC_UNUSED)
{
        GrantRead *read = payload;

        if (grant->until != 0 && grant->until <= read->now)
                return true;
        /* Who sees the project as of one of its commits sees nothing that was made of it. */
        if (read->is_branch && grant->upto != 0)
                return true;
        read->rights->roles |= 1U << grant->role;
        if (grant->upto != 0) {
                read->rights->bounded |= 1U << grant->role;
                read->rights->upto = grant->upto;
        }
        read->rights->zones[grant->role] = g_strdupv(grant->zones);
        return true;
}

bool rights_load_roles(StoreView *view, const Caller *caller, const Id *log, Instant now, Rights *rights,
                       GError **error)
{
        GrantRead read = { rights, now, false };
        Id root;

        if (!store_branch_root(view, log, &root, error))
                return false;
        read.is_branch = !id_equal(&root, log);
        if (caller->has_project && !id_equal(&caller->project, log) && !id_equal(&caller->project, &root))
                return true;
        return store_each_grant(view, &root, &caller->person, grant_read, &read, error);
}

static void project_rights_free(void *data)
{
        ProjectRights *one = data;

        store_project_free(one->project);
        rights_clear(&one->rights);
        g_free(one);
}

/* Each project behind the one whose roles hold in it: itself, or what the branch was made from. */
typedef struct {
        const Caller *caller;
        Instant now;
        GHashTable *by_root; /* row of a log -> GPtrArray of ProjectRights (borrowed) */
} RootRead;

static bool root_grant_read(const StoreGrant *grant, void *payload, GError **error)
{
        const RootRead *roots = payload;
        const GPtrArray *members = g_hash_table_lookup(roots->by_root, &grant->row);

        for (guint i = 0; members != NULL && i < members->len; i++) {
                ProjectRights *one = members->pdata[i];
                GrantRead read = { &one->rights, roots->now, one->project->is_branch };

                if (!grant_read(grant, &read, error))
                        return false;
        }
        return true;
}

static const StoreProject *project_root(GHashTable *by_log, const StoreProject *project)
{
        const StoreProject *parent;

        while (project->is_branch && (parent = g_hash_table_lookup(by_log, &project->parent)) != NULL)
                project = parent;
        return project;
}

static void root_add(RootRead *roots, const StoreProject *root, ProjectRights *one)
{
        const Caller *caller = roots->caller;
        GPtrArray *members = g_hash_table_lookup(roots->by_root, &root->row);

        if (caller->has_project && !id_equal(&caller->project, &one->project->log) &&
            !id_equal(&caller->project, &root->log))
                return;
        if (members == NULL) {
                members = g_ptr_array_new();
                g_hash_table_insert(roots->by_root, (void *)&root->row, members);
        }
        g_ptr_array_add(members, one);
}

static unsigned id_hash(const void *id)
{
        unsigned hash;

        memcpy(&hash, ((const Id *)id)->b, sizeof(hash));
        return hash;
}

static int id_same(const void *a, const void *b)
{
        return id_equal(a, b);
}

GPtrArray *rights_load_projects(StoreView *view, const Caller *caller, const Rights *account, Instant now,
                                GError **error)
{
        g_autoptr(GPtrArray) projects = store_load_projects(view, error);
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(project_rights_free);
        g_autoptr(GHashTable) by_log = g_hash_table_new(id_hash, id_same);
        g_autoptr(GHashTable) by_root = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL,
                                                              (GDestroyNotify)g_ptr_array_unref);
        RootRead roots = { caller, now, by_root };

        if (projects == NULL)
                return NULL;
        g_ptr_array_set_free_func(projects, NULL);
        for (guint i = 0; i < projects->len; i++) {
                ProjectRights *one = g_new0(ProjectRights, 1);

                one->project = projects->pdata[i];
                one->rights.is_operator = account->is_operator;
                one->rights.limit = account->limit;
                g_ptr_array_add(all, one);
                g_hash_table_insert(by_log, &one->project->log, one->project);
        }
        for (guint i = 0; i < all->len; i++) {
                ProjectRights *one = all->pdata[i];

                root_add(&roots, project_root(by_log, one->project), one);
        }
        if (!store_each_grant(view, NULL, &caller->person, root_grant_read, &roots, error))
                return NULL;
        return g_steal_pointer(&all);
}

Seq rights_upto(const Rights *rights)
{
        return rights->bounded != 0 && (rights->roles & ~rights->bounded) == 0 ? rights->upto : 0;
}

char *const *rights_zones_seen(const Rights *rights)
{
        return rights->roles == 1U << ZW_ROLE_AUDITOR ? rights->zones[ZW_ROLE_AUDITOR] : NULL;
}

unsigned rights_roles_with(const Rights *rights, PermissionId permission)
{
        unsigned roles = 0;

        if ((rights->limit & 1U << permission) == 0)
                return 0;
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (rights->roles & 1U << i && role_def((RoleId)i)->permissions & 1U << permission)
                        roles |= 1U << i;
        return roles;
}

unsigned rights_roles_of(const Rights *rights, unsigned roles)
{
        /* No token signs, whatever its scope: it is not asked for here. */
        const unsigned limit = rights->limit | 1U << ZW_PERM_SIGN;
        unsigned found = 0;

        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (rights->roles & roles & 1U << i && (role_def((RoleId)i)->permissions & ~limit) == 0)
                        found |= 1U << i;
        return found;
}

bool rights_are_limited(const Rights *rights, unsigned roles)
{
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (roles & 1U << i && rights->zones[i] == NULL)
                        return false;
        return true;
}

bool rights_reach_zone(const Rights *rights, unsigned roles, const char *zone)
{
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (roles & 1U << i && rights->zones[i] != NULL &&
                    g_strv_contains((const char *const *)rights->zones[i], zone))
                        return true;
        return false;
}
