#include "vuln/name.h"

#include <string.h>

static NameAnswer vendors(const char *a, const char *b)
{
        g_auto(VendorName) left = vendor_name_read(a), right = vendor_name_read(b);
        NameAnswer answer = vendor_name_compare(&left, &right);

        g_assert_cmpint(vendor_name_compare(&right, &left), ==, answer);
        return answer;
}

static void test_vendors_same(void)
{
        static const char *const cases[][2] = {
                { "Siemens AG", "Siemens" },
                { "SIEMENS", "siemens" },
                { "Schneider Electric Software, LLC", "Schneider Electric Software" },
                { "Rockwell Automation, Inc.", "Rockwell Automation" },
                { "OSIsoft LLC", "OSIsoft" },
                { "Synergy Systems & Solutions (SSS)", "SSS" },
                { "Synergy Systems & Solutions (SSS)", "Synergy Systems and Solutions" },
                { "General Electric (GE)", "GE" },
                { "General Electric (GE)", "General Electric Company" },
                { "Auto-Maskin", "Auto Maskin" },
                { "Phoenix Contact GmbH & Co. KG", "PHOENIX CONTACT" },
                { "ABB S.p.A.", "ABB" },
                { "marKoni", "Markoni" },
                { "Endress+Hauser", "endress+hauser" },
                { "Moxa Inc", "MOXA" },
                { "Moxa Technologies Co., Ltd.", "Moxa" },
                { "Unitronics (1989) (R\"G) Ltd.", "Unitronics" },
                { "Rockwell", "Rockwell Automation" },
                { "Mitsubishi Electric", "MitsubishiElectric" },
                { "B&R Industrial Automation", "B & R Industrial Automation GmbH" },
                { "WAGO\xc2\xae", "Wago" },
                { "K\xc3\xb6rber", "Korber" },
                { "Tridium Inc.", "Honeywell" },
                { "Siemens Industry Software", "Siemens AG" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                if (vendors(cases[i][0], cases[i][1]) != NAME_SAME)
                        g_error("%s and %s", cases[i][0], cases[i][1]);
}

static void test_vendors_not_same(void)
{
        g_assert_cmpint(vendors("Siemens", "Siemens Healthineers"), ==, NAME_NEAR);
        g_assert_cmpint(vendors("Hitachi", "Hitachi Energy"), ==, NAME_NEAR);
        g_assert_cmpint(vendors("Philips", "Phillips"), ==, NAME_SPELT);
        g_assert_cmpint(vendors("Siemens", "Simeens"), ==, NAME_SPELT);
        g_assert_cmpint(vendors("Rittal", "Rital GmbH"), ==, NAME_SPELT);
        g_assert_cmpint(vendors("Wuxi XINJE Electric Co., Ltd.", "XINJE"), ==, NAME_SPELT);
        g_assert_cmpint(vendors("GE", "General Electric Company"), ==, NAME_SPELT);
        g_assert_cmpint(vendors("LSIS", "LS Industrial Systems"), ==, NAME_SPELT);
        g_assert_cmpint(vendors("SE", "Schneider Electric Software"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("ABB", "Power ABB"), ==, NAME_OTHER); /* three letters stand in many names */
        g_assert_cmpint(vendors("S", "Siemens"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("Xinje", "Wuxi Xinjeon"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("Bell", "Bel"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("Horner APG", "Horner Automation"), ==, NAME_NEAR);
        g_assert_cmpint(vendors("General Dynamics", "General Motors"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("Tridium", "Allen-Bradley"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("LS ELECTRIC, LS Industrial Systems (LSIS) Co. Ltd-", "LSIS"), ==, NAME_SAME);
        g_assert_cmpint(vendors("Allen-Bradley", "Rockwell Automation, Inc."), ==, NAME_SAME);
        g_assert_cmpint(vendors("ABB", "ABC"), ==, NAME_OTHER); /* one letter of three is another name */
        g_assert_cmpint(vendors("Siemens", "Moxa"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("Siemens", "Siemensstadt"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("", ""), ==, NAME_OTHER);
        g_assert_cmpint(vendors("", "Siemens"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("()", "()"), ==, NAME_OTHER);
        g_assert_cmpint(vendors("AG", "GmbH"), ==, NAME_OTHER);
}

static bool same_key(const char *a, const char *b)
{
        g_auto(VendorName) vendor = vendor_name_read("Rockwell Automation");
        g_auto(ProductName) x = product_name_read(a, &vendor), y = product_name_read(b, &vendor);

        return strcmp(x.key, y.key) == 0;
}

/* Spellings of one name, and names that a looser rule would take for one. */
static void test_keys(void)
{
        static const char *const same[][2] = {
                { "SCALANCE XCM-332", "Scalance XCM332" },
                { "EM 2400", "EM2400" },
                { "PLC Programming Tool", "PLC Programing Tool" },
                { "FM Transmitters", "FM Transmitter" },
                { "CMCIII", "CMC III" },
                { "MXview One Series", "MXview One" },
                { "Cscape Software", "Cscape" },
                { "Power Meter SICAM Q100", "SICAM Q100" },
                { "Rack Power Distribution Unit (PDU)", "Rack Power Distribution Unit" },
                { "e-Alert Unit (non-medical device)", "e-Alert Unit" },
                { "myPRO HMI/SCADA", "myPRO" },
                { "Allen-Bradley Stratix 5400 Industrial Ethernet Switches", "Stratix 5400" },
        };
        static const char *const other[][2] = {
                { "CMC II", "CMC III" },
                { "Stratix 580", "Stratix 5800" },
                { "S7 12 00", "S7 1200" },
                { "Safety Manager", "Safety Manager SC" },
                { "GT27", "GT2 7" },
                { "XRM334", "XRM 3 34" },
                { "Control Panel", "Control" },
                { "PI Server", "PI Vision" },
                { "Stratix 5400 Server", "Stratix 5400" },
                { "PLC 500", "500" },
                { "Portal (PP)", "Portal" },
                { "Portal (Standard Edition)", "Portal (Premium Edition)" },
                { "PXC Compact (BACnet)", "PXC Compact" },
                { "Citect SCADA", "Citect" },
                { "myPRO Client", "myPRO" },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(same); i++)
                if (!same_key(same[i][0], same[i][1]))
                        g_error("%s and %s are one", same[i][0], same[i][1]);
        for (size_t i = 0; i < G_N_ELEMENTS(other); i++)
                if (same_key(other[i][0], other[i][1]))
                        g_error("%s and %s are two", other[i][0], other[i][1]);
}

static void test_publishers(void)
{
        g_auto(VendorName) siemens = vendor_name_read("Siemens AG"), red = vendor_name_read("Red Hat");

        g_assert_true(vendor_name_begins(&siemens, "Siemens ProductCERT"));
        g_assert_true(vendor_name_begins(&red, "Red Hat Product Security"));
        g_assert_false(vendor_name_begins(&siemens, "CISA"));
        g_assert_false(vendor_name_begins(&siemens, "Siemensstadt CERT"));
}

static void check(const char *text, const char *core, const char *series, const char *part, NameLayer layer)
{
        g_auto(VendorName) vendor = vendor_name_read("Siemens AG");
        g_auto(ProductName) name = product_name_read(text, &vendor);

        g_assert_cmpstr(name.core, ==, core);
        g_assert_cmpstr(name.series, ==, series);
        g_assert_cmpstr(name.part, ==, part);
        g_assert_cmpint(name.layer, ==, layer);
}

static void test_products(void)
{
        check("SCALANCE XCM332 (6GK5332-0GA01-2AC2)", "scalance xcm332", NULL, "6GK53320GA012AC2",
              LAYER_NONE);
        check("SCALANCE XRH334 (24 V DC, 8xFO, CC) (6GK5334-2TS01-2ER3)", "scalance xrh334 24 v dc 8xfo cc",
              NULL, "6GK53342TS012ER3", LAYER_NONE);
        check("Siemens SIMATIC S7-1500", "simatic s7 1500", NULL, NULL, LAYER_NONE);
        check("SIMATIC S7-1500 CPU family (incl. related ET200 CPUs)", "simatic s7 1500 cpu family", NULL,
              NULL, LAYER_NONE);
        check("S7-1500 Firmware", "s7 1500", NULL, NULL, LAYER_FIRMWARE);
        check("s7-1500_firmware", "s7 1500", NULL, NULL, LAYER_FIRMWARE);
        check("Lynx Hardware", "lynx", NULL, NULL, LAYER_HARDWARE);
        check("TeleControl Server Basic V3", "telecontrol server basic", "v3", NULL, LAYER_NONE);
        check("IntelliSpace Portal 8.0.x", "intellispace portal", "8.0.x", NULL, LAYER_NONE);
        check("Stratix 5700", "stratix 5700", NULL, NULL, LAYER_NONE);
        check("OpenSSL 1.0.2", "openssl", "1.0.2", NULL, LAYER_NONE);
        check("C++ Runtime", "c++ runtime", NULL, NULL, LAYER_NONE);
        check("Firmware", "firmware", NULL, NULL, LAYER_NONE);
        check("Siemens", "siemens", NULL, NULL, LAYER_NONE);
        check("PI Vision\xe2\x84\xa2", "pi vision", NULL, NULL, LAYER_NONE);
        check("Markoni-DH (Exciter+Amplifiers) FM Transmitters",
              "markoni dh exciter+amplifiers fm transmitters", NULL, NULL, LAYER_NONE);
        check("HUSKY RTU 6049-E70 with", "husky rtu 6049 e70", NULL, NULL, LAYER_NONE);
        check("GT27 model", "gt27", NULL, NULL, LAYER_NONE);
        check("Model", "model", NULL, NULL, LAYER_NONE);
        check("", "", NULL, NULL, LAYER_NONE);
}

static void test_lists(void)
{
        g_auto(GStrv) two = product_name_list("JetWave 3220/3420 V3"),
                      many = product_name_list("F 101A/102B/103");

        g_assert_cmpuint(g_strv_length(two), ==, 2);
        g_assert_cmpstr(two[0], ==, "JetWave 3220 V3");
        g_assert_cmpstr(two[1], ==, "JetWave 3420 V3");
        g_assert_cmpuint(g_strv_length(many), ==, 3);
        g_assert_cmpstr(many[2], ==, "F 103");
        g_assert_null(product_name_list("CPU 1516-3 PN/DP"));
        g_assert_null(product_name_list("CLOUD CLIENT 1101T-TX/TX"));
        g_assert_null(product_name_list("Gate 7/8"));
        g_assert_null(product_name_list("Gate 700/"));
        g_assert_null(product_name_list("/700"));
        g_assert_null(product_name_list("a // b"));
        g_assert_null(product_name_list("Gate"));
}

static void test_numbers(void)
{
        g_autofree char *folded = number_fold("6ES7 511-1ak02-0AB0");

        g_assert_cmpstr(folded, ==, "6ES75111AK020AB0");
        g_assert_true(number_fits("6ES7511-1AK02-0AB0", "6ES7 511-1AK02-0AB0"));
        g_assert_true(number_fits("6ES7511-1AK0?-0AB0", "6ES7511-1AK02-0AB0"));
        g_assert_true(number_fits("6ES7511-*", "6ES7511-1AK02-0AB0"));
        g_assert_true(number_fits("*AB0", "6ES7511-1AK02-0AB0"));
        g_assert_true(number_fits("A\\*B", "A*B"));
        g_assert_true(number_is_pattern("A?B") && number_is_pattern("A\\\\*"));
        g_assert_false(number_is_pattern("A\\*B") || number_is_pattern("AB"));
        g_assert_false(number_fits("A\\*B", "AXB"));
        g_assert_false(number_fits("6ES7511-1AK0?-0AB0", "6ES7511-1AK012-0AB0"));
        g_assert_false(number_fits("6ES7511", "6ES7511-1AK02-0AB0"));
        g_assert_false(number_fits("*", "X1"));
        g_assert_false(number_fits("?*", "X1"));
        g_assert_false(number_fits("A", ""));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vuln/name/vendors-same", test_vendors_same);
        g_test_add_func("/vuln/name/vendors-not-same", test_vendors_not_same);
        g_test_add_func("/vuln/name/keys", test_keys);
        g_test_add_func("/vuln/name/publishers", test_publishers);
        g_test_add_func("/vuln/name/products", test_products);
        g_test_add_func("/vuln/name/lists", test_lists);
        g_test_add_func("/vuln/name/numbers", test_numbers);
        return g_test_run();
}
