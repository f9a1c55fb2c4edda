#include "analysis/evidence.h"

#include <string.h>

enum { DAY_MS = 86400000 };

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

EvidenceState evidence_state(GraphView view, ItemNo evidence, Instant now)
{
        Instant last;
        /* A date holds to the end of its day. */
        const bool ends = facts_get_date(graph_facts(view, evidence), ZW_ATTR_VALID_UNTIL, &last);

        if (ends && now >= last + DAY_MS)
                return EVIDENCE_EXPIRED;
        if (is_of_other_version(view, evidence))
                return EVIDENCE_OTHER_VERSION;
        if (is_suspect(view, evidence))
                return EVIDENCE_SUSPECT;
        if (!graph_is_approved(view, evidence))
                return EVIDENCE_NOT_APPROVED;
        return ends && last - now < (Instant)EVIDENCE_SOON_DAYS * DAY_MS ? EVIDENCE_EXPIRING
                                                                         : EVIDENCE_CURRENT;
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
