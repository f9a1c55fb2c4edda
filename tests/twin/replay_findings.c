/* Findings: their metrics, what each does to the case, and the plan that closes what is open. */
#include "analysis/exposure.h"
#include "analysis/metric.h"
#include "analysis/plan.h"
#include "base/jread.h"
#include "model/catalogue.h"
#include "replay.h"

static json_t *metric_json(const FindingMetrics *metrics)
{
        json_t *open = json_array(), *trend = json_array();

        for (int s = 0; s < METRIC_SEVERITIES; s++) {
                json_t *ages = json_array();

                for (int a = 0; a < METRIC_AGES; a++)
                        json_array_append_new(ages, json_integer(metrics->open[s][a]));
                json_array_append_new(open, ages);
        }
        for (guint i = 0; i < metrics->trend->len; i++) {
                const MetricPoint *point = &g_array_index(metrics->trend, MetricPoint, i);

                json_array_append_new(trend, json_pack("[I, I, I]", (json_int_t)point->open,
                                                       (json_int_t)point->opened, (json_int_t)point->closed));
        }
        return json_pack("{s:I, s:o, s:I, s:I, s:[I, I, I, I], s:I, s:[I, I], s:[I, I], s:o}", "findings",
                         (json_int_t)metrics->findings, "open", open, "acknowledged",
                         (json_int_t)metrics->acknowledged.part, "compensated",
                         (json_int_t)metrics->compensated.part, "fixes", (json_int_t)metrics->patched.part,
                         (json_int_t)metrics->patched.of, (json_int_t)metrics->fix_unknown,
                         (json_int_t)metrics->kev_assets, "kev", (json_int_t)metrics->kev_open, "acknowledge",
                         (json_int_t)metrics->acknowledge.n, (json_int_t)metrics->acknowledge.sum_ms, "fix",
                         (json_int_t)metrics->fix.n, (json_int_t)metrics->fix.sum_ms, "trend", trend);
}

/* MetricBase of the project, and of each system and place. */
json_t *metrics_json(Assess *assess, const json_t *model)
{
        GraphView view = assess_view(assess);
        g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(MetricChange));
        const MetricPeriod period = { jread_get_int(model, "from", 0), jread_get_int(model, "to", 0), 4 };
        g_autoptr(MetricBase) metrics = NULL;
        g_autoptr(FindingMetrics) whole = NULL;
        json_t *answer = json_object();
        const json_t *from;
        size_t i;

        json_array_foreach(json_object_get(model, "changes"), i, from)
        {
                MetricChange change = { .finding = (ItemNo)jread_get_int(from, "finding", 0),
                                        .at = jread_get_int(from, "at", 0) };

                if (!state_find(jread_get_string(from, "state"), &change.state))
                        g_error("no state");
                g_array_append_val(changes, change);
        }
        metrics = metric_base_new(assess, changes, period);
        whole = metric_base_of(metrics, (Scope){ 0 });
        json_object_set_new(answer, "", metric_json(whole));
        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                KindId kind = graph_kind(view, item);
                g_autoptr(FindingMetrics) one = NULL;

                if (!graph_is_live(view, item) ||
                    (kind != ZW_KIND_SYSTEM && kind != ZW_KIND_ZONE && kind != ZW_KIND_CONDUIT))
                        continue;
                one = metric_base_of(metrics, (Scope){ &item, 1 });
                json_object_set_new(answer, graph_key(view, item), metric_json(one));
        }
        return answer;
}

static json_t *exposed_place_json(GraphView view, const ExposedPlace *place)
{
        json_t *verified = json_array(), *claimed = json_array(), *rows = json_object();

        for (int i = 0; i < ZW_EXPOSURE_CASES; i++) {
                json_array_append_new(verified, vector_json(&place->verified[i]));
                json_array_append_new(claimed, vector_json(&place->claimed[i]));
        }
        for (guint i = 0; i < place->rows->len; i++) {
                const ExposedRow *row = &g_array_index(place->rows, ExposedRow, i);
                g_autofree char *name = g_strdup_printf("%s %s", catalogue_row(row->row)->id,
                                                        graph_key(view, row->member));

                json_object_set_new(rows, name, json_string(row_status_name(row->status)));
        }
        return json_pack("{s:o, s:o, s:o}", "verified", verified, "claimed", claimed, "rows", rows);
}

static json_t *exposure_json(GraphView view, const Exposure *found)
{
        json_t *rows = json_object(), *places = json_object(), *measures = json_object(),
               *scenarios = json_object(), *functions = json_array();

        for (guint i = 0; i < found->rows->len; i++) {
                const Proposal *proposal = &g_array_index(found->rows, Proposal, i);

                json_object_set_new(rows, catalogue_row(proposal->row)->id,
                                    json_string(proposal_basis_name(proposal->basis)));
        }
        for (guint i = 0; i < found->places->len; i++) {
                const ExposedPlace *place = &g_array_index(found->places, ExposedPlace, i);

                json_object_set_new(places, graph_key(view, place->place), exposed_place_json(view, place));
        }
        for (guint i = 0; i < found->measures->len; i++) {
                const ExposureMeasure *measure = &g_array_index(found->measures, ExposureMeasure, i);

                json_object_set_new(measures, graph_key(view, measure->countermeasure),
                                    json_boolean(measure->clears));
        }
        for (guint i = 0; i < found->scenarios->len; i++) {
                const ExposedScenario *scenario = &g_array_index(found->scenarios, ExposedScenario, i);

                json_object_set_new(scenarios, graph_key(view, scenario->threat),
                                    json_boolean(scenario->linked));
        }
        for (guint i = 0; i < found->functions->len; i++) {
                const ExposedFunction *function = &g_array_index(found->functions, ExposedFunction, i);

                json_array_append_new(functions, json_pack("[i, i, s]", (int)function->function,
                                                           (int)function->element, as_name(function->as)));
        }
        return json_pack("{s:b, s:b, s:o, s:o, s:o, s:o, s:o}", "confirmed", found->confirmed, "cleared",
                         found->cleared, "rows", rows, "places", places, "measures", measures, "scenarios",
                         scenarios, "functions", functions);
}

json_t *exposures_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        GraphView view = assess_view(assess);
        json_t *answer = json_object();

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autoptr(Exposure) found = NULL;

                if (graph_kind(view, item) != ZW_KIND_FINDING)
                        continue;
                found = exposure_find(assess, item);
                json_object_set_new(answer, graph_key(view, item), exposure_json(view, found));
        }
        return answer;
}

/* Needs, as place, row and what each alternative is, and what the choice costs. */
json_t *plan_json(Assess *assess, const json_t *model G_GNUC_UNUSED)
{
        GraphView view = assess_view(assess);
        g_autoptr(GError) error = NULL;
        json_t *needs = json_array(), *actions = json_array();
        size_t n;
        const ItemNo *places = assess_places(assess, &n);
        g_autoptr(Plan) plan = plan_make(assess, places, n, &error);

        if (plan == NULL)
                return json_string(error->message);
        for (guint i = 0; i < plan->needs->len; i++) {
                const PlanNeed *need = &g_array_index(plan->needs, PlanNeed, i);
                json_t *alternatives = json_array();

                for (guint k = 0; k < need->alternatives->len; k++)
                        json_array_append_new(alternatives,
                                              json_integer(g_array_index(need->alternatives, uint32_t, k)));
                json_array_append_new(needs, json_pack("[s, s, s, o]", graph_key(view, need->place),
                                                       catalogue_row(need->row)->id,
                                                       need_kind_name(need->kind), alternatives));
        }
        for (guint i = 0; i < plan->actions->len; i++) {
                const PlanAction *action = &g_array_index(plan->actions, PlanAction, i);

                json_array_append_new(actions, json_pack("[i, b]", (int)action_cost(action->kind),
                                                         (int)action->chosen));
        }
        return json_pack("{s:o, s:o, s:I}", "needs", needs, "actions", actions, "cost",
                         (json_int_t)plan->cost);
}
