/* Items of the NVD as assertions. Every vulnerable CPE match of a configuration is a product; where the configuration demands
 * others beside it (AND: firmware on hardware), it is a product of two for each of those. */
#include "exchange/nvd.h"

#include "exchange/feed.h"
#include "exchange/jfigures.h"

#include <string.h>

enum { PRODUCTS_MAX = 20000, TITLE_MAX = 160 };

typedef struct {
        json_t *assertions;
        GArray *vulnerable, *beside; /* numbers of products, of one configuration */
} Configuration;

/* A bound that includes, or one that does not. */
static const char *bound(JVal match, const char *including, const char *excluding, bool *ret_inside)
{
        const char *text = jval_get_text(match, including);

        *ret_inside = text != NULL;
        return text != NULL ? text : jval_get_text(match, excluding);
}

static void match_take(JVal match, const char *name G_GNUC_UNUSED, void *data)
{
        Configuration *configuration = data;
        const char *cpe = jval_get_text(match, "criteria"), *from, *to;
        bool from_inside, to_inside, vulnerable = false;
        g_autofree char *range = NULL;
        json_t *product;
        int number;

        if (cpe == NULL ||
            json_array_size(json_object_get(configuration->assertions, "products")) >= PRODUCTS_MAX)
                return;
        from = bound(match, "versionStartIncluding", "versionStartExcluding", &from_inside);
        to = bound(match, "versionEndIncluding", "versionEndExcluding", &to_inside);
        range = feed_range(from, from_inside, to, to_inside);
        product = json_pack("{s:s, s:s}", "name", cpe, "cpe", cpe);
        if (range != NULL)
                json_object_set_new(product, "range", json_string(range));
        number = feed_product_add(configuration->assertions, product);
        (void)jval_bool(jval_get(match, "vulnerable"), &vulnerable);
        g_array_append_val(vulnerable ? configuration->vulnerable : configuration->beside, number);
}

static void together_add(const Configuration *configuration, int of, int on)
{
        json_t *product = json_pack("{s:[i, i], s:s}", "both", of, on, "relation", "installed_on");

        feed_status_add(configuration->assertions, "known_affected",
                        feed_product_add(configuration->assertions, product));
}

/* What is negated is everything but what it names: it accuses nobody, and clears nobody. */
static bool is_negated(JVal value)
{
        bool negated = false;

        return jval_bool(jval_get(value, "negate"), &negated) && negated;
}

static void configuration_take(JVal value, const char *name G_GNUC_UNUSED, void *assertions)
{
        g_autoptr(GArray) vulnerable = g_array_new(FALSE, FALSE, sizeof(int)),
                          beside = g_array_new(FALSE, FALSE, sizeof(int));
        Configuration configuration = { assertions, vulnerable, beside };
        JIter nodes = jval_iter(jval_get(value, "nodes"));
        JVal node;
        const bool together = g_strcmp0(jval_get_text(value, "operator"), "AND") == 0;

        if (is_negated(value))
                return;
        while (jiter_next(&nodes, &node))
                if (!is_negated(node)) {
                        jfigures_visit(node, "cpeMatch/*", match_take, &configuration);
                        jfigures_visit(node, "children/**/cpeMatch/*", match_take, &configuration);
                }
        for (guint i = 0; i < vulnerable->len; i++) {
                const int of = g_array_index(vulnerable, int, i);

                if (!together || beside->len == 0)
                        feed_status_add(assertions, "known_affected", of);
                for (guint j = 0; together && j < beside->len && (size_t)i * beside->len + j < PRODUCTS_MAX;
                     j++)
                        together_add(&configuration, of, g_array_index(beside, int, j));
        }
}

static void weakness_take(JVal value, const char *name G_GNUC_UNUSED, void *assertions)
{
        const char *text = jval_text(value, NULL);

        if (text != NULL && g_str_has_prefix(text, "CWE-"))
                feed_cwe_add(assertions, text);
}

/* The severity of 2.0 stands beside the data, and is not told here. */
static void metric_take(JVal data, const char *name G_GNUC_UNUSED, void *assertions)
{
        feed_score_add(assertions, data);
}

static char *title_of(JVal cve)
{
        JIter iter = jval_iter(jval_get(cve, "descriptions"));
        g_autofree char *cut = NULL;
        const char *text = NULL;
        JVal description;

        while (text == NULL && jiter_next(&iter, &description))
                if (g_strcmp0(jval_get_text(description, "lang"), "en") == 0)
                        text = jval_get_text(description, "value");
        cut = g_strndup(text == NULL ? "" : text, TITLE_MAX);
        return g_utf8_make_valid(cut, -1);
}

void nvd_feed(JVal cve, Sink *sink)
{
        const char *id = jval_get_text(cve, "id"), *modified = jval_get_text(cve, "lastModified");
        g_autofree char *title = title_of(cve);
        json_t *assertions = feed_assertions_new("nvd", id, "NVD", title, modified);

        if (g_strcmp0(jval_get_text(cve, "vulnStatus"), "Rejected") != 0)
                jfigures_visit(cve, "configurations/*", configuration_take, assertions);
        jfigures_visit(cve, "weaknesses/*/description/*/value", weakness_take, assertions);
        jfigures_visit(cve, "metrics/*/*/cvssData", metric_take, assertions);
        feed_record(sink, "nvd", id, modified, assertions);
}
