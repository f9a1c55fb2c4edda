/* The assertions of one source about products: which of them a vulnerability affects, which not. Read from the normalized JSON
 * that the reader of a format makes and the store keeps (docs/formats/csaf.md, section assertions), so that foreign bytes are
 * parsed once. An Advisory owns its text; what it gives is borrowed from it. Immutable; thread-safe. */
#ifndef VULN_ADVISORY_H
#define VULN_ADVISORY_H

#include "base/error.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/jdoc.h"

typedef struct Advisory Advisory;

/* Texts are NULL when absent; lists are arrays of texts, or of type JVAL_NONE. */
typedef struct {
        const char *name; /* as the source writes it */
        const char *vendor, *family, *product, *version, *range, *cpe;
        JVal purls, models, serials, skus, hashes;
        const char *relation; /* how two products make this one, or NULL */
        int of, on;           /* those two; -1 when it is none of two */
} AdvisoryProduct;

typedef enum {
        STATUS_FIRST_AFFECTED,
        STATUS_KNOWN_AFFECTED,
        STATUS_LAST_AFFECTED,
        STATUS_FIRST_FIXED,
        STATUS_FIXED,
        STATUS_KNOWN_NOT_AFFECTED,
        STATUS_UNDER_INVESTIGATION,
        ZW_STATUS_COUNT
} AdvisoryStatus;

/* Errors: INPUT with the place; LIMIT. */
Advisory *advisory_load(GBytes *json, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void advisory_free(Advisory *advisory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Advisory, advisory_free)

const char *advisory_label(const Advisory *advisory); /* `csaf:ICSA-24-046-11` */
const char *advisory_title(const Advisory *advisory); /* "" when it has none */
const char *advisory_publisher(const Advisory *advisory);
/* The publisher is a vendor, and may speak as the supplier of its own products. */
bool advisory_is_vendor(const Advisory *advisory);
Instant advisory_released(const Advisory *advisory); /* 0 when it is not told */

size_t advisory_product_count(const Advisory *advisory);
const AdvisoryProduct *advisory_product(const Advisory *advisory, size_t product);

size_t advisory_vulnerability_count(const Advisory *advisory);
const char *advisory_vulnerability_id(const Advisory *advisory, size_t vulnerability);
const char *advisory_vulnerability_title(const Advisory *advisory, size_t vulnerability); /* or NULL */
const char *advisory_status_name(AdvisoryStatus status);
/* Numbers of the products in a status; *ret_n of them. */
const int *advisory_status(const Advisory *advisory, size_t vulnerability, AdvisoryStatus status,
                           size_t *ret_n);

/* The best score for a product: the newest version of CVSS, then the highest. False when there is none. Texts may be NULL. */
typedef struct {
        const char *vector, *score, *severity;
} AdvisoryScore;
bool advisory_score(const Advisory *advisory, size_t vulnerability, int product, AdvisoryScore *ret_score);
/* What the source advises for a product, fixes first, one line each; NULL when it says nothing. Free it. */
char *advisory_remediation(const Advisory *advisory, size_t vulnerability, int product);
/* Why the source says that a product is not affected, or NULL. */
const char *advisory_justification(const Advisory *advisory, size_t vulnerability, int product);
/* How many products all its scores, remediations, flags and threats name. */
uint64_t advisory_speaking_count(const Advisory *advisory, size_t vulnerability);
/* SHA-256 of all that the source says of a vulnerability and of the products it names, whenever it was released. */
Digest advisory_content(const Advisory *advisory, size_t vulnerability);
/* CWE names, an array of texts. */
JVal advisory_cwes(const Advisory *advisory, size_t vulnerability);

#endif
