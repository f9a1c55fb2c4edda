#include "base/near.h"

#include <stdbool.h>
#include <string.h>

/* Longer words get no suggestion; it bounds the work on text from outside. */
enum { NEAR_LENGTH_MAX = 64, NEAR_MAX = 3, NEAR_PREFIX = 3 };

typedef struct {
        const char *name;
        size_t distance;
} Candidate;

/* Optimal string alignment: insert, delete, replace, swap of neighbours; letters by ASCII case folded. */
static size_t distance(const char *a, size_t a_n, const char *b, size_t b_n)
{
        size_t rows[3][NEAR_LENGTH_MAX + 1];

        for (size_t j = 0; j <= b_n; j++)
                rows[0][j] = j;
        for (size_t i = 1; i <= a_n; i++) {
                size_t *now = rows[i % 3], *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];

                now[0] = i;
                for (size_t j = 1; j <= b_n; j++) {
                        char x = g_ascii_tolower(a[i - 1]), y = g_ascii_tolower(b[j - 1]);
                        size_t best = MIN(last[j], now[j - 1]) + 1;

                        best = MIN(best, last[j - 1] + (x != y));
                        if (i > 1 && j > 1 && x == g_ascii_tolower(b[j - 2]) &&
                            y == g_ascii_tolower(a[i - 2]))
                                best = MIN(best, before[j - 2] + 1);
                        now[j] = best;
                }
        }
        return rows[a_n % 3][b_n];
}

static bool is_near(const char *word, size_t word_n, const char *name, size_t *ret_distance)
{
        size_t name_n = strlen(name);

        if (name_n > NEAR_LENGTH_MAX)
                return false;
        *ret_distance = distance(word, word_n, name, name_n);
        return *ret_distance * 3 <= word_n ||
               (word_n >= NEAR_PREFIX && g_ascii_strncasecmp(word, name, NEAR_PREFIX) == 0);
}

/* Keeps the best NEAR_MAX in order; equal distances by name, so that the text does not depend on table order.
 * */
static void candidate_insert(Candidate *best, size_t *n, Candidate new_one)
{
        size_t at = *n;

        while (at > 0 &&
               (best[at - 1].distance > new_one.distance ||
                (best[at - 1].distance == new_one.distance && strcmp(best[at - 1].name, new_one.name) > 0)))
                at--;
        if (at > 0 && strcmp(best[at - 1].name, new_one.name) == 0)
                return;
        if (at == NEAR_MAX)
                return;
        if (*n < NEAR_MAX)
                (*n)++;
        for (size_t i = *n - 1; i > at; i--)
                best[i] = best[i - 1];
        best[at] = new_one;
}

char *near_names(const char *word, const char *const *names, size_t n)
{
        Candidate best[NEAR_MAX];
        size_t found = 0, word_n = strlen(word);
        GString *text = g_string_new(NULL);

        for (size_t i = 0; i < n && word_n <= NEAR_LENGTH_MAX; i++) {
                Candidate candidate = { names[i], 0 };

                if (is_near(word, word_n, names[i], &candidate.distance))
                        candidate_insert(best, &found, candidate);
        }
        for (size_t i = 0; i < found; i++)
                g_string_append_printf(text, "%s\"%s\"", i == 0 ? ", did you mean " : ", ", best[i].name);
        if (found > 0)
                g_string_append_c(text, '?');
        return g_string_free(text, FALSE);
}
