/* What proves the case, until when, and whether it can still be relied on (`evidence.status`). */
#include "analysis/evidence.h"
#include "service/internal.h"

static void text_fact(JWrite *w, const char *member, Facts facts, AttrId attr)
{
        size_t n;
        const char *text = facts_get_text(facts, attr, &n);
        g_autofree char *whole = text == NULL ? NULL : g_strndup(text, n);

        jwrite_key_string(w, member, whole);
}

/* The day of a date. */
static void day_fact(JWrite *w, const char *member, Facts facts, AttrId attr)
{
        char text[ZW_INSTANT_TEXT];
        Instant at;

        if (!facts_get_date(facts, attr, &at)) {
                jwrite_key_null(w, member);
                return;
        }
        instant_format(at, text);
        text[10] = '\0';
        jwrite_key_string(w, member, text);
}

/* The last day of it: null for one without an end, and for one that has no date to count from. */
static void end_write(JWrite *w, GraphView view, ItemNo item, const EvidenceAges *ages)
{
        char text[ZW_INSTANT_TEXT];
        Instant last;

        if (!evidence_last_day(view, item, ages, &last) || last == G_MININT64) {
                jwrite_key_null(w, "ends");
                return;
        }
        instant_format(last, text);
        text[10] = '\0';
        jwrite_key_string(w, "ends", text);
}

static EvidenceState evidence_write(JWrite *w, GraphView view, ItemNo item, const EvidenceAges *ages,
                                    Instant now)
{
        Facts facts = graph_facts(view, item);
        const EvidenceState state = evidence_state_aged(view, item, ages, now);
        const int nature = facts_get_enum(facts, ZW_ATTR_NATURE);
        GraphIter iter = graph_iter(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_EVIDENCES));
        GraphEdge edge;

        jwrite_object_begin(w);
        jwrite_key_string(w, "key", graph_key(view, item));
        jwrite_key_string(w, "title", graph_title(view, item));
        jwrite_key_string(w, "state", evidence_state_name(state));
        jwrite_key_string(w, "nature",
                          nature < 0 ? NULL : attr_get(ZW_KIND_EVIDENCE, ZW_ATTR_NATURE)->values[nature]);
        day_fact(w, "date", facts, ZW_ATTR_DATE);
        day_fact(w, "valid_until", facts, ZW_ATTR_VALID_UNTIL);
        end_write(w, view, item, ages);
        text_fact(w, "version", facts, ZW_ATTR_VERSION);
        text_fact(w, "revision", facts, ZW_ATTR_REVISION);
        text_fact(w, "hash", facts, ZW_ATTR_HASH);
        jwrite_key(w, "proves");
        jwrite_array_begin(w);
        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        jwrite_string(w, graph_key(view, edge.other));
        jwrite_array_end(w);
        jwrite_object_end(w);
        return state;
}

bool usecase_evidence_status(Call *call, JWrite *w, GError **error)
{
        g_auto(PinnedGraph) pinned = { 0 };
        int64_t totals[EVIDENCE_CURRENT + 1] = { 0 };
        EvidenceAges ages;
        ItemNo n;

        if (!graph_of_call(call, &pinned, error))
                return false;
        n = graph_item_count(pinned.view);
        ages = evidence_ages_of(pinned.view);
        jwrite_object_begin(w);
        jwrite_key(w, "evidence");
        jwrite_array_begin(w);
        for (ItemNo item = 0; item < n; item++)
                if (graph_exists(pinned.view, item) && graph_kind(pinned.view, item) == ZW_KIND_EVIDENCE &&
                    graph_is_live(pinned.view, item))
                        totals[evidence_write(w, pinned.view, item, &ages, call->instant)]++;
        jwrite_array_end(w);
        jwrite_key(w, "totals");
        jwrite_object_begin(w);
        for (int i = 0; i <= EVIDENCE_CURRENT; i++)
                jwrite_key_int(w, evidence_state_name((EvidenceState)i), totals[i]);
        jwrite_object_end(w);
        jwrite_object_end(w);
        return true;
}
