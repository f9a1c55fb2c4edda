/* A device as an inventory lists it: an asset with its names and addresses, and the products it is an instance of. What readers
 * of scans and of plant descriptions have in common (docs/formats/inventories.md). Not thread-safe. */
#ifndef EXCHANGE_DEVICE_H
#define EXCHANGE_DEVICE_H

#include "exchange/tell.h"

/* A product; all borrowed, and NULL when not known. */
typedef struct {
        const char *vendor, *product, *version, *part_number, *cpe;
} DeviceProduct;

typedef struct {
        char *id, *where;
        const char *title, *body, *hostname, *serial, *location, *version; /* borrowed; NULL when not known */
        GPtrArray *addresses, *networks, *services;                        /* texts, owned */
        json_t *extra;                                                     /* object of texts */
} Device;

/* `id` and `where` are taken over. */
Device device_init(char *id, char *where);
void device_clear(Device *device);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Device, device_clear)

/* A port that is open, `tcp/502 modbus`; `name` may be NULL. */
void device_add_service(Device *device, const char *protocol, const char *port, const char *name);
/* The asset; nothing when its id was told before. */
bool device_tell(Tell *tell, const Device *device);
/* A product of the device: a component, told once, whatever has it. Nothing when it has no name. */
void device_tell_product(Tell *tell, const Device *device, DeviceProduct product);
/* The same by a CPE name of either form; what is none, and an operating system family without a version, is passed over. */
void device_tell_cpe(Tell *tell, const Device *device, const char *cpe);

/* One thing that a scanner says of a device. Texts are borrowed and may be NULL but `vulnerability`, `source` and `title`. */
typedef struct {
        const char *vulnerability, *source, *title, *said, *severity, *score, *cvss, *remediation;
        const GPtrArray *cwes; /* texts */
} DeviceFinding;
/* The operation `scan`, which the service makes a finding of (service/interchange/scan.h). */
void device_tell_finding(Tell *tell, const Device *device, DeviceFinding finding);

#endif
