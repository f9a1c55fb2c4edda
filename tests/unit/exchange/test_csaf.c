/* Advisories written here: what they become, what is a problem by which test of the standard, and what is refused. */
#include "reading.h"

#define PUBLISHER \
        "\"publisher\":{\"category\":\"vendor\",\"name\":\"Example PSIRT\",\"namespace\":\"https://example.com\"}"
#define HISTORY "[{\"date\":\"2024-01-01T00:00:00Z\",\"number\":\"1\",\"summary\":\"first\"}]"

/* A document with members of `document` and `tracking` put in, and what follows. */
static char *document(const char *category, const char *tracking, const char *rest)
{
        return g_strdup_printf(
                "{\"document\":{\"category\":\"%s\",\"csaf_version\":\"2.0\",\"title\":\"A hole\"," PUBLISHER
                ",\"tracking\":{\"id\":\"EX-1\",\"current_release_date\":\"2024-01-01T00:00:00Z\",%s}}%s%s}",
                category, tracking, rest[0] == '\0' ? "" : ",", rest);
}

static WorkerResult *read_rest(const char *rest)
{
        g_autofree char *text = document(
                "csaf_base", "\"status\":\"final\",\"version\":\"1\",\"revision_history\":" HISTORY, rest);
        g_autoptr(GError) error = NULL;
        WorkerResult *result = reading_text("a.json", text, NULL, &error);

        g_assert_no_error(error);
        return result;
}

#define TREE                                                                                                                   \
        "\"product_tree\":{\"branches\":[{\"category\":\"vendor\",\"name\":\"Example AG\",\"branches\":["                      \
        "{\"category\":\"product_family\",\"name\":\"Gates\",\"branches\":["                                                   \
        "{\"category\":\"product_name\",\"name\":\"Gate 7\",\"branches\":["                                                    \
        "{\"category\":\"product_version_range\",\"name\":\"<V2.8.1\",\"product\":{\"product_id\":\"P1\",\"name\":\"Gate 7\"," \
        "\"product_identification_helper\":{\"cpe\":\"cpe:2.3:o:example:gate_7:*:*:*:*:*:*:*:*\","                             \
        "\"model_numbers\":[\"G7-*\"],\"serial_numbers\":[\"S1\"],\"skus\":[\"K1\"],\"purl\":\"pkg:generic/gate\","            \
        "\"hashes\":[{\"filename\":\"f\",\"file_hashes\":[{\"algorithm\":\"SHA256\",\"value\":\"00AB\"}]}]}}},"                \
        "{\"category\":\"product_version\",\"name\":\"V2.8\",\"branches\":[{\"category\":\"service_pack\",\"name\":\"SP1\","   \
        "\"product\":{\"product_id\":\"P2\",\"name\":\"Gate 7 V2.8 SP1\"}}]}]}]}]}],"                                          \
        "\"full_product_names\":[{\"product_id\":\"P3\",\"name\":\"Board\"},{\"product_id\":\"P9\",\"name\":\"Unused\"}],"     \
        "\"relationships\":[{\"category\":\"installed_on\",\"product_reference\":\"P2\","                                      \
        "\"relates_to_product_reference\":\"P3\",\"full_product_name\":{\"product_id\":\"P4\",\"name\":\"Gate on board\"}}],"  \
        "\"product_groups\":[{\"group_id\":\"G1\",\"product_ids\":[\"P1\",\"P4\"]}]}"

static void test_assertions(void)
{
        g_autoptr(WorkerResult) result = read_rest(
                TREE
                ",\"vulnerabilities\":[{\"cve\":\"CVE-2024-1\",\"title\":\"Hole\",\"cwe\":{\"id\":\"CWE-9999\","
                "\"name\":\"x\"},\"product_status\":{\"known_affected\":[\"P1\",\"P4\"],\"fixed\":[\"P2\"]},"
                "\"scores\":[{\"products\":[\"P1\"],\"cvss_v3\":{\"version\":\"3.1\",\"vectorString\":"
                "\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\",\"baseScore\":9.8,\"baseSeverity\":\"CRITICAL\"}}],"
                "\"remediations\":[{\"category\":\"vendor_fix\",\"details\":\"update\",\"group_ids\":[\"G1\"]}],"
                "\"threats\":[{\"category\":\"impact\",\"details\":\"bad\",\"product_ids\":[\"P1\"]}],"
                "\"flags\":[{\"label\":\"component_not_present\",\"product_ids\":[\"P2\"]}]},"
                "{\"ids\":[{\"system_name\":\"x\",\"text\":\"EX-7\"}]},{\"title\":\"nameless\"}]");

        assert_json(result->problems, "[]");
        assert_json(result->refused, "[]");
        g_assert_cmpuint(json_array_size(result->ops), ==, 2);
        assert_json(
                json_array_get(result->ops, 0),
                "{\"where\":\"/document\",\"op\":\"item\",\"kind\":\"document\",\"title\":\"A hole\",\"attrs\":"
                "{\"revision\":\"1\"},\"source\":{\"system\":\"csaf:https://example.com\",\"id\":\"EX-1\"},"
                "\"attach_file\":true}");
        assert_json(json_object_get(json_array_get(result->ops, 1), "document"),
                    "{\"source\":[\"csaf:https://example.com\",\"EX-1\"]}");
        assert_json(
                json_object_get(json_object_get(json_array_get(result->ops, 1), "advisory"), "products"),
                "[{\"name\":\"Gate 7\",\"vendor\":\"Example AG\",\"family\":\"Gates\",\"product\":\"Gate 7\",\"range\":"
                "\"<V2.8.1\",\"cpe\":\"cpe:2.3:o:example:gate_7:*:*:*:*:*:*:*:*\",\"purls\":[\"pkg:generic/gate\"],"
                "\"models\":[\"G7-*\"],\"serials\":[\"S1\"],\"skus\":[\"K1\"],\"hashes\":[\"sha256:00ab\"]},"
                "{\"name\":\"Gate 7 V2.8 SP1\",\"vendor\":\"Example AG\",\"family\":\"Gates\",\"product\":\"Gate 7\","
                "\"version\":\"V2.8 SP1\"},{\"name\":\"Board\"},{\"both\":[1,2],\"relation\":\"installed_on\"}]");
        assert_json(
                json_object_get(json_object_get(json_array_get(result->ops, 1), "advisory"),
                                "vulnerabilities"),
                "[{\"id\":\"CVE-2024-1\",\"title\":\"Hole\",\"cwes\":[\"CWE-9999\"],\"scores\":[{\"version\":\"3.1\","
                "\"vector\":\"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\",\"score\":\"9.8\",\"severity\":\"critical\","
                "\"products\":[0]}],\"status\":{\"known_affected\":[0,3],\"fixed\":[1]},\"remediations\":[{\"category\":"
                "\"vendor_fix\",\"details\":\"update\",\"products\":[0,3]}],\"flags\":[{\"label\":"
                "\"component_not_present\",\"products\":[1]}],\"threats\":[{\"category\":\"impact\",\"details\":\"bad\","
                "\"products\":[0]}]},{\"id\":\"EX-7\",\"status\":{}},{\"id\":\"EX-1/3\",\"title\":\"nameless\","
                "\"status\":{}}]");
}

/* ---- problems ---- */

static void check_problem(const WorkerResult *result, const char *where, const char *mark)
{
        const json_t *problem;
        size_t i;

        json_array_foreach(result->problems, i, problem)
        {
                if (strstr(jread_get_string(problem, "message"), mark) != NULL &&
                    strcmp(jread_get_string(problem, "where"), where) == 0)
                        return;
        }
        g_autofree char *all = json_dumps(result->problems, 0);

        g_error("no problem \"%s\" at %s, but %s", mark, where, all);
}

#define NAMES \
        "\"product_tree\":{\"full_product_names\":[{\"product_id\":\"A\",\"name\":\"a\"},{\"product_id\":\"B\",\"name\":\"b\"}]"

/* Those that the suite of the standard has no file of, or not of this kind. */
static void test_products(void)
{
        static const struct {
                const char *rest, *where, *test;
        } cases[] = {
                { NAMES
                  ",\"relationships\":[{\"category\":\"installed_on\",\"product_reference\":\"A\","
                  "\"relates_to_product_reference\":\"C\",\"full_product_name\":{\"product_id\":\"C\",\"name\":\"c\"}}]}",
                  "/product_tree/relationships", "6.1.3)" },
                { NAMES
                  ",\"relationships\":[{\"category\":\"installed_on\",\"product_reference\":\"A\","
                  "\"relates_to_product_reference\":\"Z\",\"full_product_name\":{\"product_id\":\"C\",\"name\":\"c\"}}]}",
                  "/product_tree/relationships/0", "6.1.1)" },
                { NAMES
                  "},\"vulnerabilities\":[{\"remediations\":[{\"category\":\"x\",\"details\":\"d\",\"product_ids\":"
                  "[\"A\",\"Z\"]}]}]",
                  "/vulnerabilities/0/remediations/0/product_ids/1", "6.1.1)" },
                { NAMES
                  "},\"vulnerabilities\":[{\"product_status\":{\"first_affected\":[\"A\"],\"fixed\":[\"B\",\"A\"]}}]",
                  "/vulnerabilities/0/product_status/fixed/1", "6.1.6)" },
                { NAMES
                  "},\"vulnerabilities\":[{\"flags\":[{\"label\":\"component_not_present\",\"product_ids\":[\"A\"]},"
                  "{\"label\":\"vulnerable_code_not_present\",\"product_ids\":[\"B\",\"A\"]}]}]",
                  "/vulnerabilities/0/flags/1", "6.1.33)" },
                { "\"product_tree\":{\"full_product_names\":[{\"product_id\":\"A\",\"name\":\"a\","
                  "\"product_identification_helper\":{\"cpe\":\"cpe:2.3:a\"}}]}",
                  "/product_tree/A/product_identification_helper/cpe", "no CPE name" },
                { "\"vulnerabilities\":[{\"scores\":[{\"products\":[],\"cvss_v3\":{\"version\":\"3.1\",\"vectorString\":"
                  "\"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\",\"baseScore\":9.8,\"baseSeverity\":\"CRITICAL\"}}]}]",
                  "/vulnerabilities/0/scores/0/cvss_v3", "6.1.8)" },
                { "\"vulnerabilities\":[{\"scores\":[{\"products\":[],\"cvss_v2\":{\"version\":\"2.0\",\"vectorString\":"
                  "\"AV:N/AC:L/Au:N/C:N/I:N/A:C\",\"baseScore\":7.9}}]}]",
                  "/vulnerabilities/0/scores/0/cvss_v2", "6.1.9)" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(WorkerResult) result = read_rest(cases[i].rest);

                check_problem(result, cases[i].where, cases[i].test);
        }
}

static void test_history(void)
{
        static const struct {
                const char *status, *version, *history, *where, *test;
        } cases[] = {
                { "final", "1",
                  "[{\"date\":\"2024-01-01T00:00:00Z\",\"number\":\"0\"},"
                  "{\"date\":\"2024-01-02T00:00:00Z\",\"number\":\"1\"}]",
                  "/document/tracking/revision_history/0/number", "6.1.18)" },
                { "final", "1", "[{\"date\":\"2024-01-01T00:00:00Z\",\"number\":\"1.0.0\"}]",
                  "/document/tracking/revision_history/0/number", "6.1.30)" },
                { "final", "1", "[{\"date\":\"2024-01-01T00:00:00Z\",\"number\":\"one\"}]",
                  "/document/tracking/revision_history/0", "a revision has a number" },
                { "final", "1", "[{\"date\":\"yesterday\",\"number\":\"1\"}]",
                  "/document/tracking/revision_history/0", "a revision has a number" },
                { "final", "first", HISTORY, "/document/tracking/version", "neither an integer" },
                { "final", "2", HISTORY, "/document/tracking/version", "6.1.16)" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *tracking =
                        g_strdup_printf("\"status\":\"%s\",\"version\":\"%s\",\"revision_history\":%s",
                                        cases[i].status, cases[i].version, cases[i].history);
                g_autofree char *text = document("csaf_base", tracking, "");
                g_autoptr(WorkerResult) result = reading_text("a.json", text, NULL, NULL);

                g_assert_nonnull(result);
                check_problem(result, cases[i].where, cases[i].test);
        }
}

static void test_profiles(void)
{
        static const struct {
                const char *category, *rest, *where, *test;
        } cases[] = {
                { "csaf_informational_advisory", "", "/document", "6.1.27.1)" },
                { "csaf_security_incident_response", "", "/document", "6.1.27.2)" },
                { "csaf_informational_advisory", "\"vulnerabilities\":[{}]", "/vulnerabilities",
                  "6.1.27.3)" },
                { "csaf_security_advisory", "\"vulnerabilities\":[{}]", "/product_tree", "6.1.27.4)" },
                { "csaf_vex", "\"vulnerabilities\":[{}]", "/vulnerabilities/0", "6.1.27.5)" },
                { "csaf_security_advisory", "\"vulnerabilities\":[{}]", "/vulnerabilities/0", "6.1.27.6)" },
                { "csaf_vex", "\"vulnerabilities\":[{}]", "/vulnerabilities/0", "6.1.27.7)" },
                { "csaf_vex", "\"vulnerabilities\":[{}]", "/vulnerabilities/0", "6.1.27.8)" },
                { "csaf_vex",
                  NAMES "},\"vulnerabilities\":[{\"product_status\":{\"known_affected\":[\"A\"]}}]",
                  "/vulnerabilities/0/product_status/known_affected/0", "6.1.27.10)" },
                { "csaf_vex", "", "/vulnerabilities", "6.1.27.11)" },
                { "csaf_other", "", "/document/category", "6.1.26)" },
                { "V E X", "", "/document/category", "6.1.26)" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text =
                        document(cases[i].category,
                                 "\"status\":\"final\",\"version\":\"1\",\"revision_history\":" HISTORY,
                                 cases[i].rest);
                g_autoptr(WorkerResult) result = reading_text("a.json", text, NULL, NULL);

                g_assert_nonnull(result);
                check_problem(result, cases[i].where, cases[i].test);
        }
}

/* ---- refused ---- */

static void test_refused_parts(void)
{
        static const struct {
                const char *rest, *where;
        } cases[] = {
                { "\"vulnerabilities\":{}", "/vulnerabilities" },
                { "\"product_tree\":[]", "/product_tree" },
                { "\"product_tree\":{\"branches\":{}}", "/product_tree/branches" },
                { "\"product_tree\":{\"branches\":[{\"category\":\"vendor\"}]}",
                  "/product_tree/branches/0/name" },
                { "\"product_tree\":{\"branches\":[7]}", "/product_tree/branches/0/category" },
                { "\"product_tree\":{\"full_product_names\":[{\"name\":\"a\"}]}",
                  "/product_tree/full_product_names/0/product_id" },
                { "\"product_tree\":{\"full_product_names\":[{\"name\":\"a\",\"product_id\":\"\"}]}",
                  "/product_tree/full_product_names/0/product_id" },
                { "\"product_tree\":{\"full_product_names\":[{\"name\":\"a\\u0000b\",\"product_id\":\"A\"}]}",
                  "/product_tree/full_product_names/0/name" },
                { "\"product_tree\":{\"relationships\":[{\"category\":\"x\"}]}",
                  "/product_tree/relationships/0/product_reference" },
                { "\"vulnerabilities\":[{\"scores\":7}]", "/vulnerabilities/0/scores" },
                { "\"vulnerabilities\":[{\"product_status\":{\"fixed\":\"A\"}}]",
                  "/vulnerabilities/0/product_status/fixed" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(WorkerResult) result = read_rest(cases[i].rest);

                if (json_array_size(result->refused) != 1)
                        g_error("%s is not refused once", cases[i].rest);
                g_assert_cmpstr(jread_get_string(json_array_get(result->refused, 0), "where"), ==,
                                cases[i].where);
        }
}

static void test_refused_files(void)
{
        static const struct {
                const char *text;
                ZwErrorCode code;
                const char *where;
        } cases[] = {
                { "{\"csaf_version\":\"2.0\"}", ZW_ERR_INPUT, "/document" },
                { "{\"document\":[\"csaf_version\"],\"csaf_version\":1}", ZW_ERR_INPUT, "/document" },
                { "{\"document\":{\"csaf_version\":\"1.2\"}}", ZW_ERR_INPUT, "/document/csaf_version" },
                { "{\"document\":{\"csaf_version\":2.0}}", ZW_ERR_INPUT, "/document/csaf_version" },
                { "{\"document\":{\"csaf_version\":\"2.0\"}}", ZW_ERR_INPUT, "/document/category" },
                { "{\"document\":{\"csaf_version\":\"2.0\",\"category\":\"csaf_base\",\"title\":\"t\"}}",
                  ZW_ERR_INPUT, "/document/publisher/name" },
                { "{\"document\":{\"csaf_version\":\"2.0\",\"category\":\"csaf_base\",\"title\":\"t\"," PUBLISHER
                  "}}",
                  ZW_ERR_INPUT, "/document/tracking/id" },
                { "{\"document\":{\"csaf_version\":\"2.0\",\"category\":\"csaf_base\",\"title\":\"t\"," PUBLISHER
                  ",\"tracking\":{\"id\":\"E\",\"version\":1}}}",
                  ZW_ERR_INPUT, "/document/tracking/version" },
                { "{\"document\":{\"csaf_version\":\"2.0\",", ZW_ERR_INPUT, "byte 34" },
                { "{\"document\":{\"csaf_version\":\"2.0\",\"title\":\"\xff\"}}", ZW_ERR_ENCODING,
                  "byte 43" },
                { "{\"document\":{\"csaf_version\":\"2.0\"}} x", ZW_ERR_INPUT, "byte 36" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text("a.json", cases[i].text, NULL, &error);

                assert_refused(result, error, cases[i].code, cases[i].where);
        }
}

/* Branches in each other, and a chain of relationships as long as the list: both end. */
static void test_deep(void)
{
        g_autoptr(GString) deep = g_string_new(NULL), chain = g_string_new(NAMES ",\"relationships\":[");
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) refused = NULL, result = NULL;

        g_string_append(deep, "\"product_tree\":{");
        for (int i = 0; i < 60; i++)
                g_string_append(deep, "\"branches\":[{\"category\":\"product_name\",\"name\":\"x\",");
        g_string_append(deep, "\"x\":1");
        for (int i = 0; i < 60; i++)
                g_string_append(deep, "}]");
        g_string_append(deep, "}");
        text = document("csaf_base", "\"status\":\"final\",\"version\":\"1\",\"revision_history\":" HISTORY,
                        deep->str);
        refused = reading_text("a.json", text, NULL, &error);
        g_assert_null(refused);
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);

        for (int i = 0; i < 20000; i++)
                g_string_append_printf(
                        chain,
                        "%s{\"category\":\"installed_on\",\"product_reference\":\"%s%d\","
                        "\"relates_to_product_reference\":\"B\",\"full_product_name\":{\"product_id\":\"C%d\","
                        "\"name\":\"c\"}}",
                        i == 0 ? "" : ",", "C", i + 1, i);
        g_string_append(chain, "]},\"vulnerabilities\":[{\"product_status\":{\"known_affected\":[\"C0\"]}}]");
        result = read_rest(chain->str);
        g_assert_cmpuint(json_array_size(result->problems), ==, 1); /* the last one leads nowhere */
        check_problem(result, "/product_tree/relationships/19999", "6.1.1)");
}

/* Problems without end are counted, not listed. */
static void test_many_problems(void)
{
        g_autoptr(GString) rest = g_string_new("\"vulnerabilities\":[{\"product_status\":{\"fixed\":[\"A\"");
        g_autoptr(WorkerResult) result = NULL;

        for (int i = 0; i < 4999; i++)
                g_string_append(rest, ",\"A\"");
        g_string_append(rest, "]}}]");
        result = read_rest(rest->str);
        g_assert_cmpuint(json_array_size(result->problems), ==, 1001);
        g_assert_cmpstr(jread_get_string(json_array_get(result->problems, 1000), "message"), ==,
                        "4000 more problems are not listed");
}

/* ---- lists of advisories ---- */

static void test_listings(void)
{
        static const struct {
                const char *name, *text, *figures, *ops;
        } cases[] = {
                { "index.txt", "2024/a.json\n\n2024/b.json\n", "{\"nonempty_lines\":2}",
                  "[{\"op\":\"listing\",\"url\":\"2024/a.json\"},{\"op\":\"listing\",\"url\":\"2024/b.json\"}]" },
                { "changes.csv", "2024/a.json,2024-01-01T00:00:00Z\r\n", "{\"nonempty_lines\":1}",
                  "[{\"op\":\"listing\",\"url\":\"2024/a.json\",\"modified\":\"2024-01-01T00:00:00Z\"}]" },
                { "feed.json",
                  "{\"feed\":{\"id\":\"x\",\"category\":[{\"scheme\":\"urn:ietf:params:rolie\"}],\"entry\":[{},{}]}}",
                  "{\"root\":\"object\",\"feed\":3,\"entries\":2}",
                  "[{\"op\":\"listing\"},{\"op\":\"listing\"}]" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(WorkerResult) result = reading_text(cases[i].name, cases[i].text, NULL, &error);

                g_assert_no_error(error);
                g_assert_cmpint(result->format, ==, ZW_FORMAT_CSAF_LISTING);
                assert_json(result->figures, cases[i].figures);
                assert_json(result->ops, cases[i].ops);
                g_assert_cmpuint(json_array_size(result->refused), ==, 1);
        }
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) result = reading_text("index.txt", "a.json\nb.pdf\n", NULL, &error);

        assert_refused(result, error, ZW_ERR_INPUT, "line 2");
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/csaf/assertions", test_assertions);
        g_test_add_func("/exchange/csaf/products", test_products);
        g_test_add_func("/exchange/csaf/history", test_history);
        g_test_add_func("/exchange/csaf/profiles", test_profiles);
        g_test_add_func("/exchange/csaf/refused-parts", test_refused_parts);
        g_test_add_func("/exchange/csaf/refused-files", test_refused_files);
        g_test_add_func("/exchange/csaf/deep", test_deep);
        g_test_add_func("/exchange/csaf/many-problems", test_many_problems);
        g_test_add_func("/exchange/csaf/listings", test_listings);
        return g_test_run();
}
