/* The paths of the chain, depth first. */
#include "base/error.h"
#include "report/chain.h"

typedef struct {
        GraphView view;
        ChainPart part;
        const Breaks *breaks;
        ChainFn fn;
        void *payload;
        ChainPath path;
        bool *visited; /* by ItemNo */
        size_t paths;
        bool stopped, too_many;
} ChainWalk;

static const CellStep none = { ZW_ITEM_NONE, false };

static void step_breaks(ChainWalk *walk, CellStep step)
{
        if (step.item != ZW_ITEM_NONE)
                walk->path.breaks |= breaks_of(walk->breaks, step.item);
}

static void path_emit(ChainWalk *walk)
{
        ChainPath *path = &walk->path;
        const CellStep steps[] = { path->origin,      path->hazard, path->risk, path->target,
                                   path->requirement, path->claim,  path->proof };

        if (walk->stopped)
                return;
        if (++walk->paths > CHAIN_PATHS_MAX) {
                walk->stopped = walk->too_many = true;
                return;
        }
        path->breaks = 0;
        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
                step_breaks(walk, steps[i]);
        for (size_t i = 0; i < path->n_derived; i++)
                step_breaks(walk, path->derived[i]);
        walk->stopped = !walk->fn(path, walk->payload);
}

/* Walks each of the steps; true when there was one. */
static bool each_of(ChainWalk *walk, ItemNo item, GraphSide side, LinkMask types, uint64_t kinds,
                    void (*go)(ChainWalk *walk, CellStep step))
{
        g_autoptr(GArray) steps = chain_next(walk->view, item, side, types, kinds);

        for (guint i = 0; i < steps->len && !walk->stopped; i++)
                go(walk, g_array_index(steps, CellStep, i));
        return steps->len > 0;
}

/* ---- proof ---- */

static void walk_proof(ChainWalk *walk, CellStep proof)
{
        walk->path.proof = proof;
        path_emit(walk);
        walk->path.proof = none;
}

static bool walk_proofs(ChainWalk *walk, ItemNo of)
{
        const LinkMask proofs = link_mask_or(LINK_MASK(ZW_LINK_VERIFIES), LINK_MASK(ZW_LINK_EVIDENCES));
        bool any;

        walk->path.proves = of;
        any = each_of(walk, of, GRAPH_IN, proofs, UINT64_MAX, walk_proof);
        walk->path.proves = ZW_ITEM_NONE;
        return any;
}

/* Tests of the claim, and of the measures and configurations it rests on. */
static void walk_claim(ChainWalk *walk, CellStep claim)
{
        g_autoptr(GArray) rests = chain_next(walk->view, claim.item, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON),
                                             UINT64_MAX);
        bool any;

        walk->visited[claim.item] = true;
        walk->path.claim = claim;
        walk->path.rests_on = rests;
        any = walk_proofs(walk, claim.item);
        for (guint i = 0; i < rests->len && !walk->stopped; i++)
                any |= walk_proofs(walk, g_array_index(rests, CellStep, i).item);
        if (!any)
                path_emit(walk);
        walk->path.claim = none;
        walk->path.rests_on = NULL;
}

/* ---- requirements ---- */

static bool is_on_path(const ChainPath *path, ItemNo requirement)
{
        if (path->requirement.item == requirement)
                return true;
        for (size_t i = 0; i < path->n_derived; i++)
                if (path->derived[i].item == requirement)
                        return true;
        return false;
}

static void walk_derived(ChainWalk *walk, CellStep step);

static void walk_answers(ChainWalk *walk, ItemNo requirement)
{
        bool any;

        walk->visited[requirement] = true;
        any = each_of(walk, requirement, GRAPH_IN, LINK_MASK(ZW_LINK_ANSWERS), UINT64_MAX, walk_claim);
        any |= walk_proofs(walk, requirement);
        any |= each_of(walk, requirement, GRAPH_OUT, LINK_MASK(ZW_LINK_DERIVES),
                       KIND_BIT(ZW_KIND_REQUIREMENT), walk_derived);
        if (!any)
                path_emit(walk);
}

static void walk_derived(ChainWalk *walk, CellStep step)
{
        ChainPath *path = &walk->path;

        if (is_on_path(path, step.item) || path->n_derived == CHAIN_DERIVED_MAX) {
                path->cut = true;
                path_emit(walk);
                path->cut = false;
                return;
        }
        path->derived[path->n_derived++] = step;
        walk_answers(walk, step.item);
        path->n_derived--;
}

static void walk_requirement(ChainWalk *walk, CellStep requirement)
{
        walk->path.requirement = requirement;
        if (walk->part == CHAIN_SOURCES)
                path_emit(walk);
        else
                walk_answers(walk, requirement.item);
        walk->path.requirement = none;
}

static bool walk_requirements(ChainWalk *walk, ItemNo from)
{
        return each_of(walk, from, GRAPH_OUT, LINK_MASK(ZW_LINK_DERIVES), KIND_BIT(ZW_KIND_REQUIREMENT),
                       walk_requirement);
}

/* ---- from the scenario to the target ---- */

static void walk_target(ChainWalk *walk, CellStep target)
{
        walk->visited[target.item] = true;
        walk->path.target = target;
        if (walk->part == CHAIN_SOURCES || !walk_requirements(walk, target.item))
                path_emit(walk);
        walk->path.target = none;
}

static void walk_risk(ChainWalk *walk, CellStep risk)
{
        walk->visited[risk.item] = true;
        walk->path.risk = risk;
        if (!each_of(walk, risk.item, GRAPH_OUT, LINK_MASK(ZW_LINK_JUSTIFIES), UINT64_MAX, walk_target))
                path_emit(walk);
        walk->path.risk = none;
}

static bool walk_scenario(ChainWalk *walk, ItemNo item)
{
        bool any = each_of(walk, item, GRAPH_IN, LINK_MASK(ZW_LINK_ASSESSES), UINT64_MAX, walk_risk);

        walk->visited[item] = true;
        return walk_requirements(walk, item) || any;
}

static void walk_hazard(ChainWalk *walk, CellStep hazard)
{
        walk->path.hazard = hazard;
        if (!walk_scenario(walk, hazard.item))
                path_emit(walk);
        walk->path.hazard = none;
}

static void walk_origin(ChainWalk *walk, CellStep origin)
{
        bool any;

        walk->path.origin = origin;
        any = walk_scenario(walk, origin.item);
        any |= each_of(walk, origin.item, GRAPH_OUT, LINK_MASK(ZW_LINK_LEADS_TO), KIND_BIT(ZW_KIND_HAZARD),
                       walk_hazard);
        if (!any)
                path_emit(walk);
        walk->path.origin = none;
}

/* An incident is in the chain only as the source of a requirement. */
static void walk_incident(ChainWalk *walk, CellStep incident)
{
        walk->path.origin = incident;
        (void)walk_requirements(walk, incident.item);
        walk->path.origin = none;
}

/* A requirement derived from another one is reached from there, but for a loop, which the second round finds. */
static void walk_first_requirement(ChainWalk *walk, CellStep requirement)
{
        g_autoptr(GArray) before = chain_next(walk->view, requirement.item, GRAPH_IN,
                                              LINK_MASK(ZW_LINK_DERIVES), KIND_BIT(ZW_KIND_REQUIREMENT));

        if (before->len == 0)
                walk_requirement(walk, requirement);
}

/* Where paths begin, in this order; what was reached from before begins none. */
static const struct {
        KindId kind;
        ChainPart not_in;
        void (*go)(ChainWalk *walk, CellStep start);
} starts[] = {
        { ZW_KIND_THREAT, CHAIN_PROOFS, walk_origin },
        { ZW_KIND_INCIDENT, CHAIN_PROOFS, walk_incident },
        { ZW_KIND_HAZARD, CHAIN_PROOFS, walk_hazard },
        { ZW_KIND_RISK, CHAIN_PROOFS, walk_risk },
        { ZW_KIND_SL_TARGET, CHAIN_PROOFS, walk_target },
        { ZW_KIND_REQUIREMENT, CHAIN_SOURCES, walk_first_requirement },
        { ZW_KIND_REQUIREMENT, CHAIN_SOURCES, walk_requirement },
        { ZW_KIND_CLAIM, CHAIN_SOURCES, walk_claim },
};

bool chain_each(GraphView view, ChainPart part, const Breaks *breaks, ChainFn fn, void *payload,
                GError **error)
{
        ItemNo n = graph_item_count(view);
        g_autofree bool *visited = g_new0(bool, n + 1);
        ChainWalk walk = {
                .view = view, .part = part, .breaks = breaks, .fn = fn, .payload = payload, .visited = visited
        };

        walk.path = (ChainPath){ none, none, none, none,         none, { none }, 0,
                                 none, NULL, none, ZW_ITEM_NONE, 0,    false };
        for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
                if (part != CHAIN_WHOLE && starts[i].not_in == part)
                        continue;
                for (ItemNo item = 0; item < n && !walk.stopped; item++)
                        if (graph_exists(view, item) && graph_is_live(view, item) && !visited[item] &&
                            graph_kind(view, item) == starts[i].kind)
                                starts[i].go(&walk, (CellStep){ item, false });
        }
        if (!walk.too_many)
                return true;
        error_set(error, ZW_ERR_LIMIT, NULL,
                  "the chain has more than %d paths; the report traceability has it in two parts",
                  CHAIN_PATHS_MAX);
        return false;
}
