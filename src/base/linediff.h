/* What differs between two texts, line by line: the shortest edit (Myers 1986, the greedy algorithm), or all of what differs as one block
 * when there are more than LINEDIFF_EDITS_MAX edits. Pure functions. */
#ifndef BASE_LINEDIFF_H
#define BASE_LINEDIFF_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum { LINEDIFF_EDITS_MAX = 2000 };

typedef enum { LINE_SAME, LINE_GONE, LINE_NEW } LineChange;
const char *line_change_name(LineChange change); /* same, gone, new */

typedef struct {
        LineChange change;
        guint before, after; /* number of the line in each text, from 1; 0 where it is not in it */
        const char *text;    /* borrowed, without the end of the line */
        size_t n;
} LineDiff;

/* Of LineDiff, all lines of both. Lines end with LF or CR LF; one at the end of a text without it is a line. */
GArray *linediff(const char *before, size_t n_before, const char *after, size_t n_after);

#endif
