/* The one structured log writer (lines on stderr: time, level, event, fields; logfmt or JSON). Only service, http and
 * main log above debug. Values from outside are escaped: no raw line break or control character reaches the
 * log. Secrets are never passed here. Thread-safe: one write(2) per line. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <glib.h>
#include <stdbool.h>

typedef enum { LOG_DEBUG_, LOG_INFO_, LOG_WARNING_, LOG_ERROR_ } LogLevel;

typedef enum { LOG_LOGFMT, LOG_JSON } LogFormat;

enum { ZW_LOG_REQUEST = 33 };

/* How lines are written, and from which level on; LOG_INFO_ and LOG_LOGFMT until it is said. */
void log_configure(LogLevel least, LogFormat format);

/* The request or job this thread works for: all it logs carries the id as field `request`. NULL ends that. Ids are cut to
 * ZW_LOG_REQUEST - 1 bytes. */
void log_set_request(const char *id);
/* The id set last, "" for none; valid until the next call. */
const char *log_request(void);

/* Pairs of key and text, ended by NULL: log_event(LOG_INFO_, "commit", "project", key, "seq", seq_text,
 * NULL). A value of more than 1024 bytes is cut; NULL cannot be one. */
void log_event(LogLevel level, const char *event, ...) __attribute__((sentinel));

#endif
