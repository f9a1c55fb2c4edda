/* Weighted set cover, cluster by cluster (docs/algorithms/plan.md). Clusters share nothing, so what is cheapest in each is
 * cheapest together, and a plant of a thousand places is a thousand small problems instead of one that no solver ends. */
#include "analysis/plan_solve.h"
#include "base/verify.h"

#include <glpk.h>

enum { SECONDS_MAX = 10 /* for each of the two solutions of a cluster */ };

/* A kind of need: all needs with the same alternatives. */
typedef struct {
        const uint32_t *actions; /* ascending */
        size_t n;
        uint32_t cluster;
} NeedKind;

static int pair_compare(gconstpointer a, gconstpointer b)
{
        const CoverPair *left = a, *right = b;

        if (left->need != right->need)
                return left->need < right->need ? -1 : 1;
        return left->action < right->action ? -1 : left->action > right->action;
}

static int actions_compare(gconstpointer a, gconstpointer b)
{
        const NeedKind *left = a, *right = b;

        for (size_t i = 0; i < MIN(left->n, right->n); i++)
                if (left->actions[i] != right->actions[i])
                        return left->actions[i] < right->actions[i] ? -1 : 1;
        return left->n < right->n ? -1 : left->n > right->n;
}

static int cluster_compare(gconstpointer a, gconstpointer b)
{
        const NeedKind *left = a, *right = b;

        if (left->cluster != right->cluster)
                return left->cluster < right->cluster ? -1 : 1;
        return actions_compare(a, b);
}

/* Kinds of needs (GArray of NeedKind); their actions lie in `*ret_actions`. */
static GArray *kinds_find(const Cover *cover, uint32_t **ret_actions)
{
        g_autofree CoverPair *pairs = g_memdup2(cover->pairs, cover->n_pairs * sizeof *pairs);
        GArray *kinds = g_array_new(FALSE, FALSE, sizeof(NeedKind));
        uint32_t *actions = g_new(uint32_t, MAX(cover->n_pairs, 1));
        size_t n = 0;
        guint kept = 0;

        if (cover->n_pairs > 0)
                qsort(pairs, cover->n_pairs, sizeof *pairs, pair_compare);
        for (size_t i = 0; i < cover->n_pairs; i++) {
                if (i == 0 || pairs[i].need != pairs[i - 1].need)
                        g_array_append_val(kinds, ((NeedKind){ .actions = &actions[n] }));
                else if (pairs[i].action == pairs[i - 1].action)
                        continue;
                actions[n++] = pairs[i].action;
                g_array_index(kinds, NeedKind, kinds->len - 1).n++;
        }
        g_array_sort(kinds, actions_compare);
        for (guint i = 0; i < kinds->len; i++) {
                const NeedKind *kind = &g_array_index(kinds, NeedKind, i);

                if (kept == 0 || actions_compare(kind, &g_array_index(kinds, NeedKind, kept - 1)) != 0)
                        g_array_index(kinds, NeedKind, kept++) = *kind;
        }
        g_array_set_size(kinds, kept);
        *ret_actions = actions;
        return kinds;
}

/* ---- clusters ---- */

static uint32_t cluster_root(uint32_t *parents, uint32_t action)
{
        while (parents[action] != action) {
                parents[action] = parents[parents[action]];
                action = parents[action];
        }
        return action;
}

/* Sorts the kinds by cluster, which is named by its first action. */
static void clusters_find(const Cover *cover, GArray *kinds)
{
        g_autofree uint32_t *parents = g_new(uint32_t, MAX(cover->n_actions, 1));

        for (uint32_t i = 0; i < cover->n_actions; i++)
                parents[i] = i;
        for (guint k = 0; k < kinds->len; k++) {
                const NeedKind *kind = &g_array_index(kinds, NeedKind, k);

                for (size_t i = 1; i < kind->n; i++) {
                        uint32_t one = cluster_root(parents, kind->actions[0]);
                        uint32_t other = cluster_root(parents, kind->actions[i]);

                        parents[MAX(one, other)] = MIN(one, other);
                }
        }
        for (guint k = 0; k < kinds->len; k++) {
                NeedKind *kind = &g_array_index(kinds, NeedKind, k);

                kind->cluster = cluster_root(parents, kind->actions[0]);
        }
        g_array_sort(kinds, cluster_compare);
}

/* ---- one cluster ---- */

typedef struct {
        const Cover *cover;
        const NeedKind *kinds;
        size_t n_kinds;
        GArray *actions; /* of uint32_t, ascending: column j of the program is action j - 1 */
} Cluster;

static int action_compare(gconstpointer a, gconstpointer b)
{
        const uint32_t *left = a, *right = b;

        return *left < *right ? -1 : *left > *right;
}

static size_t cluster_actions(Cluster *cluster)
{
        size_t n_pairs = 0;
        guint kept = 0;

        for (size_t k = 0; k < cluster->n_kinds; k++) {
                g_array_append_vals(cluster->actions, cluster->kinds[k].actions, (guint)cluster->kinds[k].n);
                n_pairs += cluster->kinds[k].n;
        }
        g_array_sort(cluster->actions, action_compare);
        for (guint i = 0; i < cluster->actions->len; i++) {
                uint32_t action = g_array_index(cluster->actions, uint32_t, i);

                if (kept == 0 || g_array_index(cluster->actions, uint32_t, kept - 1) != action)
                        g_array_index(cluster->actions, uint32_t, kept++) = action;
        }
        g_array_set_size(cluster->actions, kept);
        return n_pairs;
}

static int column_of(const Cluster *cluster, uint32_t action)
{
        guint at;

        ZW_VERIFY(g_array_binary_search(cluster->actions, &action, action_compare, &at));
        return (int)at + 1;
}

/* One kind of need: the cheapest of its alternatives, the first of those. */
static void cheapest_choose(const Cover *cover, const NeedKind *kind, bool *ret_chosen)
{
        uint32_t best = kind->actions[0];

        for (size_t i = 1; i < kind->n; i++)
                if (cover->costs[kind->actions[i]] < cover->costs[best])
                        best = kind->actions[i];
        ret_chosen[best] = true;
}

/* Row k is kind k - 1, at least one of its actions; the last row is the cost. */
static void program_fill(const Cluster *cluster, size_t n_pairs, glp_prob *program)
{
        const int n = (int)cluster->actions->len, cost_row = (int)cluster->n_kinds + 1;
        const size_t entries = n_pairs + (size_t)n;
        g_autofree int *rows = g_new(int, entries + 1), *columns = g_new(int, entries + 1);
        g_autofree double *values = g_new(double, entries + 1);
        int at = 0;

        glp_set_obj_dir(program, GLP_MIN);
        glp_add_rows(program, cost_row);
        glp_add_cols(program, n);
        for (size_t k = 0; k < cluster->n_kinds; k++) {
                const NeedKind *kind = &cluster->kinds[k];

                glp_set_row_bnds(program, (int)k + 1, GLP_LO, 1, 0);
                for (size_t i = 0; i < kind->n; i++) {
                        rows[++at] = (int)k + 1;
                        columns[at] = column_of(cluster, kind->actions[i]);
                        values[at] = 1;
                }
        }
        glp_set_row_bnds(program, cost_row, GLP_FR, 0, 0);
        for (int j = 1; j <= n; j++) {
                const double cost = cluster->cover->costs[g_array_index(cluster->actions, uint32_t, j - 1)];

                glp_set_col_kind(program, j, GLP_BV);
                glp_set_obj_coef(program, j, cost);
                rows[++at] = cost_row;
                columns[at] = j;
                values[at] = cost;
        }
        glp_load_matrix(program, at, rows, columns, values);
}

static bool program_run(glp_prob *program, GError **error)
{
        glp_iocp parameters;
        int status;

        glp_init_iocp(&parameters);
        parameters.msg_lev = GLP_MSG_OFF;
        parameters.presolve = GLP_ON;
        parameters.tm_lim = SECONDS_MAX * 1000;
        status = glp_intopt(program, &parameters);
        if (status == 0 && glp_mip_status(program) == GLP_OPT)
                return true;
        if (status == GLP_ETMLIM)
                error_set(error, ZW_ERR_LIMIT, "plan",
                          "the cheapest plan was not found within %d s; ask for one zone", SECONDS_MAX);
        else
                error_set(error, ZW_ERR_INTERNAL, "plan", "the solver ended with %d", status);
        return false;
}

static bool column_is_chosen(glp_prob *program, int column)
{
        return glp_mip_col_val(program, column) > 0.5;
}

/* First the least cost, then at that cost the lowest sum of positions. */
static bool program_solve(const Cluster *cluster, glp_prob *program, bool *ret_chosen, GError **error)
{
        const int n = (int)cluster->actions->len;
        uint64_t best = 0;

        if (!program_run(program, error))
                return false;
        for (int j = 1; j <= n; j++)
                if (column_is_chosen(program, j))
                        best += cluster->cover->costs[g_array_index(cluster->actions, uint32_t, j - 1)];
        glp_set_row_bnds(program, (int)cluster->n_kinds + 1, GLP_UP, 0, (double)best);
        for (int j = 1; j <= n; j++)
                glp_set_obj_coef(program, j, j);
        if (!program_run(program, error))
                return false;
        for (int j = 1; j <= n; j++)
                if (column_is_chosen(program, j))
                        ret_chosen[g_array_index(cluster->actions, uint32_t, j - 1)] = true;
        return true;
}

static bool cluster_solve(const Cover *cover, const NeedKind *kinds, size_t n_kinds, bool *ret_chosen,
                          GError **error)
{
        g_autoptr(GArray) actions = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        Cluster cluster = { cover, kinds, n_kinds, actions };
        glp_prob *program;
        size_t n_pairs;
        bool solved;

        if (n_kinds == 1) {
                cheapest_choose(cover, kinds, ret_chosen);
                return true;
        }
        n_pairs = cluster_actions(&cluster);
        if (actions->len > ZW_COVER_ACTIONS_MAX || n_kinds > ZW_COVER_NEEDS_MAX) {
                error_set(
                        error, ZW_ERR_LIMIT, "plan",
                        "%u actions for %zu needs hang together; at most %d and %d are solved; ask for one zone",
                        actions->len, n_kinds, ZW_COVER_ACTIONS_MAX, ZW_COVER_NEEDS_MAX);
                return false;
        }
        program = glp_create_prob();
        program_fill(&cluster, n_pairs, program);
        solved = program_solve(&cluster, program, ret_chosen, error);
        glp_delete_prob(program);
        return solved;
}

bool cover_solve(const Cover *cover, bool *ret_chosen, GError **error)
{
        g_autofree uint32_t *actions = NULL;
        g_autoptr(GArray) kinds = kinds_find(cover, &actions);
        bool solved = true;

        for (size_t i = 0; i < cover->n_actions; i++)
                ret_chosen[i] = false;
        clusters_find(cover, kinds);
        glp_term_out(GLP_OFF);
        for (guint from = 0, to; solved && from < kinds->len; from = to) {
                const NeedKind *first = &g_array_index(kinds, NeedKind, from);

                for (to = from + 1; to < kinds->len; to++)
                        if (g_array_index(kinds, NeedKind, to).cluster != first->cluster)
                                break;
                solved = cluster_solve(cover, first, to - from, ret_chosen, error);
        }
        glp_free_env(); /* of this thread */
        return solved;
}
