/* What a supervisor is told (systemd's protocol: datagrams to the socket that NOTIFY_SOCKET names). Without one nothing is
 * sent. For the thread that runs the server. */
#ifndef HTTP_NOTIFY_H
#define HTTP_NOTIFY_H

#include <glib.h>
#include <stdbool.h>

/* Sends assignments such as `READY=1`, one a line. False when there is nobody or it could not be told. */
bool notify_send(const char *assignments);
/* `RELOADING=1` with the time it began. */
void notify_reloading(void);
/* Seconds after which a supervisor that hears no `WATCHDOG=1` takes the process for stuck; 0 when there is none. */
unsigned notify_watchdog_seconds(void);

#endif
