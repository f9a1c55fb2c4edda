/* Inside readers of vulnerability feeds: records as operations for `zw feed import`. A record is what one source says of one
 * thing: assertions about products in the form that advisories are kept in (docs/formats/csaf.md), or facts of its own.
 *
 *     {"op":"feed","source":"nvd","id":"CVE-2024-1","modified":"2024-01-03T00:00:00Z","body":{…}}
 *     {"op":"feed_end","source":"nvd","declared":2,"held":1}    how many there are at the source, where the file says so
 */
#ifndef EXCHANGE_FEED_H
#define EXCHANGE_FEED_H

#include "exchange/format.h"

/* Assertions without products and with one vulnerability, `id`. Texts but `source` and `id` may be NULL. */
json_t *feed_assertions_new(const char *source, const char *id, const char *publisher, const char *title,
                            const char *modified);
/* Appends a product (stolen) and gives its number. */
int feed_product_add(json_t *assertions, json_t *product);
/* A product of the assertions has this status: known_affected or known_not_affected. */
void feed_status_add(json_t *assertions, const char *status, int product);
void feed_cwe_add(json_t *assertions, const char *cwe);
/* A score for all products there are: `data` is a CVSS object with version, vectorString, baseScore and baseSeverity. To be called
 * when they are there. */
void feed_score_add(json_t *assertions, JVal data);
/* The stretch between two bounds as a range of versions, NULL for open sides; NULL when both are. Free it. */
char *feed_range(const char *from, bool from_inside, const char *to, bool to_inside);

/* One record; `body` is stolen. `modified` may be NULL. */
void feed_record(Sink *sink, const char *source, const char *id, const char *modified, json_t *body);
void feed_end(Sink *sink, const char *source, int64_t declared, int64_t held);

#endif
