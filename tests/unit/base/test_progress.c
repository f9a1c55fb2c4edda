#include "base/error.h"
#include "base/progress.h"

typedef struct {
        Progress progress;
        unsigned reports, cancel_at;
        ProgressState last;
} Heard;

static void hear(const ProgressState *state, void *payload)
{
        Heard *heard = payload;

        heard->last = *state;
        if (++heard->reports == heard->cancel_at)
                progress_cancel(&heard->progress);
}

static void test_nobody(void)
{
        ProgressStage stage = progress_begin(NULL, "reading", "rows", 10);

        for (int i = 0; i < 10; i++)
                g_assert_true(progress_step(&stage, 1, NULL));
        g_assert_cmpuint(stage.state.done, ==, 10);
}

static void test_heard(void)
{
        Heard heard = { 0 };
        ProgressStage stage = progress_begin(&heard.progress, "reading", "rows", 10);

        progress_init(&heard.progress, hear, &heard, 0);
        g_assert_true(progress_step(&stage, 3, NULL));
        g_assert_true(progress_step(&stage, 0, NULL));
        g_assert_true(progress_step(&stage, 4, NULL));
        g_assert_cmpuint(heard.reports, ==, 3);
        g_assert_cmpuint(heard.last.done, ==, 7);
        g_assert_cmpuint(heard.last.total, ==, 10);
        g_assert_cmpstr(heard.last.stage, ==, "reading");
        g_assert_cmpstr(heard.last.unit, ==, "rows");
}

static void test_pause(void)
{
        Heard heard = { 0 };
        ProgressStage stage = progress_begin(&heard.progress, "reading", "rows", 0);

        progress_init(&heard.progress, hear, &heard, G_TIME_SPAN_HOUR);
        for (int i = 0; i < 1000; i++)
                g_assert_true(progress_step(&stage, 1, NULL));
        g_assert_cmpuint(heard.reports, ==, 0);
        heard.progress.next = g_get_monotonic_time();
        for (int i = 0; i < 1000; i++)
                g_assert_true(progress_step(&stage, 1, NULL));
        g_assert_cmpuint(heard.reports, ==, 1);
        g_assert_cmpuint(heard.last.done, ==, 1001);
}

static void test_cancel(void)
{
        g_autoptr(GError) error = NULL;
        Progress progress;
        ProgressStage stage = progress_begin(&progress, "reading", "rows", 0);

        progress_init(&progress, NULL, NULL, 0);
        g_assert_false(progress_is_cancelled(&progress));
        g_assert_true(progress_step(&stage, 1, &error));
        progress_cancel(&progress);
        g_assert_true(progress_is_cancelled(&progress));
        g_assert_false(progress_step(&stage, 1, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_CANCELLED);
}

/* Whoever hears may end it then and there. */
static void test_cancel_in_report(void)
{
        Heard heard = { .cancel_at = 2 };
        ProgressStage stage = progress_begin(&heard.progress, "reading", "rows", 0);

        progress_init(&heard.progress, hear, &heard, 0);
        g_assert_true(progress_step(&stage, 1, NULL));
        g_assert_false(progress_step(&stage, 1, NULL));
        g_assert_false(progress_step(&stage, 1, NULL));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/progress/nobody", test_nobody);
        g_test_add_func("/base/progress/heard", test_heard);
        g_test_add_func("/base/progress/pause", test_pause);
        g_test_add_func("/base/progress/cancel", test_cancel);
        g_test_add_func("/base/progress/cancel-in-report", test_cancel_in_report);
        return g_test_run();
}
