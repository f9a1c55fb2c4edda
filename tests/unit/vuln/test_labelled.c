/* The matcher against pairs that people labelled (tests/data/labelled): precision and recall of each answer, printed, and what
 * they may not fall below. The method is in docs/algorithms/matching.md.
 *
 *     test_vuln_labelled TSV... prints also every pair that is answered otherwise than labelled */
#include "vuln/match.h"

#include "base/jread.h"
#include "base/jwrite.h"

#include <string.h>

typedef enum { LABEL_MATCH, LABEL_NONE, LABEL_UNDECIDED, LABELS } Label;
static const char *const labels[LABELS] = { "match", "none", "undecided" };

enum {
        COLUMN_LABEL,
        COLUMN_CLASS,
        COLUMN_ADVISORY,
        COLUMN_VENDOR,
        COLUMN_PRODUCT,
        COLUMN_RANGE,
        COLUMN_MODEL,
        COLUMN_CPE,
        COLUMN_INSTALLED, /* vendor, product, version, part, cpe */
        COLUMNS = COLUMN_INSTALLED + 5
};

typedef struct {
        size_t answered[LABELS][LABELS]; /* label, answer */
        size_t pairs;
} Count;

static const char *told(char **row, int column)
{
        return strcmp(row[column], "-") == 0 ? NULL : row[column];
}

/* The product of the pair, as the assertions of an advisory name it. */
static Advisory *advisory_new(char **row)
{
        static const struct {
                int column;
                const char *member;
        } members[] = { { COLUMN_VENDOR, "vendor" },
                        { COLUMN_PRODUCT, "product" },
                        { COLUMN_RANGE, "range" },
                        { COLUMN_CPE, "cpe" } };
        g_autoptr(Out) out = out_new(1 << 16);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(Json) root = json_pack("{s:i, s:s, s:s, s:s, s:s, s:[{}], s:[{s:s, s:{s:[i]}}]}", "format",
                                         1, "system", "csaf", "id", row[COLUMN_ADVISORY], "publisher", "-",
                                         "role", "coordinator", "products", "vulnerabilities", "id", "CVE-0",
                                         "status", "known_affected", 0);
        json_t *product = json_array_get(json_object_get(root, "products"), 0);
        g_autoptr(GBytes) bytes = NULL;
        g_autoptr(GError) error = NULL;
        Advisory *advisory;

        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                if (told(row, members[i].column) != NULL)
                        json_object_set_new(product, members[i].member, json_string(row[members[i].column]));
        if (g_str_has_prefix(row[COLUMN_RANGE], "= ")) { /* a single version */
                json_object_set_new(product, "version", json_string(row[COLUMN_RANGE] + 2));
                json_object_del(product, "range");
        }
        if (told(row, COLUMN_MODEL) != NULL)
                json_object_set_new(product, "models", json_pack("[s]", row[COLUMN_MODEL]));
        jwrite_json(w, root);
        bytes = g_bytes_new(out_data(out), out_length(out));
        advisory = advisory_load(bytes, &error);
        g_assert_no_error(error);
        return advisory;
}

static Label answer_of(char **row, char **ret_reason)
{
        const MatchSubject subject = { .vendor = told(row, COLUMN_INSTALLED),
                                       .product = told(row, COLUMN_INSTALLED + 1),
                                       .version = told(row, COLUMN_INSTALLED + 2),
                                       .part_number = told(row, COLUMN_INSTALLED + 3),
                                       .cpe = told(row, COLUMN_INSTALLED + 4) };
        g_autoptr(MatchIndex) index = match_index_new();
        g_autoptr(Advisory) advisory = advisory_new(row);
        g_autoptr(GArray) matches = NULL;
        const Match *match;

        match_index_add(index, &subject);
        match_index_finish(index);
        matches = match_advisory(index, advisory, NULL);
        if (matches->len == 0)
                return LABEL_NONE;
        match = &g_array_index(matches, Match, 0);
        *ret_reason = g_strdup(match->reason);
        return match->affected >= MATCH_PROBABLE ? LABEL_MATCH : LABEL_UNDECIDED;
}

static Label label_of(const char *text)
{
        for (Label label = 0; label < LABELS; label++)
                if (strcmp(text, labels[label]) == 0)
                        return label;
        g_error("there is no label %s", text);
}

static void pair_count(Count *count, char **row)
{
        g_autofree char *reason = NULL;
        const Label label = label_of(row[COLUMN_LABEL]), answer = answer_of(row, &reason);

        count->pairs++;
        count->answered[label][answer]++;
        if (label != answer)
                g_test_message("%s, answered %s: %s | %s | %s against %s | %s | %s | %s (%s) %s",
                               labels[label], labels[answer], row[COLUMN_VENDOR], row[COLUMN_PRODUCT],
                               row[COLUMN_RANGE], row[COLUMN_INSTALLED], row[COLUMN_INSTALLED + 1],
                               row[COLUMN_INSTALLED + 2], row[COLUMN_INSTALLED + 3], row[COLUMN_CLASS],
                               reason == NULL ? "" : reason);
}

static Count file_count(const char *path)
{
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) lines = NULL;
        Count count = { 0 };

        g_assert_true(g_file_get_contents(path, &text, NULL, &error));
        g_assert_no_error(error);
        lines = g_strsplit(text, "\n", -1);
        for (size_t i = 1; lines[i] != NULL; i++) {
                g_auto(GStrv) row = g_strsplit(lines[i], "\t", -1);

                if (lines[i][0] == '\0')
                        continue;
                g_assert_cmpuint(g_strv_length(row), ==, COLUMNS);
                pair_count(&count, row);
        }
        return count;
}

static double share(size_t part, size_t whole)
{
        return whole == 0 ? 1 : (double)part / (double)whole;
}

/* Prints a line for each answer; gives the least of all the figures. */
static double count_print(const char *name, const Count *count)
{
        double least = 1;

        for (Label label = 0; label < LABELS; label++) {
                size_t labelled = 0, answered = 0;

                for (Label other = 0; other < LABELS; other++) {
                        labelled += count->answered[label][other];
                        answered += count->answered[other][label];
                }
                const double precision = share(count->answered[label][label], answered),
                             recall = share(count->answered[label][label], labelled);

                g_test_message("%s: %s: %zu pairs, precision %.3f, recall %.3f", name, labels[label],
                               labelled, precision, recall);
                least = MIN(least, MIN(precision, recall));
        }
        return least;
}

typedef struct {
        const char *path;
        size_t pairs;
        double least;
} Measure;

static void test_measure(gconstpointer data)
{
        const Measure *measure = data;
        const Count count = file_count(measure->path);
        g_autofree char *name = g_path_get_basename(measure->path);

        g_assert_cmpuint(count.pairs, >=, measure->pairs);
        g_assert_cmpfloat(count_print(name, &count), >=, measure->least);
}

/* All sets together: what the product promises of the labelled corpus. */
static void test_whole(gconstpointer data)
{
        char *const *paths = data;
        Count whole = { 0 };
        size_t labelled = 0, answered = 0;

        for (size_t i = 1; paths[i] != NULL; i++) {
                const Count count = file_count(paths[i]);

                whole.pairs += count.pairs;
                for (Label label = 0; label < LABELS; label++)
                        for (Label answer = 0; answer < LABELS; answer++)
                                whole.answered[label][answer] += count.answered[label][answer];
        }
        count_print("whole", &whole);
        for (Label other = 0; other < LABELS; other++) {
                labelled += whole.answered[LABEL_MATCH][other];
                answered += whole.answered[other][LABEL_MATCH];
        }
        g_assert_cmpfloat(share(whole.answered[LABEL_MATCH][LABEL_MATCH], answered), >=, 0.95);
        g_assert_cmpfloat(share(whole.answered[LABEL_MATCH][LABEL_MATCH], labelled), >=, 0.95);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_assert_cmpint(argc, ==, 6);

        const Measure tuned = { argv[1], 300, 0.95 }, other = { argv[2], 100, 0.90 },
                      more = { argv[3], 110, 0.80 }, fresh = { argv[4], 60, 0.75 },
                      last = { argv[5], 70, 0.75 };

        g_test_add_data_func("/vuln/labelled/tuned", &tuned, test_measure);
        g_test_add_data_func("/vuln/labelled/other", &other, test_measure);
        g_test_add_data_func("/vuln/labelled/more", &more, test_measure);
        g_test_add_data_func("/vuln/labelled/fresh", &fresh, test_measure);
        g_test_add_data_func("/vuln/labelled/last", &last, test_measure);
        g_test_add_data_func("/vuln/labelled/whole", argv, test_whole);
        return g_test_run();
}
