/* The one structured log writer (logfmt lines on stderr: time, level, event, fields). Only service, http and
 * main log above debug. Values from outside are escaped: no raw line break or control character reaches the
 * log. Secrets are never passed here. Thread-safe: one write(2) per line. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <glib.h>
#include <stdbool.h>

typedef enum { LOG_DEBUG_, LOG_INFO_, LOG_WARNING_, LOG_ERROR_ } LogLevel;

/* For main, before the first thread; LOG_INFO_ until then. */
void log_set_level(LogLevel least);
/* `debug`, `info`, `warning` or `error`. Errors: INPUT. */
bool log_level_parse(const char *text, LogLevel *ret_level, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Pairs of key and text, ended by NULL: log_event(LOG_INFO_, "commit", "project", key, "seq", seq_text,
 * NULL). A value of more than 1024 bytes is cut; NULL cannot be one. */
void log_event(LogLevel level, const char *event, ...) __attribute__((sentinel));

#endif
