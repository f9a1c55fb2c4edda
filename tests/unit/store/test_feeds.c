/* The feed database: its making by several at once, and whose word counts. */
#include "store/feeds.h"

#include <glib/gstdio.h>
#include <pthread.h>

enum { FIRSTS = 8, ROUNDS = 20, STEP = 1000 };

typedef struct {
        char *dir;
} Fixture;

static void set_up(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        f->dir = g_dir_make_tmp("feeds-XXXXXX", NULL);
        g_assert_nonnull(f->dir);
}

static void remove_in(const char *dir)
{
        static const char *const names[] = { "feeds.db", "feeds.db-wal", "feeds.db-shm" };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
                g_autofree char *path = g_build_filename(dir, names[i], NULL);

                (void)g_unlink(path);
        }
}

static void tear_down(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        remove_in(f->dir);
        g_assert_cmpint(g_rmdir(f->dir), ==, 0);
        g_free(f->dir);
}

/* ---- several first users ---- */

typedef struct {
        const char *dir;
        pthread_barrier_t *start;
        char *failed; /* or NULL */
} First;

static void *first_use(void *payload)
{
        First *first = payload;
        g_autoptr(GError) why = NULL;
        g_autoptr(Feeds) feeds = NULL;

        pthread_barrier_wait(first->start);
        feeds = feeds_open(first->dir, &why);
        if (feeds == NULL)
                first->failed = g_strdup(why->message);
        return NULL;
}

/* All find no database; one makes it, and nobody fails. */
static void test_several_first(Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
        for (int round = 0; round < ROUNDS; round++) {
                First firsts[FIRSTS];
                pthread_t threads[FIRSTS];
                pthread_barrier_t start;

                g_assert_cmpint(pthread_barrier_init(&start, NULL, FIRSTS), ==, 0);
                for (int i = 0; i < FIRSTS; i++) {
                        firsts[i] = (First){ f->dir, &start, NULL };
                        g_assert_cmpint(pthread_create(&threads[i], NULL, first_use, &firsts[i]), ==, 0);
                }
                for (int i = 0; i < FIRSTS; i++) {
                        pthread_join(threads[i], NULL);
                        g_assert_cmpstr(firsts[i].failed, ==, NULL);
                }
                pthread_barrier_destroy(&start);
                remove_in(f->dir);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add("/store/feeds/several-first", Fixture, NULL, set_up, test_several_first, tear_down);
        return g_test_run();
}
