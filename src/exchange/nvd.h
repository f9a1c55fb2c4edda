/* Inside the reader of the NVD: an item as assertions (nvd_feed.c). */
#ifndef EXCHANGE_NVD_H
#define EXCHANGE_NVD_H

#include "exchange/format.h"

/* Gives the item, whose id was checked, as an operation of a feed. */
void nvd_feed(JVal cve, Sink *sink);

#endif
