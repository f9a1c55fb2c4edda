#include "service/lists/seeded.h"

#include "base/hash.h"

#include <string.h>

static Digest rank_of(const char *key, int64_t seed)
{
        g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT " %s", seed, key);

        return hash_sha256(text, strlen(text));
}

static int rank_compare(gconstpointer a, gconstpointer b, gpointer seed)
{
        const Digest left = rank_of(*(const char *const *)a, *(const int64_t *)seed),
                     right = rank_of(*(const char *const *)b, *(const int64_t *)seed);

        return memcmp(left.b, right.b, ZW_DIGEST_BYTES);
}

void seeded_draw(GPtrArray *keys, int64_t seed, size_t n)
{
        g_ptr_array_sort_with_data(keys, rank_compare, &seed);
        if (keys->len > n)
                g_ptr_array_set_size(keys, (gint)n);
}
