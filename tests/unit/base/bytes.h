/* g_assert_cmpmem keeps lengths as int, which -Wconversion refuses. */
#ifndef TESTS_BYTES_H
#define TESTS_BYTES_H

#include <glib.h>
#include <string.h>

static inline void assert_bytes(const void *a, size_t a_n, const void *b, size_t b_n)
{
        g_assert_cmpuint(a_n, ==, b_n);
        g_assert_true(a_n == 0 || memcmp(a, b, a_n) == 0);
}

#endif
