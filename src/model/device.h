/* By what two descriptions are known to mean one device: its serial number, an address, its name on the network, each brought to
 * a form in which spellings of one are equal. The order is that of their weight. Pure functions; thread-safe. */
#ifndef MODEL_DEVICE_H
#define MODEL_DEVICE_H

#include <glib.h>

typedef enum {
        DEVICE_BY_SERIAL,
        DEVICE_BY_INTERFACE,
        DEVICE_BY_ADDRESS,
        DEVICE_BY_NAME,
        ZW_DEVICE_MARKS
} DeviceMark;

/* A serial number as a mark; NULL when it has fewer than four letters and digits. Free it. */
char *device_serial_mark(const char *text, size_t n);
/* An address of an interface (aa:bb:cc:dd:ee:ff, with `-` or without), of the network, or a name; *ret_by says which. NULL for
 * what many devices have: blank, 0.0.0.0, the own machine. Free it. */
char *device_address_mark(const char *text, size_t n, DeviceMark *ret_by);

#endif
