/* What scanners found, as findings. Inside service/ only. */
#ifndef SERVICE_INTERCHANGE_SCAN_H
#define SERVICE_INTERCHANGE_SCAN_H

#include "base/error.h"
#include "base/jread.h"
#include "store/store.h"

/* An operation `scan` of a reader. */
bool scan_is(const json_t *op);

/* A step of an import, after advisories were matched: takes the operations `scan` of readers (exchange/device.h) out and appends
 * what they say of findings. One scan of an asset and a vulnerability goes to the finding that is there for that asset, or for a
 * product it is an instance of, else to a new one. Where the asset of the scan stands in no place and one that does has the same
 * serial number or address, the finding concerns that one, since there it counts. Sources and lines of the reason of the same
 * scanner are replaced, others stay; of a finding that an advisory or a person made nothing else is touched, nor is any state.
 * Errors: those of the store. */
bool scans_take(StoreView *view, const Id *log, const json_t *ops, json_t **ret_ops, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
