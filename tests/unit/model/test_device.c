/* Marks by which descriptions of one device find each other. */
#include "model/device.h"

#include <string.h>

static void test_addresses(void)
{
        static const struct {
                const char *text, *mark;
                DeviceMark by;
        } cases[] = {
                { " 10.0.0.5 ", "a 10.0.0.5", DEVICE_BY_ADDRESS },
                { "FE80::1", "a fe80::1", DEVICE_BY_ADDRESS },
                { "00:1B:1B:00:00:01", "m 001b1b000001", DEVICE_BY_INTERFACE },
                { "00-1b-1b-00-00-01", "m 001b1b000001", DEVICE_BY_INTERFACE },
                { "001b.1b00.0001", "m 001b1b000001", DEVICE_BY_INTERFACE },
                { "PLC-1.Plant", "n plc-1.plant", DEVICE_BY_NAME },
                { "0.0.0.0", NULL, DEVICE_BY_NAME },
                { "127.0.0.1", NULL, DEVICE_BY_NAME },
                { "localhost", NULL, DEVICE_BY_NAME },
                { "", NULL, DEVICE_BY_NAME },
        };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                DeviceMark by = DEVICE_BY_NAME;
                g_autofree char *mark = device_address_mark(cases[i].text, strlen(cases[i].text), &by);

                g_assert_cmpstr(mark, ==, cases[i].mark);
                g_assert_cmpint(by, ==, cases[i].by);
        }
}

static void test_serials(void)
{
        g_autofree char *one = device_serial_mark("S C-X 4711", 10), *same = device_serial_mark("scx4711", 7),
                        *blank = device_serial_mark("-", 1), *cut = device_serial_mark("AB12rest", 4);

        g_assert_cmpstr(one, ==, "s SCX4711");
        g_assert_cmpstr(same, ==, one);
        g_assert_null(blank);
        g_assert_cmpstr(cut, ==, "s AB12");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/model/device/addresses", test_addresses);
        g_test_add_func("/model/device/serials", test_serials);
        return g_test_run();
}
