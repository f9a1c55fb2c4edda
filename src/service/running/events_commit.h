/* A commit as those hear of it who are told: {"project","seq","author","time","keys"}. Inside service/ only. */
#ifndef SERVICE_RUNNING_EVENTS_COMMIT_H
#define SERVICE_RUNNING_EVENTS_COMMIT_H

#include "service/internal.h"

enum { ZW_EVENT_KEYS_MAX = 100, ZW_EVENT_BYTES_MAX = 64 * 1024 };

/* Free it. More than ZW_EVENT_KEYS_MAX keys of items it touched are cut, and "more" says so. */
char *commit_event(StoreView *view, const StoreProject *project, Seq seq, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
