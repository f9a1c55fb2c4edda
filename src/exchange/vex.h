/* What is said of findings, as Vulnerability Exploitability eXchange: statements in one shape of our own, written as documents of a
 * format and read from them. Pure functions over JSON; the answers are the caller's. The same statements are the same bytes.
 *
 * A statement is {"finding","title","vulnerability","state","rationale","remediation","fix","time","products":[...]}; a product is
 * {"id","key","title","vendor","product","version","part_number","purl","cpe"}, or has a `range` of versions in place of the one. What is
 * not known is left out or null. Of a document from elsewhere a statement has no finding, and its products have no key.
 *
 * No format knows all our states: the text of a statement begins with the state, `accepted: the rationale`, so that nothing is lost
 * on the way back (docs/formats/vex.md). */
#ifndef EXCHANGE_VEX_H
#define EXCHANGE_VEX_H

#include "base/instant.h"
#include "base/jread.h"

#include <stdint.h>

typedef enum {
        VEX_OPENVEX,
        VEX_CSAF,
        VEX_CYCLONEDX,
        VEX_FORMATS,
} VexFormat;

typedef struct {
        const char *project, *title; /* key and title of the project that speaks */
        uint64_t commit;             /* the version of the document */
        Instant time;
        const json_t *statements;
        json_t *lost; /* appended to: {"where": finding, "what"} for what the format cannot say */
} VexDocument;

/* Errors: NAME_UNKNOWN with the near names. */
bool vex_format_find(const char *name, VexFormat *ret_format, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *vex_format_name(VexFormat format);
json_t *vex_write(VexFormat format, const VexDocument *document);

/* The status by which a state is published: one of the four of VEX. A state of a project's own is under_investigation. */
const char *vex_status(const char *state);
/* `state: rationale`, or the state alone; free it. */
char *vex_note(const json_t *statement);
/* What is to be read where a status needs a reason: the rationale, else for what is affected the remediation, else that there is
 * none; borrowed. */
const char *vex_reason(const json_t *statement);
/* The justification that a rationale begins with, `component_not_present: why`, or NULL. */
const char *vex_justification(const json_t *statement);

/* The package URL by which a product is known that has none of its own: vendor, product, version and order number as
 * `pkg:generic`; NULL without a product. Free it. */
char *vex_generic_purl(const json_t *product);

/* Tells what of a statement is lost. */
void vex_lose(const VexDocument *document, const json_t *statement, const char *format, ...)
        G_GNUC_PRINTF(3, 4);

json_t *vex_write_openvex(const VexDocument *document);
json_t *vex_write_csaf(const VexDocument *document);
json_t *vex_write_cyclonedx(const VexDocument *document);

/* ---- the way back ---- */

/* Statements of a document of any of the formats, ours or another's: {"where","vulnerability","status","state","rationale","products":
 * [{"key","purl","cpe"}]}. `status` is one of the four; `state` is there only where the document says which of ours it is. What is
 * no statement about a vulnerability is left out. Errors: INPUT, it is of none of the formats. */
json_t *vex_read(const json_t *document, GError **error) G_GNUC_WARN_UNUSED_RESULT;

json_t *vex_read_openvex(const json_t *document);
json_t *vex_read_csaf(const json_t *document);
json_t *vex_read_cyclonedx(const json_t *document);

/* Adds a statement; `note` is the text that may begin with a state, `label` and `text` the justification and the reason that count
 * where it does not. All three may be NULL. The products stay the caller's. */
void vex_statement_add(json_t *statements, const json_t *read, const char *note, const char *label,
                       const char *text);
/* A product as it is read; any may be NULL. `id` gives the key where it is one of ours. */
json_t *vex_product_read(const char *id, const char *purl, const char *cpe);

#endif
