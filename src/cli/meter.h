/* The line on a terminal that shows how far long work is. It is on stderr, replaced in place, and gone when the work is
 * done; where stderr is no terminal there is none. Not thread-safe, but that the work may be on another thread. */
#ifndef CLI_METER_H
#define CLI_METER_H

#include "base/progress.h"

typedef struct {
        Progress progress;
        bool shown;
} Meter;

/* Gives what is handed to the work, NULL when nothing is to be shown. */
Progress *meter_begin(Meter *meter, bool quiet);
void meter_end(Meter *meter);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Meter, meter_end)

/* The text of the line. Free it. */
char *meter_text(const ProgressState *state);

#endif
