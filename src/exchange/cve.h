/* Inside the reader of CVE records: a record as assertions (cve_feed.c). */
#ifndef EXCHANGE_CVE_H
#define EXCHANGE_CVE_H

#include "exchange/format.h"

/* Gives the record, whose id was checked, as an operation of a feed. */
void cve_feed(JVal root, Sink *sink);

#endif
