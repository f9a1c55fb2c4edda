/* One record of a programme: the claim that counts, what carries it, and what it lacks. */
#include "analysis/evidence.h"
#include "analysis/internal.h"
#include "analysis/programme_internal.h"

/* ---- what carries it ---- */

/* The live other ends over one link type. */
static void ends_take(GraphView view, ItemNo item, GraphSide side, LinkTypeId type, GArray *ends)
{
        GraphIter iter = graph_iter(view, item, side, LINK_MASK(type));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other))
                        items_add(ends, edge.other);
}

/* Documents say how, and so does a measure by procedure; all else that evidences says that it was done. */
static bool is_procedure(GraphView view, ItemNo item)
{
        return graph_kind(view, item) == ZW_KIND_DOCUMENT ||
               (graph_kind(view, item) == ZW_KIND_COUNTERMEASURE &&
                facts_get_enum(graph_facts(view, item), ZW_ATTR_NATURE) ==
                        ZW_VALUE_COUNTERMEASURE_NATURE_PROCEDURAL);
}

static void carriers_take(GraphView view, ItemNo of, ProgrammeRecord *record)
{
        g_autoptr(GArray) proofs = g_array_new(FALSE, FALSE, sizeof(ItemNo)),
                          bases = g_array_new(FALSE, FALSE, sizeof(ItemNo));

        ends_take(view, of, GRAPH_IN, ZW_LINK_EVIDENCES, proofs);
        ends_take(view, of, GRAPH_OUT, ZW_LINK_RESTS_ON, bases);
        for (guint i = 0; i < proofs->len; i++) {
                const ItemNo proof = g_array_index(proofs, ItemNo, i);

                items_add(is_procedure(view, proof) ? record->procedures : record->records, proof);
        }
        for (guint i = 0; i < bases->len; i++)
                if (is_procedure(view, g_array_index(bases, ItemNo, i)))
                        items_add(record->procedures, g_array_index(bases, ItemNo, i));
}

static bool is_current(GraphView view, ItemNo record, Instant now)
{
        if (graph_kind(view, record) != ZW_KIND_EVIDENCE)
                return graph_is_approved(view, record);
        return evidence_state(view, record, now) >= EVIDENCE_EXPIRING;
}

static bool any_approved(GraphView view, const GArray *items)
{
        for (guint i = 0; i < items->len; i++)
                if (graph_is_approved(view, g_array_index(items, ItemNo, i)))
                        return true;
        return false;
}

static bool any_current(GraphView view, const GArray *records, Instant now)
{
        for (guint i = 0; i < records->len; i++)
                if (is_current(view, g_array_index(records, ItemNo, i), now))
                        return true;
        return false;
}

/* Something that was closed about it: what was found wanting was made better. With `open` instead a nonconformity that is not. */
static ItemNo concern_find(GraphView view, ItemNo item, bool open)
{
        GraphIter iter = graph_iter(view, item, GRAPH_IN,
                                    link_mask_or(LINK_MASK(ZW_LINK_CONCERNS), LINK_MASK(ZW_LINK_RESOLVES)));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const KindId kind = graph_kind(view, edge.other);
                const bool improves = kind == ZW_KIND_CHANGE || kind == ZW_KIND_ACTION ||
                                      kind == ZW_KIND_NONCONFORMITY;

                if (graph_is_live(view, edge.other) && (open ? kind == ZW_KIND_NONCONFORMITY : improves) &&
                    graph_is_approved(view, edge.other) != open)
                        return edge.other;
        }
        return ZW_ITEM_NONE;
}

static ItemNo concern_of(GraphView view, const ProgrammeRecord *record, bool open)
{
        const ItemNo found = concern_find(view, record->requirement, open);

        return found != ZW_ITEM_NONE || record->claim == ZW_ITEM_NONE
                       ? found
                       : concern_find(view, record->claim, open);
}

/* 62443-2-4 is performed in a solution, 62443-4-1 on a product; a programme of 62443-2-1 is that of the owner. */
static bool needs_subject(RowId row)
{
        return catalogue_row(row)->standard != STANDARD_2_1;
}

static int supported_level(GraphView view, const ProgrammeRecord *record, Instant now)
{
        if (record->claim == ZW_ITEM_NONE)
                return MATURITY_UNKNOWN;
        if (!any_approved(view, record->procedures))
                return 1;
        if (!any_current(view, record->records, now) ||
            (needs_subject(record->row) && record->subjects->len == 0))
                return 2;
        return concern_of(view, record, false) == ZW_ITEM_NONE ? 3 : MATURITY_MAX;
}

/* ---- the claim ---- */

static int level_of(GraphView view, ItemNo item, AttrId attr)
{
        int64_t level;

        return item != ZW_ITEM_NONE && facts_get_int(graph_facts(view, item), attr, &level)
                       ? (int)level
                       : MATURITY_UNKNOWN;
}

static bool is_expired(GraphView view, ItemNo claim, Instant now)
{
        Instant last;

        return facts_get_date(graph_facts(view, claim), ZW_ATTR_VALID_UNTIL, &last) &&
               now >= last + ZW_DAY_MS;
}

static bool is_assessed(GraphView view, ItemNo claim, Instant now)
{
        const Facts facts = graph_facts(view, claim);
        Instant at;

        return facts_has(facts, ZW_ATTR_ASSESSOR) && facts_get_date(facts, ZW_ATTR_ASSESSED, &at) &&
               at <= now;
}

static int claimed_level(GraphView view, ItemNo claim)
{
        return facts_get_enum(graph_facts(view, claim), ZW_ATTR_STATEMENT) == ZW_VALUE_STATEMENT_NOT_MET
                       ? 0
                       : level_of(view, claim, ZW_ATTR_MATURITY);
}

static int verified_level(GraphView view, const ProgrammeRecord *record, Instant now)
{
        const ItemNo claim = record->claim;
        const int found = level_of(view, claim, ZW_ATTR_MATURITY_VERIFIED);

        if (record->claimed == 0 && graph_is_approved(view, claim))
                return 0;
        if (found == MATURITY_UNKNOWN || !graph_is_approved(view, claim) || is_expired(view, claim, now) ||
            !is_assessed(view, claim, now))
                return MATURITY_UNKNOWN;
        return MIN(found, record->supported);
}

static void claim_take(GraphView view, ItemNo claim, Instant now, ProgrammeRecord *record)
{
        record->claim = claim;
        carriers_take(view, claim, record);
        ends_take(view, claim, GRAPH_OUT, ZW_LINK_COVERS, record->subjects);
        record->claimed = claimed_level(view, claim);
        record->supported = supported_level(view, record, now);
        record->verified = verified_level(view, record, now);
}

static bool is_inapplicable(GraphView view, ItemNo claim)
{
        const Facts facts = graph_facts(view, claim);

        return facts_get_enum(facts, ZW_ATTR_STATEMENT) == ZW_VALUE_STATEMENT_NOT_APPLICABLE &&
               facts_has(facts, ZW_ATTR_RATIONALE) && graph_is_approved(view, claim);
}

/* An approved, unexpired waiver with a rationale says that the row does not apply. */
static bool is_waived(GraphView view, ItemNo requirement, Instant now)
{
        GraphIter iter = graph_iter(view, requirement, GRAPH_IN, LINK_MASK(ZW_LINK_WAIVES));
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                const Facts facts = graph_facts(view, edge.other);

                if (waiver_is_in_force(view, edge.other, now) &&
                    facts_get_enum(facts, ZW_ATTR_DECISION) == ZW_VALUE_WAIVER_DECISION_NOT_APPLICABLE &&
                    facts_has(facts, ZW_ATTR_RATIONALE) &&
                    !facts_has(graph_link_facts(view, edge.link), ZW_ATTR_PLACES))
                        return true;
        }
        return false;
}

static ProgrammeRecord record_begin(GraphView view, RowId row, ItemNo requirement)
{
        ProgrammeRecord record = { .row = row,
                                   .requirement = requirement,
                                   .claim = ZW_ITEM_NONE,
                                   .target = level_of(view, requirement, ZW_ATTR_MATURITY_TARGET),
                                   .claimed = MATURITY_UNKNOWN,
                                   .supported = MATURITY_UNKNOWN,
                                   .verified = MATURITY_UNKNOWN,
                                   .subjects = g_array_new(FALSE, FALSE, sizeof(ItemNo)),
                                   .procedures = g_array_new(FALSE, FALSE, sizeof(ItemNo)),
                                   .records = g_array_new(FALSE, FALSE, sizeof(ItemNo)),
                                   .gaps = g_array_new(FALSE, FALSE, sizeof(ProgrammeGap)) };

        if (requirement != ZW_ITEM_NONE) {
                carriers_take(view, requirement, &record);
                ends_take(view, requirement, GRAPH_OUT, ZW_LINK_ALLOCATED_TO, record.subjects);
        }
        return record;
}

void programme_record_clear(ProgrammeRecord *record)
{
        g_array_unref(record->subjects);
        g_array_unref(record->procedures);
        g_array_unref(record->records);
        g_array_unref(record->gaps);
}

/* Claims are alternatives: the one verified highest counts, then the one that is carried highest, then the one claimed highest, then
 * the oldest. */
static bool is_better(const ProgrammeRecord *a, const ProgrammeRecord *b)
{
        if (b->claim == ZW_ITEM_NONE || a->verified != b->verified)
                return b->claim == ZW_ITEM_NONE || a->verified > b->verified;
        if (a->supported != b->supported)
                return a->supported > b->supported;
        return a->claimed != b->claimed ? a->claimed > b->claimed : a->claim < b->claim;
}

/* ---- what it lacks ---- */

static void gap(ProgrammeRecord *record, ProgrammeGapKind kind, ItemNo item)
{
        const ProgrammeGap found = { kind, item };

        g_array_append_val(record->gaps, found);
}

static ItemNo first_of(const GArray *items)
{
        return items->len == 0 ? ZW_ITEM_NONE : g_array_index(items, ItemNo, 0);
}

/* What the level that is claimed or aimed at would need. */
static void carriers_judge(GraphView view, ProgrammeRecord *record, int level, Instant now)
{
        if (level >= 2 && !any_approved(view, record->procedures))
                gap(record,
                    record->procedures->len == 0 ? PROGRAMME_GAP_NO_PROCEDURE
                                                 : PROGRAMME_GAP_PROCEDURE_NOT_APPROVED,
                    first_of(record->procedures));
        if (level >= 3 && !any_current(view, record->records, now))
                gap(record,
                    record->records->len == 0 ? PROGRAMME_GAP_NO_RECORD : PROGRAMME_GAP_RECORD_NOT_CURRENT,
                    first_of(record->records));
        if (level >= 3 && needs_subject(record->row) && record->subjects->len == 0)
                gap(record, PROGRAMME_GAP_NO_SUBJECT, record->requirement);
        if (level >= MATURITY_MAX && concern_of(view, record, false) == ZW_ITEM_NONE)
                gap(record, PROGRAMME_GAP_NO_IMPROVEMENT, record->requirement);
}

static void claim_judge(GraphView view, ProgrammeRecord *record, Instant now)
{
        const ItemNo claim = record->claim;

        if (!graph_is_approved(view, claim))
                gap(record, PROGRAMME_GAP_NOT_APPROVED, claim);
        if (level_of(view, claim, ZW_ATTR_MATURITY_VERIFIED) == MATURITY_UNKNOWN)
                gap(record, PROGRAMME_GAP_NOT_VERIFIED, claim);
        else if (!is_assessed(view, claim, now))
                gap(record, PROGRAMME_GAP_NO_ASSESSOR, claim);
        if (is_expired(view, claim, now))
                gap(record, PROGRAMME_GAP_EXPIRED, claim);
}

static void record_judge(GraphView view, ProgrammeRecord *record, Instant now)
{
        const ItemNo open = concern_of(view, record, true);

        carriers_judge(view, record, MAX(record->claimed, record->target), now);
        if (record->claim != ZW_ITEM_NONE)
                claim_judge(view, record, now);
        if (record->claim != ZW_ITEM_NONE && record->verified < record->target)
                gap(record, PROGRAMME_GAP_BELOW_TARGET, record->claim);
        if (open != ZW_ITEM_NONE)
                gap(record, PROGRAMME_GAP_NONCONFORMITY, open);
        record->state = record->claim == ZW_ITEM_NONE ? PROGRAMME_NOT_ASSESSED
                        : record->gaps->len > 0       ? PROGRAMME_GAPS
                                                      : PROGRAMME_MET;
}

ProgrammeRecord programme_record(GraphView view, RowId row, ItemNo requirement, Instant now)
{
        ProgrammeRecord best = record_begin(view, row, requirement);
        GraphIter iter;
        GraphEdge edge;
        bool applies;

        if (requirement == ZW_ITEM_NONE)
                return best;
        iter = graph_iter(view, requirement, GRAPH_IN, LINK_MASK(ZW_LINK_ANSWERS));
        applies = !is_waived(view, requirement, now);
        while (graph_next(&iter, &edge)) {
                ProgrammeRecord other;

                if (!graph_is_live(view, edge.other))
                        continue;
                applies = applies && !is_inapplicable(view, edge.other);
                other = record_begin(view, row, requirement);
                claim_take(view, edge.other, now, &other);
                if (is_better(&other, &best)) {
                        const ProgrammeRecord worse = best;

                        best = other;
                        other = worse;
                }
                programme_record_clear(&other);
        }
        g_array_sort(best.subjects, item_compare);
        g_array_sort(best.procedures, item_compare);
        g_array_sort(best.records, item_compare);
        if (applies)
                record_judge(view, &best, now);
        else
                best.state = PROGRAMME_NOT_APPLICABLE;
        return best;
}
