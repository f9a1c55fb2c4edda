/* What assets and components state of themselves as elements of a safety function. */
#include "analysis/safety_internal.h"

#include <math.h>

/* The item itself first, then its live components, until one has the attribute. */
static bool facts_with(GraphView view, ItemNo item, AttrId attr, Facts *ret_facts)
{
        GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        GraphEdge edge;

        *ret_facts = graph_facts(view, item);
        if (facts_has(*ret_facts, attr))
                return true;
        while (graph_next(&iter, &edge)) {
                *ret_facts = graph_facts(view, edge.other);
                if (graph_is_live(view, edge.other) && facts_has(*ret_facts, attr))
                        return true;
        }
        return false;
}

double safety_value(GraphView view, ItemNo item, AttrId attr)
{
        double value = (double)NAN;
        Facts facts;

        if (facts_with(view, item, attr, &facts))
                (void)facts_get_decimal(facts, attr, &value);
        return value;
}

static int whole_value(GraphView view, ItemNo item, AttrId attr)
{
        int64_t value = -1;
        Facts facts;

        if (facts_with(view, item, attr, &facts))
                (void)facts_get_int(facts, attr, &value);
        return (int)value;
}

static int type_of(GraphView view, ItemNo item)
{
        Facts facts;

        if (!facts_with(view, item, ZW_ATTR_ELEMENT_TYPE, &facts))
                return -1;
        return facts_get_enum(facts, ZW_ATTR_ELEMENT_TYPE) == ZW_VALUE_ELEMENT_TYPE_A ? 'A' : 'B';
}

/* An overdue proof test counts with the time since the last one. */
static double interval_of(GraphView view, ItemNo item, Instant now, GPtrArray *notes)
{
        const double interval = safety_value(view, item, ZW_ATTR_PROOF_TEST_INTERVAL_H);
        double since;
        Instant last;
        Facts facts;

        if (!facts_with(view, item, ZW_ATTR_LAST_PROOF_TEST, &facts) ||
            !facts_get_date(facts, ZW_ATTR_LAST_PROOF_TEST, &last))
                return interval;
        since = (double)(now - last) / ZW_HOUR_MS;
        if (!(since > interval))
                return interval;
        safety_note_add(notes, SAFETY_NOTE_TAKEN, "proof_test_overdue", item,
                        "%s: its last proof test was %.0f h ago, its interval is %.0f h; %.0f h are taken",
                        graph_key(view, item), since, interval, since);
        return since;
}

SafetyElement safety_element_read(GraphView view, ItemNo item, Instant now, GPtrArray *notes)
{
        return (SafetyElement){
                .item = item,
                .channel = -1,
                .rates = {
                        .lambda_du = safety_value(view, item, ZW_ATTR_LAMBDA_DU_PER_H),
                        .lambda_dd = safety_value(view, item, ZW_ATTR_LAMBDA_DD_PER_H),
                        .lambda_sd = safety_value(view, item, ZW_ATTR_LAMBDA_SD_PER_H),
                        .interval = interval_of(view, item, now, notes),
                        .coverage = safety_value(view, item, ZW_ATTR_PROOF_TEST_COVERAGE),
                        .mission = safety_value(view, item, ZW_ATTR_MISSION_TIME_H),
                        .repair = safety_value(view, item, ZW_ATTR_REPAIR_TIME_H),
                        .beta = safety_value(view, item, ZW_ATTR_BETA),
                        .beta_d = safety_value(view, item, ZW_ATTR_BETA_D),
                        .switchover = safety_value(view, item, ZW_ATTR_SWITCHOVER),
                        .diagnostic = safety_value(view, item, ZW_ATTR_DIAGNOSTIC_INTERVAL_H),
                },
                .lambda_su = safety_value(view, item, ZW_ATTR_LAMBDA_SU_PER_H),
                .pfd = safety_value(view, item, ZW_ATTR_ELEMENT_PFD),
                .pfh_per_h = safety_value(view, item, ZW_ATTR_ELEMENT_PFH_PER_H),
                .response_ms = safety_value(view, item, ZW_ATTR_ELEMENT_RESPONSE_MS),
                .type = type_of(view, item),
                .capability = MAX(whole_value(view, item, ZW_ATTR_SYSTEMATIC_CAPABILITY),
                                  whole_value(view, item, ZW_ATTR_PRIOR_USE_SIL)),
        };
}
