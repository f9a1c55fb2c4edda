#include "model/catalogue_tables.h"

#include <stdlib.h>
#include <string.h>

const CatalogueRow *catalogue_row(RowId row)
{
        return &catalogue_rows[row];
}

size_t catalogue_count(void)
{
        return catalogue_n_rows;
}

void catalogue_range(StandardId standard, RowId *ret_first, size_t *ret_n)
{
        *ret_first = catalogue_ranges[standard].first;
        *ret_n = catalogue_ranges[standard].n;
}

const RowId *catalogue_crs_of(RowId sr)
{
        return catalogue_derived[sr];
}

bool catalogue_demanded(RowId row, int level)
{
        return level >= 1 && level <= 4 && (catalogue_rows[row].levels & (1U << (level - 1))) != 0;
}

/* The place of a row in its standard, or -1 when it is of another one. */
static int place_in(RowId row, StandardId standard)
{
        return catalogue_rows[row].standard == standard ? row - catalogue_ranges[standard].first : -1;
}

const RowId *catalogue_mapped(RowId row)
{
        int place = place_in(row, STANDARD_2_1);

        return place < 0 ? NULL : catalogue_mapped_rows[place];
}

const CatalogueWorkflow *catalogue_workflow(RowId row)
{
        int place = place_in(row, STANDARD_3_2);

        return place < 0 ? NULL : &catalogue_workflows[place];
}

const Crosswalk *catalogue_crosswalk(RowId sr, size_t *ret_n)
{
        int place = place_in(sr, STANDARD_3_3);

        *ret_n = place < 0 ? 0 : catalogue_crosswalk_ranges[place].n;
        return place < 0 ? NULL : catalogue_crosswalks + catalogue_crosswalk_ranges[place].first;
}

/* ---- weaknesses and techniques ---- */

/* Both structs begin with their name, by which their tables are sorted. */
static int name_compare(const void *name, const void *entry)
{
        return strcmp(name, *(const char *const *)entry);
}

const Weakness *catalogue_weakness(const char *cwe)
{
        return bsearch(cwe, catalogue_weaknesses_all, catalogue_n_weaknesses, sizeof(Weakness), name_compare);
}

const Technique *catalogue_technique(const char *technique)
{
        return bsearch(technique, catalogue_techniques_all, catalogue_n_techniques, sizeof(Technique),
                       name_compare);
}

const RowId *catalogue_rows_of_cwe(const char *cwe)
{
        const Weakness *weakness = catalogue_weakness(cwe);

        return weakness == NULL ? NULL : weakness->rows;
}

const RowId *catalogue_rows_of_technique(const char *technique)
{
        const Technique *found = catalogue_technique(technique);

        return found == NULL ? NULL : found->rows;
}
