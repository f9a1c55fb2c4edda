/* Formats that are read for their figures: the engines of xfigures.h and jfigures.h through real readers, and what a table does not
 * tell. Real files: tests/golden/test_corpus.py. */
#include "reading.h"

typedef struct {
        const char *name, *text, *format, *figures; /* all figures, in their order */
} Figures;

static void test_figures(void)
{
        static const Figures cases[] = {
                { "a.xml",
                  "<nmaprun version='7.9'><host><status state='up'/></host><host><status state='down'/></host></nmaprun>",
                  "nmap",
                  "{\"nmap_version\":\"7.9\",\"hosts\":2,\"up\":1,\"ports\":0,\"open\":0,\"scripts\":0,\"osmatch\":0}" },
                { "a.xml", "<x:test-run xmlns:x='u'><test-case result='Passed'/><test-case/></x:test-run>",
                  "nunit",
                  "{\"result\":{\"Passed\":1,\"None\":1},\"cases\":2,\"root\":\"test-run\",\"ns\":\"u\"}" },
                { "a.xml",
                  "<report><results><result><host>h <asset/></host><threat> High </threat></result><result><threat/></result></results></report>",
                  "openvas",
                  "{\"threats\":{\"High\":1,\"None\":1},\"results\":2,\"hosts\":1,\"root\":\"report\",\"ns\":\"(none)\"}" },
                { "a.scd", "<SCL/>", "iec61850-scl", NULL },
                { "v.txt",
                  "\xef\xbb\xbf"
                  "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\r\n",
                  "cvss-vectors", "{\"versions\":{\"3.1\":1},\"nonempty_lines\":1,\"wrong\":0}" },
                { "a.spdx",
                  "\xef\xbb\xbf"
                  "SPDXVersion: SPDX-2.3\r\nPackageName: a\r\n",
                  "spdx",
                  "{\"form\":\"tag-value\",\"spdxVersion\":\"SPDX-2.3\",\"packages\":1,\"files\":0,\"relationships\":0}" },
                { "kev.json",
                  "{\"catalogVersion\":\"1\",\"count\":1,\"vulnerabilities\":[{\"cveID\":\"CVE-1\",\"vendorProject\":\"b\",\"dateAdded\":\"2024-01-02\",\"cwes\":[]}]}",
                  "kev",
                  "{\"catalogVersion\":\"1\",\"vulnerabilities\":1,\"distinct_cves\":1,\"distinct_vendors\":1,\"max_dateAdded\":\"2024-01-02\",\"ransomware_known\":0,\"with_cwes\":0,\"declared_count\":1}" },
                { "e.csv",
                  "\xef\xbb\xbf"
                  "cve,epss,percentile\r\nCVE-2024-1,0.25,1\r\n",
                  "epss", "{\"rows\":1,\"columns\":[\"cve\",\"epss\",\"percentile\"],\"max_epss\":0.25}" },
                { "n.json",
                  "{\"cve\":{\"id\":\"CVE-1\",\"sourceIdentifier\":\"a\",\"vulnStatus\":\"Rejected\"}}",
                  "nvd",
                  "{\"cves\":1,\"distinct_ids\":1,\"first\":\"CVE-1\",\"status\":{\"Rejected\":1},\"configurations\":0,\"references\":0,\"weakness_entries\":0,\"wrapper\":\"item{cve}\",\"AND_configurations\":0,\"cpeMatch\":0,\"vulnerable_true\":0,\"with_version_range\":0}" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text(cases[i].name, cases[i].text, NULL, &error);

                g_assert_no_error(error);
                g_assert_cmpstr(format_def(result->format)->name, ==, cases[i].format);
                if (cases[i].figures != NULL)
                        assert_json(result->figures, cases[i].figures);
        }
}

static bool has_place(const json_t *rows, const char *where)
{
        const json_t *row;
        size_t i;

        json_array_foreach(rows, i,
                           row) if (g_strcmp0(jread_get_string(row, "where"), where) == 0) return true;
        return false;
}

/* What is doubtful or refused, and where. */
static void test_problems(void)
{
        static const struct {
                const char *name, *text, *where;
                bool refused;
        } cases[] = {
                { "k.json", "{\"catalogVersion\":\"1\",\"count\":5,\"vulnerabilities\":[]}", "/count",
                  false },
                { "k.json", "{\"catalogVersion\":\"1\",\"vulnerabilities\":[{}]}", "/vulnerabilities/0/cveID",
                  true },
                { "n.json", "{\"format\":\"NVD_CVE\",\"totalResults\":7,\"vulnerabilities\":[]}",
                  "/totalResults", false },
                { "n.json", "{\"format\":\"NVD_CVE\",\"resultsPerPage\":7,\"vulnerabilities\":[]}",
                  "/resultsPerPage", false },
                { "v.json",
                  "{\"@context\":\"https://openvex.dev/ns\",\"statements\":[{\"status\":\"maybe\",\"vulnerability\":\"x\"}]}",
                  "/statements/0", true },
                { "v.json",
                  "{\"@context\":\"https://openvex.dev/ns\",\"statements\":[{\"status\":\"not_affected\",\"vulnerability\":\"x\"}]}",
                  "/statements/0", false },
                { "e.csv", "cve,epss\nCVE-1,1.5\n", "line 2", true },
                { "s.json", "{\"id\":\"bundle--1\",\"objects\":[{\"id\":\"x\"}]}", "/objects/0", true },
                { "r.reqif", "<REQ-IF><SOURCE><SPEC-OBJECT-REF>x</SPEC-OBJECT-REF></SOURCE></REQ-IF>", "x",
                  false },
                { "t.json", "{\"threats\":[],\"mitigationLinks\":[{\"mitigationId\":\"m\"}]}",
                  "/mitigationLinks/0/mitigationId", false },
                { "p.json",
                  "{\"tests\":[{\"test_type\":\"parse\",\"input\":\"pkg:npm/a@1\",\"expected_failure\":true}]}",
                  "/tests/0", false },
                { "v.txt", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\nCVSS:3.1/AV:X\n", "line 2", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text(cases[i].name, cases[i].text, NULL, &error);
                const json_t *rows;

                g_assert_no_error(error);
                rows = cases[i].refused ? result->refused : result->problems;
                if (!has_place(rows, cases[i].where))
                        g_error("%s: nothing is said of %s", cases[i].text, cases[i].where);
        }
}

static void test_unreadable(void)
{
        static const struct {
                const char *name, *text, *where;
        } cases[] = {
                { "a.json", "{\"dataType\":\"CVE_RECORD\"}", "/cveMetadata/cveId" },
                { "a.json", "{\"sourceIdentifier\":1,\"vulnStatus\":1,\"a\":{\"b\":1,\"b\":2}}", "/a/b" },
                { "a.json", "{\"otmVersion\":\"1\",\"a~/b\":{\"x\":1,\"x\":1}}", "/a~0~1b/x" },
                { "a.csv", "#x\ncve,epss\n", NULL },
                { "a.json", "{\"current_version\":\"1\",\"versions\":{\"1\":{\"needs\":{}}}}", "/project" },
                { "a.json", "{\"detail\":{\"contribute\":[]}}", "/detail/diagrams" },
                { "a.drawio", "<mxfile><diagram>####</diagram></mxfile>", "page 1" },
                { "a.drawio", "<mxfile><diagram>AAAA</diagram></mxfile>", "page 1" },
                /* other programs call their roots the same */
                { "a.xml", "\n<report name='coverage'><counter/></report>", "line 2" },
                { "a.xml", "<Site BuildName='x'><Configure/></Site>", "line 1" },
                { "a.xml", "<TestRun><Step/></TestRun>", "line 1" },
                { "a.xml", "<TestCase name='x'><Step/></TestCase>", "line 1" },
                { "a.xml", "<TestLog><Entry/></TestLog>", "line 1" },
                { "a.xml", "<robot><arm/></robot>", "line 1" },
                { "a.xml", "<catalog><book/></catalog>", "line 1" },
                { "a.xml", "<profile><name>x</name></profile>", "line 1" },
                { "a.xml", "<Document><Payment/></Document>", "line 1" },
                { "a.rdf", "<r:RDF xmlns:r='u'><Person/></r:RDF>", "line 1" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text(cases[i].name, cases[i].text, NULL, &error);

                if (cases[i].where == NULL) {
                        g_assert_no_error(error);
                        continue;
                }
                g_assert_null(result);
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_cmpstr(error_where(error), ==, cases[i].where);
        }
}

/* Text in UTF-16, as some shells redirect it, is what it would be in UTF-8; for XML the parser sees to that. */
static void test_wide(void)
{
        static const struct {
                const char *name, *text, *format;
        } cases[] = { { "a.json", "{\"otmVersion\":\"1 \303\244\"}", "otm" },
                      { "a.yaml", "otmVersion: 1\n", "otm" },
                      { "a.tap", "TAP version 13\n1..1\nok 1\n", "tap" },
                      { "a.xml", "<nmaprun/>", "nmap" } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                for (int big = 0; big < 2; big++) {
                        g_autoptr(GError) error = NULL;
                        gsize n;
                        g_autofree char *wide = g_convert(cases[i].text, -1, big ? "UTF-16BE" : "UTF-16LE",
                                                          "UTF-8", NULL, &n, NULL),
                                        *marked = g_malloc(n + 2);
                        g_autoptr(WorkerResult) result = NULL;

                        memcpy(marked, big ? "\xfe\xff" : "\xff\xfe", 2);
                        memcpy(marked + 2, wide, n);
                        result = reading_bytes(cases[i].name, marked, n + 2, NULL, &error);
                        g_assert_no_error(error);
                        g_assert_cmpstr(format_def(result->format)->name, ==, cases[i].format);
                }
}

/* An object of many members is looked up, one of few compared. */
static void test_many_members(void)
{
        g_autoptr(GString) text = g_string_new("{\"otmVersion\":\"1\"");
        g_autoptr(WorkerResult) result = NULL, twice = NULL;
        g_autoptr(GError) error = NULL;

        for (int i = 0; i < 100; i++)
                g_string_append_printf(text, ",\"m%d\":%d", i, i);
        g_string_append_c(text, '}');
        result = reading_text("a.json", text->str, NULL, &error);
        g_assert_no_error(error);
        g_string_truncate(text, text->len - 1);
        g_string_append(text, ",\"m3\":1}");
        twice = reading_text("a.json", text->str, NULL, &error);
        g_assert_null(twice);
        g_assert_cmpstr(error_where(error), ==, "/m3");
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/figures/figures", test_figures);
        g_test_add_func("/exchange/figures/problems", test_problems);
        g_test_add_func("/exchange/figures/unreadable", test_unreadable);
        g_test_add_func("/exchange/figures/wide", test_wide);
        g_test_add_func("/exchange/figures/many-members", test_many_members);
        return g_test_run();
}
