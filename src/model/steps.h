/* The steps of a test case that a person does, and what each gave. Pure functions.
 *
 * In a test case each line of `steps` that is not empty is one step, without the number or mark of a list before it. `expected`
 * belongs to them line by line when it has as many lines, else all of it to the last step. In the attribute `step_results` of a
 * run a step is `CASE/NUMBER`, and what it gave a status, or a status, a colon, a blank and an observation. */
#ifndef MODEL_STEPS_H
#define MODEL_STEPS_H

#include "model/revision.h"

enum { ZW_OBSERVATION_MAX = 8192 }; /* bytes */

/* How little it proves. */
typedef enum { STEP_PASSED, STEP_NOT_RUN, STEP_BLOCKED, STEP_FAILED, STEP_STATUS_COUNT } StepStatus;
const char *step_status_name(StepStatus status);
bool step_status_find(const char *name, StepStatus *ret_status);
const char *const *step_status_names(void); /* STEP_STATUS_COUNT of them */

typedef struct {
        char *does; /* empty: the title of the case says it */
        char *expected;
} TestStep;

/* Of TestStep, at least one. Texts may be NULL. */
GPtrArray *steps_new(const char *steps, const char *expected);

/* The name of a step, from 1. Free it. */
char *step_name(const char *test_case, guint step);
/* The case (free it) and number of a step's name; false when it is none. */
bool step_name_parse(const char *name, char **ret_case, guint *ret_step);

/* What a step gave, as it is stored. Free it. */
char *step_said(StepStatus status, const char *observation);
/* *ret_observation is borrowed, empty when there is none. False when it does not begin with a status. */
bool step_said_parse(const char *said, StepStatus *ret_status, const char **ret_observation);

/* What a case gave as its steps did, the worst one: a blocked step is an error, one that was not done leaves it skipped. */
ResultStatus step_outcome(StepStatus worst);

#endif
