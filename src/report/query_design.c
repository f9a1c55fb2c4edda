/* Requirements of products against their design and their tests (62443-4-1 SR-3, SR-4, SD-1, SVV-1): a row for each product that a
 * requirement is allocated to. Design is what the claims that answer it rest on, but for other products, and documents that evidence it. */
#include "analysis/testing.h"
#include "report/query_internal.h"

enum { DESIGN_PRODUCT, DESIGN_REQUIREMENT, DESIGN_REF, DESIGN_BY, DESIGN_TESTS, DESIGN_STATE, DESIGN_N };

static const QueryField design_fields[DESIGN_N] = {
        [DESIGN_PRODUCT] = { "product", CELL_ITEM }, [DESIGN_REQUIREMENT] = { "requirement", CELL_ITEM },
        [DESIGN_REF] = { "ref", CELL_TEXT },         [DESIGN_BY] = { "design", CELL_ITEMS },
        [DESIGN_TESTS] = { "tests", CELL_ITEMS },    [DESIGN_STATE] = { "state", CELL_WORD },
};

static int item_compare(gconstpointer a, gconstpointer b)
{
        const ItemNo left = *(const ItemNo *)a, right = *(const ItemNo *)b;

        return (left > right) - (left < right);
}

static void take(GraphView view, ItemNo item, GArray *items)
{
        for (guint i = 0; i < items->len; i++)
                if (g_array_index(items, ItemNo, i) == item)
                        return;
        if (graph_is_live(view, item))
                g_array_append_val(items, item);
}

static void documents_take(GraphView view, ItemNo of, GArray *design)
{
        GraphIter iter = graph_iter(view, of, GRAPH_IN, LINK_MASK(ZW_LINK_EVIDENCES));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_kind(view, edge.other) == ZW_KIND_DOCUMENT)
                        take(view, edge.other, design);
}

static GArray *design_of(GraphView view, ItemNo requirement)
{
        GArray *design = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter claims = graph_iter(view, requirement, GRAPH_IN, LINK_MASK(ZW_LINK_ANSWERS));
        GraphEdge claim, base;

        documents_take(view, requirement, design);
        while (graph_next(&claims, &claim)) {
                GraphIter bases = graph_iter(view, claim.other, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));

                if (!graph_is_live(view, claim.other))
                        continue;
                documents_take(view, claim.other, design);
                while (graph_next(&bases, &base))
                        if (graph_kind(view, base.other) != ZW_KIND_COMPONENT &&
                            graph_kind(view, base.other) != ZW_KIND_ASSET)
                                take(view, base.other, design);
        }
        g_array_sort(design, item_compare);
        return design;
}

static const char *state_of(GraphView view, ItemNo requirement, const GArray *design, const GArray *cases)
{
        static const char *const words[] = {
                [TESTING_NO_TEST] = "no_test",    [TESTING_NOT_RUN] = "not_run", [TESTING_FAILED] = "failed",
                [TESTING_PARTLY] = "test_partly", [TESTING_PASSED] = "passed",
        };

        return design->len == 0 ? "no_design" : words[testing_state(view, requirement, cases)];
}

static void design_row(Query *query, ItemNo product, ItemNo requirement)
{
        GraphView view = query->context->view;
        const RowId row = facts_get_ref(graph_facts(view, requirement), ZW_ATTR_REF);
        g_autoptr(GArray) design = design_of(view, requirement), cases = testing_cases_of(view, requirement),
                          tests = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        for (guint i = 0; i < cases->len; i++)
                take(view, g_array_index(cases, TestingCase, i).test_case, tests);
        fill_clear(query);
        fill_item(query, DESIGN_PRODUCT, product);
        fill_item(query, DESIGN_REQUIREMENT, requirement);
        if (row != ZW_ROW_NONE)
                fill_text(query, DESIGN_REF, catalogue_row(row)->id);
        fill_list(query, DESIGN_BY, design->data, design->len);
        fill_list(query, DESIGN_TESTS, tests->data, tests->len);
        fill_text(query, DESIGN_STATE, state_of(view, requirement, design, cases));
        (void)fill_emit(query);
}

/* By number. What a practice asks of the process is met by a programme, not by the product. */
static GArray *requirements_of(GraphView view, ItemNo product)
{
        GArray *requirements = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter iter = graph_iter(view, product, GRAPH_IN, LINK_MASK(ZW_LINK_ALLOCATED_TO));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const RowId row = facts_get_ref(graph_facts(view, edge.other), ZW_ATTR_REF);

                if (row == ZW_ROW_NONE || catalogue_row(row)->standard != STANDARD_4_1)
                        take(view, edge.other, requirements);
        }
        g_array_sort(requirements, item_compare);
        return requirements;
}

static void design_run(Query *query)
{
        GraphView view = query->context->view;

        for (ItemNo product = 0; product < graph_item_count(view); product++) {
                g_autoptr(GArray) requirements = NULL;

                if (!graph_exists(view, product) || graph_kind(view, product) != ZW_KIND_COMPONENT ||
                    !graph_is_live(view, product))
                        continue;
                requirements = requirements_of(view, product);
                for (guint i = 0; i < requirements->len && !query->stopped; i++)
                        design_row(query, product, g_array_index(requirements, ItemNo, i));
        }
}

const QueryDef report_query_design = { "design", false, design_fields, DESIGN_N, design_run };
