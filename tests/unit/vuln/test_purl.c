#include "base/jread.h"
#include "vuln/purl.h"

#include "table.h"

#include <stdint.h>

static void test_canonical(void)
{
        static const struct {
                const char *text, *expected;
        } cases[] = {
                { "pkg:npm/foobar@12.3.1", "pkg:npm/foobar@12.3.1" },
                { "pkg:npm/@angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1" },
                { "PKG:GitHub/Package-URL/Purl-Spec@244fd47e07d1004#everybody/loves/dogs",
                  "pkg:github/package-url/purl-spec@244fd47e07d1004#everybody/loves/dogs" },
                { "pkg://maven//org.apache/io@1", "pkg:maven/org.apache/io@1" },
                { "pkg:pypi/Django_Package@1.11.1", "pkg:pypi/django-package@1.11.1" },
                { "pkg:deb/debian/curl?distro=jessie&arch=i386&empty=",
                  "pkg:deb/debian/curl?arch=i386&distro=jessie" },
                { "pkg:golang/a/b@1#/./x/../y/", "pkg:golang/a/b@1#x/y" },
                { "pkg:generic/a%20b@1%2B2", "pkg:generic/a%20b@1%2B2" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_auto(Purl) purl = { 0 };
                g_autoptr(GError) error = NULL;
                g_autofree char *text = NULL;

                g_assert_true(purl_parse(cases[i].text, &purl, &error));
                text = purl_format(&purl);
                g_assert_cmpstr(text, ==, cases[i].expected);
        }
}

static void test_refused(void)
{
        static const struct {
                const char *text, *where;
        } cases[] = {
                { "", NULL },
                { "http://x", NULL },
                { "pkg:", "name" },
                { "pkg:npm", "name" },
                { "pkg:npm/", "name" },
                { "pkg:maven/@1.3.4", "name" },
                { "pkg:maven/org/@1.3.4", "name" },
                { "pkg:1npm/a", "type" },
                { "pkg:n&m/a", "type" },
                { "pkg:/a", "name" },
                { "pkg:npm/a%2", "name" },
                { "pkg:npm/a@%zz", "version" },
                { "pkg:npm/a?1k=v", "qualifiers" },
                { "pkg:npm/a?k=v&K=w", "qualifiers" },
                { "pkg:npm/a?k=%ff", "qualifiers" },
                { "pkg:npm/a?k k=v", "qualifiers" },
                { "pkg:npm/a#x%2", "subpath" },
                { "pkg:npm/n%ff/a", "namespace" },
                { "pkg:npm/a%00b", "name" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GError) error = NULL;
                g_auto(Purl) purl = { 0 };

                if (purl_parse(cases[i].text, &purl, &error))
                        g_error("%s was taken", cases[i].text);
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
                if (g_strcmp0(error_where(error), cases[i].where) != 0)
                        g_error("%s: %s", cases[i].text, error_where(error));
        }
}

static void test_parts(void)
{
        g_auto(Purl) purl = { 0 };
        g_autofree char *package = NULL, *version = NULL;

        g_assert_true(purl_parse("pkg:rpm/redhat/glibc@2.28-1.el8?arch=src&epoch=4", &purl, NULL));
        package = purl_package(&purl);
        version = purl_full_version(&purl);
        g_assert_cmpstr(package, ==, "rpm/redhat/glibc");
        g_assert_cmpstr(version, ==, "4:2.28-1.el8");
        g_assert_cmpstr(purl_qualifier(&purl, "arch"), ==, "src");
        g_assert_null(purl_qualifier(&purl, "distro"));
}

/* ---- the tests of the specification ---- */

static const char *text_or_empty(const char *text)
{
        return text == NULL ? "" : text;
}

static void check_parse(const json_t *test)
{
        const json_t *expected = json_object_get(test, "expected_output");
        const json_t *qualifiers = json_object_get(expected, "qualifiers");
        g_auto(Purl) purl = { 0 };
        const char *key;
        json_t *value;
        size_t n = 0;

        g_assert_true(purl_parse(jread_get_string(test, "input"), &purl, NULL));
        g_assert_cmpstr(purl.type, ==, jread_get_string(expected, "type"));
        g_assert_cmpstr(purl.namespace, ==, jread_get_string(expected, "namespace"));
        g_assert_cmpstr(purl.name, ==, jread_get_string(expected, "name"));
        g_assert_cmpstr(purl.version, ==, jread_get_string(expected, "version"));
        g_assert_cmpstr(text_or_empty(purl.subpath), ==,
                        text_or_empty(jread_get_string(expected, "subpath")));
        json_object_foreach((json_t *)(uintptr_t)qualifiers, key, value)
        {
                g_assert_cmpstr(purl_qualifier(&purl, key), ==, json_string_value(value));
                n++;
        }
        g_assert_cmpuint(n, ==, purl.keys == NULL ? 0 : g_strv_length(purl.keys));
}

/* Slashes, in what follows a type, are encoded or not: both are valid, and newer editions of the tests encode them. */
static void check_canonical(const json_t *test)
{
        g_auto(Purl) purl = { 0 }, wanted = { 0 };
        g_autofree char *text = NULL, *again = NULL;

        g_assert_true(purl_parse(jread_get_string(test, "input"), &purl, NULL));
        g_assert_true(purl_parse(jread_get_string(test, "expected_output"), &wanted, NULL));
        text = purl_format(&purl);
        again = purl_format(&wanted);
        g_assert_cmpstr(text, ==, again);
}

static void test_table(void)
{
        static const char *const files[] = { "deb", "generic", "maven", "npm", "rpm" };
        size_t n = 0, failures = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
                g_autofree char *name = g_strdup_printf("purl/purl-spec/%s-test.json", files[i]);
                g_auto(GStrv) lines = table_lines(name);
                g_autofree char *text = NULL;
                g_autoptr(Json) json = NULL;
                const json_t *test;
                size_t at;

                if (lines == NULL)
                        return;
                text = g_strjoinv("\n", lines);
                json = jread_parse(text, strlen(text), NULL);
                json_array_foreach(json_object_get(json, "tests"), at, test)
                {
                        const char *type = jread_get_string(test, "test_type");

                        /* upper case in keys must fail to be parsed in one row, and be lowered in the row before it */
                        if (jread_get_bool(test, "expected_failure", false))
                                failures++;
                        else if (strcmp(type, "parse") == 0)
                                check_parse(test);
                        else if (strcmp(type, "validate") == 0)
                                check_canonical(test);
                        n++;
                }
        }
        g_assert_cmpuint(n, ==, 116);
        g_assert_cmpuint(failures, ==, 1);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vuln/purl/canonical", test_canonical);
        g_test_add_func("/vuln/purl/refused", test_refused);
        g_test_add_func("/vuln/purl/parts", test_parts);
        g_test_add_func("/vuln/purl/table", test_table);
        return g_test_run();
}
