/* A test report while it is read: what every reader of results tells alike. A reader adds one outcome for each test it meets and
 * what the file says of the run; at the end the totals are compared with those the file claims, and the run and its results are
 * told. Texts given are borrowed and copied. Memory: names, messages and tags once, 64 bytes a test. Not thread-safe. */
#ifndef EXCHANGE_TEST_REPORT_H
#define EXCHANGE_TEST_REPORT_H

#include "base/instant.h"
#include "exchange/format.h"
#include "exchange/xml.h"
#include "model/results.h"

enum {
        TEST_NAME_MAX = 4096, /* bytes of a test's name */
        TEST_MESSAGE_MAX = 1000,
        TEST_TAG_MAX = 200,
        TEST_TEXTS_MAX = 256 << 20, /* of all names, messages and tags */
        TEST_PROBLEMS_MAX = 1000,   /* told of those that can come with every test */
        TEST_DECLARED_MAX = 1000000000,
        TEST_ELEMENTS_MAX = 8000000,
};

/* What a file claims of itself; the order is that of the attribute `declared`. */
typedef enum {
        TEST_TOTAL_TESTS,
        TEST_TOTAL_FAILURES,
        TEST_TOTAL_ERRORS,
        TEST_TOTAL_SKIPPED,
        TEST_TOTALS,
} TestTotal;

typedef struct {
        const char *name, *message; /* message: or NULL; its first line that says something is kept */
        const char *tags;           /* one a line, each may be the key of a test case; or NULL */
        size_t line;                /* where it stands in the file */
        ResultStatus status;
        Instant at;
        bool timed;
} TestOutcome;

typedef struct TestReport TestReport;

/* `system` is that of the run's identity. Errors: INPUT and METAMODEL, the profile (docs/formats/test-reports.md) is wrong. */
TestReport *test_report_new(const Source *source, Sink *sink, const char *system, GError **error);
void test_report_free(TestReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestReport, test_report_free)

/* Facts of the run; the first that says something counts, and of times the earliest. */
void test_report_title(TestReport *report, const char *title);
void test_report_tool(TestReport *report, const char *tool);
void test_report_ran(TestReport *report, Instant at);
void test_report_environment(TestReport *report, const char *name, const char *value);
/* Adds to a total that the file claims. */
void test_report_declare(TestReport *report, TestTotal total, int64_t n);
/* The same of a text; one that is no number says nothing. NULL is taken. */
void test_report_declare_text(TestReport *report, TestTotal total, const char *text);
/* Whether a property of this name says which test case a test is. */
bool test_report_is_tag(const TestReport *report, const char *property);

/* Errors: LIMIT, more tests or longer texts than results can have. */
bool test_report_add(TestReport *report, const TestOutcome *outcome, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;
size_t test_report_count(const TestReport *report);

/* A problem that may come with every test. */
void test_report_doubt(TestReport *report, size_t line, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* What of the file stays in the attachment: `n` of them, 0 says nothing. */
void test_report_lost(TestReport *report, const char *what, size_t n);
/* The totals against what is there, the run, and its results. */
void test_report_tell(TestReport *report);

/* ---- what is written in many ways ---- */

/* Takes what tools write besides RFC 3339: blanks for the T or beside it, no offset (then UTC), an offset without colon, a date
 * without hyphens. */
bool test_time_read(const char *text, Instant *ret_at);
/* A time of the element just opened, when the attribute says one; else *at and *timed stay. What is no time is a doubt. */
void test_time_take(TestReport *report, Xml *xml, const char *attr, Instant *at, bool *timed);
/* The first line of a text (or NULL) that says something, at most `most` bytes of it. Free it. */
char *test_line_new(const char *text, size_t most);
/* After OPEN: the first bytes of its text, however long it is, in place of *text. */
bool test_text_take(Xml *xml, char **text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads an XML report: the root is opened, `root` reads it to its close, then what was found is told. The run's system is
 * `system`. Errors: those of xml_next and of `root`. */
typedef bool (*TestRootFn)(Xml *xml, TestReport *report, GError **error);
bool test_report_read_xml(const Source *source, Sink *sink, const char *system, TestRootFn root,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The name that the element at hand has below `suite`, with `between` the two unless that is empty. Free it. */
char *test_name_below(const char *suite, char between, Xml *xml);
/* Appends one tag to those of a TestOutcome. */
void test_tag_add(GString *tags, const char *tag);

#endif
