/* Webhooks: other servers that are told of a project's commits, in order, each until it was taken (docs/operations.md). A thread
 * of its own follows the log; where each webhook is, is in the store, so that a restart loses nothing and repeats one delivery
 * at most. Thread-safe but for start and stop. */
#ifndef SERVICE_RUNNING_WEBHOOKS_H
#define SERVICE_RUNNING_WEBHOOKS_H

#include "service/service.h"

enum { ZW_WEBHOOKS_MAX = 20 }; /* of a project */

/* Whether the settings outbound.* hold. Errors: INPUT. */
bool webhooks_settings_check(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool webhooks_start(Service *service, const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void webhooks_stop(Service *service);
/* Other settings from now on. Errors: INPUT; those there were stay. */
bool webhooks_configure(Service *service, const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Something is durable: looks at the log. Never waits; does nothing without a server. */
void webhooks_wake(Service *service);

#endif
