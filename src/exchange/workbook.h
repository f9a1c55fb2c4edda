/* What the sheets of an Office Open XML workbook refer to: their names and parts, shared strings, and which styles show a
 * number as a date. Not thread-safe. */
#ifndef EXCHANGE_WORKBOOK_H
#define EXCHANGE_WORKBOOK_H

#include "exchange/xml.h"

enum { WORKBOOK_TEXT_MAX = 1 << 20, WORKBOOK_SHEETS_MAX = 1000, WORKBOOK_ELEMENTS_MAX = 64000000 };

typedef struct {
        char *name;
        GBytes *part;
        bool hidden; /* from who looks at the workbook */
} WorkbookSheet;

typedef struct {
        GArray *sheets;     /* of WorkbookSheet, in their order */
        GPtrArray *strings; /* of char * */
        GArray *dates;      /* bool per cell style */
        bool since_1904;
        size_t depth_max;
} Workbook;

/* Errors: those of zip.h and xml.h, with the part in front of the place; INPUT for parts that are missing. */
Workbook *workbook_read(GBytes *bytes, size_t depth_max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void workbook_free(Workbook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Workbook, workbook_free)

/* After OPEN of `si` or `is`: its text, of all runs, without phonetic hints. */
bool workbook_rich_text(Xml *xml, char **ret_text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A number cell as text: a date or time as in ISO 8601 when the style shows it so, else with the digits that count. */
char *workbook_number_text(const Workbook *book, const char *value, size_t style);

#endif
