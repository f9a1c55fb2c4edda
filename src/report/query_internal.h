/* Inside the queries only: what they share, and how they fill a row. */
#ifndef REPORT_QUERY_INTERNAL_H
#define REPORT_QUERY_INTERNAL_H

#include "analysis/attack.h"
#include "analysis/interaction.h"
#include "report/chain.h"
#include "report/query.h"

/* Where a row stands: its stage, or that this is not known. In the order the stages are passed. */
typedef enum {
        STANDING_NO_REQUIREMENT,
        STANDING_NOT_DERIVED,
        STANDING_NOT_ALLOCATED,
        STANDING_NOT_CLAIMED,
        STANDING_NOT_VERIFIED,
        STANDING_UNKNOWN,
        STANDING_VERIFIED,
        STANDING_NOT_APPLICABLE,
        STANDING_UNKNOWN_BEYOND, /* SL-T does not demand it, but that it is unknown makes SL-A unknown */
} Standing;
enum { STANDING_DEMANDED_COUNT = STANDING_UNKNOWN_BEYOND, STANDING_COUNT };
const char *standing_name(Standing standing);
/* Is the row demanded of its place? */
bool row_is_demanded(const PlaceAssessment *place, RowId row);
Standing row_standing(GraphView view, const PlaceAssessment *place, RowId row);

/* What is kept of every place while a report is made. */
typedef struct {
        ItemNo place;
        SlVector target, verified, claimed, verified_with_findings, claimed_with_findings;
        uint8_t standing[ZW_SR_ROWS]; /* Standing */
        bool demanded[ZW_SR_ROWS];
        bool stops[ZW_SR_ROWS];
        bool broken[ZW_SR_ROWS];
        bool deferred[ZW_SR_ROWS]; /* a waiver holds that does not remove the row */
} PlaceSummary;

struct QueryContext {
        GraphView view;
        Instant now;
        Scope scope;
        MetricPeriod period;
        bool fed; /* the feeds of vulnerabilities are known */
        const Records *records;
        const RiskMethods *methods;
        RiskMethods *own_methods; /* NULL where the records have them */
        Assess *assess;
        GArray *summaries;          /* of PlaceSummary; NULL until needed */
        PlaceAssessment *assessed;  /* the place looked at last; NULL until needed */
        GArray *defects;            /* of Defect; NULL until needed */
        Breaks *breaks;             /* NULL until needed */
        MetricBase *metrics;        /* NULL until needed */
        Interactions *interactions; /* NULL until needed */
        GPtrArray *attacks;         /* of HazardAttack; NULL until needed */
        uint8_t *named;             /* a bit per item that a cell named */
};

struct Query {
        QueryContext *context;
        const QueryDef *def;
        ItemNo place;
        QueryRowFn row;
        void *payload;
        bool stopped;
        GError *error; /* of a query that failed, which stops it */
        Cell cells[QUERY_FIELDS_MAX];
};

const GArray *context_summaries(QueryContext *context);
const PlaceAssessment *context_assessment(QueryContext *context, ItemNo place);
const GArray *context_defects(QueryContext *context);
const Breaks *context_breaks(QueryContext *context);
/* Scenarios of hazards (of HazardAttack). */
const GPtrArray *context_attacks(QueryContext *context);
/* NULL on failure, which the records set and which stops the query. Without records of it nothing ever happened. */
const MetricBase *query_metrics(Query *query);
/* The record of an item; one without anything where there is none. False on failure, which the records set. */
bool context_record(QueryContext *context, ItemNo item, ItemRecord *ret_record, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* The same in a query, which a failure stops. */
ItemRecord query_record(Query *query, ItemNo item);

/* Does the row keep SL-A from SL-T, or from being known? */
bool summary_stops(const PlaceSummary *summary, RowId row);

/* What proves a requirement: claims that answer it, and what verifies or evidences them or the requirement itself; each once, by
 * number. */
typedef struct {
        GArray *claims, *proofs; /* of CellStep */
        gint64 suspects;
} SheetCase;
void sheet_case_of(GraphView view, ItemNo requirement, SheetCase *ret_case);
void sheet_case_clear(SheetCase *sheet);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SheetCase, sheet_case_clear)

/* The level from which a row is demanded. */
int row_first_level(RowId row);

/* Every cell empty and of the type of its field. */
void fill_clear(Query *query);
void fill_text(Query *query, size_t field, const char *text);
/* The name of an enumerated attribute's value; nothing for no item or no value. */
void fill_enum(Query *query, size_t field, ItemNo item, AttrId attr);
void fill_number(Query *query, size_t field, gint64 number);
void fill_share(Query *query, size_t field, gint64 number, gint64 of);
void fill_item(Query *query, size_t field, ItemNo item);
void fill_step(Query *query, size_t field, CellStep step);
void fill_time(Query *query, size_t field, Instant time);
void fill_vector(Query *query, size_t field, const SlVector *vector);
void fill_list(Query *query, size_t field, const void *list, size_t n);
void fill_unknown(Query *query, size_t field);
/* Gives the row; false to stop. */
bool fill_emit(Query *query);

extern const QueryDef report_query_places, report_query_levels, report_query_entries, report_query_matrix,
        report_query_totals, report_query_next, report_query_underived, report_query_rows,
        report_query_defects, report_query_rules, report_query_findings, report_query_severities,
        report_query_items, report_query_reports, report_query_links, report_query_breaks,
        report_query_sources, report_query_proofs, report_query_paths, report_query_treatments,
        report_query_systems, report_query_documents, report_query_assumptions, report_query_incidents,
        report_query_hazards, report_query_threats, report_query_essentials, report_query_safety,
        report_query_requirements, report_query_measures, report_query_zones, report_query_conduits,
        report_query_place_assets, report_query_place_access, report_query_place_flows,
        report_query_place_conduits, report_query_place_findings, report_query_place_services,
        report_query_risks, report_query_derived, report_query_targets, report_query_facts,
        report_query_methods, report_query_classes, report_query_criteria, report_query_tolerable,
        report_query_bands, report_query_signed, report_query_people, report_query_sheet, report_query_proven,
        report_query_zcr, report_query_metrics, report_query_ages, report_query_trend, report_query_log,
        report_query_triage, report_query_position, report_query_feeds, report_query_frs,
        report_query_concentration, report_query_compensations, report_query_clauses,
        report_query_capabilities, report_query_vendors, report_query_vendor_years,
        report_query_vendor_products, report_query_tested, report_query_tests, report_query_runs,
        report_query_practices, report_query_programmes, report_query_assessed, report_query_design,
        report_query_changes, report_query_actions, report_query_nonconformities, report_query_deadlines,
        report_query_balances, report_query_interactions, report_query_conflicts, report_query_attacks;

#endif
