#include "service/running/address.h"

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <string.h>

static bool is_public(const char *text)
{
        struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
        struct sockaddr_in four = { .sin_family = AF_INET };

        if (strchr(text, ':') != NULL) {
                g_assert_cmpint(inet_pton(AF_INET6, text, &six.sin6_addr), ==, 1);
                return address_is_public((const struct sockaddr *)(const void *)&six);
        }
        g_assert_cmpint(inet_pton(AF_INET, text, &four.sin_addr), ==, 1);
        return address_is_public((const struct sockaddr *)(const void *)&four);
}

static void test_public(void)
{
        static const char *const cases[] = { "1.1.1.1",
                                             "8.8.8.8",
                                             "9.255.255.255",
                                             "11.0.0.0",
                                             "100.63.255.255",
                                             "100.128.0.0",
                                             "126.255.255.255",
                                             "128.0.0.1",
                                             "169.253.1.1",
                                             "169.255.0.1",
                                             "172.15.255.255",
                                             "172.32.0.0",
                                             "192.167.1.1",
                                             "192.169.0.1",
                                             "198.17.0.1",
                                             "198.20.0.0",
                                             "223.255.255.255",
                                             "2606:4700::1111",
                                             "2a00:1450:4001:80b::200e",
                                             "2001:200::1",
                                             "2003::1" };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_test_message("%s", cases[i]);
                g_assert_true(is_public(cases[i]));
        }
}

static void test_closed(void)
{
        static const char *const cases[] = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:8.8.8.8",
                "::127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b:1::1",
                "100::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "fc00::1",
                "fdff::1",
                "ff02::1",
                "2001:db8::1",
                "2001::1",
                "2001:1ff::1",
                "2002:7f00:1::",
                "2002:a9fe:a9fe::1",
                "3fff::1",
                "4000::1",
        };
        const struct sockaddr other = { .sa_family = AF_UNIX };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_test_message("%s", cases[i]);
                g_assert_false(is_public(cases[i]));
        }
        g_assert_false(address_is_public(&other));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/service/address/public", test_public);
        g_test_add_func("/service/address/closed", test_closed);
        return g_test_run();
}
