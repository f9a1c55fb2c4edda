/* The one structured log writer (logfmt lines on stderr: time, level, event, fields). Only service, http and main log
 * above debug. Values from outside are escaped: no raw line break or control character reaches the log. Secrets are
 * never passed here. Thread-safe: one write(2) per line. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

typedef enum { LOG_DEBUG_, LOG_INFO_, LOG_WARNING_, LOG_ERROR_ } LogLevel;

void log_set_level(LogLevel least);
/* Pairs of key and text, ended by NULL: log_event(LOG_INFO_, "commit", "project", key, "seq", seq_text, NULL). */
void log_event(LogLevel level, const char *event, ...) __attribute__((sentinel));

#endif
