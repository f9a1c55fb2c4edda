/* What log lines of requests share: an id per request, and times. */
#ifndef HTTP_NOTE_H
#define HTTP_NOTE_H

#include <glib.h>

enum { NOTE_ID = 17, NOTE_MS = 24 };

/* A random id of a request, in hex, for the log and the answer. */
void note_id(char *ret_text);
/* Microseconds as milliseconds with three decimals. */
void note_ms(gint64 microseconds, char *ret_text);

#endif
