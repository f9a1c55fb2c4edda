/* Named defects of tests and their testers: IEC 62443-4-1:2018 SVV-2 and SVV-5 (docs/algorithms/lint.md). */
#include "analysis/lint_rules.h"
#include "base/hash.h"

#include <string.h>

void lint_mitigation_without_test(Lint *lint, ItemNo item)
{
        if (lint_has_link(lint, item, GRAPH_OUT, LINK_MASK(ZW_LINK_MITIGATES)) &&
            !lint_has_link(lint, item, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES)))
                lint_found(lint, item, ZW_ITEM_NONE, "%s mitigates and no test verifies it (SVV-2)",
                           lint_key(lint, item));
}

/* What a test case tests: the live items it verifies, and what the claims among them rest on; each once. */
static GArray *tested_by(const Lint *lint, ItemNo test_case)
{
        GArray *tested = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        GraphIter iter = graph_iter(lint->view, test_case, GRAPH_OUT, LINK_MASK(ZW_LINK_VERIFIES));
        GraphEdge edge, base;

        while (graph_next(&iter, &edge)) {
                GraphIter bases = graph_iter(lint->view, edge.other, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));

                if (!graph_is_live(lint->view, edge.other))
                        continue;
                if (g_hash_table_add(seen, GUINT_TO_POINTER(edge.other + 1)))
                        g_array_append_val(tested, edge.other);
                while (graph_next(&bases, &base))
                        if (graph_is_live(lint->view, base.other) &&
                            g_hash_table_add(seen, GUINT_TO_POINTER(base.other + 1)))
                                g_array_append_val(tested, base.other);
        }
        return tested;
}

/* The independence of the tester that SVV-5 asks for, by the kind of test: tests of requirements (SVV-1) and of mitigations
 * (SVV-2) and penetration tests (SVV-4) by another department, vulnerability tests (SVV-3) by another person. */
static int independence_asked(int test_kind)
{
        static const int asked[] = {
                [ZW_VALUE_TEST_KIND_UNIT] =
                        ZW_VALUE_INDEPENDENCE_NONE, /* what developers do for themselves */
                [ZW_VALUE_TEST_KIND_INTEGRATION] = ZW_VALUE_INDEPENDENCE_DEPARTMENT,
                [ZW_VALUE_TEST_KIND_FAT] = ZW_VALUE_INDEPENDENCE_DEPARTMENT,
                [ZW_VALUE_TEST_KIND_SAT] = ZW_VALUE_INDEPENDENCE_DEPARTMENT,
                [ZW_VALUE_TEST_KIND_FUZZ] = ZW_VALUE_INDEPENDENCE_PERSON,
                [ZW_VALUE_TEST_KIND_PENETRATION] = ZW_VALUE_INDEPENDENCE_DEPARTMENT,
                [ZW_VALUE_TEST_KIND_VULNERABILITY_SCAN] = ZW_VALUE_INDEPENDENCE_PERSON,
                [ZW_VALUE_TEST_KIND_MITIGATION] = ZW_VALUE_INDEPENDENCE_DEPARTMENT,
                [ZW_VALUE_TEST_KIND_ABUSE] = ZW_VALUE_INDEPENDENCE_PERSON,
        };

        /* Of a test whose kind nobody stated at least another person. */
        return test_kind < 0 ? ZW_VALUE_INDEPENDENCE_PERSON : asked[test_kind];
}

/* ---- people on record ---- */

static char *person_in(GraphView view, ItemNo item, AttrId attr)
{
        size_t n;
        const char *name = facts_get_text(graph_facts(view, item), attr, &n);

        return name == NULL ? NULL : g_strndup(name, n);
}

/* The department of everybody of whom a record of competence names one; of several records the oldest counts. */
static GHashTable *departments_load(GraphView view)
{
        GHashTable *departments = hash_table_new_text(g_free, g_free);

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autofree char *person = NULL, *department = NULL;

                if (!graph_exists(view, item) || graph_kind(view, item) != ZW_KIND_EVIDENCE ||
                    !graph_is_live(view, item))
                        continue;
                person = person_in(view, item, ZW_ATTR_PERSON);
                department = person_in(view, item, ZW_ATTR_DEPARTMENT);
                if (person != NULL && department != NULL && !g_hash_table_contains(departments, person))
                        g_hash_table_insert(departments, g_steal_pointer(&person),
                                            g_steal_pointer(&department));
        }
        return departments;
}

static const char *department_of(Lint *lint, const char *person)
{
        if (lint->departments == NULL)
                lint->departments = departments_load(lint->view);
        return g_hash_table_lookup(lint->departments, person);
}

/* What a tester and who developed the thing have in common, as far as the kind of test asks that they have not. */
typedef enum { NOTHING_SHARED, SAME_DEPARTMENT, SAME_PERSON } Shared;

static Shared shared_with(Lint *lint, ItemNo tester_of, ItemNo thing, int asked)
{
        g_autofree char *tester = person_in(lint->view, tester_of, ZW_ATTR_TESTER),
                        *developer = person_in(lint->view, thing, ZW_ATTR_DEVELOPER);
        const char *department;

        if (tester == NULL || developer == NULL)
                return NOTHING_SHARED;
        if (strcmp(tester, developer) == 0)
                return SAME_PERSON;
        department = asked < ZW_VALUE_INDEPENDENCE_DEPARTMENT ? NULL : department_of(lint, tester);
        return department != NULL && g_strcmp0(department, department_of(lint, developer)) == 0
                       ? SAME_DEPARTMENT
                       : NOTHING_SHARED;
}

void lint_tester_not_independent(Lint *lint, ItemNo item)
{
        Facts facts = graph_facts(lint->view, item);
        const AttrDef *levels = attr_get(ZW_KIND_TEST_CASE, ZW_ATTR_INDEPENDENCE);
        int stated = facts_get_enum(facts, ZW_ATTR_INDEPENDENCE);
        int asked = independence_asked(facts_get_enum(facts, ZW_ATTR_TEST_KIND));
        g_autoptr(GArray) tested = NULL;
        GraphResult result;
        bool ran = case_outcome(lint->assess, item, &result), found = false;

        if (asked == ZW_VALUE_INDEPENDENCE_NONE)
                return;
        tested = tested_by(lint, item);
        for (guint i = 0; i < tested->len; i++) {
                const ItemNo other = g_array_index(tested, ItemNo, i);
                const Shared own = shared_with(lint, item, other, asked),
                             of_run = ran ? shared_with(lint, result.run, other, asked) : NOTHING_SHARED;

                if (MAX(own, of_run) == NOTHING_SHARED)
                        continue;
                found = true;
                lint_found(
                        lint, item, other,
                        MAX(own, of_run) == SAME_PERSON
                                ? "%s is tested by the developer of %s (SVV-5)"
                                : "%s is tested by somebody of the department of the developer of %s (SVV-5)",
                        lint_key(lint, item), lint_key(lint, other));
        }
        if (!found && stated >= 0 && stated < asked)
                lint_found(lint, item, ZW_ITEM_NONE,
                           "%s: independence of the tester is %s, and this kind of test asks for %s (SVV-5)",
                           lint_key(lint, item), levels->values[stated], levels->values[asked]);
}
