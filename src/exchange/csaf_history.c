/* Mandatory tests of CSAF 2.0, section 6.1, about the document itself and its revisions. Numbers of revisions are integers or
 * semantic versions. */
#include "base/instant.h"
#include "exchange/csaf.h"

/* ---- document ---- */

static bool is_defined_category(const char *category)
{
        static const char *const defined[] = { "csaf_base", "csaf_security_incident_response",
                                               "csaf_informational_advisory", "csaf_security_advisory",
                                               "csaf_vex" };

        for (size_t i = 0; i < G_N_ELEMENTS(defined); i++)
                if (strcmp(category, defined[i]) == 0)
                        return true;
        return false;
}

/* A category of one's own must not look like one of the standard. */
static void category_check(Csaf *csaf)
{
        static const char *const reserved[] = { "securityincidentresponse", "informationaladvisory",
                                                "securityadvisory", "vex" };
        JPlace document = csaf_key(NULL, "document"), place = csaf_key(&document, "category");
        g_autoptr(GString) plain = g_string_new(NULL);
        const char *name = csaf->category;

        if (is_defined_category(name) || csaf->draft_2_1)
                return;
        for (const char *p = name; *p != '\0'; p++)
                if (strchr("-_ \t", *p) == NULL)
                        g_string_append_c(plain, g_ascii_tolower(*p));
        if (g_str_has_prefix(plain->str, "csaf"))
                g_string_erase(plain, 0, 4);
        for (size_t i = 0; i < G_N_ELEMENTS(reserved); i++)
                if (strcmp(plain->str, reserved[i]) == 0 || g_str_has_prefix(name, "csaf_")) {
                        csaf_problem(csaf, &place, "6.1.26", "the category \"%s\" is reserved", name);
                        return;
                }
}

static bool has_category(JVal list, const char *const *wanted)
{
        JIter iter = jval_iter(list);
        JVal element;

        while (jiter_next(&iter, &element)) {
                const char *category = jval_get_text(element, "category");

                if (category != NULL && g_strv_contains(wanted, category))
                        return true;
        }
        return false;
}

/* What the profile of the document demands of it as a whole (6.1.27). */
static void profile_check(Csaf *csaf)
{
        static const char *const notes[] = { "description", "details", "general", "summary", NULL };
        static const char *const external[] = { "external", NULL };
        JPlace document = csaf_key(NULL, "document"), vulnerabilities = csaf_key(NULL, "vulnerabilities"),
               tree = csaf_key(NULL, "product_tree");
        bool informational = strcmp(csaf->category, "csaf_informational_advisory") == 0,
             incident = strcmp(csaf->category, "csaf_security_incident_response") == 0,
             products = strcmp(csaf->category, "csaf_security_advisory") == 0 ||
                        strcmp(csaf->category, "csaf_vex") == 0;

        if ((informational || incident) && !has_category(jval_get(csaf->document, "notes"), notes))
                csaf_problem(csaf, &document, "6.1.27.1", "there is no note that describes or sums up");
        if ((informational || incident) && !has_category(jval_get(csaf->document, "references"), external))
                csaf_problem(csaf, &document, "6.1.27.2", "there is no external reference");
        if (informational && csaf->vulnerabilities.type != JVAL_NONE)
                csaf_problem(csaf, &vulnerabilities, "6.1.27.3",
                             "an informational advisory has no vulnerabilities");
        if (products && csaf->tree.type == JVAL_NONE)
                csaf_problem(csaf, &tree, "6.1.27.4", "there is no product tree");
        if (products && csaf->vulnerabilities.type == JVAL_NONE)
                csaf_problem(csaf, &vulnerabilities, "6.1.27.11", "there are no vulnerabilities");
}

void csaf_check_document(Csaf *csaf)
{
        JPlace document = csaf_key(NULL, "document"), place = csaf_key(&document, "source_lang");
        const char *lang = jval_get_text(csaf->document, "lang"),
                   *source = jval_get_text(csaf->document, "source_lang");
        const char *publisher = jval_get_text(jval_get(csaf->document, "publisher"), "category");

        if (g_strcmp0(publisher, "translator") == 0 && source == NULL)
                csaf_problem(csaf, &place, "6.1.15", "a translator says from which language");
        if (lang != NULL && source != NULL && g_ascii_strcasecmp(lang, source) == 0)
                csaf_problem(csaf, &place, "6.1.28", "a translation is in another language than its source");
        category_check(csaf);
        profile_check(csaf);
}

/* ---- numbers of revisions ---- */

typedef struct {
        const char *text;
        bool semantic;
        guint64 part[3];
        const char *pre; /* pre-release, or "" */
        size_t pre_n;
        Instant date;
        size_t at; /* place in the list */
} Revision;

static bool part_read(const char **text, guint64 *ret_part)
{
        size_t n = strspn(*text, "0123456789");
        g_autofree char *digits = g_strndup(*text, n);

        *text += n;
        return n > 0 && g_ascii_string_to_unsigned(digits, 10, 0, G_MAXINT64, ret_part, NULL);
}

static bool number_read(const char *text, Revision *ret)
{
        const char *p = text;

        *ret = (Revision){ .text = text, .pre = "" };
        if (!part_read(&p, &ret->part[0]))
                return false;
        if (*p == '\0')
                return true;
        ret->semantic = true;
        for (int i = 1; i < 3; i++)
                if (*p++ != '.' || !part_read(&p, &ret->part[i]))
                        return false;
        if (*p == '-') {
                ret->pre = p + 1;
                ret->pre_n = strcspn(p + 1, "+");
                p += 1 + ret->pre_n;
        }
        return *p == '\0' || *p == '+';
}

static int number_order(const Revision *a, const Revision *b, bool pre)
{
        int order;

        for (int i = 0; i < 3; i++)
                if (a->part[i] != b->part[i])
                        return a->part[i] < b->part[i] ? -1 : 1;
        if (!pre || (a->pre_n == 0 && b->pre_n == 0))
                return 0;
        if (a->pre_n == 0 || b->pre_n == 0)
                return a->pre_n == 0 ? 1 : -1;
        order = memcmp(a->pre, b->pre, MIN(a->pre_n, b->pre_n));
        return order != 0 ? order : (a->pre_n > b->pre_n) - (a->pre_n < b->pre_n);
}

static int by_number(gconstpointer a, gconstpointer b)
{
        return number_order(a, b, true);
}

static int by_date(gconstpointer a, gconstpointer b)
{
        const Revision *x = a, *y = b;

        return x->date != y->date ? (x->date < y->date ? -1 : 1) : number_order(x, y, true);
}

/* ---- history ---- */

typedef struct {
        Csaf *csaf;
        GArray *revisions; /* of Revision, by date */
        Revision version;
        JPlace list, version_place;
        bool draft;
} History;

static void history_problem(History *history, const Revision *revision, const char *test, const char *what)
{
        JPlace here = csaf_index(&history->list, revision->at), place = csaf_key(&here, "number");

        csaf_problem(history->csaf, &place, test, "the revision %s %s", revision->text, what);
}

static void revisions_check(History *history)
{
        for (guint i = 0; i < history->revisions->len; i++) {
                const Revision *revision = &g_array_index(history->revisions, Revision, i);

                if (i > 0 && number_order(revision - 1, revision, true) > 0)
                        history_problem(history, revision, "6.1.14",
                                        "is later than a revision with a higher number");
                if (!history->draft && revision->part[0] == 0)
                        history_problem(history, revision, "6.1.18",
                                        "is of a draft, and the document is released");
                if (revision->pre_n > 0)
                        history_problem(history, revision, "6.1.19",
                                        "is a pre-release, which the history leaves out");
                if (revision->semantic != history->version.semantic)
                        history_problem(history, revision, "6.1.30", "mixes integer and semantic versions");
        }
}

/* By number: no number twice, and of the first parts none left out from 0 or 1. */
static void numbers_check(History *history)
{
        g_autoptr(GArray) sorted = g_array_copy(history->revisions);
        const Revision *first;

        g_array_sort(sorted, by_number);
        for (guint i = 0; i < sorted->len; i++) {
                const Revision *revision = &g_array_index(sorted, Revision, i);

                if (i > 0 && strcmp(revision->text, revision[-1].text) == 0)
                        history_problem(history, revision, "6.1.22", "is listed twice");
                if (i == 0 ? revision->part[0] > 1 : revision->part[0] > revision[-1].part[0] + 1)
                        history_problem(history, revision, "6.1.21", "follows a number that is left out");
        }
        first = history->revisions->len == 0 ? NULL : &g_array_index(history->revisions, Revision, 0);
        if (history->csaf->draft_2_1 && first != NULL && first->part[0] > 1)
                history_problem(history, first, "6.1.21", "is the oldest one, and not the first");
}

static void version_check(History *history)
{
        const Revision *version = &history->version, *last;

        if (!history->draft && version->pre_n > 0)
                csaf_problem(history->csaf, &history->version_place, "6.1.20",
                             "the version %s is a pre-release, and the document is released", version->text);
        else if (!history->draft && version->part[0] == 0)
                csaf_problem(history->csaf, &history->version_place, "6.1.17",
                             "the version %s is of a draft, and the document is released", version->text);
        if (history->revisions->len == 0)
                return;
        last = &g_array_index(history->revisions, Revision, history->revisions->len - 1);
        if (number_order(last, version, !history->draft) != 0)
                csaf_problem(history->csaf, &history->version_place, "6.1.16",
                             "the version is %s, the newest revision %s", version->text, last->text);
}

/* Revisions by date; what has no number or date is refused. */
static void revisions_read(History *history)
{
        JIter iter = jval_iter(
                csaf_list(history->csaf, history->csaf->tracking, "revision_history", history->list.parent));
        JVal element;

        for (size_t i = 0; jiter_next(&iter, &element); i++) {
                JPlace here = csaf_index(&history->list, i);
                const char *number = jval_get_text(element, "number"), *date = jval_get_text(element, "date");
                Revision revision;

                if (number == NULL || date == NULL || !number_read(number, &revision) ||
                    !instant_parse(date, &revision.date, NULL)) {
                        csaf_problem(history->csaf, &here, NULL,
                                     "a revision has a number (an integer or "
                                     "major.minor.patch) and a time");
                        continue;
                }
                revision.at = i;
                g_array_append_val(history->revisions, revision);
        }
        g_array_sort(history->revisions, by_date);
}

void csaf_check_history(Csaf *csaf)
{
        JPlace document = csaf_key(NULL, "document"), tracking = csaf_key(&document, "tracking");
        g_autoptr(GArray) revisions = g_array_new(FALSE, TRUE, sizeof(Revision));
        History history = { .csaf = csaf,
                            .revisions = revisions,
                            .list = csaf_key(&tracking, "revision_history"),
                            .version_place = csaf_key(&tracking, "version"),
                            .draft = g_strcmp0(jval_get_text(csaf->tracking, "status"), "draft") == 0 };

        if (!number_read(jval_get_text(csaf->tracking, "version"), &history.version)) {
                csaf_problem(csaf, &history.version_place, NULL,
                             "the version %s is neither an integer nor major.minor.patch",
                             history.version.text);
                return;
        }
        revisions_read(&history);
        revisions_check(&history);
        numbers_check(&history);
        version_check(&history);
}
