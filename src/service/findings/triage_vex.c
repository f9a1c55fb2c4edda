/* VEX documents as triage: which findings a statement means, and what becomes of them (docs/formats/vex.md). */
#include "service/findings/triage.h"

#include "base/hash.h"
#include "exchange/vex.h"
#include "service/findings/vex.h"
#include "vuln/purl.h"

#include <string.h>

/* A finding that is there. */
typedef struct {
        char *key, *rationale; /* NULL: none */
        StateId state;
        const json_t *said; /* by which statement; NULL: by none */
        bool contradicted;  /* another statement says something else */
} Known;

/* One thing that a finding concerns. */
typedef struct {
        Known *known;
        char *key, *purl, *cpe; /* the package URL in its canonical form; NULL: none */
} Subject;

/* Subjects are found by vulnerability and what is named, so that long documents on many findings are heard in their length. */
typedef struct {
        Triage *triage;
        VexProducts products;
        GPtrArray *all, *subjects; /* of Known, in the order of their making; of Subject */
        GHashTable *by_name;       /* see name_of → GPtrArray of Subject, borrowed */
} Hearing;

static void known_free(gpointer data)
{
        Known *known = data;

        g_free(known->key);
        g_free(known->rationale);
        g_free(known);
}

static void subject_free(gpointer data)
{
        Subject *subject = data;

        g_free(subject->key);
        g_free(subject->purl);
        g_free(subject->cpe);
        g_free(subject);
}

static void hearing_clear(Hearing *hearing)
{
        vex_products_clear(&hearing->products);
        g_hash_table_unref(hearing->by_name);
        g_ptr_array_unref(hearing->subjects);
        g_ptr_array_unref(hearing->all);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Hearing, hearing_clear)

/* ---- what there is ---- */

static char *purl_canonical(const char *text)
{
        g_auto(Purl) purl = { 0 };

        return text != NULL && purl_parse(text, &purl, NULL) ? purl_format(&purl) : NULL;
}

typedef enum { BY_KEY, BY_PURL, BY_CPE } Naming;

static char *name_of(const char *vulnerability, Naming naming, const char *name)
{
        return g_strdup_printf("%d %s\n%s", (int)naming, name, vulnerability);
}

static void subject_index(Hearing *hearing, const char *vulnerability, Naming naming, const char *name,
                          Subject *subject)
{
        g_autofree char *full = name == NULL ? NULL : name_of(vulnerability, naming, name);
        GPtrArray *same = name == NULL ? NULL : g_hash_table_lookup(hearing->by_name, full);

        if (name == NULL)
                return;
        if (same == NULL) {
                same = g_ptr_array_new();
                g_hash_table_insert(hearing->by_name, g_steal_pointer(&full), same);
        }
        g_ptr_array_add(same, subject);
}

static void subject_add(Hearing *hearing, Known *known, const char *vulnerability, const json_t *product)
{
        const char *purl = jread_get_string(product, "purl");
        Subject *subject = g_new0(Subject, 1);

        *subject = (Subject){ .known = known,
                              .key = g_strdup(jread_get_string(product, "key")),
                              .purl = purl != NULL ? purl_canonical(purl) : vex_generic_purl(product),
                              .cpe = g_strdup(jread_get_string(product, "cpe")) };
        g_ptr_array_add(hearing->subjects, subject);
        subject_index(hearing, vulnerability, BY_KEY, subject->key, subject);
        subject_index(hearing, vulnerability, BY_PURL, subject->purl, subject);
        subject_index(hearing, vulnerability, BY_CPE, subject->cpe, subject);
}

static bool finding_see(const ItemRev *rev, void *payload, GError **error)
{
        Hearing *hearing = payload;
        g_autoptr(Json) attrs = NULL, products = json_array();
        const char *vulnerability;
        const json_t *product;
        Known *known;
        size_t i;

        if (rev->kind != ZW_KIND_FINDING || (state_def(rev->state)->flags & STATE_RETIRED) != 0)
                return true;
        attrs = jread_parse(rev->attrs, strlen(rev->attrs), error);
        if (attrs == NULL || !vex_products_add(&hearing->products, rev->no, products, error))
                return false;
        vulnerability = jread_get_string(attrs, "vulnerability");
        if (vulnerability == NULL)
                return true;
        known = g_new0(Known, 1);
        *known = (Known){ .key = g_strdup(rev->key),
                          .rationale = g_strdup(jread_get_string(attrs, "rationale")),
                          .state = rev->state };
        g_ptr_array_add(hearing->all, known);
        json_array_foreach(products, i, product) subject_add(hearing, known, vulnerability, product);
        return true;
}

/* ---- which findings a statement means ---- */

/* Package URLs of one type decide; of two types, or with one alone, the CPE names do. */
static bool is_same_product(const Subject *subject, const char *purl, const char *cpe)
{
        const size_t type = purl == NULL ? 0 : strcspn(purl, "/") + 1;

        if (purl != NULL && subject->purl != NULL && strncmp(subject->purl, purl, type) == 0)
                return strcmp(subject->purl, purl) == 0;
        return cpe != NULL && g_strcmp0(cpe, subject->cpe) == 0;
}

static bool is_same_word(const json_t *a, const json_t *b)
{
        static const char *const names[] = { "status", "state", "rationale" };

        for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
                if (g_strcmp0(jread_get_string(a, names[i]), jread_get_string(b, names[i])) != 0)
                        return false;
        return true;
}

static void subject_hear(const Subject *subject, const json_t *statement)
{
        Known *known = subject->known;

        known->contradicted |= known->said != NULL && !is_same_word(known->said, statement);
        known->said = statement;
}

static const GPtrArray *subjects_of(const Hearing *hearing, const char *vulnerability, Naming naming,
                                    const char *name)
{
        g_autofree char *full = name == NULL ? NULL : name_of(vulnerability, naming, name);

        return full == NULL ? NULL : g_hash_table_lookup(hearing->by_name, full);
}

/* The very thing, where it is the same product or nothing but the key is known of it; else all of the same product. Whether there
 * is any. */
static bool product_hear(const Hearing *hearing, const json_t *statement, const json_t *theirs)
{
        const char *vulnerability = jread_get_string(statement, "vulnerability"),
                   *cpe = jread_get_string(theirs, "cpe"), *given = jread_get_string(theirs, "purl");
        g_autofree char *purl = purl_canonical(given);
        const GPtrArray *named[] = {
                subjects_of(hearing, vulnerability, BY_KEY, jread_get_string(theirs, "key")),
                subjects_of(hearing, vulnerability, BY_PURL, purl),
                subjects_of(hearing, vulnerability, BY_CPE, cpe),
        };
        bool any = false;

        for (size_t i = 0; i < G_N_ELEMENTS(named) && !any; i++)
                for (guint j = 0; named[i] != NULL && j < named[i]->len; j++) {
                        const Subject *subject = named[i]->pdata[j];

                        if ((i == BY_KEY && given == NULL && cpe == NULL) ||
                            is_same_product(subject, purl, cpe)) {
                                subject_hear(subject, statement);
                                any = true;
                        }
                }
        return any;
}

static void statement_hear(const Hearing *hearing, const json_t *statement)
{
        const json_t *theirs;
        bool any = false;
        size_t i;

        json_array_foreach(json_object_get(statement, "products"), i, theirs)
                any |= product_hear(hearing, statement, theirs);
        if (!any)
                json_array_append_new(hearing->triage->unmatched,
                                      json_pack("{s:s, s:s}", "where", jread_get_string(statement, "where"),
                                                "vulnerability",
                                                jread_get_string(statement, "vulnerability")));
}

/* ---- what becomes of them ---- */

/* The state the document names; else the present one where that is published alike, and where others are still looking; else the
 * plainest state of the status. */
static StateId state_meant(const Known *known)
{
        static const char *const plain[][2] = { { "affected", "in_progress" },
                                                { "fixed", "fixed" },
                                                { "not_affected", "not_affected" } };
        const char *state = jread_get_string(known->said, "state"),
                   *status = jread_get_string(known->said, "status");
        StateId meant = known->state;

        if (state == NULL && strcmp(vex_status(state_def(known->state)->name), status) != 0)
                for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
                        if (strcmp(plain[i][0], status) == 0)
                                state = plain[i][1];
        if (state != NULL)
                (void)state_find(state, &meant);
        return meant;
}

static bool known_triage(Triage *triage, const Known *known, GError **error)
{
        const Call *call = triage->call;
        const char *rationale = jread_get_string(known->said, "rationale");
        g_autoptr(StoreItem) item = NULL;

        if (known->contradicted) {
                triage_refuse(triage, known->key, "the document says two different things of it");
                return true;
        }
        triage->to = state_meant(known);
        triage->moves = triage->to != known->state;
        triage->reason = g_strcmp0(rationale, known->rationale) == 0 && !triage->moves ? NULL : rationale;
        if (!triage->moves && triage->reason == NULL)
                return true;
        if (triage->reason == NULL && (state_def(triage->to)->flags & STATE_CLEARED) != 0)
                triage->reason = "A VEX document says so, without a reason.";
        item = store_item_by_key(call->view, &call->project->log, known->key, ZW_SEQ_OPEN - 1, error);
        return item != NULL && triage_finding(triage, store_item_rev(item), error);
}

bool triage_vex(Triage *triage, const json_t *document, GError **error)
{
        Call *call = triage->call;
        g_autoptr(Json) statements = vex_read(document, error);
        g_auto(Hearing) hearing = {
                .triage = triage,
                .products = vex_products_begin(call, triage->view, NULL),
                .all = g_ptr_array_new_with_free_func(known_free),
                .subjects = g_ptr_array_new_with_free_func(subject_free),
                .by_name = hash_table_new_text(g_free, (GDestroyNotify)g_ptr_array_unref),
        };
        const json_t *statement;
        size_t i;

        if (statements == NULL || !store_each_item(call->view, &call->project->log, call->project->head,
                                                   finding_see, &hearing, error))
                return false;
        triage->unmatched = json_array();
        json_array_foreach(statements, i, statement) statement_hear(&hearing, statement);
        for (guint j = 0; j < hearing.all->len; j++) {
                const Known *known = hearing.all->pdata[j];

                if (known->said != NULL && !known_triage(triage, known, error))
                        return false;
        }
        return true;
}
