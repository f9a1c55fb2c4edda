/* An advisory is what VEX says of the same products, under another head, with scores, weaknesses and remedies. */
#include "exchange/csaf_advisory.h"

#include "base/hash.h"
#include "model/catalogue.h"
#include "vuln/cvss.h"

#include <string.h>

char *csaf_advisory_file(const char *id)
{
        g_autofree char *lower = g_ascii_strdown(id, -1);
        GString *name = g_string_new(NULL);

        for (const char *p = lower; *p != '\0'; p++) {
                const bool kept = g_ascii_isalnum(*p) || *p == '+' || *p == '-';

                if (kept)
                        g_string_append_c(name, *p);
                else if (name->len == 0 || name->str[name->len - 1] != '_')
                        g_string_append_c(name, '_');
        }
        g_string_append(name, ".json");
        return g_string_free(name, FALSE);
}

bool csaf_advisory_url_check(const char *url, const char *where, GError **error)
{
        g_autoptr(GError) why = NULL;

        if (g_uri_is_valid(url, G_URI_FLAGS_NONE, &why))
                return true;
        error_set(error, ZW_ERR_INPUT, where, "\"%s\" is no address such as https://acme.example/sa-1.json",
                  url);
        return false;
}

/* ---- the head ---- */

static json_t *tracking_make(const CsafAdvisory *advisory)
{
        const size_t n = json_array_size(advisory->revisions);
        const json_t *first = json_array_get(advisory->revisions, 0),
                     *last = json_array_get(advisory->revisions, n - 1);

        return json_pack("{s:s, s:s, s:O, s:O, s:O, s:O}", "id", advisory->id, "status",
                         advisory->final ? "final" : "draft", "version", json_object_get(last, "number"),
                         "initial_release_date", json_object_get(first, "date"), "current_release_date",
                         json_object_get(last, "date"), "revision_history", advisory->revisions);
}

static json_t *head_make(const CsafAdvisory *advisory)
{
        json_t *head = json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s}, s:o}", "category",
                                 "csaf_security_advisory", "csaf_version", "2.0", "lang", "en", "title",
                                 advisory->title, "publisher", "category", "vendor", "name",
                                 advisory->publisher, "namespace", advisory->namespace, "tracking",
                                 tracking_make(advisory));

        if (advisory->summary != NULL)
                json_object_set_new(head, "notes",
                                    json_pack("[{s:s, s:s}]", "category", "summary", "text",
                                              advisory->summary));
        if (advisory->url != NULL)
                json_object_set_new(head, "references",
                                    json_pack("[{s:s, s:s, s:s}]", "category", "self", "summary",
                                              "This advisory", "url", advisory->url));
        return head;
}

/* ---- vulnerabilities ---- */

static const char *name_of(const json_t *vulnerability)
{
        const char *cve = jread_get_string(vulnerability, "cve");

        return cve != NULL
                       ? cve
                       : jread_get_string(json_array_get(json_object_get(vulnerability, "ids"), 0), "text");
}

/* What a status of the vulnerability names; a new array. */
static json_t *products_with(const json_t *vulnerability, const char *status)
{
        const json_t *list = json_object_get(json_object_get(vulnerability, "product_status"), status);

        return list == NULL ? json_array() : json_copy((json_t *)(uintptr_t)list);
}

/* Of the impact only that of what is not affected is for others to read: the rest is how the team works. */
static void threats_publish(json_t *vulnerability)
{
        g_autoptr(Json) free_of_it = products_with(vulnerability, "known_not_affected");
        json_t *threats = json_object_get(vulnerability, "threats");

        for (size_t i = json_array_size(threats); i > 0; i--) {
                const json_t *ids = json_object_get(json_array_get(threats, i - 1), "product_ids"), *id;
                bool all = true;
                size_t j, k;

                json_array_foreach(ids, j, id)
                {
                        const json_t *other;
                        bool found = false;

                        json_array_foreach(free_of_it, k, other) found = found || json_equal(id, other);
                        all = all && found;
                }
                if (!all)
                        json_array_remove(threats, i - 1);
        }
        if (json_array_size(threats) == 0)
                json_object_del(vulnerability, "threats");
}

/* The first weakness that the table knows by name, as the format takes one. */
static void cwe_set(json_t *vulnerability, const json_t *statement)
{
        const json_t *each;
        size_t i;

        json_array_foreach(json_object_get(statement, "cwes"), i, each)
        {
                const Weakness *weakness = json_is_string(each) ? catalogue_weakness(json_string_value(each))
                                                                : NULL;

                if (weakness == NULL)
                        continue;
                json_object_set_new(vulnerability, "cwe",
                                    json_pack("{s:s, s:s}", "id", weakness->cwe, "name", weakness->name));
                return;
        }
}

static json_t *score_make(const char *vector, GError **error)
{
        CvssScores scores;
        Cvss cvss;
        json_t *score;
        g_autofree char *severity = NULL;

        if (!cvss_parse(vector, &cvss, error))
                return NULL;
        if (cvss.version == CVSS_4_0) {
                error_set(error, ZW_ERR_INPUT, NULL, "CSAF 2.0 takes no vector of CVSS %s",
                          cvss_version_name(cvss.version));
                return NULL;
        }
        scores = cvss_scores(&cvss);
        score = json_pack("{s:s, s:s, s:f}", "version", cvss_version_name(cvss.version), "vectorString",
                          vector, "baseScore", scores.base / 10.0);
        if (cvss.version == CVSS_2_0)
                return json_pack("{s:o}", "cvss_v2", score);
        severity = g_ascii_strup(cvss_severity(scores.base), -1);
        json_object_set_new(score, "baseSeverity", json_string(severity));
        return json_pack("{s:o}", "cvss_v3", score);
}

typedef struct {
        const VexDocument *document;
        GHashTable *scored; /* `VULNERABILITY PRODUCT` */
} Adding;

/* The score speaks for the products of the statement, of which each has one. */
static void score_add(const Adding *adding, json_t *vulnerability, const json_t *statement)
{
        const char *vector = jread_get_string(statement, "cvss");
        g_autoptr(GError) why = NULL;
        g_autoptr(Json) ids = json_array(), score = NULL;
        json_t *scores = json_object_get(vulnerability, "scores");
        const json_t *product;
        size_t i;

        if (vector == NULL)
                return;
        score = score_make(vector, &why);
        if (score == NULL) {
                vex_lose(adding->document, statement, "its score: %s", why->message);
                return;
        }
        json_array_foreach(json_object_get(statement, "products"), i,
                           product) if (g_hash_table_add(adding->scored,
                                                         g_strdup_printf("%s %s", name_of(vulnerability),
                                                                         jread_get_string(product, "key"))))
                json_array_append(ids, json_object_get(product, "key"));
        if (json_array_size(ids) == 0)
                return;
        json_object_set(score, "products", ids);
        if (scores == NULL) {
                scores = json_array();
                json_object_set_new(vulnerability, "scores", scores);
        }
        json_array_append(scores, score);
}

static void url_add(json_t *vulnerability, const json_t *statement)
{
        const char *url = jread_get_string(statement, "url");
        json_t *remedy;
        size_t i;

        if (url == NULL)
                return;
        json_array_foreach(json_object_get(vulnerability, "remediations"), i,
                           remedy) if (g_strcmp0(jread_get_string(remedy, "category"), "vendor_fix") == 0)
                json_object_set_new(remedy, "url", json_string(url));
}

static void statement_add(const Adding *adding, json_t *vulnerabilities, const json_t *statement)
{
        json_t *vulnerability;
        size_t i;

        json_array_foreach(vulnerabilities, i, vulnerability)
        {
                const char *discovered = jread_get_string(statement, "discovered");

                if (g_strcmp0(name_of(vulnerability), jread_get_string(statement, "vulnerability")) != 0)
                        continue;
                cwe_set(vulnerability, statement);
                score_add(adding, vulnerability, statement);
                url_add(vulnerability, statement);
                if (discovered != NULL)
                        json_object_set_new(vulnerability, "discovery_date", json_string(discovered));
        }
}

json_t *csaf_advisory_write(const CsafAdvisory *advisory)
{
        const VexDocument document = { .project = advisory->id,
                                       .title = advisory->title,
                                       .statements = advisory->statements,
                                       .lost = advisory->lost };
        g_autoptr(GHashTable) scored = hash_table_new_text(g_free, NULL);
        const Adding adding = { &document, scored };
        json_t *made = vex_write_csaf(&document), *vulnerabilities = json_object_get(made, "vulnerabilities"),
               *each;
        const json_t *statement;
        size_t i;

        json_object_set_new(made, "document", head_make(advisory));
        json_array_foreach(vulnerabilities, i, each) threats_publish(each);
        json_array_foreach(advisory->statements, i, statement)
                statement_add(&adding, vulnerabilities, statement);
        return made;
}
