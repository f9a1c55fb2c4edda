/* What a person may do in all projects, read at once, against the same asked of each project. */
#include "cast.h"

#include "service/rights.h"
#include "store/store.h"

enum { PEOPLE = 4, GRANTS = 60, NOW = 1000 };

typedef struct {
        GRand *random;
        Caller people[PEOPLE];
        const GPtrArray *projects;
} World;

/* Mostly in a project: roles of a branch are those of what it was made from. */
static bool grant_some(StoreTxn *txn, void *payload, GError **error)
{
        static const Instant ends[] = { 0, NOW - 1, NOW, NOW + 1 };
        static char *zones[] = { (char *)"ZN-1", (char *)"ZN-2", NULL };
        World *world = payload;

        for (int i = 0; i < GRANTS; i++) {
                const guint at = (guint)g_rand_int_range(world->random, 0, (gint32)world->projects->len);
                const StoreProject *project = world->projects->pdata[at];
                StoreGrant grant = {
                        .person = world->people[g_rand_int_range(world->random, 0, PEOPLE - 1)].person,
                        .role = (RoleId)g_rand_int_range(world->random, 0, ZW_ROLE_COUNT),
                        .until = ends[g_rand_int_range(world->random, 0, G_N_ELEMENTS(ends))]
                };

                if (g_rand_boolean(world->random))
                        grant.zones = zones;
                if (g_rand_int_range(world->random, 0, 3) == 0) {
                        grant.baseline = "BL-1";
                        grant.upto = 1;
                }
                if (!store_txn_put_grant(txn, &project->log, &grant, error))
                        return false;
        }
        return true;
}

static void assert_same(const Rights *a, const Rights *b)
{
        g_assert_cmpint(a->is_operator, ==, b->is_operator);
        g_assert_cmpuint(a->roles, ==, b->roles);
        g_assert_cmpuint(a->limit, ==, b->limit);
        g_assert_cmpuint(a->bounded, ==, b->bounded);
        g_assert_cmpuint(a->upto, ==, b->upto);
        for (int i = 0; i < ZW_ROLE_COUNT; i++) {
                g_assert_cmpint(a->zones[i] == NULL, ==, b->zones[i] == NULL);
                if (a->zones[i] != NULL)
                        g_assert_cmpstrv(a->zones[i], b->zones[i]);
        }
}

/* How many roles there are in all of them. */
static unsigned assert_person(StoreView *view, const World *world, const Caller *caller, bool is_operator)
{
        const Rights account = { .is_operator = is_operator, .limit = 5 };
        g_autoptr(GPtrArray) all = rights_load_projects(view, caller, &account, NOW, NULL);
        unsigned n = 0;

        g_assert_nonnull(all);
        g_assert_cmpuint(all->len, ==, world->projects->len);
        for (guint i = 0; i < all->len; i++) {
                const ProjectRights *one = all->pdata[i];
                const StoreProject *project = world->projects->pdata[i];
                g_auto(Rights) alone = { .is_operator = account.is_operator, .limit = account.limit };

                g_assert_cmpstr(one->project->key, ==, project->key);
                g_assert_true(rights_load_roles(view, caller, &project->log, NOW, &alone, NULL));
                assert_same(&one->rights, &alone);
                n += (unsigned)__builtin_popcount(alone.roles);
        }
        return n;
}

static void projects_make(Cast *cast)
{
        static const char *const branches[][2] = {
                { "OWN", "B1" }, { "OWN.B1", "B2" }, { "P1", "B3" }, { "P1", "B4" }
        };

        for (int i = 0; i < 5; i++)
                json_decref(cast_do(cast, "project.create", json_of("{'key':'P%d'}", i)));
        for (size_t i = 0; i < G_N_ELEMENTS(branches); i++)
                json_decref(cast_do(cast, "branch.create",
                                    json_of("{'project':'%s','name':'%s'}", branches[i][0], branches[i][1])));
}

static bool grant_and_compare(StoreTxn *txn, void *payload, GError **error)
{
        World *world = payload;
        StoreView *view = store_txn_view(txn);
        g_autoptr(GPtrArray) projects = store_load_projects(view, error);
        unsigned n = 0;

        g_assert_nonnull(projects);
        g_assert_cmpuint(projects->len, ==, 10);
        world->projects = projects;
        if (!grant_some(txn, world, error))
                return false;
        for (int i = 0; i < PEOPLE; i++) {
                Caller caller = world->people[i];

                n += assert_person(view, world, &caller, i == 0);
                caller.has_project = true;
                for (guint of = 0; of < projects->len; of++) {
                        caller.project = ((const StoreProject *)projects->pdata[of])->log;
                        n += assert_person(view, world, &caller, false);
                }
        }
        g_assert_cmpuint(n, >, GRANTS / 2);
        return true;
}

static void test_all_projects(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        World world = { .random = g_rand_new_with_seed(7) };

        projects_make(cast);
        for (int i = 0; i < PEOPLE; i++) {
                g_autofree char *name = g_strdup_printf("person%d", i);

                world.people[i] = cast_person(cast, name);
        }
        cast_write(cast, grant_and_compare, &world);
        g_rand_free(world.random);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/rights/all-projects", Cast, NULL, cast_set_up, test_all_projects, cast_tear_down);
        return g_test_run();
}
