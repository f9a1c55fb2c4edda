/* Content of items: files by their SHA-256, put by the use case `attachment.put` and read here. Thread-safe. */
#ifndef SERVICE_ATTACHMENTS_H
#define SERVICE_ATTACHMENTS_H

#include "service/service.h"

/* Opens content that an item of the project has or had attached; `input` names the project as in service_call and has the
 * member `sha256`. Free the texts. Errors: NOT_FOUND, and those of service_call. */
int attachment_open(Service *service, const Caller *caller, const json_t *input, char **ret_name,
                    char **ret_media, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
