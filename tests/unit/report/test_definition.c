/* Definitions: the built-in ones are read, and each kind of wrong one is refused with its place. */
#include "base/error.h"
#include "base/jread.h"
#include "report/definition.h"

#include <string.h>

static ReportDefinition *read_text(const char *text, GError **error)
{
        g_autoptr(Json) json = jread_parse(text, strlen(text), error);

        g_assert_nonnull(json);
        return report_definition_read(json, error);
}

static void test_built_in(void)
{
        g_assert_cmpuint(report_sources_count, ==, 17);
        for (size_t i = 0; i < report_sources_count; i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(ReportDefinition) definition = read_text(report_sources[i], &error);
                g_autoptr(ReportDefinition) again = NULL;

                g_assert_no_error(error);
                again = report_definition_load(definition->type, &error);
                g_assert_no_error(error);
                g_assert_cmpstr(again->title, ==, definition->title);
                g_assert_cmpuint(definition->sections->len, >, 0);
        }
}

static void test_unknown_type(void)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(report_definition_load("tracability", &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NAME_UNKNOWN);
        g_assert_nonnull(strstr(error->message, "did you mean \"traceability\""));
}

#define REPORT(sections) "{\"type\":\"t\",\"title\":\"T\",\"summary\":\"S\",\"sections\":[" sections "]}"
#define SECTION(rest)    REPORT("{\"id\":\"s\",\"title\":\"S\"," rest "}")
#define EACH(table)                                                                                                \
        SECTION("\"sections\":[{\"id\":\"p-{place}\",\"title\":\"{place}\",\"each\":\"places\",\"tables\":[" table \
                "]}]")
#define TABLE(query, rest)                 \
        "{\"id\":\"t\",\"query\":\"" query \
        "\",\"caption\":\"C\",\"columns\":[{\"field\":\"place\",\"title\":\"P\"}]" rest "}"
#define PLACES(rest) SECTION("\"tables\":[" TABLE("places", rest) "]")
#define COLUMN(rest) \
        SECTION("\"tables\":[{\"id\":\"t\",\"query\":\"places\",\"caption\":\"C\",\"columns\":[{" rest "}]}]")

#define CHART(query, series)                                                                                                  \
        SECTION("\"tables\":[{\"id\":\"t\",\"query\":\"" query                                                                \
                "\",\"caption\":\"C\",\"columns\":[{\"field\":\"place\",\"title\":\"P\"},"                                    \
                "{\"field\":\"demanded\",\"title\":\"D\"}],\"chart\":{\"title\":\"T\",\"label\":\"place\",\"series\":" series \
                "}}]")

static void test_good(void)
{
        static const char *const good[] = {
                REPORT(""),
                SECTION("\"texts\":[\"a\",\"b\"]"),
                PLACES(""),
                PLACES(",\"where\":{\"kind\":[\"zone\"]},\"group\":[\"kind\"],\"group_title\":\"{kind} {place}\",\"limit\":3"),
                COLUMN("\"field\":\"demanded\",\"title\":\"D\",\"link\":\"x-{place}-{word}\",\"report\":\"gap\""),
                COLUMN("\"field\":\"place\",\"title\":\"D\",\"quiet\":true,\"heading\":true,\"show\":\"key\""),
                EACH("{\"id\":\"e-{place}\",\"query\":\"entries\",\"caption\":\"of {place}\",\"columns\":["
                     "{\"field\":\"fr\",\"title\":\"FR\",\"link\":\"{place}-{fr}\"}]}"),
                CHART("places", "[\"demanded\"]"),
        };

        for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
                g_autoptr(GError) error = NULL;
                g_autoptr(ReportDefinition) definition = read_text(good[i], &error);

                g_assert_no_error(error);
                g_assert_nonnull(definition);
        }
}

static void test_refused(void)
{
        static const struct {
                const char *text, *where, *words;
        } bad[] = {
                { "[]", "", "" },
                { "{\"type\":\"t\",\"title\":\"T\",\"sections\":[]}", "", "summary" },
                { "{\"type\":\"t\",\"title\":\"T\",\"summary\":\"S\",\"sectoins\":[]}", "", "sections" },
                { "{\"type\":1,\"title\":\"T\",\"summary\":\"S\",\"sections\":[]}", "", "" },
                { SECTION("\"texts\":[1]"), "/sections/0", "texts" },
                { SECTION("\"table\":[]"), "/sections/0", "tables" },
                { SECTION("\"each\":\"placse\""), "/sections/0", "places" },
                { SECTION("\"each\":\"rules\""), "/sections/0", "each" },
                { SECTION("\"each\":\"rows\""), "/sections/0", "each" },
                { REPORT("{\"id\":\"s-{place}\",\"title\":\"S\"}"), "/sections/0", "{place}" },
                { SECTION("\"tables\":[" TABLE("plaecs", "") "]"), "/sections/0/tables/0", "places" },
                { SECTION("\"tables\":[" TABLE("entries", "") "]"), "/sections/0/tables/0", "of one place" },
                { PLACES(",\"limit\":-1"), "/sections/0/tables/0", "limit" },
                { PLACES(",\"where\":{\"kidn\":[\"zone\"]}"), "/sections/0/tables/0", "kind" },
                { PLACES(",\"where\":{\"kind\":\"zone\"}"), "/sections/0/tables/0", "array" },
                { PLACES(",\"where\":{\"kind\":[]}"), "/sections/0/tables/0", "array" },
                { PLACES(",\"where\":{\"kind\":[1]}"), "/sections/0/tables/0", "array" },
                { PLACES(",\"group\":[\"nothing\"]"), "/sections/0/tables/0", "nothing" },
                { PLACES(",\"group\":[1]"), "/sections/0/tables/0", "group" },
                { PLACES(",\"group_title\":\"{nothing}\""), "/sections/0/tables/0", "nothing" },
                { PLACES(",\"anchor\":\"{}\""), "/sections/0/tables/0", "{}" },
                { PLACES(",\"anchor\":\"a{place\""), "/sections/0/tables/0", "{place" },
                { SECTION("\"tables\":[{\"id\":\"t\",\"query\":\"places\",\"caption\":\"C\",\"columns\":[]}]"),
                  "/sections/0/tables/0", "columns" },
                { COLUMN("\"field\":\"plaec\",\"title\":\"P\""), "/sections/0/tables/0/columns/0", "place" },
                { COLUMN("\"field\":\"place\""), "/sections/0/tables/0/columns/0", "title" },
                { COLUMN("\"field\":\"kind\",\"title\":\"K\",\"quiet\":true"),
                  "/sections/0/tables/0/columns/0", "quiet" },
                { COLUMN("\"field\":\"kind\",\"title\":\"K\",\"link\":\"{nothing}\""),
                  "/sections/0/tables/0/columns/0", "nothing" },
                { COLUMN("\"field\":\"place\",\"title\":\"K\",\"show\":\"brief\""),
                  "/sections/0/tables/0/columns/0", "brief" },
                { COLUMN("\"field\":\"place\",\"title\":\"K\",\"show\":\"keys\""),
                  "/sections/0/tables/0/columns/0", "key" },
                { CHART("places", "[\"demanded\",\"plaec\"]"), "/sections/0/tables/0", "place" },
                { CHART("places", "[\"kind\"]"), "/sections/0/tables/0", "numbers" },
                { CHART("places", "[\"verified\"]"), "/sections/0/tables/0", "numbers" },
                { CHART("places", "[]"), "/sections/0/tables/0", "series" },
                { CHART("places", "\"demanded\""), "/sections/0/tables/0", "" },
                { EACH(TABLE("entries", "")), "/sections/0/sections/0/tables/0/columns/0", "place" },
                { SECTION("\"each\":\"places\",\"sections\":[{\"id\":\"x\",\"title\":\"x\",\"each\":\"places\"}]"),
                  "/sections/0/sections/0", "inside another" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
                g_autoptr(GError) error = NULL;

                g_assert_null(read_text(bad[i].text, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                g_assert_true(
                        g_str_has_prefix(error_where(error) == NULL ? "" : error_where(error), bad[i].where));
                g_assert_nonnull(strstr(error->message, bad[i].words));
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/report/definition/built-in", test_built_in);
        g_test_add_func("/report/definition/unknown-type", test_unknown_type);
        g_test_add_func("/report/definition/good", test_good);
        g_test_add_func("/report/definition/refused", test_refused);
        return g_test_run();
}
