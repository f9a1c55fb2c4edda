/* The generated tables behind catalogue.c and safety.c; nobody else includes this. */
#ifndef MODEL_CATALOGUE_TABLES_H
#define MODEL_CATALOGUE_TABLES_H

#include "model/catalogue.h"
#include "model/safety.h"

typedef struct {
        uint16_t first, n;
} CatalogueRange;

/* A reference as catalogue_find reduces it, and its row. */
typedef struct {
        const char *name;
        RowId row;
} CatalogueKey;

extern const CatalogueRow catalogue_rows[];
extern const size_t catalogue_n_rows;
extern const CatalogueRange catalogue_ranges[];       /* by StandardId */
extern const CatalogueKey catalogue_keys[];           /* one for each row, sorted by byte */
extern const RowId *const catalogue_derived[];        /* by row of 3-3 */
extern const CatalogueWorkflow catalogue_workflows[]; /* of the rows of 3-2, in order */
extern const RowId *const catalogue_mapped_rows[];    /* of the rows of 2-1, in order */
extern const Weakness catalogue_weaknesses_all[];     /* sorted by byte */
extern const size_t catalogue_n_weaknesses;
extern const Technique catalogue_techniques_all[]; /* sorted by byte */
extern const size_t catalogue_n_techniques;
extern const Crosswalk catalogue_crosswalks[];
extern const CatalogueRange catalogue_crosswalk_ranges[]; /* by row of 3-3 */
extern const SafetyFact safety_facts_all[];
extern const size_t safety_n_facts;

#endif
