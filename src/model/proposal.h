/* Rows of 62443-3-3 that a vulnerability may break: proposals, never more (docs/algorithms/findings.md, project practice). Taken
 * from its weaknesses, else from ATT&CK-ICS techniques that use it, else from what its CVSS vector says is lost: the first of
 * these that yields anything. Pure and thread-safe. */
#ifndef MODEL_PROPOSAL_H
#define MODEL_PROPOSAL_H

#include "model/catalogue.h"

#include <glib.h>

typedef enum {
        PROPOSAL_WEAKNESS,
        PROPOSAL_TECHNIQUE,
        PROPOSAL_SCORE,  /* a CVSS vector alone: no policy confirms it */
        PROPOSAL_STATED, /* by who wrote the finding; proposals_make never gives it */
} ProposalBasis;

const char *proposal_basis_name(ProposalBasis basis); /* `weakness` */

typedef struct {
        RowId row;
        ProposalBasis basis;
        char *reason; /* `CWE-787: ...`, owned */
} Proposal;

/* Proposals by row, each row once (GArray of Proposal, which frees its texts); empty: the vulnerability is unmapped. The lists
 * end with NULL or are NULL; names that no table knows yield nothing. `cvss` is a vector of 2.0, 3.x or 4.0, or NULL. */
GArray *proposals_make(const char *const *cwes, const char *const *techniques, const char *cvss);

#endif
