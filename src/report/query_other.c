/* Named defects, findings, the other reports, and the index of items. */
#include "analysis/lint.h"
#include "report/definition.h"
#include "report/query_internal.h"

#include <string.h>

/* ---- defects ---- */

enum { RULES_RULE, RULES_DEFECTS, RULES_N };

static const QueryField rules_fields[RULES_N] = {
        [RULES_RULE] = { "rule", CELL_WORD },
        [RULES_DEFECTS] = { "defects", CELL_NUMBER },
};

static void rules_run(Query *query)
{
        const GArray *defects = context_defects(query->context);

        for (size_t rule = 0; rule < lint_rule_count() && !query->stopped; rule++) {
                fill_clear(query);
                fill_text(query, RULES_RULE, lint_rule_name(rule));
                for (guint i = 0; i < defects->len; i++)
                        query->cells[RULES_DEFECTS].number += strcmp(g_array_index(defects, Defect, i).rule,
                                                                     lint_rule_name(rule)) == 0;
                (void)fill_emit(query);
        }
}

const QueryDef report_query_rules = { "rules", false, rules_fields, RULES_N, rules_run };

enum { DEFECTS_RULE, DEFECTS_ITEMS, DEFECTS_MESSAGE, DEFECTS_N };

static const QueryField defects_fields[DEFECTS_N] = {
        [DEFECTS_RULE] = { "rule", CELL_WORD },
        [DEFECTS_ITEMS] = { "items", CELL_ITEMS },
        [DEFECTS_MESSAGE] = { "message", CELL_TEXT },
};

static void defects_run(Query *query)
{
        const GArray *defects = context_defects(query->context);

        for (guint i = 0; i < defects->len && !query->stopped; i++) {
                const Defect *defect = &g_array_index(defects, Defect, i);

                fill_clear(query);
                fill_text(query, DEFECTS_RULE, defect->rule);
                fill_list(query, DEFECTS_ITEMS, defect->items, defect->items[1] == ZW_ITEM_NONE ? 1 : 2);
                fill_text(query, DEFECTS_MESSAGE, defect->message);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_defects = { "defects", false, defects_fields, DEFECTS_N, defects_run };

/* ---- findings ---- */

static bool finding_is_open(GraphView view, ItemNo item)
{
        return (state_def(graph_state(view, item))->flags & (STATE_CLEARED | STATE_RETIRED)) == 0;
}

static bool is_finding(GraphView view, ItemNo item)
{
        return graph_exists(view, item) && graph_is_live(view, item) &&
               graph_kind(view, item) == ZW_KIND_FINDING;
}

/* -1 when nobody stated it. */
static int severity_of(GraphView view, ItemNo finding)
{
        return facts_get_enum(graph_facts(view, finding), ZW_ATTR_SEVERITY);
}

static const char *severity_name(int severity)
{
        return severity < 0 ? "unknown" : attr_get(ZW_KIND_FINDING, ZW_ATTR_SEVERITY)->values[severity];
}

enum { SEVERITIES_SEVERITY, SEVERITIES_OPEN, SEVERITIES_KEV, SEVERITIES_N };

static const QueryField severities_fields[SEVERITIES_N] = {
        [SEVERITIES_SEVERITY] = { "severity", CELL_WORD },
        [SEVERITIES_OPEN] = { "open", CELL_NUMBER },
        [SEVERITIES_KEV] = { "exploited", CELL_NUMBER },
};

/* Highest first, then those without one; and where no feed was read, a row for what nobody looked for. */
static void severities_run(Query *query)
{
        GraphView view = query->context->view;

        for (int severity = ZW_VALUE_SEVERITY_CRITICAL; severity >= -1 && !query->stopped; severity--) {
                fill_clear(query);
                fill_text(query, SEVERITIES_SEVERITY, severity_name(severity));
                for (ItemNo item = 0; item < graph_item_count(view); item++) {
                        if (!is_finding(view, item) || !finding_is_open(view, item) ||
                            severity_of(view, item) != severity)
                                continue;
                        query->cells[SEVERITIES_OPEN].number++;
                        query->cells[SEVERITIES_KEV].number += facts_get_bool(graph_facts(view, item),
                                                                              ZW_ATTR_KEV);
                }
                (void)fill_emit(query);
        }
        if (query->context->fed || query->stopped)
                return;
        fill_clear(query);
        fill_text(query, SEVERITIES_SEVERITY, "not_looked_for");
        fill_unknown(query, SEVERITIES_OPEN);
        fill_unknown(query, SEVERITIES_KEV);
        (void)fill_emit(query);
}

const QueryDef report_query_severities = { "severities", false, severities_fields, SEVERITIES_N,
                                           severities_run };

enum {
        FINDINGS_FINDING,
        FINDINGS_VULNERABILITY,
        FINDINGS_SEVERITY,
        FINDINGS_CONFIDENCE,
        FINDINGS_KEV,
        FINDINGS_OPEN,
        FINDINGS_ON,
        FINDINGS_BROKEN,
        FINDINGS_PROPOSED,
        FINDINGS_STATE,
        FINDINGS_HERE,
        FINDINGS_N,
};

static const QueryField findings_fields[FINDINGS_N] = {
        [FINDINGS_FINDING] = { "finding", CELL_STEP },
        [FINDINGS_VULNERABILITY] = { "vulnerability", CELL_TEXT },
        [FINDINGS_SEVERITY] = { "severity", CELL_WORD },
        [FINDINGS_CONFIDENCE] = { "confidence", CELL_WORD },
        [FINDINGS_KEV] = { "exploited", CELL_FLAG },
        [FINDINGS_OPEN] = { "open", CELL_FLAG },
        [FINDINGS_ON] = { "on", CELL_STEPS },
        [FINDINGS_BROKEN] = { "broken", CELL_REFS },
        [FINDINGS_PROPOSED] = { "proposed", CELL_REFS },
        [FINDINGS_STATE] = { "state", CELL_WORD },
        [FINDINGS_HERE] = { "here", CELL_FLAG }, /* in the scope of the report */
};

static void finding_refs(Query *query, size_t field, ItemNo finding, AttrId attr, GPtrArray *refs)
{
        FactsIter iter = facts_iter(graph_facts(query->context->view, finding), attr);
        RowId row;

        while (facts_next_row(&iter, &row))
                g_ptr_array_add(refs, (gpointer)(uintptr_t)catalogue_row(row)->id);
        fill_list(query, field, refs->pdata, refs->len);
}

static void finding_row(Query *query, ItemNo item)
{
        GraphView view = query->context->view;
        Facts facts = graph_facts(view, item);
        g_autoptr(GArray) on = chain_next(view, item, GRAPH_OUT, LINK_MASK(ZW_LINK_CONCERNS), UINT64_MAX);
        g_autoptr(GPtrArray) broken = g_ptr_array_new(), proposed = g_ptr_array_new();
        g_autofree char *vulnerability = NULL;
        size_t n;
        const char *text = facts_get_text(facts, ZW_ATTR_VULNERABILITY, &n);

        fill_clear(query);
        fill_step(query, FINDINGS_FINDING, (CellStep){ item, false });
        vulnerability = text == NULL ? NULL : g_strndup(text, n);
        fill_text(query, FINDINGS_VULNERABILITY, vulnerability);
        fill_text(query, FINDINGS_SEVERITY, severity_name(severity_of(view, item)));
        fill_enum(query, FINDINGS_CONFIDENCE, item, ZW_ATTR_CONFIDENCE);
        fill_number(query, FINDINGS_KEV, facts_get_bool(facts, ZW_ATTR_KEV));
        fill_number(query, FINDINGS_OPEN, finding_is_open(view, item));
        fill_list(query, FINDINGS_ON, on->data, on->len);
        fill_text(query, FINDINGS_STATE, state_def(graph_state(view, item))->name);
        fill_number(query, FINDINGS_HERE, scope_has_finding(view, query->context->scope, item));
        finding_refs(query, FINDINGS_BROKEN, item, ZW_ATTR_BROKEN, broken);
        finding_refs(query, FINDINGS_PROPOSED, item, ZW_ATTR_PROPOSED, proposed);
        (void)fill_emit(query);
}

static void findings_run(Query *query)
{
        GraphView view = query->context->view;

        for (int severity = ZW_VALUE_SEVERITY_CRITICAL; severity >= -1; severity--)
                for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++)
                        if (is_finding(view, item) && severity_of(view, item) == severity)
                                finding_row(query, item);
}

const QueryDef report_query_findings = { "findings", false, findings_fields, FINDINGS_N, findings_run };

/* ---- reports ---- */

enum { REPORTS_TYPE, REPORTS_TITLE, REPORTS_SUMMARY, REPORTS_HTML, REPORTS_JSON, REPORTS_N };

static const QueryField reports_fields[REPORTS_N] = {
        [REPORTS_TYPE] = { "type", CELL_TEXT },       [REPORTS_TITLE] = { "title", CELL_TEXT },
        [REPORTS_SUMMARY] = { "summary", CELL_TEXT }, [REPORTS_HTML] = { "html", CELL_LINK },
        [REPORTS_JSON] = { "json", CELL_LINK },
};

static void reports_run(Query *query)
{
        for (size_t i = 0; i < report_sources_count && !query->stopped; i++) {
                g_autoptr(ReportDefinition) report = report_definition_of_source(i);
                g_autofree char *html = g_strconcat(report->type, ".html", NULL);
                g_autofree char *json = g_strconcat(report->type, ".json", NULL);

                fill_clear(query);
                fill_text(query, REPORTS_TYPE, report->type);
                fill_text(query, REPORTS_TITLE, report->title);
                fill_text(query, REPORTS_SUMMARY, report->summary);
                fill_text(query, REPORTS_HTML, html);
                fill_text(query, REPORTS_JSON, json);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_reports = { "reports", false, reports_fields, REPORTS_N, reports_run };

/* ---- items that the report named so far ---- */

enum { ITEMS_ITEM, ITEMS_KIND, ITEMS_TITLE, ITEMS_REV, ITEMS_STATE, ITEMS_N };

static const QueryField items_fields[ITEMS_N] = {
        [ITEMS_ITEM] = { "item", CELL_ITEM },   [ITEMS_KIND] = { "kind", CELL_WORD },
        [ITEMS_TITLE] = { "title", CELL_TEXT }, [ITEMS_REV] = { "rev", CELL_NUMBER },
        [ITEMS_STATE] = { "state", CELL_WORD },
};

static void items_run(Query *query)
{
        GraphView view = query->context->view;

        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++) {
                if ((query->context->named[item / 8] & (1U << item % 8)) == 0)
                        continue;
                fill_clear(query);
                fill_item(query, ITEMS_ITEM, item);
                fill_text(query, ITEMS_KIND, kind_def(graph_kind(view, item))->name);
                fill_text(query, ITEMS_TITLE, graph_title(view, item));
                fill_number(query, ITEMS_REV, graph_rev(view, item));
                fill_text(query, ITEMS_STATE, state_def(graph_state(view, item))->name);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_items = { "items", false, items_fields, ITEMS_N, items_run };
