/* CPE names: the formatted string (`cpe:2.3:a:vendor:product:...`) and the older URI (`cpe:/a:vendor:product`), read into
 * eleven attributes, and compared as NISTIR 7695 and 7696 define it. Pure functions; a Cpe is owned by its holder. */
#ifndef VULN_CPE_H
#define VULN_CPE_H

#include "base/error.h"

typedef enum {
        CPE_PART,
        CPE_VENDOR,
        CPE_PRODUCT,
        CPE_VERSION,
        CPE_UPDATE,
        CPE_EDITION,
        CPE_LANGUAGE,
        CPE_SW_EDITION,
        CPE_TARGET_SW,
        CPE_TARGET_HW,
        CPE_OTHER,
        ZW_CPE_ATTRS
} CpeAttr;

/* The values are those of the formatted string, in lower case: `*` is ANY, `-` is NA, else a text in which everything but
 * letters, digits and `_ - .` has a backslash, and `*` and `?` without one are wildcards. */
typedef struct {
        char *value[ZW_CPE_ATTRS];
} Cpe;

typedef enum { CPE_DISJOINT, CPE_EQUAL, CPE_SUBSET, CPE_SUPERSET, CPE_UNDEFINED } CpeRelation;

void cpe_clear(Cpe *cpe);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Cpe, cpe_clear)

/* Errors: INPUT, which attribute is wrong. *ret_cpe is set on success only. */
bool cpe_parse(const char *text, Cpe *ret_cpe, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The formatted string; free it. */
char *cpe_format(const Cpe *cpe);
/* The value of an attribute without backslashes, `_` as a blank; NULL for ANY and NA. Free it. */
char *cpe_words(const Cpe *cpe, CpeAttr attr);
/* The value without backslashes, as it was; NULL for ANY and NA. Free it. */
char *cpe_plain(const Cpe *cpe, CpeAttr attr);
bool cpe_is_any(const Cpe *cpe, CpeAttr attr);
bool cpe_is_na(const Cpe *cpe, CpeAttr attr);

/* How the source value relates to the target value (NISTIR 7696, table 6-2): UNDEFINED when the target has wildcards. */
CpeRelation cpe_compare_values(const char *source, const char *target);
/* Of whole names: EQUAL, SUPERSET or SUBSET when every pair is that or EQUAL; DISJOINT when one pair is; else UNDEFINED. */
CpeRelation cpe_compare(const Cpe *source, const Cpe *target);

/* The names may mean the same thing: no pair of attributes says otherwise. The attributes of `but` (bits 1 << CpeAttr)
 * are left out. A target with wildcards fits a source that is ANY or the same text, which 7696 leaves undefined. */
bool cpe_fits(const Cpe *source, const Cpe *target, unsigned but);

#endif
