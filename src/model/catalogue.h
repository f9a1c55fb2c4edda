/* The catalogues of the 62443 series, compiled from data/catalogues (identifiers, short names, levels and mappings; no
 * text of a standard). Rows of all standards are numbered in one sequence, RowId; those of 62443-3-3 are 0 to 99.
 * Constant data: thread-safe. */
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
        const char *id;    /* `SR 1.1 RE(1)` */
        const char *title; /* short name */
        const char *group; /* practice, functional area or workflow group; NULL elsewhere */
        uint8_t fr;        /* 1 to 7; 0 where none */
        uint8_t levels;    /* bit n-1 set when level n demands the row */
        uint8_t types;     /* component types of a 4-2 row; for 3-3, the types its scope row applies to */
        bool counts;       /* false for headings and rows without a requirement, which stay out of sums */
        RowId parent;      /* base row of an RE */
        RowId derived;     /* 4-2: the 3-3 row it derives from */
        RowScope scope;    /* 3-3: data/catalogues/sr_scope.tsv, project practice */
        int8_t trait;      /* 3-3: TraitId of the scope condition, -1 for none */
} CatalogueRow;

const char *standard_name(StandardId standard); /* `62443-3-3` */
bool standard_find(const char *name, StandardId *ret_standard);

const CatalogueRow *catalogue_row(RowId row);
size_t catalogue_count(void);
/* First row and number of rows of a standard. */
void catalogue_range(StandardId standard, RowId *ret_first, size_t *ret_n);

/* The row of a reference such as `62443-3-3 SR 1.1 RE(1)`; ZW_ROW_NONE when it names no row. */
RowId catalogue_find(const char *ref);
RowId catalogue_find_in(StandardId standard, const char *id);
/* `62443-3-3 SR 1.1 RE(1)`; free it. */
char *catalogue_ref(RowId row);

/* The 4-2 rows derived from a 3-3 row, as a list ended by ZW_ROW_NONE. */
const RowId *catalogue_crs_of(RowId sr);

/* Is the row demanded at level 1 to 4? Level 0 demands nothing. */
bool catalogue_demanded(RowId row, int level);

/* 3-3 rows proposed for a weakness (`CWE-79`) or an ATT&CK for ICS technique (`T0800`), ended by ZW_ROW_NONE; NULL when
 * the table does not know it. */
const RowId *catalogue_rows_of_cwe(const char *cwe);
const RowId *catalogue_rows_of_technique(const char *technique);

/* Mapping between editions of 62443-2-1: refs of the other edition, comma separated, or NULL. */
const char *catalogue_maps_to(RowId row);

#endif
