#include "analysis/lint.h"
#include "report/query_internal.h"

#include <string.h>

static const QueryDef *const queries[] = {
        &report_query_places,          &report_query_levels,
        &report_query_entries,         &report_query_matrix,
        &report_query_totals,          &report_query_next,
        &report_query_underived,       &report_query_rows,
        &report_query_rules,           &report_query_defects,
        &report_query_severities,      &report_query_findings,
        &report_query_links,           &report_query_breaks,
        &report_query_sources,         &report_query_proofs,
        &report_query_paths,           &report_query_treatments,
        &report_query_reports,         &report_query_items,
        &report_query_systems,         &report_query_documents,
        &report_query_assumptions,     &report_query_incidents,
        &report_query_hazards,         &report_query_threats,
        &report_query_essentials,      &report_query_safety,
        &report_query_requirements,    &report_query_measures,
        &report_query_zones,           &report_query_conduits,
        &report_query_place_assets,    &report_query_place_access,
        &report_query_place_flows,     &report_query_place_conduits,
        &report_query_place_findings,  &report_query_place_services,
        &report_query_risks,           &report_query_derived,
        &report_query_targets,         &report_query_facts,
        &report_query_methods,         &report_query_classes,
        &report_query_criteria,        &report_query_tolerable,
        &report_query_bands,           &report_query_signed,
        &report_query_people,          &report_query_sheet,
        &report_query_proven,          &report_query_zcr,
        &report_query_metrics,         &report_query_ages,
        &report_query_trend,           &report_query_log,
        &report_query_triage,          &report_query_position,
        &report_query_feeds,           &report_query_frs,
        &report_query_concentration,   &report_query_compensations,
        &report_query_clauses,         &report_query_capabilities,
        &report_query_vendors,         &report_query_vendor_years,
        &report_query_vendor_products, &report_query_tested,
        &report_query_tests,           &report_query_runs,
        &report_query_practices,       &report_query_programmes,
        &report_query_assessed,        &report_query_design,
        &report_query_changes,         &report_query_actions,
        &report_query_nonconformities, &report_query_deadlines,
        &report_query_balances,        &report_query_interactions,
        &report_query_conflicts,       &report_query_attacks,
};

const QueryDef *report_query_find(const char *name)
{
        for (size_t i = 0; i < G_N_ELEMENTS(queries); i++)
                if (strcmp(queries[i]->name, name) == 0)
                        return queries[i];
        return NULL;
}

const QueryDef *const *report_query_all(size_t *ret_n)
{
        *ret_n = G_N_ELEMENTS(queries);
        return queries;
}

/* ---- context ---- */

QueryContext *report_context_new(GraphView view, const QueryFocus *focus, bool fed, const Records *records)
{
        QueryContext *context = g_new0(QueryContext, 1);

        context->view = view;
        context->now = focus->now;
        context->scope = focus->scope;
        context->period = focus->period;
        context->fed = fed;
        context->records = records;
        if (records->methods == NULL)
                context->own_methods = risk_methods_new();
        context->methods = records->methods != NULL ? records->methods : context->own_methods;
        context->assess = assess_new(view, focus->now);
        context->named = g_malloc0((size_t)graph_item_count(view) / 8 + 1);
        return context;
}

void report_context_free(QueryContext *context)
{
        if (context == NULL)
                return;
        if (context->summaries != NULL)
                g_array_unref(context->summaries);
        if (context->defects != NULL)
                g_array_unref(context->defects);
        place_assessment_free(context->assessed);
        breaks_free(context->breaks);
        metric_base_free(context->metrics);
        interactions_free(context->interactions);
        g_clear_pointer(&context->attacks, g_ptr_array_unref);
        assess_free(context->assess);
        risk_methods_free(context->own_methods);
        g_free(context->named);
        g_free(context);
}

static void summarize(QueryContext *context, ItemNo item)
{
        g_autoptr(PlaceAssessment) place = assess_place(context->assess, item, false);
        PlaceSummary summary = { .place = item,
                                 .target = place->target,
                                 .verified = place->verified,
                                 .claimed = place->claimed,
                                 .verified_with_findings = place->verified_with_findings,
                                 .claimed_with_findings = place->claimed_with_findings };

        for (RowId i = 0; i < ZW_SR_ROWS; i++) {
                const RowAssessment *row = &place->rows[i];

                summary.standing[i] = (uint8_t)row_standing(context->view, place, i);
                summary.demanded[i] = row_is_demanded(place, i);
                summary.stops[i] = row_stops(place, i);
                summary.broken[i] = row->broken;
                summary.deferred[i] = row->waiver != ZW_ITEM_NONE && row->status != STATUS_REMOVED;
        }
        g_array_append_val(context->summaries, summary);
}

const GArray *context_summaries(QueryContext *context)
{
        size_t n;
        const ItemNo *places = assess_places(context->assess, &n);

        if (context->summaries != NULL)
                return context->summaries;
        context->summaries = g_array_new(FALSE, FALSE, sizeof(PlaceSummary));
        for (size_t i = 0; i < n; i++)
                if (scope_has_place(context->view, context->scope, places[i]))
                        summarize(context, places[i]);
        return context->summaries;
}

const PlaceAssessment *context_assessment(QueryContext *context, ItemNo place)
{
        if (context->assessed == NULL || context->assessed->place != place) {
                place_assessment_free(context->assessed);
                context->assessed = assess_place(context->assess, place, true);
        }
        return context->assessed;
}

const GArray *context_defects(QueryContext *context)
{
        if (context->defects == NULL)
                context->defects = lint_find(context->view, context->now, context->records->origins);
        return context->defects;
}

const Breaks *context_breaks(QueryContext *context)
{
        if (context->breaks == NULL)
                context->breaks = breaks_find(context->assess, context_defects(context));
        return context->breaks;
}

const MetricBase *query_metrics(Query *query)
{
        QueryContext *context = query->context;
        const Records *records = context->records;
        g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(MetricChange));
        const GArray *changes = none;

        if (context->metrics != NULL)
                return context->metrics;
        if (records->changes != NULL)
                changes = records->changes(records->payload, &query->error);
        if (changes == NULL)
                query->stopped = true;
        else
                context->metrics = metric_base_new(context->assess, changes, context->period);
        return context->metrics;
}

bool context_record(QueryContext *context, ItemNo item, ItemRecord *ret_record, GError **error)
{
        const Records *records = context->records;

        *ret_record = (ItemRecord){ 0 };
        return records->item == NULL || records->item(records->payload, item, ret_record, error);
}

ItemRecord query_record(Query *query, ItemNo item)
{
        ItemRecord record = { 0 };

        if (query->error == NULL && !context_record(query->context, item, &record, &query->error))
                query->stopped = true;
        return record;
}

/* ---- items that were named ---- */

static void name_item(QueryContext *context, ItemNo item)
{
        if (item < graph_item_count(context->view) && graph_exists(context->view, item))
                context->named[item / 8] |= (uint8_t)(1U << item % 8);
}

void report_context_name(QueryContext *context, const Cell *cell)
{
        switch (cell->type) {
        case CELL_ITEM:
        case CELL_STEP:
                name_item(context, cell->item);
                break;
        case CELL_ITEMS:
                for (size_t i = 0; i < cell->n; i++)
                        name_item(context, ((const ItemNo *)cell->list)[i]);
                break;
        case CELL_STEPS:
                for (size_t i = 0; i < cell->n; i++)
                        name_item(context, ((const CellStep *)cell->list)[i].item);
                break;
        case CELL_MEMBERS:
                for (size_t i = 0; i < cell->n; i++)
                        name_item(context, ((const MemberStatus *)cell->list)[i].member);
                break;
        case CELL_REASONS:
                for (size_t i = 0; i < cell->n; i++)
                        name_item(context, ((const Cause *const *)cell->list)[i]->item);
                break;
        default:
                break;
        }
}

/* ---- rows ---- */

void fill_clear(Query *query)
{
        memset(query->cells, 0, sizeof query->cells);
        for (size_t i = 0; i < query->def->n_fields; i++) {
                query->cells[i].type = query->def->fields[i].type;
                query->cells[i].item = ZW_ITEM_NONE;
        }
}

void fill_text(Query *query, size_t field, const char *text)
{
        query->cells[field].text = text;
}

void fill_enum(Query *query, size_t field, ItemNo item, AttrId attr)
{
        GraphView view = query->context->view;
        int value = item == ZW_ITEM_NONE ? -1 : facts_get_enum(graph_facts(view, item), attr);
        const AttrDef *def = value < 0 ? NULL : attr_get(graph_kind(view, item), attr);

        query->cells[field].text = def == NULL ? NULL : def->values[value];
}

void fill_number(Query *query, size_t field, gint64 number)
{
        query->cells[field].number = number;
}

void fill_share(Query *query, size_t field, gint64 number, gint64 of)
{
        query->cells[field].number = number;
        query->cells[field].of = of;
}

void fill_item(Query *query, size_t field, ItemNo item)
{
        query->cells[field].item = item;
}

void fill_step(Query *query, size_t field, CellStep step)
{
        query->cells[field].item = step.item;
        query->cells[field].suspect = step.suspect;
}

void fill_time(Query *query, size_t field, Instant time)
{
        query->cells[field].number = time;
        query->cells[field].n = 1;
}

void fill_vector(Query *query, size_t field, const SlVector *vector)
{
        query->cells[field].vector = *vector;
}

void fill_list(Query *query, size_t field, const void *list, size_t n)
{
        query->cells[field].list = list;
        query->cells[field].n = n;
}

void fill_unknown(Query *query, size_t field)
{
        query->cells[field].unknown = true;
}

bool fill_emit(Query *query)
{
        query->stopped = query->stopped || !query->row(query->payload, query->cells);
        return !query->stopped;
}

bool report_query_run(QueryContext *context, const QueryDef *def, ItemNo place, QueryRowFn row, void *payload,
                      GError **error)
{
        Query query = { .context = context, .def = def, .place = place, .row = row, .payload = payload };

        fill_clear(&query);
        def->run(&query);
        if (query.error == NULL)
                return true;
        g_propagate_error(error, query.error);
        return false;
}
