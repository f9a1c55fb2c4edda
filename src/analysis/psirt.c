#include "analysis/psirt.h"

#include "analysis/evidence.h"

/* As the policy of operation names them. */
static const char *const steps[ZW_PSIRT_STEPS] = { [PSIRT_ACKNOWLEDGE] = "acknowledge",
                                                   [PSIRT_ASSESS] = "assess",
                                                   [PSIRT_REMEDY] = "remedy",
                                                   [PSIRT_DISCLOSE] = "disclose" };

const char *psirt_step_name(PsirtStep step)
{
        return steps[step];
}

const char *sum_answer_name(SumAnswer answer)
{
        static const char *const names[] = {
                [SUM_NO] = "no", [SUM_YES] = "yes", [SUM_NOT_NEEDED] = "not_needed"
        };

        return names[answer];
}

static bool is_live_of(GraphView view, ItemNo item, KindId kind)
{
        return graph_is_live(view, item) && graph_kind(view, item) == kind;
}

/* The live other ends of a kind. */
static GArray *ends_of(GraphView view, ItemNo item, GraphSide side, LinkTypeId type, KindId kind)
{
        GArray *ends = g_array_new(FALSE, FALSE, sizeof(ItemNo));
        GraphIter iter = graph_iter(view, item, side, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (is_live_of(view, edge.other, kind))
                        g_array_append_val(ends, edge.other);
        return ends;
}

/* ---- clocks ---- */

/* It is no weakness of the product: nothing is to be repaired, or to be told. */
static bool is_none(GraphView view, ItemNo finding)
{
        const StateId state = graph_state(view, finding);

        return state == ZW_STATE_FALSE_POSITIVE || state == ZW_STATE_NOT_AFFECTED;
}

static bool is_published(GraphView view, const GArray *advisories)
{
        for (guint i = 0; i < advisories->len; i++)
                if (graph_is_approved(view, g_array_index(advisories, ItemNo, i)))
                        return true;
        return false;
}

static bool step_is_done(GraphView view, const PsirtReport *report, PsirtStep step)
{
        const StateId state = graph_state(view, report->finding);

        switch (step) {
        case PSIRT_ACKNOWLEDGE:
                return state != ZW_STATE_NEW;
        case PSIRT_ASSESS:
                return state != ZW_STATE_NEW && state != ZW_STATE_ACKNOWLEDGED;
        case PSIRT_REMEDY:
                return is_none(view, report->finding) || state == ZW_STATE_FIXED ||
                       state == ZW_STATE_MITIGATED || state == ZW_STATE_ACCEPTED;
        default:
                return is_none(view, report->finding) || is_published(view, report->advisories);
        }
}

static void clocks_set(GraphView view, const OperationPolicy *policy, PsirtReport *report, Instant now)
{
        Instant agreed;

        report->next = ZW_PSIRT_STEPS;
        for (int step = ZW_PSIRT_STEPS - 1; step >= 0; step--) {
                PsirtClock *clock = &report->clocks[step];

                clock->done = step_is_done(view, report, (PsirtStep)step);
                clock->due = operation_weakness_due(policy, steps[step], report->reported);
                if (step == PSIRT_DISCLOSE &&
                    facts_get_date(graph_facts(view, report->finding), ZW_ATTR_DISCLOSURE, &agreed))
                        clock->due = agreed;
                clock->overdue = !clock->done && now - ZW_DAY_MS >= clock->due;
                if (!clock->done)
                        report->next = step;
        }
}

/* ---- security updates ---- */

/* An approved item of a kind evidences the change. */
static bool is_evidenced(GraphView view, ItemNo change, bool document, Instant now)
{
        GraphIter iter = graph_iter(view, change, GRAPH_IN, LINK_MASK(ZW_LINK_EVIDENCES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const KindId kind = graph_kind(view, edge.other);

                if (!graph_is_live(view, edge.other) || (kind == ZW_KIND_DOCUMENT) != document)
                        continue;
                if (kind == ZW_KIND_EVIDENCE ? evidence_state(view, edge.other, now) >= EVIDENCE_EXPIRING
                                             : graph_is_approved(view, edge.other))
                        return true;
        }
        return false;
}

/* Is one of the products part of something else, which has to be repaired with it? */
static bool has_dependents(GraphView view, const PsirtReport *report)
{
        for (guint i = 0; i < report->products->len; i++)
                if (graph_first(view, g_array_index(report->products, ItemNo, i), GRAPH_OUT,
                                ZW_LINK_PART_OF) != ZW_ITEM_NONE)
                        return true;
        return false;
}

static PsirtUpdate update_of(GraphView view, const PsirtReport *report, ItemNo change, Instant now)
{
        const Facts facts = graph_facts(view, change);
        PsirtUpdate update = { .change = change };
        Instant delivered;
        const bool sent = facts_get_date(facts, ZW_ATTR_DELIVERED, &delivered) && delivered <= now;

        update.sum[0] = is_evidenced(view, change, false, now) ? SUM_YES : SUM_NO;
        update.sum[1] = is_evidenced(view, change, true, now) ? SUM_YES : SUM_NO;
        update.sum[2] = facts_has(facts, ZW_ATTR_DEPENDENT) ? SUM_YES
                        : has_dependents(view, report)      ? SUM_NO
                                                            : SUM_NOT_NEEDED;
        update.sum[3] = sent && facts_has(facts, ZW_ATTR_DELIVERY) ? SUM_YES : SUM_NO;
        update.sum[4] = sent && delivered <= report->clocks[PSIRT_REMEDY].due ? SUM_YES : SUM_NO;
        return update;
}

static void updates_add(GraphView view, PsirtReport *report, Instant now)
{
        g_autoptr(GArray)
                changes = ends_of(view, report->finding, GRAPH_IN, ZW_LINK_RESOLVES, ZW_KIND_CHANGE);

        for (guint i = 0; i < changes->len; i++) {
                const PsirtUpdate update = update_of(view, report, g_array_index(changes, ItemNo, i), now);

                g_array_append_val(report->updates, update);
        }
}

/* ---- reports ---- */

static GArray *advisories_of(GraphView view, ItemNo finding)
{
        GArray *documents = ends_of(view, finding, GRAPH_IN, ZW_LINK_CONCERNS, ZW_KIND_DOCUMENT);

        for (guint i = documents->len; i > 0; i--)
                if (!facts_has(graph_facts(view, g_array_index(documents, ItemNo, i - 1)), ZW_ATTR_TRACKING))
                        g_array_remove_index(documents, i - 1);
        return documents;
}

static void report_clear(gpointer data)
{
        PsirtReport *report = data;

        g_array_unref(report->products);
        g_array_unref(report->advisories);
        g_array_unref(report->updates);
}

GArray *psirt_reports(GraphView view, const OperationPolicy *policy, Instant now)
{
        GArray *reports = g_array_new(FALSE, FALSE, sizeof(PsirtReport));

        g_array_set_clear_func(reports, report_clear);
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                PsirtReport report = { .finding = item };

                if (!graph_exists(view, item) || !is_live_of(view, item, ZW_KIND_FINDING) ||
                    !facts_get_date(graph_facts(view, item), ZW_ATTR_REPORTED, &report.reported))
                        continue;
                report.products = ends_of(view, item, GRAPH_OUT, ZW_LINK_CONCERNS, ZW_KIND_COMPONENT);
                report.advisories = advisories_of(view, item);
                report.updates = g_array_new(FALSE, FALSE, sizeof(PsirtUpdate));
                clocks_set(view, policy, &report, now);
                updates_add(view, &report, now);
                g_array_append_val(reports, report);
        }
        return reports;
}
