/* A JUnit report while it is read: junit.c reads suites and tells the report, junit_case.c reads test cases. Not thread-safe. */
#ifndef EXCHANGE_JUNIT_REPORT_H
#define EXCHANGE_JUNIT_REPORT_H

#include "exchange/test_report.h"

typedef struct {
        const char *name; /* of the innermost suite that has one, "" for none */
        Instant at;       /* of the innermost one that says a time */
        bool timed;
} JunitSuite;

typedef struct {
        Sink *sink;
        TestReport *tests;
        JunitSuite suite; /* where the reader is */
        size_t depth;
        size_t n_suites, n_properties, n_reruns, n_lost_properties, n_outputs, n_traces;
        int64_t declared[TEST_TOTALS]; /* what is claimed, as the figure top_declared says it */
        bool root_is_suite;
        char *root_name, *suite_name; /* of the first outermost suite; NULL or empty for none */
        size_t n_outer;
} JunitReport;

/* A child of a suite, after its OPEN. Errors: those of xml_next; LIMIT, more cases than results can have. */
bool junit_take_case(Xml *xml, JunitReport *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A child of `properties`: its name, and its value, which may be its text. Free both; they are NULL where it is no property. */
bool junit_take_property(Xml *xml, JunitReport *report, char **ret_name, char **ret_value, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
/* What says where it ran; false for a property that says something else. */
bool junit_take_environment(JunitReport *report, const char *name, const char *value);

/* The time of the element just opened, when it says one; else *at and *timed stay. */
void junit_take_time(JunitReport *report, Xml *xml, Instant *at, bool *timed);

static inline const char *junit_text(const char *text)
{
        return text == NULL ? "" : text;
}

#endif
