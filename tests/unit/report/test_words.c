/* Words: sorted for look-up, every one that analyses and queries use has a row or reads well without one. */
#include "analysis/assess.h"
#include "analysis/lint.h"
#include "report/chain.h"
#include "report/render_text.h"
#include "report/words.h"

#include <string.h>

static void test_sorted(void)
{
        g_assert_cmpuint(words_count, >, 10);
        for (unsigned i = 0; i < words_count; i++) {
                g_assert_cmpstr(word_find(words_table[i].word).label, ==, words_table[i].label);
                if (i > 0)
                        g_assert_cmpint(strcmp(words_table[i - 1].word, words_table[i].word), <, 0);
        }
}

static void test_known(void)
{
        g_autofree char *label = word_label("in_review");

        for (int status = STATUS_OPEN; status <= STATUS_REMOVED; status++)
                g_assert_cmpint(word_find(row_status_name((RowStatus)status)).tone, !=, TONE_NONE);
        for (int stage = 0; stage < ZW_STAGE_COUNT; stage++)
                g_assert_cmpint(word_find(row_stage_name((RowStage)stage)).tone, !=, TONE_NONE);
        for (size_t i = 0; i < lint_rule_count(); i++)
                g_assert_true(word_find(lint_rule_name(i)).label != lint_rule_name(i));
        for (size_t i = 0; i < break_rule_count(); i++)
                g_assert_true(word_find(break_rule_name(i)).label != break_rule_name(i));
        g_assert_cmpstr(label, ==, "in review");
}

/* Colour alone says nothing. */
static void test_signs(void)
{
        for (unsigned i = 0; i < words_count; i++)
                if (words_table[i].tone != TONE_NONE && words_table[i].tone != TONE_DIM)
                        g_assert_cmpstr(words_table[i].sign, !=, "");
        g_assert_cmpstr(word_find("no such word").label, ==, "no such word");
        g_assert_cmpint(word_find("no such word").tone, ==, TONE_NONE);
}

/* The first line, at most 160 characters of it, and a mark where something was left out. */
static void test_brief(void)
{
        g_autofree char *long_line = g_strnfill(159, 'x'), *words = g_strconcat(long_line, " and more", NULL),
                        *letters = g_strnfill(200, 'y'), *umlauts = g_strdup("\xc3\xa4\nrest");
        const struct {
                const char *text;
                glong characters;
                bool marked;
        } cases[] = { { "Update to V2", 12, false }, { "Update\nor not", 8, true }, { "", 0, false },
                      { words, 161, true },          { letters, 162, true },        { umlauts, 3, true } };

        for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
                g_autofree char *brief = text_brief(cases[i].text);

                g_assert_cmpint(g_utf8_strlen(brief, -1), ==, cases[i].characters);
                g_assert_cmpint(g_str_has_suffix(brief, " \xe2\x80\xa6"), ==, cases[i].marked);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/report/words/sorted", test_sorted);
        g_test_add_func("/report/words/known", test_known);
        g_test_add_func("/report/words/signs", test_signs);
        g_test_add_func("/report/words/brief", test_brief);
        return g_test_run();
}
