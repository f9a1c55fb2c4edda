/* What a changeset may touch: permissions of operations, roles of transitions, limits to zones. */
#include "cast.h"

#include "base/error.h"

#include <string.h>

#define ITEM(key, kind)        "{'op':'item','key':'" key "','kind':'" kind "','title':'" key "'}"
#define LINK(from, type, to)   "{'op':'link','from':'" from "','type':'" type "','to':'" to "'}"
#define UNLINK(from, type, to) "{'op':'unlink','from':'" from "','type':'" type "','to':'" to "'}"
#define MOVE(key, to)          "{'op':'transition','key':'" key "','to':'" to "'}"

static json_t *edit(const char *ops)
{
        return json_of("{'project':'OWN','ops':[%s]}", ops);
}

static const char *const plant_ops[] = {
        ITEM("SYS-1", "system"),
        ITEM("ZN-1", "zone"),
        ITEM("ZN-2", "zone"),
        ITEM("ZN-11", "zone"),
        ITEM("AS-1", "asset"),
        ITEM("AS-2", "asset"),
        ITEM("CP-1", "component"),
        ITEM("RQ-1", "requirement"),
        ITEM("RQ-2", "requirement"),
        LINK("ZN-11", "part_of", "ZN-1"),
        LINK("AS-1", "part_of", "ZN-11"),
        LINK("AS-2", "part_of", "ZN-2"),
        LINK("RQ-1", "allocated_to", "ZN-1"),
        LINK("RQ-2", "allocated_to", "ZN-1"),
        LINK("RQ-2", "allocated_to", "ZN-2"),
        NULL,
};

static void plant(Cast *cast)
{
        g_autofree char *ops = g_strjoinv(",", (char **)(uintptr_t)plant_ops);

        json_decref(cast_do(cast, "edit", edit(ops)));
}

static Caller with_roles(Cast *cast, const char *name, const char *roles, const char *zones)
{
        Caller caller = cast_person(cast, name);

        json_decref(cast_do(cast, "role.grant",
                            json_of("{'project':'OWN','name':'%s','roles':[%s],'zones':[%s]}", name, roles,
                                    zones)));
        return caller;
}

static void assert_allowed(Cast *cast, const Caller *caller, const char *ops)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = cast_try(cast, caller, "edit", edit(ops), NULL, &error);

        g_test_message("%s", ops);
        g_assert_no_error(error);
        g_assert_nonnull(answer);
}

static void assert_refused(Cast *cast, const Caller *caller, const char *ops, const char *words)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = cast_try(cast, caller, "edit", edit(ops), NULL, &error);

        g_test_message("%s", ops);
        g_assert_null(answer);
        g_assert_error(error, ZW_ERROR, ZW_ERR_DENIED);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, words));
}

static void test_zone_allowed(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const ops[] = {
                "{'op':'item','key':'ZN-1','title':'mine'}",
                "{'op':'item','key':'ZN-11','title':'inside mine'}",
                "{'op':'item','key':'AS-1','title':'mine too'}",
                "{'op':'item','key':'RQ-1','title':'for mine'}",
                ITEM("AS-3", "asset") "," LINK("AS-3", "part_of", "ZN-1"),
                UNLINK("AS-3", "part_of", "ZN-1") "," LINK("AS-3", "part_of", "ZN-11"),
                LINK("AS-1", "instance_of", "CP-1"),
                ITEM("CL-1", "claim") "," LINK("CL-1", "covers", "AS-1") "," LINK("CL-1", "answers", "RQ-2"),
                ITEM("ST-1", "sl_target") "," LINK("ST-1", "targets", "ZN-1"),
                MOVE("AS-1", "in_review"),
        };
        Caller bob;

        plant(cast);
        bob = with_roles(cast, "bob", "'author'", "'ZN-1'");
        for (size_t i = 0; i < G_N_ELEMENTS(ops); i++)
                assert_allowed(cast, &bob, ops[i]);
}

static void test_zone_refused(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        static const struct {
                const char *ops, *words;
        } cases[] = {
                { "{'op':'item','key':'ZN-2','title':'x'}", "ZN-2" },
                { "{'op':'item','key':'AS-2','title':'x'}", "AS-2 lies in or leads to ZN-2" },
                { "{'op':'item','key':'RQ-2','title':'x'}", "RQ-2 lies in or leads to ZN-2" },
                { "{'op':'item','key':'SYS-1','title':'x'}", "SYS-1 lies in no zone" },
                { "{'op':'item','key':'CP-1','title':'x'}", "CP-1 lies in no zone" },
                { ITEM("AS-4", "asset"), "AS-4 lies in no zone" },
                { ITEM("ZN-3", "zone"), "ZN-3 lies in no zone" },
                { ITEM("AS-4", "asset") "," LINK("AS-4", "part_of", "ZN-2"), "ZN-2" },
                /* From another zone into mine, and out of mine. */
                { UNLINK("AS-2", "part_of", "ZN-2") "," LINK("AS-2", "part_of", "ZN-1"), "ZN-2" },
                { UNLINK("AS-1", "part_of", "ZN-11") "," LINK("AS-1", "part_of", "ZN-2"), "ZN-2" },
                { UNLINK("AS-1", "part_of", "ZN-11"), "AS-1 lies in no zone" },
                /* What serves another zone changes that one. */
                { LINK("AS-1", "serves", "ZN-2"), "ZN-2" },
                { ITEM("CL-9", "claim") "," LINK("CL-9", "covers", "AS-2"), "ZN-2" },
                { ITEM("CL-9", "claim") "," LINK("CL-9", "covers", "SYS-1"), "SYS-1" },
                { "{'op':'item','key':'AS-1','title':'y'},{'op':'item','key':'AS-2','title':'y'}", "ZN-2" },
                { MOVE("AS-2", "in_review"), "ZN-2" },
                { "{'op':'retire','key':'AS-2'}", "ZN-2" },
        };
        Caller bob;

        plant(cast);
        bob = with_roles(cast, "bob", "'author'", "'ZN-1'");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                assert_refused(cast, &bob, cases[i].ops, cases[i].words);
        /* Nothing of it was written. */
        assert_allowed(cast, &cast->local, "{'op':'item','key':'AS-2','title':'AS-2','rev':1}");
}

/* A role without a limit makes another's limit meaningless. */
static void test_two_roles(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller bob;

        plant(cast);
        bob = with_roles(cast, "bob", "'author'", "'ZN-1'");
        json_decref(cast_do(
                cast, "role.grant",
                json_of("{'project':'OWN','name':'bob','roles':['safety_engineer'],'zones':['ZN-2']}")));
        assert_allowed(cast, &bob,
                       "{'op':'item','key':'AS-1','title':'x'},{'op':'item','key':'AS-2','title':'x'}");
        assert_refused(cast, &bob, "{'op':'item','key':'SYS-1','title':'x'}", "SYS-1");
        /* The transition is the author's, whose limit counts. */
        assert_refused(cast, &bob, MOVE("AS-2", "in_review"), "ZN-2");
        json_decref(cast_do(cast, "role.grant",
                            json_of("{'project':'OWN','name':'bob','roles':['safety_engineer']}")));
        assert_allowed(cast, &bob, "{'op':'item','key':'SYS-1','title':'x'}");
}

static void test_transitions(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller author, approver, reviewer;

        plant(cast);
        author = with_roles(cast, "author", "'author'", "");
        approver = with_roles(cast, "approver", "'approver'", "");
        reviewer = with_roles(cast, "reviewer", "'reviewer'", "");
        assert_refused(cast, &approver, MOVE("AS-1", "in_review"),
                       "from draft to in_review by the role author only");
        assert_allowed(cast, &author, MOVE("AS-1", "in_review"));
        assert_refused(cast, &author, MOVE("AS-1", "approved"), "by the role approver only");
        assert_refused(cast, &reviewer, MOVE("AS-1", "approved"), "by the role approver only");
        assert_allowed(cast, &reviewer, MOVE("AS-1", "draft"));
        assert_allowed(cast, &author, MOVE("AS-1", "in_review"));
        assert_allowed(cast, &approver, MOVE("AS-1", "approved"));
        assert_refused(cast, &author, "{'op':'retire','key':'AS-1'}", "by the role approver only");
}

/* Through a token a role counts in full or not at all. */
static void test_token_transition(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller author, part;

        plant(cast);
        author = part = with_roles(cast, "author", "'author'", "");
        part.by_token = true;
        part.permissions = 1U << ZW_PERM_READ | 1U << ZW_PERM_CHANGE | 1U << ZW_PERM_WRITE;
        assert_allowed(cast, &part, "{'op':'item','key':'AS-1','title':'x'}");
        assert_refused(cast, &part, MOVE("AS-1", "in_review"), "by the role author only");
        part.permissions |= role_def(ZW_ROLE_AUTHOR)->permissions;
        assert_allowed(cast, &part, MOVE("AS-1", "in_review"));
        part.permissions = 1U << ZW_PERM_READ | 1U << ZW_PERM_CHANGE;
        assert_refused(cast, &part, "{'op':'item','key':'AS-1','title':'y'}", "\"write\"");
        assert_allowed(cast, &author, "{'op':'item','key':'AS-1','title':'y'}");
}

static void test_operations(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller author, approver, tester, manager, admin;

        plant(cast);
        author = with_roles(cast, "author", "'author'", "");
        approver = with_roles(cast, "approver", "'approver'", "");
        tester = with_roles(cast, "tester", "'tester'", "");
        manager = with_roles(cast, "manager", "'vulnerability_manager'", "");
        admin = with_roles(cast, "admin", "'administrator'", "");
        assert_refused(cast, &approver, "{'op':'item','key':'AS-1','title':'x'}", "\"write\"");
        assert_refused(cast, &admin, "{'op':'item','key':'AS-1','title':'x'}", "\"write\"");
        assert_refused(cast, &tester, "{'op':'item','key':'AS-1','title':'x'}", "\"write\"");
        assert_refused(cast, &tester, UNLINK("AS-1", "part_of", "ZN-11"), "\"write\"");
        assert_allowed(cast, &tester, ITEM("TR-1", "test_run"));
        assert_allowed(cast, &manager, ITEM("FD-1", "finding") "," LINK("FD-1", "concerns", "AS-1"));
        assert_refused(cast, &manager, ITEM("TR-2", "test_run"), "\"write\"");
        assert_allowed(cast, &manager, MOVE("FD-1", "acknowledged"));
        assert_refused(cast, &author, MOVE("FD-1", "accepted"), "by the role risk_owner only");
        assert_refused(cast, &author, "{'op':'setting','name':'separation_of_duties','value':false}",
                       "\"admin\"");
        assert_allowed(cast, &admin, "{'op':'setting','name':'separation_of_duties','value':false}");
}

typedef struct {
        Id person;
        Instant until;
} Ending;

static bool end_role(StoreTxn *txn, void *payload, GError **error)
{
        const Ending *ending = payload;
        g_autoptr(StoreProject) project = store_find_project(store_txn_view(txn), "OWN", error);
        const StoreGrant grant = { .person = ending->person, .role = ZW_ROLE_AUTHOR, .until = ending->until };

        return project != NULL && store_txn_put_grant(txn, &project->log, &grant, error);
}

static void test_until(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller bob = with_roles(cast, "bob", "'author'", "");
        Ending ending = { bob.person, instant_now() + 3600 * 1000 };

        cast_write(cast, end_role, &ending);
        assert_allowed(cast, &bob, ITEM("AS-1", "asset"));
        ending.until = instant_now();
        cast_write(cast, end_role, &ending);
        cast_refuse(cast, &bob, "item.list", json_of("{'project':'OWN'}"), ZW_ERR_NOT_FOUND);
        cast_refuse(cast, &cast->local, "role.grant",
                    json_of("{'project':'OWN','name':'bob','roles':['author'],'until':'2020-01-01'}"),
                    ZW_ERR_INPUT);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(path, function) \
        g_test_add("/service/limits/" path, Cast, NULL, cast_set_up, function, cast_tear_down)
        ADD("zone-allowed", test_zone_allowed);
        ADD("zone-refused", test_zone_refused);
        ADD("two-roles", test_two_roles);
        ADD("transitions", test_transitions);
        ADD("token-transition", test_token_transition);
        ADD("operations", test_operations);
        ADD("until", test_until);
        return g_test_run();
}
