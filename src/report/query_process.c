/* The practices of 62443-4-1 against the project: for each the requirement that asks for it, the product it is for, the documents that
 * say how it is done, and the records that it was done. */
#include "report/query_internal.h"

enum {
        PRACTICES_REF,
        PRACTICES_NAME,
        PRACTICES_REQUIREMENT,
        PRACTICES_PRODUCTS,
        PRACTICES_PROCEDURES,
        PRACTICES_RECORDS,
        PRACTICES_STATE,
        PRACTICES_N
};

static const QueryField practices_fields[PRACTICES_N] = {
        [PRACTICES_REF] = { "ref", CELL_TEXT },
        [PRACTICES_NAME] = { "name", CELL_TEXT },
        [PRACTICES_REQUIREMENT] = { "requirement", CELL_ITEM },
        [PRACTICES_PRODUCTS] = { "products", CELL_ITEMS },
        [PRACTICES_PROCEDURES] = { "procedures", CELL_ITEMS },
        [PRACTICES_RECORDS] = { "records", CELL_ITEMS },
        [PRACTICES_STATE] = { "state", CELL_WORD },
};

/* The live ends of one kind, or of any but documents, over one link type. */
static GArray *ends_of(GraphView view, ItemNo item, GraphSide side, LinkTypeId type, bool documents)
{
        GArray *ends = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter iter = graph_iter(view, item, side, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) &&
                    (graph_kind(view, edge.other) == ZW_KIND_DOCUMENT) == documents)
                        g_array_append_val(ends, edge.other);
        return ends;
}

static bool any_approved(GraphView view, const GArray *items)
{
        for (guint i = 0; i < items->len; i++)
                if (graph_is_approved(view, g_array_index(items, ItemNo, i)))
                        return true;
        return false;
}

/* A practice is executed when an approved procedure says how and an approved record says that. */
static void practice_row(Query *query, RowId row, ItemNo requirement)
{
        GraphView view = query->context->view;
        g_autoptr(GArray) products = ends_of(view, requirement, GRAPH_OUT, ZW_LINK_ALLOCATED_TO, false);
        g_autoptr(GArray) procedures = ends_of(view, requirement, GRAPH_IN, ZW_LINK_EVIDENCES, true);
        g_autoptr(GArray) records = ends_of(view, requirement, GRAPH_IN, ZW_LINK_EVIDENCES, false);

        fill_clear(query);
        fill_text(query, PRACTICES_REF, catalogue_row(row)->id);
        fill_text(query, PRACTICES_NAME, catalogue_row(row)->title);
        fill_item(query, PRACTICES_REQUIREMENT, requirement);
        fill_list(query, PRACTICES_PRODUCTS, products->data, products->len);
        fill_list(query, PRACTICES_PROCEDURES, procedures->data, procedures->len);
        fill_list(query, PRACTICES_RECORDS, records->data, records->len);
        fill_text(query, PRACTICES_STATE,
                  !any_approved(view, procedures) ? "no_procedure"
                  : any_approved(view, records)   ? "executed"
                                                  : "no_record");
        (void)fill_emit(query);
}

static void practice_missing(Query *query, RowId row)
{
        fill_clear(query);
        fill_text(query, PRACTICES_REF, catalogue_row(row)->id);
        fill_text(query, PRACTICES_NAME, catalogue_row(row)->title);
        fill_text(query, PRACTICES_STATE, "no_requirement");
        (void)fill_emit(query);
}

static bool asks_for(GraphView view, ItemNo item, RowId row)
{
        return graph_exists(view, item) && graph_kind(view, item) == ZW_KIND_REQUIREMENT &&
               graph_is_live(view, item) && facts_get_ref(graph_facts(view, item), ZW_ATTR_REF) == row;
}

static void practices_run(Query *query)
{
        GraphView view = query->context->view;
        RowId first;
        size_t n;

        catalogue_range(STANDARD_4_1, &first, &n);
        for (size_t i = 0; i < n && !query->stopped; i++) {
                const RowId row = (RowId)(first + i);
                bool found = false;

                for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++)
                        if (asks_for(view, item, row)) {
                                practice_row(query, row, item);
                                found = true;
                        }
                if (!found && !query->stopped)
                        practice_missing(query, row);
        }
}

const QueryDef report_query_practices = { "practices", false, practices_fields, PRACTICES_N, practices_run };
