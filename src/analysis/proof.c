/* Which result of a test counts, and what proves a claim (docs/algorithms/status.md). */
#include "analysis/internal.h"

#include <string.h>

bool assess_is_expired(const Assess *assess, ItemNo item, AttrId attr)
{
        Instant last;

        /* A date holds to the end of its day. */
        return facts_get_date(graph_facts(assess->view, item), attr, &last) &&
               assess_is_past(assess, last + ZW_DAY_MS);
}

bool assess_evidence_is_over(const Assess *assess, ItemNo evidence)
{
        Instant last;

        return evidence_last_day(assess->view, evidence, &assess->ages, &last) &&
               assess_is_past(assess, last + ZW_DAY_MS);
}

static bool stage_is_site(int stage)
{
        return stage == ZW_VALUE_TEST_CASE_STAGE_SITE || stage == ZW_VALUE_TEST_CASE_STAGE_OPERATION;
}

/* The stage of the run, else of the case; a case without any is of site stage when it is a site acceptance test. */
static bool result_is_site(GraphView view, ItemNo test_case, ItemNo run)
{
        int stage = facts_get_enum(graph_facts(view, run), ZW_ATTR_STAGE);

        if (stage < 0)
                stage = facts_get_enum(graph_facts(view, test_case), ZW_ATTR_STAGE);
        if (stage < 0)
                return facts_get_enum(graph_facts(view, test_case), ZW_ATTR_TEST_KIND) ==
                       ZW_VALUE_TEST_KIND_SAT;
        return stage_is_site(stage);
}

/* A certificate speaks of a product, wherever it was written. */
static bool evidence_is_site(GraphView view, ItemNo evidence)
{
        Facts facts = graph_facts(view, evidence);

        return stage_is_site(facts_get_enum(facts, ZW_ATTR_STAGE)) &&
               facts_get_enum(facts, ZW_ATTR_NATURE) != ZW_VALUE_EVIDENCE_NATURE_CERTIFICATE;
}

/* ---- installed versions ---- */

/* The first live component, and whether it is the only one. */
static ItemNo component_of(GraphView view, ItemNo asset, bool *ret_only)
{
        GraphIter iter = graph_iter(view, asset, GRAPH_OUT, LINK_MASK(ZW_LINK_INSTANCE_OF));
        ItemNo found = ZW_ITEM_NONE;
        GraphEdge edge;

        *ret_only = true;
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other))
                        continue;
                if (found == ZW_ITEM_NONE)
                        found = edge.other;
                else if (edge.other != found)
                        *ret_only = false;
        }
        return found;
}

/* The version of an asset: that found on it, else that of its component. */
static const char *asset_version(GraphView view, ItemNo asset, size_t *ret_n)
{
        const char *version = facts_get_text(graph_facts(view, asset), ZW_ATTR_INSTALLED_VERSION, ret_n);
        ItemNo component;
        bool only;

        if (version != NULL)
                return version;
        component = component_of(view, asset, &only);
        return component == ZW_ITEM_NONE
                       ? NULL
                       : facts_get_text(graph_facts(view, component), ZW_ATTR_VERSION, ret_n);
}

/* The version of a component on one of its assets. Where there are several components, nobody says whose version was found
 * on the asset. */
static const char *version_on(GraphView view, ItemNo component, ItemNo asset, size_t *ret_n)
{
        bool only;

        if (component_of(view, asset, &only) == component && only)
                return asset_version(view, asset, ret_n);
        return facts_get_text(graph_facts(view, component), ZW_ATTR_VERSION, ret_n);
}

typedef struct {
        const char *text;
        size_t n;
} Stated;

static bool version_is(Stated stated, const char *installed, size_t n)
{
        return installed != NULL && n == stated.n && memcmp(installed, stated.text, n) == 0;
}

/* Does `stated` fit every instance of the component that stands at the member? */
static bool component_fits(const PlaceContext *context, ItemNo component, ItemNo member, Stated stated)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, component, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));
        const char *installed;
        GraphEdge edge;
        size_t n;

        if (component == member) {
                installed = facts_get_text(graph_facts(view, component), ZW_ATTR_VERSION, &n);
                return version_is(stated, installed, n);
        }
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(view, edge.other) || !asset_is_at(context, edge.other, member))
                        continue;
                installed = version_on(view, component, edge.other, &n);
                if (!version_is(stated, installed, n))
                        return false;
        }
        return true;
}

/* A run that states versions speaks only of those: each one stated for what stands at the member has to be the installed one. A
 * run that states none is guarded by the suspects. */
static bool run_fits(const PlaceContext *context, ItemNo run, ItemNo member)
{
        GraphView view = context->assess->view;
        FactsIter iter = facts_iter(graph_facts(view, run), ZW_ATTR_VERSIONS);
        const char *pair;
        size_t n;

        while (facts_next_text(&iter, &pair, &n)) {
                size_t key_n = strnlen(pair, n), installed_n;
                g_autofree char *key = g_strndup(pair, key_n);
                Stated stated = { pair + key_n + 1, n - key_n - 1 };
                const char *installed;
                ItemNo item;

                if (key_n == n || !graph_find_key(view, key, &item) || !graph_is_live(view, item))
                        continue;
                if (graph_kind(view, item) == ZW_KIND_COMPONENT) {
                        if (!component_fits(context, item, member, stated))
                                return false;
                        continue;
                }
                if (graph_kind(view, item) != ZW_KIND_ASSET || !asset_is_at(context, item, member))
                        continue;
                installed = asset_version(view, item, &installed_n);
                if (!version_is(stated, installed, installed_n))
                        return false;
        }
        return true;
}

/* ---- results ---- */

enum { RESULTS_AT_ONCE = 16 };

/* With a context, only results on what is installed at `member` count. */
static bool outcome(const Assess *assess, const PlaceContext *context, ItemNo test_case, ItemNo member,
                    GraphResult *ret_result, bool *ret_stale)
{
        GraphResult few[RESULTS_AT_ONCE], *results = few;
        g_autofree GraphResult *all = NULL;
        size_t n = graph_results(assess->view, test_case, few, RESULTS_AT_ONCE);

        *ret_stale = false;
        if (n > RESULTS_AT_ONCE) {
                results = all = g_new(GraphResult, n);
                n = MIN(n, graph_results(assess->view, test_case, all, n));
        }
        for (size_t i = 0; i < n; i++) {
                if (results[i].status != RESULT_PASSED && results[i].status != RESULT_FAILED)
                        continue; /* skipped and error are no result */
                if (!graph_is_live(assess->view, results[i].run))
                        continue;
                if (context != NULL && !run_fits(context, results[i].run, member)) {
                        *ret_stale = true;
                        continue;
                }
                *ret_result = results[i];
                return true;
        }
        return false;
}

bool case_outcome(const Assess *assess, ItemNo test_case, GraphResult *ret_result)
{
        bool stale;

        return outcome(assess, NULL, test_case, ZW_ITEM_NONE, ret_result, &stale);
}

bool countermeasure_is_verified(const Assess *assess, ItemNo countermeasure)
{
        GraphIter iter = graph_iter(assess->view, countermeasure, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES));
        bool passed = false;
        GraphEdge edge;
        GraphResult result;

        if (!graph_is_live(assess->view, countermeasure) ||
            !graph_is_approved(assess->view, countermeasure) ||
            assess_is_expired(assess, countermeasure, ZW_ATTR_EXPIRES))
                return false;
        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(assess->view, edge.other) || !case_outcome(assess, edge.other, &result))
                        continue;
                if (result.status == RESULT_FAILED)
                        return false;
                passed = true;
        }
        return passed;
}

/* ---- proof of a claim ---- */

void proof_by_tests(PlaceContext *context, ItemNo claim, ItemNo member, Proof *proof, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_IN, LINK_MASK(ZW_LINK_VERIFIES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                GraphResult result;
                bool stale;

                if (!graph_is_live(view, edge.other))
                        continue;
                if (!outcome(context->assess, context, edge.other, member, &result, &stale)) {
                        cause_add(context, causes, stale ? "stale" : "no_result", edge.other,
                                  "%s has no result%s", graph_key(view, edge.other),
                                  stale ? " for the installed version" : "");
                        continue;
                }
                if (result.status == RESULT_FAILED) {
                        proof->failed = true;
                        cause_add(context, causes, "failed", edge.other, "%s failed in %s",
                                  graph_key(view, edge.other), graph_key(view, result.run));
                        continue;
                }
                proof->passed = true;
                if (context->capability != CAPABILITY_NONE || result_is_site(view, edge.other, result.run))
                        proof->verified = true;
                else
                        cause_add(context, causes, "not_site", edge.other, "%s passed, but not at site stage",
                                  graph_key(view, edge.other));
        }
}

static bool evidence_version_fits(GraphView view, ItemNo evidence, ItemNo member)
{
        Stated stated;
        const char *installed;
        size_t n;

        stated.text = facts_get_text(graph_facts(view, evidence), ZW_ATTR_VERSION, &stated.n);
        if (stated.text == NULL)
                return true;
        switch (graph_kind(view, member)) {
        case ZW_KIND_ASSET:
                installed = asset_version(view, member, &n);
                return version_is(stated, installed, n);
        case ZW_KIND_COMPONENT:
                installed = facts_get_text(graph_facts(view, member), ZW_ATTR_VERSION, &n);
                return version_is(stated, installed, n);
        default:
                return true;
        }
}

void proof_by_evidence(PlaceContext *context, ItemNo claim, ItemNo member, Proof *proof, GPtrArray **causes)
{
        GraphView view = context->assess->view;
        GraphIter iter = graph_iter(view, claim, GRAPH_IN, LINK_MASK(ZW_LINK_EVIDENCES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const char *key = graph_key(view, edge.other);

                /* Runs prove through their results; documents support, but prove nothing by themselves. */
                if (!graph_is_live(view, edge.other) || graph_kind(view, edge.other) != ZW_KIND_EVIDENCE)
                        continue;
                if (!graph_is_approved(view, edge.other))
                        cause_add(context, causes, "not_approved", edge.other, "%s is not approved", key);
                else if (assess_evidence_is_over(context->assess, edge.other))
                        cause_add(context, causes, "stale", edge.other, "%s is past its validity or its age",
                                  key);
                else if (!evidence_version_fits(view, edge.other, member))
                        cause_add(context, causes, "stale", edge.other, "%s speaks of another version", key);
                else if (context->capability == CAPABILITY_NONE && !evidence_is_site(view, edge.other))
                        cause_add(context, causes, "not_site", edge.other, "%s is not of site stage", key);
                else
                        proof->verified = true;
        }
}
