#include "base/progress.h"

#include "base/error.h"
#include "base/jread.h"

void progress_init(Progress *progress, ProgressFn report, void *payload, gint64 pause)
{
        *progress = (Progress){
                .report = report, .payload = payload, .pause = pause, .next = g_get_monotonic_time() + pause
        };
}

void progress_cancel(Progress *progress)
{
        g_atomic_int_set(&progress->cancelled, 1);
}

bool progress_is_cancelled(const Progress *progress)
{
        return g_atomic_int_get(&progress->cancelled) != 0;
}

ProgressStage progress_begin(Progress *progress, const char *stage, const char *unit, uint64_t total)
{
        return (ProgressStage){ progress, { .stage = stage, .unit = unit, .total = total } };
}

static void report(const ProgressStage *stage)
{
        Progress *progress = stage->progress;
        gint64 now = g_get_monotonic_time();

        if (now < progress->next)
                return;
        progress->next = now + progress->pause;
        progress->report(&stage->state, progress->payload);
}

bool progress_step(ProgressStage *stage, uint64_t n, GError **error)
{
        stage->state.done += n;
        if (stage->progress == NULL)
                return true;
        if (stage->progress->report != NULL)
                report(stage);
        if (!progress_is_cancelled(stage->progress))
                return true;
        error_set(error, ZW_ERR_CANCELLED, NULL, "%s", error_meaning(ZW_ERR_CANCELLED));
        return false;
}

void progress_relay(Progress *progress, const json_t *told)
{
        const ProgressState state = { .stage = jread_get_string(told, "stage"),
                                      .unit = jread_get_string(told, "unit"),
                                      .done = (uint64_t)jread_get_int(told, "done", 0),
                                      .total = (uint64_t)jread_get_int(told, "total", 0) };

        if (progress != NULL && progress->report != NULL && state.stage != NULL && state.unit != NULL)
                progress->report(&state, progress->payload);
}
