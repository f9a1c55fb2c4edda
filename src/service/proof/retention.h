/* How long what is signed is kept (docs/retention.md): ten years from the last signature, unless the project's setting
 * `retention_years` says otherwise. Inside service/ only. */
#ifndef SERVICE_PROOF_RETENTION_H
#define SERVICE_PROOF_RETENTION_H

#include "service/internal.h"

#define ZW_RETENTION_SETTING "retention_years"
enum { ZW_RETENTION_YEARS = 10, ZW_RETENTION_YEARS_MAX = 100 };

/* Refuses to let a log go before its time. Errors: STATE, something in it is signed and still to be kept. */
bool retention_check(StoreView *view, const StoreProject *project, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the setting may be given this value: once something is signed it only grows. Errors: INPUT; STATE. */
bool retention_setting_check(StoreView *view, const Id *log, const json_t *value, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
