/* The cheapest cover, against all covers of small random problems. */
#include "analysis/plan_solve.h"

enum { ACTIONS_MAX = 9, NEEDS_MAX = 8, ROUNDS = 400 };

typedef struct {
        uint32_t costs[ACTIONS_MAX];
        CoverPair pairs[ACTIONS_MAX * NEEDS_MAX];
        Cover cover;
} Problem;

typedef struct {
        uint32_t cost, positions;
} Price;

static void meets(Problem *problem, uint32_t need, uint32_t action)
{
        problem->pairs[problem->cover.n_pairs++] = (CoverPair){ need, action };
}

/* `linked`: one more need that every action meets makes it a single cluster. */
static void problem_make(GRand *random, bool linked, Problem *problem)
{
        *problem = (Problem){ .cover = { .n_actions = (size_t)g_rand_int_range(random, 1, ACTIONS_MAX + 1),
                                         .n_needs = (size_t)g_rand_int_range(random, 1, NEEDS_MAX) } };
        problem->cover.costs = problem->costs;
        problem->cover.pairs = problem->pairs;
        for (uint32_t i = 0; i < problem->cover.n_actions; i++)
                problem->costs[i] = (uint32_t)g_rand_int_range(random, 1, 5);
        for (uint32_t need = 0; need < problem->cover.n_needs; need++)
                for (uint32_t i = 0; i < problem->cover.n_actions; i++)
                        if (g_rand_int_range(random, 0, 3) == 0)
                                meets(problem, need, i);
        for (uint32_t i = 0; linked && i < problem->cover.n_actions; i++)
                meets(problem, (uint32_t)problem->cover.n_needs, i);
        problem->cover.n_needs += linked;
}

static bool covers(const Cover *cover, uint32_t chosen)
{
        uint32_t wanted = 0, met = 0;

        for (size_t i = 0; i < cover->n_pairs; i++) {
                wanted |= 1U << cover->pairs[i].need;
                if (chosen & 1U << cover->pairs[i].action)
                        met |= 1U << cover->pairs[i].need;
        }
        return met == wanted;
}

static Price price_of(const Cover *cover, uint32_t chosen)
{
        Price price = { 0, 0 };

        for (uint32_t i = 0; i < cover->n_actions; i++)
                if (chosen & 1U << i) {
                        price.cost += cover->costs[i];
                        price.positions += i + 1;
                }
        return price;
}

static Price best_of_all(const Cover *cover)
{
        Price best = { UINT32_MAX, UINT32_MAX };

        for (uint32_t chosen = 0; chosen < 1U << cover->n_actions; chosen++) {
                const Price price = price_of(cover, chosen);

                if (covers(cover, chosen) &&
                    (price.cost < best.cost || (price.cost == best.cost && price.positions < best.positions)))
                        best = price;
        }
        return best;
}

static uint32_t solved(const Cover *cover)
{
        bool chosen[ACTIONS_MAX];
        g_autoptr(GError) error = NULL;
        uint32_t bits = 0;

        g_assert_true(cover_solve(cover, chosen, &error));
        for (uint32_t i = 0; i < cover->n_actions; i++)
                bits |= (uint32_t)chosen[i] << i;
        return bits;
}

static void test_all_covers(void)
{
        g_autoptr(GRand) random = g_rand_new_with_seed(62443);

        for (int round = 0; round < ROUNDS; round++) {
                const bool linked = round % 2 == 0;
                Problem problem;
                Price best, found;
                uint32_t chosen;

                problem_make(random, linked, &problem);
                chosen = solved(&problem.cover);
                best = best_of_all(&problem.cover);
                found = price_of(&problem.cover, chosen);
                g_assert_true(covers(&problem.cover, chosen));
                g_assert_cmpuint(found.cost, ==, best.cost);
                if (linked)
                        g_assert_cmpuint(found.positions, ==, best.positions);
                g_assert_cmpuint(solved(&problem.cover), ==, chosen);
        }
}

static void test_nothing(void)
{
        const uint32_t costs[] = { 3 };

        g_assert_cmpuint(solved(&(Cover){ .n_needs = 2 }), ==, 0);
        g_assert_cmpuint(solved(&(Cover){ .costs = costs, .n_actions = 1, .n_needs = 2 }), ==, 0);
}

/* A chain of alternatives that hang together, one longer than the limit. */
static void test_limit(void)
{
        const uint32_t n = ZW_COVER_ACTIONS_MAX + 1;
        g_autofree uint32_t *costs = g_new(uint32_t, n);
        g_autofree CoverPair *pairs = g_new(CoverPair, 2 * n);
        g_autofree bool *chosen = g_new(bool, n);
        g_autoptr(GError) error = NULL;
        Cover cover = { costs, n, n - 1, pairs, 0 };

        for (uint32_t i = 0; i < n; i++)
                costs[i] = 1;
        for (uint32_t i = 0; i + 1 < n; i++) {
                pairs[cover.n_pairs++] = (CoverPair){ i, i };
                pairs[cover.n_pairs++] = (CoverPair){ i, i + 1 };
        }
        g_assert_false(cover_solve(&cover, chosen, &error));
        g_assert_true(g_error_matches(error, ZW_ERROR, ZW_ERR_LIMIT));
}

int main(int argc, char **argv)
{
        g_test_init(&argc, &argv, NULL);
        g_test_add_func("/plan/solve/all-covers", test_all_covers);
        g_test_add_func("/plan/solve/nothing", test_nothing);
        g_test_add_func("/plan/solve/limit", test_limit);
        return g_test_run();
}
