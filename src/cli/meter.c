#include "cli/meter.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Work that is done sooner shows nothing. */
enum { PAUSE_MICROSECONDS = 250000 };

static char *amount(uint64_t n, bool bytes)
{
        if (bytes)
                return g_strdup_printf("%.1f MB", (double)n / 1e6);
        return g_strdup_printf("%" G_GUINT64_FORMAT, n);
}

char *meter_text(const ProgressState *state)
{
        bool bytes = strcmp(state->unit, "bytes") == 0;
        g_autofree char *done = amount(state->done, bytes), *total = amount(state->total, bytes);
        const char *unit = bytes ? "" : state->unit, *space = bytes ? "" : " ";

        if (state->total == 0)
                return g_strdup_printf("%s: %s%s%s", state->stage, done, space, unit);
        return g_strdup_printf("%s: %s of %s%s%s, %u %%", state->stage, done, total, space, unit,
                               (unsigned)(100.0 * (double)state->done / (double)state->total));
}

static void show(const ProgressState *state, void *payload)
{
        Meter *meter = payload;
        g_autofree char *text = meter_text(state);

        meter->shown = true;
        fprintf(stderr, "\r%s\033[K", text);
        fflush(stderr);
}

Progress *meter_begin(Meter *meter, bool quiet)
{
        *meter = (Meter){ .shown = false };
        progress_init(&meter->progress, show, meter, PAUSE_MICROSECONDS);
        return quiet || isatty(STDERR_FILENO) == 0 ? NULL : &meter->progress;
}

void meter_end(Meter *meter)
{
        if (!meter->shown)
                return;
        fputs("\r\033[K", stderr);
        fflush(stderr);
        meter->shown = false;
}
