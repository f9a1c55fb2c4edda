/* What asking and downloading share. */
#ifndef SERVICE_RUNNING_OUTBOUND_INTERNAL_H
#define SERVICE_RUNNING_OUTBOUND_INTERNAL_H

#include "service/running/outbound.h"

#include <curl/curl.h>

/* A handle that asks a URL once it was judged: at the addresses that were judged, or through the proxy. Only what is the same for
 * every request is set. */
typedef struct {
        CURL *curl;
        struct curl_slist *resolved;
} OutboundHandle;
void outbound_handle_clear(OutboundHandle *handle);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OutboundHandle, outbound_handle_clear)
bool outbound_handle(const Outbound *outbound, const char *url, OutboundHandle *ret_handle, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The same of a mail server, which no proxy is asked for. */
bool outbound_handle_mail(const Outbound *outbound, const char *url, OutboundHandle *ret_handle,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool outbound_closed_allowed(const Outbound *outbound);

/* Header fields as the library takes them; wiped at their end, since they may hold a secret. */
struct curl_slist *outbound_fields(const char *const *texts);
void outbound_fields_free(struct curl_slist *list);

#endif
