/* A JUnit report while it is read: junit.c reads suites and tells the run, junit_case.c reads and tells test cases. The
 * document is read twice: first all is counted and cases that come more than once are found, then the results are told,
 * so that the run stands before them and memory holds no more than names. Not thread-safe. */
#ifndef EXCHANGE_JUNIT_REPORT_H
#define EXCHANGE_JUNIT_REPORT_H

#include "base/hash.h"
#include "base/instant.h"
#include "exchange/format.h"
#include "exchange/xml.h"
#include "model/results.h"

enum {
        JUNIT_NAME_MAX = 4096, /* bytes of a test case's name */
        JUNIT_MESSAGE_MAX = 1000,
        JUNIT_PROBLEMS_MAX = 1000, /* told of each kind that can come with every case */
        JUNIT_STATUSES = RESULT_SKIPPED + 1,
        JUNIT_TOTALS = 4, /* tests, failures, errors, skipped */
        JUNIT_ELEMENTS_MAX = 8000000,
};

/* The cases of one name. */
typedef struct {
        size_t kept; /* number of the case that counts: the first of the worst, from 1 */
        size_t n;
        ResultStatus status;
} JunitNamed;

typedef struct {
        const char *name; /* of the innermost suite that has one, "" for none */
        Instant at;       /* of the innermost one that says a time */
        bool timed;
} JunitSuite;

typedef struct {
        const Source *source;
        Sink *sink;
        bool telling;   /* the second time */
        const char *at; /* of the profile */
        json_t *defaults, *tests;
        char id[ZW_DIGEST_HEX];

        JunitSuite suite; /* where the reader is */
        size_t depth;
        GHashTable *named; /* name of a case → JunitNamed */
        size_t n_cases, n_suites, n_properties, n_reruns, n_lost_properties, n_outputs, n_traces, n_untimed;
        size_t counts[JUNIT_STATUSES], n_problems, n_repeated;
        int64_t declared[JUNIT_TOTALS];
        bool is_declared[JUNIT_TOTALS], root_is_suite;
        char *root_name, *suite_name; /* of the first outermost suite; NULL or empty for none */
        const char *tool;
        size_t n_outer;
        GPtrArray *environment; /* entries such as `host ci-1` */
        Instant first;
        bool timed;
} JunitReport;

/* A child of a suite, after its OPEN. Errors: those of xml_next; LIMIT, more cases than results can have. */
bool junit_take_case(Xml *xml, JunitReport *report, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A child of `properties`; `data` is the report. */
bool junit_take_property(Xml *xml, void *data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The time of the element just opened, when it says one; else *at and *timed stay. */
void junit_take_time(JunitReport *report, Xml *xml, Instant *at, bool *timed);
/* After OPEN: the first bytes of its text, however long it is. */
bool junit_take_text(Xml *xml, size_t most, char **ret_text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first line that says something, at most `most` bytes of it. Free it. */
char *junit_new_line(const char *text, size_t most);
/* A problem, told the first time the document is read. */
void junit_doubt(JunitReport *report, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);

static inline const char *junit_text(const char *text)
{
        return text == NULL ? "" : text;
}

#endif
