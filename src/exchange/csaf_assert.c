/* The assertions of an advisory in the form in which they are kept and matched: products by number with what identifies
 * them, and per vulnerability which products it affects or not. Only products that a status names, and those they consist
 * of, are carried. docs/formats/csaf.md describes the members; vuln/advisory.c reads them. */
#include "exchange/csaf.h"
#include "vuln/cvss.h"

#include <math.h>

static void put_text(json_t *object, const char *key, const char *text)
{
        if (text != NULL && text[0] != '\0')
                json_object_set_new(object, key, json_string(text));
}

/* A list that is not empty. */
static void put_list(json_t *object, const char *key, json_t *list)
{
        if (json_array_size(list) > 0)
                json_object_set_new(object, key, list);
        else
                json_decref(list);
}

static json_t *texts(JVal list)
{
        JIter iter = jval_iter(list);
        json_t *array = json_array();
        JVal value;

        while (jiter_next(&iter, &value))
                if (value.type == JVAL_STRING)
                        json_array_append_new(array, json_string(jval_text(value, NULL)));
        return array;
}

/* ---- products ---- */

/* `sha256:0a1b...`, in lower case. */
static json_t *hashes(JVal helper)
{
        JIter files = jval_iter(jval_get(helper, "hashes"));
        json_t *array = json_array();
        JVal file, hash;

        while (jiter_next(&files, &file)) {
                JIter iter = jval_iter(jval_get(file, "file_hashes"));

                while (jiter_next(&iter, &hash)) {
                        const char *algorithm = jval_get_text(hash, "algorithm"),
                                   *value = jval_get_text(hash, "value");
                        g_autofree char *text = NULL, *lower = NULL;

                        if (algorithm == NULL || value == NULL)
                                continue;
                        text = g_strdup_printf("%s:%s", algorithm, value);
                        lower = g_ascii_strdown(text, -1);
                        json_array_append_new(array, json_string(lower));
                }
        }
        return array;
}

static json_t *purls(JVal helper)
{
        json_t *array = texts(jval_get(helper, "purls"));
        const char *purl = jval_get_text(helper, "purl");

        if (purl != NULL)
                json_array_append_new(array, json_string(purl));
        return array;
}

static json_t *product_json(const Csaf *csaf, const CsafProduct *product)
{
        bool both = product->relation != NULL && product->of >= 0 && product->on >= 0 && !product->circular;
        json_t *object = json_object();

        if (!both) /* the name of two products joined is long, and says no more than they do */
                put_text(object, "name", product->name);
        put_text(object, "vendor", product->vendor);
        put_text(object, "family", product->family);
        put_text(object, "product", product->product);
        put_text(object, "version", product->version);
        put_text(object, "range", product->range);
        put_text(object, "cpe", jval_get_text(product->helper, "cpe"));
        put_list(object, "purls", purls(product->helper));
        put_list(object, "models", texts(jval_get(product->helper, "model_numbers")));
        put_list(object, "serials", texts(jval_get(product->helper, "serial_numbers")));
        put_list(object, "skus", texts(jval_get(product->helper, "skus")));
        put_list(object, "hashes", hashes(product->helper));
        if (both)
                json_object_set_new(object, "both",
                                    json_pack("[i, i]",
                                              g_array_index(csaf->products, CsafProduct, product->of).out,
                                              g_array_index(csaf->products, CsafProduct, product->on).out));
        put_text(object, "relation", product->relation);
        return object;
}

/* Marks a product and those it consists of, each once. */
static void product_want(Csaf *csaf, int first)
{
        g_autoptr(GArray) ahead = g_array_new(FALSE, FALSE, sizeof(int));

        g_array_append_val(ahead, first);
        while (ahead->len > 0) {
                int at = g_array_index(ahead, int, ahead->len - 1);
                CsafProduct *product = &g_array_index(csaf->products, CsafProduct, at);

                g_array_set_size(ahead, ahead->len - 1);
                if (product->out == 0)
                        continue;
                product->out = 0;
                if (product->of >= 0)
                        g_array_append_val(ahead, product->of);
                if (product->on >= 0)
                        g_array_append_val(ahead, product->on);
        }
}

static void products_number(Csaf *csaf)
{
        JIter iter = jval_iter(csaf->vulnerabilities);
        JVal vulnerability, list, id;
        int n = 0;

        while (jiter_next(&iter, &vulnerability)) {
                JIter statuses = jval_iter(jval_get(vulnerability, "product_status"));

                while (jiter_next(&statuses, &list)) {
                        JIter ids = jval_iter(list);

                        while (jiter_next(&ids, &id)) {
                                int product = csaf_product_find(csaf, id);

                                if (product >= 0)
                                        product_want(csaf, product);
                        }
                }
        }
        for (guint i = 0; i < csaf->products->len; i++) {
                CsafProduct *product = &g_array_index(csaf->products, CsafProduct, i);

                if (product->out == 0)
                        product->out = n++;
        }
}

/* ---- vulnerabilities ---- */

static json_t *numbers(const Csaf *csaf, const GArray *products)
{
        json_t *array = json_array();

        for (guint i = 0; i < products->len; i++) {
                int out = g_array_index(csaf->products, CsafProduct, g_array_index(products, int, i)).out;

                if (out >= 0)
                        json_array_append_new(array, json_integer(out));
        }
        return array;
}

static json_t *statuses_json(Csaf *csaf, JVal vulnerability)
{
        JIter iter = jval_iter(jval_get(vulnerability, "product_status"));
        json_t *object = json_object();
        const char *status;
        JVal list;

        while (jiter_next_member(&iter, &status, NULL, &list)) {
                g_autoptr(GArray) products = csaf_products_of(csaf, jval_get(vulnerability, "product_status"),
                                                              status, NULL, false);

                put_list(object, status, numbers(csaf, products));
        }
        return object;
}

/* Elements that speak of products: some texts of them, and the products; none means all. */
static json_t *speaking_json(Csaf *csaf, JVal vulnerability, const char *key, const char *const *members)
{
        JIter iter = jval_iter(jval_get(vulnerability, key));
        json_t *array = json_array();
        JVal element;

        while (jiter_next(&iter, &element)) {
                g_autoptr(GArray) products = csaf_products_of(csaf, element, "product_ids", NULL, false);
                json_t *object = json_object();

                for (size_t i = 0; members[i] != NULL; i++)
                        put_text(object, members[i], jval_get_text(element, members[i]));
                put_list(object, "products", numbers(csaf, products));
                json_array_append_new(array, object);
        }
        return array;
}

static void score_add(json_t *scores, JVal score, json_t *products)
{
        const char *severity = jval_get_text(score, "baseSeverity");
        double base;
        int tenths;

        if (!jval_real(jval_get(score, "baseScore"), &base) || !(base >= 0 && base <= 10))
                return;
        tenths = (int)lround(base * 10);
        g_autofree char *text = g_strdup_printf("%d.%d", tenths / 10, tenths % 10),
                        *lower = g_ascii_strdown(severity == NULL ? cvss_severity(tenths) : severity, -1);
        json_t *object = json_object();

        put_text(object, "version", jval_get_text(score, "version"));
        put_text(object, "vector", jval_get_text(score, "vectorString"));
        put_text(object, "score", text);
        put_text(object, "severity", lower);
        put_list(object, "products", json_incref(products));
        json_array_append_new(scores, object);
}

static json_t *scores_json(Csaf *csaf, JVal vulnerability)
{
        static const char *const members[] = { "cvss_v4", "cvss_v3", "cvss_v2" };
        JIter iter = jval_iter(jval_get(vulnerability, csaf->draft_2_1 ? "metrics" : "scores"));
        json_t *array = json_array();
        JVal element;

        while (jiter_next(&iter, &element)) {
                g_autoptr(GArray) products = csaf_products_of(csaf, element, "products", NULL, false);
                json_t *list = numbers(csaf, products);

                for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                        score_add(array,
                                  jval_get(csaf->draft_2_1 ? jval_get(element, "content") : element,
                                           members[i]),
                                  list);
                json_decref(list);
        }
        return array;
}

static json_t *cwes(JVal vulnerability)
{
        JIter iter = jval_iter(jval_get(vulnerability, "cwes"));
        const char *id = jval_get_text(jval_get(vulnerability, "cwe"), "id");
        json_t *array = json_array();
        JVal cwe;

        if (id != NULL)
                json_array_append_new(array, json_string(id));
        while (jiter_next(&iter, &cwe))
                if (jval_get_text(cwe, "id") != NULL)
                        json_array_append_new(array, json_string(jval_get_text(cwe, "id")));
        return array;
}

/* The CVE, else the first id somebody gave it, else its place in the advisory. */
static char *vulnerability_id(const Csaf *csaf, JVal vulnerability, size_t place)
{
        const char *cve = jval_get_text(vulnerability, "cve"), *text = NULL;
        JIter ids = jval_iter(jval_get(vulnerability, "ids"));
        JVal id;

        if (cve != NULL && cve[0] != '\0')
                return g_strdup(cve);
        if (jiter_next(&ids, &id))
                text = jval_get_text(id, "text");
        if (text != NULL && text[0] != '\0')
                return g_strdup(text);
        return g_strdup_printf("%s/%zu", jval_get_text(csaf->tracking, "id"), place + 1);
}

static json_t *vulnerability_json(Csaf *csaf, JVal vulnerability, size_t place)
{
        static const char *const remediation[] = { "category", "details", "url", NULL };
        static const char *const flag[] = { "label", NULL };
        static const char *const threat[] = { "category", "details", NULL };
        g_autofree char *id = vulnerability_id(csaf, vulnerability, place);
        json_t *object = json_object();

        put_text(object, "id", id);
        put_text(object, "title", jval_get_text(vulnerability, "title"));
        put_list(object, "cwes", cwes(vulnerability));
        put_list(object, "scores", scores_json(csaf, vulnerability));
        json_object_set_new(object, "status", statuses_json(csaf, vulnerability));
        put_list(object, "remediations", speaking_json(csaf, vulnerability, "remediations", remediation));
        put_list(object, "flags", speaking_json(csaf, vulnerability, "flags", flag));
        put_list(object, "threats", speaking_json(csaf, vulnerability, "threats", threat));
        return object;
}

json_t *csaf_assertions(Csaf *csaf)
{
        JVal publisher = jval_get(csaf->document, "publisher");
        JIter iter = jval_iter(csaf->vulnerabilities);
        json_t *object = json_pack("{s:i, s:s, s:s, s:s, s:s}", "format", 1, "system", "csaf", "id",
                                   jval_get_text(csaf->tracking, "id"), "category", csaf->category,
                                   "publisher", jval_get_text(publisher, "name"));
        json_t *products = json_array(), *vulnerabilities = json_array();
        JVal vulnerability;

        put_text(object, "role", jval_get_text(publisher, "category"));
        put_text(object, "title", jval_get_text(csaf->document, "title"));
        put_text(object, "version", jval_get_text(csaf->tracking, "version"));
        put_text(object, "released", jval_get_text(csaf->tracking, "current_release_date"));
        products_number(csaf);
        for (guint i = 0; i < csaf->products->len; i++) {
                const CsafProduct *product = &g_array_index(csaf->products, CsafProduct, i);

                if (product->out >= 0)
                        json_array_append_new(products, product_json(csaf, product));
        }
        for (size_t i = 0; jiter_next(&iter, &vulnerability); i++)
                json_array_append_new(vulnerabilities, vulnerability_json(csaf, vulnerability, i));
        json_object_set_new(object, "products", products);
        json_object_set_new(object, "vulnerabilities", vulnerabilities);
        return object;
}
