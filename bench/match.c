/* Matching at size L: 200,000 assets of 5,000 products. One new vulnerability against all of them, and 2,000 of them at once. Peers
 * look at every asset for each: the naive loop reads both names and compares them; the other one has read them beforehand.
 * Neither judges versions or says a reason.
 * Usage: match */
#include "bench.h"

#include "base/hash.h"
#include "base/jread.h"
#include "base/jwrite.h"
#include "vuln/match.h"
#include "vuln/name.h"

#include <string.h>
#include <time.h>

enum { ASSETS = 200000, VENDORS = 50, PRODUCTS = 100, ADVISORIES = 2000, NAIVE = 20, PLAIN = 3 };

static char *product_name(uint64_t number)
{
        number %= PRODUCTS;
        return g_strdup_printf("Controller %c%" G_GUINT64_FORMAT, (char)('A' + number % 26), 100 + number);
}

/* Names of which none is another one with a letter less, more or exchanged. */
static char *vendor_name(uint64_t number)
{
        static const char *const syllables[] = { "ba",  "de",  "fi",  "go",  "ku",
                                                 "lam", "nor", "pex", "sil", "tuv" };
        const char *first = syllables[number % 10], *second = syllables[number / 10 % 5 + 5];

        return g_strdup_printf("%s%s%s Automation GmbH", first, second, first);
}

/* What is installed, in the index and as the peer keeps it. */
typedef struct {
        MatchIndex *index;
        char **vendor_texts, **product_texts;
        VendorName *vendors;
        ProductName *products;
} Installed;

static Installed installed_new(void)
{
        Installed installed = { match_index_new(), g_new0(char *, ASSETS + 1), g_new0(char *, ASSETS + 1),
                                g_new0(VendorName, ASSETS), g_new0(ProductName, ASSETS) };
        uint64_t state = 7;

        for (int i = 0; i < ASSETS; i++) {
                char *vendor = vendor_name(bench_random(&state)),
                     *product = product_name(bench_random(&state));
                g_autofree char *version = g_strdup_printf("%d.%d", 1 + i % 4, i % 10);

                match_index_add(installed.index,
                                &(MatchSubject){ .vendor = vendor, .product = product, .version = version });
                installed.vendor_texts[i] = vendor;
                installed.product_texts[i] = product;
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
        g_strfreev(installed->vendor_texts);
        g_strfreev(installed->product_texts);
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

/* Of this thread, without the time in which others had the processor: one answer is shorter than their turns. */
static double processor_now(void)
{
        struct timespec now;

        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double one_new(const Installed *installed, uint64_t *state, size_t *matched)
{
        g_autofree char *vendor = vendor_name(bench_random(state)),
                        *product = product_name(bench_random(state));
        g_autoptr(Advisory) advisory = advisory_new(vendor, product);
        g_autoptr(GArray) matches = NULL;
        g_autoptr(GError) error = NULL;
        const double begin = processor_now();

        matches = match_advisory(installed->index, advisory, &error);
        bench_must(matches != NULL, error);
        *matched += matches->len;
        return processor_now() - begin;
}

static bool is_same(const VendorName *vendor, const ProductName *product, const VendorName *other,
                    const ProductName *name)
{
        return strcmp(product->key, name->key) == 0 && vendor_name_compare(vendor, other) == NAME_SAME;
}

static double one_folded(const Installed *installed, uint64_t *state, size_t *matched)
{
        g_autofree char *vendor = vendor_name(bench_random(state)),
                        *product = product_name(bench_random(state));
        const double begin = processor_now();
        g_auto(VendorName) folded = vendor_name_read(vendor);
        g_auto(ProductName) name = product_name_read(product, &folded);

        for (int i = 0; i < ASSETS; i++)
                *matched += is_same(&folded, &name, &installed->vendors[i], &installed->products[i]) ? 1 : 0;
        return processor_now() - begin;
}

static double one_plain(const Installed *installed, uint64_t *state, size_t *matched)
{
        g_autofree char *vendor = vendor_name(bench_random(state)),
                        *product = product_name(bench_random(state));
        const double begin = processor_now();

        for (int i = 0; i < ASSETS; i++) {
                g_auto(VendorName) folded = vendor_name_read(vendor);
                g_auto(ProductName) name = product_name_read(product, &folded);
                g_auto(VendorName) other = vendor_name_read(installed->vendor_texts[i]);
                g_auto(ProductName) here = product_name_read(installed->product_texts[i], &other);

                *matched += is_same(&folded, &name, &other, &here) ? 1 : 0;
        }
        return processor_now() - begin;
}

typedef double (*One)(const Installed *installed, uint64_t *state, size_t *matched);

/* The seconds of each of `n`, who all must match something. */
static GArray *times_of(One one, const Installed *installed, int n)
{
        GArray *times = g_array_new(FALSE, FALSE, sizeof(double));
        uint64_t state = 1;
        size_t matched = 0;

        for (int i = 0; i < n; i++) {
                const double seconds = one(installed, &state, &matched);

                g_array_append_val(times, seconds);
        }
        bench_must(matched > 0, NULL);
        return times;
}

static double sum_of(const GArray *times)
{
        double sum = 0;

        for (guint i = 0; i < times->len; i++)
                sum += g_array_index(times, double, i);
        return sum;
}

int main(void)
{
        g_autoptr(GArray) ours = NULL, folded = NULL, plain = NULL;
        Installed installed;
        double one, all;

        hash_init();
        installed = installed_new();
        ours = times_of(one_new, &installed, ADVISORIES);
        folded = times_of(one_folded, &installed, NAIVE);
        plain = times_of(one_plain, &installed, PLAIN);
        one = bench_median(ours);
        all = sum_of(ours);
        bench_figure("one new vulnerability against 200,000 assets", "s", one, "the naive loop",
                     bench_median(plain), bench_median(plain) / one);
        bench_figure("one new vulnerability against 200,000 assets", "s", one,
                     "the loop over names read before", bench_median(folded), bench_median(folded) / one);
        bench_figure("the same, the slowest of a hundred", "s", bench_percentile(ours, 0.99), "the goal",
                     0.001, 0.001 / bench_percentile(ours, 0.99));
        bench_figure("2,000 vulnerabilities against 200,000 assets", "s", all, "the naive loop",
                     bench_median(plain) * ADVISORIES, bench_median(plain) * ADVISORIES / all);
        installed_clear(&installed);
        return 0;
}
