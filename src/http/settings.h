/* What must hold between the settings of a server before it may start, and what a running one takes anew. */
#ifndef HTTP_SETTINGS_H
#define HTTP_SETTINGS_H

#include "http/tls.h"

/* Reads them with a critical eye: the address, who may reach it without TLS, the host name, and certificate and key, which
 * are given in *ret_tls (NULL without TLS; may be NULL itself). Errors: USAGE for the address; INPUT with the name of the
 * setting; STORAGE. */
bool settings_check(const Config *config, Tls **ret_tls, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Has the log written as they say. */
void settings_apply_log(const Config *config);

#endif
