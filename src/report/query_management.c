/* Evidence of vulnerability management against 62443-2-1, in both editions, and the capability records of service providers
 * against 62443-2-4. Which clauses concern it, and what is shown for each, is project practice, in own words. */
#include "report/query_items.h"

/* What of the case is shown for a clause. */
typedef enum {
        SHOWN_RECORDED,  /* findings, and what they are about */
        SHOWN_RISKS,     /* risks, and those of a scenario that uses a finding */
        SHOWN_REVISED,   /* risks revised in the period */
        SHOWN_TRIAGED,   /* changes of state in the period, and how fast */
        SHOWN_PATCHED,   /* coverage by fixes */
        SHOWN_TREATED,   /* what compensates, what was accepted */
        SHOWN_INVENTORY, /* installed assets whose product is known */
        SHOWN_NOTHING,   /* documents and records alone can show it */
} Shown;

/* `id` as catalogue_find_in takes it; one that the catalogue does not list stands for itself. */
typedef struct {
        const char *edition, *id, *meaning;
        Shown shown;
} Clause;

static const Clause clauses[] = {
        { "2010", "4.2.3.7", "A detailed look for vulnerabilities of the systems that were found",
          SHOWN_RECORDED },
        { "2010", "4.2.3.9", "The detailed risk assessment; often cited for vulnerabilities, which it is not",
          SHOWN_RISKS },
        { "2010", "4.2.3.12", "Risk assessments again through the life of the systems", SHOWN_REVISED },
        { "2010", "4.2.3.14", "Records of vulnerability assessments, kept up to date", SHOWN_TRIAGED },
        { "2010", "4.3.4.3.7", "A procedure for patches", SHOWN_PATCHED },
        { "2024", "CM 1.1", "The inventory that vulnerabilities are matched to", SHOWN_INVENTORY },
        { "2024", "ORG 2.1", "Risks are mitigated", SHOWN_RISKS },
        { "2024", "ORG 2.2", "Weaknesses and anomalies are looked for", SHOWN_RECORDED },
        { "2024", "EVENT 1.9", "Vulnerabilities are handled from report to closure", SHOWN_TRIAGED },
        { "2024", "COMP 3.1", "Patches are authentic and whole", SHOWN_NOTHING },
        { "2024", "COMP 3.2", "Patches are tried out before they are installed", SHOWN_NOTHING },
        { "2024", "COMP 3.3", "It is known which patches are installed", SHOWN_PATCHED },
        { "2024", "COMP 3.4", "Patching leaves security as it was", SHOWN_NOTHING },
        { "2024", "COMP 3.5", "What cannot be patched is mitigated otherwise", SHOWN_TREATED },
};

/* ---- figures ---- */

static gint64 live_count(GraphView view, KindId kind)
{
        gint64 n = 0;

        for (ItemNo item = 0; item < graph_item_count(view); item++)
                n += graph_exists(view, item) && graph_kind(view, item) == kind && graph_is_live(view, item);
        return n;
}

/* Live risks, and how many of them assess a threat that exploits a live finding. */
static char *risks_text(GraphView view)
{
        gint64 all = 0, real = 0;

        for (ItemNo item = 0; item < graph_item_count(view); item++) {
                g_autoptr(GArray) threats = NULL;
                bool uses = false;

                if (!graph_exists(view, item) || graph_kind(view, item) != ZW_KIND_RISK ||
                    !graph_is_live(view, item))
                        continue;
                all++;
                threats = chain_next(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_ASSESSES),
                                     KIND_BIT(ZW_KIND_THREAT));
                for (guint i = 0; i < threats->len; i++) {
                        g_autoptr(GArray)
                                used = chain_next(view, g_array_index(threats, CellStep, i).item, GRAPH_OUT,
                                                  LINK_MASK(ZW_LINK_EXPLOITS), KIND_BIT(ZW_KIND_FINDING));

                        uses |= used->len > 0;
                }
                real += uses;
        }
        return g_strdup_printf("%" G_GINT64_FORMAT " risks; %" G_GINT64_FORMAT
                               " of a scenario that uses a recorded finding",
                               all, real);
}

static char *revised_text(Query *query)
{
        const QueryContext *context = query->context;
        const Records *records = context->records;
        gint64 revised = 0;
        Seq first = 1, last = 0;

        if (records->span == NULL || records->item == NULL)
                return NULL;
        if (!records->span(records->payload, context->period.from, context->period.to, &first, &last,
                           &query->error)) {
                query->stopped = true;
                return NULL;
        }
        for (ItemNo item = 0; item < graph_item_count(context->view); item++)
                if (graph_exists(context->view, item) && graph_kind(context->view, item) == ZW_KIND_RISK &&
                    graph_is_live(context->view, item)) {
                        Seq changed = query_record(query, item).changed;

                        revised += changed >= first && changed <= last;
                }
        return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " risks revised in the period",
                               revised, live_count(context->view, ZW_KIND_RISK));
}

static char *inventory_text(const QueryContext *context)
{
        gint64 all = 0, known = 0;

        for (ItemNo item = 0; item < graph_item_count(context->view); item++)
                if (graph_exists(context->view, item) && graph_kind(context->view, item) == ZW_KIND_ASSET &&
                    graph_is_live(context->view, item) &&
                    scope_has_asset(context->view, context->scope, item)) {
                        all++;
                        known += graph_first(context->view, item, GRAPH_OUT, ZW_LINK_INSTANCE_OF) !=
                                 ZW_ITEM_NONE;
                }
        return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                               " assets say which product they are",
                               known, all);
}

static gint64 accepted_count(const QueryContext *context)
{
        gint64 n = 0;

        for (ItemNo item = 0; item < graph_item_count(context->view); item++)
                n += graph_exists(context->view, item) &&
                     graph_kind(context->view, item) == ZW_KIND_FINDING &&
                     graph_state(context->view, item) == ZW_STATE_ACCEPTED &&
                     scope_has_finding(context->view, context->scope, item);
        return n;
}

static gint64 changes_count(Query *query)
{
        const QueryContext *context = query->context;
        const Records *records = context->records;
        const GArray *changes = records->changes == NULL ? NULL
                                                         : records->changes(records->payload, &query->error);
        gint64 n = 0;

        query->stopped = query->stopped || query->error != NULL;
        for (guint i = 0; changes != NULL && i < changes->len; i++) {
                const MetricChange *change = &g_array_index(changes, MetricChange, i);

                n += change->at > context->period.from && change->at <= context->period.to &&
                     scope_has_finding(context->view, context->scope, change->finding);
        }
        return n;
}

/* NULL for nothing that the case can count. Free it. */
static char *shown_text(Query *query, Shown shown, const FindingMetrics *metrics)
{
        switch (shown) {
        case SHOWN_RECORDED:
                return g_strdup_printf("%" G_GINT64_FORMAT " findings recorded%s", metrics->findings,
                                       query->context->fed ? "" : "; what the feeds would tell is unknown");
        case SHOWN_RISKS:
                return risks_text(query->context->view);
        case SHOWN_REVISED:
                return revised_text(query);
        case SHOWN_TRIAGED:
                return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                                       " findings acknowledged; %" G_GINT64_FORMAT
                                       " changes of state in the period",
                                       metrics->acknowledged.part, metrics->acknowledged.of,
                                       changes_count(query));
        case SHOWN_PATCHED:
                return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                                       " assets with a fix have it; unknown for %" G_GINT64_FORMAT,
                                       metrics->patched.part, metrics->patched.of, metrics->fix_unknown);
        case SHOWN_TREATED:
                return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                                       " open findings compensated and verified; %" G_GINT64_FORMAT
                                       " accepted",
                                       metrics->compensated.part, metrics->compensated.of,
                                       accepted_count(query->context));
        case SHOWN_INVENTORY:
                return inventory_text(query->context);
        default:
                return NULL;
        }
}

/* ---- requirements and their records ---- */

/* Those with the reference, with what proves them. */
typedef struct {
        GArray *requirements, *proofs; /* of CellStep */
} Held;

static Held held_of(GraphView view, RowId row)
{
        Held held = { g_array_new(FALSE, FALSE, sizeof(CellStep)),
                      g_array_new(FALSE, FALSE, sizeof(CellStep)) };

        for (ItemNo item = 0; row != ZW_ROW_NONE && item < graph_item_count(view); item++) {
                g_auto(SheetCase) sheet = { 0 };
                CellStep step = { item, false };

                if (!graph_exists(view, item) || graph_kind(view, item) != ZW_KIND_REQUIREMENT ||
                    !graph_is_live(view, item) || facts_get_ref(graph_facts(view, item), ZW_ATTR_REF) != row)
                        continue;
                g_array_append_val(held.requirements, step);
                sheet_case_of(view, item, &sheet);
                g_array_append_vals(held.proofs, sheet.proofs->data, sheet.proofs->len);
        }
        return held;
}

static void held_clear(Held *held)
{
        g_array_unref(held->requirements);
        g_array_unref(held->proofs);
}

static const char *held_standing(guint requirements, guint proofs)
{
        return proofs > 0 ? "evidenced" : requirements > 0 ? "no_evidence" : "figures_only";
}

/* ---- clauses ---- */

enum {
        CLAUSES_EDITION,
        CLAUSES_CLAUSE,
        CLAUSES_TITLE,
        CLAUSES_MEANING,
        CLAUSES_SHOWN,
        CLAUSES_REQUIREMENTS,
        CLAUSES_PROOFS,
        CLAUSES_STANDING,
        CLAUSES_N
};

static const QueryField clauses_fields[CLAUSES_N] = {
        [CLAUSES_EDITION] = { "edition", CELL_TEXT }, [CLAUSES_CLAUSE] = { "clause", CELL_TEXT },
        [CLAUSES_TITLE] = { "title", CELL_TEXT },     [CLAUSES_MEANING] = { "meaning", CELL_TEXT },
        [CLAUSES_SHOWN] = { "shown", CELL_TEXT },     [CLAUSES_REQUIREMENTS] = { "requirements", CELL_STEPS },
        [CLAUSES_PROOFS] = { "proofs", CELL_STEPS },  [CLAUSES_STANDING] = { "standing", CELL_WORD },
};

/* A clause below one that the catalogue lists has no row of its own there. */
static RowId clause_row(const Clause *clause)
{
        g_autofree char *id = g_str_equal(clause->edition, "2010") ? g_strconcat("2010:", clause->id, NULL)
                                                                   : g_strdup(clause->id);

        return catalogue_find_in(STANDARD_2_1, id);
}

static void clause_emit(Query *query, const Clause *clause, const FindingMetrics *metrics)
{
        RowId row = clause_row(clause);
        g_autofree char *shown = shown_text(query, clause->shown, metrics);
        Held held = held_of(query->context->view, row);

        fill_clear(query);
        fill_text(query, CLAUSES_EDITION, clause->edition);
        fill_text(query, CLAUSES_CLAUSE, clause->id);
        fill_text(query, CLAUSES_TITLE, row == ZW_ROW_NONE ? NULL : catalogue_row(row)->title);
        fill_text(query, CLAUSES_MEANING, clause->meaning);
        fill_text(query, CLAUSES_SHOWN, shown == NULL ? "only records can show it" : shown);
        fill_list(query, CLAUSES_REQUIREMENTS, held.requirements->data, held.requirements->len);
        fill_list(query, CLAUSES_PROOFS, held.proofs->data, held.proofs->len);
        fill_text(query, CLAUSES_STANDING,
                  shown == NULL && held.requirements->len == 0
                          ? "no_evidence"
                          : held_standing(held.requirements->len, held.proofs->len));
        if (!query->stopped)
                (void)fill_emit(query);
        held_clear(&held);
}

static void clauses_run(Query *query)
{
        const MetricBase *base = query_metrics(query);
        g_autoptr(FindingMetrics) metrics = base == NULL ? NULL : metric_base_of(base, query->context->scope);

        for (size_t i = 0; metrics != NULL && i < G_N_ELEMENTS(clauses) && !query->stopped; i++)
                clause_emit(query, &clauses[i], metrics);
}

const QueryDef report_query_clauses = { "clauses", false, clauses_fields, CLAUSES_N, clauses_run };

/* ---- capability records of service providers ---- */

enum {
        CAPABILITIES_REQUIREMENT,
        CAPABILITIES_REF,
        CAPABILITIES_TOPIC,
        CAPABILITIES_AREA,
        CAPABILITIES_PARTY,
        CAPABILITIES_CLAIMS,
        CAPABILITIES_PROOFS,
        CAPABILITIES_STANDING,
        CAPABILITIES_N
};

static const QueryField capabilities_fields[CAPABILITIES_N] = {
        [CAPABILITIES_REQUIREMENT] = { "requirement", CELL_STEP },
        [CAPABILITIES_REF] = { "ref", CELL_TEXT },
        [CAPABILITIES_TOPIC] = { "topic", CELL_TEXT },
        [CAPABILITIES_AREA] = { "area", CELL_TEXT },
        [CAPABILITIES_PARTY] = { "party", CELL_WORD },
        [CAPABILITIES_CLAIMS] = { "claims", CELL_STEPS },
        [CAPABILITIES_PROOFS] = { "proofs", CELL_STEPS },
        [CAPABILITIES_STANDING] = { "standing", CELL_WORD },
};

static void capability_row(Query *query, ItemNo requirement, RowId row)
{
        g_auto(SheetCase) sheet = { 0 };

        sheet_case_of(query->context->view, requirement, &sheet);
        fill_clear(query);
        fill_step(query, CAPABILITIES_REQUIREMENT, (CellStep){ requirement, false });
        fill_text(query, CAPABILITIES_REF, catalogue_row(row)->id);
        fill_text(query, CAPABILITIES_TOPIC, catalogue_row(row)->title);
        fill_text(query, CAPABILITIES_AREA, catalogue_row(row)->group);
        fill_enum(query, CAPABILITIES_PARTY, requirement, ZW_ATTR_RESPONSIBLE);
        fill_list(query, CAPABILITIES_CLAIMS, sheet.claims->data, sheet.claims->len);
        fill_list(query, CAPABILITIES_PROOFS, sheet.proofs->data, sheet.proofs->len);
        fill_text(query, CAPABILITIES_STANDING, held_standing(1, sheet.proofs->len));
        (void)fill_emit(query);
}

static void capabilities_run(Query *query)
{
        GraphView view = query->context->view;
        RowId first;
        size_t n;

        catalogue_range(STANDARD_2_4, &first, &n);
        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++) {
                RowId row;

                if (!graph_exists(view, item) || graph_kind(view, item) != ZW_KIND_REQUIREMENT ||
                    !graph_is_live(view, item))
                        continue;
                row = facts_get_ref(graph_facts(view, item), ZW_ATTR_REF);
                if (row != ZW_ROW_NONE && row >= first && row < first + n)
                        capability_row(query, item, row);
        }
}

const QueryDef report_query_capabilities = { "capabilities", false, capabilities_fields, CAPABILITIES_N,
                                             capabilities_run };
