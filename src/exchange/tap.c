/* Results in the Test Anything Protocol, versions 12 to 14: plans, directives, diagnostics in YAML, and subtests to any depth, whose
 * names follow that of the test they make up. A test to be done that fails proves nothing and counts as skipped. */
#include "exchange/readers.h"

#include "base/jtext.h"
#include "exchange/test_report.h"

#include <string.h>

enum { LEVELS_MAX = 32, INDENT = 4 };

/* One stream of tests: the file, or the subtests of one test. */
typedef struct {
        int64_t planned, n, last; /* planned: -1 until there is a plan; last: number of the test before */
        size_t plan_line;
} Level;

/* A test line, until the test it is a part of is known. */
typedef struct {
        char *name, *message;
        size_t depth, line;
        ResultStatus status;
} Pending;

typedef struct {
        TestReport *report;
        Level levels[LEVELS_MAX];
        size_t depth; /* of the innermost level open */
        GArray *pending;
        int64_t n_plans, n_bail, n_todo, n_comments;
        int version;
        bool in_yaml;
        size_t yaml_indent;
} Tap;

static void pending_clear(gpointer data)
{
        Pending *pending = data;

        g_free(pending->name);
        g_free(pending->message);
}

/* ---- what a test line says ---- */

/* Its end and its directive lie behind a # that is not escaped. */
static char *description_new(const char *text, const char **ret_directive)
{
        g_autoptr(GString) description = g_string_new(NULL);

        *ret_directive = NULL;
        for (const char *p = text; *p != '\0' && *ret_directive == NULL; p++) {
                if (*p == '\\' && (p[1] == '#' || p[1] == '\\'))
                        g_string_append_c(description, *++p);
                else if (*p == '#')
                        *ret_directive = p + 1;
                else
                        g_string_append_c(description, *p);
        }
        return g_strstrip(g_string_free(g_steal_pointer(&description), FALSE));
}

static bool directive_is(const char *directive, const char *word, const char **ret_reason)
{
        const size_t n = strlen(word);

        while (directive != NULL && *directive == ' ')
                directive++;
        if (directive == NULL || g_ascii_strncasecmp(directive, word, n) != 0)
                return false;
        *ret_reason = directive + n + strcspn(directive + n, " ");
        return true;
}

/* The number of a test, -1 for none, and the hyphen behind it. */
static int64_t number_take(const char **rest)
{
        const char *p = *rest + strspn(*rest, " ");
        int64_t number = g_ascii_isdigit(*p) ? 0 : -1;

        for (; g_ascii_isdigit(*p) && number < TEST_DECLARED_MAX; p++)
                number = number * 10 + (*p - '0');
        p += strspn(p, " ");
        if (p[0] == '-' && (p[1] == ' ' || p[1] == '\0'))
                p++;
        *rest = p;
        return number;
}

static void number_check(Tap *tap, Level *level, int64_t number, size_t line)
{
        if (number >= 0 && number != level->last + 1)
                test_report_doubt(tap->report, line,
                                  "test %" G_GINT64_FORMAT " comes after test %" G_GINT64_FORMAT, number,
                                  level->last);
        level->last = number >= 0 ? number : level->last + 1;
        level->n++;
}

/* Subtests that came before the test they make up get its name in front of theirs. */
static void subtests_name(Tap *tap, const char *name)
{
        for (guint i = tap->pending->len; i > 0; i--) {
                Pending *pending = &g_array_index(tap->pending, Pending, i - 1);
                char *whole;

                if (pending->depth <= tap->depth)
                        break;
                whole = g_strdup_printf("%.*s/%s", TEST_NAME_MAX, name, pending->name);
                g_free(pending->name);
                pending->name = whole;
        }
}

/* Gives the first `n` to the report. */
static bool pending_flush(Tap *tap, guint n, GError **error)
{
        for (guint i = 0; i < n; i++) {
                const Pending *pending = &g_array_index(tap->pending, Pending, i);
                const TestOutcome outcome = { .name = pending->name,
                                              .message = pending->message,
                                              .line = pending->line,
                                              .status = pending->status };

                if (!test_report_add(tap->report, &outcome, error))
                        return false;
        }
        g_array_remove_range(tap->pending, 0, n);
        return true;
}

/* A test waits for its diagnostic and its subtests for their test, so those before the last outermost one can go. */
static bool outermost_flush(Tap *tap, GError **error)
{
        guint n = tap->pending->len;

        while (n > 0 && g_array_index(tap->pending, Pending, n - 1).depth > 0)
                n--;
        return n == 0 || pending_flush(tap, n, error);
}

static bool test_line(Tap *tap, const char *text, bool ok, size_t line, GError **error)
{
        Level *level = &tap->levels[tap->depth];
        const char *directive, *reason = NULL, *rest = text;
        Pending pending = { .depth = tap->depth, .line = line, .status = ok ? RESULT_PASSED : RESULT_FAILED };

        number_check(tap, level, number_take(&rest), line);
        pending.name = description_new(rest, &directive);
        if (pending.name[0] == '\0') {
                g_free(pending.name);
                pending.name = g_strdup_printf("test %" G_GINT64_FORMAT, level->last);
        }
        if (directive_is(directive, "SKIP", &reason) || (!ok && directive_is(directive, "TODO", &reason)))
                pending.status = RESULT_SKIPPED;
        tap->n_todo += directive_is(directive, "TODO", &reason);
        pending.message = reason == NULL ? NULL : test_line_new(reason, TEST_MESSAGE_MAX);
        if (tap->depth == 0 && !outermost_flush(tap, error)) {
                pending_clear(&pending);
                return false;
        }
        subtests_name(tap, pending.name);
        g_array_append_val(tap->pending, pending);
        return true;
}

/* ---- plans ---- */

static void plan_line(Tap *tap, const char *text, size_t line)
{
        Level *level = &tap->levels[tap->depth];
        g_autofree char *number = g_strndup(text, strspn(text, "0123456789"));
        uint64_t n;

        if (!g_ascii_string_to_unsigned(number, 10, 0, TEST_DECLARED_MAX, &n, NULL))
                return;
        if (level->planned >= 0) {
                test_report_doubt(tap->report, line, "there are two plans, the other one in line %zu",
                                  level->plan_line);
                return;
        }
        level->planned = (int64_t)n;
        level->plan_line = line;
        tap->n_plans++;
        test_report_declare(tap->report, TEST_TOTAL_TESTS, (int64_t)n);
}

static void level_close(Tap *tap, size_t line)
{
        Level *level = &tap->levels[tap->depth];

        if (level->planned >= 0 && level->planned != level->n)
                test_report_doubt(tap->report, level->plan_line,
                                  "the plan is of %" G_GINT64_FORMAT
                                  " tests, and there are %" G_GINT64_FORMAT,
                                  level->planned, level->n);
        if (level->planned < 0)
                test_report_doubt(tap->report, line, "there is no plan: tests may be missing");
        *level = (Level){ .planned = -1 };
}

/* Opens or closes levels until the line's own is the innermost. */
static bool level_set(Tap *tap, size_t depth, size_t line, GError **error)
{
        g_autofree char *where = g_strdup_printf("line %zu", line);

        if (depth >= LEVELS_MAX) {
                error_set(error, ZW_ERR_LIMIT, where, "subtests lie at most %d deep", LEVELS_MAX - 1);
                return false;
        }
        while (tap->depth > depth) {
                level_close(tap, line);
                tap->depth--;
        }
        while (tap->depth < depth)
                tap->levels[++tap->depth] = (Level){ .planned = -1 };
        return true;
}

/* ---- lines ---- */

/* The message of a diagnostic belongs to the test before it. */
static void yaml_line(Tap *tap, const char *text)
{
        Pending *last = tap->pending->len == 0 ? NULL
                                               : &g_array_index(tap->pending, Pending, tap->pending->len - 1);

        if (last != NULL && last->message == NULL && g_str_has_prefix(text, "message:"))
                last->message = test_line_new(text + strlen("message:"), TEST_MESSAGE_MAX);
}

static bool is_plan(const char *text)
{
        return g_str_has_prefix(text, "1..") && g_ascii_isdigit(text[3]);
}

static bool is_test(const char *text, const char *word)
{
        const size_t n = strlen(word);

        return strncmp(text, word, n) == 0 && (text[n] == '\0' || text[n] == ' ');
}

static bool line_take(Tap *tap, const char *whole, size_t line, GError **error)
{
        const size_t indent = strspn(whole, " ");
        const char *text = whole + indent;
        const bool passed = is_test(text, "ok"), failed = is_test(text, "not ok");

        if (tap->in_yaml) {
                tap->in_yaml = !(indent == tap->yaml_indent && strcmp(text, "...") == 0);
                yaml_line(tap, text);
                return true;
        }
        if (strcmp(text, "---") == 0) {
                tap->in_yaml = true;
                tap->yaml_indent = indent;
                return true;
        }
        tap->n_comments += text[0] == '#';
        if (g_str_has_prefix(text, "Bail out!")) {
                tap->n_bail++;
                test_report_doubt(tap->report, line, "the tests were given up:%.200s",
                                  text + strlen("Bail out!"));
        }
        if (!is_plan(text) && !passed && !failed)
                return true;
        if (!level_set(tap, indent / INDENT, line, error))
                return false;
        if (is_plan(text))
                plan_line(tap, text + 3, line);
        else
                return test_line(tap, text + (passed ? 2 : 6), passed, line, error);
        return true;
}

static bool version_take(Tap *tap, const char *text, GError **error)
{
        const char *number = text + strlen("TAP version ");
        uint64_t version;

        if (!g_str_has_prefix(text, "TAP version "))
                return true;
        if (!g_ascii_string_to_unsigned(number, 10, 12, 14, &version, NULL)) {
                error_set(error, ZW_ERR_INPUT, "line 1", "TAP version \"%.20s\" is not one of 12, 13 and 14",
                          number);
                return false;
        }
        tap->version = (int)version;
        return true;
}

static bool lines_take(Tap *tap, const char *data, size_t n, GError **error)
{
        size_t line = 0;

        for (size_t at = 0; at < n; line++) {
                const char *end = memchr(data + at, '\n', n - at);
                const size_t length = end == NULL ? n - at : (size_t)(end - data) - at;
                g_autofree char *text = g_strndup(data + at, length);
                g_autofree char *where = g_strdup_printf("line %zu", line + 1);

                if (!utf8_valid(data + at, length) || memchr(data + at, '\0', length) != NULL) {
                        error_set(error, ZW_ERR_ENCODING, where, "this is not UTF-8 text");
                        return false;
                }
                g_strchomp(text);
                if ((line == 0 && !version_take(tap, text, error)) || !line_take(tap, text, line + 1, error))
                        return false;
                at += length + 1;
        }
        return level_set(tap, 0, line, error) && pending_flush(tap, tap->pending->len, error);
}

static void figures_tell(const Tap *tap, Sink *sink)
{
        sink_figure_int(sink, "tests", (int64_t)test_report_count(tap->report));
        sink_figure_int(sink, "plans", tap->n_plans);
        if (tap->n_todo > 0)
                sink_figure_int(sink, "todo", tap->n_todo);
        if (tap->n_bail > 0)
                sink_figure_int(sink, "bail_out", tap->n_bail);
}

bool tap_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(TestReport) report = test_report_new(source, sink, "tap", error);
        g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(Pending));
        Tap tap = { .report = report, .pending = pending, .levels = { { .planned = -1 } } };
        g_autofree char *version = NULL;
        gsize n;
        const char *data = g_bytes_get_data(source->bytes, &n);

        g_array_set_clear_func(pending, pending_clear);
        if (report == NULL || !lines_take(&tap, data, n, error))
                return false;
        if (tap.n_plans == 0 && test_report_count(report) == 0) {
                error_set(error, ZW_ERR_INPUT, source->name,
                          "there is neither a plan nor a test in it: this is not TAP");
                return false;
        }
        level_close(&tap, 1);
        version = tap.version == 0 ? NULL : g_strdup_printf("%d", tap.version);
        if (version != NULL)
                sink_version(sink, version);
        figures_tell(&tap, sink);
        test_report_lost(report, "comments", (size_t)tap.n_comments);
        test_report_tell(report);
        return true;
}
