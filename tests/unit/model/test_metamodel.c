/* The metamodel: every row is reachable by name, values are checked with the rule named. */
#include "base/error.h"
#include "base/jread.h"
#include "model/facts.h"

#include <string.h>

static void test_names(void)
{
        KindId kind;
        StateId state;
        LinkTypeId type;
        AsId as;
        TraitId trait;
        RoleId role;
        size_t n;

        g_assert_cmpuint(ZW_KIND_COUNT, ==, 34);
        (void)kind_names(&n);
        g_assert_cmpuint(n, ==, ZW_KIND_COUNT);
        for (int i = 0; i < ZW_KIND_COUNT; i++) {
                const KindDef *def = kind_def((KindId)i);

                g_assert_true(kind_find(def->name, &kind) && kind == (KindId)i);
                g_assert_true(kind_find_prefix(def->prefix, strlen(def->prefix), &kind) && kind == (KindId)i);
                g_assert_true(lifecycle_has(def->lifecycle, lifecycle_initial(def->lifecycle)));
                g_assert_true(lifecycle_has(def->lifecycle, ZW_STATE_RETIRED));
        }
        for (int i = 0; i < ZW_STATE_COUNT; i++)
                g_assert_true(state_find(state_def((StateId)i)->name, &state) && state == (StateId)i);
        for (int i = 0; i < ZW_LINK_COUNT; i++)
                g_assert_true(link_type_find(link_type_def((LinkTypeId)i)->name, &type) &&
                              type == (LinkTypeId)i);
        for (int i = 0; i < ZW_AS_COUNT; i++)
                g_assert_true(as_find(as_name((AsId)i), &as) && as == (AsId)i);
        for (int i = 0; i < ZW_TRAIT_COUNT; i++)
                g_assert_true(trait_find(trait_def((TraitId)i)->name, &trait) && trait == (TraitId)i);
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                g_assert_true(role_find(role_def((RoleId)i)->name, &role) && role == (RoleId)i);
        g_assert_false(kind_find("zones", &kind));
        g_assert_false(kind_find("", &kind));
        g_assert_false(state_find("Draft", &state));
        g_assert_false(link_type_find("satisfies", &type));
}

/* Every triple of a rule is allowed, and everything outside the rules is refused and explained. */
static void test_links(void)
{
        size_t n;
        const LinkRuleDef *rules = link_rules(&n);

        for (int type = 0; type < ZW_LINK_COUNT; type++)
                for (int from = 0; from < ZW_KIND_COUNT; from++)
                        for (int to = 0; to < ZW_KIND_COUNT; to++)
                                for (int as = 0; as < ZW_AS_COUNT; as++) {
                                        bool expected = false;

                                        for (size_t i = 0; i < n; i++)
                                                expected |= rules[i].type == (LinkTypeId)type &&
                                                            (rules[i].from >> from & 1) &&
                                                            (rules[i].to >> to & 1) &&
                                                            (!rules[i].same_kind || from == to) &&
                                                            (rules[i].roles >> as & 1);
                                        g_assert_true((link_rule_find((LinkTypeId)type, (KindId)from,
                                                                      (KindId)to, (AsId)as) != NULL) ==
                                                      expected);
                                }
}

static void test_link_examples(void)
{
        g_autofree char *why = link_rule_explain(ZW_LINK_USES, ZW_KIND_ZONE, ZW_KIND_ASSET, ZW_AS_SENSOR);

        g_assert_nonnull(link_rule_find(ZW_LINK_USES, ZW_KIND_SAFETY_FUNCTION, ZW_KIND_ASSET, ZW_AS_SENSOR));
        g_assert_null(link_rule_find(ZW_LINK_USES, ZW_KIND_SAFETY_FUNCTION, ZW_KIND_ASSET, ZW_AS_NONE));
        g_assert_null(link_rule_find(ZW_LINK_PART_OF, ZW_KIND_SYSTEM, ZW_KIND_ZONE, ZW_AS_NONE));
        g_assert_cmpuint(link_rule_find(ZW_LINK_PART_OF, ZW_KIND_ASSET, ZW_KIND_ZONE, ZW_AS_NONE)->from_max,
                         ==, 1);
        g_assert_nonnull(
                link_rule_find(ZW_LINK_SUPERSEDES, ZW_KIND_REQUIREMENT, ZW_KIND_REQUIREMENT, ZW_AS_NONE));
        g_assert_null(link_rule_find(ZW_LINK_SUPERSEDES, ZW_KIND_REQUIREMENT, ZW_KIND_CLAIM, ZW_AS_NONE));
        g_assert_nonnull(strstr(
                why,
                "uses goes from safety_function or protection_layer to conduit or asset or component as "));
}

static void test_transitions(void)
{
        const LifecycleId life = ZW_LIFECYCLE_DEFAULT;

        g_assert_nonnull(transition_find(life, ZW_STATE_DRAFT, ZW_STATE_IN_REVIEW));
        g_assert_null(transition_find(life, ZW_STATE_DRAFT, ZW_STATE_APPROVED));
        g_assert_true(transition_find(life, ZW_STATE_IN_REVIEW, ZW_STATE_APPROVED)->other_person);
        g_assert_null(transition_find(ZW_LIFECYCLE_FINDING, ZW_STATE_DRAFT, ZW_STATE_IN_REVIEW));
        g_assert_false(lifecycle_has(ZW_LIFECYCLE_FINDING, ZW_STATE_DRAFT));
}

typedef struct {
        KindId kind;
        const char *attrs; /* JSON */
        const char *where; /* NULL: accepted */
} Case;

static void test_attributes(void)
{
        static const Case cases[] = {
                { ZW_KIND_SL_TARGET, "{\"vector\":[0,1,2,3,4,null,2]}", NULL },
                { ZW_KIND_SL_TARGET, "{\"vector\":[0,1,2,3,5,null,2]}", "/attrs/vector/4" },
                { ZW_KIND_SL_TARGET, "{\"vector\":[0,1,2]}", "/attrs/vector" },
                { ZW_KIND_SL_TARGET, "{\"vector\":\"2222222\"}", "/attrs/vector" },
                { ZW_KIND_SL_TARGET, "{\"basis\":[\"detailed\"]}", NULL },
                { ZW_KIND_SL_TARGET, "{\"basis\":[\"guessed\"]}", "/attrs/basis/0" },
                { ZW_KIND_ZONE, "{\"nature\":[\"safety\",\"wireless\"]}", NULL },
                { ZW_KIND_ZONE, "{\"nature\":[\"safety\",\"safety\"]}", "/attrs/nature/1" },
                { ZW_KIND_ZONE, "{\"nature\":\"safety\"}", "/attrs/nature" },
                { ZW_KIND_ZONE, "{\"vector\":[]}", "/attrs/vector" },
                { ZW_KIND_ZONE, "{\"isolated\":true,\"purdue\":\"3.5\"}", NULL },
                { ZW_KIND_ZONE, "{\"isolated\":1}", "/attrs/isolated" },
                { ZW_KIND_ZONE, "{\"purdue\":3}", "/attrs/purdue" },
                { ZW_KIND_ZONE, "{\"purdue\":null}", NULL },
                { ZW_KIND_ASSET, "{\"traits\":{\"wireless\":true,\"clock\":false}}", NULL },
                { ZW_KIND_ASSET, "{\"traits\":{\"wireles\":true}}", "/attrs/traits/wireles" },
                { ZW_KIND_ASSET, "{\"traits\":{\"wireless\":\"yes\"}}", "/attrs/traits/wireless" },
                { ZW_KIND_RISK, "{\"frs\":[1,7],\"impact\":{\"safety\":4}}", NULL },
                { ZW_KIND_RISK, "{\"frs\":[8]}", "/attrs/frs/0" },
                { ZW_KIND_RISK, "{\"impact\":{\"safety\":11}}", "/attrs/impact/safety" },
                { ZW_KIND_RISK, "{\"likelihood\":0}", "/attrs/likelihood" },
                { ZW_KIND_CLAIM, "{\"valid_until\":\"2026-02-28\"}", NULL },
                { ZW_KIND_CLAIM, "{\"valid_until\":\"2026-02-30\"}", "/attrs/valid_until" },
                { ZW_KIND_CLAIM, "{\"statement\":\"met\"}", NULL },
                { ZW_KIND_CLAIM, "{\"statement\":\"Met\"}", "/attrs/statement" },
                { ZW_KIND_SAFETY_FUNCTION, "{\"pfd\":\"0.001\"}", NULL },
                { ZW_KIND_SAFETY_FUNCTION, "{\"pfd\":\"1.5\"}", "/attrs/pfd" },
                { ZW_KIND_SAFETY_FUNCTION, "{\"pfd\":\"nan\"}", "/attrs/pfd" },
                { ZW_KIND_SAFETY_FUNCTION, "{\"pfd\":0}", "/attrs/pfd" },
                { ZW_KIND_TEST_RUN, "{\"versions\":{\"AS-1\":\"V2.8\"}}", NULL },
                { ZW_KIND_TEST_RUN, "{\"versions\":{\"AS-1\":28}}", "/attrs/versions/AS-1" },
                { ZW_KIND_REQUIREMENT, "{\"ref\":\"62443-3-3 SR 1.1\"}", NULL },
                { ZW_KIND_REQUIREMENT, "[]", "/attrs" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(Json) attrs = json_loads(cases[i].attrs, 0, NULL);
                g_autoptr(GError) error = NULL;

                g_assert_nonnull(attrs);
                if (cases[i].where == NULL) {
                        g_assert_true(attrs_check(cases[i].kind, attrs, "/attrs", &error));
                        continue;
                }
                g_assert_false(attrs_check(cases[i].kind, attrs, "/attrs", &error));
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

static void test_near(void)
{
        g_autoptr(Json) attrs = json_loads("{\"statment\":\"met\"}", 0, NULL);
        g_autoptr(GError) error = NULL;

        g_assert_false(attrs_check(ZW_KIND_CLAIM, attrs, "/attrs", &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_METAMODEL);
        g_assert_nonnull(strstr(error->message, "\"statement\""));
}

static void test_substantive(void)
{
        g_autoptr(Json) title = json_loads("{\"title\":\"x\"}", 0, NULL);
        g_autoptr(Json) owner = json_loads("{\"owner\":\"x\",\"attrs\":{\"serial\":\"1\"}}", 0, NULL);
        g_autoptr(Json) version = json_loads("{\"attrs\":{\"installed_version\":\"1\"}}", 0, NULL);

        g_assert_true(change_is_substantive(ZW_KIND_ASSET, title));
        g_assert_false(change_is_substantive(ZW_KIND_ASSET, owner));
        g_assert_true(change_is_substantive(ZW_KIND_ASSET, version));
}

static Facts pack(Out *out, KindId kind, const char *text)
{
        g_autoptr(Json) attrs = json_loads(text, 0, NULL);

        g_assert_nonnull(attrs);
        out_reset(out);
        facts_pack(kind, attrs, out);
        return (Facts){ (const uint8_t *)out_data(out), out_length(out) };
}

static void test_facts(void)
{
        g_autoptr(Out) out = out_new(1 << 16);
        Facts facts = pack(out, ZW_KIND_SL_TARGET,
                           "{\"vector\":[1,2,null,3,4,0,1],\"arithmetic\":\"not a column\"}");
        SlVector vector;
        uint32_t yes, no;
        int64_t level;
        FactsIter iter;
        double decimal;
        RowId row;
        size_t n;
        const char *text;

        g_assert_true(facts_get_vector(facts, ZW_ATTR_VECTOR, &vector));
        g_assert_cmpint(vector.e[1], ==, 2);
        g_assert_cmpint(vector.e[2], ==, ZW_SL_UNKNOWN);
        g_assert_false(facts_has(facts, ZW_ATTR_ARITHMETIC));
        facts = pack(out, ZW_KIND_ASSET,
                     "{\"traits\":{\"wireless\":true,\"clock\":false},\"nature\":[\"external\"]}");
        facts_get_answers(facts, ZW_ATTR_TRAITS, &yes, &no);
        g_assert_cmpuint(yes, ==, 1U << ZW_TRAIT_WIRELESS);
        g_assert_cmpuint(no, ==, 1U << ZW_TRAIT_CLOCK);
        g_assert_cmpuint(facts_get_set(facts, ZW_ATTR_NATURE), ==, 1U << ZW_VALUE_ZONE_NATURE_EXTERNAL);
        g_assert_cmpint(facts_get_enum(facts, ZW_ATTR_STATEMENT), ==, -1);
        facts = pack(out, ZW_KIND_RISK, "{\"frs\":[2,7],\"impact\":{\"finance\":3},\"likelihood\":5}");
        g_assert_cmpuint(facts_get_set(facts, ZW_ATTR_FRS), ==, 1U << 2 | 1U << 7);
        g_assert_true(facts_get_level(facts, ZW_ATTR_IMPACT, ZW_VALUE_IMPACT_FINANCE, &level) && level == 3);
        g_assert_false(facts_get_level(facts, ZW_ATTR_IMPACT, ZW_VALUE_IMPACT_SAFETY, &level));
        g_assert_true(facts_get_int(facts, ZW_ATTR_LIKELIHOOD, &level) && level == 5);
        facts = pack(out, ZW_KIND_FINDING,
                     "{\"broken\":[\"62443-3-3 SR 3.1\",\"nonsense\"],\"sources\":[\"csaf:X\",\"\"]}");
        iter = facts_iter(facts, ZW_ATTR_BROKEN);
        g_assert_true(facts_next_row(&iter, &row) && row == catalogue_find("62443-3-3 SR 3.1"));
        g_assert_false(facts_next_row(&iter, &row));
        iter = facts_iter(facts, ZW_ATTR_SOURCES);
        g_assert_true(facts_next_text(&iter, &text, &n) && n == 6 && memcmp(text, "csaf:X", 6) == 0);
        g_assert_true(facts_next_text(&iter, &text, &n) && n == 0);
        g_assert_false(facts_next_text(&iter, &text, &n));
        for (int zeros = 1; zeros < 200; zeros++) {
                g_autofree char *attrs = g_strdup_printf("{\"score\":\"9.8%0*d\"}", zeros, 0);

                facts = pack(out, ZW_KIND_FINDING, attrs);
                g_assert_true(facts_get_decimal(facts, ZW_ATTR_SCORE, &decimal));
                g_assert_cmpfloat(decimal, ==, 9.8);
        }
        facts = pack(out, ZW_KIND_REQUIREMENT, "{\"ref\":\"62443-3-3 SR 1.1\"}");
        g_assert_cmpuint(facts_get_ref(facts, ZW_ATTR_REF), ==, 0);
        g_assert_cmpuint(facts_get_ref((Facts){ NULL, 0 }, ZW_ATTR_REF), ==, ZW_ROW_NONE);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/metamodel/names", test_names);
        g_test_add_func("/metamodel/links", test_links);
        g_test_add_func("/metamodel/link-examples", test_link_examples);
        g_test_add_func("/metamodel/transitions", test_transitions);
        g_test_add_func("/metamodel/attributes", test_attributes);
        g_test_add_func("/metamodel/near", test_near);
        g_test_add_func("/metamodel/substantive", test_substantive);
        g_test_add_func("/metamodel/facts", test_facts);
        return g_test_run();
}
