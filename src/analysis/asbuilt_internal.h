/* Inside analysis/ only: the parts of asbuilt.c. */
#ifndef ANALYSIS_ASBUILT_INTERNAL_H
#define ANALYSIS_ASBUILT_INTERNAL_H

#include "analysis/asbuilt.h"
#include "model/device.h"

/* Which assets of the case what was seen is the same as (asbuilt_pair.c). */
typedef struct AsBuiltPairs AsBuiltPairs;

AsBuiltPairs *asbuilt_pairs_new(GraphView view, const LintOrigins *origins);
void asbuilt_pairs_free(AsBuiltPairs *pairs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AsBuiltPairs, asbuilt_pairs_free)

/* An inventory lists it. */
bool asbuilt_is_seen(const AsBuiltPairs *pairs, ItemNo asset);
/* The asset of the case that is the same thing: itself where it stands in a place, else one that is linked to it, has the same
 * serial number, interface, address, name on the network or title; ZW_ITEM_NONE for none, or several. */
ItemNo asbuilt_counterpart(const AsBuiltPairs *pairs, ItemNo seen);
/* Something by which it could be seen: an address, a name on the network, a serial number. */
bool asbuilt_has_marks(GraphView view, ItemNo asset);
/* Calls for each mark of an asset. */
typedef void (*AsBuiltMarkFn)(DeviceMark by, const char *mark, void *data);
void asbuilt_each_mark(GraphView view, ItemNo asset, AsBuiltMarkFn fn, void *data);

/* A network of a list of names and prefixes fits one of an asset's networks or addresses (asbuilt_network.c). */
bool asbuilt_network_fits(Facts place, Facts asset);
/* A protocol as a conduit names it (`Modbus/TCP`, `tcp/502`, `HTTPS 443`) is that of a service (`tcp/502 mbap`). */
bool asbuilt_protocol_fits(const char *protocol, size_t n, const char *service);
/* The number of the port of a service, or -1. */
int asbuilt_port(const char *service);

#endif
