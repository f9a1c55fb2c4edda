/* Package URLs: `pkg:type/namespace/name@version?qualifiers#subpath`, read, written in their canonical form, and
 * compared. Pure functions; a Purl is owned by its holder. */
#ifndef VULN_PURL_H
#define VULN_PURL_H

#include "base/error.h"

typedef struct {
        char *type, *name;
        char *namespace;       /* segments joined by `/`, decoded; or NULL */
        char *version;         /* decoded, or NULL */
        char *subpath;         /* decoded, or NULL */
        char **keys, **values; /* qualifiers sorted by key, both ended by NULL; NULL when there are none */
} Purl;

void purl_clear(Purl *purl);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Purl, purl_clear)

/* Upper case in type and keys is taken as lower case; namespace and name are made lower case where their type says so.
 * Errors: INPUT, which part is wrong. *ret_purl is set on success only. */
bool purl_parse(const char *text, Purl *ret_purl, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The canonical form; free it. */
char *purl_format(const Purl *purl);
/* The value of a qualifier, or NULL. */
const char *purl_qualifier(const Purl *purl, const char *key);
/* Type, namespace and name, as one text by which packages are looked up; free it. */
char *purl_package(const Purl *purl);
/* The version with the epoch that some types keep in a qualifier, or NULL; free it. */
char *purl_full_version(const Purl *purl);

#endif
