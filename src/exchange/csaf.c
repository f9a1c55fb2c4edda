/* CSAF 2.0 advisories and VEX documents. The figures count what is in the document; an import makes one document item, with
 * the file attached, and one operation that carries the assertions about products in a normalized form, by which the
 * advisory is matched at every import (docs/formats/csaf.md). Violations of the mandatory tests of the standard are problems
 * with the number of the test, of the optional ones warnings. What is read of the draft 2.1 is what 2.0 has too. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "exchange/csaf.h"

enum { PROBLEMS_MAX = 1000, ARENA_BYTES_MAX = 64 << 20 };

typedef void (*Saying)(Sink *sink, const char *where, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void say(Csaf *csaf, Saying saying, const JPlace *place, const char *test, const char *text)
{
        g_autofree char *where = jplace_text(NULL, place);

        if (test == NULL)
                saying(csaf->sink, where, "%s", text);
        else
                saying(csaf->sink, where, "%s (CSAF %s test %s)", text, csaf->draft_2_1 ? "2.1" : "2.0",
                       test);
}

void csaf_problem(Csaf *csaf, const JPlace *place, const char *test, const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        if (++csaf->n_problems > PROBLEMS_MAX)
                return;
        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        say(csaf, sink_problem, place, test, text);
}

void csaf_warning(Csaf *csaf, const JPlace *place, const char *test, const char *format, ...)
{
        g_autofree char *text = NULL;
        va_list args;

        if (++csaf->n_warnings > PROBLEMS_MAX)
                return;
        va_start(args, format);
        text = g_strdup_vprintf(format, args);
        va_end(args);
        say(csaf, sink_warning, place, test, text);
}

JVal csaf_list(Csaf *csaf, JVal object, const char *key, const JPlace *parent)
{
        JVal list = jval_get(object, key);
        JPlace place = csaf_key(parent, key);
        g_autofree char *where = NULL;

        if (list.type == JVAL_NONE || list.type == JVAL_ARRAY)
                return list;
        where = jplace_text(NULL, &place);
        sink_refuse(csaf->sink, where, "an array is expected");
        list.type = JVAL_NONE;
        return list;
}

/* ---- what must be there ---- */

static const char *demand_text(JVal object, const char *where, const char *key, GError **error)
{
        const char *text = jval_get_text(object, key);
        g_autofree char *place = g_strdup_printf("%s/%s", where, key);

        if (text == NULL || text[0] == '\0') {
                error_set(error, ZW_ERR_INPUT, place,
                          "an advisory has this text, without which it has no identity");
                return NULL;
        }
        if (!g_utf8_validate(text, -1, NULL)) {
                error_set(error, ZW_ERR_ENCODING, place, "the text is not valid UTF-8");
                return NULL;
        }
        return text;
}

static bool version_take(Csaf *csaf, GError **error)
{
        const char *version = jval_get_text(csaf->document, "csaf_version");

        if (csaf->root.type != JVAL_OBJECT || csaf->document.type != JVAL_OBJECT) {
                error_set(error, ZW_ERR_INPUT, "/document",
                          "this is no CSAF document: there is no object \"document\"");
                return false;
        }
        if (version == NULL || (strcmp(version, "2.0") != 0 && strcmp(version, "2.1") != 0)) {
                error_set(error, ZW_ERR_INPUT, "/document/csaf_version",
                          "csaf_version is \"2.0\", or \"2.1\" of the draft; this reads no other");
                return false;
        }
        csaf->draft_2_1 = strcmp(version, "2.1") == 0;
        sink_version(csaf->sink, version);
        return true;
}

/* Identity: publisher's namespace and tracking id; both, title and version are what the document item is made of. */
static bool identity_check(Csaf *csaf, GError **error)
{
        JVal publisher = jval_get(csaf->document, "publisher");

        csaf->category = demand_text(csaf->document, "/document", "category", error);
        return csaf->category != NULL && demand_text(csaf->document, "/document", "title", error) != NULL &&
               demand_text(publisher, "/document/publisher", "name", error) != NULL &&
               demand_text(publisher, "/document/publisher", "namespace", error) != NULL &&
               demand_text(csaf->tracking, "/document/tracking", "id", error) != NULL &&
               demand_text(csaf->tracking, "/document/tracking", "version", error) != NULL;
}

/* ---- figures ---- */

/* Adds up the elements of one list of all vulnerabilities. */
static int64_t count_in(JVal vulnerabilities, const char *key)
{
        JIter iter = jval_iter(vulnerabilities);
        int64_t n = 0;
        JVal value;

        while (jiter_next(&iter, &value))
                n += (int64_t)jval_count(jval_get(value, key));
        return n;
}

static void vulnerability_figures(Sink *sink, JVal vulnerability)
{
        JIter statuses = jval_iter(jval_get(vulnerability, "product_status"));
        JIter scores = jval_iter(jval_get(vulnerability, "scores"));
        const char *name;
        JVal value;

        while (jiter_next_member(&statuses, &name, NULL, &value))
                sink_figure_add(sink, "product_status", name, (int64_t)jval_count(value));
        while (jiter_next(&scores, &value)) {
                JIter members = jval_iter(value);
                JVal score;

                while (jiter_next_member(&members, &name, NULL, &score))
                        if (g_str_has_prefix(name, "cvss_"))
                                sink_figure_add(sink, "scores", name, 1);
        }
}

static void helper_figures(Csaf *csaf)
{
        int64_t cpes = 0, purls = 0;

        for (guint i = 0; i < csaf->products->len; i++) {
                const CsafProduct *product = &g_array_index(csaf->products, CsafProduct, i);

                cpes += jval_get(product->helper, "cpe").type == JVAL_STRING;
                purls += jval_get(product->helper, "purl").type == JVAL_STRING ||
                         jval_count(jval_get(product->helper, "purls")) > 0;
        }
        sink_figure_int(csaf->sink, "branch_products", csaf->n_branch_products);
        sink_figure_int(csaf->sink, "full_product_names",
                        (int64_t)jval_count(jval_get(csaf->tree, "full_product_names")));
        sink_figure_int(csaf->sink, "relationships",
                        (int64_t)jval_count(jval_get(csaf->tree, "relationships")));
        sink_figure_int(csaf->sink, "product_groups",
                        (int64_t)jval_count(jval_get(csaf->tree, "product_groups")));
        sink_figure_int(csaf->sink, "cpe_helpers", cpes);
        sink_figure_int(csaf->sink, "purl_helpers", purls);
}

static void figures(Csaf *csaf)
{
        JIter iter = jval_iter(csaf->vulnerabilities);
        int64_t with_cve = 0;
        JVal value;

        sink_figure_text(csaf->sink, "csaf_version", jval_get_text(csaf->document, "csaf_version"));
        sink_figure_text(csaf->sink, "category", csaf->category);
        sink_figure_text(csaf->sink, "id", jval_get_text(csaf->tracking, "id"));
        sink_figure_text(csaf->sink, "rev", jval_get_text(csaf->tracking, "version"));
        sink_figure_int(csaf->sink, "revisions",
                        (int64_t)jval_count(jval_get(csaf->tracking, "revision_history")));
        helper_figures(csaf);
        sink_figure_int(csaf->sink, "vulnerabilities", (int64_t)jval_count(csaf->vulnerabilities));
        while (jiter_next(&iter, &value)) {
                with_cve += jval_get(value, "cve").type == JVAL_STRING;
                vulnerability_figures(csaf->sink, value);
        }
        sink_figure_int(csaf->sink, "with_cve", with_cve);
        sink_figure_int(csaf->sink, "remediations", count_in(csaf->vulnerabilities, "remediations"));
        sink_figure_int(csaf->sink, "threats", count_in(csaf->vulnerabilities, "threats"));
        sink_figure_int(csaf->sink, "flags", count_in(csaf->vulnerabilities, "flags"));
}

/* ---- operations ---- */

/* Where the document says it is kept: its reference to itself. */
static const char *self_uri(JVal document)
{
        JIter iter = jval_iter(jval_get(document, "references"));
        const char *any = NULL;
        JVal reference;

        while (jiter_next(&iter, &reference)) {
                const char *url = jval_get_text(reference, "url");

                if (url == NULL || g_strcmp0(jval_get_text(reference, "category"), "self") != 0)
                        continue;
                if (g_str_has_suffix(url, ".json"))
                        return url;
                if (any == NULL)
                        any = url;
        }
        return any;
}

static void ops(Csaf *csaf)
{
        const char *id = jval_get_text(csaf->tracking, "id"), *uri = self_uri(csaf->document);
        g_autofree char *system = g_strdup_printf("csaf:%s",
                                                  jval_get_text(jval_get(csaf->document, "publisher"),
                                                                "namespace"));
        json_t *attrs = json_pack("{s:s}", "revision", jval_get_text(csaf->tracking, "version"));

        if (uri != NULL)
                json_object_set_new(attrs, "uri", json_string(uri));
        sink_op(csaf->sink,
                json_pack("{s:s, s:s, s:s, s:s, s:o, s:{s:s, s:s}, s:b}", "where", "/document", "op", "item",
                          "kind", "document", "title", jval_get_text(csaf->document, "title"), "attrs", attrs,
                          "source", "system", system, "id", id, "attach_file", 1));
        sink_op(csaf->sink, json_pack("{s:s, s:s, s:{s:[s, s]}, s:o}", "where", "/document", "op", "advisory",
                                      "document", "source", system, id, "advisory", csaf_assertions(csaf)));
}

static void group_free(gpointer group)
{
        g_array_unref(group);
}

static void check(Csaf *csaf)
{
        csaf_check_document(csaf);
        csaf_check_history(csaf);
        csaf_check_tree(csaf);
        csaf_check_vulnerabilities(csaf);
        if (csaf->draft_2_1)
                csaf_check_draft(csaf);
        if (csaf->n_problems > PROBLEMS_MAX)
                sink_problem(csaf->sink, "", "%zu more problems are not listed",
                             csaf->n_problems - PROBLEMS_MAX);
        if (csaf->figures_only) /* an import changes nothing by them */
                csaf_check_optional(csaf);
        if (csaf->n_warnings > PROBLEMS_MAX)
                sink_warning(csaf->sink, "", "%zu more warnings are not listed",
                             csaf->n_warnings - PROBLEMS_MAX);
}

bool csaf_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jdoc_parse(source->bytes, source->depth_max, error);
        g_autoptr(GArray) products = g_array_new(FALSE, TRUE, sizeof(CsafProduct));
        g_autoptr(GHashTable) by_id = hash_table_new_text(NULL, NULL),
                              groups = hash_table_new_text(NULL, group_free);
        g_autoptr(Arena) arena = arena_new(ARENA_BYTES_MAX);
        Csaf csaf = { .sink = sink,
                      .figures_only = source->figures_only,
                      .products = products,
                      .by_id = by_id,
                      .groups = groups,
                      .arena = arena };

        if (doc == NULL)
                return false;
        csaf.root = jdoc_root(doc);
        csaf.document = jval_get(csaf.root, "document");
        csaf.tracking = jval_get(csaf.document, "tracking");
        csaf.tree = jval_get(csaf.root, "product_tree");
        if (!version_take(&csaf, error) || !identity_check(&csaf, error))
                return false;
        csaf.vulnerabilities = csaf_list(&csaf, csaf.root, "vulnerabilities", NULL);
        csaf_tree_read(&csaf);
        figures(&csaf);
        check(&csaf);
        if (!source->figures_only)
                ops(&csaf);
        return true;
}
