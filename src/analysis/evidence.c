#include "analysis/evidence.h"

#include <string.h>

static bool is_component_of_other_version(GraphView view, ItemNo item, const char *stated, size_t n)
{
        const char *version;
        size_t version_n;

        if (!graph_is_live(view, item) || graph_kind(view, item) != ZW_KIND_COMPONENT)
                return false;
        version = facts_get_text(graph_facts(view, item), ZW_ATTR_VERSION, &version_n);
        return version == NULL || version_n != n || memcmp(version, stated, n) != 0;
}

/* Components that the claims it proves rest on. */
static bool is_of_other_version(GraphView view, ItemNo evidence)
{
        GraphIter iter = graph_iter(view, evidence, GRAPH_OUT, LINK_MASK(ZW_LINK_EVIDENCES));
        GraphEdge proven, base;
        size_t n;
        const char *stated = facts_get_text(graph_facts(view, evidence), ZW_ATTR_VERSION, &n);

        while (stated != NULL && graph_next(&iter, &proven)) {
                GraphIter bases = graph_iter(view, proven.other, GRAPH_OUT, LINK_MASK(ZW_LINK_RESTS_ON));

                while (graph_is_live(view, proven.other) && graph_next(&bases, &base))
                        if (is_component_of_other_version(view, base.other, stated, n))
                                return true;
        }
        return false;
}

static bool is_suspect(GraphView view, ItemNo evidence)
{
        GraphIter iter = graph_iter(view, evidence, GRAPH_OUT, LINK_MASK(ZW_LINK_EVIDENCES));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) && graph_link_is_suspect(view, edge.link))
                        return true;
        return false;
}

/* ---- age ---- */

void evidence_ages_take(EvidenceAges *ages, GraphView view, ItemNo item)
{
        if (graph_kind(view, item) != ZW_KIND_SYSTEM)
                return;
        for (int i = 0; i < EVIDENCE_NATURES; i++) {
                int64_t days;

                if (facts_get_level(graph_facts(view, item), ZW_ATTR_EVIDENCE_AGES, i, &days) &&
                    (ages->days[i] == 0 || days < ages->days[i]))
                        ages->days[i] = days;
        }
}

EvidenceAges evidence_ages_of(GraphView view)
{
        const GraphView whole = graph_whole(view);
        EvidenceAges ages = { { 0 } };

        for (ItemNo item = 0; item < graph_item_count(whole); item++)
                if (graph_is_live(whole, item))
                        evidence_ages_take(&ages, whole, item);
        return ages;
}

bool evidence_last_day(GraphView view, ItemNo evidence, const EvidenceAges *ages, Instant *ret_last)
{
        Facts facts = graph_facts(view, evidence);
        const int nature = facts_get_enum(facts, ZW_ATTR_NATURE);
        /* Some natures have no age: what was said or observed once, and who is able. */
        const bool aging = ages != NULL && nature >= 0 && nature < EVIDENCE_NATURES;
        const int64_t days = aging ? ages->days[nature] : 0;
        const bool ends = facts_get_date(facts, ZW_ATTR_VALID_UNTIL, ret_last);
        Instant made, aged = G_MININT64;

        if (days == 0)
                return ends;
        if (facts_get_date(facts, ZW_ATTR_DATE, &made))
                aged = made - made % ZW_DAY_MS + days * ZW_DAY_MS;
        if (!ends || aged < *ret_last)
                *ret_last = aged;
        return true;
}

bool evidence_is_over(GraphView view, ItemNo evidence, const EvidenceAges *ages, Instant now)
{
        Instant last;

        /* A day holds to its end. */
        return evidence_last_day(view, evidence, ages, &last) && now - ZW_DAY_MS >= last;
}

EvidenceState evidence_state_aged(GraphView shown, ItemNo evidence, const EvidenceAges *ages, Instant now)
{
        /* What it proves makes it suspect where that is not seen, too. */
        const GraphView view = graph_whole(shown);
        Instant last;
        const bool ends = evidence_last_day(view, evidence, ages, &last);

        if (evidence_is_over(view, evidence, ages, now))
                return EVIDENCE_EXPIRED;
        if (is_of_other_version(view, evidence))
                return EVIDENCE_OTHER_VERSION;
        if (is_suspect(view, evidence))
                return EVIDENCE_SUSPECT;
        if (!graph_is_approved(view, evidence))
                return EVIDENCE_NOT_APPROVED;
        return ends && last - now < EVIDENCE_SOON_DAYS * ZW_DAY_MS ? EVIDENCE_EXPIRING : EVIDENCE_CURRENT;
}

EvidenceState evidence_state(GraphView view, ItemNo evidence, Instant now)
{
        return evidence_state_aged(view, evidence, NULL, now);
}

const char *evidence_state_name(EvidenceState state)
{
        static const char *const names[] = {
                [EVIDENCE_EXPIRED] = "expired",   [EVIDENCE_OTHER_VERSION] = "other_version",
                [EVIDENCE_SUSPECT] = "suspect",   [EVIDENCE_NOT_APPROVED] = "not_approved",
                [EVIDENCE_EXPIRING] = "expiring", [EVIDENCE_CURRENT] = "current",
        };

        return names[state];
}
