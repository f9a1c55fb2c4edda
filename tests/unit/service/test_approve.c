/* Approval: what signatures a transition asks for, and that none passes for another. */
#include "signing.h"

#include "base/error.h"

#include <string.h>

static void test_dual(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const char *move = "{'op':'transition','key':'CM-2','to':'approved'}";
        const People p = people_make(cast);
        g_autoptr(GError) error = NULL;
        g_autoptr(Json) first = NULL, second = NULL, plain = NULL;
        g_autofree char *between = NULL, *after = NULL, *office = NULL;

        /* Outside of safety one is enough. */
        plain = cast_try(cast, &p.bob, "approve", input_of(cast, &p.bob, "CM-1", "approved"), PASSWORD,
                         &error);
        g_assert_no_error(error);
        office = state_of(cast, "CM-1");
        g_assert_cmpstr(office, ==, "approved");
        refuse_with(cast, &p.bob, "edit", json_of("{" ON ",'ops':[%s]}", move), NULL, ZW_ERR_STATE,
                    "two people");
        first = cast_try(cast, &p.bob, "approve", input_of(cast, &p.bob, "CM-2", "approved"), PASSWORD,
                         &error);
        g_assert_no_error(error);
        g_assert_nonnull(
                strstr(jread_get_string(json_array_get(json_object_get(first, "signed"), 0), "missing"),
                       "two people"));
        between = state_of(cast, "CM-2");
        g_assert_cmpstr(between, ==, "in_review");
        /* Not twice by one, and not once it says something else. */
        refuse_with(cast, &p.bob, "approve", input_of(cast, &p.bob, "CM-2", "approved"), PASSWORD,
                    ZW_ERR_EXISTS, "already");
        refuse_with(cast, &p.bob, "edit", json_of("{" ON ",'ops':[%s]}", move), NULL, ZW_ERR_STATE,
                    "there are 1");
        edit(cast, &p.alice, "{'op':'item','key':'CM-2','body':'and more'}");
        second = cast_try(cast, &p.carol, "approve", input_of(cast, &p.carol, "CM-2", "approved"), PASSWORD,
                          &error);
        g_assert_no_error(error);
        g_assert_nonnull(
                strstr(jread_get_string(json_array_get(json_object_get(second, "signed"), 0), "missing"),
                       "there are 1"));
        json_decref(cast_try(cast, &p.bob, "approve", input_of(cast, &p.bob, "CM-2", "approved"), PASSWORD,
                             &error));
        g_assert_no_error(error);
        after = state_of(cast, "CM-2");
        g_assert_cmpstr(after, ==, "approved");
        g_assert_true(holds(cast));
}

static void test_dual_off(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        g_autofree char *after = NULL;

        edit(cast, &cast->local, "{'op':'setting','name':'dual_approval','value':false}");
        edit(cast, &p.bob, "{'op':'transition','key':'CM-2','to':'approved'}");
        after = state_of(cast, "CM-2");
        g_assert_cmpstr(after, ==, "approved");
}

/* A rule that asks for two meanings; what is changed in the same changeset is not what was signed. */
static void test_signed_rule(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const char *move = "{'op':'transition','key':'CM-1','to':'approved'}";
        const People p = people_make(cast);

        json_decref(cast_do(
                cast, "workflow.set",
                json_of("{" ON ",'kind':'countermeasure','workflow':{'initial':'draft','states':["
                        "{'state':'draft'},{'state':'in_review'},{'state':'approved'},{'state':'retired'}],"
                        "'transitions':[{'from':'draft','to':'in_review','roles':['author']},"
                        "{'from':'in_review','to':'approved','roles':['author'],"
                        "'signatures':[{'meaning':'reviewed'},{'meaning':'approved'}]},"
                        "{'from':'in_review','to':'retired','roles':['author']}]}}")));
        refuse_with(cast, &p.alice, "edit", json_of("{" ON ",'ops':[%s]}", move), NULL, ZW_ERR_STATE,
                    "\"reviewed\" of 1");
        json_decref(sign(cast, &p.carol, "CM-1", "reviewed"));
        refuse_with(cast, &p.alice, "edit", json_of("{" ON ",'ops':[%s]}", move), NULL, ZW_ERR_STATE,
                    "\"approved\" of 1");
        /* Who signs last may not move it here: approvers are not named by the rule. */
        refuse_with(cast, &p.bob, "approve", input_of(cast, &p.bob, "CM-1", "approved"), PASSWORD,
                    ZW_ERR_DENIED, "by the role author only");
        json_decref(sign(cast, &p.bob, "CM-1", "approved"));
        refuse_with(cast, &p.alice, "edit",
                    json_of("{" ON ",'ops':[{'op':'item','key':'CM-1','title':'Slipped in'},%s]}", move),
                    NULL, ZW_ERR_STATE, "\"reviewed\" of 1, there are 0");
        refuse_with(cast, &p.alice, "edit",
                    json_of("{" ON
                            ",'ops':[{'op':'link','from':'CM-1','type':'deployed_on','to':'ZN-2'},%s]}",
                            move),
                    NULL, ZW_ERR_STATE, "\"reviewed\" of 1, there are 0");
        edit(cast, &p.alice, move);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(path, function) \
        g_test_add("/service/approve/" path, Cast, NULL, cast_set_up, function, cast_tear_down)
        ADD("dual", test_dual);
        ADD("dual-off", test_dual_off);
        ADD("signed-rule", test_signed_rule);
        return g_test_run();
}
