#include "service/running/address.h"

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

/* Not of the open Internet: network and length of the prefix. */
static const struct {
        uint32_t network;
        int prefix;
} closed_4[] = {
        { 0x00000000, 8 },  /* this network */
        { 0x0a000000, 8 },  /* private */
        { 0x64400000, 10 }, /* shared, of carriers */
        { 0x7f000000, 8 },  /* loopback */
        { 0xa9fe0000, 16 }, /* link-local, and where clouds keep their secrets */
        { 0xac100000, 12 }, /* private */
        { 0xc0000000, 24 }, /* protocol assignments */
        { 0xc0000200, 24 }, /* documentation */
        { 0xc0586300, 24 }, /* relays of 6to4 */
        { 0xc0a80000, 16 }, /* private */
        { 0xc6120000, 15 }, /* measuring */
        { 0xc6336400, 24 }, /* documentation */
        { 0xcb007100, 24 }, /* documentation */
        { 0xe0000000, 4 },  /* multicast */
        { 0xf0000000, 4 },  /* reserved, broadcast */
};

/* Of IPv6 only 2000::/3 is in use, and in it these are not. */
static const struct {
        uint8_t network[8];
        int prefix;
} closed_6[] = {
        { { 0x20, 0x01, 0x00, 0x00 }, 23 }, /* protocol assignments, with Teredo */
        { { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
        { { 0x20, 0x02 }, 16 },             /* 6to4: an IPv4 address in it */
        { { 0x3f, 0xff, 0x00 }, 20 },       /* documentation */
};

static bool is_public_4(uint32_t address)
{
        for (size_t i = 0; i < G_N_ELEMENTS(closed_4); i++)
                if (((address ^ closed_4[i].network) >> (32 - closed_4[i].prefix)) == 0)
                        return false;
        return true;
}

static bool has_prefix(const uint8_t *address, const uint8_t *network, int bits)
{
        const int whole = bits / 8, rest = bits % 8;

        return memcmp(address, network, (size_t)whole) == 0 &&
               (rest == 0 || ((address[whole] ^ network[whole]) >> (8 - rest)) == 0);
}

static bool is_public_6(const uint8_t *address)
{
        if ((address[0] & 0xe0) != 0x20)
                return false;
        for (size_t i = 0; i < G_N_ELEMENTS(closed_6); i++)
                if (has_prefix(address, closed_6[i].network, closed_6[i].prefix))
                        return false;
        return true;
}

bool address_is_public(const struct sockaddr *address)
{
        if (address->sa_family == AF_INET)
                return is_public_4(
                        ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
        return address->sa_family == AF_INET6 &&
               is_public_6(((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr);
}
