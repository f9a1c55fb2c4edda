/* CVE records as assertions. Each `affected` entry is a product for each of its CPE names and each stretch of versions. */
#include "exchange/cve.h"

#include "exchange/feed.h"
#include "exchange/jfigures.h"

#include <string.h>

enum { PRODUCTS_MAX = 20000, TITLE_MAX = 160 };

typedef struct {
        json_t *assertions;
        JVal affected; /* the entry */
} Entry;

/* Words that say that nothing is said. */
static bool is_blank(const char *text)
{
        static const char *const blanks[] = { "", "*", "-", "0", "n/a", "unknown", "unspecified", NULL };
        g_autofree char *lower = text == NULL ? NULL : g_ascii_strdown(text, -1);

        return lower == NULL || g_strv_contains(blanks, lower);
}

static void put_text(json_t *object, const char *name, const char *text)
{
        if (text != NULL && text[0] != '\0')
                json_object_set_new(object, name, json_string(text));
}

/* A product of the entry; `range` may be NULL: every version. */
static void product_add(const Entry *entry, const char *cpe, const char *version, const char *range,
                        const char *status)
{
        const char *vendor = jval_get_text(entry->affected, "vendor"),
                   *name = jval_get_text(entry->affected, "product"),
                   *purl = jval_get_text(entry->affected, "packageURL");
        json_t *product = json_object();

        if (name == NULL)
                name = jval_get_text(entry->affected, "packageName");
        put_text(product, "name", name);
        put_text(product, "vendor", is_blank(vendor) ? NULL : vendor);
        put_text(product, "product", is_blank(name) ? NULL : name);
        put_text(product, "version", version);
        put_text(product, "range", range);
        put_text(product, "cpe", cpe);
        if (purl != NULL)
                json_object_set_new(product, "purls", json_pack("[s]", purl));
        feed_status_add(entry->assertions, status, feed_product_add(entry->assertions, product));
}

/* For each CPE name, or once. */
static void products_add(const Entry *entry, const char *version, const char *range, const char *status)
{
        JIter cpes = jval_iter(jval_get(entry->affected, "cpes"));
        bool any = false;
        JVal cpe;

        if (json_array_size(json_object_get(entry->assertions, "products")) >= PRODUCTS_MAX)
                return;
        while (jiter_next(&cpes, &cpe)) {
                product_add(entry, jval_text(cpe, NULL), version, range, status);
                any = true;
        }
        if (!any)
                product_add(entry, NULL, version, range, status);
}

/* Where the status of a stretch changes, it ends. */
static const char *change_of(JVal version, const char *status)
{
        JIter iter = jval_iter(jval_get(version, "changes"));
        JVal change;

        while (jiter_next(&iter, &change))
                if (g_strcmp0(jval_get_text(change, "status"), status) != 0)
                        return jval_get_text(change, "at");
        return NULL;
}

static void version_take(const Entry *entry, JVal version)
{
        const char *from = jval_get_text(version, "version"), *status = jval_get_text(version, "status"),
                   *before = jval_get_text(version, "lessThan"),
                   *upto = jval_get_text(version, "lessThanOrEqual"), *change = change_of(version, status);
        const bool affected = g_strcmp0(status, "affected") == 0,
                   stretch = before != NULL || upto != NULL || change != NULL;
        g_autofree char *range = NULL;

        if (!affected && g_strcmp0(status, "unaffected") != 0)
                return; /* unknown clears nothing and accuses nobody */
        if (g_strcmp0(jval_get_text(version, "versionType"), "git") == 0)
                return; /* commits are no versions of what is installed */
        if (change != NULL) {
                before = change;
                upto = NULL;
        }
        if (is_blank(before) && is_blank(upto))
                before = upto = NULL;
        if (stretch)
                range = feed_range(is_blank(from) ? NULL : from, true, before != NULL ? before : upto,
                                   before == NULL);
        if (stretch && range == NULL)
                range = g_strdup("all versions");
        if (!stretch && is_blank(from))
                range = g_strdup(g_strcmp0(from, "*") == 0 || g_strcmp0(from, "0") == 0 ? "all versions"
                                                                                        : "unspecified");
        products_add(entry, stretch || range != NULL ? NULL : from, range,
                     affected ? "known_affected" : "known_not_affected");
}

static void affected_take(JVal affected, const char *name G_GNUC_UNUSED, void *assertions)
{
        const Entry entry = { assertions, affected };
        JIter iter = jval_iter(jval_get(affected, "versions"));
        JVal version;

        while (jiter_next(&iter, &version))
                version_take(&entry, version);
        if (jval_count(jval_get(affected, "versions")) == 0 &&
            g_strcmp0(jval_get_text(affected, "defaultStatus"), "affected") == 0)
                products_add(&entry, NULL, "all versions", "known_affected");
}

static void cwe_take(JVal cwe, const char *name G_GNUC_UNUSED, void *assertions)
{
        if (jval_text(cwe, NULL) != NULL)
                feed_cwe_add(assertions, jval_text(cwe, NULL));
}

static void metric_take(JVal metric, const char *name, void *assertions)
{
        if (name != NULL && g_str_has_prefix(name, "cvss"))
                feed_score_add(assertions, metric);
}

/* The title, or the beginning of the description. */
static char *title_of(JVal cna)
{
        const char *title = jval_get_text(cna, "title");
        JIter iter = jval_iter(jval_get(cna, "descriptions"));
        g_autofree char *cut = NULL;
        JVal description;

        if (title == NULL && jiter_next(&iter, &description))
                title = jval_get_text(description, "value");
        cut = g_strndup(title == NULL ? "" : title, TITLE_MAX);
        return g_utf8_make_valid(cut, -1);
}

void cve_feed(JVal root, Sink *sink)
{
        JVal metadata = jval_get(root, "cveMetadata"), cna = jval_get(jval_get(root, "containers"), "cna");
        const char *id = jval_get_text(metadata, "cveId"), *modified = jval_get_text(metadata, "dateUpdated");
        g_autofree char *title = title_of(cna);
        json_t *assertions = feed_assertions_new("cve", id, jval_get_text(metadata, "assignerShortName"),
                                                 title, modified);

        if (g_strcmp0(jval_get_text(metadata, "state"), "REJECTED") != 0) {
                jfigures_visit(root, "containers/cna/affected/*", affected_take, assertions);
                jfigures_visit(root, "containers/adp/*/affected/*", affected_take, assertions);
        }
        jfigures_visit(root, "containers/**/problemTypes/*/descriptions/*/cweId", cwe_take, assertions);
        jfigures_visit(root, "containers/cna/metrics/*/*", metric_take, assertions);
        jfigures_visit(root, "containers/adp/*/metrics/*/*", metric_take, assertions);
        feed_record(sink, "cve", id, modified != NULL ? modified : jval_get_text(metadata, "datePublished"),
                    assertions);
}
