/* The score of CVSS 4.0 (specification, section 8): a vector belongs to a macro vector, whose score the makers of the standard
 * gave; inside of it a vector is as much lower as it lies on the way to the next lower macro vectors. All in whole numbers, so that
 * it is rounded as it is written. */
#include "vuln/cvss_internal.h"

#include <string.h>

/* Metrics that count, with their values from the most severe on. One that is not there or not defined counts as the most severe. */
enum { AV, PR, UI, AC, AT, VC, VI, VA, CR, IR, AR, SC, SI, SA, E, RANKED };

static const struct {
        const char *name, *order;
} ranked[RANKED] = {
        [AV] = { "AV", "NALP" }, [PR] = { "PR", "NLH" },  [UI] = { "UI", "NPA" }, [AC] = { "AC", "LH" },
        [AT] = { "AT", "NP" },   [VC] = { "VC", "HLN" },  [VI] = { "VI", "HLN" }, [VA] = { "VA", "HLN" },
        [CR] = { "CR", "HML" },  [IR] = { "IR", "HML" },  [AR] = { "AR", "HML" }, [SC] = { "SC", "SHLN" },
        [SI] = { "SI", "SHLN" }, [SA] = { "SA", "SHLN" }, [E] = { "E", "APU" },
};

enum { HIGH = 0, NONE = 2, SAFETY = 0, HIGH_AFTER = 1, NONE_AFTER = 3 };

/* Levels of the equivalence classes, from the most severe on. */
typedef struct {
        int eq1, eq2, eq3, eq4, eq5, eq6;
} Levels;

static const short scores[3][2][3][3][6] = {
#define MACROVECTORS(eq1, eq2, eq3, eq4, ...) [eq1][eq2][eq3][eq4] = { __VA_ARGS__ },
#include "vuln/cvss_4.def"
#undef MACROVECTORS
};

/* In a class, the ranks of each most severe vector have the same sum; and its depth is one more than what the least severe one
 * is below it. Those of EQ3 and EQ6 go together. */
typedef struct {
        int top, depth;
} Class;

static const Class classes_1[] = { { 0, 1 }, { 1, 4 }, { 3, 5 } }, classes_2[] = { { 0, 1 }, { 1, 2 } },
                   classes_3_6[][2] = { { { 0, 7 }, { 3, 6 } },
                                        { { 1, 8 }, { 3, 8 } },
                                        { { 0, 1 }, { 3, 10 } } },
                   classes_4[] = { { 1, 6 }, { 3, 5 }, { 6, 4 } };

static int rank_of(const Cvss *cvss, const char *name, const char *order)
{
        char modified[8];
        const char *value, *place;

        g_snprintf(modified, sizeof(modified), "M%s", name);
        value = cvss_metric(cvss, modified);
        if (value == NULL || strcmp(value, "X") == 0)
                value = cvss_metric(cvss, name);
        place = value == NULL ? NULL : strchr(order, value[0]);
        return place == NULL ? 0 : (int)(place - order);
}

static int sum(const int *ranks, int first, int last)
{
        int all = 0;

        for (int i = first; i <= last; i++)
                all += ranks[i];
        return all;
}

static Levels levels_of(const int *r)
{
        Levels levels = { .eq5 = r[E] };

        if (r[AV] == 0 && r[PR] == 0 && r[UI] == 0)
                levels.eq1 = 0;
        else
                levels.eq1 = r[AV] != 3 && (r[AV] == 0 || r[PR] == 0 || r[UI] == 0) ? 1 : 2;
        levels.eq2 = r[AC] == 0 && r[AT] == 0 ? 0 : 1;
        if (r[VC] == HIGH && r[VI] == HIGH)
                levels.eq3 = 0;
        else
                levels.eq3 = r[VC] == HIGH || r[VI] == HIGH || r[VA] == HIGH ? 1 : 2;
        if (r[SI] == SAFETY || r[SA] == SAFETY)
                levels.eq4 = 0;
        else
                levels.eq4 = r[SC] == HIGH_AFTER || r[SI] == HIGH_AFTER || r[SA] == HIGH_AFTER ? 1 : 2;
        levels.eq6 = (r[CR] == 0 && r[VC] == HIGH) || (r[IR] == 0 && r[VI] == HIGH) ||
                                     (r[AR] == 0 && r[VA] == HIGH)
                             ? 0
                             : 1;
        return levels;
}

/* 0 where there is no such macro vector. */
static int score_of(Levels at)
{
        if (at.eq1 > 2 || at.eq2 > 1 || at.eq3 > 2 || at.eq4 > 2 || at.eq5 > 2 || at.eq6 > 1)
                return 0;
        return scores[at.eq1][at.eq2][at.eq3][at.eq4][2 * at.eq5 + at.eq6];
}

enum { STEPS = 840 }; /* of all depths the least common multiple */

/* What a way down counts: how far it goes, and how far on it the vector is, in tenths / STEPS. */
typedef struct {
        int score; /* of the macro vector */
        int lost;  /* together */
        int ways;
} Descent;

static void descend(Descent *descent, int lower, int distance, int depth)
{
        if (lower == 0)
                return;
        descent->ways++;
        descent->lost += (descent->score - lower) * distance * (STEPS / depth);
}

int cvss_score_4(const Cvss *cvss)
{
        int ranks[RANKED], whole;
        Levels at, below[6];
        Descent descent = { 0 };
        const Class *joint;

        for (int i = 0; i < RANKED; i++)
                ranks[i] = rank_of(cvss, ranked[i].name, ranked[i].order);
        if (sum(ranks, VC, VA) == 3 * NONE && sum(ranks, SC, SA) == 3 * NONE_AFTER)
                return 0;
        at = levels_of(ranks);
        for (int i = 0; i < 6; i++)
                below[i] = at;
        below[0].eq1++;
        below[1].eq2++;
        below[2].eq3++;
        below[3].eq4++;
        below[4].eq5++;
        below[5].eq6++;
        joint = &classes_3_6[at.eq3][at.eq6];
        descent.score = score_of(at);
        descend(&descent, score_of(below[0]), sum(ranks, AV, UI) - classes_1[at.eq1].top,
                classes_1[at.eq1].depth);
        descend(&descent, score_of(below[1]), sum(ranks, AC, AT) - classes_2[at.eq2].top,
                classes_2[at.eq2].depth);
        descend(&descent, MAX(score_of(below[2]), score_of(below[5])), sum(ranks, VC, AR) - joint->top,
                joint->depth);
        descend(&descent, score_of(below[3]), sum(ranks, SC, SA) - classes_4[at.eq4].top,
                classes_4[at.eq4].depth);
        descend(&descent, score_of(below[4]), 0, 1);
        whole = STEPS * MAX(descent.ways, 1);
        return (2 * (descent.score * whole - descent.lost) + whole) / (2 * whole);
}
