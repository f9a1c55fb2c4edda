/* OpenVEX documents, 0.0.1 to 0.2.0: what a supplier or another says of products and vulnerabilities. */
#include "exchange/readers.h"

#include "exchange/feed.h"
#include "exchange/jfigures.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_TEXT, "context", "@context", false },
        { JFIGURE_COUNT, "statements", "statements/*", false },
        { JFIGURE_MAP, "status", "statements/*/status", false },
        { JFIGURE_COUNT, "products", "statements/*/products/*", false },
        { JFIGURE_MAP, "justifications", "statements/*/justification", true },
};

static const JFormat format = {
        "OpenVEX document", "statements", "@context", rows, G_N_ELEMENTS(rows), NULL
};

static bool is_one_of(const char *text, const char *const *all)
{
        return text != NULL && g_strv_contains(all, text);
}

/* What the specification demands of a statement: a vulnerability, a status, and a reason why it is not affected. */
static void statement_check(JVal statement, size_t number, Sink *sink)
{
        static const char *const statuses[] = { "not_affected", "affected", "fixed", "under_investigation",
                                                NULL };
        static const char *const reasons[] = { "component_not_present",
                                               "vulnerable_code_not_present",
                                               "vulnerable_code_not_in_execute_path",
                                               "vulnerable_code_cannot_be_controlled_by_adversary",
                                               "inline_mitigations_already_exist",
                                               NULL };
        g_autofree char *where = g_strdup_printf("/statements/%zu", number);
        const char *status = jval_get_text(statement, "status"),
                   *reason = jval_get_text(statement, "justification");

        if (!is_one_of(status, statuses))
                sink_refuse(sink, where,
                            "the status is one of not_affected, affected, fixed, under_investigation");
        if (jval_get(statement, "vulnerability").type == JVAL_NONE)
                sink_refuse(sink, where, "a statement names a vulnerability");
        if (reason != NULL && !is_one_of(reason, reasons))
                sink_problem(sink, where, "the justification is none of the specification");
        if (g_strcmp0(status, "not_affected") == 0 && reason == NULL &&
            jval_get_text(statement, "impact_statement") == NULL)
                sink_problem(sink, where, "not affected, and no justification or impact statement says why");
}

/* A product is named by its identifier, a package URL or another, or identified by what stands beside it. */
static void product_add(json_t *assertions, JVal product, const char *status)
{
        JVal identifiers = jval_get(product, "identifiers");
        const char *id = product.type == JVAL_STRING ? jval_text(product, NULL)
                                                     : jval_get_text(product, "@id"),
                   *purl = jval_get_text(identifiers, "purl"), *cpe = jval_get_text(identifiers, "cpe23");
        json_t *given = json_object();

        if (purl == NULL && id != NULL && g_str_has_prefix(id, "pkg:"))
                purl = id;
        if (id != NULL)
                json_object_set_new(given, "name", json_string(id));
        if (purl != NULL)
                json_object_set_new(given, "purls", json_pack("[s]", purl));
        if (cpe != NULL)
                json_object_set_new(given, "cpe", json_string(cpe));
        feed_status_add(assertions, status, feed_product_add(assertions, given));
}

/* Each statement is a record: a document may speak of one vulnerability often. */
static void statement_record(JVal document, JVal statement, size_t number, Sink *sink)
{
        static const char *const names[][2] = { { "affected", "known_affected" },
                                                { "fixed", "fixed" },
                                                { "not_affected", "known_not_affected" },
                                                { "under_investigation", "under_investigation" } };
        JVal vulnerability = jval_get(statement, "vulnerability"), product;
        const char *id = vulnerability.type == JVAL_STRING ? jval_text(vulnerability, NULL)
                                                           : jval_get_text(vulnerability, "name"),
                   *status = jval_get_text(statement, "status"), *label = jval_get_text(document, "@id"),
                   *time = jval_get_text(statement, "timestamp");
        JIter iter = jval_iter(jval_get(statement, "products"));
        g_autofree char *record = g_strdup_printf("%s#%zu", label == NULL ? "" : label, number);
        json_t *assertions;

        if (id == NULL || status == NULL)
                return;
        assertions = feed_assertions_new("openvex", id, jval_get_text(document, "author"), NULL,
                                         time != NULL ? time : jval_get_text(document, "timestamp"));
        while (jiter_next(&iter, &product))
                for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                        if (strcmp(status, names[i][0]) == 0)
                                product_add(assertions, product, names[i][1]);
        feed_record(sink, "openvex", record, time != NULL ? time : jval_get_text(document, "timestamp"),
                    assertions);
}

bool openvex_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);
        bool is_object = false;
        size_t number = 0;
        JIter iter;
        JVal statement;

        if (doc == NULL)
                return false;
        iter = jval_iter(jval_get(jdoc_root(doc), "statements"));
        for (; jiter_next(&iter, &statement); number++) {
                is_object |= jval_get(statement, "vulnerability").type == JVAL_OBJECT;
                statement_check(statement, number, sink);
                if (!source->figures_only)
                        statement_record(jdoc_root(doc), statement, number, sink);
        }
        sink_figure_json(sink, "vulnerability_is_object", json_boolean(is_object));
        return true;
}
