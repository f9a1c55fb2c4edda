/* Which rows a vulnerability is proposed to break, and on what basis. */
#include "model/proposal.h"

#include <string.h>

/* The proposals as "SR 1.1 weakness, ...". */
static void expect(const char *const *cwes, const char *const *techniques, const char *cvss,
                   const char *expected)
{
        g_autoptr(GArray) found = proposals_make(cwes, techniques, cvss);
        g_autoptr(GString) text = g_string_new(NULL);

        for (guint i = 0; i < found->len; i++) {
                const Proposal *proposal = &g_array_index(found, Proposal, i);

                g_string_append_printf(text, "%s%s %s", i == 0 ? "" : ", ", catalogue_row(proposal->row)->id,
                                       proposal_basis_name(proposal->basis));
                g_assert_nonnull(proposal->reason);
                g_assert_cmpuint(strlen(proposal->reason), >, 10);
        }
        g_assert_cmpstr(text->str, ==, expected);
}

static const char vector[] = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:L";

/* The first basis that yields anything is the only one. */
static void test_order(void)
{
        static const char *const cwes[] = { "CWE-798", NULL },
                                 *const unknown[] = { "CWE-99999", "nonsense", NULL },
                                 *const techniques[] = { "T0800", NULL };

        expect(cwes, techniques, vector, "SR 1.5 weakness");
        expect(unknown, NULL, vector, "SR 4.1 score, SR 7.1 score");
        expect(NULL, NULL, NULL, "");
        expect(unknown, unknown, "", "");
}

/* Each row once, whatever names it, by row. */
static void test_once(void)
{
        static const char *const cwes[] = { "CWE-94", "CWE-787", "CWE-787", NULL };
        g_autoptr(GArray) found = proposals_make(cwes, NULL, NULL);

        g_assert_cmpuint(found->len, >, 1);
        for (guint i = 1; i < found->len; i++)
                g_assert_cmpuint(g_array_index(found, Proposal, i - 1).row, <,
                                 g_array_index(found, Proposal, i).row);
}

static void test_techniques(void)
{
        static const char *const techniques[] = { "T0814", "T0800", NULL };
        g_autoptr(GArray) found = proposals_make(NULL, techniques, vector);

        g_assert_cmpuint(found->len, >, 0);
        for (guint i = 0; i < found->len; i++)
                g_assert_cmpint((int)g_array_index(found, Proposal, i).basis, ==, PROPOSAL_TECHNIQUE);
}

/* Every version of CVSS names what is lost in its own way; what is no vector says nothing. */
static void test_scores(void)
{
        expect(NULL, NULL, "AV:N/AC:L/Au:N/C:N/I:P/A:C", "SR 3.4 score, SR 7.1 score");
        expect(NULL, NULL, "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:H/SI:N/SA:N", "SR 4.1 score");
        expect(NULL, NULL, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", "");
        expect(NULL, NULL, "not a vector", "");
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/proposal/order", test_order);
        g_test_add_func("/proposal/once", test_once);
        g_test_add_func("/proposal/techniques", test_techniques);
        g_test_add_func("/proposal/scores", test_scores);
        return g_test_run();
}
