/* News for who listens: commits of the projects they may read, and how their jobs get on. A thread of its own follows the log
 * when it is woken; it asks at each commit whether a listener may still see the project. Each commit is told once and in order;
 * where a listener left off is in the id of the last event, from which it goes on later. Thread-safe but for start and stop. */
#ifndef SERVICE_RUNNING_EVENTS_H
#define SERVICE_RUNNING_EVENTS_H

#include "service/service.h"

/* Most commits of one project that are told after an absence; of more only `reset` is told: read anew. */
enum { ZW_EVENTS_BEHIND_MAX = 500 };

/* Takes an event; `id` is NULL when it moves nothing on. On the thread of the events: must not wait, and must not call
 * anything of this header. */
typedef void (*EventFn)(const char *event, const char *id, const char *data, void *payload);
typedef struct Listener Listener;

/* After webhooks_start, and to be stopped before it: webhooks are woken too. */
bool events_start(Service *service, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All listeners are gone before. */
void events_stop(Service *service);

/* Listens in one project (`project`) or in all one sees (NULL), from after the event `last` (NULL: from now on). An event
 * `hello` with the id of now comes first. Errors: NOT_FOUND, a project that the caller may not see; INPUT, no such id. */
Listener *events_listen(Service *service, const Caller *caller, const char *project, const char *last,
                        EventFn fn, void *payload, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After it returns `fn` is not called any more. */
void events_leave(Listener *listener);

/* A job is new, or further, or at its end. Never waits; does nothing without a server. */
void events_job_changed(Service *service, const Id *job);

#endif
