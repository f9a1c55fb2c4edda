/* What is taken from a bill of materials: the same from JSON and XML. */
#include "reading.h"

#define HEAD     "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1"
#define HEAD_XML "<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\" version=\"1\""
#define SERIAL   "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"

static WorkerResult *read_good(const char *name, const char *text)
{
        g_autoptr(GError) error = NULL;
        WorkerResult *result = reading_text(name, text, NULL, &error);

        g_assert_no_error(error);
        g_assert_cmpuint(json_array_size(result->refused), ==, 0);
        return result;
}

/* The places differ between the forms; nothing else does. */
static void places_drop(const WorkerResult *result)
{
        json_t *op;
        size_t i;

        json_array_foreach(result->ops, i, op) json_object_del(op, "where");
}

static const char *op_member(const WorkerResult *result, size_t i, const char *object, const char *member)
{
        return jread_get_string(json_object_get(json_array_get(result->ops, i), object), member);
}

static const char plant_json[] = HEAD
        ",\"serialNumber\":\"" SERIAL
        "\",\"metadata\":{\"component\":{\"type\":\"application\",\"bom-ref\":\"plant\","
        "\"name\":\"Plant\",\"version\":\"7\",\"supplier\":{\"name\":\"Operator\"}}},"
        "\"components\":[{\"type\":\"library\",\"bom-ref\":\"a\",\"group\":\"org.acme\",\"name\":\"pump\",\"version\":\"1.0\","
        "\"description\":\"drives \\\"it\\\"\",\"publisher\":\"Acme\",\"cpe\":\"cpe:2.3:a:acme:pump:1.0:*:*:*:*:*:*:*\","
        "\"purl\":\"pkg:maven/org.acme/pump@1.0\","
        "\"hashes\":[{\"alg\":\"MD5\",\"content\":\"00112233445566778899aabbccddeeff\"},"
        "{\"content\":\"00112233445566778899aabbccddeeff00112233\",\"alg\":\"SHA-1\"}],"
        "\"licenses\":[{\"license\":{\"id\":\"MIT\"}},{\"license\":{\"name\":\"House licence\"}}],"
        "\"externalReferences\":[{\"type\":\"website\",\"url\":\"https://acme.example\"}],"
        "\"components\":[{\"type\":\"firmware\",\"bom-ref\":\"a1\",\"name\":\"boot\",\"licenses\":[{\"expression\":\"MIT OR Zlib\"}],"
        "\"pedigree\":{\"ancestors\":[{\"type\":\"library\",\"bom-ref\":\"old\",\"name\":\"old boot\"}]}}]},"
        "{\"type\":\"device\",\"bom-ref\":\"b\",\"name\":\"panel\",\"manufacturer\":{\"name\":\"Maker\"}}],"
        "\"services\":[{\"bom-ref\":\"s\",\"name\":\"history\"}],"
        "\"dependencies\":[{\"ref\":\"a\",\"dependsOn\":[\"b\",\"s\"]},{\"ref\":\"b\"}],"
        "\"vulnerabilities\":[{\"id\":\"CVE-2026-1\",\"analysis\":{\"state\":\"not_affected\"},\"affects\":[{\"ref\":\"a\"}]}]}";

static const char plant_xml[] = HEAD_XML
        " serialNumber=\"" SERIAL "\">\n"
        "<metadata><component type=\"application\" bom-ref=\"plant\"><supplier><name>Operator</name></supplier>"
        "<name>Plant</name><version>7</version></component></metadata>\n"
        "<components><component type=\"library\" bom-ref=\"a\"><publisher>Acme</publisher><group>org.acme</group>"
        "<name>pump</name><version>1.0</version><description>drives \"it\"</description>"
        "<hashes><hash alg=\"MD5\">00112233445566778899aabbccddeeff</hash>\n"
        "<hash alg=\"SHA-1\"> 00112233445566778899aabbccddeeff00112233 </hash></hashes>"
        "<licenses><license><id>MIT</id></license><license><name>House licence</name></license></licenses>"
        "<cpe>cpe:2.3:a:acme:pump:1.0:*:*:*:*:*:*:*</cpe><purl>pkg:maven/org.acme/pump@1.0</purl>"
        "<externalReferences><reference type=\"website\"><url>https://acme.example</url></reference></externalReferences>"
        "<components><component type=\"firmware\" bom-ref=\"a1\"><name>boot</name>"
        "<licenses><expression>MIT OR Zlib</expression></licenses><pedigree><ancestors>"
        "<component type=\"library\" bom-ref=\"old\"><name>old boot</name></component></ancestors></pedigree></component>"
        "</components></component>\n"
        "<component type=\"device\" bom-ref=\"b\"><manufacturer><name>Maker</name></manufacturer><name>panel</name></component>"
        "</components>\n"
        "<services><service bom-ref=\"s\"><name>history</name></service></services>\n"
        "<dependencies><dependency ref=\"a\"><dependency ref=\"b\"/><dependency ref=\"s\"/></dependency>"
        "<dependency ref=\"b\"/></dependencies>\n"
        "<vulnerabilities><vulnerability><id>CVE-2026-1</id><analysis><state>not_affected</state></analysis>"
        "<affects><target><ref>a</ref></target></affects></vulnerability></vulnerabilities></bom>";

#define ITEM(id, title, attrs, body)                                           \
        "{\"op\":\"item\",\"kind\":\"component\",\"title\":\"" title "\"" body \
        ",\"source\":{\"system\":\"cyclonedx:" SERIAL "\",\"id\":\"" id "\"},\"attrs\":{" attrs "}}"
#define PART(part, whole)                                                         \
        "{\"op\":\"link\",\"from\":{\"source\":[\"cyclonedx:" SERIAL "\",\"" part \
        "\"]},\"type\":\"part_of\","                                              \
        "\"to\":{\"source\":[\"cyclonedx:" SERIAL "\",\"" whole "\"]}}"

static const char plant_ops[] = "[" ITEM(
        "plant", "Plant 7",
        "\"vendor\":\"Operator\",\"product\":\"Plant\",\"version\":\"7\",\"bom_type\":\"application\"",
        "") "," ITEM("a1", "boot",
                     "\"product\":\"boot\",\"bom_type\":\"firmware\",\"licences\":[\"MIT OR Zlib\"]",
                     "") "," ITEM("a", "org.acme/pump 1.0",
                                  "\"vendor\":\"Acme\",\"product\":\"pump\",\"version\":\"1.0\","
                                  "\"cpe\":\"cpe:2.3:a:acme:pump:1.0:*:*:*:*:*:*:*\",\"purl\":\"pkg:maven/org.acme/pump@1.0\","
                                  "\"bom_type\":\"library\",\"licences\":[\"MIT\",\"House licence\"],"
                                  "\"hashes\":[\"MD5:00112233445566778899aabbccddeeff\",\"SHA-1:00112233445566778899aabbccddeeff00112233\"]",
                                  ",\"body\":\"drives \\\"it\\\"\"") "," PART("a1",
                                                                              "a") "," PART("a",
                                                                                            "plant") "," ITEM("b",
                                                                                                              "panel",
                                                                                                              "\"vendor\":\"Maker\",\"product\":\"panel\",\"bom_type\":\"device\"",
                                                                                                              "") "," PART("b",
                                                                                                                           "plant") "]";

static void test_twins(void)
{
        g_autoptr(WorkerResult) json = read_good("plant.json", plant_json),
                                xml = read_good("plant.xml", plant_xml);

        g_assert_cmpstr(op_member(json, 0, "source", "id"), ==, "plant");
        g_assert_cmpstr(jread_get_string(json_array_get(json->ops, 2), "where"), ==, "/components/0");
        g_assert_cmpstr(jread_get_string(json_array_get(xml->ops, 2), "where"), ==, "line 4");
        places_drop(json);
        places_drop(xml);
        assert_json(json->ops, plant_ops);
        assert_json(xml->ops, plant_ops);
        assert_json(json->problems, "[]");
        assert_json(xml->problems, "[]");
        g_assert_cmpstr(json->version, ==, "1.6");
        g_assert_cmpstr(xml->version, ==, "1.6");
}

static void test_figures(void)
{
        g_autoptr(WorkerResult) json = read_good("plant.json", plant_json),
                                xml = read_good("plant.xml", plant_xml);

        assert_json(
                json->figures,
                "{\"specVersion\":\"1.6\",\"components_top\":2,\"components_all_nested\":3,\"purls\":1,\"cpes\":1,"
                "\"services\":1,\"dependencies\":2,\"dep_edges\":2,\"vulnerabilities\":1,"
                "\"types\":{\"device\":1,\"firmware\":1,\"library\":1},\"analysis_states\":{\"not_affected\":1}}");
        g_assert_cmpstr(jread_get_string(xml->figures, "ns"), ==, "http://cyclonedx.org/schema/bom/1.6");
        g_assert_cmpint(jread_get_int(xml->figures, "version", 0), ==, 1);
        json_object_del(xml->figures, "ns");
        json_object_del(xml->figures, "version");
        json_object_del(json->figures, "specVersion");
        g_assert_true(json_equal(xml->figures, json->figures));
}

static void test_losses(void)
{
        static const char *const forms[] = { plant_json, plant_xml };

        for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
                g_autoptr(WorkerResult) result = read_good("plant", forms[i]);
                g_autofree char *lost = reading_json(result->lost);

                g_assert_nonnull(strstr(lost, "1 services: no kind"));
                g_assert_nonnull(strstr(lost, "2 dependencies of one component on another"));
                g_assert_nonnull(strstr(lost, "1 vulnerabilities"));
                g_assert_nonnull(strstr(lost, "externalReferences of 1 components"));
                g_assert_nonnull(strstr(lost, "pedigree of 1 components"));
                g_assert_null(strstr(lost, "bomFormat"));
        }
}

/* Reading only the figures gives the same ones. */
static void test_figures_only(void)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(WorkerResult) all = read_good("plant.json", plant_json), figures = NULL;
        int fd = reading_file(plant_json, strlen(plant_json));

        figures = worker_read(fd, "plant.json", NULL, NULL, true, &reading_limits, NULL, &error);
        close(fd);
        g_assert_no_error(error);
        g_assert_true(json_equal(all->figures, figures->figures));
        g_assert_cmpuint(json_array_size(figures->ops), ==, 0);
}

static void test_identity(void)
{
        static const struct {
                const char *text, *system, *ids[3];
        } cases[] = {
                /* by bom-ref, by purl, by place */
                { HEAD
                  ",\"components\":[{\"type\":\"file\",\"name\":\"x\",\"bom-ref\":\"r\",\"purl\":\"pkg:a/b\"},"
                  "{\"type\":\"file\",\"name\":\"y\",\"purl\":\"pkg:a/b\"},{\"type\":\"file\",\"name\":\"z\"}]}",
                  "cyclonedx:some.json",
                  { "r", "pkg:a/b", "/components/2" } },
                /* a name that is taken gives way to the next */
                { HEAD ",\"components\":[{\"type\":\"file\",\"name\":\"x\",\"bom-ref\":\"r\"},"
                       "{\"type\":\"file\",\"name\":\"y\",\"bom-ref\":\"r\",\"purl\":\"pkg:a/b\"},"
                       "{\"type\":\"file\",\"name\":\"z\",\"purl\":\"pkg:a/b\"}]}",
                  "cyclonedx:some.json",
                  { "r", "pkg:a/b", "/components/2" } },
                /* without serial number: the thing described; whatever its version is */
                { "{\"components\":[{\"type\":\"file\",\"name\":\"x\"}],\"specVersion\":\"1.4\",\"bomFormat\":\"CycloneDX\","
                  "\"metadata\":{\"component\":{\"type\":\"device\",\"group\":\"g\",\"name\":\"n\",\"version\":\"1\"}}}",
                  "cyclonedx:g/n",
                  { "/metadata/component", "/components/0" } },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(WorkerResult) result = read_good("some.json", cases[i].text);
                size_t op = 0;

                for (size_t j = 0; j < 3 && cases[i].ids[j] != NULL; j++, op++) {
                        g_assert_cmpstr(op_member(result, op, "source", "system"), ==, cases[i].system);
                        g_assert_cmpstr(op_member(result, op, "source", "id"), ==, cases[i].ids[j]);
                }
        }
}

static void test_vendor(void)
{
        static const struct {
                const char *members, *vendor;
        } cases[] = {
                { "\"supplier\":{\"name\":\"s\"},\"manufacturer\":{\"name\":\"m\"},\"publisher\":\"p\",\"group\":\"g\"",
                  "s" },
                { "\"supplier\":{},\"manufacturer\":{\"name\":\"m\"},\"publisher\":\"p\",\"group\":\"g\"",
                  "m" },
                { "\"publisher\":\"p\",\"group\":\"g\"", "p" },
                { "\"publisher\":\"\",\"group\":\"g\"", "g" },
                { "\"author\":\"a\"", NULL },
                /* the supplier of something else inside */
                { "\"pedigree\":{\"ancestors\":[{\"type\":\"file\",\"name\":\"o\",\"supplier\":{\"name\":\"s\"}}]}",
                  NULL },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = g_strconcat(HEAD
                                                    ",\"components\":[{\"type\":\"file\",\"name\":\"x\",",
                                                    cases[i].members, "}]}", NULL);
                g_autoptr(WorkerResult) result = read_good("v.json", text);

                g_assert_cmpstr(op_member(result, 0, "attrs", "vendor"), ==, cases[i].vendor);
        }
}

/* Read, and said to be odd. */
static void test_problems(void)
{
        static const struct {
                const char *members, *where, *message;
        } cases[] = {
                { "\"components\":[{\"type\":\"file\",\"name\":\"x\",\"purl\":\"no purl\"}]",
                  "/components/0/purl", "\"no purl\" is not a package URL" },
                { "\"components\":[{\"type\":\"file\",\"name\":\"x\",\"cpe\":\"cpe:2.3:a:b\"}]",
                  "/components/0/cpe", "\"cpe:2.3:a:b\" is not a CPE name" },
                { "\"components\":[{\"type\":\"file\",\"name\":\"x\",\"version\":null}]",
                  "/components/0/version", "null is no value; it is read as if the member were absent" },
                { "\"components\":[{\"type\":\"file\",\"name\":\"x\",\"hashes\":{\"alg\":\"MD5\","
                  "\"content\":\"00112233445566778899aabbccddeeff\"}}]",
                  "/components/0/hashes",
                  "one object stands where an array is wanted; it is read as its only entry" },
                { "\"externalReferences\":[{\"type\":\"vcs\",\"url\":\"a b\"}]", "/externalReferences/0/url",
                  "\"a b\" is not an IRI" },
                { "\"metadata\":{\"timestamp\":\"2026-03-01T10:00:00\"}", "/metadata/timestamp",
                  "\"2026-03-01T10:00:00\" is not a date and time with zone, such as 2026-03-01T10:00:00Z" },
                { "\"dependencies\":[{\"ref\":\"x\"}]", "dependencies", "\"x\" is nowhere in the file" },
                { "\"components\":[{\"type\":\"file\",\"name\":\"x\",\"bom-ref\":\"x\"}],"
                  "\"dependencies\":[{\"dependsOn\":[\"y\"],\"ref\":\"x\"}]",
                  "dependencies", "\"x\" depends on \"y\", which is nowhere in the file" },
                { "\"components\":[{\"type\":\"file\",\"name\":\"x\",\"bom-ref\":\"x\"},{\"type\":\"file\",\"name\":\"y\","
                  "\"bom-ref\":\"y\"}],\"dependencies\":[{\"ref\":\"x\",\"dependsOn\":[\"y\"]},{\"ref\":\"y\","
                  "\"dependsOn\":[\"x\"]}]",
                  "dependencies",
                  "\"x\" → \"y\" → \"x\": a chain of dependencies comes back to where it began" },
                { "\"components\":[{\"type\":\"file\",\"name\":\"x\",\"bom-ref\":\"x\"},{\"type\":\"file\",\"name\":\"y\","
                  "\"bom-ref\":\"x\"}]",
                  "/components/1/bom-ref", "another thing in the file has the bom-ref \"x\" too" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *text = g_strconcat(HEAD ",", cases[i].members, "}", NULL);
                g_autoptr(WorkerResult) result = read_good("p.json", text);
                const json_t *problem = json_array_get(result->problems, 0);

                g_assert_cmpuint(json_array_size(result->problems), ==, 1);
                g_assert_cmpstr(jread_get_string(problem, "where"), ==, cases[i].where);
                g_assert_cmpstr(jread_get_string(problem, "message"), ==, cases[i].message);
        }
}

/* What a list would say a thousand times is said a hundred times and counted. */
static void test_lists_end(void)
{
        g_autoptr(GString) text = g_string_new(HEAD ",\"components\":[");
        g_autoptr(WorkerResult) result = NULL;

        for (int i = 0; i < 1000; i++)
                g_string_append_printf(text, "%s{\"type\":\"file\",\"name\":\"%d\",\"purl\":\"x\"}",
                                       i == 0 ? "" : ",", i);
        g_string_append(text, "],\"dependencies\":[");
        for (int i = 0; i < 1000; i++)
                g_string_append_printf(text, "%s{\"ref\":\"%d\"}", i == 0 ? "" : ",", i);
        g_string_append(text, "]}");
        result = read_good("many.json", text->str);
        g_assert_cmpuint(json_array_size(result->problems), ==, 100 + 1 + 20 + 1);
        g_assert_cmpstr(jread_get_string(json_array_get(result->problems, 100), "message"), ==,
                        "and 900 more problems");
        g_assert_cmpuint(json_array_size(result->ops), ==, 1000);
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        g_test_add_func("/exchange/cyclonedx/twins", test_twins);
        g_test_add_func("/exchange/cyclonedx/figures", test_figures);
        g_test_add_func("/exchange/cyclonedx/figures-only", test_figures_only);
        g_test_add_func("/exchange/cyclonedx/losses", test_losses);
        g_test_add_func("/exchange/cyclonedx/identity", test_identity);
        g_test_add_func("/exchange/cyclonedx/vendor", test_vendor);
        g_test_add_func("/exchange/cyclonedx/problems", test_problems);
        g_test_add_func("/exchange/cyclonedx/lists-end", test_lists_end);
        return g_test_run();
}
