/* The guard of overridden SL-T (docs/algorithms/sl-t.md): no reason, no residual risk or no signature, no approval. */
#include "signing.h"

#include "base/error.h"

#include <string.h>

/* An SL target in review, written by alice. */
static void target_make(Cast *cast, const People *p, const char *key, const char *attrs)
{
        g_autofree char *ops =
                g_strdup_printf("{'op':'item','key':'%s','kind':'sl_target','title':'SL-T','attrs':{%s}},"
                                "{'op':'link','from':'%s','type':'targets','to':'ZN-1'},"
                                "{'op':'transition','key':'%s','to':'in_review'}",
                                key, attrs, key, key);

        edit(cast, &p->alice, ops);
}

static json_t *move_of(const char *key)
{
        return json_of("{" ON ",'ops':[{'op':'transition','key':'%s','to':'approved'}]}", key);
}

#define DERIVED "'derived':[2,2,2,2,2,2,2]"
#define OVER    "'basis':['override']"
#define REASON  "'override_reason':'penetration test'"
#define STAYS   "'residual_risk':'somebody reads along'"

static const struct {
        const char *name, *attrs;
        const char *missing; /* why it is not approved, or NULL */
} cases[] = {
        { "as derived", "'vector':[2,2,2,2,2,2,2],'basis':['detailed']," DERIVED, NULL },
        { "lower, but of a policy", "'vector':[1,1,1,1,1,1,1],'basis':['policy']," DERIVED, NULL },
        { "raised without a reason", "'vector':[3,2,2,2,2,2,2]," OVER "," DERIVED, "override_reason" },
        { "a reason of blanks", "'vector':[3,2,2,2,2,2,2]," OVER "," DERIVED ",'override_reason':'  '",
          "override_reason" },
        { "raised", "'vector':[3,2,2,2,2,2,2]," OVER "," DERIVED "," REASON,
          "\"approved\", since an entry is an override" },
        { "lowered without what stays", "'vector':[2,2,2,1,2,2,2]," OVER "," DERIVED "," REASON,
          "residual_risk" },
        { "lowered", "'vector':[2,2,2,1,2,2,2]," OVER "," DERIVED "," REASON "," STAYS,
          "\"owner_approval\", since an entry is lower" },
        { "one entry of seven lowered",
          "'vector':[2,2,2,2,2,2,0],'basis':['detailed','detailed','detailed','detailed','detailed','detailed','override']," DERIVED
          "," REASON,
          "residual_risk" },
        { "an override of nothing known", "'vector':[4,4,4,4,4,4,4]," OVER "," REASON, "residual_risk" },
        { "an entry that states nothing",
          "'vector':[null,2,2,2,2,2,2],'basis':['override','detailed','detailed','detailed','detailed','detailed','detailed']," DERIVED,
          NULL },
};

static void test_cases(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *key = g_strdup_printf("ST-%zu", i + 1), *state = NULL;
                g_autoptr(GError) error = NULL;

                g_test_message("%s", cases[i].name);
                target_make(cast, &p, key, cases[i].attrs);
                if (cases[i].missing != NULL)
                        refuse_with(cast, &p.bob, "edit", move_of(key), NULL, ZW_ERR_STATE, cases[i].missing);
                else
                        json_decref(cast_try(cast, &p.bob, "edit", move_of(key), NULL, &error));
                g_assert_no_error(error);
                state = state_of(cast, key);
                g_assert_cmpstr(state, ==, cases[i].missing == NULL ? "approved" : "in_review");
        }
        g_assert_true(holds(cast));
}

/* Downward only the asset owner's signature will do, and only on what stands there now. */
static void test_owner(Cast *cast, gconstpointer data G_GNUC_UNUSED)
{
        const People p = people_make(cast);
        g_autofree char *before = NULL, *after = NULL;

        target_make(cast, &p, "ST-1", "'vector':[2,2,2,1,2,2,2]," OVER "," DERIVED "," REASON "," STAYS);
        json_decref(sign(cast, &p.bob, "ST-1", "approved"));
        refuse_with(cast, &p.bob, "edit", move_of("ST-1"), NULL, ZW_ERR_STATE, "\"owner_approval\"");
        refuse_with(cast, &p.bob, "sign", input_of(cast, &p.bob, "ST-1", "owner_approval"), PASSWORD,
                    ZW_ERR_DENIED, "asset_owner");
        json_decref(sign(cast, &p.otto, "ST-1", "owner_approval"));
        edit(cast, &p.alice, "{'op':'item','key':'ST-1','attrs':{'vector':[2,2,2,0,2,2,2]}}");
        refuse_with(cast, &p.bob, "edit", move_of("ST-1"), NULL, ZW_ERR_STATE, "\"owner_approval\"");
        before = state_of(cast, "ST-1");
        g_assert_cmpstr(before, ==, "in_review");
        json_decref(sign(cast, &p.otto, "ST-1", "owner_approval"));
        edit(cast, &p.bob, "{'op':'transition','key':'ST-1','to':'approved'}");
        after = state_of(cast, "ST-1");
        g_assert_cmpstr(after, ==, "approved");
        g_assert_true(holds(cast));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
#define ADD(path, function) \
        g_test_add("/service/override/" path, Cast, NULL, cast_set_up, function, cast_tear_down)
        ADD("cases", test_cases);
        ADD("owner", test_owner);
        return g_test_run();
}
