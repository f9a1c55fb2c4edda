/* The rows of 62443-3-2 on small cases (docs/algorithms/zcr.md); the sample plant is in tests/golden. */
#include "analysis/zcr.h"
#include "case.h"

static GArray *find(Case *plant, const uint8_t *outside, size_t n)
{
        g_autoptr(RiskMethods) methods = risk_methods_new();

        graph_publish(plant->graph, 1);
        return zcr_find(graph_pin(plant->graph), CASE_NOW, methods, &(ZcrOutside){ outside, n, NULL });
}

static const ZcrRow *row_of(const GArray *rows, const char *id)
{
        for (guint i = 0; i < rows->len; i++) {
                const ZcrRow *row = &g_array_index(rows, ZcrRow, i);

                if (strcmp(catalogue_row(row->row)->id, id) == 0)
                        return row;
        }
        g_assert_not_reached();
}

static void expect_row(const GArray *rows, const char *id, ZcrStatus status, const char *text)
{
        const ZcrRow *row = row_of(rows, id);

        g_assert_cmpstr(row->text, ==, text);
        g_assert_cmpstr(zcr_status_name(row->status), ==, zcr_status_name(status));
}

static const ZcrMissing *missing_of(const GArray *rows, const char *id, guint i)
{
        const ZcrRow *row = row_of(rows, id);

        g_assert_cmpuint(i, <, row->missing->len);
        return &g_array_index(row->missing, ZcrMissing, i);
}

/* Each row of the catalogue once, in its order, with something to say. */
static void test_all_rows(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GArray) rows = find(plant, NULL, 0);
        RowId first;
        size_t n, at = 0;

        catalogue_range(STANDARD_3_2, &first, &n);
        for (RowId row = first; row < first + n; row++) {
                if (!catalogue_row(row)->counts)
                        continue;
                g_assert_cmpuint(at, <, rows->len);
                g_assert_cmpuint(g_array_index(rows, ZcrRow, at).row, ==, row);
                g_assert_cmpstr(zcr_status_name(g_array_index(rows, ZcrRow, at).status), ==, "missing");
                g_assert_cmpstr(g_array_index(rows, ZcrRow, at).text, !=, "");
                at++;
        }
        g_assert_cmpuint(at, ==, 32);
        g_assert_cmpuint(rows->len, ==, 32);
}

static void test_perimeter(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo system = item(plant, ZW_KIND_SYSTEM, "{\"scope\":\"s\"}"),
                     zone = item(plant, ZW_KIND_ZONE, "{}");
        g_autoptr(GArray) before = NULL, after = NULL;
        ItemNo point;

        join(plant, zone, ZW_LINK_PART_OF, system);
        before = find(plant, NULL, 0);
        expect_row(before, "ZCR 1.1", ZCR_SKIPPED, "0 of 1 systems and access points are described");
        g_assert_cmpstr(missing_of(before, "ZCR 1.1", 0)->field, ==, "part_of");
        point = item(plant, ZW_KIND_ACCESS_POINT, "{\"medium\":\"network\"}");
        join(plant, point, ZW_LINK_PART_OF, system);
        after = find(plant, NULL, 0);
        expect_row(after, "ZCR 1.1", ZCR_PARTLY, "1 of 2 systems and access points are described");
        g_assert_cmpuint(missing_of(after, "ZCR 1.1", 0)->item, ==, point);
        g_assert_cmpstr(missing_of(after, "ZCR 1.1", 0)->field, ==, "connects");
}

/* Nothing temporary is fine once somebody wrote down assets, and unknown before. */
static void test_nothing_to_separate(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        g_autoptr(GArray) before = find(plant, NULL, 0), after = NULL;

        expect_row(before, "ZCR 3.4", ZCR_MISSING, "there is no temporarily connected asset");
        (void)item(plant, ZW_KIND_ASSET, "{}");
        after = find(plant, NULL, 0);
        expect_row(after, "ZCR 3.4", ZCR_MET, "there is no temporarily connected asset");
        expect_row(after, "ZCR 3.1", ZCR_MISSING, "0 of 1 zones, conduits and assets have their place");
}

#define RATED "\"likelihood\":3,\"impact\":{\"safety\":5}"

/* A tolerable initial risk ends the work on a place; one that is not asks for a detailed one. */
static void test_comparison(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        const ItemNo quiet = item(plant, ZW_KIND_ZONE, "{}"), loud = item(plant, ZW_KIND_ZONE, "{}"),
                     skipped = item(plant, ZW_KIND_ZONE, "{}");
        static const char *const risks[] = {
                "{\"stage\":\"initial\"," RATED ",\"tolerable\":{\"safety\":100}}",
                "{\"stage\":\"initial\"," RATED ",\"tolerable\":{\"safety\":1}}",
                "{" RATED ",\"tolerable\":{\"safety\":1},\"decision\":\"treat\"}",
        };
        g_autoptr(GArray) rows = NULL;
        const ItemNo zones[] = { quiet, loud, skipped };

        for (size_t i = 0; i < G_N_ELEMENTS(risks); i++)
                join(plant, item(plant, ZW_KIND_RISK, risks[i]), ZW_LINK_WITHIN, zones[i]);
        rows = find(plant, NULL, 0);
        expect_row(rows, "ZCR 4.1", ZCR_PARTLY,
                   "2 of 3 zones and conduits have an initial risk compared with the tolerable one");
        g_assert_cmpuint(missing_of(rows, "ZCR 4.1", 0)->item, ==, skipped);
        g_assert_cmpstr(missing_of(rows, "ZCR 4.1", 0)->text, ==,
                        "ZN-2 went on to ZCR 5 without an initial risk");
        g_assert_cmpuint(row_of(rows, "ZCR 5.1")->items->len, ==, 2); /* not the quiet one */
        expect_row(rows, "ZCR 5.7", ZCR_MET, "1 of 1 detailed risks are tolerable or decided");
        expect_row(rows, "ZCR 5.8", ZCR_SKIPPED,
                   "0 of 1 risks to be treated have countermeasures that were judged");
        expect_row(rows, "ZCR 5.9", ZCR_SKIPPED,
                   "0 of 1 risks to be treated were rated again with countermeasures");
}

static void test_residual(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const char *const decisions[] = { "", ",\"decision\":\"treat\"", ",\"decision\":\"accept\"" };
        g_autoptr(GArray) rows = NULL;

        for (size_t i = 0; i < G_N_ELEMENTS(decisions); i++) {
                g_autofree char *attrs = g_strdup_printf(
                        "{" RATED ",\"tolerable\":{\"safety\":1},\"residual_likelihood\":2%s}", decisions[i]);

                (void)item(plant, ZW_KIND_RISK, attrs);
        }
        rows = find(plant, NULL, 0);
        expect_row(rows, "ZCR 5.7", ZCR_PARTLY, "2 of 3 detailed risks are tolerable or decided");
        expect_row(rows, "ZCR 5.11", ZCR_PARTLY,
                   "1 of 2 risks to be treated have a tolerable or decided residual risk");
        expect_row(rows, "ZCR 5.12", ZCR_SKIPPED,
                   "0 of 2 risks that stay above the tolerable one have further work ahead");
        join(plant, item(plant, ZW_KIND_ACTION, "{}"), ZW_LINK_RESOLVES, 0);
        g_array_unref(rows);
        rows = find(plant, NULL, 0);
        expect_row(rows, "ZCR 5.12", ZCR_PARTLY,
                   "1 of 2 risks that stay above the tolerable one have further work ahead");
}

static void test_approval(Case *plant, gconstpointer data G_GNUC_UNUSED)
{
        static const uint8_t system_signed[] = { ZCR_OWNER_APPROVED },
                             crs_signed[] = { 0, ZCR_OWNER_APPROVED },
                             both_signed[] = { 0, ZCR_OWNER_APPROVED, ZCR_OWNER_APPROVED },
                             baseline_signed[] = { 0, 0, 0, ZCR_OWNER_APPROVED };
        static const struct {
                const uint8_t *outside;
                size_t n;
                ZcrStatus status;
        } cases[] = { { NULL, 0, ZCR_MISSING },
                      { system_signed, 1, ZCR_MET },
                      { crs_signed, 2, ZCR_MISSING },
                      { both_signed, 3, ZCR_MET },
                      { baseline_signed, 4, ZCR_MET } };

        (void)item(plant, ZW_KIND_SYSTEM, "{}");
        (void)item(plant, ZW_KIND_REPORT, "{\"type\":\"crs\"}");
        (void)item(plant, ZW_KIND_REPORT, "{\"type\":\"risk-assessment\"}");
        (void)item(plant, ZW_KIND_BASELINE, "{}");
        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GArray) rows = find(plant, cases[i].outside, cases[i].n);

                g_assert_cmpstr(zcr_status_name(row_of(rows, "ZCR 7.1")->status), ==,
                                zcr_status_name(cases[i].status));
                expect_row(rows, "ZCR 5.13", ZCR_MET, "1 of 1 risk assessments are issued");
        }
}

int main(int argc, char **argv)
{
        static const struct {
                const char *path;
                void (*run)(Case *plant, gconstpointer data);
        } tests[] = { { "/zcr/all-rows", test_all_rows },
                      { "/zcr/perimeter", test_perimeter },
                      { "/zcr/nothing-to-separate", test_nothing_to_separate },
                      { "/zcr/comparison", test_comparison },
                      { "/zcr/residual", test_residual },
                      { "/zcr/approval", test_approval } };

        g_test_init(&argc, &argv, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
                g_test_add(tests[i].path, Case, NULL, case_set_up, tests[i].run, case_tear_down);
        return g_test_run();
}
