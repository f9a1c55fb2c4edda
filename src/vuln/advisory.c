#include "vuln/advisory.h"

#include "base/hash.h"

#include <string.h>

enum { ADVISORY_DEPTH = 16, PRODUCTS_MAX = 4000000 };

typedef struct {
        JVal value;
        const char *id, *title;
        uint64_t speaking;               /* products named beside the statuses */
        GArray *status[ZW_STATUS_COUNT]; /* of int, or NULL */
} Vulnerability;

struct Advisory {
        GBytes *json;
        JDoc *doc;
        char *label;
        const char *title, *publisher;
        bool vendor;
        Instant released;
        GArray *products; /* of AdvisoryProduct */
        GArray *vulnerabilities;
};

static const char *const status_names[ZW_STATUS_COUNT] = {
        "first_affected", "known_affected",     "last_affected",      "first_fixed",
        "fixed",          "known_not_affected", "under_investigation"
};

const char *advisory_status_name(AdvisoryStatus status)
{
        return status_names[status];
}

static void vulnerability_clear(gpointer data)
{
        Vulnerability *vulnerability = data;

        for (size_t i = 0; i < ZW_STATUS_COUNT; i++)
                g_clear_pointer(&vulnerability->status[i], g_array_unref);
}

void advisory_free(Advisory *advisory)
{
        if (advisory == NULL)
                return;
        g_clear_pointer(&advisory->products, g_array_unref);
        g_clear_pointer(&advisory->vulnerabilities, g_array_unref);
        jdoc_free(advisory->doc);
        g_bytes_unref(advisory->json);
        g_free(advisory->label);
        g_free(advisory);
}

/* ---- reading ---- */

static bool refuse(GError **error, const char *where, size_t i, const char *what)
{
        g_autofree char *place = g_strdup_printf("/%s/%zu", where, i);

        error_set(error, ZW_ERR_INPUT, place, "%s", what);
        return false;
}

static bool number_read(JVal value, size_t n, int *ret_number)
{
        int64_t number;

        if (!jval_int(value, &number) || number < 0 || (uint64_t)number >= n)
                return false;
        *ret_number = (int)number;
        return true;
}

/* The two products of `both`. A product that leads back to itself is caught where it is used, by a limit on depth. */
static bool both_read(JVal both, size_t n, AdvisoryProduct *product)
{
        JIter iter = jval_iter(both);
        JVal of, on;

        product->of = product->on = -1;
        if (both.type == JVAL_NONE)
                return true;
        return jval_count(both) == 2 && jiter_next(&iter, &of) && jiter_next(&iter, &on) &&
               number_read(of, n, &product->of) && number_read(on, n, &product->on);
}

static bool products_read(Advisory *advisory, JVal list, GError **error)
{
        size_t n = jval_count(list);
        JIter iter = jval_iter(list);
        JVal value;

        if (n > PRODUCTS_MAX) {
                error_set(error, ZW_ERR_LIMIT, "/products", "an advisory has at most %d products",
                          PRODUCTS_MAX);
                return false;
        }
        for (size_t i = 0; jiter_next(&iter, &value); i++) {
                AdvisoryProduct product = { .name = jval_get_text(value, "name"),
                                            .vendor = jval_get_text(value, "vendor"),
                                            .family = jval_get_text(value, "family"),
                                            .product = jval_get_text(value, "product"),
                                            .version = jval_get_text(value, "version"),
                                            .range = jval_get_text(value, "range"),
                                            .cpe = jval_get_text(value, "cpe"),
                                            .relation = jval_get_text(value, "relation"),
                                            .purls = jval_get(value, "purls"),
                                            .models = jval_get(value, "models"),
                                            .serials = jval_get(value, "serials"),
                                            .skus = jval_get(value, "skus"),
                                            .hashes = jval_get(value, "hashes") };

                if (value.type != JVAL_OBJECT || !both_read(jval_get(value, "both"), n, &product))
                        return refuse(error, "products", i,
                                      "a product is an object whose parts are products");
                g_array_append_val(advisory->products, product);
        }
        return true;
}

static bool status_read(Advisory *advisory, JVal list, GArray **ret_numbers)
{
        GArray *numbers = g_array_new(FALSE, FALSE, sizeof(int));
        JIter iter = jval_iter(list);
        JVal value;

        *ret_numbers = numbers;
        while (jiter_next(&iter, &value)) {
                int number;

                if (!number_read(value, advisory->products->len, &number))
                        return false;
                g_array_append_val(numbers, number);
        }
        return true;
}

static uint64_t speaking_count(JVal vulnerability)
{
        static const char *const lists[] = { "scores", "remediations", "flags", "threats" };
        uint64_t count = 0;

        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
                JIter iter = jval_iter(jval_get(vulnerability, lists[i]));
                JVal element;

                while (jiter_next(&iter, &element))
                        count += 1 + jval_count(jval_get(element, "products"));
        }
        return count;
}

static bool vulnerabilities_read(Advisory *advisory, JVal list, GError **error)
{
        JIter iter = jval_iter(list);
        JVal value;

        for (size_t i = 0; jiter_next(&iter, &value); i++) {
                Vulnerability vulnerability = { .value = value,
                                                .id = jval_get_text(value, "id"),
                                                .title = jval_get_text(value, "title"),
                                                .speaking = speaking_count(value) };
                bool good = vulnerability.id != NULL;

                for (size_t j = 0; j < ZW_STATUS_COUNT && good; j++)
                        good = status_read(advisory, jval_get(jval_get(value, "status"), status_names[j]),
                                           &vulnerability.status[j]);
                g_array_append_val(advisory->vulnerabilities, vulnerability);
                if (!good)
                        return refuse(error, "vulnerabilities", i,
                                      "a vulnerability has an id, and its statuses number products");
        }
        return true;
}

static bool head_read(Advisory *advisory, JVal root, GError **error)
{
        const char *id = jval_get_text(root, "id"), *system = jval_get_text(root, "system"),
                   *released = jval_get_text(root, "released");
        int64_t format = 0;

        if (!jval_int(jval_get(root, "format"), &format) || format != 1 || id == NULL || system == NULL) {
                error_set(error, ZW_ERR_INPUT, "/format", "these are no assertions of format 1");
                return false;
        }
        advisory->label = g_strdup_printf("%s:%s", system, id);
        advisory->title = jval_get_text(root, "title");
        advisory->publisher = jval_get_text(root, "publisher");
        advisory->vendor = g_strcmp0(jval_get_text(root, "role"), "vendor") == 0;
        if (released == NULL || !instant_parse(released, &advisory->released, NULL))
                advisory->released = 0;
        return true;
}

Advisory *advisory_load(GBytes *json, GError **error)
{
        g_autoptr(Advisory) advisory = g_new0(Advisory, 1);
        JVal root;

        advisory->json = g_bytes_ref(json);
        advisory->products = g_array_new(FALSE, FALSE, sizeof(AdvisoryProduct));
        advisory->vulnerabilities = g_array_new(FALSE, FALSE, sizeof(Vulnerability));
        g_array_set_clear_func(advisory->vulnerabilities, vulnerability_clear);
        advisory->doc = jdoc_parse(json, ADVISORY_DEPTH, error);
        if (advisory->doc == NULL)
                return NULL;
        root = jdoc_root(advisory->doc);
        if (!head_read(advisory, root, error) ||
            !products_read(advisory, jval_get(root, "products"), error) ||
            !vulnerabilities_read(advisory, jval_get(root, "vulnerabilities"), error))
                return NULL;
        return g_steal_pointer(&advisory);
}

/* ---- the whole ---- */

const char *advisory_label(const Advisory *advisory)
{
        return advisory->label;
}

const char *advisory_title(const Advisory *advisory)
{
        return advisory->title == NULL ? "" : advisory->title;
}

const char *advisory_publisher(const Advisory *advisory)
{
        return advisory->publisher == NULL ? "" : advisory->publisher;
}

bool advisory_is_vendor(const Advisory *advisory)
{
        return advisory->vendor;
}

Instant advisory_released(const Advisory *advisory)
{
        return advisory->released;
}

size_t advisory_product_count(const Advisory *advisory)
{
        return advisory->products->len;
}

const AdvisoryProduct *advisory_product(const Advisory *advisory, size_t product)
{
        return &g_array_index(advisory->products, AdvisoryProduct, product);
}

/* ---- vulnerabilities ---- */

static const Vulnerability *vulnerability_at(const Advisory *advisory, size_t i)
{
        return &g_array_index(advisory->vulnerabilities, Vulnerability, i);
}

size_t advisory_vulnerability_count(const Advisory *advisory)
{
        return advisory->vulnerabilities->len;
}

const char *advisory_vulnerability_id(const Advisory *advisory, size_t vulnerability)
{
        return vulnerability_at(advisory, vulnerability)->id;
}

const char *advisory_vulnerability_title(const Advisory *advisory, size_t vulnerability)
{
        return vulnerability_at(advisory, vulnerability)->title;
}

const int *advisory_status(const Advisory *advisory, size_t vulnerability, AdvisoryStatus status,
                           size_t *ret_n)
{
        const GArray *numbers = vulnerability_at(advisory, vulnerability)->status[status];

        *ret_n = numbers->len;
        return (const int *)(const void *)numbers->data;
}

uint64_t advisory_speaking_count(const Advisory *advisory, size_t vulnerability)
{
        return vulnerability_at(advisory, vulnerability)->speaking;
}

JVal advisory_cwes(const Advisory *advisory, size_t vulnerability)
{
        return jval_get(vulnerability_at(advisory, vulnerability)->value, "cwes");
}

/* An element without products speaks of all. */
static bool speaks_of(JVal element, int product)
{
        JVal list = jval_get(element, "products"), value;
        JIter iter = jval_iter(list);
        int64_t number;

        if (list.type == JVAL_NONE)
                return true;
        while (jiter_next(&iter, &value))
                if (jval_int(value, &number) && number == product)
                        return true;
        return false;
}

/* `9.8` of version `3.1` before `10.0` of `2.0`. */
static bool is_better(JVal a, const AdvisoryScore *b, const char *b_version)
{
        const char *version = jval_get_text(a, "version"), *score = jval_get_text(a, "score");
        int order = g_strcmp0(version, b_version);

        if (b->score == NULL || order != 0)
                return b->score == NULL || order > 0;
        return g_ascii_strtod(score == NULL ? "0" : score, NULL) > g_ascii_strtod(b->score, NULL);
}

bool advisory_score(const Advisory *advisory, size_t vulnerability, int product, AdvisoryScore *ret_score)
{
        JIter iter = jval_iter(jval_get(vulnerability_at(advisory, vulnerability)->value, "scores"));
        AdvisoryScore best = { 0 };
        const char *version = NULL;
        JVal element;

        while (jiter_next(&iter, &element)) {
                if (!speaks_of(element, product) || jval_get_text(element, "score") == NULL ||
                    !is_better(element, &best, version))
                        continue;
                version = jval_get_text(element, "version");
                best = (AdvisoryScore){ jval_get_text(element, "vector"), jval_get_text(element, "score"),
                                        jval_get_text(element, "severity") };
        }
        if (best.score != NULL)
                *ret_score = best;
        return best.score != NULL;
}

static void remediation_add(GString *text, GHashTable *seen, JVal element)
{
        const char *category = jval_get_text(element, "category"),
                   *details = jval_get_text(element, "details"), *url = jval_get_text(element, "url");
        g_autofree char *line = g_strdup_printf("%s: %s%s%s%s", category == NULL ? "remediation" : category,
                                                details == NULL ? "" : details, url == NULL ? "" : " (",
                                                url == NULL ? "" : url, url == NULL ? "" : ")");

        if (!g_hash_table_add(seen, g_strdup(line)))
                return;
        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "", line);
}

char *advisory_remediation(const Advisory *advisory, size_t vulnerability, int product)
{
        static const char *const order[] = { "vendor_fix", "optional_patch", "workaround", "mitigation",
                                             NULL };
        JVal list = jval_get(vulnerability_at(advisory, vulnerability)->value, "remediations"), element;
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GHashTable) seen = hash_table_new_text(g_free, NULL);

        for (size_t i = 0; i <= G_N_ELEMENTS(order) - 1; i++) {
                JIter iter = jval_iter(list);

                while (jiter_next(&iter, &element)) {
                        const char *category = jval_get_text(element, "category");
                        bool known = category != NULL && g_strv_contains(order, category);

                        if ((order[i] == NULL ? !known : g_strcmp0(category, order[i]) == 0) &&
                            speaks_of(element, product))
                                remediation_add(text, seen, element);
                }
        }
        return text->len == 0 ? NULL : g_string_free(g_steal_pointer(&text), FALSE);
}

const char *advisory_justification(const Advisory *advisory, size_t vulnerability, int product)
{
        JVal value = vulnerability_at(advisory, vulnerability)->value, element;
        JIter flags = jval_iter(jval_get(value, "flags")), threats = jval_iter(jval_get(value, "threats"));

        while (jiter_next(&flags, &element))
                if (speaks_of(element, product) && jval_get_text(element, "label") != NULL)
                        return jval_get_text(element, "label");
        while (jiter_next(&threats, &element))
                if (speaks_of(element, product) &&
                    g_strcmp0(jval_get_text(element, "category"), "impact") == 0)
                        return jval_get_text(element, "details");
        return NULL;
}

/* ---- content ---- */

static void text_hash(HashState *state, const char *text, size_t n)
{
        const uint64_t length = n;

        hash_update(state, &length, sizeof(length));
        hash_update(state, text, n);
}

/* Type, then what it holds; the nesting is bounded by that of the document. */
static void value_hash(HashState *state, JVal value)
{
        const uint8_t type = (uint8_t)value.type;
        const char *text, *key;
        JIter iter = jval_iter(value);
        size_t n, key_n;
        int64_t number = 0;
        bool flag = false;
        JVal inner;

        hash_update(state, &type, sizeof(type));
        text = jval_text(value, &n);
        if (text != NULL)
                text_hash(state, text, n);
        if (jval_int(value, &number))
                hash_update(state, &number, sizeof(number));
        if (jval_bool(value, &flag))
                hash_update(state, &flag, sizeof(flag));
        if (value.type == JVAL_ARRAY)
                while (jiter_next(&iter, &inner))
                        value_hash(state, inner);
        if (value.type == JVAL_OBJECT)
                while (jiter_next_member(&iter, &key, &key_n, &inner)) {
                        text_hash(state, key, key_n);
                        value_hash(state, inner);
                }
}

Digest advisory_content(const Advisory *advisory, size_t vulnerability)
{
        g_autoptr(HashState) state = hash_new();

        value_hash(state, jval_get(jdoc_root(advisory->doc), "products"));
        value_hash(state, vulnerability_at(advisory, vulnerability)->value);
        return hash_finish(state);
}
