/* The catalogues against the published and counted figures of the standards, written out here by hand. */
#include "model/catalogue.h"

#include <string.h>

static int count_demanded(StandardId standard, int fr, int level, unsigned types)
{
        RowId first;
        size_t n;
        int found = 0;

        catalogue_range(standard, &first, &n);
        for (RowId row = first; row < first + n; row++) {
                const CatalogueRow *facts = catalogue_row(row);

                if (!facts->counts || facts->fr == 0 || (fr != 0 && facts->fr != fr))
                        continue;
                if (types != 0 && (facts->types & types) == 0)
                        continue;
                found += level == 0 || catalogue_demanded(row, level);
        }
        return found;
}

static void test_3_3(void)
{
        /* all, SL 1 to 4, by FR */
        static const int figures[8][5] = { { 100, 37, 60, 90, 100 }, { 24, 10, 16, 22, 24 },
                                           { 24, 8, 12, 21, 24 },    { 19, 5, 10, 16, 19 },
                                           { 6, 2, 4, 5, 6 },        { 11, 4, 6, 10, 11 },
                                           { 3, 1, 2, 3, 3 },        { 13, 7, 10, 13, 13 } };
        int base = 0;

        for (int fr = 0; fr <= 7; fr++)
                for (int level = 0; level <= 4; level++)
                        g_assert_cmpint(count_demanded(STANDARD_3_3, fr, level, 0), ==, figures[fr][level]);
        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                base += catalogue_row(row)->parent == ZW_ROW_NONE;
        g_assert_cmpint(base, ==, 51);
        g_assert_false(catalogue_demanded(catalogue_find("62443-3-3 SR 3.4"), 1)); /* COR1:2014 */
        g_assert_true(catalogue_demanded(catalogue_find("62443-3-3 SR 3.4"), 2));
}

static void test_4_2(void)
{
        static const struct {
                unsigned type;
                int all, sl[4], fr[7][4];
        } figures[] = {
                { TYPE_SAR,
                  73,
                  { 34, 53, 67, 73 },
                  { { 8, 13, 19, 20 },
                    { 9, 14, 17, 20 },
                    { 7, 11, 12, 14 },
                    { 2, 3, 5, 5 },
                    { 1, 1, 1, 1 },
                    { 1, 2, 3, 3 },
                    { 6, 9, 10, 10 } } },
                { TYPE_EDR,
                  83,
                  { 36, 61, 77, 83 },
                  { { 8, 13, 19, 20 },
                    { 9, 15, 19, 22 },
                    { 9, 18, 20, 22 },
                    { 2, 3, 5, 5 },
                    { 1, 1, 1, 1 },
                    { 1, 2, 3, 3 },
                    { 6, 9, 10, 10 } } },
                { TYPE_HDR,
                  84,
                  { 36, 62, 78, 84 },
                  { { 8, 13, 19, 20 },
                    { 9, 15, 19, 22 },
                    { 9, 19, 21, 23 },
                    { 2, 3, 5, 5 },
                    { 1, 1, 1, 1 },
                    { 1, 2, 3, 3 },
                    { 6, 9, 10, 10 } } },
                { TYPE_NDR,
                  92,
                  { 40, 67, 86, 92 },
                  { { 10, 16, 23, 24 },
                    { 9, 15, 19, 22 },
                    { 9, 18, 20, 22 },
                    { 2, 3, 5, 5 },
                    { 3, 4, 6, 6 },
                    { 1, 2, 3, 3 },
                    { 6, 9, 10, 10 } } },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(figures); i++) {
                g_assert_cmpint(count_demanded(STANDARD_4_2, 0, 0, figures[i].type), ==, figures[i].all);
                for (int level = 1; level <= 4; level++) {
                        g_assert_cmpint(count_demanded(STANDARD_4_2, 0, level, figures[i].type), ==,
                                        figures[i].sl[level - 1]);
                        for (int fr = 1; fr <= 7; fr++)
                                g_assert_cmpint(count_demanded(STANDARD_4_2, fr, level, figures[i].type), ==,
                                                figures[i].fr[fr - 1][level - 1]);
                }
        }
}

static size_t count_rows(StandardId standard, const char *needle)
{
        RowId first;
        size_t n, found = 0;

        catalogue_range(standard, &first, &n);
        for (RowId row = first; row < first + n; row++)
                found += catalogue_row(row)->counts &&
                         (needle == NULL || strstr(catalogue_row(row)->id, needle) != NULL);
        return found;
}

static void test_others(void)
{
        g_assert_cmpuint(count_rows(STANDARD_4_1, NULL), ==, 47);
        g_assert_cmpuint(count_rows(STANDARD_3_2, NULL), ==, 32);
        g_assert_cmpuint(count_rows(STANDARD_2_4, " BR"), ==, 72);
        g_assert_cmpuint(count_rows(STANDARD_2_4, " RE("), ==, 51);
        g_assert_cmpuint(count_rows(STANDARD_2_1, "2010:"), ==, 32);
        g_assert_cmpuint(count_rows(STANDARD_2_1, NULL), ==, 87 + 32);
}

static void test_scope(void)
{
        static const int all[5] = { 0, 67, 15, 15, 3 };
        static const int by_fr[7][5] = { { 0, 19, 3, 2, 0 }, { 0, 20, 1, 2, 1 }, { 0, 14, 1, 4, 0 },
                                         { 0, 5, 1, 0, 0 },  { 0, 1, 8, 1, 1 },  { 0, 1, 0, 2, 0 },
                                         { 0, 7, 1, 4, 1 } };
        static const int by_level[4][5] = {
                { 0, 31, 4, 1, 1 }, { 0, 46, 8, 4, 2 }, { 0, 61, 13, 13, 3 }, { 0, 67, 15, 15, 3 }
        };
        int found[5] = { 0 }, fr[7][5] = { { 0 } }, level[4][5] = { { 0 } };

        for (RowId row = 0; row < ZW_SR_ROWS; row++) {
                const CatalogueRow *facts = catalogue_row(row);

                found[facts->scope]++;
                fr[facts->fr - 1][facts->scope]++;
                for (int n = 1; n <= 4; n++)
                        level[n - 1][facts->scope] += catalogue_demanded(row, n);
        }
        for (int scope = 0; scope < 5; scope++) {
                g_assert_cmpint(found[scope], ==, all[scope]);
                for (int i = 0; i < 7; i++)
                        g_assert_cmpint(fr[i][scope], ==, by_fr[i][scope]);
                for (int i = 0; i < 4; i++)
                        g_assert_cmpint(level[i][scope], ==, by_level[i][scope]);
        }
}

/* scope rows name exactly the 4-2 rows that derive from them: 89, each once */
static void test_derived(void)
{
        int found = 0;

        for (RowId row = 0; row < ZW_SR_ROWS; row++)
                for (const RowId *cr = catalogue_crs_of(row); *cr != ZW_ROW_NONE; cr++) {
                        g_assert_cmpint(catalogue_row(*cr)->derived, ==, row);
                        found++;
                }
        g_assert_cmpint(found, ==, 89);
}

static void test_find(void)
{
        for (RowId row = 0; row < catalogue_count(); row++) {
                g_autofree char *ref = catalogue_ref(row);

                g_assert_cmpint(catalogue_find(ref), ==, row);
        }
        g_assert_cmpint(catalogue_find("62443-3-3 SR 1.1 RE(3)"), !=, ZW_ROW_NONE);
        g_assert_cmpint(catalogue_find("62443-3-3 SR 1.1 RE(4)"), ==, ZW_ROW_NONE);
        g_assert_cmpint(catalogue_find("62443-3-3 SI-1"), ==, ZW_ROW_NONE);
        g_assert_cmpint(catalogue_find(""), ==, ZW_ROW_NONE);
        g_assert_cmpint(catalogue_find_in(STANDARD_4_1, "SI-1"), !=, ZW_ROW_NONE);
}

static void test_mappings(void)
{
        const RowId *rows = catalogue_rows_of_cwe("CWE-5");

        g_assert_nonnull(rows);
        g_assert_cmpstr(catalogue_row(rows[0])->id, ==, "SR 4.1");
        g_assert_cmpint(rows[1], ==, ZW_ROW_NONE);
        rows = catalogue_rows_of_technique("T0800");
        g_assert_nonnull(rows);
        g_assert_cmpstr(catalogue_row(rows[0])->id, ==, "SR 2.1");
        g_assert_null(catalogue_rows_of_cwe("CWE-999999"));
        g_assert_null(catalogue_rows_of_technique("T9999"));
        rows = catalogue_mapped(catalogue_find("62443-2-1 ORG 1.2"));
        g_assert_nonnull(rows);
        g_assert_cmpstr(catalogue_row(rows[0])->id, ==, "2010:4.3.3.2");
        g_assert_cmpint(rows[1], ==, ZW_ROW_NONE);
        g_assert_null(catalogue_mapped(0));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/catalogue/3-3", test_3_3);
        g_test_add_func("/catalogue/4-2", test_4_2);
        g_test_add_func("/catalogue/others", test_others);
        g_test_add_func("/catalogue/scope", test_scope);
        g_test_add_func("/catalogue/derived", test_derived);
        g_test_add_func("/catalogue/find", test_find);
        g_test_add_func("/catalogue/mappings", test_mappings);
        return g_test_run();
}
