/* Networks and ports as people and scanners write them. */
#include "analysis/asbuilt_internal.h"

#include <string.h>

/* ---- networks ---- */

/* Four numbers to 255 with dots; false for all else. */
static bool address_read(const char *text, size_t n, uint32_t *ret_address)
{
        uint32_t address = 0, part = 0;
        int parts = 1;
        size_t digits = 0;

        for (size_t i = 0; i < n; i++)
                if (g_ascii_isdigit(text[i]) && digits < 3) {
                        part = part * 10 + (uint32_t)(text[i] - '0');
                        digits++;
                } else if (text[i] == '.' && digits > 0 && parts < 4 && part <= 255) {
                        address = address << 8 | part;
                        part = 0;
                        digits = 0;
                        parts++;
                } else
                        return false;
        if (parts != 4 || digits == 0 || part > 255)
                return false;
        *ret_address = address << 8 | part;
        return true;
}

/* `10.1.0.0/16` holds an address. */
static bool prefix_holds(const char *network, size_t n, const char *address, size_t address_n)
{
        const char *slash = memchr(network, '/', n);
        g_autofree char *length = slash == NULL ? NULL
                                                : g_strndup(slash + 1, n - (size_t)(slash + 1 - network));
        uint32_t base, host, mask;
        guint64 bits;

        if (slash == NULL || !g_ascii_string_to_unsigned(length, 10, 0, 32, &bits, NULL) ||
            !address_read(network, (size_t)(slash - network), &base) ||
            !address_read(address, address_n, &host))
                return false;
        mask = bits == 0 ? 0 : UINT32_MAX << (32 - bits);
        return (base & mask) == (host & mask);
}

static bool same_text(const char *a, size_t n, const char *b, size_t m)
{
        return n == m && g_ascii_strncasecmp(a, b, n) == 0;
}

static bool network_has(const char *network, size_t n, Facts asset)
{
        FactsIter names = facts_iter(asset, ZW_ATTR_NETWORKS),
                  addresses = facts_iter(asset, ZW_ATTR_ADDRESSES);
        const char *text;
        size_t length;

        while (facts_next_text(&names, &text, &length))
                if (same_text(network, n, text, length))
                        return true;
        while (facts_next_text(&addresses, &text, &length))
                if (prefix_holds(network, n, text, length))
                        return true;
        return false;
}

bool asbuilt_network_fits(Facts place, Facts asset)
{
        FactsIter networks = facts_iter(place, ZW_ATTR_NETWORKS);
        const char *text;
        size_t n;

        while (facts_next_text(&networks, &text, &n))
                if (network_has(text, n, asset))
                        return true;
        return false;
}

/* ---- ports ---- */

/* Protocols of plants and their registered ports, by the beginning of their names without other signs. */
static const struct {
        const char *name;
        int port;
} protocols[] = {
        { "modbus", 502 },        { "mbap", 502 },     { "s7", 102 },           { "isotsap", 102 },
        { "mms", 102 },           { "iec61850", 102 }, { "opcua", 4840 },       { "ethernetip", 44818 },
        { "enip", 44818 },        { "cip", 44818 },    { "dnp3", 20000 },       { "bacnet", 47808 },
        { "iec608705104", 2404 }, { "iec104", 2404 },  { "profinet", 34964 },   { "https", 443 },
        { "http", 80 },           { "ssh", 22 },       { "telnet", 23 },        { "ftp", 21 },
        { "snmp", 161 },          { "ntp", 123 },      { "dns", 53 },           { "syslog", 514 },
        { "smtp", 25 },           { "rdp", 3389 },     { "mswbtserver", 3389 }, { "smb", 445 },
        { "ldaps", 636 },         { "ldap", 389 },     { "mqtt", 1883 },        { "vnc", 5900 },
};

/* Letters and digits in lower case. */
static char *name_fold(const char *text, size_t n)
{
        GString *name = g_string_new(NULL);

        for (size_t i = 0; i < n; i++)
                if (g_ascii_isalnum(text[i]))
                        g_string_append_c(name, g_ascii_tolower(text[i]));
        return g_string_free(name, FALSE);
}

int asbuilt_port(const char *service)
{
        const char *slash = strchr(service, '/');
        g_autofree char *number = slash == NULL ? NULL
                                                : g_strndup(slash + 1, strspn(slash + 1, "0123456789"));
        guint64 port;

        return number != NULL && g_ascii_string_to_unsigned(number, 10, 0, 65535, &port, NULL) ? (int)port
                                                                                               : -1;
}

/* One of the numbers in the text is that of the port. */
static bool has_port(const char *text, size_t n, int port)
{
        for (size_t i = 0; i < n;) {
                size_t digits = 0, value = 0;

                while (i + digits < n && digits < 6 && g_ascii_isdigit(text[i + digits])) {
                        value = value * 10 + (size_t)(text[i + digits] - '0');
                        digits++;
                }
                if (digits > 0 && value == (size_t)port)
                        return true;
                i += digits > 0 ? digits : 1;
        }
        return false;
}

bool asbuilt_protocol_fits(const char *protocol, size_t n, const char *service)
{
        const int port = asbuilt_port(service);
        const char *blank = strchr(service, ' ');
        g_autofree char *name = name_fold(protocol, n),
                        *served = blank == NULL ? NULL : name_fold(blank + 1, strlen(blank + 1));

        if ((port >= 0 && has_port(protocol, n, port)) ||
            (served != NULL && name[0] != '\0' && strcmp(name, served) == 0))
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++)
                if (g_str_has_prefix(name, protocols[i].name))
                        return protocols[i].port == port;
        return false;
}
