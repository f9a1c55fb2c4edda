/* Several advisories on one product: whose word counts, and what is shown. */
#include "vuln/verdict.h"

#include <string.h>

typedef struct {
        const char *id, *publisher, *role, *released, *status; /* of the product P <2 (0), P 1.5 (1), P (2) */
        const char *score;
} Source;

/* For what an id that begins so says nobody vouches any more. */
#define GONE "GONE-"

static void add(Verdicts *verdicts, const Source *source)
{
        g_autofree char *json = g_strdup_printf(
                "{\"format\":1,\"system\":\"csaf\",\"id\":\"%s\",\"publisher\":\"%s\",\"role\":\"%s\",\"released\":\"%s\","
                "\"title\":\"Advisory %s\",\"products\":[{\"vendor\":\"Siemens\",\"product\":\"P\",\"range\":\"<2\"},"
                "{\"vendor\":\"Siemens\",\"product\":\"P\",\"version\":\"1.5\"},{\"vendor\":\"Siemens\",\"product\":\"P\"}],"
                "\"vulnerabilities\":[{\"id\":\"CVE-1\",\"title\":\"Hole\",\"cwes\":[\"CWE-%s\"],\"status\":{%s},"
                "\"scores\":[{\"version\":\"3.1\",\"vector\":\"V-%s\",\"score\":\"%s\",\"severity\":\"high\"}],"
                "\"remediations\":[{\"category\":\"mitigation\",\"details\":\"wait\"},"
                "{\"category\":\"vendor_fix\",\"details\":\"update %s\",\"url\":\"https://x\"}]}]}",
                source->id, source->publisher, source->role, source->released, source->id, source->score,
                source->status, source->id, source->score, source->id);
        g_autoptr(GBytes) bytes = g_bytes_new(json, strlen(json));
        g_autoptr(GError) error = NULL;
        g_autoptr(Advisory) advisory = advisory_load(bytes, &error);
        const char *doubt = g_str_has_prefix(source->id, GONE) ? "the key was revoked" : NULL;

        g_assert_no_error(error);
        g_assert_true(verdicts_add(verdicts, advisory, doubt, NULL));
}

/* The verdicts on P 1.5 with the sources in their order, then backwards: the order must not count. */
static GPtrArray *conclude(const Source *sources, size_t n)
{
        GPtrArray *last = NULL;

        for (int backwards = 0; backwards < 2; backwards++) {
                g_autoptr(MatchIndex) index = match_index_new();
                g_autoptr(Verdicts) verdicts = NULL;
                GPtrArray *all;

                match_index_add(index,
                                &(MatchSubject){ .vendor = "Siemens AG", .product = "P", .version = "1.5" });
                match_index_finish(index);
                verdicts = verdicts_new(index);
                for (size_t i = 0; i < n; i++)
                        add(verdicts, &sources[backwards ? n - 1 - i : i]);
                all = verdicts_conclude(verdicts);
                if (last != NULL) {
                        g_assert_cmpuint(last->len, ==, all->len);
                        for (guint i = 0; i < all->len; i++)
                                g_assert_cmpstr(((Verdict *)last->pdata[i])->reason, ==,
                                                ((Verdict *)all->pdata[i])->reason);
                        g_ptr_array_unref(last);
                }
                last = all;
        }
        return last;
}

static const Source cert = {
        "ICSA-1", "CISA", "coordinator", "2024-01-01T00:00:00Z", "\"known_affected\":[0]", "9.8"
};
static const Source weak = {
        "ICSA-2", "CISA", "coordinator", "2024-01-02T00:00:00Z", "\"known_affected\":[2]", "9.9"
};
static const Source supplier = {
        "SSA-1", "Siemens ProductCERT", "vendor", "2024-02-01T00:00:00Z", "\"known_affected\":[0]", "7.5"
};
static const Source vex = {
        "SSA-2", "Siemens ProductCERT", "vendor", "2024-03-01T00:00:00Z", "\"known_not_affected\":[1]", "7.5"
};
static const Source old_vex = { "SSA-0",         "Siemens ProductCERT",
                                "vendor",        "2023-03-01T00:00:00Z",
                                "\"fixed\":[1]", "7.5" };
static const Source other_vex = {
        "MOXA-1", "Moxa", "vendor", "2024-03-01T00:00:00Z", "\"known_not_affected\":[1]", "7.5"
};
static const Source looking = {
        "SSA-3", "Siemens ProductCERT", "vendor", "2024-03-01T00:00:00Z", "\"under_investigation\":[1]", "7.5"
};
static const Source vague_vex = {
        "SSA-4", "Siemens ProductCERT", "vendor", "2024-03-01T00:00:00Z", "\"known_not_affected\":[2]", "7.5"
};

static void check(const Source *const *given, size_t n, bool affected, MatchConfidence confidence,
                  const char *sources)
{
        g_autofree Source *list = g_new0(Source, n);
        g_autoptr(GPtrArray) all = NULL;
        g_autofree char *joined = NULL;
        const Verdict *verdict;

        for (size_t i = 0; i < n; i++)
                list[i] = *given[i];
        all = conclude(list, n);
        g_assert_cmpuint(all->len, ==, 1);
        verdict = all->pdata[0];
        joined = g_strjoinv(" ", verdict->sources);
        g_assert_cmpint(verdict->affected, ==, affected);
        g_assert_cmpint(verdict->confidence, ==, confidence);
        g_assert_cmpstr(joined, ==, sources);
}

static void test_words(void)
{
        const Source *const one[] = { &cert }, *const two[] = { &cert, &weak },
                            *const agreed[] = { &cert, &supplier };
        const Source *const outranked[] = { &cert, &vex }, *const newer[] = { &supplier, &vex };
        const Source *const older[] = { &supplier, &old_vex }, *const foreign[] = { &cert, &other_vex };
        const Source *const unknown[] = { &cert, &looking }, *const vague[] = { &cert, &vague_vex };

        check(one, 1, true, MATCH_PROBABLE, "csaf:ICSA-1");
        check(two, 2, true, MATCH_PROBABLE, "csaf:ICSA-1 csaf:ICSA-2");
        check(agreed, 2, true, MATCH_PROBABLE, "csaf:ICSA-1 csaf:SSA-1");
        check(outranked, 2, false, MATCH_PROBABLE, "csaf:ICSA-1 csaf:SSA-2");
        check(newer, 2, false, MATCH_PROBABLE, "csaf:SSA-1 csaf:SSA-2");
        check(older, 2, true, MATCH_PROBABLE, "csaf:SSA-1");
        /* a vendor speaks for its own products only, and who still looks clears nothing */
        check(foreign, 2, true, MATCH_PROBABLE, "csaf:ICSA-1");
        check(unknown, 2, true, MATCH_PROBABLE, "csaf:ICSA-1 csaf:SSA-3");
        /* a name without a version clears nothing either */
        check(vague, 2, true, MATCH_PROBABLE, "csaf:ICSA-1");
}

/* What nobody vouches for any more clears nothing, though it is the supplier's newest word; and it asks instead of saying affected. */
static void test_doubt(void)
{
        static const Source gone_vex = { GONE "1",
                                         "Siemens ProductCERT",
                                         "vendor",
                                         "2024-03-01T00:00:00Z",
                                         "\"known_not_affected\":[1]",
                                         "7.5" },
                            gone = { GONE "2",
                                     "Siemens ProductCERT",
                                     "vendor",
                                     "2024-03-01T00:00:00Z",
                                     "\"known_affected\":[0]",
                                     "7.5" };
        const Source *const outranked[] = { &cert, &gone_vex }, *const alone[] = { &gone },
                            *const agreed[] = { &cert, &gone };
        const Source sources[] = { gone };
        g_autoptr(GPtrArray) all = conclude(sources, 1);
        const Verdict *verdict = all->pdata[0];

        check(outranked, 2, true, MATCH_PROBABLE, "csaf:ICSA-1");
        check(alone, 1, true, MATCH_POSSIBLE, "csaf:GONE-2");
        check(agreed, 2, true, MATCH_PROBABLE, "csaf:GONE-2 csaf:ICSA-1");
        g_assert_true(verdict->undecided);
        g_assert_cmpstr(
                verdict->reason, ==,
                "csaf:GONE-2: name P of Siemens AG; version 1.5 is within \"<2\" (not vouched for: the key was revoked)");
}

/* Decisions rest on what all sources say, and on whether somebody vouches for it. */
static void test_doubt_is_another_assertion(void)
{
        g_autoptr(MatchIndex) index = match_index_new();
        g_autofree char *before = NULL;

        match_index_add(index, &(MatchSubject){ .vendor = "Siemens AG", .product = "P", .version = "1.5" });
        match_index_finish(index);
        for (int doubted = 0; doubted < 2; doubted++) {
                static const char text[] =
                        "{\"format\":1,\"system\":\"csaf\",\"id\":\"A\",\"publisher\":\"CISA\",\"role\":\"coordinator\","
                        "\"released\":\"2024-01-01T00:00:00Z\",\"title\":\"A\",\"products\":[{\"vendor\":\"Siemens\",\"product\":\"P\",\"range\":\"<2\"}],"
                        "\"vulnerabilities\":[{\"id\":\"CVE-1\",\"title\":\"Hole\",\"cwes\":[],\"status\":{\"known_affected\":[0]},\"scores\":[],\"remediations\":[]}]}";
                g_autoptr(Verdicts) verdicts = verdicts_new(index);
                g_autoptr(GBytes) bytes = g_bytes_new_static(text, sizeof(text) - 1);
                g_autoptr(Advisory) advisory = advisory_load(bytes, NULL);
                g_autoptr(GPtrArray) all = NULL;

                g_assert_nonnull(advisory);
                g_assert_true(verdicts_add(verdicts, advisory, doubted ? "the key was revoked" : NULL, NULL));
                all = verdicts_conclude(verdicts);
                g_assert_cmpuint(all->len, ==, 1);
                g_assert_cmpstr(((Verdict *)all->pdata[0])->assertion, !=, before);
                g_free(before);
                before = g_strdup(((Verdict *)all->pdata[0])->assertion);
        }
}

static void test_details(void)
{
        const Source sources[] = { cert, supplier, weak };
        g_autoptr(GPtrArray) all = conclude(sources, 3);
        const Verdict *verdict = all->pdata[0];
        g_autofree char *cwes = g_strjoinv(" ", verdict->cwes);

        g_assert_cmpstr(verdict->vulnerability, ==, "CVE-1");
        g_assert_cmpstr(verdict->title, ==, "Hole");
        g_assert_cmpstr(verdict->score, ==, "7.5"); /* the supplier's, though others are higher */
        g_assert_cmpstr(verdict->cvss, ==, "V-SSA-1");
        g_assert_cmpstr(verdict->severity, ==, "high");
        g_assert_cmpstr(verdict->remediation, ==, "vendor_fix: update SSA-1 (https://x)\nmitigation: wait");
        g_assert_cmpstr(cwes, ==, "CWE-7.5 CWE-9.8 CWE-9.9");
        g_assert_cmpstr(verdict->reason, ==,
                        "csaf:ICSA-1: name P of Siemens AG; version 1.5 is within \"<2\"\n"
                        "csaf:SSA-1 (supplier): name P of Siemens AG; version 1.5 is within \"<2\"\n"
                        "csaf:ICSA-2: name P of Siemens AG; the source states no version");
        g_assert_false(verdict->undecided);
}

static void test_none(void)
{
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(Verdicts) verdicts = NULL;
        g_autoptr(GPtrArray) all = NULL;

        match_index_add(index, &(MatchSubject){ .vendor = "Moxa", .product = "P", .version = "1.5" });
        match_index_finish(index);
        verdicts = verdicts_new(index);
        add(verdicts, &cert);
        all = verdicts_conclude(verdicts);
        g_assert_cmpuint(all->len, ==, 0);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/vuln/verdict/words", test_words);
        g_test_add_func("/vuln/verdict/doubt", test_doubt);
        g_test_add_func("/vuln/verdict/doubt-is-another-assertion", test_doubt_is_another_assertion);
        g_test_add_func("/vuln/verdict/details", test_details);
        g_test_add_func("/vuln/verdict/none", test_none);
        return g_test_run();
}
