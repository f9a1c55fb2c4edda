/* Folding goes over Unicode, since vendors have accents; numbers are ASCII. */
#include "vuln/name_words.h"

#include <glib.h>
#include <string.h>

bool word_is_legal_form(const char *word)
{
        static const char *const forms[] = {
                "ag",    "gmbh",         "mbh",      "kg",          "kgaa",         "se",
                "sa",    "sas",          "sarl",     "spa",         "srl",          "bv",
                "nv",    "oy",           "oyj",      "ab",          "as",           "asa",
                "aps",   "plc",          "ltd",      "limited",     "llc",          "lp",
                "inc",   "incorporated", "corp",     "corporation", "co",           "company",
                "cokg",  "pty",          "sro",      "kk",          "and",          "international",
                "group", "holding",      "holdings", "technology",  "technologies", "the",
                NULL
        };

        return g_strv_contains(forms, word);
}

/* What inventories and advisories write in place of the owner. */
static const char *const owners[][2] = {
        { "allen bradley", "rockwell automation" },
        { "rockwell", "rockwell automation" },
        { "modicon", "schneider electric" },
        { "telemecanique", "schneider electric" },
        { "foxboro", "schneider electric" },
        { "triconex", "schneider electric" },
        { "invensys", "schneider electric" },
        { "square d", "schneider electric" },
        { "apc", "schneider electric" },
        { "american power conversion", "schneider electric" },
        { "pro face", "schneider electric" },
        { "control microsystems", "schneider electric" },
        { "schneider", "schneider electric" },
        { "wonderware", "aveva" },
        { "osisoft", "aveva" },
        { "citect", "aveva" },
        { "indusoft", "aveva" },
        { "hirschmann", "belden" },
        { "tofino", "belden" },
        { "prosoft", "belden" },
        { "garrettcom", "belden" },
        { "moeller", "eaton" },
        { "cutler hammer", "eaton" },
        { "cooper power systems", "eaton" },
        { "cooper industries", "eaton" },
        { "powerware", "eaton" },
        { "saia burgess", "honeywell" },
        { "saia burgess controls", "honeywell" },
        { "tridium", "honeywell" },
        { "matrikon", "honeywell" },
        { "elster", "honeywell" },
        { "intermec", "honeywell" },
        { "gemalto", "thales" },
        { "safenet", "thales" },
        { "aladdin", "thales" },
        { "abb power grids", "hitachi energy" },
        { "b and r", "abb" },
        { "b and r industrial automation", "abb" },
        { "bernecker and rainer", "abb" },
        { "bernecker + rainer", "abb" },
        { "busch jaeger", "abb" },
        { "ge digital", "ge vernova" },
        { "ge grid solutions", "ge vernova" },
        { "ge multilin", "ge vernova" },
        { "ge intelligent platforms", "emerson" },
        { "ge fanuc", "emerson" },
        { "westinghouse", "emerson" },
        { "fisher rosemount", "emerson" },
        { "rosemount", "emerson" },
        { "bristol babcock", "emerson" },
        { "national instruments", "emerson" },
        { "ruggedcom", "siemens" },
        { "mentor graphics", "siemens" },
        { "siemens industry software", "siemens" },
        { "emerson electric", "emerson" },
        { "hitachi abb power grids", "hitachi energy" },
        { "nortek security and control", "nortek" },
        { "innominate", "phoenix contact" },
        { "3s smart software solutions", "codesys" },
        { "3s", "codesys" },
        { "bosch rexroth", "rexroth" },
        { "indramat", "rexroth" },
        { "metasys", "johnson controls" },
        { "tyco", "johnson controls" },
        { "sensormatic electronics", "johnson controls" },
        { "exacq", "johnson controls" },
        { "exacq technologies", "johnson controls" },
        { "software house", "johnson controls" },
        { "kantech", "johnson controls" },
        { "automated logic", "carrier" },
        { "lenel", "carrier" },
        { "lenels2", "carrier" },
        { "interlogix", "carrier" },
        { "b+b smartworx", "advantech" },
        { "conel", "advantech" },
        { "kepware", "ptc" },
        { "iconics", "mitsubishi electric" },
        { "beijer electronics", "beijer" },
        { "sick maihak", "sick" },
        { "hospira", "icu medical" },
        { "smiths medical", "icu medical" },
        { "carefusion", "becton dickinson" },
        { "bd", "becton dickinson" },
        { "hakko electronics", "fuji electric" },
        { "monitouch", "fuji electric" },
        { "trihedral", "delta electronics" },
        { "loytec", "delta electronics" },
        { "loytec electronics", "delta electronics" },
        { "sel", "schweitzer engineering laboratories" },
        { "koyo", "automationdirect" },
        { "koyo electronics", "jtekt electronics" },
};

const char *words_owner(const char *words)
{
        for (size_t i = 0; i < G_N_ELEMENTS(owners); i++)
                if (strcmp(words, owners[i][0]) == 0 || strcmp(words, owners[i][1]) == 0)
                        return owners[i][1];
        return NULL;
}

const char *words_behind_brand(const char *words, const char *owner)
{
        for (size_t i = 0; i < G_N_ELEMENTS(owners); i++) {
                const size_t n = strlen(owners[i][0]);

                if (strcmp(owners[i][1], owner) == 0 && strncmp(words, owners[i][0], n) == 0 &&
                    words[n] == ' ')
                        return words + n + 1;
        }
        return NULL;
}

bool word_is_kind(const char *word)
{
        static const char *const kinds[] = {
                "industrial",   "ethernet",     "managed",     "unmanaged",     "modular",
                "distribution", "switch",       "switches",    "router",        "routers",
                "gateway",      "gateways",     "wireless",    "series",        "device",
                "devices",      "controller",   "controllers", "plc",           "plcs",
                "cpu",          "cpus",         "panel",       "panels",        "operator",
                "infusion",     "syringe",      "pump",        "pumps",         "unit",
                "units",        "module",       "modules",     "hmi",           "rtu",
                "rtus",         "firewall",     "firewalls",   "modem",         "modems",
                "converter",    "converters",   "relay",       "relays",        "protection",
                "meter",        "meters",       "power",       "monitor",       "monitors",
                "transmitter",  "transmitters", "sensor",      "sensors",       "camera",
                "cameras",      "recorder",     "recorders",   "drive",         "drives",
                "inverter",     "inverters",    "printer",     "printers",      "analyzer",
                "analyzers",    "scanner",      "scanners",    "gauge",         "gauges",
                "automatic",    "tank",         "adapter",     "adapters",      "safety",
                "programmable", "logic",        "automation",  "communication", "communications",
                "processor",    "processors",   "cellular",    "lte",           "flow",
                "appliance",    "appliances",   NULL
        };

        return g_strv_contains(kinds, word);
}

/* ---- folding ---- */

static bool is_mark(gunichar c)
{
        return c == 0x2122 || c == 0xae || c == 0xa9 || c == 0x2120 || g_unichar_ismark(c);
}

char *words_fold(const char *text, size_t n, bool dots_away)
{
        g_autofree char *valid = g_utf8_make_valid(text, (gssize)n);
        g_autofree char *split = g_utf8_normalize(valid, -1, G_NORMALIZE_DEFAULT);
        GString *out = g_string_new(NULL);
        bool gap = false;

        for (const char *p = split; *p != '\0'; p = g_utf8_next_char(p)) {
                gunichar c = g_utf8_get_char(p);
                bool dot = c == '.' && p > split && g_ascii_isdigit(p[-1]) &&
                           (g_ascii_isdigit(p[1]) || g_ascii_tolower(p[1]) == 'x' || p[1] == '*');

                if (is_mark(c) || (c == '.' && !dot && dots_away))
                        continue;
                if (!g_unichar_isalnum(c) && c != '+' && c != '&' && !dot) {
                        gap = true;
                        continue;
                }
                if ((gap || c == '&') && out->len > 0 && out->str[out->len - 1] != ' ')
                        g_string_append_c(out, ' ');
                gap = c == '&';
                if (c == '&')
                        g_string_append(out, "and");
                else
                        g_string_append_unichar(out, g_unichar_tolower(c));
        }
        return g_string_free(out, FALSE);
}

bool words_begin(const char *text, const char *beginning)
{
        size_t n = strlen(beginning);

        return n > 0 && strncmp(text, beginning, n) == 0 && (text[n] == ' ' || text[n] == '\0');
}

bool letter_is_doubled(const char *begin, const char *p)
{
        return p > begin && g_ascii_isalpha(*p) && *p != 'i' && p[-1] == *p;
}
