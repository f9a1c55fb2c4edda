/* Transitions: every pair of states as every role, computed from the tables alone; then what a project's own state machine
 * asks for, and what may not be put in its place. */
#include "cast.h"

#include "base/error.h"
#include "model/workflow.h"

#include <string.h>

/* One kind of each lifecycle. */
static const KindId kinds[] = { ZW_KIND_COUNTERMEASURE, ZW_KIND_BASELINE, ZW_KIND_ACTION,
                                ZW_KIND_FINDING,        ZW_KIND_CHANGE,   ZW_KIND_INCIDENT };

/* ---- items in every state, by somebody who is not there any more ---- */

static bool items_make(StoreTxn *txn, void *payload G_GNUC_UNUSED, GError **error)
{
        g_autoptr(StoreProject) project = store_find_project(store_txn_view(txn), "OWN", error);
        g_autoptr(Json) ops = json_array();
        CommitDraft draft = { .actor = id_new(), .origin = ORIGIN_CLI, .ops = ops };
        Seq seq;

        if (project == NULL)
                return false;
        draft.log = project->log;
        for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++)
                for (int s = 0; s < ZW_STATE_COUNT; s++) {
                        Id id = id_new();
                        char hex[ZW_ID_HEX];
                        g_autofree char *key = g_strdup_printf("I-%zu-%d", k + 1, s);

                        if (!lifecycle_has(kind_def(kinds[k])->lifecycle, (StateId)s))
                                continue;
                        hex_encode(id.b, ZW_ID_BYTES, hex);
                        json_array_append_new(ops,
                                              json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s}}", "op", "create",
                                                        "id", hex, "key", key, "kind",
                                                        kind_def(kinds[k])->name, "state",
                                                        state_def((StateId)s)->name, "set", "title", key));
                }
        return store_txn_commit(txn, &draft, &seq, error);
}

static int move_try(Cast *cast, const Caller *caller, const char *key, const char *to, bool dry,
                    GError **error)
{
        g_autoptr(Json) answer = cast_try(
                cast, caller, "edit",
                json_of("{'project':'OWN','dry_run':%s,'ops':[{'op':'transition','key':'%s','to':'%s'}]}",
                        dry ? "true" : "false", key, to),
                NULL, error);

        return answer == NULL ? (*error)->code : 0;
}

/* What the tables say. */
static int expected_of(KindId kind, StateId from, StateId to, RoleId role)
{
        const LifecycleId life = kind_def(kind)->lifecycle;
        const TransitionDef *rule = transition_find(life, from, to);

        if ((role_def(role)->permissions & 1U << ZW_PERM_CHANGE) == 0)
                return ZW_ERR_DENIED; /* of the use case */
        if (!lifecycle_has(life, to))
                return ZW_ERR_METAMODEL;
        if (from == to)
                return 0;
        if (rule == NULL)
                return ZW_ERR_STATE;
        if ((rule->roles & 1U << role) == 0)
                return ZW_ERR_DENIED;
        /* The items have nothing but a title. */
        return rule->fields != NULL || (rule->links_from | rule->links_to | rule->links_passed) != 0
                       ? ZW_ERR_STATE
                       : 0;
}

static void test_matrix(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller people[ZW_ROLE_COUNT];
        unsigned moved = 0, refused = 0;

        for (int i = 0; i < ZW_ROLE_COUNT; i++) {
                const char *role = role_def((RoleId)i)->name;

                people[i] = cast_person(cast, role);
                json_decref(cast_do(cast, "role.grant",
                                    json_of("{'project':'OWN','name':'%s','roles':['%s']}", role, role)));
        }
        cast_write(cast, items_make, NULL);
        for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++)
                for (int from = 0; from < ZW_STATE_COUNT; from++)
                        for (int to = 0; to < ZW_STATE_COUNT; to++)
                                for (int i = 0; i < ZW_ROLE_COUNT; i++) {
                                        const LifecycleId life = kind_def(kinds[k])->lifecycle;
                                        g_autofree char *key = g_strdup_printf("I-%zu-%d", k + 1, from);
                                        g_autoptr(GError) error = NULL;
                                        int got, expected;

                                        /* Of the states of other lifecycles one is enough. */
                                        if (!lifecycle_has(life, (StateId)from) ||
                                            (!lifecycle_has(life, (StateId)to) && to != ZW_STATE_ON_HOLD))
                                                continue;
                                        expected = expected_of(kinds[k], (StateId)from, (StateId)to,
                                                               (RoleId)i);
                                        got = move_try(cast, &people[i], key, state_def((StateId)to)->name,
                                                       true, &error);
                                        if (got != expected)
                                                g_test_message("%s moves %s to %s: %s",
                                                               role_def((RoleId)i)->name, key,
                                                               state_def((StateId)to)->name,
                                                               error == NULL ? "done" : error->message);
                                        g_assert_cmpint(got, ==, expected);
                                        moved += got == 0;
                                        refused += got != 0;
                                }
        g_assert_cmpuint(moved, >, 50);
        g_assert_cmpuint(refused, >, 500);
}

/* ---- a state machine of the project ---- */

static Caller with_role(Cast *cast, const char *name, const char *roles)
{
        Caller caller = cast_person(cast, name);

        json_decref(cast_do(cast, "role.grant",
                            json_of("{'project':'OWN','name':'%s','roles':[%s]}", name, roles)));
        return caller;
}

static void edit_as(Cast *cast, const Caller *caller, const char *ops)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = cast_try(cast, caller, "edit", json_of("{'project':'OWN','ops':[%s]}", ops),
                                          NULL, &error);

        g_assert_no_error(error);
        g_assert_nonnull(answer);
}

static void edit_refused(Cast *cast, const Caller *caller, const char *ops, int code, const char *words)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = cast_try(cast, caller, "edit", json_of("{'project':'OWN','ops':[%s]}", ops),
                                          NULL, &error);

        g_assert_null(answer);
        g_test_message("%s", error->message);
        g_assert_error(error, ZW_ERROR, code);
        g_assert_nonnull(strstr(error->message, words));
}

#define SET "{'project':'OWN','kind':'claim','workflow':{'initial':'draft','states':["
#define OWN_STATES                                                                                       \
        "{'state':'draft'},{'state':'on_hold'},{'state':'approved','locked':true},{'state':'retired'}]," \
        "'transitions':["                                                                                \
        "{'from':'draft','to':'on_hold','roles':['author']},"                                            \
        "{'from':'on_hold','to':'draft','roles':['author']},"                                            \
        "{'from':'draft','to':'approved','roles':['approver'],'fields':['rationale'],"                   \
        "'links':[{'type':'rests_on'},{'type':'verifies','end':'to'}]},"                                 \
        "{'from':'approved','to':'draft','roles':['author']},"                                           \
        "{'from':'draft','to':'retired','roles':['author']}]}}"

static void claim_make(Cast *cast, const Caller *author)
{
        edit_as(cast, author,
                "{'op':'item','key':'CL-1','kind':'claim','title':'Firewall','attrs':{'statement':'met'}},"
                "{'op':'item','key':'CM-1','kind':'countermeasure','title':'Rules'},"
                "{'op':'item','key':'TC-1','kind':'test_case','title':'Scan'}");
}

static void test_guards(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const char *move = "{'op':'transition','key':'CL-1','to':'approved'}";
        Caller author = with_role(cast, "alice", "'author'"), approver = with_role(cast, "bob", "'approver'");

        claim_make(cast, &author);
        json_decref(cast_do(cast, "workflow.set", json_of(SET OWN_STATES)));
        edit_refused(cast, &author, "{'op':'transition','key':'CL-1','to':'in_review'}", ZW_ERR_METAMODEL,
                     "no state \"in_review\"");
        edit_refused(cast, &approver, move, ZW_ERR_STATE, "\"rationale\" filled in");
        edit_as(cast, &author, "{'op':'item','key':'CL-1','attrs':{'rationale':'  '}}");
        edit_refused(cast, &approver, move, ZW_ERR_STATE, "\"rationale\" filled in");
        edit_as(cast, &author, "{'op':'item','key':'CL-1','attrs':{'rationale':'deny by default'}}");
        edit_refused(cast, &approver, move, ZW_ERR_STATE, "1 link(s) rests_on from it");
        edit_as(cast, &author, "{'op':'link','from':'CL-1','type':'rests_on','to':'CM-1'}");
        edit_refused(cast, &approver, move, ZW_ERR_STATE, "1 link(s) verifies to it");
        edit_as(cast, &author, "{'op':'link','from':'TC-1','type':'verifies','to':'CL-1'}");
        edit_refused(cast, &author, move, ZW_ERR_DENIED, "by the role approver only");
        edit_as(cast, &approver, move);
        /* Locked: neither the item nor what it says by links; other links may come. */
        edit_refused(cast, &author, "{'op':'item','key':'CL-1','title':'Another'}", ZW_ERR_STATE, "locked");
        edit_refused(cast, &author, "{'op':'unlink','from':'CL-1','type':'rests_on','to':'CM-1'}",
                     ZW_ERR_STATE, "locked");
        edit_as(cast, &author, "{'op':'unlink','from':'TC-1','type':'verifies','to':'CL-1'}");
        edit_as(cast, &author,
                "{'op':'transition','key':'CL-1','to':'draft'},"
                "{'op':'item','key':'CL-1','title':'Another'}");
}

/* The ones of this very changeset count, and those it takes away do not. */
static void test_guards_pending(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller both = with_role(cast, "alice", "'author','approver'");

        claim_make(cast, &both);
        json_decref(cast_do(cast, "workflow.set", json_of(SET OWN_STATES)));
        edit_as(cast, &both,
                "{'op':'item','key':'CL-1','attrs':{'rationale':'x'}},"
                "{'op':'link','from':'CL-1','type':'rests_on','to':'CM-1'},"
                "{'op':'link','from':'TC-1','type':'verifies','to':'CL-1'},"
                "{'op':'transition','key':'CL-1','to':'approved'}");
        edit_as(cast, &both, "{'op':'transition','key':'CL-1','to':'draft'}");
        edit_refused(cast, &both,
                     "{'op':'unlink','from':'TC-1','type':'verifies','to':'CL-1'},"
                     "{'op':'transition','key':'CL-1','to':'approved'}",
                     ZW_ERR_STATE, "verifies");
        edit_refused(cast, &both,
                     "{'op':'item','key':'CL-1','attrs':{'rationale':null}},"
                     "{'op':'transition','key':'CL-1','to':'approved'}",
                     ZW_ERR_STATE, "rationale");
}

static void test_set_refused(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller author = with_role(cast, "alice", "'author'"),
               admin = with_role(cast, "adam", "'administrator'");
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) answer = NULL, shown = NULL;

        claim_make(cast, &author);
        edit_as(cast, &author, "{'op':'transition','key':'CL-1','to':'in_review'}");
        answer = cast_try(cast, &admin, "workflow.set", json_of(SET OWN_STATES), NULL, &error);
        g_assert_null(answer);
        g_assert_error(error, ZW_ERROR, ZW_ERR_STATE);
        g_assert_nonnull(
                strstr(error->message, "1 item(s) are in states that would be gone: CL-1 (in_review)"));
        cast_refuse(cast, &author, "workflow.set", json_of(SET OWN_STATES), ZW_ERR_DENIED);
        cast_refuse(cast, &admin, "workflow.set", json_of("{'project':'OWN','kind':'claim'}"), ZW_ERR_USAGE);
        cast_refuse(cast, &admin, "workflow.set",
                    json_of("{'project':'OWN','kind':'claims','workflow':null}"), ZW_ERR_NAME_UNKNOWN);
        cast_refuse(cast, &admin, "workflow.set",
                    json_of("{'project':'OWN','kind':'claim','workflow':{'initial':'draft'}}"),
                    ZW_ERR_METAMODEL);
        /* The same by an operation. */
        cast_refuse(
                cast, &author, "edit",
                json_of("{'project':'OWN','ops':[{'op':'setting','name':'workflow:claim','value':null}]}"),
                ZW_ERR_DENIED);
        cast_refuse(cast, &admin, "edit",
                    json_of("{'project':'OWN','ops':[{'op':'setting','name':'workflow:claim','value':7}]}"),
                    ZW_ERR_METAMODEL);
        edit_as(cast, &author, "{'op':'transition','key':'CL-1','to':'draft'}");
        json_decref(cast_do(cast, "workflow.set", json_of(SET OWN_STATES)));
        shown = cast_do(cast, "workflow.show", json_of("{'project':'OWN','kind':'claim'}"));
        g_assert_true(jread_get_bool(shown, "own", false));
        /* Back again, but not over items in a state that only the own one has. */
        edit_as(cast, &author, "{'op':'transition','key':'CL-1','to':'on_hold'}");
        cast_refuse(cast, &admin, "workflow.set", json_of("{'project':'OWN','kind':'claim','workflow':null}"),
                    ZW_ERR_STATE);
        edit_as(cast, &author, "{'op':'transition','key':'CL-1','to':'draft'}");
        json_decref(
                cast_do(cast, "workflow.set", json_of("{'project':'OWN','kind':'claim','workflow':null}")));
}

/* What is refused is in the audit trail with the rule, and the log holds with states of the project's own. */
static void test_recorded(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        Caller author = with_role(cast, "alice", "'author'");
        g_autoptr(Json) trail = NULL, check = NULL, verify = NULL;
        const json_t *entry;

        claim_make(cast, &author);
        json_decref(cast_do(cast, "workflow.set", json_of(SET OWN_STATES)));
        edit_as(cast, &author, "{'op':'transition','key':'CL-1','to':'on_hold'}");
        edit_refused(cast, &author, "{'op':'transition','key':'CL-1','to':'approved'}", ZW_ERR_STATE,
                     "from on_hold to approved by no rule");
        trail = cast_do(cast, "audit.list", json_of("{'project':'OWN','most':1}"));
        entry = json_array_get(trail, 0);
        g_assert_cmpstr(jread_get_string(entry, "outcome"), ==, "refused");
        g_assert_cmpstr(jread_get_string(entry, "person"), ==, "alice");
        g_assert_nonnull(
                strstr(jread_get_string(entry, "object"), "CL-1 goes from on_hold to approved by no rule"));
        check = cast_do(cast, "check", json_of("{'project':'OWN'}"));
        verify = cast_do(cast, "verify", json_of("{'project':'OWN'}"));
        g_assert_true(jread_get_bool(check, "ok", false));
        g_assert_true(jread_get_bool(verify, "ok", false));
}

/* Whoever wrote any of it since it was last approved does not approve it, whoever sent it on. */
static void test_separation(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const char *approve = "{'op':'transition','key':'CM-9','to':'approved'}";
        Caller alice = with_role(cast, "alice", "'author','approver'"),
               ben = with_role(cast, "ben", "'author','approver'"),
               carol = with_role(cast, "carol", "'approver'");

        edit_as(cast, &alice, "{'op':'item','key':'CM-9','kind':'countermeasure','title':'Locks'}");
        edit_as(cast, &ben, "{'op':'transition','key':'CM-9','to':'in_review'}");
        edit_refused(cast, &ben, approve, ZW_ERR_DENIED, "separation of duties");
        edit_refused(cast, &alice, approve, ZW_ERR_DENIED, "separation of duties");
        edit_as(cast, &carol, approve);
        edit_as(cast, &ben,
                "{'op':'transition','key':'CM-9','to':'draft'},"
                "{'op':'item','key':'CM-9','title':'Better locks'},"
                "{'op':'transition','key':'CM-9','to':'in_review'}");
        /* Her part was approved before; what is new is another's. */
        edit_as(cast, &alice, approve);
        edit_as(cast, &ben, "{'op':'transition','key':'CM-9','to':'draft'}");
        edit_as(cast, &ben, "{'op':'transition','key':'CM-9','to':'in_review'}");
        edit_refused(cast, &ben, approve, ZW_ERR_DENIED, "separation of duties");
        edit_as(cast, &cast->local, "{'op':'setting','name':'separation_of_duties','value':false}");
        edit_as(cast, &ben, approve);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(path, function) \
        g_test_add("/service/lifecycle/" path, Cast, NULL, cast_set_up, function, cast_tear_down)
        ADD("matrix", test_matrix);
        ADD("guards", test_guards);
        ADD("guards-pending", test_guards_pending);
        ADD("set-refused", test_set_refused);
        ADD("recorded", test_recorded);
        ADD("separation", test_separation);
        return g_test_run();
}
