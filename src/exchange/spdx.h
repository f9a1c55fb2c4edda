/* Packages and relationships of an SPDX document as components, whatever form they were read from. Not thread-safe. */
#ifndef EXCHANGE_SPDX_H
#define EXCHANGE_SPDX_H

#include "exchange/tell.h"
#include "exchange/xtree.h"

typedef struct {
        Tell tell;
        GPtrArray *edges; /* texts: part, whole, ... of what is told at the end */
        size_t others;    /* relationships that say nothing of parts */
} Spdx;

/* `name` is that of the document, by which a newer one of it is known; NULL: the file's is taken. */
Spdx spdx_init(Sink *sink, const char *name, const char *file);
void spdx_clear(Spdx *spdx);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Spdx, spdx_clear)

/* Texts are borrowed, and NULL when not told; NOASSERTION and NONE are nothing. */
typedef struct {
        const char *id, *name, *version, *supplier, *originator, *purpose, *body;
        char *purl, *cpe;             /* owned, of the references */
        GPtrArray *licences, *hashes; /* texts, owned */
} SpdxPackage;

SpdxPackage spdx_package_init(void);
void spdx_package_clear(SpdxPackage *package);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpdxPackage, spdx_package_clear)
/* `type` is `purl`, `cpe22Type`, `cpe23Type` or another, which is left out; the first of each counts. */
void spdx_package_refer(SpdxPackage *package, const char *type, const char *locator);
void spdx_package_add_licence(SpdxPackage *package, const char *licence);
void spdx_package_add_hash(SpdxPackage *package, const char *algorithm, const char *hex);
/* A package without an identifier or a name is refused. */
void spdx_tell_package(Spdx *spdx, const char *where, const SpdxPackage *package);

/* What one element has to do with another, in words of version 2 or 3. */
void spdx_relate(Spdx *spdx, const char *from, const char *type, const char *to);
/* The links, and what is lost. */
void spdx_finish(Spdx *spdx);

/* The forms (spdx_forms.c). */
void spdx_tell_json_2(JVal root, Sink *sink, const char *file);
void spdx_tell_json_3(JVal root, Sink *sink, const char *file);
void spdx_tell_xml(const XNode *root, Sink *sink, const char *file);
void spdx_tell_tags(GBytes *bytes, Sink *sink, const char *file);

#endif
