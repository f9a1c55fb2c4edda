/* What a project does about changes, incidents and actions (docs/algorithms/operation.md): which regimes ask for notification of an
 * incident and by when, until when each step about a reported weakness is done, and when what is due is reminded of and escalated. It is data: that of data/operation, or the setting
 * `operation_policy`. Pure; a policy is constant once read, and so thread-safe. */
#ifndef MODEL_OPERATION_H
#define MODEL_OPERATION_H

#include "base/instant.h"
#include "base/jread.h"

#include <glib.h>
#include <stdbool.h>

#define ZW_OPERATION_SETTING "operation_policy"

typedef struct OperationPolicy OperationPolicy;

/* Errors: INPUT with the place: an unknown or missing member, a name twice, a clock that runs from nothing. */
OperationPolicy *operation_policy_read(const json_t *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
OperationPolicy *operation_policy_default(void);
void operation_policy_free(OperationPolicy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OperationPolicy, operation_policy_free)
/* The policy as it was given. */
const json_t *operation_policy_json(const OperationPolicy *policy);

/* Days before it is due that a person is reminded, after it was due that approvers are told, and that a change may stay carried
 * out without approval. */
int operation_remind_days(const OperationPolicy *policy);
int operation_escalate_days(const OperationPolicy *policy);
int operation_emergency_days(const OperationPolicy *policy);

/* When the step of this name about a weakness that was reported then is due; a policy that says nothing of it has the clock of the one
 * compiled in. */
Instant operation_weakness_due(const OperationPolicy *policy, const char *step, Instant reported);

typedef enum {
        CLOCK_WAITING, /* for the time that it runs from */
        CLOCK_RUNNING,
        CLOCK_OVERDUE,
        CLOCK_MET,  /* sent in time */
        CLOCK_LATE, /* sent after it was due */
} ClockState;
const char *clock_state_name(ClockState state);

/* One deadline of an incident. Texts are borrowed from the policy, but for the name. */
typedef struct {
        char *name; /* REGIME.CLOCK */
        const char *regime, *title, *from;
        bool known;   /* the time it runs from is */
        Instant due;  /* if so */
        Instant sent; /* 0: not yet */
        ClockState state;
} Clock;

/* The clocks of an incident with these attributes, those of each of its regimes that the policy knows; free with g_array_unref. */
GArray *operation_clocks(const OperationPolicy *policy, const json_t *attrs, Instant now);
/* All names of clocks, or of regimes, ended by NULL; free with g_strfreev. */
char **operation_clock_names(const OperationPolicy *policy);
char **operation_regime_names(const OperationPolicy *policy);

/* Texts of the policy compiled in (tools/gen-text.py). */
extern const char *const operation_sources[];
extern const size_t operation_sources_count;

#endif
