/* The built-in chain, from threat or hazard to proof, as paths and as what breaks it.
 *
 * A *break* is an item of the chain that lacks what must follow it, or what it must come from. Those that lint names already
 * are taken from there. A *path* goes from where the chain begins to a proof, or to the item where it ends. Every live
 * threat, hazard, risk, SL target, requirement and claim lies on at least one path.
 *
 * A target with r risks and q requirements of p proofs each lies on r q p whole paths, which are many. So the chain can also
 * be walked in two parts that meet at the target: r and q p paths. Thread-safe for readers. */
#ifndef REPORT_CHAIN_H
#define REPORT_CHAIN_H

#include "report/cell.h"

#define KIND_BIT(kind) (UINT64_C(1) << (kind))

/* The other ends of an item's links of these types, of these kinds and live, by number (GArray of CellStep). */
GArray *chain_next(GraphView view, ItemNo item, GraphSide side, LinkMask types, uint64_t kinds);

/* ---- breaks ---- */

typedef struct {
        size_t rule;
        ItemNo item;
} Break;

typedef struct Breaks Breaks;

/* `defects`: of lint_find. */
Breaks *breaks_find(const Assess *assess, const GArray *defects);
void breaks_free(Breaks *breaks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Breaks, breaks_free)

/* The name of a rule, a word. */
size_t break_rule_count(void);
const char *break_rule_name(size_t rule);
/* Sorted by rule, then item (GArray of Break). */
const GArray *breaks_all(const Breaks *breaks);
/* Live items that the rule looked at. */
gint64 breaks_looked_at(const Breaks *breaks, size_t rule);
/* The rules that an item breaks, a bit each. */
uint32_t breaks_of(const Breaks *breaks, ItemNo item);

/* ---- paths ---- */

enum { CHAIN_PATHS_MAX = 1000000, CHAIN_DERIVED_MAX = 32 };

/* Any step may be absent (ZW_ITEM_NONE). */
typedef struct {
        CellStep origin; /* threat or incident */
        CellStep hazard, risk, target, requirement;
        CellStep derived[CHAIN_DERIVED_MAX]; /* from the requirement, each from the one before it */
        size_t n_derived;
        CellStep claim;
        GArray *rests_on; /* of CellStep: all that the claim needs; NULL without a claim */
        CellStep proof;   /* test case, evidence, test run or document */
        ItemNo proves; /* what the proof is of: the claim, the requirement, or something the claim rests on */
        uint32_t breaks; /* rules that items of the path break */
        bool cut; /* the derived requirements come back to themselves, or are more than CHAIN_DERIVED_MAX */
} ChainPath;

typedef enum {
        CHAIN_WHOLE,
        CHAIN_SOURCES, /* from the scenario to the SL target, or to a requirement that derives from the scenario itself */
        CHAIN_PROOFS, /* from a requirement that derives from no other one to its proof */
} ChainPart;

/* Takes a path; false to stop. */
typedef bool (*ChainFn)(const ChainPath *path, void *payload);

/* Gives every path, in an order that depends on the items alone. Errors: LIMIT, there are more than CHAIN_PATHS_MAX. */
bool chain_each(GraphView view, ChainPart part, const Breaks *breaks, ChainFn fn, void *payload,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
