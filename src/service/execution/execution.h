/* A test run that a person does: an item of kind test_run whose attribute `cases` says which test cases in which revisions, and
 * `step_results` what each step gave (model/steps.h). While it is in progress it proves nothing; finished, each case has a
 * result in it. Inside service/ only; everything reads one view at one commit, so that a write may use its pending tip. */
#ifndef SERVICE_EXECUTION_EXECUTION_H
#define SERVICE_EXECUTION_EXECUTION_H

#include "analysis/testing.h"
#include "model/steps.h"
#include "service/internal.h"

enum { EXECUTION_CASES_MAX = 2000 };

/* A test case as it is done: in the revision that the run names. */
typedef struct {
        char *key;
        StoreItem *given; /* in that revision */
        json_t *attrs;    /* of it */
        GPtrArray *steps; /* of TestStep */
        uint32_t rev_now;
        bool changed; /* its meaning is another one now */
        bool retired;
} ExecutionCase;

typedef struct {
        StoreItem *run;
        json_t *attrs;
        GPtrArray *cases; /* of ExecutionCase, in the order of their keys in `cases` */
        GHashTable *by_key;
} Execution;

void execution_clear(Execution *execution);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Execution, execution_clear)

/* The run as of `seq`. Errors: NOT_FOUND, there is none or it is not done by hand. */
bool execution_load(StoreView *view, const Id *log, const char *key, Seq seq, Execution *ret_execution,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The run that the input member `key` names, as of the call's commit, with those of its cases that the caller sees. Errors: as above. */
bool execution_of_call(Call *call, Execution *ret_execution, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Of a run that is not there yet: `cases` is the attribute of that name (the reference is stolen). */
bool execution_of_cases(StoreView *view, const Id *log, json_t *cases, Seq seq, Execution *ret_execution,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What was recorded of a step, or NULL (borrowed from `step_results`, which may be NULL). */
const char *execution_said(const json_t *step_results, const char *test_case, guint step);
/* What the case gives by what was recorded. */
StepStatus execution_worst(const ExecutionCase *test_case, const json_t *step_results);
/* The attribute `counts` of a run in which that was recorded. A new reference. */
json_t *execution_counts(const Execution *execution, const json_t *step_results);

/* Writes the member `cases`: each with its steps. `files` are the attachments of the run, or NULL. */
void execution_cases_write(JWrite *w, const Execution *execution, const json_t *step_results,
                           const json_t *files);

/* The member `cases` of an input that names plans and test cases by key: adds each live test case of them to `cases`, with its
 * revision at `seq`. Errors: NOT_FOUND; USAGE, something is neither or there are none; LIMIT. */
bool execution_cases_find(const Call *call, GraphView graph, StoreView *view, const json_t *keys, Seq seq,
                          json_t *cases, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The native operations that make a run of those cases: the item, in progress, planned in each plan among `keys`. The references of
 * `attrs` and `source` (or NULL) are stolen. */
void execution_begin_ops(json_t *native, const char *title, json_t *attrs, json_t *source,
                         const json_t *plans);

/* One commit of what `make` puts into `native` on the pending tip; it may run twice, and adds what it has to say to `answer`. Nothing to
 * commit, or the input member `dry_run`: no commit. Writes `answer` with the members `key` (of the run: what `make` said, else the first item
 * that was made) and `commit`, a number or null. A request that came before makes nothing: `repeated` is true. */
typedef bool (*ExecutionMakeFn)(Call *call, StoreView *view, json_t *native, json_t *answer, GError **error);
bool execution_change(Call *call, ExecutionMakeFn make, JWrite *w, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is to be recorded of one step. */
typedef struct {
        const char *test_case;
        guint step;
        const char *said; /* as it is stored */
        const json_t *
                was; /* what the one who records saw there: a text, or null for nothing; NULL: whatever there is */
} StepRecord;

/* Lays records over what a run has. */
typedef struct {
        const Execution *execution;
        json_t *results; /* `step_results` as it will be */
        json_t *conflicts; /* of {"case","step","here","given"}: it is another thing by now than what was seen */
        bool overrule;     /* what is recorded counts, not what is there */
        int64_t taken, unchanged;
} StepRecording;

void step_recording_init(StepRecording *recording, const Execution *execution);
void step_recording_clear(StepRecording *recording);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StepRecording, step_recording_clear)
/* Errors: NOT_FOUND, no such case or step in the run; LIMIT; what is wrong is at `where`. */
bool step_recording_take(StepRecording *recording, const StepRecord *record, const char *where,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The native operation that writes it, with the time `at`. A new reference. */
json_t *step_recording_op(const StepRecording *recording, const char *key, Instant at);

#endif
