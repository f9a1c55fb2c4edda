/* Mail about what waits for people: a digest a day, of each person's own work, to an address that follows from the login name. By the
 * settings mail.*. Thread-safe. */
#ifndef SERVICE_OPERATIONS_MAIL_H
#define SERVICE_OPERATIONS_MAIL_H

#include "service/service.h"

/* Whether the settings mail.* hold. Errors: INPUT with the name of the setting. */
bool mail_settings_check(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Begins the digest of the day as a job, if mail is sent at all, its hour has come and it was not begun today, here or on another server that shares the
 * store. Errors: those of the
 * store and of jobs. */
bool mail_digest_due(Service *service, const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
