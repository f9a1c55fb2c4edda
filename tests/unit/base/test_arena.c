#include "base/arena.h"

#include <stdint.h>
#include <string.h>

static void test_alloc(void)
{
        g_autoptr(Arena) arena = arena_new(1 << 20);
        uint8_t *pieces[500];

        for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
                pieces[i] = arena_alloc(arena, i);
                g_assert_nonnull(pieces[i]);
                g_assert_cmpuint((uintptr_t)pieces[i] % 8, ==, 0);
                for (size_t j = 0; j < i; j++)
                        g_assert_cmpuint(pieces[i][j], ==, 0);
                memset(pieces[i], (int)(i & 0xff), i);
        }
        for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++)
                for (size_t j = 0; j < i; j++)
                        g_assert_cmpuint(pieces[i][j], ==, i & 0xff);
}

static void test_text(void)
{
        g_autoptr(Arena) arena = arena_new(100);

        g_assert_cmpstr(arena_text(arena, "zone and more", 4), ==, "zone");
        g_assert_cmpstr(arena_text(arena, NULL, 0), ==, "");
        g_assert_null(arena_text(arena, "x", G_MAXSIZE));
        g_assert_null(arena_text(arena, "x", G_MAXSIZE - 1));
}

static void test_limit(void)
{
        g_autoptr(Arena) arena = arena_new(100);

        g_assert_nonnull(arena_alloc(arena, 90));
        g_assert_cmpuint(arena_used(arena), ==, 96);
        g_assert_null(arena_alloc(arena, 5));
        g_assert_nonnull(arena_alloc(arena, 4));
        g_assert_cmpuint(arena_used(arena), ==, 100);
        g_assert_null(arena_alloc(arena, 1));
        g_assert_null(arena_alloc(arena, 0));
}

static void test_too_large(void)
{
        g_autoptr(Arena) arena = arena_new(1000), endless = arena_new(G_MAXSIZE), none = arena_new(0);

        g_assert_null(arena_alloc(arena, 1001));
        g_assert_null(arena_alloc(arena, G_MAXSIZE));
        g_assert_nonnull(arena_alloc(arena, 1000));
        g_assert_null(arena_alloc(endless, G_MAXSIZE));
        g_assert_null(arena_alloc(endless, G_MAXSIZE - 3));
        g_assert_nonnull(arena_alloc(endless, 8));
        g_assert_null(arena_alloc(none, 1));
}

static void test_large_pieces(void)
{
        g_autoptr(Arena) arena = arena_new(20 << 20);
        char *small = arena_text(arena, "small", 5);
        char *large = arena_alloc(arena, 5 << 20);
        char *next = arena_text(arena, "next", 4);

        g_assert_nonnull(large);
        memset(large, 'x', 5 << 20);
        g_assert_cmpstr(small, ==, "small");
        g_assert_cmpstr(next, ==, "next");
}

static void test_reset(void)
{
        g_autoptr(Arena) arena = arena_new(64 << 10);

        arena_reset(arena);
        for (int round = 0; round < 50; round++) {
                size_t n = 0;
                uint8_t *piece;

                for (; (piece = arena_alloc(arena, 1000)) != NULL; n++) {
                        g_assert_cmpuint(piece[999], ==, 0);
                        memset(piece, 0xaa, 1000);
                }
                g_assert_cmpuint(n, ==, 65);
                arena_reset(arena);
                g_assert_cmpuint(arena_used(arena), ==, 0);
        }
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/base/arena/alloc", test_alloc);
        g_test_add_func("/base/arena/text", test_text);
        g_test_add_func("/base/arena/limit", test_limit);
        g_test_add_func("/base/arena/too-large", test_too_large);
        g_test_add_func("/base/arena/large-pieces", test_large_pieces);
        g_test_add_func("/base/arena/reset", test_reset);
        return g_test_run();
}
