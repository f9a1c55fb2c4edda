/* Deadlines of notification of incidents (docs/algorithms/operation.md). */
#include "model/operation.h"
#include "report/query_items.h"

enum {
        DEADLINE_INCIDENT,
        DEADLINE_REGIME,
        DEADLINE_NOTIFICATION,
        DEADLINE_STATE,
        DEADLINE_DUE,
        DEADLINE_SENT,
        DEADLINE_N
};

static const QueryField deadline_fields[DEADLINE_N] = {
        [DEADLINE_INCIDENT] = { "incident", CELL_STEP },
        [DEADLINE_REGIME] = { "regime", CELL_TEXT },
        [DEADLINE_NOTIFICATION] = { "notification", CELL_TEXT },
        [DEADLINE_STATE] = { "state", CELL_WORD },
        [DEADLINE_DUE] = { "due", CELL_TIME },
        [DEADLINE_SENT] = { "sent", CELL_TIME },
};

static void deadline_row(Query *query, ItemNo incident, const Clock *clock)
{
        fill_clear(query);
        fill_step(query, DEADLINE_INCIDENT, (CellStep){ incident, false });
        fill_text(query, DEADLINE_REGIME, clock->regime);
        fill_text(query, DEADLINE_NOTIFICATION, clock->title);
        fill_text(query, DEADLINE_STATE, clock_state_name(clock->state));
        if (clock->known)
                fill_time(query, DEADLINE_DUE, clock->due);
        if (clock->sent != 0)
                fill_time(query, DEADLINE_SENT, clock->sent);
        if (!fill_emit(query))
                query->stopped = true;
}

static void deadlines_run(Query *query)
{
        const GraphView view = query->context->view;
        const OperationPolicy *given = query->context->records->policy;
        g_autoptr(OperationPolicy) own = given == NULL ? operation_policy_default() : NULL;

        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++) {
                g_autoptr(GArray) clocks = NULL;

                if (!graph_exists(view, item) || !graph_is_live(view, item) ||
                    graph_kind(view, item) != ZW_KIND_INCIDENT)
                        continue;
                clocks = operation_clocks(given == NULL ? own : given, query_record(query, item).attrs,
                                          query->context->now);
                for (guint i = 0; i < clocks->len && !query->stopped; i++)
                        deadline_row(query, item, &g_array_index(clocks, Clock, i));
        }
}

const QueryDef report_query_deadlines = { "deadlines", false, deadline_fields, DEADLINE_N, deadlines_run };
