#include "vuln/cpe.h"
#include "vuln/range.h"

#include "table.h"

static Cpe cpe_of(const char *text)
{
        g_autoptr(GError) error = NULL;
        Cpe cpe = { 0 };

        if (!cpe_parse(text, &cpe, &error))
                g_error("%s: %s", text, error->message);
        return cpe;
}

static void test_formats(void)
{
        static const struct {
                const char *text, *expected;
        } cases[] = {
                { "cpe:2.3:a:Microsoft:Internet_Explorer:8.0.6001:beta:*:*:*:*:*:*",
                  "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*" },
                { "cpe:2.3:o:siemens:s7-1500_firmware:-:*:*:*:*:*:*:*",
                  "cpe:2.3:o:siemens:s7-1500_firmware:-:*:*:*:*:*:*:*" },
                { "cpe:2.3:a:foo\\\\bar:big\\$money:20\\.10:*:*:*:*:*:80gb:*",
                  "cpe:2.3:a:foo\\\\bar:big\\$money:20.10:*:*:*:*:*:80gb:*" },
                { "cpe:2.3:a:a\\:b:c:*:*:*:*:*:*:*:*", "cpe:2.3:a:a\\:b:c:*:*:*:*:*:*:*:*" },
                { "cpe:/a:microsoft:internet_explorer:8.0.6001:beta",
                  "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*" },
                { "cpe:/a:microsoft:internet_explorer:8.%02:sp%01",
                  "cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*" },
                { "cpe:/a:hp:insight_diagnostics:7.4.0.1570::~~online~win2003~x64~",
                  "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:*:*:*:online:win2003:x64:*" },
                { "cpe:/o:redhat:enterprise_linux:7::client",
                  "cpe:2.3:o:redhat:enterprise_linux:7:*:client:*:*:*:*:*" },
                { "cpe:/a:foo~bar:big%24money_2010", "cpe:2.3:a:foo\\~bar:big\\$money_2010:*:*:*:*:*:*:*:*" },
                { "cpe:/o:redhat", "cpe:2.3:o:redhat:*:*:*:*:*:*:*:*:*" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(Cpe) cpe = cpe_of(cases[i].text), again = { 0 };
                g_autofree char *text = cpe_format(&cpe);

                g_assert_cmpstr(text, ==, cases[i].expected);
                again = cpe_of(text);
                g_assert_cmpint(cpe_compare(&cpe, &again), ==,
                                strpbrk(text + 8, "?") == NULL ? CPE_EQUAL : CPE_UNDEFINED);
        }
}

static void test_refused(void)
{
        static const struct {
                const char *text, *where;
        } cases[] = {
                { "", NULL },
                { "cpe:2.4:a:b:c:*:*:*:*:*:*:*:*", NULL },
                { "cpe:2.3:a:b:c", NULL },
                { "cpe:2.3:a:b:c:*:*:*:*:*:*:*:*:*", NULL },
                { "cpe:2.3:x:b:c:*:*:*:*:*:*:*:*", "part" },
                { "cpe:2.3:a::c:*:*:*:*:*:*:*:*", "vendor" },
                { "cpe:2.3:a:b c:d:*:*:*:*:*:*:*:*", "vendor" },
                { "cpe:2.3:a:b:c*d:*:*:*:*:*:*:*:*", "product" },
                { "cpe:2.3:a:b:c**:*:*:*:*:*:*:*:*", "product" },
                { "cpe:2.3:a:b:**:*:*:*:*:*:*:*:*", "product" },
                { "cpe:2.3:a:b:\xc3\xa4:*:*:*:*:*:*:*:*", "product" },
                { "cpe:2.3:a:b:c\\", "product" },
                { "cpe:/", "part" },
                { "cpe:/a:b%2:c", "vendor" },
                { "cpe:/a:b%zz:c", "vendor" },
                { "cpe:/a:b:c:d:e:f:g:h", NULL },
                { "cpe:/a:b:c:d:e:~1~2~3~4~5~6", "edition" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                Cpe cpe = { 0 };

                if (cpe_parse(cases[i].text, &cpe, &error))
                        g_error("%s was taken", cases[i].text);
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

static void test_words(void)
{
        g_auto(Cpe) cpe = cpe_of("cpe:2.3:o:siemens_ag:s7\\/1500_firmware:2.8\\(1\\):*:-:*:*:*:*:*");
        g_autofree char *vendor = cpe_words(&cpe, CPE_VENDOR), *product = cpe_words(&cpe, CPE_PRODUCT),
                        *version = cpe_plain(&cpe, CPE_VERSION), *update = cpe_plain(&cpe, CPE_UPDATE);

        g_assert_cmpstr(vendor, ==, "siemens ag");
        g_assert_cmpstr(product, ==, "s7/1500 firmware");
        g_assert_cmpstr(version, ==, "2.8(1)");
        g_assert_null(update);
        g_assert_true(cpe_is_any(&cpe, CPE_UPDATE));
        g_assert_true(cpe_is_na(&cpe, CPE_EDITION));
}

/* Table 6-2 of NISTIR 7696, by line, and its pseudocode for wildcards. */
static void test_relations(void)
{
        static const struct {
                const char *source, *target;
                CpeRelation expected;
        } cases[] = {
                { "*", "*", CPE_EQUAL },
                { "*", "-", CPE_SUPERSET },
                { "*", "foo", CPE_SUPERSET },
                { "*", "fo*", CPE_UNDEFINED },
                { "-", "*", CPE_SUBSET },
                { "-", "-", CPE_EQUAL },
                { "-", "foo", CPE_DISJOINT },
                { "-", "fo*", CPE_UNDEFINED },
                { "foo", "foo", CPE_EQUAL },
                { "foo", "bar", CPE_DISJOINT },
                { "foo", "fo*", CPE_UNDEFINED },
                { "foo", "-", CPE_DISJOINT },
                { "foo", "*", CPE_SUBSET },
                { "fo*", "foo", CPE_SUPERSET },
                { "fo*", "*", CPE_SUBSET },
                { "fo*", "-", CPE_DISJOINT },
                { "fo*", "fo*", CPE_UNDEFINED },
                { "FOO", "foo", CPE_EQUAL },
                { "fo?", "fo", CPE_SUPERSET },
                { "fo?", "foo", CPE_SUPERSET },
                { "fo?", "fooo", CPE_DISJOINT },
                { "?oo", "foo", CPE_SUPERSET },
                { "??oo", "foo", CPE_SUPERSET },
                { "?oo", "fffoo", CPE_DISJOINT },
                { "foo?", "foo\\!", CPE_SUPERSET },
                { "foo\\?", "foox", CPE_DISJOINT },
                { "*\\.1", "2\\.1", CPE_SUPERSET },
                { "1.*", "11", CPE_DISJOINT },
                { "*oo", "foobar", CPE_DISJOINT },
                { "*o*", "foobar", CPE_SUPERSET },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                if (cpe_compare_values(cases[i].source, cases[i].target) != cases[i].expected)
                        g_error("%s against %s", cases[i].source, cases[i].target);
}

static void test_firmware_is_not_hardware(void)
{
        g_auto(Cpe) firmware = cpe_of("cpe:2.3:o:siemens:s7-1500:2.8:*:*:*:*:*:*:*");
        g_auto(Cpe) hardware = cpe_of("cpe:2.3:h:siemens:s7-1500:2.8:*:*:*:*:*:*:*");

        g_assert_cmpint(cpe_compare(&firmware, &hardware), ==, CPE_DISJOINT);
        g_assert_false(cpe_fits(&firmware, &hardware, 0));
        g_assert_true(cpe_fits(&firmware, &hardware, 1u << CPE_PART));
}

static void test_names(void)
{
        static const struct {
                const char *source, *target;
                CpeRelation expected;
        } cases[] = {
                { "cpe:2.3:o:microsoft:windows_2000:*:*:*:*:*:*:*:*",
                  "cpe:2.3:o:microsoft:windows_2000:*:sp3:pro:*:*:*:*:*", CPE_SUPERSET },
                { "cpe:2.3:o:microsoft:windows_2000:*:sp3:pro:*:*:*:*:*",
                  "cpe:2.3:o:microsoft:windows_2000:*:*:*:*:*:*:*:*", CPE_SUBSET },
                { "cpe:2.3:a:a:b:1:*:*:*:*:*:*:*", "cpe:2.3:a:a:b:*:sp1:*:*:*:*:*:*", CPE_UNDEFINED },
                { "cpe:2.3:a:a:b:1:*:*:*:*:*:*:*", "cpe:2.3:a:a:b:2:*:*:*:*:*:*:*", CPE_DISJOINT },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(Cpe) source = cpe_of(cases[i].source), target = cpe_of(cases[i].target);

                g_assert_cmpint(cpe_compare(&source, &target), ==, cases[i].expected);
        }
}

/* ---- tables of others ---- */

static void test_table_validity(void)
{
        g_auto(GStrv) lines = table_lines("cpe/nilp0inter_formatted_string_validity.tsv");
        size_t n = 0;

        for (size_t i = 1; lines != NULL && lines[i] != NULL && lines[i][0] != '\0'; i++, n++) {
                g_auto(GStrv) cells = g_strsplit(lines[i], "\t", 2);
                g_auto(Cpe) cpe = { 0 };

                if (cpe_parse(cells[0], &cpe, NULL) != (strcmp(cells[1], "valid") == 0))
                        g_error("%s is %s", cells[0], cells[1]);
        }
        if (lines != NULL)
                g_assert_cmpuint(n, ==, 11);
}

static void test_table_relations(void)
{
        static const char *const names[] = { "Disjoint", "Equal", "Subset", "Superset", "Undefined" };
        g_auto(GStrv) lines = table_lines("cpe/nvdtools_attribute_relation.tsv");
        size_t n = 0;

        for (size_t i = 1; lines != NULL && lines[i] != NULL && lines[i][0] != '\0'; i++, n++) {
                g_auto(GStrv) cells = g_strsplit(lines[i], "\t", 3);
                CpeRelation relation = cpe_compare_values(cells[0], cells[1]);

                /* that program takes each `?` for one sign; 7696, section 7.3, for at most one */
                if (strcmp(cells[0], "fo??") == 0)
                        g_assert_cmpint(relation, ==, CPE_SUPERSET);
                else if (strcmp(names[relation], cells[2]) != 0)
                        g_error("%s against %s is %s, not %s", cells[0], cells[1], cells[2], names[relation]);
        }
        if (lines != NULL)
                g_assert_cmpuint(n, ==, 13);
}

/* `havingStartIncluding("1.0").havingEndExcluding("2.0")` */
static char *bound_of(const char *calls, const char *name)
{
        const char *call = strstr(calls, name), *from = call == NULL ? NULL : strchr(call, '"');

        return from == NULL ? NULL : g_strndup(from + 1, strcspn(from + 1, "\""));
}

static Range *range_of(const char *calls)
{
        g_autofree char *least = bound_of(calls, "havingStartIncluding"),
                        *above = bound_of(calls, "havingStartExcluding"),
                        *most = bound_of(calls, "havingEndIncluding"),
                        *below = bound_of(calls, "havingEndExcluding");

        return range_between(least != NULL ? least : above, least != NULL, most != NULL ? most : below,
                             most != NULL);
}

/* That program looks for its candidates by product and vendor first, so that a wildcard there finds nothing. */
static bool is_preselected(const Cpe *cpe)
{
        return strpbrk(cpe->value[CPE_PRODUCT], "*?") == NULL && !cpe_is_na(cpe, CPE_PRODUCT) &&
               (cpe_is_any(cpe, CPE_VENDOR) || strpbrk(cpe->value[CPE_VENDOR], "*?") == NULL);
}

static void test_table_matches(void)
{
        g_auto(GStrv) lines = table_lines("cpe/dependency-track_cpe_match_cases.tsv");
        size_t n = 0, passed_over = 0;

        for (size_t i = 1; lines != NULL && lines[i] != NULL && lines[i][0] != '\0'; i++) {
                g_auto(GStrv) cells = g_strsplit(lines[i], "\t", 5);
                g_auto(Cpe) source = { 0 }, target = { 0 };
                g_autofree char *version = NULL;
                bool wanted = strcmp(cells[3], "match") == 0, fits;

                if (!cpe_parse(cells[1], &source, NULL) || !cpe_parse(cells[4], &target, NULL)) {
                        g_assert_true(g_str_has_prefix(cells[1], "pkg:"));
                        continue;
                }
                if (!wanted && (!is_preselected(&source) || !is_preselected(&target))) {
                        passed_over++;
                        continue;
                }
                fits = cpe_fits(&source, &target, 0);
                version = cpe_plain(&target, CPE_VERSION);
                if (cells[2][0] != '\0' && version != NULL) {
                        g_autoptr(Range) range = range_of(cells[2]);

                        fits = fits && range_contains(range, version) == RANGE_INSIDE;
                }
                if (fits != wanted)
                        g_error("row %s: %s %s against %s is %s", cells[0], cells[1], cells[2], cells[4],
                                cells[3]);
                n++;
        }
        if (lines != NULL)
                g_test_message("%zu rows as expected, %zu passed over for that program's preselection", n,
                               passed_over);
        if (lines != NULL)
                g_assert_cmpuint(n, >=, 120);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vuln/cpe/formats", test_formats);
        g_test_add_func("/vuln/cpe/refused", test_refused);
        g_test_add_func("/vuln/cpe/words", test_words);
        g_test_add_func("/vuln/cpe/relations", test_relations);
        g_test_add_func("/vuln/cpe/names", test_names);
        g_test_add_func("/vuln/cpe/firmware-is-not-hardware", test_firmware_is_not_hardware);
        g_test_add_func("/vuln/cpe/table-validity", test_table_validity);
        g_test_add_func("/vuln/cpe/table-relations", test_table_relations);
        g_test_add_func("/vuln/cpe/table-matches", test_table_matches);
        return g_test_run();
}
