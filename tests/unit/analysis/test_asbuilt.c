/* Networks and ports as people and scanners write them. The differences themselves: tests/api/test_inventory.py. */
#include "analysis/asbuilt_internal.h"
#include "base/jread.h"

#include <string.h>

static void test_protocols(void)
{
        static const struct {
                const char *protocol, *service;
                bool fits;
        } cases[] = {
                { "Modbus/TCP", "tcp/502 mbap", true },
                { "tcp/502", "tcp/502", true },
                { "HTTPS 8443", "tcp/8443 https-alt", true },
                { "S7 communication", "tcp/102 iso-tsap", true },
                { "OPC UA", "tcp/4840", true },
                { "IEC 60870-5-104", "tcp/2404", true },
                { "vendor-x", "tcp/9999 vendor x", true },
                { "HTTPS", "tcp/80 http", false },
                { "HTTP", "tcp/443 https", false },
                { "Modbus/TCP", "tcp/23 telnet", false },
                { "port 5020", "tcp/502", false },
                { "", "tcp/502", false },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
                if (asbuilt_protocol_fits(cases[i].protocol, strlen(cases[i].protocol), cases[i].service) !=
                    cases[i].fits)
                        g_error("%s and %s", cases[i].protocol, cases[i].service);
        g_assert_cmpint(asbuilt_port("tcp/502 mbap"), ==, 502);
        g_assert_cmpint(asbuilt_port("telnet"), ==, -1);
        g_assert_cmpint(asbuilt_port("tcp/99999"), ==, -1);
}

/* The packed attributes of an item; free the output. */
static Out *packed(KindId kind, const char *name, const char *value)
{
        g_autoptr(Json) attrs = json_pack("{s:[s]}", name, value);
        Out *out = out_new(4096);

        facts_pack(kind, attrs, out);
        return out;
}

static bool fits(const char *network, const char *name, const char *value)
{
        g_autoptr(Out) zone = packed(ZW_KIND_ZONE, "networks", network),
                       asset = packed(ZW_KIND_ASSET, name, value);

        return asbuilt_network_fits((Facts){ (const uint8_t *)out_data(zone), out_length(zone) },
                                    (Facts){ (const uint8_t *)out_data(asset), out_length(asset) });
}

static void test_networks(void)
{
        g_assert_true(fits("10.1.0.0/16", "addresses", "10.1.2.3"));
        g_assert_true(fits("0.0.0.0/0", "addresses", "10.1.2.3"));
        g_assert_true(fits("10.1.2.3/32", "addresses", "10.1.2.3"));
        g_assert_true(fits("StationBus", "networks", "stationbus"));
        g_assert_false(fits("10.1.0.0/16", "addresses", "10.2.2.3"));
        g_assert_false(fits("10.1.0.0/33", "addresses", "10.1.2.3"));
        g_assert_false(fits("10.1.0/16", "addresses", "10.1.2.3"));
        g_assert_false(fits("10.1.0.0/16", "addresses", "10.1.2.300"));
        g_assert_false(fits("10.1.0.0", "addresses", "10.1.0.0"));
        g_assert_false(fits("10.1.0.0/16", "addresses", "00:1b:1b:00:00:01"));
        g_assert_false(fits("Bus", "networks", "StationBus"));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/analysis/asbuilt/protocols", test_protocols);
        g_test_add_func("/analysis/asbuilt/networks", test_networks);
        return g_test_run();
}
