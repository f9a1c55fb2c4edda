/* Matching the products of advisories to what is installed (docs/algorithms/matching.md).
 *
 * What is installed is put into an index, by which the candidates of a product are looked up: names, CPE, package URL, part,
 * serial and hash. Each pair is then judged: what identifies it, and whether its version is inside. A product of two (firmware
 * on hardware) matches where both match things that belong together. An index is built by one thread and then read by any. */
#ifndef VULN_MATCH_H
#define VULN_MATCH_H

#include "vuln/advisory.h"

/* Something installed or planned: a component, or an asset as an instance of one with a version or serial number of its own.
 * Texts may be NULL. */
typedef struct {
        const char *vendor, *product, *version, *part_number, *serial, *cpe, *purl;
        const char *const *hashes; /* `algorithm:hex`, ended by NULL; or NULL */
} MatchSubject;

typedef struct MatchIndex MatchIndex;

MatchIndex *match_index_new(void);
void match_index_free(MatchIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MatchIndex, match_index_free)
/* Before anything is added: of what has no key that some advisory has, the index keeps no more than its number and what it is within, since
 * no advisory can mean it. `known` tells whether one has a key, and is asked for every key there is; it may be wrong in saying so. Without
 * it everything is kept. */
typedef bool (*MatchKnownFn)(const char *key, void *payload);
void match_index_ask(MatchIndex *index, MatchKnownFn known, void *payload);
/* Copies the subject; its number counts from 0. */
uint32_t match_index_add(MatchIndex *index, const MatchSubject *subject);
/* `part` is within `whole`: a component of a bill of materials, or what is installed on an asset. */
void match_index_put_within(MatchIndex *index, uint32_t part, uint32_t whole);
/* Orders it for look-up; nothing is added afterwards. */
void match_index_finish(MatchIndex *index);

/* Texts by which an advisory, or anything that is installed, is looked up (GPtrArray of texts that it owns; some may be twice).
 * An advisory can concern something only where they share one. The feed database keeps those of its records: when other names
 * fold to one key, its version has to rise (store/sqlite/feeds_open.c). */
GPtrArray *match_advisory_keys(const Advisory *advisory);
GPtrArray *match_index_keys(const MatchIndex *index);
GPtrArray *match_subject_keys(const MatchSubject *subject);
/* The key of each vulnerability that an advisory speaks of: the id follows. Nothing that is installed has one. */
#define ZW_MATCH_VULNERABILITY "i "
/* The key of everything that an advisory says of products of a vendor, in any of the spellings that are one name: it begins
 * with ZW_MATCH_VENDOR, and the folded name follows. NULL when the text names none. Free it. */
#define ZW_MATCH_VENDOR "v "
char *match_vendor_key(const char *vendor);
/* The key of a record that says of a vulnerability that it is exploited: the id follows. */
#define ZW_MATCH_EXPLOITED "x "
/* Whether a product is of the vendor with that key, and whether two such keys are spelled almost the same. */
bool match_product_is_of(const AdvisoryProduct *product, const char *key);
bool match_vendor_is_near(const char *key, const char *other);

typedef enum { MATCH_NONE, MATCH_POSSIBLE, MATCH_PROBABLE, MATCH_EXACT } MatchConfidence;
const char *match_confidence_name(MatchConfidence confidence); /* `probable`; NULL for NONE */

/* What an advisory says of one vulnerability on one subject. One of `affected` and `cleared` is not NONE. */
typedef struct {
        size_t vulnerability;
        uint32_t subject;
        int product; /* of the advisory, on which this rests */
        MatchConfidence affected;
        MatchConfidence cleared; /* it says that this very version is fixed or not affected */
        bool undecided;          /* possible only because something cannot be decided */
        bool supplier;           /* the advisory is from the supplier of the product */
        char *reason;
} Match;

/* All there is to say, by vulnerability and subject (GArray of Match). Errors: LIMIT, it would take more steps than any real
 * advisory. */
GArray *match_advisory(const MatchIndex *index, const Advisory *advisory, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
