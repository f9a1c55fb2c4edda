/* Optional tests of CSAF 2.0, section 6.2: what a document may do and had better not. Their findings are warnings. Of that section
 * 6.2.20 (members that the schema does not know) is left out. Where a test fails at many places, the first is named and they are counted. */
#include "base/instant.h"
#include "exchange/csaf.h"
#include "exchange/csaf_advisory.h"

/* The first place a test fails at, and how many there are. */
typedef struct {
        char *first; /* what is there, owned, or NULL */
        JPlace place;
        size_t n;
} Tally;

static void tally_clear(Tally *tally)
{
        g_free(tally->first);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tally, tally_clear)

static void tally_add(Tally *tally, const JPlace *place, const char *what)
{
        if (tally->n++ > 0)
                return;
        tally->place = *place;
        tally->first = g_strdup(what);
}

/* `text` says what is wrong with one, such as "has no remediation". */
static void tally_warn(Csaf *csaf, const Tally *tally, const char *test, const char *text)
{
        if (tally->n == 1)
                csaf_warning(csaf, &tally->place, test, "%s %s", tally->first, text);
        else if (tally->n > 1)
                csaf_warning(csaf, &tally->place, test, "%s and %zu more: each %s", tally->first,
                             tally->n - 1, text);
}

/* ---- the document ---- */

static bool is_private_subtag(const char *tag, size_t at)
{
        const size_t n = strlen(tag);

        if (strcmp(tag, "x") == 0)
                return true;
        if (at == 0)
                return n == 3 && tag[0] == 'q' && tag[1] >= 'a' && tag[1] <= 't';
        if (n == 4)
                return strcmp(tag, "qaaa") >= 0 && strcmp(tag, "qabx") <= 0;
        return n == 2 && (strcmp(tag, "aa") == 0 || strcmp(tag, "zz") == 0 || tag[0] == 'x' ||
                          (tag[0] == 'q' && tag[1] >= 'm'));
}

static void language_check(Csaf *csaf, const char *key)
{
        JPlace document = csaf_key(NULL, "document"), place = csaf_key(&document, key);
        const char *language = jval_get_text(csaf->document, key);
        g_autofree char *lower = language == NULL ? NULL : g_ascii_strdown(language, -1);
        g_auto(GStrv) tags = lower == NULL ? NULL : g_strsplit(lower, "-", -1);

        if (g_strcmp0(lower, "i-default") == 0)
                csaf_warning(csaf, &place, "6.2.15", "the language is the default one");
        for (size_t i = 0; tags != NULL && tags[i] != NULL; i++)
                if (is_private_subtag(tags[i], i)) {
                        csaf_warning(csaf, &place, "6.2.14", "%s is a language for private use", language);
                        return;
                }
}

static void canonical_check(Csaf *csaf)
{
        JPlace document = csaf_key(NULL, "document"), place = csaf_key(&document, "references");
        const char *id = jval_get_text(csaf->tracking, "id");
        g_autofree char *name = csaf_advisory_file(id);
        JIter references = jval_iter(jval_get(csaf->document, "references"));
        JVal reference;

        while (jiter_next(&references, &reference)) {
                const char *url = jval_get_text(reference, "url");

                if (g_strcmp0(jval_get_text(reference, "category"), "self") == 0 && url != NULL &&
                    g_str_has_prefix(url, "https://") && g_str_has_suffix(url, name))
                        return;
        }
        csaf_warning(csaf, &place, "6.2.11", "no reference of category self is the address of %s", name);
}

static void document_check(Csaf *csaf)
{
        JPlace place = csaf_key(NULL, "document");
        JVal tlp = jval_get(jval_get(csaf->document, "distribution"), "tlp");

        if (jval_get_text(tlp, "label") == NULL)
                csaf_warning(csaf, &place, "6.2.10", "no label of the traffic light protocol");
        if (jval_get_text(csaf->document, "lang") == NULL)
                csaf_warning(csaf, &place, "6.2.12", "the language of the document is not told");
        language_check(csaf, "lang");
        language_check(csaf, "source_lang");
        canonical_check(csaf);
}

/* A day of the tracking that lies before a revision that it must not lie before. */
static void day_check(Csaf *csaf, const char *key, Instant bound, const char *test, const char *revision)
{
        JPlace document = csaf_key(NULL, "document"), tracking = csaf_key(&document, "tracking"),
               place = csaf_key(&tracking, key);
        const char *text = jval_get_text(csaf->tracking, key);
        Instant day;

        if (text != NULL && instant_parse(text, &day, NULL) && day < bound)
                csaf_warning(csaf, &place, test, "%s is before the %s revision", text, revision);
}

static void revisions_check(Csaf *csaf)
{
        JPlace document = csaf_key(NULL, "document"), tracking = csaf_key(&document, "tracking"),
               list = csaf_key(&tracking, "revision_history");
        JIter revisions = jval_iter(jval_get(csaf->tracking, "revision_history"));
        Instant oldest = 0, newest = 0;
        bool any = false;
        JVal revision;

        for (size_t i = 0; jiter_next(&revisions, &revision); i++) {
                const char *number = jval_get_text(revision, "number"),
                           *date = jval_get_text(revision, "date");
                JPlace here = csaf_index(&list, i);
                Instant day;

                if (number != NULL && strchr(number, '+') != NULL)
                        csaf_warning(csaf, &here, "6.2.4", "the number %s has build metadata", number);
                if (date == NULL || !instant_parse(date, &day, NULL))
                        continue;
                oldest = any ? MIN(oldest, day) : day;
                newest = any ? MAX(newest, day) : day;
                any = true;
        }
        if (!any)
                return;
        day_check(csaf, "initial_release_date", oldest, "6.2.5", "oldest");
        day_check(csaf, "current_release_date", newest, "6.2.6", "newest");
}

/* ---- sorting ---- */

/* True when a member stands behind one that follows it in the alphabet; only the first is told. */
static bool unsorted_find(Csaf *csaf, JVal value, const JPlace *place)
{
        JIter iter = jval_iter(value);
        g_autofree char *before = NULL;
        const char *key;
        size_t key_n;
        JVal inner;

        if (value.type == JVAL_ARRAY) {
                for (size_t i = 0; jiter_next(&iter, &inner); i++) {
                        JPlace here = csaf_index(place, i);

                        if (unsorted_find(csaf, inner, &here))
                                return true;
                }
                return false;
        }
        if (value.type != JVAL_OBJECT)
                return false;
        while (jiter_next_member(&iter, &key, &key_n, &inner)) {
                JPlace here = { .parent = place, .key = key, .key_n = key_n };

                if (before != NULL && strcmp(before, key) > 0) {
                        csaf_warning(csaf, &here, "6.2.13", "it stands behind \"%s\": members are not sorted",
                                     before);
                        return true;
                }
                g_free(before);
                before = g_strndup(key, key_n);
                if (unsorted_find(csaf, inner, &here))
                        return true;
        }
        return false;
}

/* ---- products ---- */

static void id_mark(const Csaf *csaf, JVal id, uint8_t *named)
{
        const int product = csaf_product_find(csaf, id);

        if (product >= 0)
                named[product] = 1;
}

static void ids_mark(const Csaf *csaf, JVal list, uint8_t *named)
{
        JIter iter = jval_iter(list);
        JVal id;

        while (jiter_next(&iter, &id))
                id_mark(csaf, id, named);
}

/* Marks every product that a part of the document names, but for where it is defined. */
static void references_mark(const Csaf *csaf, JVal value, uint8_t *named)
{
        static const char *const lists[] = { "product_ids", "products", NULL };
        static const char *const single[] = { "product_reference", "relates_to_product_reference", NULL };
        JIter iter = jval_iter(value), statuses;
        const char *key;
        JVal inner, status;

        if (value.type == JVAL_ARRAY)
                while (jiter_next(&iter, &inner))
                        references_mark(csaf, inner, named);
        if (value.type != JVAL_OBJECT)
                return;
        while (jiter_next_member(&iter, &key, NULL, &inner)) {
                if (g_strv_contains(lists, key))
                        ids_mark(csaf, inner, named);
                else if (g_strv_contains(single, key))
                        id_mark(csaf, inner, named);
                else if (strcmp(key, "product_status") == 0) {
                        statuses = jval_iter(inner);
                        while (jiter_next(&statuses, &status))
                                ids_mark(csaf, status, named);
                } else
                        references_mark(csaf, inner, named);
        }
}

static void weak_hashes_check(Csaf *csaf, const CsafProduct *product, const JPlace *place)
{
        static const struct {
                const char *algorithm, *test;
        } weak[] = { { "md5", "6.2.8" }, { "sha1", "6.2.9" } };
        JIter files = jval_iter(jval_get(product->helper, "hashes"));
        JVal file, hash;

        while (jiter_next(&files, &file))
                for (size_t i = 0; i < G_N_ELEMENTS(weak); i++) {
                        JIter hashes = jval_iter(jval_get(file, "file_hashes"));
                        size_t n = 0, other = 0;

                        for (; jiter_next(&hashes, &hash); n++)
                                other += g_strcmp0(jval_get_text(hash, "algorithm"), weak[i].algorithm) != 0
                                                 ? 1
                                                 : 0;
                        if (n > 0 && other == 0)
                                csaf_warning(csaf, place, weak[i].test, "%s: %s is the only hash of a file",
                                             product->id, weak[i].algorithm);
                }
}

static void products_check(Csaf *csaf)
{
        g_autofree uint8_t *named = g_new0(uint8_t, csaf->products->len + 1);
        g_auto(Tally) unused = { 0 }, unknown = { 0 }, unbound = { 0 };
        JPlace place = csaf_key(NULL, "product_tree");

        references_mark(csaf, csaf->tree, named);
        references_mark(csaf, csaf->vulnerabilities, named);
        for (guint i = 0; i < csaf->products->len; i++) {
                const CsafProduct *product = &g_array_index(csaf->products, CsafProduct, i);

                if (named[i] == 0)
                        tally_add(&unused, &place, product->id);
                if (product->helper.type != JVAL_OBJECT)
                        tally_add(&unknown, &place, product->id);
                if (product->range != NULL && !g_str_has_prefix(product->range, "vers:"))
                        tally_add(&unbound, &place, product->range);
                weak_hashes_check(csaf, product, &place);
        }
        if (g_strcmp0(csaf->category, "csaf_informational_advisory") != 0)
                tally_warn(csaf, &unused, "6.2.1", "is defined and never named");
        tally_warn(csaf, &unknown, "6.2.16", "has nothing to identify it by but its name");
        tally_warn(csaf, &unbound, "6.2.18", "is no range of the form vers:");
}

/* ---- vulnerabilities ---- */

enum { REMEDY_WANTED = 1, SCORE_WANTED = 2, FIXED = 4, HAS_REMEDY = 8, HAS_SCORE = 16 };

static const struct {
        const char *status;
        uint8_t bits;
} statuses[] = {
        { "known_affected", REMEDY_WANTED | SCORE_WANTED },
        { "first_affected", REMEDY_WANTED | SCORE_WANTED },
        { "last_affected", REMEDY_WANTED | SCORE_WANTED },
        { "under_investigation", REMEDY_WANTED },
        { "first_fixed", FIXED },
        { "fixed", FIXED },
};

static void products_mark(Csaf *csaf, JVal element, const char *key, uint8_t bits, CsafMarks *marks,
                          const JPlace *place)
{
        g_autoptr(GArray) products = csaf_products_of(csaf, element, key, place, false);

        for (guint i = 0; i < products->len; i++)
                csaf_marks_set(marks, g_array_index(products, int, i), bits);
}

static void list_mark(Csaf *csaf, JVal list, const char *key, uint8_t bits, CsafMarks *marks,
                      const JPlace *place)
{
        JIter iter = jval_iter(list);
        JVal element;

        while (jiter_next(&iter, &element))
                products_mark(csaf, element, key, bits, marks, place);
}

/* Products that want one thing and have not got it. */
static void missing_warn(Csaf *csaf, const CsafMarks *marks, uint8_t wanted, uint8_t has, const char *test,
                         const char *text, const JPlace *place)
{
        g_auto(Tally) tally = { 0 };

        for (guint i = 0; i < marks->touched->len; i++) {
                const int product = g_array_index(marks->touched, int, i);

                if ((marks->bits[product] & wanted) != 0 && (marks->bits[product] & has) == 0)
                        tally_add(&tally, place, g_array_index(csaf->products, CsafProduct, product).id);
        }
        tally_warn(csaf, &tally, test, text);
}

/* A score says that nothing is at stake any more: by its figure, or by what is modified in it. */
static bool score_is_zero(JVal score)
{
        static const char *const members[] = { "modifiedConfidentialityImpact", "modifiedIntegrityImpact",
                                               "modifiedAvailabilityImpact" };
        const char *vector = jval_get_text(score, "vectorString");
        bool none = true;
        double figure;

        if (jval_real(jval_get(score, "environmentalScore"), &figure) && figure <= 0)
                return true;
        if (vector != NULL && (strstr(vector, "/TD:N") != NULL ||
                               (strstr(vector, "/MC:N") != NULL && strstr(vector, "/MI:N") != NULL &&
                                strstr(vector, "/MA:N") != NULL)))
                return true;
        for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
                none = none && g_strcmp0(jval_get_text(score, members[i]), "NONE") == 0;
        return none || g_strcmp0(jval_get_text(score, "targetDistribution"), "NONE") == 0;
}

static void fixed_check(Csaf *csaf, JVal scores, const CsafMarks *marks, const JPlace *place)
{
        JIter iter = jval_iter(scores);
        g_auto(Tally) tally = { 0 };
        JVal score;

        while (jiter_next(&iter, &score)) {
                g_autoptr(GArray) products = csaf_products_of(csaf, score, "products", place, false);
                JVal v2 = jval_get(score, "cvss_v2"), v3 = jval_get(score, "cvss_v3");
                const bool zero = (v2.type == JVAL_NONE || score_is_zero(v2)) &&
                                  (v3.type == JVAL_NONE || score_is_zero(v3));

                for (guint i = 0; i < products->len && !zero; i++) {
                        const int product = g_array_index(products, int, i);

                        if ((marks->bits[product] & FIXED) != 0)
                                tally_add(&tally, place,
                                          g_array_index(csaf->products, CsafProduct, product).id);
                }
        }
        tally_warn(csaf, &tally, "6.2.19", "is fixed and has a score that is not 0");
}

static bool is_cve(const char *text)
{
        size_t year, number;

        if (!g_str_has_prefix(text, "CVE-"))
                return false;
        text += strlen("CVE-");
        year = strspn(text, "0123456789");
        if (year != 4 || text[year] != '-')
                return false;
        number = strspn(text + year + 1, "0123456789");
        return number >= 4 && text[year + 1 + number] == '\0';
}

static void names_check(Csaf *csaf, JVal vulnerability, const JPlace *place)
{
        JIter ids = jval_iter(jval_get(vulnerability, "ids")),
              involvements = jval_iter(jval_get(vulnerability, "involvements"));
        JVal value;

        while (jiter_next(&ids, &value)) {
                const char *text = jval_get_text(value, "text");

                if (text != NULL && is_cve(text))
                        csaf_warning(csaf, place, "6.2.17", "%s is a CVE and stands among other ids", text);
        }
        while (jiter_next(&involvements, &value))
                if (jval_get_text(value, "date") == NULL)
                        csaf_warning(csaf, place, "6.2.7", "an involvement has no date");
}

static void vulnerability_check(Csaf *csaf, JVal vulnerability, CsafMarks *marks, const JPlace *place)
{
        JVal status = jval_get(vulnerability, "product_status"), scores = jval_get(vulnerability, "scores");

        for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
                products_mark(csaf, status, statuses[i].status, statuses[i].bits, marks, place);
        list_mark(csaf, jval_get(vulnerability, "remediations"), "product_ids", HAS_REMEDY, marks, place);
        list_mark(csaf, scores, "products", HAS_SCORE, marks, place);
        missing_warn(csaf, marks, REMEDY_WANTED, HAS_REMEDY, "6.2.2", "has no remediation", place);
        missing_warn(csaf, marks, SCORE_WANTED, HAS_SCORE, "6.2.3", "has no score", place);
        fixed_check(csaf, scores, marks, place);
        names_check(csaf, vulnerability, place);
        csaf_marks_reset(marks);
}

void csaf_check_optional(Csaf *csaf)
{
        JPlace list = csaf_key(NULL, "vulnerabilities");
        JIter iter = jval_iter(csaf->vulnerabilities);
        g_auto(CsafMarks) marks = csaf_marks_new(csaf);
        JVal vulnerability;

        if (csaf->draft_2_1) /* which has other numbers */
                return;
        document_check(csaf);
        revisions_check(csaf);
        unsorted_find(csaf, csaf->root, NULL);
        products_check(csaf);
        for (size_t i = 0; jiter_next(&iter, &vulnerability); i++) {
                JPlace here = csaf_index(&list, i);

                vulnerability_check(csaf, vulnerability, &marks, &here);
        }
}
