/* Named sources of rows over one commit, each with its fields: what a definition can put into a table. A query computes
 * nothing that an analysis computes; it turns results of analyses and items of the graph into rows, in an order that depends
 * on the data alone. */
#ifndef REPORT_QUERY_H
#define REPORT_QUERY_H

#include "report/cell.h"
#include "report/records.h"

enum { QUERY_FIELDS_MAX = 24 };

typedef struct {
        const char *name;
        CellType type;
} QueryField;

typedef struct Query Query;

typedef struct {
        const char *name;
        bool place; /* of one place: only inside a section for each place */
        const QueryField *fields;
        size_t n_fields;
        void (*run)(Query *query);
} QueryDef;

/* By name; NULL when there is none. */
const QueryDef *report_query_find(const char *name);
/* All of them. */
const QueryDef *const *report_query_all(size_t *ret_n);

/* What the queries of one report share. */
typedef struct QueryContext QueryContext;

/* What is looked at, and when. */
typedef struct {
        Instant now;
        Scope scope; /* its items live as long as the context */
        MetricPeriod period;
} QueryFocus;

/* `fed`: the feeds of vulnerabilities are known; where they are not, what no finding tells is unknown. `records` live as long
 * as the context. */
QueryContext *report_context_new(GraphView view, const QueryFocus *focus, bool fed, const Records *records);
void report_context_free(QueryContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QueryContext, report_context_free)

/* Takes a row, one cell per field; false to stop. */
typedef bool (*QueryRowFn)(void *payload, const Cell *cells);

/* Gives the rows of a query; of one place for those that are of a place. Errors: LIMIT. */
bool report_query_run(QueryContext *context, const QueryDef *def, ItemNo place, QueryRowFn row, void *payload,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Notes the items that a cell names, for the query `items`. */
void report_context_name(QueryContext *context, const Cell *cell);

#endif
