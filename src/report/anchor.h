/* Names of places inside a report, to which counts and keys lead: letters, digits, `-`, `_`, `.`; every other byte as ~ and
 * two hex digits, so that different texts make different anchors. Pure functions. */
#ifndef REPORT_ANCHOR_H
#define REPORT_ANCHOR_H

#include <glib.h>

void anchor_append(GString *anchor, const char *text);

/* The address of an anchor: `#anchor`, or `report.html#anchor` in another report. Free it. */
char *anchor_url(const char *report, const char *anchor);
/* The address of an item in the index of the report. Free it. */
char *anchor_item_url(const char *key);

#endif
