/* What a report consists of: sections, tables over queries, columns and texts. Definitions are data (data/reports/NAME.json),
 * compiled in; docs/reports.md says how to write one. A *template* is a text in which {field} stands for what the row says
 * there (or the row of the section's `each`), and {word} for the word of a count. Constant after reading; thread-safe. */
#ifndef REPORT_DEFINITION_H
#define REPORT_DEFINITION_H

#include "report/query.h"
#include <jansson.h>

enum { REPORT_SERIES_MAX = 4 };

/* How much of an item, or of a text, its cells show to people; programs and workbooks get all of it. */
typedef enum { SHOW_TITLE, SHOW_REVISION, SHOW_KEY, SHOW_BRIEF } ColumnShow;

typedef struct {
        size_t index; /* of the field in its query */
        const char *title;
        const char *link;   /* template of the anchor its count leads to, or NULL */
        const char *report; /* the report that holds the anchor, or NULL for this one */
        bool heading;       /* heads its row */
        ColumnShow show;
        bool quiet; /* dimmed where it says the same as in the row before */
} ColumnDef;

/* Only rows where the field has one of the values. */
typedef struct {
        size_t index;
        json_t *values;
} FilterDef;

/* A chart of the rows: its bars by one field, its parts by numbers. */
typedef struct {
        const char *title;
        size_t label;                          /* index of the field */
        size_t series[REPORT_SERIES_MAX];      /* of fields */
        const char *titles[REPORT_SERIES_MAX]; /* those of their columns */
        size_t n;                              /* 0: there is no chart */
} ChartDef;

typedef struct {
        const char *id;
        const QueryDef *query;
        const char *caption;
        const char *empty;       /* said when there is no row; without it such a table is left out */
        const char *text;        /* above the table, or NULL */
        const char *anchor;      /* template of the anchor of a row, or NULL */
        const char *group_title; /* template, or NULL */
        GArray *columns;         /* of ColumnDef */
        GArray *filters;         /* of FilterDef */
        ChartDef chart;
        GArray *group; /* of size_t, indices of fields: rows that agree in them stand together */
        gint64 limit;  /* most rows; 0: all */
} TableDef;

typedef struct SectionDef SectionDef;
struct SectionDef {
        const char *id, *title; /* templates over the row of `each` */
        const QueryDef *each;   /* repeated for each of its rows, or NULL; its first field is an item */
        json_t *texts;          /* array of texts, or NULL */
        const char *drawing;    /* caption of the zone and conduit drawing, which stands here; or NULL */
        bool bowties;           /* the bow-tie of each hazard and scenario stands here */
        GPtrArray *tables;      /* of TableDef */
        GPtrArray *sections;    /* of SectionDef */
};

typedef struct {
        const char *type, *title, *summary;
        bool period;         /* is about a period, too */
        bool contents;       /* begins with a list of its sections */
        bool whole;          /* holds of a whole project only: sums over a part would say too little */
        bool index;          /* has a table of the items it names, to which their keys lead */
        bool drawing;        /* has the zone and conduit drawing */
        GPtrArray *sections; /* of SectionDef */
        json_t *json;        /* owns all texts */
} ReportDefinition;

/* Reads one definition; an error names the place by its JSON pointer, and near names. Errors: INPUT. */
ReportDefinition *report_definition_read(json_t *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void report_definition_free(ReportDefinition *definition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ReportDefinition, report_definition_free)

/* The built-in definitions, by type. */
extern const char *const report_sources[];
extern const size_t report_sources_count;
ReportDefinition *report_definition_of_source(size_t source);
/* Errors: NAME_UNKNOWN, with near names. */
ReportDefinition *report_definition_load(const char *type, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
