/* Fault trees and their minimal cut sets: the example of docs/algorithms/cut-sets.md, and what is refused. The twin tries random
 * trees; the trees of the corpus are in tests/api/test_safety.py. */
#include "analysis/cutset.h"

#include <math.h>
#include <string.h>

static FaultTree *tree_of(const char *text, GError **error)
{
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

        return fault_tree_read((const char *const *)lines, g_strv_length(lines), error);
}

/* The sets as "a,b c", in the order of the list. */
static char *sets_text(const FaultTree *tree, const CutSets *sets, size_t max)
{
        g_autoptr(GPtrArray) list = cut_sets_list(sets, max);
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < list->len; i++) {
                const GArray *set = g_ptr_array_index(list, i);

                g_string_append(text, i == 0 ? "" : " ");
                for (guint k = 0; k < set->len; k++)
                        g_string_append_printf(text, "%s%s", k == 0 ? "" : ",",
                                               fault_tree_node(tree, g_array_index(set, uint32_t, k))->name);
        }
        return g_string_free(text, FALSE);
}

typedef struct {
        const char *name, *tree, *sets;
        double count;
} Coherent;

static const Coherent trees[] = {
        { "voted",
          "top = or sensors logic valve\nsensors = atleast 2 s1 s2 s3\ns1 = event 0.01\ns2 = event 0.01\n"
          "s3 = event 0.01\nlogic = event 1e-4\nvalve = element AS-12",
          "logic valve s1,s2 s1,s3 s2,s3", 5 },
        { "absorbed", "t = or a g\ng = and a b\na = event\nb = event", "a", 1 },
        { "twice-over", "t = and g h\ng = or a b\nh = or a c\na = event\nb = event\nc = event", "a b,c", 2 },
        { "certain", "t = or a h\na = event\nh = house true", "", 1 },
        { "excluded", "t = and a h\na = event\nh = house false", "", 0 },
        { "all-of-one", "t = and a a\na = event", "a", 1 },
        { "an-event-alone", "t = event 0.5", "t", 1 },
        { "all-of-three", "t = atleast 3 a b c\na = event\nb = event\nc = event", "a,b,c", 1 },
};

static void test_sets(gconstpointer data)
{
        const Coherent *coherent = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(FaultTree) tree = tree_of(coherent->tree, &error);
        g_autoptr(CutSets) sets = tree == NULL ? NULL : cut_sets_find(tree, &error);
        g_autofree char *text = NULL;

        g_assert_no_error(error);
        g_assert_cmpfloat(cut_sets_count(sets), ==, coherent->count);
        text = sets_text(tree, sets, 100);
        g_assert_cmpstr(text, ==, coherent->sets);
}

static void test_probability(void)
{
        g_autoptr(FaultTree) tree = tree_of(trees[0].tree, NULL);
        g_autoptr(CutSets) sets = cut_sets_find(tree, NULL);
        double probabilities[7] = { 0, 0, 0.01, 0.01, 0.01, 1e-4, 0.002 };
        g_autofree char *two = NULL;

        g_assert_cmpfloat_with_epsilon(cut_sets_probability(sets, probabilities), 2.4e-3, 1e-15);
        probabilities[6] = (double)NAN;
        g_assert_true(isnan(cut_sets_probability(sets, probabilities)));
        g_assert_cmpfloat(cut_sets_count_of(sets, 1), ==, 2);
        g_assert_cmpfloat(cut_sets_count_of(sets, 2), ==, 3);
        g_assert_cmpfloat(cut_sets_count_of(sets, 3), ==, 0);
        two = sets_text(tree, sets, 2);
        g_assert_cmpstr(two, ==, "logic valve");
}

/* 2^40 sets that nobody could list. */
static void test_many(void)
{
        g_autoptr(GString) text = g_string_new("t = and");
        g_autoptr(FaultTree) tree = NULL;
        g_autoptr(CutSets) sets = NULL;
        g_autoptr(GPtrArray) list = NULL;

        for (int i = 0; i < 40; i++)
                g_string_append_printf(text, " g%d", i);
        for (int i = 0; i < 40; i++)
                g_string_append_printf(text, "\ng%d = or a%d b%d\na%d = event\nb%d = event", i, i, i, i, i);
        tree = tree_of(text->str, NULL);
        sets = cut_sets_find(tree, NULL);
        g_assert_cmpfloat(cut_sets_count(sets), ==, 1099511627776.0);
        list = cut_sets_list(sets, 3);
        g_assert_cmpuint(list->len, ==, 3);
}

/* As many events under one gate as a tree may have. */
static void test_wide(gconstpointer gate)
{
        enum { EVENTS = ZW_FAULT_TREE_NODES_MAX - 1 };
        g_autoptr(GString) text = g_string_new("t = ");
        g_autoptr(GError) error = NULL;
        g_autoptr(FaultTree) tree = NULL;
        g_autoptr(CutSets) sets = NULL;

        g_string_append(text, gate);
        for (int i = 0; i < EVENTS; i++)
                g_string_append_printf(text, " e%d", i);
        for (int i = 0; i < EVENTS; i++)
                g_string_append_printf(text, "\ne%d = event", i);
        tree = tree_of(text->str, &error);
        g_assert_no_error(error);
        sets = cut_sets_find(tree, &error);
        g_assert_no_error(error);
        g_assert_cmpfloat(cut_sets_count(sets), ==, strcmp(gate, "or") == 0 ? EVENTS : 1);
}

typedef struct {
        const char *name, *tree, *where, *says;
} Refused;

static const Refused refused[] = {
        { "cycle", "t = or a g\na = event\ng = and a h\nh = or g a", "line 3", "a cycle: g needs h needs g" },
        { "itself", "t = or t", "line 1", "a cycle: t needs t" },
        { "undefined", "t = or a b\na = event", "line 1", "needs b, which is not defined" },
        { "twice", "t = or a\na = event\na = event 0.1", "line 3", "defined twice" },
        { "probability", "t = event 1.5", "line 1", "from 0 to 1" },
        { "probability-text", "t = event often", "line 1", "from 0 to 1" },
        { "more-than-there-are", "t = atleast 3 a b\na = event\nb = event", "line 1", "at least 3 of 2" },
        { "atleast-nothing", "t = atleast 0 a\na = event", "line 1", "from 1 on" },
        { "not", "t = not a\na = event", "line 1", "is one of and, or" },
        { "no-inputs", "t = and", "line 1", "has no inputs" },
        { "name", "t(1) = event", "line 1", "letters" },
        { "no-line", " ", "line 1", "NAME =" },
};

static void test_refused(gconstpointer data)
{
        const Refused *case_ = data;
        g_autoptr(GError) error = NULL;

        g_assert_null(tree_of(case_->tree, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
        g_assert_cmpstr(error_where(error), ==, case_->where);
        g_assert_nonnull(strstr(error->message, case_->says));
}

static void test_none(void)
{
        g_autoptr(GError) error = NULL;

        g_assert_null(fault_tree_read(NULL, 0, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_INPUT);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
        for (size_t i = 0; i < G_N_ELEMENTS(trees); i++) {
                g_autofree char *path = g_strconcat("/analysis/cutset/", trees[i].name, NULL);

                g_test_add_data_func(path, &trees[i], test_sets);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
                g_autofree char *path = g_strconcat("/analysis/cutset/refused/", refused[i].name, NULL);

                g_test_add_data_func(path, &refused[i], test_refused);
        }
        g_test_add_func("/analysis/cutset/refused/none", test_none);
        g_test_add_func("/analysis/cutset/probability", test_probability);
        g_test_add_func("/analysis/cutset/many", test_many);
        g_test_add_data_func("/analysis/cutset/wide-or", "or", test_wide);
        g_test_add_data_func("/analysis/cutset/wide-and", "and", test_wide);
        return g_test_run();
}
