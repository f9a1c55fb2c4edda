/* Foreign files, read in the sandboxed worker within limits that grow with their size. Inside service/ only. Thread-safe. */
#ifndef SERVICE_INTERCHANGE_READING_H
#define SERVICE_INTERCHANGE_READING_H

#include "exchange/worker.h"
#include "service/service.h"

/* Reads a file whose descriptor stays where it is. `format` and `profile` may be NULL. Errors: those of worker_read,
 * with the name of the file in front of the place. */
WorkerResult *reading_run(const ServiceFile *file, const char *format, const json_t *profile,
                          bool figures_only, Progress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same with the operations as lines, for worker_each_op. */
WorkerResult *reading_run_lines(const ServiceFile *file, const char *format, const json_t *profile,
                                Progress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, but each operation is given to `take`, and none is kept. */
WorkerResult *reading_run_each(const ServiceFile *file, const char *format, Progress *progress,
                               WorkerOpFn take, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The members `format` (a name, borrowed) and `profile` (an object, the same as JSON text, or the name of one that comes
 * with the program) of the
 * input, or NULL. Errors: USAGE, another type; NAME_UNKNOWN, no such format or profile, with near names. */
bool reading_options(const json_t *input, const char **ret_format, json_t **ret_profile, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
