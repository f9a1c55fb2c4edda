/* What the feeds say of vendors and in advisories. */
#include "cli/cli.h"

#include <stdio.h>

static const char *text_of(const json_t *object, const char *key)
{
        const char *text = jread_get_string(object, key);

        return text == NULL ? "-" : text;
}

static void print_count(const char *count, const json_t *row)
{
        if (json_is_integer(json_object_get(row, count)))
                printf(" %s %" G_GINT64_FORMAT, count, jread_get_int(row, count, 0));
        else
                printf(" %s ?", count);
}

static void print_counts(const char *name, const json_t *row)
{
        static const char *const counts[] = { "cves", "critical", "high", "medium", "low", "unknown", "kev" };

        printf("%-24s", name);
        for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
                print_count(counts[i], row);
}

/* ---- zw vendors ---- */

static void print_vendors(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(json_object_get(answer, "vendors"), i, row)
        {
                print_counts(text_of(row, "name"), row);
                printf(" components %" G_GINT64_FORMAT " open %" G_GINT64_FORMAT "\n",
                       jread_get_int(row, "components", 0), jread_get_int(row, "open", 0));
        }
        cli_note_feeds(answer);
}

static void print_list(const char *what, const json_t *list)
{
        const json_t *value;
        size_t i;

        if (json_array_size(list) == 0)
                return;
        printf("%s:", what);
        json_array_foreach(list, i, value) printf(" %s", json_string_value(value));
        putchar('\n');
}

static void print_vendor(const json_t *answer)
{
        const json_t *row;
        size_t i;

        printf("%s, as of %s\n", text_of(answer, "name"), text_of(answer, "snapshot"));
        json_array_foreach(json_object_get(answer, "years"), i, row)
        {
                print_counts(text_of(row, "year"), row);
                putchar('\n');
        }
        json_array_foreach(json_object_get(answer, "families"), i, row)
        {
                printf("%s:", text_of(row, "family"));
                print_count("cves", row);
                print_count("kev", row);
                putchar('\n');
        }
        print_list("exploited", json_object_get(answer, "exploited"));
        print_list("without CPE", json_object_get(answer, "without_cpe"));
        print_list("open", json_object_get(answer, "findings"));
        if (json_is_integer(json_object_get(answer, "days_to_fix")))
                printf("fixed %" G_GINT64_FORMAT ", in %" G_GINT64_FORMAT " days (median)\n",
                       jread_get_int(answer, "fixed", 0), jread_get_int(answer, "days_to_fix", 0));
        json_array_foreach(json_object_get(answer, "near"), i, row)
                printf("spelled almost so: %s, %" G_GINT64_FORMAT " records\n", text_of(row, "vendor"),
                       jread_get_int(row, "records", 0));
        cli_note_feeds(answer);
}

bool cmd_vendors(Cli *cli, char **args, GError **error)
{
        const GOptionEntry options[] = { G_OPTION_ENTRY_NULL };
        g_auto(GStrv) operands = NULL;

        if (!cli_parse(cli, args, options, 0, 1, &operands, error))
                return false;
        return operands[0] == NULL ? cli_answer(cli, "vendor.list", json_object(), print_vendors, error)
                                   : cli_answer(cli, "vendor.show", json_pack("{s:s}", "vendor", operands[0]),
                                                print_vendor, error);
}

/* ---- zw advisories ---- */

static void print_advisories(const json_t *answer)
{
        const json_t *row;
        size_t i;

        json_array_foreach(json_object_get(answer, "advisories"), i, row)
                printf("%s  %.10s  %s  %zu CVEs, %" G_GINT64_FORMAT " products  %s\n", text_of(row, "id"),
                       text_of(row, "released"), text_of(row, "publisher"),
                       json_array_size(json_object_get(row, "cves")), jread_get_int(row, "products", 0),
                       text_of(row, "title"));
        cli_note_feeds(answer);
}

static void print_vulnerability(const json_t *vulnerability)
{
        const json_t *row;
        size_t i;

        printf("%s%s, EPSS %s: %s\n", text_of(vulnerability, "id"),
               jread_get_bool(vulnerability, "kev", false) ? ", exploited" : "",
               text_of(vulnerability, "epss"), text_of(vulnerability, "title"));
        json_array_foreach(json_object_get(vulnerability, "cwes"), i, row)
                printf("  %s %s\n", text_of(row, "id"), text_of(row, "name"));
        json_array_foreach(json_object_get(vulnerability, "products"), i, row)
                printf("  %s: %s %s, %s\n", text_of(row, "status"), text_of(row, "name"),
                       text_of(row, "version"), text_of(row, "severity"));
}

/* Who signed it, and whether that still counts. */
static void print_signature(const json_t *signature)
{
        const char *state = jread_get_string(signature, "state"), *key = text_of(signature, "key"),
                   *because = text_of(signature, "because"), *since = jread_get_string(signature, "since");

        if (g_strcmp0(state, "trusted") == 0)
                printf("signed by key %s, trusted%s%.10s\n", key, since == NULL ? "" : " since ",
                       since == NULL ? "" : since);
        else if (g_strcmp0(state, "withdrawn") == 0)
                printf("signed by key %s, which covers it no longer: %s\n", key, because);
        else if (g_strcmp0(state, "unknown") == 0)
                printf("signed by key %s, which is not trusted: %s\n", key, because);
        else if (g_strcmp0(state, "unchecked") == 0)
                printf("signature not checked: %s\n", because);
        else
                puts("not signed");
}

static void print_advisory(const json_t *answer)
{
        const json_t *row;
        size_t i;

        printf("%s %s\n%s, %s\n", text_of(answer, "id"), text_of(answer, "title"),
               text_of(answer, "publisher"), text_of(answer, "released"));
        print_signature(json_object_get(answer, "signature"));
        json_array_foreach(json_object_get(answer, "vulnerabilities"), i, row) print_vulnerability(row);
}

bool cmd_advisories(Cli *cli, char **args, GError **error)
{
        g_autofree char *q = NULL;
        int limit = 100, skip = 0;
        const GOptionEntry options[] = {
                { "q", 0, 0, G_OPTION_ARG_STRING, &q, "only with this text in number, title or publisher",
                  "TEXT" },
                { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "so many, 100 unless said", "N" },
                { "skip", 0, 0, G_OPTION_ARG_INT, &skip, "leave out the first ones", "N" },
                G_OPTION_ENTRY_NULL,
        };
        g_auto(GStrv) operands = NULL;
        g_autofree char *most = NULL, *after = NULL;

        if (!cli_parse(cli, args, options, 0, 1, &operands, error))
                return false;
        if (operands[0] != NULL)
                return cli_answer(cli, "advisory.show", json_pack("{s:s}", "id", operands[0]), print_advisory,
                                  error);
        most = g_strdup_printf("%d", limit);
        after = g_strdup_printf("%d", skip);
        return cli_answer(cli, "advisory.list",
                          json_pack("{s:s*, s:s, s:s}", "q", q, "limit", most, "after", after),
                          print_advisories, error);
}
