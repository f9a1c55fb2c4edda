/* What all advisories together say of one vulnerability on one thing installed. Each assertion keeps its source; a supplier's
 * newest word on its own product outranks others, and unknown or under investigation clears nothing. */
#ifndef VULN_VERDICT_H
#define VULN_VERDICT_H

#include "vuln/match.h"

typedef struct {
        char *vulnerability; /* CVE or another id */
        uint32_t subject;
        bool affected; /* else the sources say that this version is fixed or not affected */
        MatchConfidence confidence;
        bool undecided;
        char *reason;   /* one line for each source */
        char **sources; /* labels, sorted, each once: of those that say what the verdict says first of all */
        char *title;    /* of the vulnerability, or of the advisory */
        char *cvss, *score, *severity, *remediation; /* or NULL */
        char **cwes;                                 /* sorted, each once */
        char *assertion; /* SHA-256 of what all sources say of the vulnerability, hex: the same whatever is installed */
} Verdict;

typedef struct Verdicts Verdicts;

/* `index` is borrowed and must live longer. */
Verdicts *verdicts_new(const MatchIndex *index);
void verdicts_free(Verdicts *verdicts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verdicts, verdicts_free)
/* Matches an advisory, which is not needed afterwards. What nobody vouches for any more, `doubt` saying why, decides nothing: it
 * clears nothing, and what it says is affected is possible only, for a person to look at. `doubt` may be NULL. Errors: LIMIT. */
bool verdicts_add(Verdicts *verdicts, const Advisory *advisory, const char *doubt, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* All verdicts by vulnerability and subject (GPtrArray of Verdict); the same advisories in any order give the same. */
GPtrArray *verdicts_conclude(const Verdicts *verdicts);

#endif
