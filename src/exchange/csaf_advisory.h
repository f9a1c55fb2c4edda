/* A security advisory of a supplier as CSAF 2.0 (profile csaf_security_advisory), made of statements about its products (vex.h). Of a
 * statement it also takes `cvss` (a vector), `cwes`, `discovered` (a time) and `url` (where the update is). The same advisory is the
 * same bytes. Whether the document keeps the mandatory tests is for the reader to say. */
#ifndef EXCHANGE_CSAF_ADVISORY_H
#define EXCHANGE_CSAF_ADVISORY_H

#include "exchange/vex.h"

typedef struct {
        const char *id, *title;
        const char *summary, *url; /* or NULL */
        const char *publisher, *namespace;
        bool final;               /* else a draft */
        const json_t *revisions;  /* [{"date","number","summary"}], oldest first, one at least */
        const json_t *statements; /* one at least */
        json_t *lost;             /* appended to, as of a VexDocument */
} CsafAdvisory;

json_t *csaf_advisory_write(const CsafAdvisory *advisory);

/* The name that the file of the document with this tracking id must have. Free it. */
char *csaf_advisory_file(const char *id);

/* Whether `url` is an absolute URI, as CSAF demands of addresses. Errors: INPUT at `where`. */
bool csaf_advisory_url_check(const char *url, const char *where, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
