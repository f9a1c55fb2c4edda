#include "model/catalogue_tables.h"

#include <string.h>

static const char *const standard_names[ZW_STANDARD_COUNT] = { "62443-3-3", "62443-4-2", "62443-4-1",
                                                               "62443-3-2", "62443-2-4", "62443-2-1" };

const char *standard_name(StandardId standard)
{
        return standard_names[standard];
}

bool standard_find(const char *name, StandardId *ret_standard)
{
        if (g_str_has_prefix(name, "IEC ") || g_str_has_prefix(name, "ISA "))
                name += 4;
        for (int i = 0; i < ZW_STANDARD_COUNT; i++)
                if (strcmp(standard_names[i], name) == 0) {
                        *ret_standard = (StandardId)i;
                        return true;
                }
        return false;
}

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

static const CatalogueKey *key_find(const CatalogueKey *keys, size_t n, const char *name)
{
        size_t low = 0, high = n;

        while (low < high) {
                size_t middle = (low + high) / 2;
                int order = strcmp(keys[middle].name, name);

                if (order == 0)
                        return &keys[middle];
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

RowId catalogue_find(const char *ref)
{
        const CatalogueKey *key = key_find(catalogue_index, catalogue_n_rows, ref);

        return key == NULL ? ZW_ROW_NONE : key->value;
}

RowId catalogue_find_in(StandardId standard, const char *id)
{
        g_autofree char *ref = g_strdup_printf("%s %s", standard_names[standard], id);

        return catalogue_find(ref);
}

char *catalogue_ref(RowId row)
{
        return g_strdup_printf("%s %s", standard_names[catalogue_rows[row].standard], catalogue_rows[row].id);
}

const RowId *catalogue_crs_of(RowId sr)
{
        return catalogue_cr_cells + catalogue_cr_offsets[sr];
}

bool catalogue_demanded(RowId row, int level)
{
        return level >= 1 && level <= 4 && (catalogue_rows[row].levels & (1U << (level - 1))) != 0;
}

const RowId *catalogue_rows_of_cwe(const char *cwe)
{
        const CatalogueKey *key = key_find(catalogue_cwe_keys, catalogue_n_cwe_keys, cwe);

        return key == NULL ? NULL : catalogue_cwe_cells + key->value;
}

const RowId *catalogue_rows_of_technique(const char *technique)
{
        const CatalogueKey *key = key_find(catalogue_technique_keys, catalogue_n_technique_keys, technique);

        return key == NULL ? NULL : catalogue_technique_cells + key->value;
}

const char *catalogue_maps_to(RowId row)
{
        const CatalogueRange *range = &catalogue_ranges[STANDARD_2_1];

        if (row < range->first || row >= range->first + range->n)
                return NULL;
        return catalogue_maps[row - range->first];
}
