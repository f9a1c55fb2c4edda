#include "model/safety.h"

#include "base/verify.h"
#include "model/catalogue_tables.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define ROUNDING 1e-12

const SafetyFact *safety_facts(size_t *ret_n)
{
        *ret_n = safety_n_facts;
        return safety_facts_all;
}

const SafetyFact *safety_find(SafetyKind kind, const char *key)
{
        for (size_t i = 0; i < safety_n_facts; i++)
                if (safety_facts_all[i].kind == kind && strcmp(safety_facts_all[i].key, key) == 0)
                        return &safety_facts_all[i];
        return NULL;
}

bool safety_at_most(double figure, double limit)
{
        return figure <= limit * (1 + ROUNDING);
}

int safety_sil(SafetyKind kind, double value)
{
        const bool more_is_better = kind == SAFETY_SIL_RRF;

        if (isnan(value))
                return -1;
        for (int sil = ZW_SIL_MOST; sil > 0; sil--) {
                char key[] = "SIL 0";
                const SafetyFact *band;

                key[4] = (char)('0' + sil);
                band = safety_find(kind, key);
                ZW_VERIFY(band != NULL); /* the table is compiled in */
                if (more_is_better ? !safety_at_most(value, band->lower)
                                   : !safety_at_most(band->upper, value))
                        return sil;
        }
        return 0;
}

/* The least tolerance for a SIL; some rows depend on the mode. */
static double tolerance_least(int sil, bool low_demand)
{
        g_autofree char *any = g_strdup_printf("SIL %d", sil);
        g_autofree char *mode = g_strdup_printf("SIL %d %s demand", sil, low_demand ? "low" : "high");
        const SafetyFact *row = safety_find(SAFETY_HFT_61511, mode);

        if (row == NULL)
                row = safety_find(SAFETY_HFT_61511, any);
        ZW_VERIFY(row != NULL); /* as above */
        return row->lower;
}

int safety_sil_of_tolerance(int tolerance, bool low_demand)
{
        for (int sil = ZW_SIL_MOST; sil > 0; sil--)
                if (tolerance >= tolerance_least(sil, low_demand))
                        return sil;
        return 0;
}

/* The entry of a statement such as `HFT 0 = SIL 1; HFT 1 = SIL 2; HFT 2 = not allowed`. */
static int statement_sil(const char *statement, int tolerance)
{
        g_autofree char *head = g_strdup_printf("HFT %d = SIL ", tolerance);
        const char *at = strstr(statement, head);

        return at == NULL ? 0 : at[strlen(head)] - '0';
}

int safety_sil_of_fraction(int tolerance, char type, double fraction)
{
        const char key[] = { 't', 'y', 'p', 'e', ' ', type, ',', '\0' };

        if (isnan(fraction))
                return -1;
        for (size_t i = 0; i < safety_n_facts; i++) {
                const SafetyFact *row = &safety_facts_all[i];

                if (row->kind == SAFETY_HFT_ROUTE_1H && g_str_has_prefix(row->key, key) &&
                    fraction >= row->lower && (fraction < row->upper || row->upper >= 1))
                        return statement_sil(row->statement, MIN(tolerance, 2));
        }
        return 0;
}
