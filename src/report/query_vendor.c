/* The suppliers of what is installed in the scope, by what was found in their products: over all, by year of the vulnerability's
 * number, and by product. A finding on an asset counts for the suppliers of its components. */
#include "report/query_items.h"

#include "base/hash.h"

#include <string.h>

/* A product of a supplier, and a finding about it or ZW_ITEM_NONE. */
typedef struct {
        const char *vendor; /* borrowed from the histories' names */
        ItemNo component, finding;
} Supply;

typedef struct {
        GHashTable *names; /* owns the vendors */
        GArray *supplies;  /* of Supply, by vendor, component and finding, each once */
} Supplies;

static int supply_order(gconstpointer a, gconstpointer b)
{
        const Supply *x = a, *y = b;
        int order = strcmp(x->vendor, y->vendor);

        if (order != 0)
                return order;
        if (x->component != y->component)
                return x->component < y->component ? -1 : 1;
        return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static const char *vendor_name(Supplies *supplies, Query *query, ItemNo component)
{
        char *name = attr_text(query, component, "vendor"), *kept;

        if (name == NULL)
                name = g_strdup("not stated");
        kept = g_hash_table_lookup(supplies->names, name);
        if (kept != NULL) {
                g_free(name);
                return kept;
        }
        g_hash_table_add(supplies->names, name);
        return name;
}

static void supply_add(Supplies *supplies, const char *vendor, ItemNo component, ItemNo finding)
{
        Supply supply = { vendor, component, finding };

        g_array_append_val(supplies->supplies, supply);
}

/* Live findings about an item. */
static void supplies_find(Supplies *supplies, GraphView view, const char *vendor, ItemNo component,
                          ItemNo subject)
{
        GraphIter iter = graph_iter(view, subject, GRAPH_IN, LINK_MASK(ZW_LINK_CONCERNS));
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                if (graph_is_live(view, edge.other) && graph_kind(view, edge.other) == ZW_KIND_FINDING)
                        supply_add(supplies, vendor, component, edge.other);
}

/* Nothing of a product that is installed nowhere in the scope. */
static void component_add(Supplies *supplies, Query *query, ItemNo component)
{
        const QueryContext *context = query->context;
        GraphIter iter = graph_iter(context->view, component, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));
        const char *vendor = NULL;
        GraphEdge edge;

        while (graph_next(&iter, &edge)) {
                if (!graph_is_live(context->view, edge.other) ||
                    !scope_has_asset(context->view, context->scope, edge.other))
                        continue;
                if (vendor == NULL)
                        vendor = vendor_name(supplies, query, component);
                supplies_find(supplies, context->view, vendor, component, edge.other);
        }
        if (vendor == NULL)
                return;
        supply_add(supplies, vendor, component, ZW_ITEM_NONE);
        supplies_find(supplies, context->view, vendor, component, component);
}

static void supplies_clear(Supplies *supplies)
{
        g_array_unref(supplies->supplies);
        g_hash_table_unref(supplies->names);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Supplies, supplies_clear)

static Supplies supplies_of(Query *query)
{
        GraphView view = query->context->view;
        Supplies supplies = { hash_table_new_text(g_free, NULL), g_array_new(FALSE, FALSE, sizeof(Supply)) };
        guint kept = 0;

        for (ItemNo item = 0; item < graph_item_count(view) && !query->stopped; item++)
                if (graph_exists(view, item) && graph_kind(view, item) == ZW_KIND_COMPONENT &&
                    graph_is_live(view, item))
                        component_add(&supplies, query, item);
        g_array_sort(supplies.supplies, supply_order);
        for (guint i = 0; i < supplies.supplies->len; i++) {
                Supply one = g_array_index(supplies.supplies, Supply, i);

                if (kept == 0 || supply_order(&one, &g_array_index(supplies.supplies, Supply, kept - 1)) != 0)
                        g_array_index(supplies.supplies, Supply, kept++) = one;
        }
        g_array_set_size(supplies.supplies, kept);
        return supplies;
}

/* ---- what is counted of a run of supplies ---- */

typedef struct {
        GHashTable *seen; /* findings, each once: one may be about several products */
        gint64 severities[METRIC_SEVERITIES], vulnerabilities, exploited, open, fixed;
} Count;

static void count_finding(Count *count, GraphView view, ItemNo finding)
{
        int severity = facts_get_enum(graph_facts(view, finding), ZW_ATTR_SEVERITY);

        if (!g_hash_table_add(count->seen, GUINT_TO_POINTER(finding + 1)))
                return;
        count->vulnerabilities++;
        count->severities[severity < 0 ? METRIC_SEVERITIES - 1 : METRIC_SEVERITIES - 2 - severity]++;
        count->exploited += facts_get_bool(graph_facts(view, finding), ZW_ATTR_KEV);
        count->open += finding_state_is_open(graph_state(view, finding));
        count->fixed += graph_state(view, finding) == ZW_STATE_FIXED;
}

static void count_begin(Count *count)
{
        *count = (Count){ .seen = g_hash_table_new(NULL, NULL) };
}

static gint64 assets_of_component(const QueryContext *context, ItemNo component)
{
        GraphIter iter = graph_iter(context->view, component, GRAPH_IN, LINK_MASK(ZW_LINK_INSTANCE_OF));
        gint64 n = 0;
        GraphEdge edge;

        while (graph_next(&iter, &edge))
                n += graph_is_live(context->view, edge.other) &&
                     scope_has_asset(context->view, context->scope, edge.other);
        return n;
}

/* The end of the run of supplies from `first` on that agree in vendor and, where asked, component. */
static guint run_end(const GArray *supplies, guint first, bool component)
{
        const Supply *begin = &g_array_index(supplies, Supply, first);
        guint end = first + 1;

        while (end < supplies->len) {
                const Supply *next = &g_array_index(supplies, Supply, end);

                if (strcmp(next->vendor, begin->vendor) != 0 ||
                    (component && next->component != begin->component))
                        break;
                end++;
        }
        return end;
}

/* ---- vendors ---- */

enum {
        VENDORS_VENDOR,
        VENDORS_PRODUCTS,
        VENDORS_ASSETS,
        VENDORS_FINDINGS,
        VENDORS_CRITICAL,
        VENDORS_HIGH,
        VENDORS_KEV,
        VENDORS_OPEN,
        VENDORS_FIXED,
        VENDORS_N
};

static const QueryField vendors_fields[VENDORS_N] = {
        [VENDORS_VENDOR] = { "vendor", CELL_TEXT },       [VENDORS_PRODUCTS] = { "products", CELL_NUMBER },
        [VENDORS_ASSETS] = { "assets", CELL_NUMBER },     [VENDORS_FINDINGS] = { "findings", CELL_NUMBER },
        [VENDORS_CRITICAL] = { "critical", CELL_NUMBER }, [VENDORS_HIGH] = { "high", CELL_NUMBER },
        [VENDORS_KEV] = { "exploited", CELL_NUMBER },     [VENDORS_OPEN] = { "open", CELL_NUMBER },
        [VENDORS_FIXED] = { "fixed", CELL_NUMBER },
};

static void vendor_row(Query *query, const GArray *supplies, guint first, guint end)
{
        ItemNo last = ZW_ITEM_NONE;
        Count count;

        count_begin(&count);
        fill_clear(query);
        for (guint i = first; i < end; i++) {
                const Supply *supply = &g_array_index(supplies, Supply, i);

                if (supply->component != last) {
                        query->cells[VENDORS_PRODUCTS].number++;
                        query->cells[VENDORS_ASSETS].number += assets_of_component(query->context,
                                                                                   supply->component);
                }
                last = supply->component;
                if (supply->finding != ZW_ITEM_NONE)
                        count_finding(&count, query->context->view, supply->finding);
        }
        fill_text(query, VENDORS_VENDOR, g_array_index(supplies, Supply, first).vendor);
        fill_number(query, VENDORS_FINDINGS, count.vulnerabilities);
        fill_number(query, VENDORS_CRITICAL, count.severities[0]);
        fill_number(query, VENDORS_HIGH, count.severities[1]);
        fill_number(query, VENDORS_KEV, count.exploited);
        fill_number(query, VENDORS_OPEN, count.open);
        fill_number(query, VENDORS_FIXED, count.fixed);
        g_hash_table_unref(count.seen);
        (void)fill_emit(query);
}

static void vendors_run(Query *query)
{
        g_auto(Supplies) supplies = supplies_of(query);

        for (guint i = 0, end; i < supplies.supplies->len && !query->stopped; i = end) {
                end = run_end(supplies.supplies, i, false);
                vendor_row(query, supplies.supplies, i, end);
        }
}

const QueryDef report_query_vendors = { "vendors", false, vendors_fields, VENDORS_N, vendors_run };

/* ---- by year of the number CVE-YEAR-... ---- */

enum {
        YEARS_VENDOR,
        YEARS_YEAR,
        YEARS_SEVERITY,
        YEARS_KEV = YEARS_SEVERITY + METRIC_SEVERITIES,
        YEARS_OPEN,
        YEARS_N
};

static const QueryField years_fields[YEARS_N] = {
        [YEARS_VENDOR] = { "vendor", CELL_TEXT },           [YEARS_YEAR] = { "year", CELL_TEXT },
        [YEARS_SEVERITY + 0] = { "critical", CELL_NUMBER }, [YEARS_SEVERITY + 1] = { "high", CELL_NUMBER },
        [YEARS_SEVERITY + 2] = { "medium", CELL_NUMBER },   [YEARS_SEVERITY + 3] = { "low", CELL_NUMBER },
        [YEARS_SEVERITY + 4] = { "none", CELL_NUMBER },     [YEARS_SEVERITY + 5] = { "unknown", CELL_NUMBER },
        [YEARS_KEV] = { "exploited", CELL_NUMBER },         [YEARS_OPEN] = { "open", CELL_NUMBER },
};

enum { YEAR_NONE = 9999 }; /* of a vulnerability whose number has no year; sorts last */

static int year_of(GraphView view, ItemNo finding)
{
        enum { PREFIX = 4, DIGITS = 4 };
        size_t n;
        const char *id = facts_get_text(graph_facts(view, finding), ZW_ATTR_VULNERABILITY, &n);
        int year = 0;

        if (id == NULL || n < PREFIX + DIGITS + 1 || strncmp(id, "CVE-", PREFIX) != 0 ||
            id[PREFIX + DIGITS] != '-')
                return YEAR_NONE;
        for (int i = PREFIX; i < PREFIX + DIGITS; i++) {
                if (!g_ascii_isdigit(id[i]))
                        return YEAR_NONE;
                year = year * 10 + (id[i] - '0');
        }
        return year;
}

/* The first year after `after` that a finding of the run has; YEAR_NONE + 1 when there is none. */
static int year_next(GraphView view, const GArray *supplies, guint first, guint end, int after)
{
        int next = YEAR_NONE + 1;

        for (guint i = first; i < end; i++) {
                ItemNo finding = g_array_index(supplies, Supply, i).finding;
                int year = finding == ZW_ITEM_NONE ? after : year_of(view, finding);

                if (year > after)
                        next = MIN(next, year);
        }
        return next;
}

static void year_row(Query *query, const GArray *supplies, guint first, guint end, int year)
{
        g_autofree char *text = year == YEAR_NONE ? g_strdup("no year") : g_strdup_printf("%d", year);
        Count count;

        count_begin(&count);
        for (guint i = first; i < end; i++) {
                ItemNo finding = g_array_index(supplies, Supply, i).finding;

                if (finding != ZW_ITEM_NONE && year_of(query->context->view, finding) == year)
                        count_finding(&count, query->context->view, finding);
        }
        fill_clear(query);
        fill_text(query, YEARS_VENDOR, g_array_index(supplies, Supply, first).vendor);
        fill_text(query, YEARS_YEAR, text);
        for (int severity = 0; severity < METRIC_SEVERITIES; severity++)
                fill_number(query, YEARS_SEVERITY + (size_t)severity, count.severities[severity]);
        fill_number(query, YEARS_KEV, count.exploited);
        fill_number(query, YEARS_OPEN, count.open);
        g_hash_table_unref(count.seen);
        (void)fill_emit(query);
}

static void years_run(Query *query)
{
        g_auto(Supplies) all = supplies_of(query);
        const GArray *supplies = all.supplies;
        GraphView view = query->context->view;

        for (guint i = 0, end; i < supplies->len && !query->stopped; i = end) {
                end = run_end(supplies, i, false);
                for (int year = year_next(view, supplies, i, end, -1); year <= YEAR_NONE && !query->stopped;
                     year = year_next(view, supplies, i, end, year))
                        year_row(query, supplies, i, end, year);
        }
}

const QueryDef report_query_vendor_years = { "vendor_years", false, years_fields, YEARS_N, years_run };

/* ---- products ---- */

enum {
        PRODUCTS_VENDOR,
        PRODUCTS_PRODUCT,
        PRODUCTS_VERSION,
        PRODUCTS_ASSETS,
        PRODUCTS_FINDINGS,
        PRODUCTS_SEVERE,
        PRODUCTS_KEV,
        PRODUCTS_OPEN,
        PRODUCTS_SUPPORT,
        PRODUCTS_N
};

static const QueryField products_fields[PRODUCTS_N] = {
        [PRODUCTS_VENDOR] = { "vendor", CELL_TEXT },
        [PRODUCTS_PRODUCT] = { "product", CELL_STEP },
        [PRODUCTS_VERSION] = { "version", CELL_TEXT },
        [PRODUCTS_ASSETS] = { "assets", CELL_NUMBER },
        [PRODUCTS_FINDINGS] = { "findings", CELL_NUMBER },
        [PRODUCTS_SEVERE] = { "severe", CELL_NUMBER }, /* critical or high */
        [PRODUCTS_KEV] = { "exploited", CELL_NUMBER },
        [PRODUCTS_OPEN] = { "open", CELL_NUMBER },
        [PRODUCTS_SUPPORT] = { "support_ends", CELL_TEXT },
};

static void product_row(Query *query, const GArray *supplies, guint first, guint end)
{
        const Supply *supply = &g_array_index(supplies, Supply, first);
        g_autofree char *version = attr_text(query, supply->component, "version");
        g_autofree char *support = attr_text(query, supply->component, "end_of_support");
        Count count;

        count_begin(&count);
        for (guint i = first; i < end; i++)
                if (g_array_index(supplies, Supply, i).finding != ZW_ITEM_NONE)
                        count_finding(&count, query->context->view,
                                      g_array_index(supplies, Supply, i).finding);
        fill_clear(query);
        fill_text(query, PRODUCTS_VENDOR, supply->vendor);
        fill_step(query, PRODUCTS_PRODUCT, (CellStep){ supply->component, false });
        fill_text(query, PRODUCTS_VERSION, version);
        fill_number(query, PRODUCTS_ASSETS, assets_of_component(query->context, supply->component));
        fill_number(query, PRODUCTS_FINDINGS, count.vulnerabilities);
        fill_number(query, PRODUCTS_SEVERE, count.severities[0] + count.severities[1]);
        fill_number(query, PRODUCTS_KEV, count.exploited);
        fill_number(query, PRODUCTS_OPEN, count.open);
        fill_text(query, PRODUCTS_SUPPORT, support == NULL ? "not stated" : support);
        g_hash_table_unref(count.seen);
        (void)fill_emit(query);
}

static void products_run(Query *query)
{
        g_auto(Supplies) supplies = supplies_of(query);

        for (guint i = 0, end; i < supplies.supplies->len && !query->stopped; i = end) {
                end = run_end(supplies.supplies, i, true);
                product_row(query, supplies.supplies, i, end);
        }
}

const QueryDef report_query_vendor_products = { "vendor_products", false, products_fields, PRODUCTS_N,
                                                products_run };
