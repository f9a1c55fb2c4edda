/* Mandatory tests that only the draft 2.1 of CSAF has: times (6.1.37), sharing groups (6.1.41), times that lie behind the newest
 * revision (6.1.45, 6.1.49, 6.1.53), branches of one category within each other (6.1.57), stars in stock numbers (6.1.61), and what
 * types of package URLs demand (6.1.13). */
#include "base/instant.h"
#include "exchange/csaf.h"
#include "vuln/purl.h"

#include <string.h>

/* ---- times ---- */

/* The number of `n` digits at *p, which is moved behind them; -1 when there is something else. */
static int digits_take(const char **p, int n)
{
        int number = 0;

        for (int i = 0; i < n; i++, (*p)++) {
                if (!g_ascii_isdigit(**p))
                        return -1;
                number = number * 10 + (**p - '0');
        }
        return number;
}

static bool sign_take(const char **p, char sign)
{
        if (**p != sign)
                return false;
        (*p)++;
        return true;
}

static bool clock_take(const char **p, int parts)
{
        static const int most[] = { 23, 59, 59 };

        for (int i = 0; i < parts; i++) {
                const int number = i > 0 && !sign_take(p, ':') ? -1 : digits_take(p, 2);

                if (number < 0 || number > most[i])
                        return false;
        }
        return true;
}

/* RFC 3339 with capitals, a day that there is, and no leap second. */
static bool is_time(const char *text)
{
        const char *p = text;
        const int year = digits_take(&p, 4), month = sign_take(&p, '-') ? digits_take(&p, 2) : -1,
                  day = sign_take(&p, '-') ? digits_take(&p, 2) : -1;

        if (year < 1 || month < 1 || day < 1 ||
            !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year) || !sign_take(&p, 'T') ||
            !clock_take(&p, 3))
                return false;
        if (sign_take(&p, '.')) {
                const size_t n = strspn(p, "0123456789");

                if (n == 0)
                        return false;
                p += n;
        }
        if (sign_take(&p, 'Z'))
                return *p == '\0';
        return (sign_take(&p, '+') || sign_take(&p, '-')) && clock_take(&p, 2) && *p == '\0';
}

static void time_check(Csaf *csaf, JVal object, const char *key, const JPlace *place)
{
        const char *text = jval_get_text(object, key);
        const JPlace here = csaf_key(place, key);

        if (text != NULL && !is_time(text))
                csaf_problem(csaf, &here, "6.1.37", "%s is no time as RFC 3339 writes it", text);
}

static void times_check(Csaf *csaf, JVal object, const char *list, const char *const keys[],
                        const JPlace *place)
{
        const JPlace list_place = csaf_key(place, list);
        JIter iter = jval_iter(jval_get(object, list));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                const JPlace here = csaf_index(&list_place, i);

                for (size_t k = 0; keys[k] != NULL; k++)
                        time_check(csaf, element, keys[k], &here);
        }
}

static const char *const dates[] = { "date", "exploitation_date", NULL };

static void document_times_check(Csaf *csaf)
{
        const JPlace document = csaf_key(NULL, "document"), tracking = csaf_key(&document, "tracking"),
                     generator = csaf_key(&tracking, "generator");

        time_check(csaf, csaf->tracking, "current_release_date", &tracking);
        time_check(csaf, csaf->tracking, "initial_release_date", &tracking);
        time_check(csaf, jval_get(csaf->tracking, "generator"), "date", &generator);
        times_check(csaf, csaf->tracking, "revision_history", dates, &tracking);
}

static void vulnerability_times_check(Csaf *csaf, JVal vulnerability, const JPlace *place)
{
        static const char *const lists[] = { "first_known_exploitation_dates", "flags", "involvements",
                                             "remediations", "threats" };

        time_check(csaf, vulnerability, "disclosure_date", place);
        time_check(csaf, vulnerability, "discovery_date", place);
        for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
                times_check(csaf, vulnerability, lists[i], dates, place);
}

/* ---- what lies behind the newest revision ---- */

/* The time of the newest revision of a document that is released; false when it is a draft or has none. */
static bool newest_find(const Csaf *csaf, Instant *ret_newest)
{
        JIter iter = jval_iter(jval_get(csaf->tracking, "revision_history"));
        bool found = false;
        JVal revision;

        if (g_strcmp0(jval_get_text(csaf->tracking, "status"), "draft") == 0)
                return false;
        while (jiter_next(&iter, &revision)) {
                const char *text = jval_get_text(revision, "date");
                Instant at;

                if (text == NULL || !instant_parse(text, &at, NULL) || (found && at <= *ret_newest))
                        continue;
                *ret_newest = at;
                found = true;
        }
        return found;
}

/* Both are times, and the first is the later one. */
static bool is_behind(const char *text, Instant limit)
{
        Instant at;

        return text != NULL && instant_parse(text, &at, NULL) && at > limit;
}

static bool is_public(const Csaf *csaf)
{
        const JVal tlp = jval_get(jval_get(csaf->document, "distribution"), "tlp");

        return g_strcmp0(jval_get_text(tlp, "label"), "CLEAR") == 0;
}

static void ssvc_check(Csaf *csaf, JVal vulnerability, Instant newest, const JPlace *place)
{
        static const char *const members[] = { "ssvc_v1", "ssvc_v2" };
        const JPlace list_place = csaf_key(place, "metrics");
        JIter iter = jval_iter(jval_get(vulnerability, "metrics"));
        JVal metric;

        for (size_t i = 0; jiter_next(&iter, &metric); i++) {
                const JPlace here = csaf_index(&list_place, i);

                for (size_t k = 0; k < G_N_ELEMENTS(members); k++) {
                        const JVal ssvc = jval_get(jval_get(metric, "content"), members[k]);
                        const char *text = jval_get_text(ssvc, "timestamp");

                        if (is_behind(text, newest))
                                csaf_problem(csaf, &here, "6.1.49",
                                             "it was assessed at %s, after the newest revision", text);
                }
        }
}

/* Nobody can know of an exploitation before there was one. */
static void exploitations_check(Csaf *csaf, JVal vulnerability, const Instant *newest, const JPlace *place)
{
        const JPlace list_place = csaf_key(place, "first_known_exploitation_dates");
        JIter iter = jval_iter(jval_get(vulnerability, "first_known_exploitation_dates"));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                const JPlace here = csaf_index(&list_place, i);
                const char *known = jval_get_text(element, "date"),
                           *done = jval_get_text(element, "exploitation_date");
                Instant limit;

                if (known != NULL && instant_parse(known, &limit, NULL) && is_behind(done, limit))
                        csaf_problem(csaf, &here, "6.1.53", "it was exploited at %s and that was known at %s",
                                     done, known);
                else if (newest != NULL && (is_behind(known, *newest) || is_behind(done, *newest)))
                        csaf_problem(csaf, &here, "6.1.53", "it was exploited after the newest revision");
        }
}

/* Members that name products in the draft only (6.1.1). */
static void names_check(Csaf *csaf, JVal vulnerability, const JPlace *place)
{
        static const char *const lists[] = { "first_known_exploitation_dates", "ids" };

        for (size_t k = 0; k < G_N_ELEMENTS(lists); k++) {
                const JPlace list_place = csaf_key(place, lists[k]);
                JIter iter = jval_iter(jval_get(vulnerability, lists[k]));
                JVal element;

                for (size_t i = 0; jiter_next(&iter, &element); i++) {
                        const JPlace here = csaf_index(&list_place, i);
                        g_autoptr(GArray)
                                products G_GNUC_UNUSED = csaf_products_of(csaf, element, "product_ids", &here,
                                                                          true);
                }
        }
}

static void vulnerability_check(Csaf *csaf, JVal vulnerability, const Instant *newest, const JPlace *place)
{
        const char *disclosed = jval_get_text(vulnerability, "disclosure_date");

        names_check(csaf, vulnerability, place);
        vulnerability_times_check(csaf, vulnerability, place);
        exploitations_check(csaf, vulnerability, newest, place);
        if (newest == NULL)
                return;
        ssvc_check(csaf, vulnerability, *newest, place);
        if (is_public(csaf) && is_behind(disclosed, *newest))
                csaf_problem(csaf, place, "6.1.45", "it was disclosed at %s, after the newest revision",
                             disclosed);
}

/* ---- the document and its products ---- */

/* The two groups that are no group have names of their own. */
static void sharing_check(Csaf *csaf)
{
        static const struct {
                const char *id, *name;
        } groups[] = { { "ffffffff-ffff-ffff-ffff-ffffffffffff", "Public" },
                       { "00000000-0000-0000-0000-000000000000", "No sharing allowed" } };
        const JVal group = jval_get(jval_get(csaf->document, "distribution"), "sharing_group");
        const JPlace document = csaf_key(NULL, "document"),
                     distribution = csaf_key(&document, "distribution"),
                     place = csaf_key(&distribution, "sharing_group");

        for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
                if (g_strcmp0(jval_get_text(group, "id"), groups[i].id) == 0 &&
                    g_strcmp0(jval_get_text(group, "name"), groups[i].name) != 0)
                        csaf_problem(csaf, &place, "6.1.41", "the group of this id is called \"%s\"",
                                     groups[i].name);
}

/* A branch and those that it stands in. */
typedef struct Within {
        const struct Within *of;
        const char *category;
} Within;

/* As deep as the document is nested, which is limited when it is parsed. */
static void branches_check(Csaf *csaf, JVal parent, const Within *within, const JPlace *place)
{
        const JPlace list_place = csaf_key(place, "branches");
        JIter iter = jval_iter(jval_get(parent, "branches"));
        JVal branch;

        for (size_t i = 0; jiter_next(&iter, &branch); i++) {
                const JPlace here = csaf_index(&list_place, i);
                const Within at = { .of = within, .category = jval_get_text(branch, "category") };
                const Within *above = within;

                while (above != NULL && g_strcmp0(above->category, at.category) != 0)
                        above = above->of;
                if (above != NULL && g_strcmp0(at.category, "product_family") != 0)
                        csaf_problem(csaf, &here, "6.1.57", "a %s stands within another one",
                                     at.category == NULL ? "branch" : at.category);
                branches_check(csaf, branch, &at, &here);
        }
}

static size_t stars_count(const char *pattern)
{
        size_t stars = 0;

        for (; *pattern != '\0'; pattern++)
                if (*pattern == '\\' && pattern[1] != '\0')
                        pattern++;
                else
                        stars += *pattern == '*';
        return stars;
}

static void numbers_check(Csaf *csaf, const CsafProduct *product)
{
        const JPlace tree = csaf_key(NULL, "product_tree"), id = csaf_key(&tree, product->id),
                     place = csaf_key(&id, "product_identification_helper");
        JIter iter = jval_iter(jval_get(product->helper, "skus"));
        JVal sku;

        while (jiter_next(&iter, &sku))
                if (sku.type == JVAL_STRING && stars_count(jval_text(sku, NULL)) > 1)
                        csaf_problem(csaf, &place, "6.1.61", "%s has more than one star",
                                     jval_text(sku, NULL));
}

/* Types whose names lie in no namespace, by their definitions of the package URL project. */
static void namespaces_check(Csaf *csaf, const CsafProduct *product)
{
        static const char *const flat[] = { "bitnami", "cargo",   "cocoapods", "conda", "cran",
                                            "gem",     "hackage", "mlflow",    "nuget", "oci",
                                            "pub",     "pypi",    NULL };
        const JPlace tree = csaf_key(NULL, "product_tree"), id = csaf_key(&tree, product->id),
                     place = csaf_key(&id, "product_identification_helper");
        JIter iter = jval_iter(jval_get(product->helper, "purls"));
        JVal purl;

        while (jiter_next(&iter, &purl)) {
                g_auto(Purl) read = { 0 };

                if (purl.type == JVAL_STRING && purl_parse(jval_text(purl, NULL), &read, NULL) &&
                    read.namespace != NULL && g_strv_contains(flat, read.type))
                        csaf_problem(csaf, &place, "6.1.13", "%s: a package of type %s has no namespace",
                                     jval_text(purl, NULL), read.type);
        }
}

void csaf_check_draft(Csaf *csaf)
{
        const JPlace tree = csaf_key(NULL, "product_tree"), list_place = csaf_key(NULL, "vulnerabilities");
        JIter iter = jval_iter(csaf->vulnerabilities);
        Instant newest;
        const Instant *released = newest_find(csaf, &newest) ? &newest : NULL;
        JVal vulnerability;

        document_times_check(csaf);
        sharing_check(csaf);
        branches_check(csaf, csaf->tree, NULL, &tree);
        for (guint i = 0; i < csaf->products->len; i++) {
                numbers_check(csaf, &g_array_index(csaf->products, CsafProduct, i));
                namespaces_check(csaf, &g_array_index(csaf->products, CsafProduct, i));
        }
        for (size_t i = 0; jiter_next(&iter, &vulnerability); i++) {
                const JPlace here = csaf_index(&list_place, i);

                vulnerability_check(csaf, vulnerability, released, &here);
        }
}
