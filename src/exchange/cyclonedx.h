/* The parts of the CycloneDX reader. A form (JSON or XML) walks its document by the tables of cyclonedx_tables.h, says what
 * breaks a rule, and tells a Cdx what it meets: things that begin and end, and texts with a role. The Cdx makes figures
 * and operations from that and knows nothing of the form. Not thread-safe. */
#ifndef EXCHANGE_CYCLONEDX_H
#define EXCHANGE_CYCLONEDX_H

#include "exchange/cyclonedx_tables.h"
#include "exchange/format.h"

/* What no bill has that could be kept in one commit. */
enum { CDX_ARRAY_MAX = 1000000, CDX_ELEMENTS_MAX = 32000000 };

/* ---- values ---- */

/* ODD is read and listed as a problem, BAD breaks a rule. */
typedef enum { CDX_GOOD, CDX_ODD, CDX_BAD } CdxVerdict;

/* Checks a text of shape TEXT, FORM or ENUM; *ret_why (to be freed; the pointer may be
 * NULL) is set when it is not good. Other shapes are good. */
CdxVerdict cdx_check_text(const CdxValue *value, uint8_t version, const char *text, size_t n, char **ret_why);
CdxVerdict cdx_check_number(const CdxValue *value, double number, char **ret_why);
/* The same for a text of XML, which may stand for a number or a truth. */
CdxVerdict cdx_check_lexical(const CdxValue *value, uint8_t version, const char *text, char **ret_why);
/* The beginning of a text, for messages; free it. */
char *cdx_shown(const char *text, size_t n);

/* ---- references ---- */

/* Names of things and who needs whom. */
typedef struct CdxRefs CdxRefs;
enum { CDX_REF_NONE = UINT32_MAX };

CdxRefs *cdx_refs_new(void);
void cdx_refs_free(CdxRefs *refs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdxRefs, cdx_refs_free)

/* The number of a name, made when new. */
uint32_t cdx_refs_number(CdxRefs *refs, const char *name, size_t n);
/* Says that a thing has the name; false when one has it already. */
bool cdx_refs_define(CdxRefs *refs, uint32_t ref);
/* `from` is CDX_REF_NONE for the file itself, or when it is set later, by cdx_refs_from for all since `first`. */
void cdx_refs_need(CdxRefs *refs, uint32_t from, uint32_t to);
/* How many needs there are; the next one has this number. */
size_t cdx_refs_needs(const CdxRefs *refs);
void cdx_refs_from(CdxRefs *refs, size_t first, uint32_t from);
/* Reports needs of names that nothing has, and chains of needs that come back to where they began. */
void cdx_refs_report(CdxRefs *refs, Sink *sink);

/* ---- what is met ---- */

typedef struct Cdx Cdx;
typedef struct CdxFacts CdxFacts;

/* A thing, or a group inside one, that is being read; on the stack of the walker. */
typedef struct CdxScope {
        struct CdxScope *up; /* NULL: the bill itself */
        CdxRole role;
        bool bad;        /* a rule is broken inside it */
        bool counted;    /* below `components` of the bill, not of the thing it describes */
        size_t members;  /* components met directly below */
        size_t first;    /* of a dependency: its first need */
        uint32_t ref;    /* of a dependency */
        CdxFacts *facts; /* of a component */
} CdxScope;

/* `where` gives the text of the present place; free it. */
typedef char *(*CdxWhere)(const void *walker);

Cdx *cdx_new(const Source *source, Sink *sink, bool xml, CdxWhere where, const void *walker);
void cdx_free(Cdx *cdx);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cdx, cdx_free)

/* The version of the specification, `1.4` as 4. Errors: INPUT when it is none that this form has. */
bool cdx_take_version(Cdx *cdx, const char *version, GError **error) G_GNUC_WARN_UNUSED_RESULT;
uint8_t cdx_version(const Cdx *cdx);

/* Enters what has `role` in `outer`: gives `own`, set up, or `outer` where nothing more is of interest. */
CdxScope *cdx_enter(Cdx *cdx, CdxScope *own, CdxScope *outer, CdxRole role);
/* Leaves what cdx_enter gave for `own`; nothing when that was `outer`. */
void cdx_leave(Cdx *cdx, CdxScope *own, const CdxScope *entered);
void cdx_text(Cdx *cdx, CdxScope *scope, CdxRole role, const char *text, size_t n);
/* A member without a role was met in `scope`: what it says is not kept. `name` lives as long as the Cdx. */
void cdx_unread(Cdx *cdx, const CdxScope *scope, const char *name);

/* A broken rule refuses the component it lies in; a problem is listed. Both stop listing after a hundred. */
void cdx_refuse(Cdx *cdx, CdxScope *scope, const char *format, ...) G_GNUC_PRINTF(3, 4);
void cdx_problem(Cdx *cdx, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Where a check puts its reason: NULL when nobody would be told. */
char **cdx_reason(const Cdx *cdx, const CdxValue *value, char **why);
/* So many rules are broken that reading on is of no use. */
bool cdx_is_hopeless(const Cdx *cdx);
/* Either, by the verdict; nothing when it is good. */
void cdx_judge(Cdx *cdx, CdxScope *scope, CdxVerdict verdict, const char *why);

/* Everything was met: references, losses and figures. Errors: INPUT, the first broken rule, when only figures are wanted. */
bool cdx_finish(Cdx *cdx, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- forms ---- */

bool cyclonedx_json_read(const Source *source, Sink *sink, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool cyclonedx_xml_read(const Source *source, Sink *sink, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
