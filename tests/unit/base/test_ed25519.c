#include "base/ed25519.h"

#include "base/error.h"
#include "base/hash.h"
#include <glib/gstdio.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 30 };

typedef struct {
        const char *path;
        uint8_t public[ZW_ED25519_PUBLIC];
} Opener;

static gpointer open_key(gpointer data)
{
        Opener *opener = data;
        g_autoptr(GError) error = NULL;
        g_autoptr(Ed25519Key) key = ed25519_open(opener->path, true, &error);

        g_assert_no_error(error);
        ed25519_public(key, opener->public);
        return NULL;
}

/* Several that ask for a key where there is none get the same one. */
static void test_made_once(void)
{
        g_autofree char *dir = g_dir_make_tmp("zonewright-XXXXXX", NULL);

        for (int round = 0; round < ROUNDS; round++) {
                g_autofree char *path = g_strdup_printf("%s/%d.key", dir, round);
                Opener openers[THREADS];
                GThread *threads[THREADS];

                for (int i = 0; i < THREADS; i++) {
                        openers[i].path = path;
                        threads[i] = g_thread_new("opener", open_key, &openers[i]);
                }
                for (int i = 0; i < THREADS; i++)
                        g_thread_join(threads[i]);
                for (int i = 1; i < THREADS; i++)
                        g_assert_cmpint(memcmp(openers[i].public, openers[0].public, ZW_ED25519_PUBLIC), ==,
                                        0);
                g_assert_cmpint(g_unlink(path), ==, 0);
        }
        g_assert_cmpint(g_rmdir(dir), ==, 0);
}

static void test_refusals(void)
{
        g_autofree char *dir = g_dir_make_tmp("zonewright-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(dir, "key", NULL);
        g_autoptr(GError) error = NULL, other = NULL;

        g_assert_null(ed25519_open(path, false, &error));
        g_assert_error(error, ZW_ERROR, ZW_ERR_NOT_FOUND);
        g_assert_true(g_file_set_contents(path, "this is no seed", -1, NULL));
        g_assert_null(ed25519_open(path, true, &other));
        g_assert_error(other, ZW_ERROR, ZW_ERR_INPUT);
        g_assert_cmpint(g_unlink(path), ==, 0);
        g_assert_cmpint(g_rmdir(dir), ==, 0);
}

int main(int argc, char **argv)
{
        hash_init();
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/ed25519/made-once", test_made_once);
        g_test_add_func("/base/ed25519/refusals", test_refusals);
        return g_test_run();
}
