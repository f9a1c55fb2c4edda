/* Fails every step that touches the disk, or stops the machine there, one after another, and looks at what is left.
 *
 *   fault_steps [--points N] [--seconds S] [--seed R] [--sort K [--at STEP]]
 *
 * N steps of each sort of fault, spread over all there are (0: every one); then again with other seeds until S seconds have
 * passed. With a sort only those, with a step only that one: to see again what was seen. Each fault is one life of a store
 * (script.h). TAP on standard output. */
#include "base/hash.h"
#include "disk.h"
#include "group.h"
#include "script.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN_MAX = 10, RANDOM_CRASHES = 2 };

static const struct {
        const char *name;
        FaultMode mode;
        unsigned kinds;
        ScriptHope hope;
        unsigned most; /* steps of a round, where there are so many that all would take hours; 0: all */
} sorts[] = {
        { "a call is interrupted", FAULT_EINTR, STEP_BIT(STEP_CALL_READ) | STEP_BIT(STEP_CALL_WRITE),
          SCRIPT_WORKS, 0 },
        { "a call does a part", FAULT_SHORT, STEP_BIT(STEP_CALL_READ) | STEP_BIT(STEP_CALL_WRITE),
          SCRIPT_WORKS, 0 },
        { "no space", FAULT_ENOSPC,
          STEP_BIT(STEP_OPEN) | STEP_BIT(STEP_WRITE) | STEP_BIT(STEP_CALL_WRITE) | STEP_BIT(STEP_MKDIR) |
                  STEP_BIT(STEP_RENAME),
          SCRIPT_RETRY, 0 },
        { "no memory", FAULT_ENOSPC, STEP_BIT(STEP_ALLOC), SCRIPT_RETRY, 1000 },
        { "a read fails", FAULT_EIO, STEPS_THAT_READ, SCRIPT_RETRY, 0 },
        { "a change fails", FAULT_EIO, STEPS_THAT_CHANGE, SCRIPT_REOPEN, 0 },
        { "changes fail from then on", FAULT_EIO_ON, STEPS_THAT_CHANGE, SCRIPT_FAILS, 0 },
        { "the machine stops", FAULT_CRASH, STEPS_THAT_CHANGE, SCRIPT_FAILS, 0 },
};

typedef struct {
        guint64 faults, images, done, failed, lies_seen;
        unsigned wrong, shown, row;
        GRand *chance;
} Totals;

static void remove_tree(const char *path)
{
        g_autoptr(GDir) dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
        const char *name;

        while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
                g_autofree char *inner = g_build_filename(path, name, NULL);

                remove_tree(inner);
        }
        g_remove(path);
}

/* The disk after a stop can be in many states; each is looked at. */
static void check_images(Script *script, Totals *totals)
{
        static const CrashKind kinds[] = { CRASH_DROP, CRASH_KEEP, CRASH_RANDOM, CRASH_RANDOM };

        G_STATIC_ASSERT(G_N_ELEMENTS(kinds) == 2 + RANDOM_CRASHES);
        for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
                layer_arm(FAULT_NONE, 0, 0);
                disk_crash(kinds[i], totals->chance);
                script_check(script, i + 1 == G_N_ELEMENTS(kinds));
                totals->images++;
        }
}

static void report(Totals *totals, size_t sort, unsigned n, const char *where, const GPtrArray *problems)
{
        if (problems->len == 0)
                return;
        totals->wrong++;
        for (guint i = 0; i < MIN(problems->len, 2) && totals->shown < SHOWN_MAX; i++, totals->shown++) {
                g_autofree char *line = g_strdelimit(g_strdup(problems->pdata[i]), "\n", ' ');

                printf("# %s at step %u, %s: %s\n", sorts[sort].name, n, where, line);
        }
}

static char *hit_text(void)
{
        static const char *const names[] = { "open",  "write", "truncate", "sync",  "remove", "rename",
                                             "mkdir", "read",  "read",     "write", "memory" };
        StepKind kind;
        const char *path;

        G_STATIC_ASSERT(G_N_ELEMENTS(names) == STEP_KINDS);
        return layer_was_hit(&kind, &path) ? g_strdup_printf("%s %s", names[kind], path)
                                           : g_strdup("not reached");
}

/* One life; gives how many steps it had. */
static unsigned live(Totals *totals, size_t sort, unsigned n, bool liar)
{
        g_autofree char *root = g_dir_make_tmp("zonewright-fault-XXXXXX", NULL), *where = NULL;
        Script *script = script_new(root, sorts[sort].hope);
        unsigned steps, done, failed;

        layer_watch(root);
        disk_reset(liar);
        layer_arm(sorts[sort].mode, sorts[sort].kinds, n);
        script_run(script);
        steps = layer_steps();
        where = hit_text();
        if (n > 0 && sorts[sort].mode == FAULT_CRASH) {
                check_images(script, totals);
        } else {
                layer_arm(FAULT_NONE, 0, 0);
                script_check(script, true);
        }
        layer_watch(NULL);
        script_count(script, &done, &failed);
        totals->faults += n > 0;
        totals->done += done;
        totals->failed += failed;
        if (liar)
                totals->lies_seen += script_problems(script)->len > 0;
        else
                report(totals, sort, n, where, script_problems(script));
        script_free(script);
        disk_reset(false);
        remove_tree(root);
        return steps;
}

/* `points` steps spread over all, beginning anywhere; 0: all. */
static void live_sort(Totals *totals, size_t sort, unsigned points)
{
        guint64 faults = totals->faults, images = totals->images;
        unsigned steps, stride, wrong = totals->wrong;

        totals->shown = 0;
        if (sorts[sort].most > 0 && points == 0)
                points = sorts[sort].most;
        steps = live(totals, sort, 0, false);
        stride = points == 0 || points >= steps ? 1 : steps / points;
        for (unsigned n = 1 + (unsigned)g_rand_int_range(totals->chance, 0, (gint32)stride); n <= steps;
             n += stride)
                live(totals, sort, n, false);
        faults = totals->faults - faults;
        images = totals->images - images;
        printf("%sok %u - %s: at %" G_GUINT64_FORMAT " of %u steps",
               totals->wrong == wrong && faults > 0 ? "" : "not ", ++totals->row, sorts[sort].name, faults,
               steps);
        if (images > 0)
                printf(", %" G_GUINT64_FORMAT " disks looked at", images);
        putchar('\n');
        fflush(stdout);
}

/* What cannot find a loss proves nothing: stops on a disk that lies about syncs, late enough that much is acknowledged. */
static void live_with_liar(Totals *totals)
{
        enum { STOPS = G_N_ELEMENTS(sorts) - 1, LIVES = 3 };
        unsigned steps = live(totals, STOPS, 0, true);

        for (unsigned i = 0; i < LIVES; i++)
                live(totals, STOPS, steps / 2 + i * steps / 8, true);
        totals->wrong += totals->lies_seen != LIVES;
        printf("%sok %u - a disk that lies about syncs is found out in %" G_GUINT64_FORMAT " of %d lives\n",
               totals->lies_seen == LIVES ? "" : "not ", ++totals->row, totals->lies_seen, (int)LIVES);
}

static void write_in_groups(Totals *totals)
{
        g_autofree char *root = g_dir_make_tmp("zonewright-fault-XXXXXX", NULL),
                        *dir = g_build_filename(root, "data", NULL);
        g_autoptr(GError) error = NULL;
        unsigned together = 0, alone = 0;
        bool ok;

        layer_watch(root);
        ok = group_check(dir, &together, &alone, &error);
        layer_watch(NULL);
        layer_arm(FAULT_NONE, 0, 0);
        remove_tree(root);
        totals->wrong += !ok;
        if (error != NULL)
                printf("# %s\n", error->message);
        printf("%sok %u - syncs of sixteen commits at once: %u; of five one after another: %u\n",
               ok ? "" : "not ", ++totals->row, together, alone);
}

static void live_rounds(Totals *totals, int points, int seconds, int seed, int only)
{
        gint64 began = g_get_monotonic_time();

        write_in_groups(totals);
        live_with_liar(totals);
        do {
                g_rand_set_seed(totals->chance, (guint32)seed++);
                for (size_t sort = 0; sort < G_N_ELEMENTS(sorts); sort++)
                        if (only < 0 || (size_t)only == sort)
                                live_sort(totals, sort, (unsigned)points);
        } while (g_get_monotonic_time() - began < seconds * G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
        int points = 0, seconds = 0, seed = 1, only = -1, at = 0;
        const GOptionEntry entries[] = {
                { "points", 0, 0, G_OPTION_ARG_INT, &points, "Steps of each sort", "N" },
                { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, "Go on so long", "S" },
                { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "First seed", "R" },
                { "sort", 0, 0, G_OPTION_ARG_INT, &only, "Only this sort, from 0", "K" },
                { "at", 0, 0, G_OPTION_ARG_INT, &at, "Only this step of it", "STEP" },
                G_OPTION_ENTRY_NULL
        };
        g_autoptr(GOptionContext) context = g_option_context_new(NULL);
        g_autoptr(GError) error = NULL;
        Totals totals = { .chance = g_rand_new_with_seed(1) };

        g_option_context_add_main_entries(context, entries, NULL);
        if (!g_option_context_parse(context, &argc, &argv, &error)) {
                fprintf(stderr, "%s\n", error->message);
                return 2;
        }
        layer_begin();
        hash_init();
        if (at > 0 && only >= 0 && (size_t)only < G_N_ELEMENTS(sorts))
                live(&totals, (size_t)only, (unsigned)at, false);
        else
                live_rounds(&totals, points, seconds, seed, only);
        printf("# %" G_GUINT64_FORMAT " faults, %" G_GUINT64_FORMAT " disks after a stop, %" G_GUINT64_FORMAT
               " calls acknowledged, %" G_GUINT64_FORMAT " failed\n",
               totals.faults, totals.images, totals.done, totals.failed);
        printf("1..%u\n", totals.row);
        g_rand_free(totals.chance);
        return totals.wrong > 0;
}
