/* What the index finds for products, against the plain loop that judges every pair, on random inventories. */
#include "base/jread.h"
#include "vuln/internal.h"

#include <string.h>

enum { SUBJECTS = 150, PRODUCTS = 120, ROUNDS = 12 };

/* Few texts, so that much is written twice and much is nearly the same. NULL: not known. */
static const char *const vendors[] = { "Siemens", "SIEMENS AG", "Siemens Energy",
                                       "Simens",  "Moxa",       "Moxa Europe",
                                       "ABB",     NULL };
static const char *const products[] = { "SINEC NMS",
                                        "Sinec NMS V2",
                                        "Controller A100",
                                        "Controller V3",
                                        "Controller V121",
                                        "NPort 5150A",
                                        "RTU hardware",
                                        "RTU firmware",
                                        "Moxa NPort 5150A",
                                        "Portal 8.0.x",
                                        "JetWave 2411",
                                        "Siemens Gate",
                                        "Gate",
                                        "LeviStudioU HMI",
                                        "exacqVision",
                                        "Power Meter Q10",
                                        "Exacq Vision",
                                        "Gate Moxa",
                                        "JetWave 2411/2111",
                                        NULL };
static const char *const versions[] = { "1.0", "1.1", "V2.0 SP1", "8.0.3", "R7", NULL };
static const char *const ranges[] = { "<V2.0", ">=1.1|<8.1", "vers:all/*", "1.0", "all versions prior to R7",
                                      NULL };
static const char *const numbers[] = { "6GK5332-0GA01-2AC2", "6GK5332-1GA01", "BCAV1F2-C600", NULL };
static const char *const number_patterns[] = { "6GK5332-*", "6GK5332-0GA01-2AC2", "BCAV1F2-C60?" };
static const char *const serials[] = { "SN 100", "SN-101", "SN200", NULL };
static const char *const serial_patterns[] = { "SN10?", "sn200", "X*" };
static const char *const cpes[] = { "cpe:2.3:o:siemens:rtu_firmware:1.0:*:*:*:*:*:*:*",
                                    "cpe:2.3:h:siemens:rtu:-:*:*:*:*:*:*:*",
                                    "cpe:2.3:a:moxa:nport_5150a:1.1:*:*:*:*:*:*:*", NULL };
static const char *const purls[] = { "pkg:npm/left-pad@1.0", "pkg:npm/left-pad", "pkg:deb/debian/curl@1.1",
                                     NULL };
static const char *const hashes[] = { "sha256:ab", "sha256:cd" };

#define PICK(rand, list) ((list)[g_rand_int_range((rand), 0, (int)G_N_ELEMENTS(list))])

/* One in `n`. */
static bool seldom(GRand *rand, int n)
{
        return g_rand_int_range(rand, 0, n) == 0;
}

/* The same is written in both; `asked` may be NULL. Gives the keys of the subject alone. */
static GPtrArray *subject_add(MatchIndex *index, MatchIndex *asked, GRand *rand)
{
        const char *const list[] = { PICK(rand, hashes), NULL };
        const MatchSubject subject = {
                .vendor = PICK(rand, vendors),
                .product = PICK(rand, products),
                .version = PICK(rand, versions),
                .part_number = seldom(rand, 3) ? PICK(rand, numbers) : NULL,
                .serial = seldom(rand, 3) ? PICK(rand, serials) : NULL,
                .cpe = seldom(rand, 4) ? PICK(rand, cpes) : NULL,
                .purl = seldom(rand, 4) ? PICK(rand, purls) : NULL,
                .hashes = seldom(rand, 6) ? list : NULL,
        };

        match_index_add(index, &subject);
        if (asked != NULL)
                match_index_add(asked, &subject);
        return match_subject_keys(&subject);
}

static void text_set(json_t *product, const char *name, const char *text)
{
        if (text != NULL)
                json_object_set_new(product, name, json_string(text));
}

static void list_set(json_t *product, const char *name, const char *text)
{
        if (text != NULL)
                json_object_set_new(product, name, json_pack("[s]", text));
}

static json_t *product_of(GRand *rand)
{
        json_t *product = json_object();

        text_set(product, "vendor", PICK(rand, vendors));
        text_set(product, "product", PICK(rand, products));
        text_set(product, "range", PICK(rand, ranges));
        text_set(product, "cpe", seldom(rand, 4) ? PICK(rand, cpes) : NULL);
        list_set(product, "models", seldom(rand, 4) ? PICK(rand, number_patterns) : NULL);
        list_set(product, "serials", seldom(rand, 4) ? PICK(rand, serial_patterns) : NULL);
        list_set(product, "purls", seldom(rand, 4) ? PICK(rand, purls) : NULL);
        list_set(product, "hashes", seldom(rand, 6) ? PICK(rand, hashes) : NULL);
        return product;
}

/* One vulnerability, which all products have. */
static Advisory *advisory_of(GRand *rand, int n_products)
{
        g_autoptr(Json) root = json_pack("{s:i, s:s, s:s, s:s, s:s, s:[], s:[{s:s, s:{s:[]}}]}", "format", 1,
                                         "system", "csaf", "id", "A-1", "publisher", "-", "role",
                                         "coordinator", "products", "vulnerabilities", "id", "CVE-2024-1",
                                         "status", "known_affected");
        json_t *affected = json_object_get(
                json_object_get(json_array_get(json_object_get(root, "vulnerabilities"), 0), "status"),
                "known_affected");
        g_autofree char *text = NULL;
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) error = NULL;
        Advisory *advisory;

        for (int i = 0; i < n_products; i++) {
                json_array_append_new(json_object_get(root, "products"), product_of(rand));
                json_array_append_new(affected, json_integer(i));
        }
        text = json_dumps(root, 0);
        bytes = g_bytes_new(text, strlen(text));
        advisory = advisory_load(bytes, &error);
        g_assert_no_error(error);
        return advisory;
}

/* Every subject is judged, with nothing kept from one to the next. Gives how many claims there are. */
static guint check_product(const MatchIndex *index, const Product *product)
{
        g_autoptr(GStringChunk) reasons = g_string_chunk_new(256);
        Work work = { WORK_MAX };
        g_autoptr(GArray) claims = product_claims(index, product, reasons, &work);
        guint found = 0;

        for (uint32_t i = 0; i < SUBJECTS; i++) {
                g_auto(Question) question = question_new(product);
                Claim plain = { .subject = i };
                const Claim *claim;

                if (!question_judge(&question, index_installed(index, index_installed_of(index, i)),
                                    index_serial(index, i), reasons, &plain))
                        continue;
                g_assert_cmpuint(found, <, claims->len);
                claim = &g_array_index(claims, Claim, found++);
                g_assert_cmpuint(claim->subject, ==, i);
                g_assert_cmpint(claim->confidence, ==, plain.confidence);
                g_assert_cmpint(claim->narrow, ==, plain.narrow);
                g_assert_cmpint(claim->undecided, ==, plain.undecided);
                g_assert_cmpint(claim->variant, ==, plain.variant);
                g_assert_cmpstr(claim->reason, ==, plain.reason);
        }
        g_assert_cmpuint(found, ==, claims->len);
        return found;
}

static void test_every_pair(void)
{
        g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)g_test_rand_int());
        guint found = 0;

        for (int round = 0; round < ROUNDS; round++) {
                g_autoptr(MatchIndex) index = match_index_new();
                g_autoptr(Advisory) advisory = advisory_of(rand, PRODUCTS);

                for (int i = 0; i < SUBJECTS; i++)
                        g_ptr_array_unref(subject_add(index, NULL, rand));
                match_index_finish(index);
                for (size_t i = 0; i < advisory_product_count(advisory); i++) {
                        g_auto(Product) product = product_read(advisory_product(advisory, i));

                        found += check_product(index, &product);
                }
        }
        g_test_message("%u claims", found);
        g_assert_cmpuint(found, >, ROUNDS * PRODUCTS);
}

static bool key_is_known(const char *key, void *payload)
{
        return g_hash_table_contains(payload, key);
}

/* How many subjects nothing is kept of. */
static guint blank_count(const MatchIndex *index)
{
        guint blank = 0;

        for (uint32_t i = 0; i < SUBJECTS; i++)
                blank += index_installed(index, index_installed_of(index, i))->subjects->len == 0;
        return blank;
}

static void matches_equal(const GArray *a, const GArray *b)
{
        g_assert_cmpuint(a->len, ==, b->len);
        for (guint i = 0; i < a->len; i++) {
                const Match *x = &g_array_index(a, Match, i), *y = &g_array_index(b, Match, i);

                g_assert_cmpuint(x->vulnerability, ==, y->vulnerability);
                g_assert_cmpuint(x->subject, ==, y->subject);
                g_assert_cmpint(x->product, ==, y->product);
                g_assert_cmpint(x->affected, ==, y->affected);
                g_assert_cmpint(x->cleared, ==, y->cleared);
                g_assert_cmpint(x->undecided, ==, y->undecided);
                g_assert_cmpstr(x->reason, ==, y->reason);
        }
}

/* An index that keeps only what shares a key with an advisory says what one of everything says. */
static void test_asked(void)
{
        g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)g_test_rand_int());
        guint blank = 0, found = 0;

        for (int round = 0; round < 8 * ROUNDS; round++) {
                g_autoptr(MatchIndex) index = match_index_new(), asked = match_index_new();
                g_autoptr(Advisory) advisory = advisory_of(rand, 1 + g_rand_int_range(rand, 0, 4));
                g_autoptr(GPtrArray) keys = match_advisory_keys(advisory);
                g_autoptr(GHashTable) known = hash_table_new_text(NULL, NULL);
                g_autoptr(GArray) matches = NULL, again = NULL;

                for (guint i = 0; i < keys->len; i++)
                        g_hash_table_add(known, keys->pdata[i]);
                match_index_ask(asked, key_is_known, known);
                for (int i = 0; i < SUBJECTS; i++)
                        g_ptr_array_unref(subject_add(index, asked, rand));
                for (uint32_t i = 1; i < SUBJECTS; i += 3) {
                        match_index_put_within(index, i, i - 1);
                        match_index_put_within(asked, i, i - 1);
                }
                match_index_finish(index);
                match_index_finish(asked);
                matches = match_advisory(index, advisory, NULL);
                again = match_advisory(asked, advisory, NULL);
                matches_equal(matches, again);
                found += matches->len;
                blank += blank_count(asked);
        }
        g_test_message("%u matches, %u of %d blank", found, blank, 8 * ROUNDS * SUBJECTS);
        g_assert_cmpuint(found, >, 0);
        g_assert_cmpuint(blank, >, 0);
}

static char *keys_join(const GPtrArray *keys)
{
        g_autoptr(GHashTable) once = hash_table_new_text(NULL, NULL);
        g_autoptr(GList) list = NULL;
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < keys->len; i++)
                g_hash_table_add(once, keys->pdata[i]);
        list = g_list_sort(g_hash_table_get_keys(once), (GCompareFunc)strcmp);
        for (GList *at = list; at != NULL; at = at->next)
                g_string_append_printf(text, "%s\n", (const char *)at->data);
        return g_string_free(text, FALSE);
}

/* The keys of a subject alone are those under which an index has it, and one of them is the advisory's wherever that means it. */
static void test_keys_alone(void)
{
        g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)g_test_rand_int());
        guint found = 0;

        for (int round = 0; round < 8 * ROUNDS; round++) {
                g_autoptr(MatchIndex) index = match_index_new();
                g_autoptr(Advisory) advisory = advisory_of(rand, 1 + g_rand_int_range(rand, 0, 4));
                g_autoptr(GPtrArray) alone = subject_add(index, NULL, rand), indexed = NULL,
                                     said = match_advisory_keys(advisory);
                g_autofree char *one = NULL, *other = NULL;
                g_autoptr(GArray) matches = NULL;
                bool shared = false, named = false;

                match_index_finish(index);
                indexed = match_index_keys(index);
                one = keys_join(alone);
                other = keys_join(indexed);
                g_assert_cmpstr(one, ==, other);
                for (guint i = 0; i < said->len; i++) {
                        shared |= g_ptr_array_find_with_equal_func(alone, said->pdata[i], g_str_equal, NULL);
                        named |= strcmp(said->pdata[i], ZW_MATCH_VULNERABILITY "CVE-2024-1") == 0;
                }
                matches = match_advisory(index, advisory, NULL);
                g_assert_true(shared || matches->len == 0);
                g_assert_true(named);
                found += matches->len;
        }
        g_assert_cmpuint(found, >, 0);
}

/* A CPE name without a vendor has no key: what has it is judged by it although its vendor has another name. */
static void test_wild_vendor(void)
{
        static const MatchSubject subjects[] = {
                { .vendor = "ABB", .product = "RTU firmware", .version = "1.0" },
                { .vendor = "ABB",
                  .product = "RTU firmware",
                  .version = "1.0",
                  .cpe = "cpe:2.3:o:*:rtu_firmware:1.0:*:*:*:*:*:*:*" },
        };
        const AdvisoryProduct given = { .vendor = "Siemens",
                                        .product = "RTU firmware",
                                        .cpe = "cpe:2.3:o:siemens:rtu_firmware:1.0:*:*:*:*:*:*:*",
                                        .of = -1,
                                        .on = -1 };
        g_auto(Product) product = product_read(&given);
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(GStringChunk) reasons = g_string_chunk_new(256);
        g_autoptr(GArray) claims = NULL;
        Work work = { WORK_MAX };

        for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++)
                match_index_add(index, &subjects[i]);
        match_index_finish(index);
        claims = product_claims(index, &product, reasons, &work);
        g_assert_cmpuint(claims->len, ==, 1);
        g_assert_cmpuint(g_array_index(claims, Claim, 0).subject, ==, 1);
}

/* Of what is written a thousand times, one is judged: the work does not grow, and every one has its claim. */
static void test_the_same_often(void)
{
        enum { OFTEN = 1000 };
        const AdvisoryProduct given = { .vendor = "Moxa", .product = "NPort 5150A", .of = -1, .on = -1 };
        g_auto(Product) product = product_read(&given);
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(GStringChunk) reasons = g_string_chunk_new(256);
        g_autoptr(GArray) claims = NULL;
        Work work = { WORK_MAX };

        for (int i = 0; i < OFTEN; i++) {
                g_autofree char *serial = g_strdup_printf("SN %d", i);

                match_index_add(index, &(MatchSubject){ .vendor = "Moxa",
                                                        .product = "NPort 5150A",
                                                        .version = "1.0",
                                                        .serial = serial });
        }
        match_index_finish(index);
        claims = product_claims(index, &product, reasons, &work);
        g_assert_cmpuint(claims->len, ==, OFTEN);
        /* it is found by its name, and by that with the vendor before it */
        g_assert_cmpuint(WORK_MAX - work.left, <=,
                         2 * (WORK_FIND + WORK_VENDOR) + WORK_JUDGE + OFTEN * WORK_CLAIM);
}

/* What has the name and is passed over is counted too, since the source decides how often it is looked for. */
static void test_passed_over_counts(void)
{
        enum { MANY = 1000 };
        const AdvisoryProduct given = { .vendor = "Moxa", .product = "Gate", .of = -1, .on = -1 };
        g_auto(Product) product = product_read(&given);
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(GStringChunk) reasons = g_string_chunk_new(256);
        g_autoptr(GArray) claims = NULL;
        Work work = { MANY };

        for (int i = 0; i < MANY; i++) {
                g_autofree char *version = g_strdup_printf("%d.0", i);

                match_index_add(index, &(MatchSubject){
                                               .vendor = "Siemens", .product = "Gate", .version = version });
        }
        match_index_finish(index);
        claims = product_claims(index, &product, reasons, &work);
        g_assert_cmpuint(claims->len, ==, 0);
        g_assert_cmpuint(work.left, ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        hash_init();
        g_test_add_func("/vuln/match-index/every-pair", test_every_pair);
        g_test_add_func("/vuln/match-index/asked", test_asked);
        g_test_add_func("/vuln/match-index/keys-alone", test_keys_alone);
        g_test_add_func("/vuln/match-index/wild-vendor", test_wild_vendor);
        g_test_add_func("/vuln/match-index/the-same-often", test_the_same_often);
        g_test_add_func("/vuln/match-index/passed-over-counts", test_passed_over_counts);
        return g_test_run();
}
