#include "base/numbers.h"

#include <stdint.h>

int numbers_order(gconstpointer a, gconstpointer b)
{
        uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

        return x < y ? -1 : x > y;
}

void numbers_sort(GArray *numbers)
{
        guint kept = 0;

        g_array_sort(numbers, numbers_order);
        for (guint i = 0; i < numbers->len; i++)
                if (kept == 0 ||
                    g_array_index(numbers, uint32_t, i) != g_array_index(numbers, uint32_t, kept - 1))
                        g_array_index(numbers, uint32_t, kept++) = g_array_index(numbers, uint32_t, i);
        g_array_set_size(numbers, kept);
}
