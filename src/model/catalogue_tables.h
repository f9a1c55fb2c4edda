/* The generated tables behind catalogue.c; nobody else includes this. */
#ifndef MODEL_CATALOGUE_TABLES_H
#define MODEL_CATALOGUE_TABLES_H

#include "model/catalogue.h"

typedef struct {
        uint16_t first, n;
} CatalogueRange;

/* A name and the row, or the offset of its list. */
typedef struct {
        const char *name;
        uint16_t value;
} CatalogueKey;

extern const CatalogueRow catalogue_rows[];
extern const size_t catalogue_n_rows;
extern const CatalogueRange catalogue_ranges[]; /* by StandardId */
extern const CatalogueKey catalogue_index[];    /* by full reference, sorted by byte */
extern const char *const catalogue_maps[];      /* of the rows of 2-1, in order */
extern const RowId catalogue_cr_cells[];
extern const uint16_t catalogue_cr_offsets[]; /* by row of 3-3 */
extern const RowId catalogue_cwe_cells[], catalogue_technique_cells[];
extern const CatalogueKey catalogue_cwe_keys[], catalogue_technique_keys[];
extern const size_t catalogue_n_cwe_keys, catalogue_n_technique_keys;

#endif
