/* The catalogues of the 62443 series, compiled from data/catalogues (identifiers, short names, levels and mappings; no
 * text of a standard). docs/facts.md says what the tables mean and where they come from. Rows of all standards are
 * numbered in one sequence, RowId; those of 62443-3-3 are 0 to 99. Row numbers belong to the build: stored data hold
 * references. Constant data: thread-safe; nothing here is freed but what catalogue_ref returns. Functions that take a
 * RowId want a row that exists (below catalogue_count()). */
#ifndef MODEL_CATALOGUE_H
#define MODEL_CATALOGUE_H

#include "model/metamodel.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint16_t RowId;
enum { ZW_ROW_NONE = 0xffff, ZW_SR_ROWS = 100 };

typedef enum {
        STANDARD_3_3,
        STANDARD_4_2,
        STANDARD_4_1,
        STANDARD_3_2,
        STANDARD_2_4,
        STANDARD_2_1,
        ZW_STANDARD_COUNT
} StandardId;

typedef enum { SCOPE_NONE, SCOPE_EACH_ASSET, SCOPE_BOUNDARY, SCOPE_SERVICE, SCOPE_SYSTEM } RowScope;

enum {
        TYPE_SAR = 1,
        TYPE_EDR = 2,
        TYPE_HDR = 4,
        TYPE_NDR = 8
}; /* the values of component.types, as bits, same order */

typedef struct {
        StandardId standard;
        const char *id;        /* `SR 1.1 RE(1)` */
        const char *title;     /* short name */
        const char *group;     /* practice, functional area or group of the 2-1 row; NULL elsewhere */
        const char *note;      /* where 3-3 and 4-2 differ and the like, or NULL */
        const char *rationale; /* 3-3: why the row has its scope, in own words; NULL elsewhere */
        uint8_t fr;            /* 1 to 7; 0 where none */
        uint8_t levels;        /* bit n-1 set when level n demands the row */
        uint8_t types;         /* component types of a 4-2 row; for 3-3, the types its scope row applies to */
        bool counts;           /* false for headings and rows without a requirement, which stay out of sums */
        RowId parent;          /* base row of an RE; group of a row of 3-2, heading of an element of 2-1 */
        RowId derived;         /* 4-2: the 3-3 row it derives from */
        RowScope scope;        /* 3-3: data/catalogues/sr_scope.tsv, project practice */
        int8_t trait;          /* 3-3: TraitId of the scope condition, -1 for none */
} CatalogueRow;

const char *standard_name(StandardId standard); /* `62443-3-3` */
/* The standard that a name such as `IEC 62443-3-3:2013` means; the forms are those of catalogue_find. */
bool standard_find(const char *name, StandardId *ret_standard);

const CatalogueRow *catalogue_row(RowId row);
size_t catalogue_count(void);
/* First row and number of rows of a standard. */
void catalogue_range(StandardId standard, RowId *ret_first, size_t *ret_n);

/* The row that a reference names as a whole, ZW_ROW_NONE when there is none (also for NULL). About 0.2 us, no
 * allocation. A reference is a standard and an id:
 *  - `62443-3-3`, after any of ANSI, BS, CSA, DIN, EN, IEC, ISA, NF, UL, VDE, joined by blanks, `/`, `-` or nothing, and
 *    before an edition that the catalogue knows (`:2013`); then a blank, comma, colon, semicolon or slash.
 *  - the id: letters and numbers with a blank, a hyphen or nothing between; the enhancement as `RE(1)`, `RE (1)`, `RE 1` or
 *    `RE1`. Ids of 2-4 may have one-digit numbers and leave out `BR`; clauses of 2-1:2010 are written `2010:4.2.3` or, after
 *    the standard, `4.2.3`, and elements of 2-1:2024 not after `:2010`.
 * Upper and lower case are alike, so are all blanks and hyphens, no-break ones too. Without a standard only `SR 1.1` is read
 * as 3-3, `CR`, `CCSC`, `SAR`, `EDR`, `HDR`, `NDR` as 4-2, `ZCR` as 3-2 and `SP.01.01` as 2-4, and not with a hyphen: `SI-1`
 * and `SR-1` are of 4-1 or of NIST SP 800-53, and only a standard tells. Editions known: 3-3:2013; 4-2:2018 and 2019;
 * 4-1:2018; 3-2:2020; 2-4:2015, 2017, 2023 and 2024; 2-1:2009, 2010 and 2024. */
RowId catalogue_find(const char *text);
/* The same for an id whose standard is known; `id` without the standard. */
RowId catalogue_find_in(StandardId standard, const char *id);
/* The canonical reference, `62443-3-3 SR 1.1 RE(1)`; free it. */
char *catalogue_ref(RowId row);

/* The 4-2 rows derived from a 3-3 row, as a list ended by ZW_ROW_NONE. */
const RowId *catalogue_crs_of(RowId sr);

/* Is the row demanded at level 1 to 4? Level 0 demands nothing. */
bool catalogue_demanded(RowId row, int level);

/* Mapping between editions of 62443-2-1, own reasoning: rows of the other edition, ended by ZW_ROW_NONE, a clause below a listed one
 * as that one; NULL for rows of other standards. */
const RowId *catalogue_mapped(RowId row);

/* Where a row of 3-2 stands in the work, and what goes in and comes out, in own words; NULL for other standards. */
typedef struct {
        const char *order, *input, *output, *clause;
} CatalogueWorkflow;

const CatalogueWorkflow *catalogue_workflow(RowId row);

/* A weakness and the 3-3 rows proposed for it: own proposal. */
typedef struct {
        const char *cwe, *name, *rationale;
        const char *inherits; /* the weakness above it whose proposal it takes over, or NULL */
        uint8_t frs[3];       /* the first one is the main one; 0 after the last */
        const RowId *rows;    /* ended by ZW_ROW_NONE */
        unsigned advisories;  /* advisories for control systems that named it when the table was made */
} Weakness;

/* A mitigation of ATT&CK for ICS with the rows its labels name; lists ended by ZW_ROW_NONE. */
typedef struct {
        const char *id, *name;
        const RowId *srs, *crs;
} Mitigation;

typedef struct {
        const char *id, *name;
        const RowId *rows; /* 3-3 rows of all its mitigations, ended by ZW_ROW_NONE */
        const Mitigation *mitigations;
        size_t n_mitigations;
} Technique;

/* By name (`CWE-79`, `T0800`); NULL when the table does not know it. */
const Weakness *catalogue_weakness(const char *cwe);
const Technique *catalogue_technique(const char *technique);
/* Only the rows. */
const RowId *catalogue_rows_of_cwe(const char *cwe);
const RowId *catalogue_rows_of_technique(const char *technique);

typedef enum {
        BASIS_CITED,   /* the framework itself cites the SR */
        BASIS_DERIVED, /* through the requirement of an older edition in `via` */
        BASIS_LIBRARY, /* a community library; `via` names mitigations whose labels agree */
        BASIS_LABEL,   /* labels of the ATT&CK mitigations in `via` */
        BASIS_OWN,     /* own reasoning */
} CrosswalkBasis;

/* A requirement of another framework that meets an SR. */
typedef struct {
        const char *framework, *ref;
        const char *via; /* comma separated, or NULL */
        CrosswalkBasis basis;
} Crosswalk;

/* Of a 3-3 row; none for REs, which are not mapped, and for rows of other standards. */
const Crosswalk *catalogue_crosswalk(RowId sr, size_t *ret_n);

#endif
