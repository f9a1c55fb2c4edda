/* The validator's test files of the standard, which lie in the shared folder: must fail, must pass. */
#include "reading.h"

static const WorkerLimits limits = { .cpu_seconds = 60,
                                     .memory_bytes = UINT64_C(2) << 30,
                                     .output_bytes = UINT64_C(256) << 20 };

/* The path of a file of the corpus; NULL, with the test marked as skipped, when it is not there. */
static char *corpus_path(const char *name)
{
        const char *shared = g_getenv("ZONEWRIGHT_SHARED");
        g_autofree char *path = shared == NULL ? NULL : g_build_filename(shared, "corpus", name, NULL);

        if (path != NULL && g_file_test(path, G_FILE_TEST_EXISTS))
                return g_steal_pointer(&path);
        g_autofree char *why = g_strdup_printf("%s is not in the shared folder", name);

        g_test_skip(why);
        return NULL;
}

static WorkerResult *read_file(const char *folder, const char *name, bool figures_only, GError **error)
{
        g_autofree char *path = g_build_filename(folder, name, NULL), *base = g_path_get_basename(path);
        int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
        WorkerResult *result;

        g_assert_cmpint(fd, >=, 0);
        result = worker_read(fd, base, NULL, NULL, figures_only, &limits, NULL, error);
        close(fd);
        return result;
}

/* Is a problem of this test listed? `6.1.27.9` is not `6.1.27`. */
static bool is_flagged(const json_t *problems, const char *test)
{
        g_autofree char *mark = g_strdup_printf(" test %s)", test);
        const json_t *problem;
        size_t i;

        json_array_foreach(problems, i, problem) if (strstr(jread_get_string(problem, "message"), mark) !=
                                                     NULL) return true;
        return false;
}

typedef struct {
        size_t flagged, must_fail, good, must_pass, warned, other;
        GString *missed, *wrong;
} Count;

/* A test that a document should pass and need not: warned of by its number, where the file fails it and nowhere else. */
static void optional_check(const json_t *warnings, char **cells, Count *count)
{
        const bool fails = g_str_has_prefix(cells[2], "fails"), warned = is_flagged(warnings, cells[0]);

        count->warned += fails && warned ? 1 : 0;
        if (fails && !warned)
                g_string_append_printf(count->missed, " %s", cells[3]);
        if (!fails && warned)
                g_string_append_printf(count->wrong, " %s", cells[3]);
}

static void file_check(const char *folder, const char *line, bool draft, Count *count)
{
        g_auto(GStrv) cells = g_strsplit(line, "\t", 5);
        g_autoptr(WorkerResult) result = NULL;
        g_autoptr(GError) error = NULL;
        bool mandatory = strcmp(cells[1], "mandatory") == 0, fails = g_str_has_prefix(cells[2], "fails"),
             optional = strcmp(cells[1], "optional") == 0;

        result = read_file(folder, cells[3], optional, &error);
        g_assert_no_error(error);
        if (optional)
                optional_check(result->warnings, cells, count);
        if (mandatory && fails) {
                count->must_fail++;
                if (is_flagged(result->problems, cells[0]))
                        count->flagged++;
                else
                        g_string_append_printf(count->missed, " %s", cells[3]);
                return;
        }
        /* what fails an optional test passes all mandatory ones, in the suite of 2.0 */
        if (draft && fails) {
                count->other++;
                return;
        }
        if (json_array_size(result->problems) > 0 || json_array_size(result->refused) > 0)
                g_string_append_printf(count->wrong, " %s", cells[3]);
        if (mandatory) {
                count->must_pass++;
                count->good += json_array_size(result->problems) == 0;
        } else
                count->other++;
}

static void count_conformance(const char *edition, Count *count)
{
        g_autofree char *name = g_strdup_printf("csaf-conformance/%s", edition), *folder = corpus_path(name),
                        *index = folder == NULL ? NULL : g_build_filename(folder, "INDEX.tsv", NULL),
                        *text = NULL;
        g_auto(GStrv) lines = NULL;

        if (folder == NULL)
                return;
        g_assert_true(g_file_get_contents(index, &text, NULL, NULL));
        lines = g_strsplit(text, "\n", -1);
        for (size_t i = 1; lines[i] != NULL; i++)
                if (lines[i][0] != '\0')
                        file_check(folder, lines[i], strcmp(edition, "csaf-2.1") == 0, count);
        g_test_message(
                "CSAF %s: %zu of %zu that must fail a mandatory test are flagged with its number; %zu of %zu that "
                "must pass have no problem; %zu fail an optional test and are warned of; %zu files of other groups were read",
                edition, count->flagged, count->must_fail, count->good, count->must_pass, count->warned,
                count->other);
        g_test_message("missed:%s; flagged wrongly:%s", count->missed->str, count->wrong->str);
}

static void test_conformance_2_0(void)
{
        g_autoptr(GString) missed = g_string_new(NULL), wrong = g_string_new(NULL);
        Count count = { .missed = missed, .wrong = wrong };

        count_conformance("csaf-2.0", &count);
        if (count.must_fail == 0)
                return;
        g_assert_cmpuint(count.must_fail, ==, 28);
        g_assert_cmpuint(count.warned, ==, 15);
        /* members that the schema does not know are not looked for */
        g_assert_cmpstr(missed->str, ==, " optional/oasis_csaf_tc-csaf_2_0-2021-6-2-20-01.json");
        g_assert_cmpstr(wrong->str, ==, "");
}

/* The draft is read; its tests are those of 2.0 where they are the same, and those of its own. Nothing that must pass may be
 * flagged, but for one file of the draft's suite that names products it does not define (6.1.1). */
static void test_conformance_2_1(void)
{
        g_autoptr(GString) missed = g_string_new(NULL), wrong = g_string_new(NULL);
        Count count = { .missed = missed, .wrong = wrong };

        count_conformance("csaf-2.1", &count);
        if (count.must_fail == 0)
                return;
        g_assert_cmpstr(wrong->str, ==, " informative/oasis_csaf_tc-csaf_2_1-2024-6-3-21-01-12.json");
        g_assert_cmpuint(count.must_fail, ==, 49);
        g_assert_cmpstr(missed->str, ==, "");
}

int main(int argc, char **argv)
{
        READING_MAIN(argc, argv);
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/exchange/csaf-suite/conformance-2.0", test_conformance_2_0);
        g_test_add_func("/exchange/csaf-suite/conformance-2.1", test_conformance_2_1);
        return g_test_run();
}
