/* Results of Nessus and OpenVAS as delimited text, known by their columns. A row is something seen on a host: the host is an
 * asset, known by its address, and what has a severity or a CVE is a finding, as in their XML (nessus.c, openvas.c), so that
 * either form of one scan says the same. A row that cannot be one is refused, and the others go on. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/csv_records.h"
#include "exchange/device.h"
#include "exchange/sheet.h"

#include <string.h>

typedef enum {
        COLUMN_HOST,
        COLUMN_HOSTNAME,
        COLUMN_TEST,
        COLUMN_NAME,
        COLUMN_SEVERITY,
        COLUMN_SCORE,
        COLUMN_OLDER_SCORE,
        COLUMN_CVES,
        COLUMN_PROTOCOL,
        COLUMN_PORT,
        COLUMN_REMEDY,
        COLUMN_COUNT
} Column;

/* The headers of a scanner; of two names the first that is there counts. */
typedef struct {
        const char *system, *own; /* of sources, and of vulnerabilities that have no CVE */
        bool port_first;          /* it writes `80/tcp`, not `tcp/80` */
        const char *headers[COLUMN_COUNT][2];
} Scanner;

static const Scanner scanners[] = {
        { "nessus",
          "NESSUS",
          false,
          { [COLUMN_HOST] = { "Host", "IP Address" },
            [COLUMN_HOSTNAME] = { "FQDN", "DNS Name" },
            [COLUMN_TEST] = { "Plugin ID", "Plugin" },
            [COLUMN_NAME] = { "Name", "Plugin Name" },
            [COLUMN_SEVERITY] = { "Risk", "Severity" },
            [COLUMN_SCORE] = { "CVSS v3.0 Base Score", NULL },
            [COLUMN_OLDER_SCORE] = { "CVSS v2.0 Base Score", "CVSS" },
            [COLUMN_CVES] = { "CVE", NULL },
            [COLUMN_PROTOCOL] = { "Protocol", NULL },
            [COLUMN_PORT] = { "Port", NULL },
            [COLUMN_REMEDY] = { "Solution", NULL } } },
        { "openvas",
          "OPENVAS",
          true,
          { [COLUMN_HOST] = { "IP", NULL },
            [COLUMN_HOSTNAME] = { "Hostname", NULL },
            [COLUMN_TEST] = { "NVT OID", NULL },
            [COLUMN_NAME] = { "NVT Name", NULL },
            [COLUMN_SEVERITY] = { "Severity", NULL },
            [COLUMN_SCORE] = { "CVSS", NULL },
            [COLUMN_CVES] = { "CVEs", NULL },
            [COLUMN_PROTOCOL] = { "Port Protocol", NULL },
            [COLUMN_PORT] = { "Port", NULL },
            [COLUMN_REMEDY] = { "Solution", NULL } } },
};

/* Without these nothing is known of a row. */
static const Column needed[] = { COLUMN_HOST, COLUMN_TEST, COLUMN_SEVERITY, COLUMN_CVES };

typedef struct {
        const Scanner *scanner;
        int column[COLUMN_COUNT]; /* number in a record, -1 when the file has none */
        GHashTable *devices;      /* address → Device, borrowed from `order` */
        GPtrArray *order;         /* of Device */
        GStringChunk *texts;      /* names of hosts */
        CsvShape shape;
        Sink *sink;
} Scan;

static void device_free(gpointer data)
{
        device_clear(data);
        g_free(data);
}

static void scan_clear(Scan *scan)
{
        g_hash_table_unref(scan->devices);
        g_ptr_array_unref(scan->order);
        g_string_chunk_free(scan->texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Scan, scan_clear)

/* ---- the header ---- */

static int column_find(const Csv *csv, const char *const headers[2])
{
        for (size_t i = 0; i < 2 && headers[i] != NULL; i++)
                for (guint k = 0; k < csv->cells->len; k++)
                        if (strcmp(csv->cells->pdata[k], headers[i]) == 0)
                                return (int)k;
        return -1;
}

static bool header_fits(const Scanner *scanner, const Csv *csv, int column[COLUMN_COUNT])
{
        for (size_t i = 0; i < COLUMN_COUNT; i++)
                column[i] = column_find(csv, scanner->headers[i]);
        for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
                if (column[needed[i]] < 0)
                        return false;
        return true;
}

static bool header_read(Scan *scan, Csv *csv, GError **error)
{
        g_autofree char *where = NULL;
        GError *why = NULL;

        if (csv_next(csv, &why))
                for (size_t i = 0; i < G_N_ELEMENTS(scanners); i++)
                        if (header_fits(&scanners[i], csv, scan->column)) {
                                scan->scanner = &scanners[i];
                                return true;
                        }
        if (why != NULL) {
                g_propagate_error(error, why);
                return false;
        }
        where = g_strdup_printf("row %zu", csv->record);
        error_set(
                error, ZW_ERR_INPUT, where,
                "the columns are those of no scanner: Nessus has Host, Plugin ID, Risk and CVE, OpenVAS has "
                "IP, NVT OID, Severity and CVEs");
        return false;
}

/* ---- rows ---- */

/* The text of a cell; NULL when it is blank or missing. */
static const char *cell(const Scan *scan, const Csv *csv, Column column)
{
        const int number = scan->column[column];
        const char *text = number < 0 || (guint)number >= csv->cells->len ? NULL : csv->cells->pdata[number];

        return text == NULL || text[strspn(text, " \t\r\n")] == '\0' ? NULL : text;
}

/* *ret_severity is NULL where the scanner only tells something, as in the XML of that scanner. */
static bool severity_read(const char *text, const char **ret_severity)
{
        static const struct {
                const char *word, *severity;
        } words[] = { { "Critical", "critical" },  { "High", "high" },
                      { "Medium", "medium" },      { "Low", "low" },
                      { "None", "none" },          { "Info", "none" },
                      { "Informational", "none" }, { "Log", NULL },
                      { "Debug", NULL },           { "False Positive", NULL } };

        *ret_severity = NULL;
        if (text == NULL)
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                if (g_ascii_strcasecmp(text, words[i].word) == 0) {
                        *ret_severity = words[i].severity;
                        return true;
                }
        return false;
}

static GStrv cves_of(const Scan *scan, const Csv *csv)
{
        const char *text = cell(scan, csv, COLUMN_CVES);
        g_auto(GStrv) parts = g_strsplit_set(text == NULL ? "" : text, ", ;\r\n\t", -1);
        g_autoptr(GStrvBuilder) cves = g_strv_builder_new();

        for (size_t i = 0; parts[i] != NULL; i++)
                if (parts[i][0] != '\0')
                        g_strv_builder_add(cves, parts[i]);
        return g_strv_builder_end(cves);
}

static bool are_cves(const Scan *scan, const Csv *csv)
{
        g_auto(GStrv) cves = cves_of(scan, csv);

        for (size_t i = 0; cves[i] != NULL; i++)
                if (!g_str_has_prefix(cves[i], "CVE-"))
                        return false;
        return true;
}

static bool is_score(const char *text)
{
        char *end;
        const double score = text == NULL ? 0 : g_ascii_strtod(text, &end);

        return text == NULL || (end != text && *end == '\0' && score >= 0 && score <= 10);
}

/* Why a row is none, or NULL. */
static const char *row_fault(const Scan *scan, const Csv *csv)
{
        const char *port = cell(scan, csv, COLUMN_PORT), *severity;

        if (cell(scan, csv, COLUMN_HOST) == NULL)
                return "no host is named";
        if (cell(scan, csv, COLUMN_TEST) == NULL)
                return "the test that saw it is not named";
        if (port != NULL && !g_ascii_string_to_unsigned(port, 10, 0, 65535, NULL, NULL))
                return "the port is no number up to 65535";
        if (!severity_read(cell(scan, csv, COLUMN_SEVERITY), &severity))
                return "the severity is none of Critical, High, Medium, Low, None and Log";
        if (!is_score(cell(scan, csv, COLUMN_SCORE)) || !is_score(cell(scan, csv, COLUMN_OLDER_SCORE)))
                return "the score is no number from 0 to 10";
        if (!are_cves(scan, csv))
                return "among the CVEs is something else";
        return NULL;
}

/* By the newer CVSS where the row has it. */
static const char *score_of(const Scan *scan, const Csv *csv)
{
        const char *newer = cell(scan, csv, COLUMN_SCORE);

        return newer != NULL ? newer : cell(scan, csv, COLUMN_OLDER_SCORE);
}

/* The host of the row, made when new. */
static Device *device_of(Scan *scan, const Csv *csv)
{
        const char *host = cell(scan, csv, COLUMN_HOST);
        Device *device = g_hash_table_lookup(scan->devices, host);

        if (device == NULL) {
                device = g_new0(Device, 1);
                *device = device_init(g_strdup(host), g_strdup_printf("row %zu", csv->record));
                if (g_hostname_is_ip_address(host))
                        tell_add(device->addresses, host);
                g_hash_table_insert(scan->devices, device->id, device);
                g_ptr_array_add(scan->order, device);
        }
        return device;
}

/* What is said of hosts, before the first finding on one of them is told. */
static void row_take(Scan *scan, const Csv *csv)
{
        Device *device = device_of(scan, csv);
        const char *name = cell(scan, csv, COLUMN_HOSTNAME), *port = cell(scan, csv, COLUMN_PORT),
                   *protocol = cell(scan, csv, COLUMN_PROTOCOL);

        if (name == NULL && !g_hostname_is_ip_address(device->id))
                name = device->id;
        if (device->hostname == NULL && name != NULL) {
                device->hostname = g_string_chunk_insert_const(scan->texts, name);
                device->title = device->hostname;
        }
        if (port != NULL && strcmp(port, "0") != 0)
                device_add_service(device, protocol == NULL ? "tcp" : protocol, port, NULL);
}

static char *said_of(const Scan *scan, const Csv *csv, const char *name)
{
        const char *port = cell(scan, csv, COLUMN_PORT), *protocol = cell(scan, csv, COLUMN_PROTOCOL);
        const char *number = port == NULL ? "general" : port, *of = protocol == NULL ? "tcp" : protocol;

        return scan->scanner->port_first ? g_strdup_printf("%s (%s/%s)", name, number, of)
                                         : g_strdup_printf("%s (%s/%s)", name, of, number);
}

static void finding_take(const Scan *scan, const Csv *csv, Tell *tell)
{
        const char *test = cell(scan, csv, COLUMN_TEST), *name = cell(scan, csv, COLUMN_NAME), *severity;
        Device *device = g_hash_table_lookup(scan->devices, cell(scan, csv, COLUMN_HOST));
        g_auto(GStrv) cves = cves_of(scan, csv);
        g_autofree char *source = g_strdup_printf("%s:%s", scan->scanner->system, test),
                        *own = g_strdup_printf("%s-%s", scan->scanner->own, test),
                        *said = said_of(scan, csv, name == NULL ? "found by a test" : name);

        (void)severity_read(cell(scan, csv, COLUMN_SEVERITY), &severity);
        DeviceFinding finding = { .vulnerability = own,
                                  .source = source,
                                  .title = name == NULL ? test : name,
                                  .said = said,
                                  .severity = severity,
                                  .score = severity == NULL ? NULL : score_of(scan, csv),
                                  .remediation = cell(scan, csv, COLUMN_REMEDY) };

        g_free(device->where);
        device->where = g_strdup_printf("row %zu", csv->record);
        if (cves[0] == NULL && severity != NULL && strcmp(severity, "none") != 0)
                device_tell_finding(tell, device, finding);
        for (size_t i = 0; cves[i] != NULL; i++) {
                finding.vulnerability = cves[i];
                device_tell_finding(tell, device, finding);
        }
}

/* ---- the file ---- */

/* Before the first host is made. */
static bool rows_check(const CsvText *text, GError **error)
{
        g_autofree char *where = g_strdup_printf("row %d", SHEET_ROWS_MAX + 1);

        if (g_bytes_get_size(text->bytes) < SHEET_ROWS_MAX ||
            csv_count(text, SHEET_ROWS_MAX) <= SHEET_ROWS_MAX)
                return true;
        error_set(error, ZW_ERR_LIMIT, where, "there are more than %d rows", SHEET_ROWS_MAX);
        return false;
}

/* Hosts and services; faults of rows are told here. */
static bool hosts_read(Scan *scan, const CsvText *text, GError **error)
{
        g_auto(Csv) csv = csv_begin(text);
        GError *why = NULL;

        if (!header_read(scan, &csv, error))
                return false;
        csv_shape_take(&scan->shape, &csv, scan->sink);
        while (csv_next(&csv, &why)) {
                const char *fault = row_fault(scan, &csv);
                g_autofree char *where = g_strdup_printf("row %zu", csv.record);

                csv_shape_take(&scan->shape, &csv, scan->sink);
                if (fault != NULL)
                        sink_refuse(scan->sink, where, "%s", fault);
                else
                        row_take(scan, &csv);
        }
        if (why != NULL) {
                g_propagate_error(error, why);
                return false;
        }
        csv_shape_tell(&scan->shape, &csv, text, scan->sink);
        return true;
}

static bool findings_read(const Scan *scan, const CsvText *text, GError **error)
{
        g_auto(Tell) tell = tell_init(scan->sink, scan->scanner->system, NULL);
        g_auto(Csv) csv = csv_begin(text);
        GError *why = NULL;

        tell.part = true; /* rows know neither hardware addresses nor what answers at a port */
        for (guint i = 0; i < scan->order->len; i++)
                (void)device_tell(&tell, scan->order->pdata[i]);
        if (!csv_next(&csv, error)) /* the header */
                return false;
        while (csv_next(&csv, &why))
                if (row_fault(scan, &csv) == NULL)
                        finding_take(scan, &csv, &tell);
        if (why != NULL)
                g_propagate_error(error, why);
        return why == NULL;
}

bool scan_csv_read(const Source *source, Sink *sink, GError **error)
{
        g_auto(CsvText) text = { 0 };
        g_auto(Scan) scan = { .devices = hash_table_new_text(NULL, NULL),
                              .order = g_ptr_array_new_with_free_func(device_free),
                              .texts = g_string_chunk_new(4096),
                              .sink = sink };

        if (!csv_text_read(source->bytes, NULL, NULL, &text, error) || !rows_check(&text, error) ||
            !hosts_read(&scan, &text, error))
                return false;
        if (source->figures_only)
                return true;
        sink_lost(sink, "", "what tests printed, and what has neither severity nor CVE");
        return findings_read(&scan, &text, error);
}
