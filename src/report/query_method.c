/* The risk methods that rated the risks of the project: their scales, criteria, tolerable risks and rules, by version. */
#include "report/query_items.h"

#include "analysis/target.h"
#include "base/jread.h"

#include <string.h>

/* A version in use, and how many risks it rated. */
typedef struct {
        const RiskMethod *method;
        gint64 risks;
} Used;

/* In the order in which the methods were added; the project's own one even when it rated nothing. */
static GArray *methods_used(Query *query)
{
        GraphView view = query->context->view;
        const RiskMethods *methods = query->context->methods;
        GArray *used = g_array_new(FALSE, FALSE, sizeof(Used));

        for (size_t i = 0; i < risk_methods_count(methods); i++) {
                Used entry = { risk_methods_get(methods, i), 0 };

                for (ItemNo item = 0; item < graph_item_count(view); item++) {
                        g_autoptr(RatedRisk) rated = NULL;

                        if (!graph_exists(view, item) || graph_kind(view, item) != ZW_KIND_RISK ||
                            !graph_is_live(view, item))
                                continue;
                        rated = risk_rate(view, methods, item);
                        entry.risks += rated->method == entry.method;
                }
                if (entry.risks > 0 || entry.method == risk_methods_default(methods))
                        g_array_append_val(used, entry);
        }
        return used;
}

/* ---- methods ---- */

enum {
        METHODS_NAME,
        METHODS_TITLE,
        METHODS_KIND,
        METHODS_PRACTICE,
        METHODS_REPLACES,
        METHODS_NEWER,
        METHODS_RISKS,
        METHODS_N
};

static const QueryField methods_fields[METHODS_N] = {
        [METHODS_NAME] = { "method", CELL_TEXT },       [METHODS_TITLE] = { "title", CELL_TEXT },
        [METHODS_KIND] = { "level_by", CELL_WORD },     [METHODS_PRACTICE] = { "practice", CELL_TEXT },
        [METHODS_REPLACES] = { "replaces", CELL_TEXT }, [METHODS_NEWER] = { "replaced_by", CELL_TEXT },
        [METHODS_RISKS] = { "risks", CELL_NUMBER },
};

static void methods_run(Query *query)
{
        g_autoptr(GArray) used = methods_used(query);

        for (guint i = 0; i < used->len && !query->stopped; i++) {
                const Used *entry = &g_array_index(used, Used, i);
                const RiskMethod *newer = risk_methods_successor(query->context->methods, entry->method);

                fill_clear(query);
                fill_text(query, METHODS_NAME, risk_method_name(entry->method));
                fill_text(query, METHODS_TITLE, risk_method_title(entry->method));
                fill_text(query, METHODS_KIND, risk_method_kind_name(risk_method_kind(entry->method)));
                fill_text(query, METHODS_PRACTICE,
                          jread_get_string(risk_method_json(entry->method), "practice"));
                fill_text(query, METHODS_REPLACES, risk_method_replaces(entry->method));
                fill_text(query, METHODS_NEWER, newer == NULL ? NULL : risk_method_name(newer));
                fill_number(query, METHODS_RISKS, entry->risks);
                (void)fill_emit(query);
        }
}

const QueryDef report_query_methods = { "methods", false, methods_fields, METHODS_N, methods_run };

/* ---- classes and the matrix ---- */

enum {
        CLASSES_METHOD,
        CLASSES_CLASS,
        CLASSES_NAME,
        CLASSES_CRITERION,
        CLASSES_RISKS,
        CLASSES_LEVELS,
        CLASSES_N
};

static const QueryField classes_fields[CLASSES_N] = {
        [CLASSES_METHOD] = { "method", CELL_TEXT }, [CLASSES_CLASS] = { "likelihood", CELL_NUMBER },
        [CLASSES_NAME] = { "name", CELL_TEXT },     [CLASSES_CRITERION] = { "criterion", CELL_TEXT },
        [CLASSES_RISKS] = { "ratings", CELL_TEXT }, [CLASSES_LEVELS] = { "levels", CELL_TEXT },
};

static void numbers_join(GString *text, const json_t *row)
{
        const json_t *cell;
        size_t i;

        json_array_foreach(row, i, cell)
                g_string_append_printf(text, "%s%" JSON_INTEGER_FORMAT, i == 0 ? "" : " | ",
                                       json_integer_value(cell));
}

/* A row of the matrix for each likelihood: what each class of impact gives, from the lowest. */
static void classes_of(Query *query, const RiskMethod *method)
{
        const json_t *json = risk_method_json(method), *names = json_object_get(json, "likelihood");
        const json_t *matrix = json_object_get(json_object_get(json, "sl"), "matrix"), *class;
        size_t i;

        json_array_foreach(names, i, class)
        {
                g_autoptr(GString) ratings = g_string_new(NULL), levels = g_string_new(NULL);

                numbers_join(ratings, json_array_get(json_object_get(json, "rating"), i));
                numbers_join(levels, json_array_get(matrix, i));
                fill_clear(query);
                fill_text(query, CLASSES_METHOD, risk_method_name(method));
                fill_number(query, CLASSES_CLASS, (gint64)i + 1);
                fill_text(query, CLASSES_NAME, jread_get_string(class, "name"));
                fill_text(query, CLASSES_CRITERION, jread_get_string(class, "criterion"));
                fill_text(query, CLASSES_RISKS, ratings->str);
                fill_text(query, CLASSES_LEVELS, levels->str);
                if (!fill_emit(query))
                        return;
        }
}

static void classes_run(Query *query)
{
        g_autoptr(GArray) used = methods_used(query);

        for (guint i = 0; i < used->len && !query->stopped; i++)
                classes_of(query, g_array_index(used, Used, i).method);
}

const QueryDef report_query_classes = { "method_classes", false, classes_fields, CLASSES_N, classes_run };

/* ---- impact criteria and tolerable risk ---- */

enum {
        CRITERIA_METHOD,
        CRITERIA_CATEGORY,
        CRITERIA_TOLERABLE,
        CRITERIA_IMPACT,
        CRITERIA_NAME,
        CRITERIA_CRITERION,
        CRITERIA_N
};

static const QueryField criteria_fields[CRITERIA_N] = {
        [CRITERIA_METHOD] = { "method", CELL_TEXT },
        [CRITERIA_CATEGORY] = { "category", CELL_WORD },
        [CRITERIA_TOLERABLE] = { "tolerable", CELL_NUMBER },
        [CRITERIA_IMPACT] = { "impact", CELL_NUMBER },
        [CRITERIA_NAME] = { "name", CELL_TEXT },
        [CRITERIA_CRITERION] = { "criterion", CELL_TEXT },
};

static void criterion_row(Query *query, const RiskMethod *method, const char *category, size_t i)
{
        const json_t *json = risk_method_json(method);
        const json_t *facts = json_object_get(json_object_get(json, "categories"), category);
        const json_t *tolerable = json_object_get(facts, "tolerable");

        fill_clear(query);
        fill_text(query, CRITERIA_METHOD, risk_method_name(method));
        fill_text(query, CRITERIA_CATEGORY, category);
        fill_number(query, CRITERIA_TOLERABLE, json_integer_value(tolerable));
        if (tolerable == NULL)
                fill_unknown(query, CRITERIA_TOLERABLE);
        fill_number(query, CRITERIA_IMPACT, (gint64)i + 1);
        fill_text(query, CRITERIA_NAME,
                  json_string_value(json_array_get(json_object_get(json, "impact"), i)));
        fill_text(query, CRITERIA_CRITERION,
                  json_string_value(json_array_get(json_object_get(facts, "criteria"), i)));
        (void)fill_emit(query);
}

/* `whole`: each class of each category; else the tolerable risk of each category alone. */
static void criteria_each(Query *query, bool whole)
{
        g_autoptr(GArray) used = methods_used(query);
        const AttrDef *impact = attr_get(ZW_KIND_RISK, ZW_ATTR_IMPACT);

        for (guint m = 0; m < used->len; m++) {
                const RiskMethod *method = g_array_index(used, Used, m).method;
                const json_t *categories = json_object_get(risk_method_json(method), "categories");
                size_t classes = whole ? json_array_size(json_object_get(risk_method_json(method), "impact"))
                                       : 1;

                for (size_t c = 0; c < impact->n_values; c++)
                        for (size_t i = 0; json_object_get(categories, impact->values[c]) != NULL &&
                                           i < classes && !query->stopped;
                             i++)
                                criterion_row(query, method, impact->values[c], i);
        }
}

static void criteria_run(Query *query)
{
        criteria_each(query, true);
}

static void tolerable_run(Query *query)
{
        criteria_each(query, false);
}

const QueryDef report_query_criteria = { "method_criteria", false, criteria_fields, CRITERIA_N,
                                         criteria_run };
const QueryDef report_query_tolerable = { "tolerable", false, criteria_fields, CRITERIA_N, tolerable_run };

/* ---- how the level follows ---- */

enum { BANDS_METHOD, BANDS_BOUND, BANDS_SL, BANDS_N };

static const QueryField bands_fields[BANDS_N] = {
        [BANDS_METHOD] = { "method", CELL_TEXT },
        [BANDS_BOUND] = { "bound", CELL_TEXT },
        [BANDS_SL] = { "sl", CELL_NUMBER },
};

static void bands_of(Query *query, const RiskMethod *method)
{
        const json_t *band;
        size_t i;

        json_array_foreach(json_object_get(json_object_get(risk_method_json(method), "sl"), "bands"), i, band)
        {
                const char *up_to = jread_get_string(band, "up_to"), *below = jread_get_string(band, "below");
                g_autofree char *bound = up_to != NULL   ? g_strconcat("up to ", up_to, NULL)
                                         : below != NULL ? g_strconcat("below ", below, NULL)
                                                         : g_strdup("above that");

                fill_clear(query);
                fill_text(query, BANDS_METHOD, risk_method_name(method));
                fill_text(query, BANDS_BOUND, bound);
                fill_number(query, BANDS_SL, jread_get_int(band, "sl", 0));
                if (!fill_emit(query))
                        return;
        }
}

static void bands_run(Query *query)
{
        g_autoptr(GArray) used = methods_used(query);

        for (guint i = 0; i < used->len && !query->stopped; i++)
                bands_of(query, g_array_index(used, Used, i).method);
}

const QueryDef report_query_bands = { "method_bands", false, bands_fields, BANDS_N, bands_run };
