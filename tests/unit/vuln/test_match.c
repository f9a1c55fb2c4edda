/* Products of advisories against things installed, pair by pair, and the false matches that are known from elsewhere. */
#include "vuln/match.h"

#include <string.h>

static Advisory *advisory_of(const char *products, const char *vulnerabilities)
{
        g_autofree char *json =
                g_strdup_printf("{\"format\":1,\"system\":\"csaf\",\"id\":\"A-1\",\"publisher\":\"Siemens "
                                "ProductCERT\",\"role\":\"vendor\",\"products\":[%s],"
                                "\"vulnerabilities\":[%s]}",
                                products, vulnerabilities);
        g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));
        g_autoptr(GError) error = NULL;
        Advisory *advisory = advisory_load(bytes, &error);

        if (advisory == NULL)
                g_error("%s: %s", json, error->message);
        return advisory;
}

static Advisory *affected(const char *product)
{
        return advisory_of(product, "{\"id\":\"CVE-1\",\"status\":{\"known_affected\":[0]}}");
}

/* The confidence with which one product matches one subject; *ret_reason (if not NULL) is to be freed. */
static MatchConfidence confidence(const char *product, MatchSubject subject, bool *ret_undecided,
                                  char **ret_reason)
{
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(Advisory) advisory = affected(product);
        g_autoptr(GArray) matches = NULL;
        MatchConfidence found = MATCH_NONE;

        match_index_add(index, &subject);
        match_index_finish(index);
        matches = match_advisory(index, advisory, NULL);
        g_assert_cmpuint(matches->len, <=, 1);
        if (matches->len == 1) {
                const Match *match = &g_array_index(matches, Match, 0);

                found = match->affected;
                g_assert_nonnull(match->reason);
                if (ret_undecided != NULL)
                        *ret_undecided = match->undecided;
                if (ret_reason != NULL)
                        *ret_reason = g_strdup(match->reason);
        }
        return found;
}

typedef struct {
        const char *product;
        MatchSubject subject;
        MatchConfidence expected;
} Case;

static void check_all(const Case *cases, size_t n)
{
        for (size_t i = 0; i < n; i++) {
                g_autofree char *reason = NULL;
                MatchConfidence found = confidence(cases[i].product, cases[i].subject, NULL, &reason);

                if (found != cases[i].expected)
                        g_error("%zu: %s against %s %s is %s (%s)", i, cases[i].product,
                                cases[i].subject.product, cases[i].subject.version,
                                match_confidence_name(found), reason);
        }
}

#define SINEC "{\"vendor\":\"Siemens\",\"product\":\"SINEC NMS\",\"range\":\"<V2.0_SP1\"}"
#define XCM                                                                                                 \
        "{\"vendor\":\"Siemens\",\"product\":\"SCALANCE XCM332 (6GK5332-0GA01-2AC2)\",\"range\":\"<V2.4\"," \
        "\"models\":[\"6GK5332-0GA01-2AC2\"]}"

static void test_names(void)
{
        static const Case cases[] = {
                { SINEC, { .vendor = "Siemens", .product = "SINEC NMS", .version = "V2.0" }, MATCH_PROBABLE },
                { SINEC,
                  { .vendor = "SIEMENS AG", .product = "Siemens Sinec NMS", .version = "1.0 SP3" },
                  MATCH_PROBABLE },
                { SINEC, { .vendor = "Siemens", .product = "SINEC NMS", .version = "V2.0 SP1" }, MATCH_NONE },
                { SINEC, { .vendor = "Siemens", .product = "SINEC NMS", .version = "3.0" }, MATCH_NONE },
                { SINEC, { .vendor = "Siemens", .product = "SINEC NMS" }, MATCH_POSSIBLE },
                { SINEC, { .product = "SINEC NMS", .version = "V2.0" }, MATCH_POSSIBLE },
                { SINEC,
                  { .vendor = "Siemens Energy", .product = "SINEC NMS", .version = "V2.0" },
                  MATCH_POSSIBLE },
                { SINEC, { .vendor = "Siemens", .product = "SINEC", .version = "V2.0" }, MATCH_NONE },
                { "{\"vendor\":\"Philips\",\"product\":\"Philips e-Alert Unit\",\"range\":\"<= R2.1\"}",
                  { .vendor = "Philips", .product = "e-Alert Unit", .version = "R2.1" },
                  MATCH_PROBABLE },
                { "{\"vendor\":\"ABB\",\"product\":\"eSOMS\"}",
                  { .vendor = "ABB", .product = "eSOMS", .version = "6.0" },
                  MATCH_POSSIBLE },
                { "{\"vendor\":\"Emerson\",\"product\":\"XEGP\",\"version\":\"vers:all/*\"}",
                  { .vendor = "Emerson", .product = "XEGP" },
                  MATCH_PROBABLE },
                { "{\"vendor\":\"Example\",\"family\":\"PROD_ALPHA\"}",
                  { .vendor = "Example", .product = "PROD ALPHA", .version = "1" },
                  MATCH_POSSIBLE },
                { "{\"name\":\"Siemens SINEC NMS\"}",
                  { .vendor = "Siemens", .product = "SINEC NMS", .version = "1" },
                  MATCH_POSSIBLE },
                { "{\"name\":\"Moxa SINEC NMS\"}",
                  { .vendor = "Siemens", .product = "SINEC NMS", .version = "1" },
                  MATCH_NONE },
                { "{\"vendor\":\"Baxter\",\"product\":\"EM1200\",\"version\":\"1.1 | 1.2\"}",
                  { .vendor = "Baxter", .product = "EM1200", .version = "1.2" },
                  MATCH_PROBABLE },
                { "{\"vendor\":\"Westermo\",\"product\":\"Lynx Model\",\"version\":\"L206-F2G1\"}",
                  { .vendor = "Westermo", .product = "Lynx", .part_number = "L206-F2G1", .version = "4.24" },
                  MATCH_PROBABLE },
                { "{\"vendor\":\"Westermo\",\"product\":\"Lynx Model\",\"version\":\"L206-F2G1\"}",
                  { .vendor = "Westermo", .product = "Lynx", .part_number = "L310", .version = "4.24" },
                  MATCH_NONE },
                /* a vendor misspelled in an advisory is for a person */
                { "{\"vendor\":\"Phillips\",\"product\":\"Portal\",\"range\":\"vers:all/*\"}",
                  { .vendor = "Philips", .product = "Portal", .version = "8" },
                  MATCH_POSSIBLE },
        };

        check_all(cases, G_N_ELEMENTS(cases));
}

static const char *const hashes[] = { "SHA-256:00AB", NULL };

static void test_exact(void)
{
        static const Case cases[] = {
                { XCM,
                  { .vendor = "X", .part_number = "6GK5 332-0GA01-2AC2", .version = "V2.3" },
                  MATCH_EXACT },
                { XCM, { .part_number = "6GK5332-0GA01-2AC2", .version = "V2.4" }, MATCH_NONE },
                { XCM, { .part_number = "6GK5332-0GA01-2AC2" }, MATCH_POSSIBLE },
                { XCM,
                  { .vendor = "Siemens", .product = "SCALANCE XCM332", .version = "V2.3" },
                  MATCH_PROBABLE },
                { XCM,
                  { .vendor = "Siemens",
                    .product = "SCALANCE XCM332 (6GK5332-0GA01-2AC2)",
                    .version = "V2.3" },
                  MATCH_EXACT },
                { XCM,
                  { .vendor = "Siemens",
                    .product = "SCALANCE XCM332",
                    .part_number = "6GK5332-9XX01",
                    .version = "V2.3" },
                  MATCH_NONE },
                { "{\"product\":\"P\",\"vendor\":\"V\",\"models\":[\"6ES7511-*\"],\"range\":\"vers:all/*\"}",
                  { .part_number = "6ES7511-1AK02-0AB0" },
                  MATCH_EXACT },
                { "{\"name\":\"P\",\"skus\":[\"SKU-1\"]}",
                  { .part_number = "sku1", .version = "3" },
                  MATCH_PROBABLE },
                { "{\"name\":\"P\",\"serials\":[\"S12?4\"]}", { .serial = "S1234" }, MATCH_EXACT },
                { "{\"name\":\"P\",\"serials\":[\"S12?4\"]}", { .serial = "S1235" }, MATCH_NONE },
                { "{\"vendor\":\"V\",\"product\":\"P\",\"serials\":[\"S1\"],\"range\":\"<2\"}",
                  { .vendor = "V", .product = "P", .serial = "S2", .version = "1" },
                  MATCH_NONE },
                { "{\"name\":\"P\",\"hashes\":[\"sha256:00ab\"]}",
                  { .product = "other", .hashes = hashes },
                  MATCH_EXACT },
        };

        check_all(cases, G_N_ELEMENTS(cases));
}

static void test_packages(void)
{
        static const Case cases[] = {
                { "{\"name\":\"P\",\"purls\":[\"pkg:rpm/redhat/glibc@2.28-1.el8?arch=x86_64\"]}",
                  { .purl = "pkg:rpm/redhat/glibc@2.28-1.el8?arch=x86_64" },
                  MATCH_EXACT },
                { "{\"name\":\"P\",\"purls\":[\"pkg:rpm/redhat/glibc@2.28-1.el8?arch=x86_64\"]}",
                  { .purl = "pkg:rpm/redhat/glibc@2.28-1.el8?arch=ppc" },
                  MATCH_NONE },
                { "{\"name\":\"P\",\"purls\":[\"pkg:rpm/redhat/glibc@2.28-1.el8\"]}",
                  { .purl = "pkg:rpm/redhat/glibc@2.28-2.el8" },
                  MATCH_NONE },
                { "{\"name\":\"P\",\"purls\":[\"pkg:rpm/redhat/glibc@2.28-1.el8?epoch=1\"]}",
                  { .purl = "pkg:rpm/redhat/glibc@2.28-1.el8" },
                  MATCH_NONE },
                { "{\"name\":\"mediawiki\",\"version\":\"mediawiki\",\"purls\":[\"pkg:rpm/redhat/mediawiki?arch=src\"]}",
                  { .purl = "pkg:rpm/redhat/mediawiki@1.2" },
                  MATCH_PROBABLE },
                { "{\"name\":\"P\",\"purls\":[\"pkg:npm/foo\"],\"range\":\"vers:npm/<2\"}",
                  { .purl = "pkg:npm/foo@1.9" },
                  MATCH_EXACT },
                { "{\"name\":\"P\",\"purls\":[\"pkg:npm/foo\"],\"range\":\"vers:npm/<2\"}",
                  { .purl = "pkg:npm/foo@2.0" },
                  MATCH_NONE },
        };

        check_all(cases, G_N_ELEMENTS(cases));
}

#define CPE_O "cpe:2.3:o:siemens:s7-1500_firmware:2.8:*:*:*:*:*:*:*"

static void test_cpe(void)
{
        static const Case cases[] = {
                { "{\"cpe\":\"" CPE_O "\"}", { .cpe = CPE_O }, MATCH_EXACT },
                { "{\"cpe\":\"cpe:2.3:o:siemens:s7-1500_firmware:*:*:*:*:*:*:*:*\",\"range\":\"<2.9\"}",
                  { .cpe = CPE_O },
                  MATCH_PROBABLE },
                { "{\"cpe\":\"cpe:2.3:o:siemens:s7-1500_firmware:*:*:*:*:*:*:*:*\",\"range\":\"<2.8\"}",
                  { .cpe = CPE_O },
                  MATCH_NONE },
                { "{\"cpe\":\"cpe:2.3:o:siemens:s7-1500_firmware:*:*:*:*:*:*:*:*\"}",
                  { .cpe = CPE_O },
                  MATCH_PROBABLE },
                { "{\"cpe\":\"cpe:/o:siemens:s7-1500_firmware:2.8\"}", { .cpe = CPE_O }, MATCH_EXACT },
                { "{\"cpe\":\"" CPE_O "\"}",
                  { .vendor = "Siemens", .product = "S7-1500 firmware", .version = "V2.8" },
                  MATCH_PROBABLE },
                { "{\"cpe\":\"" CPE_O "\"}",
                  { .vendor = "Siemens", .product = "S7-1500 firmware", .version = "V2.9" },
                  MATCH_NONE },
                { "{\"vendor\":\"Siemens\",\"product\":\"S7-1500 firmware\",\"range\":\"< V3\"}",
                  { .cpe = CPE_O },
                  MATCH_PROBABLE },
                { "{\"cpe\":\"no name\",\"vendor\":\"V\",\"product\":\"P\",\"version\":\"1\"}",
                  { .vendor = "V", .product = "P", .version = "1", .cpe = "neither" },
                  MATCH_PROBABLE },
        };

        check_all(cases, G_N_ELEMENTS(cases));
}

/* What other programs match and should not. */
static void test_false_positives(void)
{
        static const Case cases[] = {
                /* the same product name of another vendor */
                { "{\"vendor\":\"Honeywell\",\"product\":\"Safety Manager\",\"range\":\"<R162\"}",
                  { .vendor = "Rockwell Automation", .product = "Safety Manager", .version = "R151" },
                  MATCH_NONE },
                /* a version that begins with another */
                { "{\"vendor\":\"Baxter\",\"product\":\"EM1200\",\"version\":\"1.1\"}",
                  { .vendor = "Baxter", .product = "EM1200", .version = "1.10" },
                  MATCH_NONE },
                { "{\"vendor\":\"Baxter\",\"product\":\"EM2400\",\"version\":\"1.10 | 1.11\"}",
                  { .vendor = "Baxter", .product = "EM2400", .version = "1.1" },
                  MATCH_NONE },
                /* 1.10 is behind 1.9, as numbers are */
                { "{\"vendor\":\"V\",\"product\":\"P\",\"range\":\"<1.9\"}",
                  { .vendor = "V", .product = "P", .version = "1.10" },
                  MATCH_NONE },
                /* firmware and hardware of one name */
                { "{\"cpe\":\"cpe:2.3:o:siemens:s7-1500:*:*:*:*:*:*:*:*\"}",
                  { .cpe = "cpe:2.3:h:siemens:s7-1500:-:*:*:*:*:*:*:*" },
                  MATCH_NONE },
                { "{\"vendor\":\"Westermo\",\"product\":\"Lynx Firmware\",\"version\":\"4.24\"}",
                  { .vendor = "Westermo", .product = "Lynx Hardware", .version = "4.24" },
                  MATCH_NONE },
                /* "and earlier" ends where it says */
                { "{\"vendor\":\"Rockwell Automation\",\"product\":\"Stratix 5700\",\"range\":\"15.2(7)E3 and earlier\"}",
                  { .vendor = "Rockwell Automation", .product = "Stratix 5700", .version = "15.2(8)E1" },
                  MATCH_NONE },
                { "{\"vendor\":\"Rockwell Automation\",\"product\":\"Stratix 5700\",\"range\":\"15.2(7)E3 and earlier\"}",
                  { .vendor = "Rockwell Automation", .product = "Stratix 5700", .version = "15.2(6)E0a" },
                  MATCH_PROBABLE },
                /* a name that begins with another */
                { "{\"vendor\":\"Honeywell\",\"product\":\"Safety Manager\",\"range\":\"<R200\"}",
                  { .vendor = "Honeywell", .product = "Safety Manager SC", .version = "R150" },
                  MATCH_NONE },
                { "{\"vendor\":\"Rockwell Automation\",\"product\":\"Stratix 5700\",\"range\":\"<16\"}",
                  { .vendor = "Rockwell Automation", .product = "Stratix 5800", .version = "15" },
                  MATCH_NONE },
                /* a series named in the product */
                { "{\"vendor\":\"Siemens\",\"product\":\"TeleControl Server Basic V3\",\"range\":\"<V3.1.2\"}",
                  { .vendor = "Siemens", .product = "TeleControl Server Basic", .version = "V2.0" },
                  MATCH_NONE },
                { "{\"vendor\":\"Siemens\",\"product\":\"TeleControl Server Basic V3\",\"range\":\"<V3.1.2\"}",
                  { .vendor = "Siemens", .product = "TeleControl Server Basic", .version = "V3.1.1" },
                  MATCH_PROBABLE },
                /* packages of one name in two ecosystems */
                { "{\"name\":\"P\",\"purls\":[\"pkg:npm/curl\"]}",
                  { .purl = "pkg:deb/debian/curl@7" },
                  MATCH_NONE },
                { "{\"vendor\":\"V\",\"product\":\"\"}", { .vendor = "V", .product = "" }, MATCH_NONE },
        };

        check_all(cases, G_N_ELEMENTS(cases));
}

/* What cannot be decided is possible, and says so. */
static void test_undecided(void)
{
        static const Case cases[] = {
                { "{\"vendor\":\"Gemalto\",\"product\":\"HASP\",\"range\":\"< sentinel ldk rte 7.55\"}",
                  { .vendor = "Gemalto", .product = "HASP", .version = "7.50" },
                  MATCH_POSSIBLE },
                { XCM,
                  { .part_number = "6GK5332-0GA01-2AC2", .version = "engineering sample" },
                  MATCH_POSSIBLE },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *reason = NULL;
                bool undecided = false;

                g_assert_cmpint(confidence(cases[i].product, cases[i].subject, &undecided, &reason), ==,
                                cases[i].expected);
                g_assert_true(undecided);
                g_assert_nonnull(strstr(reason, "cannot be decided"));
        }
}

static void test_reason(void)
{
        g_autofree char *name = NULL, *part = NULL;

        confidence(SINEC, (MatchSubject){ .vendor = "Siemens AG", .product = "SINEC NMS", .version = "V1.0" },
                   NULL, &name);
        confidence(XCM, (MatchSubject){ .part_number = "6GK5332-0GA01-2AC2", .version = "V2.3" }, NULL,
                   &part);
        g_assert_cmpstr(name, ==, "name SINEC NMS of Siemens AG; version V1.0 is within \"<V2.0_SP1\"");
        g_assert_cmpstr(part, ==, "part number 6GK5332-0GA01-2AC2; version V2.3 is within \"<V2.4\"");
}

/* ---- several statements ---- */

/* `affected`, `cleared` or nothing of the only subject; which is given by its version. */
static char *said(const char *products, const char *status, const char *version)
{
        g_autofree char *vulnerability = g_strdup_printf("{\"id\":\"CVE-1\",\"status\":{%s}}", status);
        g_autoptr(Advisory) advisory = advisory_of(products, vulnerability);
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(GArray) matches = NULL;
        const Match *match;

        match_index_add(index, &(MatchSubject){ .vendor = "Siemens", .product = "P", .version = version });
        match_index_finish(index);
        matches = match_advisory(index, advisory, NULL);
        if (matches->len == 0)
                return g_strdup("nothing");
        match = &g_array_index(matches, Match, 0);
        g_assert_true((match->affected != MATCH_NONE) != (match->cleared != MATCH_NONE));
        g_assert_true(match->supplier);
        return g_strdup_printf("%s%s %s", match->affected != MATCH_NONE ? "affected" : "cleared",
                               match->undecided ? "?" : "",
                               match_confidence_name(MAX(match->affected, match->cleared)));
}

static void test_statuses(void)
{
        static const char products[] = "{\"vendor\":\"Siemens\",\"product\":\"P\",\"range\":\"<2\"},"
                                       "{\"vendor\":\"Siemens\",\"product\":\"P\",\"version\":\"1.9.5\"},"
                                       "{\"vendor\":\"Siemens\",\"product\":\"P\",\"version\":\"2\"},"
                                       "{\"vendor\":\"Siemens\",\"product\":\"P\",\"range\":\"vers:all/*\"},"
                                       "{\"vendor\":\"Siemens\",\"product\":\"P\",\"version\":\"1.0\"},"
                                       "{\"vendor\":\"Siemens\",\"product\":\"P\"}";
        static const struct {
                const char *status, *version, *expected;
        } cases[] = {
                { "\"known_affected\":[0]", "1.5", "affected probable" },
                { "\"known_affected\":[0]", "2", "nothing" },
                { "\"known_affected\":[0],\"fixed\":[2]", "2", "cleared probable" },
                { "\"known_affected\":[0],\"fixed\":[2]", "3", "nothing" },
                /* this very version outweighs the range it lies in */
                { "\"known_affected\":[0],\"known_not_affected\":[1]", "1.9.5", "cleared probable" },
                { "\"known_affected\":[0],\"known_not_affected\":[1]", "1.9.4", "affected probable" },
                /* and a range outweighs all versions, not the other way round */
                { "\"known_affected\":[3],\"known_not_affected\":[0]", "1.5", "cleared probable" },
                { "\"known_affected\":[0],\"known_not_affected\":[3]", "1.5", "affected probable" },
                { "\"known_affected\":[1],\"fixed\":[1]", "1.9.5", "affected probable" },
                /* a name alone clears nothing that is stronger */
                { "\"known_affected\":[0],\"known_not_affected\":[5]", "1.5", "affected probable" },
                { "\"under_investigation\":[0]", "1.5", "affected? possible" },
                { "\"under_investigation\":[0],\"known_affected\":[3]", "1.5", "affected probable" },
                { "\"under_investigation\":[0]", "2", "nothing" },
                { "\"recommended\":[2]", "2", "nothing" },
                { "\"recommended\":[0]", "1.5", "nothing" },
                /* first and last affected enclose a stretch; one alone leaves its other end open */
                { "\"first_affected\":[4],\"last_affected\":[2]", "1.5", "affected probable" },
                { "\"first_affected\":[4],\"last_affected\":[2]", "2", "affected probable" },
                { "\"first_affected\":[4],\"last_affected\":[2]", "2.1", "nothing" },
                { "\"first_affected\":[4],\"last_affected\":[2]", "0.9", "nothing" },
                { "\"first_affected\":[4]", "1.0", "affected probable" },
                { "\"first_affected\":[4]", "1.5", "affected? possible" },
                { "\"first_affected\":[4]", "0.9", "nothing" },
                { "\"last_affected\":[4]", "0.9", "affected? possible" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *found = said(products, cases[i].status, cases[i].version);

                if (strcmp(found, cases[i].expected) != 0)
                        g_error("%s, version %s: %s", cases[i].status, cases[i].version, found);
        }
}

/* One name, two order numbers, of which one is not affected in this version: without an order number nobody can tell. */
static void test_variants(void)
{
        static const char two[] =
                "{\"vendor\":\"Siemens\",\"product\":\"P (6ES7510-1SJ01)\",\"models\":[\"6ES7510-1SJ01\"],"
                "\"range\":\"vers:all/*\"},"
                "{\"vendor\":\"Siemens\",\"product\":\"P (6ES7510-1SK03)\",\"models\":[\"6ES7510-1SK03\"],"
                "\"range\":\"<V3.1.4\"}";
        g_autofree char *old = said(two, "\"known_affected\":[0,1]", "V3.1.3"),
                        *new = said(two, "\"known_affected\":[0,1]", "V3.1.5");

        g_assert_cmpstr(old, ==, "affected probable");
        g_assert_cmpstr(new, ==, "affected? possible");
}

/* ---- products of two ---- */

#define FIRMWARE "{\"vendor\":\"Westermo\",\"product\":\"Lynx Firmware\",\"version\":\"4.24\"}"
#define HARDWARE "{\"vendor\":\"Westermo\",\"product\":\"Lynx L206\",\"models\":[\"L206-F2G1\"]}"
#define BOTH     "{\"relation\":\"installed_on\",\"both\":[0,1]}"

static MatchConfidence both(const char *products, const char *firmware, const char *hardware, bool together)
{
        g_autoptr(Advisory)
                advisory = advisory_of(products, "{\"id\":\"CVE-1\",\"status\":{\"known_affected\":[2]}}");
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(GArray) matches = NULL;
        uint32_t asset = match_index_add(index, &(MatchSubject){ .serial = "1" }), one, other;

        one = match_index_add(index, &(MatchSubject){ .vendor = "Westermo",
                                                      .product = "Lynx Firmware",
                                                      .version = firmware });
        other = match_index_add(index, &(MatchSubject){ .vendor = "Westermo",
                                                        .product = "Lynx L206",
                                                        .part_number = hardware });
        match_index_put_within(index, one, asset);
        if (together)
                match_index_put_within(index, other, asset);
        match_index_finish(index);
        matches = match_advisory(index, advisory, NULL);
        g_assert_cmpuint(matches->len, <=, 1);
        if (matches->len == 0)
                return MATCH_NONE;
        g_assert_cmpuint(g_array_index(matches, Match, 0).subject, ==, one);
        return g_array_index(matches, Match, 0).affected;
}

static void test_firmware_on_hardware(void)
{
        static const char products[] = FIRMWARE "," HARDWARE "," BOTH;

        g_assert_cmpint(both(products, "4.24", "L206-F2G1", true), ==, MATCH_PROBABLE);
        g_assert_cmpint(both(products, "4.24", "L206-F2G1", false), ==,
                        MATCH_POSSIBLE); /* on which hardware? */
        g_assert_cmpint(both(products, "4.25", "L206-F2G1", true), ==, MATCH_NONE);
        g_assert_cmpint(both(products, "4.24", "L310-S2G1", true), ==,
                        MATCH_POSSIBLE); /* other hardware is no proof */
}

/* A product that is made of itself ends. */
static void test_circle(void)
{
        static const char products[] = "{\"relation\":\"installed_on\",\"both\":[1,2]},"
                                       "{\"relation\":\"installed_on\",\"both\":[2,0]},"
                                       "{\"relation\":\"installed_on\",\"both\":[0,1]}";

        g_assert_cmpint(both(products, "4.24", "L206-F2G1", true), ==, MATCH_NONE);
}

static void test_refused(void)
{
        static const char *const cases[] = {
                "",
                "[]",
                "{}",
                "{\"format\":2,\"id\":\"a\",\"system\":\"b\"}",
                "{\"format\":1,\"id\":\"a\"}",
                "{\"format\":1,\"id\":\"a\",\"system\":\"b\",\"products\":[1]}",
                "{\"format\":1,\"id\":\"a\",\"system\":\"b\",\"products\":[{\"both\":[0,1]}]}",
                "{\"format\":1,\"id\":\"a\",\"system\":\"b\",\"products\":[{\"both\":[0]}]}",
                "{\"format\":1,\"id\":\"a\",\"system\":\"b\",\"vulnerabilities\":[{}]}",
                "{\"format\":1,\"id\":\"a\",\"system\":\"b\",\"vulnerabilities\":[{\"id\":\"c\",\"status\":{\"fixed\":[0]}}]}",
                ("{\"format\":1,\"id\":\"a\",\"system\":\"b\",\"products\":[{}],"
                 "\"vulnerabilities\":[{\"id\":\"c\",\"status\":{\"fixed\":[-1]}}]}"),
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autoptr(GBytes) bytes = g_bytes_new(cases[i], strlen(cases[i]));
                g_autoptr(GError) error = NULL;

                g_assert_null(advisory_load(bytes, &error));
                g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        }
}

/* 10,000 components and 100 advisories of 20 products, of which each component matches one in each. */
static void test_many(void)
{
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(GString) products = g_string_new(NULL);
        gint64 begin;

        for (int i = 0; i < 10000; i++) {
                g_autofree char *name = g_strdup_printf("Controller Type %d", i % 5000);

                match_index_add(index, &(MatchSubject){
                                               .vendor = "Siemens AG", .product = name, .version = "V1.2" });
        }
        match_index_finish(index);
        for (int i = 0; i < 20; i++)
                g_string_append_printf(
                        products,
                        "%s{\"vendor\":\"Siemens\",\"product\":\"Controller type %d\",\"range\":\"< V2\"}",
                        i == 0 ? "" : ",", i);
        begin = g_get_monotonic_time();
        for (int i = 0; i < 100; i++) {
                g_autoptr(Advisory) advisory = advisory_of(
                        products->str,
                        "{\"id\":\"CVE-1\",\"status\":{\"known_affected\":[0,1,2,3,4,5,6,7,8,9]}}");
                g_autoptr(GArray) matches = match_advisory(index, advisory, NULL);

                g_assert_cmpuint(matches->len, ==, 20);
        }
        g_test_message("100 advisories of 20 products against 10,000 components: %.1f ms",
                       (double)(g_get_monotonic_time() - begin) / 1000);
}

/* Foreign text decides how much there is to do: a thousand products of one name against ten thousand components of it. */
static void test_bounded(void)
{
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(GString) products = g_string_new("{\"vendor\":\"V\",\"product\":\"P\",\"version\":\"1\"}"),
                           numbers = g_string_new("0");
        g_autoptr(Advisory) advisory = NULL;
        g_autoptr(GArray) matches = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *vulnerability = NULL;

        for (int i = 0; i < 10000; i++)
                match_index_add(index, &(MatchSubject){ .vendor = "V", .product = "P", .version = "2" });
        match_index_finish(index);
        for (int i = 1; i < 1000; i++) {
                g_string_append_printf(products, ",{\"vendor\":\"V\",\"product\":\"P\",\"version\":\"1.%d\"}",
                                       i);
                g_string_append_printf(numbers, ",%d", i);
        }
        vulnerability = g_strdup_printf("{\"id\":\"CVE-1\",\"status\":{\"known_affected\":[%s]}}",
                                        numbers->str);
        advisory = advisory_of(products->str, vulnerability);
        matches = match_advisory(index, advisory, &error);
        g_assert_null(matches);
        g_assert_error(error, ZW_ERROR, ZW_ERR_LIMIT);
        g_assert_cmpstr(error_where(error), ==, "csaf:A-1");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vuln/match/names", test_names);
        g_test_add_func("/vuln/match/exact", test_exact);
        g_test_add_func("/vuln/match/packages", test_packages);
        g_test_add_func("/vuln/match/cpe", test_cpe);
        g_test_add_func("/vuln/match/false-positives", test_false_positives);
        g_test_add_func("/vuln/match/undecided", test_undecided);
        g_test_add_func("/vuln/match/reason", test_reason);
        g_test_add_func("/vuln/match/statuses", test_statuses);
        g_test_add_func("/vuln/match/variants", test_variants);
        g_test_add_func("/vuln/match/firmware-on-hardware", test_firmware_on_hardware);
        g_test_add_func("/vuln/match/circle", test_circle);
        g_test_add_func("/vuln/match/refused", test_refused);
        g_test_add_func("/vuln/match/many", test_many);
        g_test_add_func("/vuln/match/bounded", test_bounded);
        return g_test_run();
}
