/* The triage policy of a project: until when a finding is to be treated, and which matches confirm by rule the rows that they are
 * proposed to break (docs/algorithms/triage.md). It is data: that of data/triage, or the setting `triage_policy`.
 *
 * A policy is constant once read, and so thread-safe. */
#ifndef MODEL_TRIAGE_H
#define MODEL_TRIAGE_H

#include "base/jread.h"

#include <glib.h>
#include <stdbool.h>

#define ZW_TRIAGE_SETTING "triage_policy"

typedef struct TriagePolicy TriagePolicy;

/* What is known of a finding when it is judged. */
typedef struct {
        const char *confidence, *severity; /* or NULL */
        const char *cvss, *score;          /* the vector tells the version of the score; or NULL */
        const char *epss;                  /* decimal, or NULL when it is not known */
        bool kev, safety;                  /* exploited; on an element of a safety function */
        int sl_t;                          /* the highest entry of the SL-T where it is; -1 unknown */
} TriageFacts;

/* Errors: INPUT with the place: an unknown member, a bound or a number of days out of range, no rule that takes any. */
TriagePolicy *triage_policy_read(const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TriagePolicy *triage_policy_default(void);
/* The policy as it was given. */
const json_t *triage_policy_json(const TriagePolicy *policy);
void triage_policy_free(TriagePolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TriagePolicy, triage_policy_free)

/* Days until it is due, and the name of the first rule that fits. */
int triage_policy_days(const TriagePolicy *policy, const TriageFacts *facts, const char **ret_rule);
/* Whether a rule confirms. What a score alone proposes is for the caller to leave out. */
bool triage_policy_confirms(const TriagePolicy *policy, const TriageFacts *facts, const char **ret_rule);

/* Whether a finding with these attributes stays as it is for good without anybody having said why. */
bool triage_is_unsaid(const json_t *attrs);

/* Texts of the policy compiled in (tools/gen-text.py). */
extern const char *const triage_sources[];
extern const size_t triage_sources_count;

#endif
