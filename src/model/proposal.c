#include "model/proposal.h"

#include <string.h>

const char *proposal_basis_name(ProposalBasis basis)
{
        static const char *const names[] = { [PROPOSAL_WEAKNESS] = "weakness",
                                             [PROPOSAL_TECHNIQUE] = "technique",
                                             [PROPOSAL_SCORE] = "score",
                                             [PROPOSAL_STATED] = "stated" };

        return names[basis];
}

static void proposal_clear(gpointer proposal)
{
        g_free(((Proposal *)proposal)->reason);
}

/* The first reason for a row is kept. */
static void proposal_add(GArray *proposals, RowId row, ProposalBasis basis, const char *reason)
{
        Proposal proposal = { .row = row, .basis = basis };
        guint at = 0;

        while (at < proposals->len && g_array_index(proposals, Proposal, at).row < row)
                at++;
        if (at < proposals->len && g_array_index(proposals, Proposal, at).row == row)
                return;
        proposal.reason = g_strdup(reason);
        g_array_insert_val(proposals, at, proposal);
}

static void rows_add(GArray *proposals, const RowId *rows, ProposalBasis basis, const char *reason)
{
        for (; rows != NULL && *rows != ZW_ROW_NONE; rows++)
                proposal_add(proposals, *rows, basis, reason);
}

static void weaknesses_add(GArray *proposals, const char *const *cwes)
{
        for (; cwes != NULL && *cwes != NULL; cwes++) {
                const Weakness *weakness = catalogue_weakness(*cwes);
                g_autofree char *reason = weakness == NULL
                                                  ? NULL
                                                  : g_strdup_printf("%s (%s): %s", weakness->cwe,
                                                                    weakness->name, weakness->rationale);

                if (weakness != NULL)
                        rows_add(proposals, weakness->rows, PROPOSAL_WEAKNESS, reason);
        }
}

static void techniques_add(GArray *proposals, const char *const *techniques)
{
        for (; techniques != NULL && *techniques != NULL; techniques++) {
                const Technique *technique = catalogue_technique(*techniques);
                g_autofree char *reason = technique == NULL ? NULL
                                                            : g_strdup_printf("%s (%s) is resisted by it",
                                                                              technique->id, technique->name);

                if (technique != NULL)
                        rows_add(proposals, technique->rows, PROPOSAL_TECHNIQUE, reason);
        }
}

/* What is lost, by the metric that says so: 2.0 and 3.x, then 4.0. Project practice. */
static const struct {
        const char *metric, *metric_4;
        const char *row, *reason;
} losses[] = {
        { "C", "VC", "SR 4.1", "its CVSS vector says that confidentiality is lost" },
        { "I", "VI", "SR 3.4", "its CVSS vector says that integrity is lost" },
        { "A", "VA", "SR 7.1", "its CVSS vector says that availability is lost" },
};

/* Whether a part `NAME:VALUE` of the vector says something else than none. */
static bool says_loss(char *const *parts, const char *metric)
{
        const size_t n = strlen(metric);

        for (; *parts != NULL; parts++)
                if (strncmp(*parts, metric, n) == 0 && (*parts)[n] == ':')
                        return strcmp(*parts + n + 1, "N") != 0;
        return false;
}

static void score_add(GArray *proposals, const char *cvss)
{
        g_auto(GStrv) parts = g_strsplit(cvss, "/", -1);

        for (size_t i = 0; i < G_N_ELEMENTS(losses); i++)
                if (says_loss(parts, losses[i].metric) || says_loss(parts, losses[i].metric_4))
                        proposal_add(proposals, catalogue_find_in(STANDARD_3_3, losses[i].row),
                                     PROPOSAL_SCORE, losses[i].reason);
}

GArray *proposals_make(const char *const *cwes, const char *const *techniques, const char *cvss)
{
        GArray *proposals = g_array_new(FALSE, FALSE, sizeof(Proposal));

        g_array_set_clear_func(proposals, proposal_clear);
        weaknesses_add(proposals, cwes);
        if (proposals->len == 0)
                techniques_add(proposals, techniques);
        if (proposals->len == 0 && cvss != NULL)
                score_add(proposals, cvss);
        return proposals;
}
