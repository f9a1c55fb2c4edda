/* Matching at size L: 200,000 assets of 5,000 products. One new vulnerability against all of them, and 2,000 of them at once; the peer looks at every asset for
 * each, with names that were folded beforehand.
 * Usage: match */
#include "bench.h"

#include "base/hash.h"
#include "base/jread.h"
#include "base/jwrite.h"
#include "vuln/match.h"
#include "vuln/name.h"

#include <string.h>

enum { ASSETS = 200000, VENDORS = 50, PRODUCTS = 100, ADVISORIES = 2000, NAIVE = 20 };

static char *product_name(uint64_t number)
{
        return g_strdup_printf("Controller %c%" G_GUINT64_FORMAT, (char)('A' + number % 26),
                               100 + number % PRODUCTS);
}

static char *vendor_name(uint64_t number)
{
        return g_strdup_printf("Vendor%" G_GUINT64_FORMAT " Automation GmbH", number % VENDORS);
}

/* What is installed, in the index and as the peer keeps it. */
typedef struct {
        MatchIndex *index;
        VendorName *vendors;
        ProductName *products;
} Installed;

static Installed installed_new(void)
{
        Installed installed = { match_index_new(), g_new0(VendorName, ASSETS), g_new0(ProductName, ASSETS) };
        uint64_t state = 7;

        for (int i = 0; i < ASSETS; i++) {
                g_autofree char *vendor = vendor_name(bench_random(&state)),
                                *product = product_name(bench_random(&state)),
                                *version = g_strdup_printf("%d.%d", 1 + i % 4, i % 10);

                match_index_add(installed.index,
                                &(MatchSubject){ .vendor = vendor, .product = product, .version = version });
                installed.vendors[i] = vendor_name_read(vendor);
                installed.products[i] = product_name_read(product, &installed.vendors[i]);
        }
        match_index_finish(installed.index);
        return installed;
}

static void installed_clear(Installed *installed)
{
        for (int i = 0; i < ASSETS; i++) {
                vendor_name_clear(&installed->vendors[i]);
                product_name_clear(&installed->products[i]);
        }
        g_free(installed->vendors);
        g_free(installed->products);
        match_index_free(installed->index);
}

static Advisory *advisory_new(const char *vendor, const char *product)
{
        g_autoptr(Json)
                root = json_pack("{s:i, s:s, s:s, s:s, s:s, s:[{s:s, s:s, s:s}], s:[{s:s, s:{s:[i]}}]}",
                                 "format", 1, "system", "csaf", "id", "A-1", "publisher", "-", "role",
                                 "coordinator", "products", "vendor", vendor, "product", product, "range",
                                 "<2.0", "vulnerabilities", "id", "CVE-0", "status", "known_affected", 0);
        g_autoptr(Out) out = out_new(1 << 16);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) error = NULL;
        Advisory *advisory;

        jwrite_json(w, root);
        bytes = g_bytes_new(out_data(out), out_length(out));
        advisory = advisory_load(bytes, &error);
        bench_must(advisory != NULL, error);
        return advisory;
}

static double one_new(const Installed *installed, uint64_t *state, size_t *matched)
{
        g_autofree char *vendor = vendor_name(bench_random(state)),
                        *product = product_name(bench_random(state));
        g_autoptr(Advisory) advisory = advisory_new(vendor, product);
        g_autoptr(GArray) matches = NULL;
        g_autoptr(GError) error = NULL;
        const double begin = bench_now();

        matches = match_advisory(installed->index, advisory, &error);
        bench_must(matches != NULL, error);
        *matched += matches->len;
        return bench_now() - begin;
}

/* Names alone; not even versions. */
static double one_naive(const Installed *installed, uint64_t *state, size_t *matched)
{
        g_autofree char *vendor = vendor_name(bench_random(state)),
                        *product = product_name(bench_random(state));
        const double begin = bench_now();
        g_auto(VendorName) folded = vendor_name_read(vendor);
        g_auto(ProductName) name = product_name_read(product, &folded);

        for (int i = 0; i < ASSETS; i++)
                *matched += strcmp(name.key, installed->products[i].key) == 0 &&
                                            vendor_name_compare(&folded, &installed->vendors[i]) == NAME_SAME
                                    ? 1
                                    : 0;
        return bench_now() - begin;
}

int main(void)
{
        g_autoptr(GArray) ours = g_array_new(FALSE, FALSE, sizeof(double)),
                          theirs = g_array_new(FALSE, FALSE, sizeof(double));
        size_t matched = 0, compared = 0;
        uint64_t state = 1, same = 1;
        double all = 0;
        Installed installed;

        hash_init();
        installed = installed_new();
        for (int i = 0; i < ADVISORIES; i++) {
                const double seconds = one_new(&installed, &state, &matched);

                all += seconds;
                g_array_append_val(ours, seconds);
        }
        for (int i = 0; i < NAIVE; i++) {
                const double seconds = one_naive(&installed, &same, &compared);

                g_array_append_val(theirs, seconds);
        }
        if (matched == 0 || compared == 0)
                return 1;
        bench_figure("one new vulnerability against 200,000 assets", "s", bench_median(ours),
                     "every asset looked at", bench_median(theirs),
                     bench_median(theirs) / bench_median(ours));
        bench_figure("the same, the slowest of a hundred", "s", bench_percentile(ours, 0.99), "the goal",
                     0.001, 0.001 / bench_percentile(ours, 0.99));
        bench_figure("2,000 vulnerabilities against 200,000 assets", "s", all,
                     "every asset looked at for each", bench_median(theirs) * ADVISORIES,
                     bench_median(theirs) * ADVISORIES / all);
        installed_clear(&installed);
        return 0;
}
