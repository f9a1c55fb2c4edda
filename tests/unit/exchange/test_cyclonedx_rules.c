/* What a bill of materials may not be, by the place and the reason that are given, and what it may be. Read here in this
 * process: the worker is tested elsewhere. */
#include "exchange/readers.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The error of reading `text`, or NULL. */
static GError *refusal_of(const void *text, size_t n)
{
        g_autoptr(GBytes) bytes = g_bytes_new_static(text, n);
        Source source = { .name = "bom", .bytes = bytes, .depth_max = 100, .figures_only = true };
        GError *error = NULL;
        int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
        g_autoptr(Sink) sink = sink_new(fd);
        bool good;

        sink_figures_only(sink);
        good = cyclonedx_read(&source, sink, &error) && sink_finish(sink, &error);
        close(fd);
        g_assert_true(good == (error == NULL));
        return error;
}

static void assert_verdict(const char *text, const char *where, const char *reason)
{
        g_autoptr(GError) error = refusal_of(text, strlen(text));

        g_test_message("%s", text);
        if (where == NULL) {
                g_assert_no_error(error);
                return;
        }
        g_assert_nonnull(error);
        g_assert_cmpint(error_exit_code(error->code), ==, 3);
        g_assert_cmpstr(error_where(error), ==, where);
        if (strstr(error->message, reason) == NULL)
                g_assert_cmpstr(error->message, ==, reason);
}

#define UUID                  "3e671687-395b-41f5-a30f-a58921a69b79"
#define MD5                   "00112233445566778899aabbccddeeff"
#define IN_COMPONENT(members) "\"components\":[{\"type\":\"file\",\"name\":\"x\"," members "}]"

typedef struct {
        const char *version, *members, *where, *reason; /* where NULL: accepted */
} Rule;

static const Rule json_rules[] = {
        { "1.6", "\"components\":[]", NULL, NULL },
        { "1.1", "\"components\":[]", "/specVersion", "CycloneDX 1.1 is not known in this form" },
        { "1.8", "\"components\":[]", "/specVersion", "CycloneDX 1.8 is not known" },
        { "2.0", "\"components\":[]", "/specVersion", "CycloneDX 2.0 is not known" },
        /* numbers, texts, truths */
        { "1.6", "\"version\":1", NULL, NULL },
        { "1.6", "\"version\":1.0", NULL, NULL },
        { "1.6", "\"version\":0", "/version", "0 is less than 1" },
        { "1.6", "\"version\":1.5", "/version", "1.5 is not a whole number" },
        { "1.6", "\"version\":\"1\"", "/version", "this is a text, and a whole number is wanted" },
        { "1.6", "\"components\":7", "/components", "this is a whole number, and an array is wanted" },
        { "1.6", "\"components\":[7]", "/components/0", "this is a whole number, and an object is wanted" },
        { "1.6", "\"components\":[[]]", "/components/0", "this is an array, and an object is wanted" },
        { "1.6", "\"metadata\":[]", "/metadata", "this is an array, and an object is wanted" },
        { "1.4", IN_COMPONENT("\"modified\":\"yes\""), "/components/0/modified",
          "this is a text, and true or false is wanted" },
        { "1.4", IN_COMPONENT("\"description\":{}"), "/components/0/description",
          "this is an object, and a text is wanted" },
        { "1.5", "\"vulnerabilities\":[{\"cwes\":[0]}]", "/vulnerabilities/0/cwes/0", "0 is less than 1" },
        /* what is missing, what is not known, and since when */
        { "1.6", "\"components\":[{}]", "/components/0", "\"type\", \"name\" is missing" },
        { "1.6", "\"components\":[{\"type\":\"file\",\"name\":null}]", "/components/0",
          "\"name\" is missing" },
        { "1.3", "\"components\":[{\"type\":\"file\",\"name\":\"x\"}]", "/components/0",
          "\"version\" is missing" },
        { "1.4", "\"components\":[{\"type\":\"file\",\"name\":\"x\"}]", NULL, NULL },
        { "1.4", IN_COMPONENT("\"colour\":\"red\""), "/components/0/colour",
          "CycloneDX 1.4 allows no \"colour\" here" },
        { "1.3", IN_COMPONENT("\"version\":\"1\",\"colour\":\"red\""), NULL, NULL },
        { "1.5", IN_COMPONENT("\"tags\":[]"), "/components/0/tags", "CycloneDX 1.5 allows no \"tags\" here" },
        { "1.6", IN_COMPONENT("\"tags\":[]"), NULL, NULL },
        { "1.6", IN_COMPONENT("\"name\":\"y\""), "/components/0/name", "this member is given twice" },
        { "1.6", "\"components\":[],\"components\":[]", "/components", "this member is given twice" },
        { "1.6", "\"Components\":[]", "/Components", "allows no \"Components\" here" },
        /* words */
        { "1.4", "\"components\":[{\"type\":\"platform\",\"name\":\"x\"}]", "/components/0/type",
          "\"platform\" is not one of: application, container" },
        { "1.5", "\"components\":[{\"type\":\"platform\",\"name\":\"x\"}]", NULL, NULL },
        { "1.6", IN_COMPONENT("\"scope\":\"Required\""), "/components/0/scope",
          "is not one of: excluded, optional, required" },
        { "1.6", IN_COMPONENT("\"scope\":\"\""), "/components/0/scope", "\"\" is not one of" },
        { "1.6", "\"externalReferences\":[{\"type\":\"vc\",\"url\":\"u\"}]", "/externalReferences/0/type",
          "\"vc\" is none of the" },
        /* forms */
        { "1.6", "\"serialNumber\":\"urn:uuid:" UUID "\"", NULL, NULL },
        { "1.6", "\"serialNumber\":\"" UUID "\"", "/serialNumber", "is not a serial number" },
        { "1.6", "\"serialNumber\":\"urn:uuid:3E671687-395B-41F5-A30F-A58921A69B79\"", "/serialNumber",
          "is not a serial number" },
        { "1.6", IN_COMPONENT("\"hashes\":[{\"alg\":\"MD5\",\"content\":\"" MD5 "\"}]"), NULL, NULL },
        { "1.6", IN_COMPONENT("\"hashes\":[{\"alg\":\"MD5\",\"content\":\"" MD5 "0\"}]"),
          "/components/0/hashes/0/content", "is not a digest of 32, 40, 64, 96 or 128" },
        { "1.6",
          IN_COMPONENT("\"hashes\":[{\"alg\":\"MD5\",\"content\":\"0011223344556677_899aabbccddeeff\"}]"),
          "/components/0/hashes/0/content", "is not a digest" },
        { "1.6", IN_COMPONENT("\"mime-type\":\"image\""), "/components/0/mime-type", "is not a media type" },
        { "1.6", "\"metadata\":{\"timestamp\":\"2026-02-29T10:00:00Z\"}", "/metadata/timestamp",
          "is not a date and time" },
        { "1.6", "\"metadata\":{\"timestamp\":\"2024-02-29T23:59:60+01:00\"}", NULL, NULL },
        { "1.6", "\"metadata\":{\"timestamp\":\"2024-02-29T24:00:00Z\"}", "/metadata/timestamp",
          "is not a date and time" },
        { "1.6", "\"metadata\":{\"timestamp\":\"2024-02-29T10:00:00.Z\"}", "/metadata/timestamp",
          "is not a date and time" },
        { "1.6", "\"metadata\":{\"timestamp\":\"2024-02-29 10:00:00Z\"}", "/metadata/timestamp",
          "is not a date and time" },
        { "1.6", "\"metadata\":{\"timestamp\":\"2024-02-29T10:00:00+1\"}", "/metadata/timestamp",
          "is not a date and time" },
        { "1.4", IN_COMPONENT("\"bom-ref\":\"\""), NULL, NULL },
        { "1.5", IN_COMPONENT("\"bom-ref\":\"\""), "/components/0/bom-ref", "the text is empty" },
        /* licences: by identifier or name; licences or one expression */
        { "1.6", IN_COMPONENT("\"licenses\":[{\"license\":{\"id\":\"MIT\"}},{\"license\":{\"name\":\"x\"}}]"),
          NULL, NULL },
        { "1.6", IN_COMPONENT("\"licenses\":[{\"license\":{\"id\":\"mit\"}}]"),
          "/components/0/licenses/0/license/id", "did you mean \"MIT\"" },
        { "1.6", IN_COMPONENT("\"licenses\":[{\"license\":{}}]"), "/components/0/licenses/0/license",
          "exactly one of \"id\", \"name\" is needed" },
        { "1.6", IN_COMPONENT("\"licenses\":[{\"license\":{\"id\":\"MIT\",\"name\":\"x\"}}]"),
          "/components/0/licenses/0/license", "exactly one of" },
        { "1.6", IN_COMPONENT("\"licenses\":[{\"expression\":\"MIT\"}]"), NULL, NULL },
        { "1.6", IN_COMPONENT("\"licenses\":[{\"expression\":\"MIT\"},{\"expression\":\"Zlib\"}]"),
          "/components/0/licenses/1", "one entry is allowed here" },
        { "1.7", IN_COMPONENT("\"licenses\":[{\"expression\":\"MIT\"},{\"expression\":\"Zlib\"}]"), NULL,
          NULL },
        { "1.4", IN_COMPONENT("\"licenses\":[{\"expression\":\"MIT\",\"license\":{\"id\":\"MIT\"}}]"),
          "/components/0/licenses/0", "exactly one of \"license\", \"expression\" is needed" },
        { "1.7", IN_COMPONENT("\"version\":\"1\",\"versionRange\":\"vers:x/>1\""), "/components/0",
          "\"version\", \"versionRange\" exclude each other" },
        { "1.7", "\"citations\":[{\"timestamp\":\"2026-03-01T10:00:00Z\",\"pointers\":[\"/a\"]}]",
          "/citations/0", "at least one of \"attributedTo\", \"process\" is needed" },
        { "1.7", "\"citations\":[{\"timestamp\":\"2026-03-01T10:00:00Z\",\"pointers\":[],\"process\":\"p\"}]",
          "/citations/0/pointers", "at least one entry is needed" },
        /* equal entries; order of members does not count, text does */
        { "1.6", "\"components\":[{\"type\":\"file\",\"name\":\"x\"},{\"name\":\"x\",\"type\":\"file\"}]",
          "/components/1", "an entry before is equal to this one" },
        { "1.6", "\"components\":[{\"type\":\"file\",\"name\":\"x\"},{\"type\":\"file\",\"name\":\"y\"}]",
          NULL, NULL },
        { "1.6", IN_COMPONENT("\"components\":[{\"type\":\"file\",\"name\":\"x\"}]"), NULL, NULL },
        { "1.6", "\"dependencies\":[{\"ref\":\"a\",\"dependsOn\":[\"b\",\"b\"]}]",
          "/dependencies/0/dependsOn/1", "an entry before" },
        { "1.6",
          "\"dependencies\":[{\"ref\":\"a\",\"dependsOn\":[\"b\",\"c\"]},{\"ref\":\"a\",\"dependsOn\":[\"c\",\"b\"]}]",
          NULL, NULL },
        /* alternatives by what they are */
        { "1.6", "\"metadata\":{\"tools\":[{\"name\":\"t\"}]}", NULL, NULL },
        { "1.6", "\"metadata\":{\"tools\":{\"components\":[{\"type\":\"file\",\"name\":\"t\"}]}}", NULL,
          NULL },
        { "1.4", "\"metadata\":{\"tools\":{\"components\":[]}}", "/metadata/tools/components",
          "allows no \"components\" here" },
        { "1.6", "\"metadata\":{\"lifecycles\":[{\"phase\":\"build\"},{\"name\":\"own\"}]}", NULL, NULL },
        { "1.6", "\"metadata\":{\"lifecycles\":[{\"phase\":\"built\"}]}", "/metadata/lifecycles/0/phase",
          "\"built\" is not one of" },
        { "1.6",
          "\"signature\":{\"algorithm\":\"ES256\",\"value\":\"x\",\"publicKey\":{\"kty\":\"EC\",\"crv\":\"P-256\"}}",
          NULL, NULL },
        { "1.6", "\"signature\":{\"algorithm\":\"ES256\"}", "/signature", "\"value\" is missing" },
};

static void test_json(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(json_rules); i++) {
                const Rule *rule = &json_rules[i];
                g_autofree char *text =
                        g_strdup_printf("{\"bomFormat\":\"CycloneDX\",%s,\"specVersion\":\"%s\"}",
                                        rule->members, rule->version);

                assert_verdict(text, rule->where, rule->reason);
        }
}

#define FILE_XML(inside) \
        "<components><component type=\"file\"><name>x</name>" inside "</component></components>"

static const Rule xml_rules[] = {
        { "1.6", "<components/>", NULL, NULL },
        { "1.0", "<components/>", NULL, NULL },
        { "1.0", "", "line 1", "<bom> ends too early; it could go on with <components>" },
        { "1.2", "", NULL, NULL },
        { "1.8", "", "line 1", "CycloneDX 1.8 is not known" },
        { "1.6", "<components/><components/>", "line 1",
          "allows no <components> here; allowed are <services>" },
        { "1.6", "<services/><components/>", "line 1", "allows no <components> here" },
        { "1.6", "<parts/>", "line 1", "CycloneDX 1.6 allows no <parts> here; allowed are <metadata>" },
        { "1.6", "<x xmlns=\"urn:x\"><y/></x>", NULL, NULL },
        { "1.6", "<x xmlns=\"\"/>", "line 1", "allows no <x> without namespace here" },
        { "1.6", "<metadata xmlns:x=\"urn:x\" x:y=\"1\"/>", NULL, NULL },
        { "1.6", "<metadata y=\"1\"/>", "line 1", "allows no attribute \"y\" on <metadata>" },
        { "1.6", "text", "line 1", "text is not allowed here" },
        { "1.6", FILE_XML("<version>1</version>"), NULL, NULL },
        { "1.6", FILE_XML("<version><b/></version>"), "line 1", "<version> holds text, and no elements" },
        { "1.6", FILE_XML("<version a=\"1\">1</version>"), "line 1",
          "allows no attribute \"a\" on <version>" },
        { "1.6", FILE_XML("<group>g</group>"), "line 1", "allows no <group> here" },
        { "1.6", FILE_XML("<modified>maybe</modified>"), "line 1", "this is neither true nor false" },
        { "1.6", FILE_XML("<modified> 1 </modified>"), NULL, NULL },
        { "1.6", FILE_XML("<hashes><hash alg=\"MD5\">\n" MD5 "\n</hash></hashes>"), NULL, NULL },
        { "1.6",
          FILE_XML("<hashes>\n<hash alg=\"MD5\">" MD5 MD5 "</hash>\n<hash alg=\"MD\">" MD5
                   "</hash></hashes>"),
          "line 3", "\"MD\" is not one of" },
        { "1.6", FILE_XML("<hashes><hash alg=\"MD5\">" MD5 "<x/></hash></hashes>"), "line 1",
          "CycloneDX 1.6 allows no <x> here" },
        { "1.6", FILE_XML("<hashes><hash>" MD5 "</hash></hashes>"), "line 1",
          "the attribute \"alg\" of <hash> is missing" },
        { "1.6", "<components><component type=\"file\"/></components>", "line 1",
          "<component> ends too early" },
        { "1.6", "<components><component><name>x</name></component></components>", "line 1",
          "the attribute \"type\"" },
        { "1.6", FILE_XML("<licenses><license><id>MIT</id></license></licenses>"), NULL, NULL },
        { "1.6", FILE_XML("<licenses><license><id>MIT</id></license><expression>MIT</expression></licenses>"),
          "line 1", "allows no <expression> here" },
        { "1.6", FILE_XML("<licenses><license><id>MIT</id><name>x</name></license></licenses>"), "line 1",
          "allows no <name> here" },
        { "1.6", "<metadata><timestamp>2026-03-01</timestamp></metadata>", "line 1",
          "is not a date and time" },
        { "1.6", "<metadata><timestamp> 2026-03-01T10:00:00Z </timestamp></metadata>", NULL, NULL },
        { "1.6",
          "<components><component type=\"file\" bom-ref=\"a\"><name>x</name></component>\n"
          "<component type=\"file\" bom-ref=\"a\"><name>y</name></component></components>",
          "line 2", "another thing in the file has the bom-ref \"a\" too" },
        { "1.6", "<dependencies><dependency ref=\"a\"><dependency ref=\"b\"/></dependency></dependencies>",
          NULL, NULL },
        { "1.6", "<dependencies><dependency/></dependencies>", "line 1",
          "the attribute \"ref\" of <dependency> is missing" },
        { "1.4",
          "<vulnerabilities><vulnerability><ratings><rating><score>x</score></rating></ratings></vulnerability>"
          "</vulnerabilities>",
          "line 1", "this is not a number" },
};

static void test_xml(void)
{
        for (size_t i = 0; i < G_N_ELEMENTS(xml_rules); i++) {
                const Rule *rule = &xml_rules[i];
                g_autofree char *text =
                        g_strdup_printf("<bom xmlns=\"http://cyclonedx.org/schema/bom/%s\">%s</bom>",
                                        rule->version, rule->members);

                assert_verdict(text, rule->where, rule->reason);
        }
}

static void test_no_bill(void)
{
        static const struct {
                const char *text, *where, *reason;
        } cases[] = {
                { "{}", "/bomFormat", "bomFormat is not \"CycloneDX\"" },
                { "{\"bomFormat\":\"cyclonedx\",\"specVersion\":\"1.6\"}", "/bomFormat", "bomFormat is not" },
                { "{\"bomFormat\":[\"CycloneDX\"],\"specVersion\":\"1.6\"}", "/bomFormat",
                  "bomFormat is not" },
                { "{\"bomFormat\":\"CycloneDX\"}", "/specVersion", "specVersion is missing" },
                { "{\"bomFormat\":\"CycloneDX\",\"specVersion\":1.6}", "/specVersion",
                  "specVersion is missing" },
                { "[]", "byte 0", "this is not an object of JSON" },
                { "", "byte 0", "the text" },
                { "<bom/>", "line 1", "the root is not <bom> of a namespace of CycloneDX" },
                { "<bom xmlns=\"http://cyclonedx.org/schema/bom/\"/>", "line 1", "is not known" },
                { "<x:bom xmlns:x=\"http://cyclonedx.org/schema/bom/12\"/>", "line 1",
                  "CycloneDX 12 is not known" },
                { "<sbom xmlns=\"http://cyclonedx.org/schema/bom/1.2\"/>", "line 1", "but <sbom>" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                assert_verdict(cases[i].text, cases[i].where, cases[i].reason);
}

/* The official test files say by their names what they are. */
static void test_conformance(void)
{
        static const char *const versions[] = { "1.4", "1.6" };
        const char *shared = g_getenv("ZONEWRIGHT_SHARED");
        size_t n = 0;

        if (shared == NULL) {
                g_test_skip("the corpus is absent");
                return;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
                g_autofree char *folder = g_build_filename(shared, "corpus", "cyclonedx-conformance",
                                                           versions[i], NULL);
                g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

                g_assert_nonnull(dir);
                for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
                        g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
                        g_autoptr(GError) error = NULL;
                        gsize length;

                        if (!g_str_has_suffix(name, ".json") && !g_str_has_suffix(name, ".xml"))
                                continue;
                        g_assert_true(g_file_get_contents(path, &text, &length, NULL));
                        error = refusal_of(text, length);
                        g_test_message("%s: %s", name, error == NULL ? "accepted" : error->message);
                        g_assert_true(g_str_has_prefix(name, "invalid-") == (error != NULL));
                        g_assert_true(error == NULL || error_where(error) != NULL);
                        n++;
                }
        }
        g_assert_cmpuint(n, ==, 250);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/exchange/cyclonedx/rules/json", test_json);
        g_test_add_func("/exchange/cyclonedx/rules/xml", test_xml);
        g_test_add_func("/exchange/cyclonedx/rules/no-bill", test_no_bill);
        g_test_add_func("/exchange/cyclonedx/rules/conformance", test_conformance);
        return g_test_run();
}
