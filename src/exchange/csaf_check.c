/* Mandatory tests of CSAF 2.0, section 6.1, about products and vulnerabilities. Of that section only 6.1.12 (languages) is left
 * out, which needs the registry of languages. Scores and history are in files of their own. */
#include "base/hash.h"
#include "exchange/csaf.h"
#include "model/catalogue.h"
#include "vuln/cpe.h"
#include "vuln/purl.h"

/* ---- products ---- */

static void purl_check(Csaf *csaf, JVal purl, const JPlace *place)
{
        g_autoptr(GError) error = NULL;
        g_auto(Purl) read = { 0 };

        if (purl.type == JVAL_STRING && !purl_parse(jval_text(purl, NULL), &read, &error))
                csaf_problem(csaf, place, "6.1.13", "%s: %s", jval_text(purl, NULL), error->message);
}

static void hashes_check(Csaf *csaf, JVal helper, const JPlace *place)
{
        JPlace list_place = csaf_key(place, "hashes");
        JIter iter = jval_iter(jval_get(helper, "hashes"));
        JVal file;

        for (size_t i = 0; jiter_next(&iter, &file); i++) {
                g_autoptr(GHashTable) seen = hash_table_new_text(NULL, NULL);
                JPlace here = csaf_index(&list_place, i);
                JIter hashes = jval_iter(jval_get(file, "file_hashes"));
                JVal hash;

                while (jiter_next(&hashes, &hash)) {
                        const char *algorithm = jval_get_text(hash, "algorithm");

                        if (algorithm != NULL && !g_hash_table_add(seen, (gpointer)(uintptr_t)algorithm))
                                csaf_problem(csaf, &here, "6.1.25", "the hash algorithm %s is used twice",
                                             algorithm);
                }
        }
}

static void helper_check(Csaf *csaf, const CsafProduct *product)
{
        JPlace tree = csaf_key(NULL, "product_tree"), id = csaf_key(&tree, product->id),
               place = csaf_key(&id, "product_identification_helper"), cpe_place = csaf_key(&place, "cpe"),
               purl_place = csaf_key(&place, "purl");
        const char *cpe = jval_get_text(product->helper, "cpe");
        JIter purls = jval_iter(jval_get(product->helper, "purls"));
        g_autoptr(GError) error = NULL;
        g_auto(Cpe) read = { 0 };
        JVal purl;

        if (cpe != NULL && !cpe_parse(cpe, &read, &error))
                csaf_problem(csaf, &cpe_place, NULL, "%s: %s", cpe, error->message);
        purl_check(csaf, jval_get(product->helper, "purl"), &purl_place);
        while (jiter_next(&purls, &purl))
                purl_check(csaf, purl, &purl_place);
        hashes_check(csaf, product->helper, &place);
}

/* Words count as words, signs anywhere. */
bool csaf_reads_like_range(const char *name)
{
        static const char *const words[] = {
                "after", "all", "before", "earlier", "later", "prior", "versions"
        };
        g_autofree char *lower = g_ascii_strdown(name, -1);
        g_auto(GStrv) parts = NULL;

        if (strpbrk(lower, "<>") != NULL)
                return true;
        parts = g_strsplit_set(lower, " \t,;()|/:*", -1);
        for (size_t i = 0; parts[i] != NULL; i++)
                for (size_t j = 0; j < G_N_ELEMENTS(words); j++)
                        if (strcmp(parts[i], words[j]) == 0)
                                return true;
        return false;
}

static void branches_check(Csaf *csaf, JVal parent, const JPlace *place)
{
        JPlace list_place = csaf_key(place, "branches");
        JIter iter = jval_iter(jval_get(parent, "branches"));
        JVal branch;

        for (size_t i = 0; jiter_next(&iter, &branch); i++) {
                JPlace here = csaf_index(&list_place, i), name_place = csaf_key(&here, "name");
                const char *name = jval_get_text(branch, "name");

                if (name != NULL && g_strcmp0(jval_get_text(branch, "category"), "product_version") == 0 &&
                    csaf_reads_like_range(name))
                        csaf_problem(csaf, &name_place, "6.1.31", "the version \"%s\" reads like a range",
                                     name);
                branches_check(csaf, branch, &here);
        }
}

void csaf_check_tree(Csaf *csaf)
{
        JPlace tree = csaf_key(NULL, "product_tree");

        for (guint i = 0; i < csaf->products->len; i++)
                helper_check(csaf, &g_array_index(csaf->products, CsafProduct, i));
        branches_check(csaf, csaf->tree, &tree);
}

/* ---- sets of products: one bit field per product, cleared over what was touched ---- */

CsafMarks csaf_marks_new(const Csaf *csaf)
{
        return (CsafMarks){ g_new0(uint8_t, csaf->products->len + 1),
                            g_array_new(FALSE, FALSE, sizeof(int)) };
}

void csaf_marks_clear(CsafMarks *marks)
{
        g_free(marks->bits);
        g_array_unref(marks->touched);
}

void csaf_marks_reset(CsafMarks *marks)
{
        for (guint i = 0; i < marks->touched->len; i++)
                marks->bits[g_array_index(marks->touched, int, i)] = 0;
        g_array_set_size(marks->touched, 0);
}

uint8_t csaf_marks_set(CsafMarks *marks, int product, uint8_t bit)
{
        uint8_t before = marks->bits[product];

        if (before == 0)
                g_array_append_val(marks->touched, product);
        marks->bits[product] = before | bit;
        return before;
}

/* ---- one vulnerability ---- */

static void statuses_check(Csaf *csaf, JVal vulnerability, CsafMarks *marks, const JPlace *place)
{
        static const struct {
                const char *status;
                uint8_t group;
        } rows[] = { { "first_affected", 1 },      { "known_affected", 1 }, { "last_affected", 1 },
                     { "first_fixed", 2 },         { "fixed", 2 },          { "known_not_affected", 4 },
                     { "under_investigation", 8 }, { "recommended", 0 } };
        JVal statuses = jval_get(vulnerability, "product_status");
        JPlace status_place = csaf_key(place, "product_status");

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
                JPlace list_place = csaf_key(&status_place, rows[i].status);
                JIter iter = jval_iter(csaf_list(csaf, statuses, rows[i].status, &status_place));
                JVal id;

                for (size_t j = 0; jiter_next(&iter, &id); j++) {
                        JPlace here = csaf_index(&list_place, j);
                        int product = csaf_product(csaf, id, &here);

                        if (product < 0 || rows[i].group == 0)
                                continue;
                        if ((csaf_marks_set(marks, product, rows[i].group) & ~rows[i].group) != 0)
                                csaf_problem(csaf, &here, "6.1.6",
                                             "the product %s has statuses that contradict",
                                             jval_text(id, NULL));
                }
        }
        csaf_marks_reset(marks);
}

static void scores_check(Csaf *csaf, JVal vulnerability, CsafMarks *marks, const JPlace *place)
{
        static const char *const members[] = { "cvss_v2", "cvss_v3", "cvss_v4" };
        const char *key = csaf->draft_2_1 ? "metrics" : "scores";
        JPlace list_place = csaf_key(place, key);
        JIter iter = jval_iter(csaf_list(csaf, vulnerability, key, place));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                JPlace here = csaf_index(&list_place, i);
                g_autoptr(GArray) products = csaf_products_of(csaf, element, "products", &here, true);
                JVal content = csaf->draft_2_1 ? jval_get(element, "content") : element;

                for (size_t j = 0; j < G_N_ELEMENTS(members); j++) {
                        JVal score = jval_get(content, members[j]);
                        bool old = g_strcmp0(jval_get_text(score, "version"), "3.0") == 0;

                        if (score.type == JVAL_NONE)
                                continue;
                        csaf_check_score(csaf, score, members[j], &here);
                        for (guint k = 0; k < products->len && !csaf->draft_2_1; k++) {
                                int product = g_array_index(products, int, k);
                                uint8_t bit = (uint8_t)(1u << (j * 2 + (old ? 1 : 0)));

                                if ((csaf_marks_set(marks, product, bit) & bit) != 0)
                                        csaf_problem(csaf, &here, "6.1.7",
                                                     "the product %s has two scores of one version",
                                                     g_array_index(csaf->products, CsafProduct, product).id);
                        }
                }
        }
        csaf_marks_reset(marks);
}

static void cwe_check(Csaf *csaf, JVal cwe, const JPlace *place)
{
        const char *id = jval_get_text(cwe, "id"), *name = jval_get_text(cwe, "name");
        const Weakness *weakness = id == NULL ? NULL : catalogue_weakness(id);

        if (weakness != NULL && name != NULL && strcmp(weakness->name, name) != 0)
                csaf_problem(csaf, place, "6.1.11", "%s is \"%s\", not \"%s\"", id, weakness->name, name);
}

static bool is_vex_justification(const char *label)
{
        static const char *const labels[] = { "component_not_present", "inline_mitigations_already_exist",
                                              "vulnerable_code_cannot_be_controlled_by_adversary",
                                              "vulnerable_code_not_in_execute_path",
                                              "vulnerable_code_not_present" };

        for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
                if (g_strcmp0(label, labels[i]) == 0)
                        return true;
        return false;
}

/* Elements that speak of products: all must name one where `test` is given; `marks` gets what they name. */
static void speaking_check(Csaf *csaf, JVal vulnerability, const char *key, const char *test,
                           CsafMarks *marks, const char *category, const JPlace *place)
{
        JPlace list_place = csaf_key(place, key);
        JIter iter = jval_iter(csaf_list(csaf, vulnerability, key, place));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                JPlace here = csaf_index(&list_place, i);
                g_autoptr(GArray) products = csaf_products_of(csaf, element, "product_ids", &here, true);
                bool justifies = is_vex_justification(jval_get_text(element, "label"));

                if (test != NULL && jval_get(element, "product_ids").type == JVAL_NONE &&
                    jval_get(element, "group_ids").type == JVAL_NONE)
                        csaf_problem(csaf, &here, test, "it names no product and no group");
                if (category != NULL && g_strcmp0(jval_get_text(element, "category"), category) != 0)
                        continue;
                for (guint j = 0; j < products->len; j++) {
                        int product = g_array_index(products, int, j);

                        if ((csaf_marks_set(marks, product, justifies ? 3 : 1) & 2) != 0 && justifies)
                                csaf_problem(csaf, &here, "6.1.33", "the product %s has two justifications",
                                             g_array_index(csaf->products, CsafProduct, product).id);
                }
        }
}

/* Products of a status that `marks` does not have. */
static void statements_check(Csaf *csaf, JVal vulnerability, const char *status, const CsafMarks *marks,
                             const char *test, const char *what, const JPlace *place)
{
        JPlace status_place = csaf_key(place, "product_status"), list_place = csaf_key(&status_place, status);
        JIter iter = jval_iter(jval_get(jval_get(vulnerability, "product_status"), status));
        JVal id;

        if (strcmp(csaf->category, "csaf_vex") != 0)
                return;
        for (size_t i = 0; jiter_next(&iter, &id); i++) {
                JPlace here = csaf_index(&list_place, i);
                int product = csaf_product_find(csaf, id);

                if (product >= 0 && marks->bits[product] == 0)
                        csaf_problem(csaf, &here, test, "the product %s has no %s statement",
                                     jval_text(id, NULL), what);
        }
}

static void involvements_check(Csaf *csaf, JVal vulnerability, const JPlace *place)
{
        g_autoptr(GHashTable) seen = hash_table_new_text(g_free, NULL);
        JPlace list_place = csaf_key(place, "involvements");
        JIter iter = jval_iter(csaf_list(csaf, vulnerability, "involvements", place));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                JPlace here = csaf_index(&list_place, i);
                const char *party = jval_get_text(element, "party"), *date = jval_get_text(element, "date");

                if (party != NULL && date != NULL &&
                    !g_hash_table_add(seen, g_strdup_printf("%s %s", party, date)))
                        csaf_problem(csaf, &here, "6.1.24", "the party %s is involved twice at one time",
                                     party);
        }
}

/* What the profiles VEX and security advisory demand of each vulnerability (6.1.27). */
static void profile_check(Csaf *csaf, JVal vulnerability, const JPlace *place)
{
        static const char *const vex_statuses[] = { "fixed", "known_affected", "known_not_affected",
                                                    "under_investigation" };
        bool vex = strcmp(csaf->category, "csaf_vex") == 0,
             advisory = strcmp(csaf->category, "csaf_security_advisory") == 0;
        JVal statuses = jval_get(vulnerability, "product_status");
        bool any = false;

        for (size_t i = 0; i < G_N_ELEMENTS(vex_statuses); i++)
                any = any || jval_get(statuses, vex_statuses[i]).type != JVAL_NONE;
        if ((vex || advisory) && jval_get(vulnerability, "notes").type == JVAL_NONE)
                csaf_problem(csaf, place, "6.1.27.5", "the vulnerability has no notes");
        if (advisory && statuses.type == JVAL_NONE)
                csaf_problem(csaf, place, "6.1.27.6", "the vulnerability has no product status");
        if (vex && !any)
                csaf_problem(csaf, place, "6.1.27.7",
                             "the vulnerability has none of the product statuses of VEX");
        if (vex && jval_get(vulnerability, "cve").type == JVAL_NONE &&
            jval_get(vulnerability, "ids").type == JVAL_NONE)
                csaf_problem(csaf, place, "6.1.27.8", "the vulnerability has neither a CVE nor another id");
}

static void vulnerability_check(Csaf *csaf, JVal vulnerability, CsafMarks *marks, const JPlace *place)
{
        JPlace cwe_place = csaf_key(place, "cwe");
        JIter cwes = jval_iter(jval_get(vulnerability, "cwes"));
        JVal cwe;

        statuses_check(csaf, vulnerability, marks, place);
        scores_check(csaf, vulnerability, marks, place);
        cwe_check(csaf, jval_get(vulnerability, "cwe"), &cwe_place);
        while (jiter_next(&cwes, &cwe))
                cwe_check(csaf, cwe, &cwe_place);
        involvements_check(csaf, vulnerability, place);
        profile_check(csaf, vulnerability, place);

        speaking_check(csaf, vulnerability, "remediations", "6.1.29", marks, NULL, place);
        statements_check(csaf, vulnerability, "known_affected", marks, "6.1.27.10", "action", place);
        csaf_marks_reset(marks);
        speaking_check(csaf, vulnerability, "flags", "6.1.32", marks, NULL, place);
        speaking_check(csaf, vulnerability, "threats", NULL, marks, "impact", place);
        statements_check(csaf, vulnerability, "known_not_affected", marks, "6.1.27.9", "impact", place);
        csaf_marks_reset(marks);
}

void csaf_check_vulnerabilities(Csaf *csaf)
{
        JPlace list_place = csaf_key(NULL, "vulnerabilities");
        JIter iter = jval_iter(csaf->vulnerabilities);
        g_autoptr(GHashTable) cves = hash_table_new_text(NULL, NULL);
        g_auto(CsafMarks) marks = csaf_marks_new(csaf);
        JVal vulnerability;

        for (size_t i = 0; jiter_next(&iter, &vulnerability); i++) {
                JPlace here = csaf_index(&list_place, i);
                const char *cve = jval_get_text(vulnerability, "cve");

                if (cve != NULL && !g_hash_table_add(cves, (gpointer)(uintptr_t)cve))
                        csaf_problem(csaf, &here, "6.1.23", "%s is the CVE of two vulnerabilities", cve);
                vulnerability_check(csaf, vulnerability, &marks, &here);
        }
}
