#include "base/log.h"

#include "base/instant.h"

#include <string.h>

/* The test proper runs in a child whose stderr is read back; `said` is what follows the time. */
static void assert_said(const char *said)
{
        g_autofree char *pattern = g_strdup_printf("*time=20*T*:*:*.*Z %s\n*", said);

        g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_passed();
        g_test_trap_assert_stderr(pattern);
}

static void test_fields(void)
{
        if (!g_test_subprocess()) {
                assert_said("level=info event=commit project=WW seq=12 by=\"A. Person\" none=\"\" null=\"\"");
                return;
        }
        log_event(LOG_INFO_, "commit", "project", "WW", "seq", "12", "by", "A. Person", "none", "", "null",
                  NULL, NULL);
}

static void test_escapes(void)
{
        if (!g_test_subprocess()) {
                assert_said(
                        "level=error event=\"a=b\" line=\"x\\nlevel=error\" quote=\"\\\"\\\\\" cr=\"\\u{d}\" "
                        "esc=\"\\u{1b}[2J\" bidi=\"\\u{202e}\" bad=\"\\xff\\xc3\" good=\"\xc3\xa9\"");
                return;
        }
        log_event(LOG_ERROR_, "a=b", "line", "x\nlevel=error", "quote", "\"\\", "cr", "\r", "esc", "\x1b[2J",
                  "bidi", "\xe2\x80\xae", "bad", "\xff\xc3", "good", "\xc3\xa9", NULL);
}

static void test_one_line(void)
{
        if (!g_test_subprocess()) {
                g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
                g_test_trap_assert_passed();
                g_test_trap_assert_stderr("*event=one*");
                g_test_trap_assert_stderr_unmatched("*\n*\n*");
                return;
        }
        log_event(LOG_INFO_, "one", "text", "\n\r\v\f\xc2\x85\xe2\x80\xa8\xe2\x80\xa9", NULL);
}

static void test_long(void)
{
        g_autofree char *text = g_strnfill(5000, 'a'), *cut = NULL;

        if (!g_test_subprocess()) {
                text[1024] = '\0';
                cut = g_strdup_printf("level=info event=e text=\"%s...\" after=x", text);
                assert_said(cut);
                return;
        }
        log_event(LOG_INFO_, "e", "text", text, "after", "x", NULL);
}

static void test_level(void)
{
        if (!g_test_subprocess()) {
                g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
                g_test_trap_assert_passed();
                g_test_trap_assert_stderr("*level=warning event=shown*level=debug event=shown-too*");
                g_test_trap_assert_stderr_unmatched("*hidden*");
                return;
        }
        log_event(LOG_DEBUG_, "hidden", NULL);
        log_configure(LOG_WARNING_, LOG_LOGFMT);
        log_event(LOG_INFO_, "hidden", NULL);
        log_event(LOG_WARNING_, "shown", NULL);
        log_configure(LOG_DEBUG_, LOG_LOGFMT);
        log_event(LOG_DEBUG_, "shown-too", NULL);
}

static void test_request(void)
{
        if (!g_test_subprocess()) {
                g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
                g_test_trap_assert_passed();
                g_test_trap_assert_stderr("*event=one request=ab12 key=v\n*event=two\n*");
                return;
        }
        log_set_request("ab12");
        g_assert_cmpstr(log_request(), ==, "ab12");
        log_event(LOG_INFO_, "one", "key", "v", NULL);
        log_set_request(NULL);
        log_event(LOG_INFO_, "two", NULL);
        log_set_request("a request id that is far longer than any the program makes");
        g_assert_cmpuint(strlen(log_request()), ==, ZW_LOG_REQUEST - 1);
}

static void test_json(void)
{
        if (!g_test_subprocess()) {
                g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
                g_test_trap_assert_passed();
                g_test_trap_assert_stderr(
                        "*{\"time\":\"20*Z\",\"level\":\"warning\",\"event\":\"a b\",\"request\":\"r\","
                        "\"line\":\"x\\u000ay\",\"quote\":\"\\\"\\\\\",\"bidi\":\"\\u202e\","
                        "\"tag\":\"\\udb40\\udc41\",\"bad\":\"\\\\xff\",\"good\":\"\xc3\xa9\"}\n*");
                return;
        }
        log_configure(LOG_INFO_, LOG_JSON);
        log_set_request("r");
        log_event(LOG_WARNING_, "a b", "line", "x\ny", "quote", "\"\\", "bidi", "\xe2\x80\xae", "tag",
                  "\xf3\xa0\x81\x81", "bad", "\xff", "good", "\xc3\xa9", NULL);
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/log/fields", test_fields);
        g_test_add_func("/base/log/escapes", test_escapes);
        g_test_add_func("/base/log/one-line", test_one_line);
        g_test_add_func("/base/log/long", test_long);
        g_test_add_func("/base/log/level", test_level);
        g_test_add_func("/base/log/request", test_request);
        g_test_add_func("/base/log/json", test_json);
        return g_test_run();
}
